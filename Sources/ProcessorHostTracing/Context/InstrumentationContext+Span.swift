public import Tracing

extension InstrumentationContext {
  /// The span context in it: of the span that is active, or of the caller in another process.
  ///
  /// Setting one makes spans that are started in this context its children.
  public var spanContext: SpanContext? {
    get {
      switch self[SpanReferenceKey.self] {
      case .local(let span): span.spanContext
      case .remote(let parent): parent.spanContext
      case nil: nil
      }
    }
    set { self[SpanReferenceKey.self] = newValue.map { .remote(RemoteParent($0)) } }
  }
}

/// Where the context keeps the span: an enumeration of two references fits into the context without an allocation.
enum SpanReference: Sendable {
  case local(HostSpan)
  case remote(RemoteParent)
}

/// A span context that is not one of this process's spans.
final class RemoteParent: Sendable {
  let spanContext: SpanContext

  init(_ spanContext: SpanContext) { self.spanContext = spanContext }
}

enum SpanReferenceKey: InstrumentationContextKey {
  typealias Value = SpanReference

  static var nameOverride: String? { "processor-host-span" }
}
