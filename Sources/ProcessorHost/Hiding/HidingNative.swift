/// The contract of the hide phase: whoever compiles policies gives the host one of these.
package protocol HidingNative: Sendable {
  /// Checks a policy and makes it ready. Called once for each rule set.
  /// - Throws: `HidePolicyError` for a step that cannot work.
  func compile(_ policy: HidePolicy) throws -> any CompiledHidePolicy
}

/// A policy that is ready to run; lanes share it.
package protocol CompiledHidePolicy: Sendable {
  /// The state of one lane: caches and scratch memory.
  func makeWorker() -> any HidingWorker

  /// Secrets that the standing steps have to hide, some for each; those of one step stand together.
  var plants: [HidePlant] { get }
}

/// The hide phase of one lane.
package protocol HidingWorker: AnyObject {
  /// Hides in every surface of the span in the workspace. Runs once, after all rules and processors.
  func hide(_ span: SpanWorkspace)

  /// The own fields of a `ResourceSpans` or `ScopeSpans` with everything hidden that the standing steps hide, or nil
  /// where nothing is.
  func hide(header message: WireMessage, _ base: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8]?

  /// How often each step hid something, by its index in the policy.
  var hits: [Int] { get }

  /// Where the last span, resource or scope was hidden, step by step; recorded only while `isExplaining`.
  var explanation: [HideFinding] { get }
  var isExplaining: Bool { get set }
}

/// A step that cannot work: what is wrong with it, and in which.
public struct HidePolicyError: Error, Sendable, Equatable {
  /// The index of the step in the policy.
  public var step: Int
  /// What is wrong with it, and what would be right.
  public var reason: String

  /// An error in the step at an index of the policy.
  public init(step: Int, reason: String) {
    self.step = step
    self.reason = reason
  }
}
