/// One member of the chain on one lane: a rule or a Swift processor.
package protocol ChainStage: AnyObject {
  var name: String { get }
  var failurePolicy: FailurePolicy { get }

  /// Works on the span; a failure is returned, and the caller undoes the edits.
  func process(_ span: SpanWorkspace) -> StageFailure?

  /// Steps the stage has used, where it counts them.
  var stepsUsed: Int { get }
}

/// Why a stage failed on a span. The message holds nothing of the span.
package struct StageFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// `redact.lua:12`, or a processor's name.
  package var place: String
  package var message: String

  package init(place: String, message: String) {
    self.place = place
    self.message = message
  }

  package var description: String { "\(place): \(message)" }
}

/// A Swift processor as a member of the chain.
package final class ProcessorStage: ChainStage {
  private let processor: any SpanProcessor
  package let name: String
  package let failurePolicy: FailurePolicy
  package var stepsUsed: Int { 0 }

  package init(_ processor: any SpanProcessor) {
    self.processor = processor
    self.name = processor.name
    self.failurePolicy = processor.failurePolicy
  }

  package func process(_ span: SpanWorkspace) -> StageFailure? {
    do {
      try processor.onEnding(ReadWriteSpan(span))
      return nil
    } catch {
      return StageFailure(place: name, message: "the processor threw a \(type(of: error))")
    }
  }
}
