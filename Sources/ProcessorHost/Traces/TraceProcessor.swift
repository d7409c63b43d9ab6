/// Something that looks at each whole trace before its spans are exported, written in Swift.
///
/// The host holds the spans of a trace together, as they are after hiding, for as long as its settings say. Where no
/// processor and no rule asks for whole traces, nothing is held.
public protocol TraceProcessor: Sendable {
  /// The name under which the chain, the ledger and reports know it.
  var name: String { get }

  /// Called once for each trace, on one of the host's threads for traces.
  ///
  /// Several of them call it at the same time, for different traces. What it throws undoes what it did to this trace and
  /// is counted; the trace is kept.
  func onTrace(_ trace: borrowing ReadWriteTrace) throws
}

/// A processor of whole traces made of a closure.
public struct ClosureTraceProcessor: TraceProcessor {
  /// The name it was given.
  public let name: String
  private let body: @Sendable (borrowing ReadWriteTrace) throws -> Void

  /// A processor that calls `body` for each trace, from several threads at a time.
  public init(_ name: String, _ body: @escaping @Sendable (borrowing ReadWriteTrace) throws -> Void) {
    self.name = name
    self.body = body
  }

  /// Calls the closure.
  public func onTrace(_ trace: borrowing ReadWriteTrace) throws { try body(trace) }
}
