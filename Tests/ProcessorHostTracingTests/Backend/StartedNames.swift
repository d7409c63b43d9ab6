internal import ProcessorHostTracing
internal import Synchronization
internal import Tracing

/// Notes the names of spans that start.
final class StartedNames: LiveSpanProcessor {
  let name = "started-names"
  private let state = Mutex<[String]>([])

  var names: [String] { state.withLock { $0 } }

  func onStart(_ span: HostSpan, parentContext: InstrumentationContext) {
    state.withLock { $0.append(span.operationName) }
  }
}
