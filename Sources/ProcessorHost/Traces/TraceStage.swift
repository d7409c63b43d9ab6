/// One member of the chain that looks at whole traces, on one shard: a rule's `on_trace` or a Swift processor.
package protocol TraceStage: AnyObject {
  var name: String { get }

  /// Works on the trace; a failure is returned, and the caller undoes the edits. The trace is kept, as far as this stage
  /// has a say in it.
  func process(_ trace: TraceWorkspace) -> StageFailure?

  /// Steps the stage has used, where it counts them.
  var stepsUsed: Int { get }
}

/// A Swift processor as a member of the chain.
final class TraceProcessorStage: TraceStage {
  private let processor: any TraceProcessor
  let name: String
  var stepsUsed: Int { 0 }

  init(_ processor: any TraceProcessor) {
    self.processor = processor
    name = processor.name
  }

  func process(_ trace: TraceWorkspace) -> StageFailure? {
    do {
      try processor.onTrace(ReadWriteTrace(trace))
      return nil
    } catch {
      return StageFailure(place: name, message: "the processor threw a \(type(of: error))")
    }
  }
}
