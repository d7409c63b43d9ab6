internal import ProcessorHostTracing
internal import Tracing

/// Reads and writes headers as an HTTP client or server does.
struct Headers: Extractor, Injector {
  func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }

  func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}

extension TextMapPropagator {
  /// The context that headers make.
  func context(_ headers: [String: String]) -> InstrumentationContext {
    var context = InstrumentationContext.topLevel
    extract(headers, into: &context, using: Headers())
    return context
  }

  /// The headers that a context makes.
  func headers(_ context: InstrumentationContext) -> [String: String] {
    var headers: [String: String] = [:]
    inject(context, into: &headers, using: Headers())
    return headers
  }
}
