internal import Synchronization

/// What the hide phase was given while tests ran, kept so that every word can be tried on it by itself.
final class HideInputs: Sendable {
  /// One thing that the hide phase looked through.
  enum Input: Sendable {
    /// A span as the hook left it, and which of the rule's conditional steps it asked for, a bit each.
    case span([UInt8], requested: UInt64)
    /// The own fields of a resource or a scope.
    case header(WireMessage, [UInt8])
  }

  private let kept = Mutex<(inputs: [Input], isRecording: Bool)>(([], false))

  /// Keeps what comes from now on; before that, only the leak battery ran.
  func begin() { kept.withLock { $0.isRecording = true } }

  func add(_ input: @autoclosure () -> Input) {
    kept.withLock { kept in
      if kept.isRecording { kept.inputs.append(input()) }
    }
  }

  var all: [Input] { kept.withLock { $0.inputs } }
}

/// A hide phase that does what another does and keeps what it is given.
struct RecordingHiding: HidingNative {
  let base: any HidingNative
  let inputs: HideInputs

  func compile(_ policy: HidePolicy) throws -> any CompiledHidePolicy {
    Compiled(base: try base.compile(policy), inputs: inputs)
  }

  private struct Compiled: CompiledHidePolicy {
    let base: any CompiledHidePolicy
    let inputs: HideInputs

    var plants: [HidePlant] { base.plants }

    func makeWorker() -> any HidingWorker { Worker(base.makeWorker(), inputs) }
  }

  private final class Worker: HidingWorker {
    private let base: any HidingWorker
    private let inputs: HideInputs

    init(_ base: any HidingWorker, _ inputs: HideInputs) {
      self.base = base
      self.inputs = inputs
    }

    func hide(_ span: SpanWorkspace) {
      inputs.add(.span(Self.content(of: span), requested: span.requestedSteps))
      base.hide(span)
    }

    func hide(header message: WireMessage, _ content: UnsafePointer<UInt8>, _ range: Range<Int>) -> [UInt8]? {
      inputs.add(.header(message, Array(UnsafeBufferPointer(start: content, count: range.upperBound)[range])))
      return base.hide(header: message, content, range)
    }

    var hits: [Int] { base.hits }
    var explanation: [HideFinding] { base.explanation }
    var isExplaining: Bool {
      get { base.isExplaining }
      set { base.isExplaining = newValue }
    }

    private static func content(of span: SpanWorkspace) -> [UInt8] {
      let buffer = WireBuffer()
      span.encode(into: buffer)
      return Array(buffer.bytes)
    }
  }
}
