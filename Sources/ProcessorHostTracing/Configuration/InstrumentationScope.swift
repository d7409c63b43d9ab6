internal import ProcessorHost

/// What the app's spans are made with. OpenTelemetry specification: Instrumentation Scope.
public struct InstrumentationScope: Sendable, Hashable {
  /// Its name: a package or a module.
  public var name: String
  /// Its version; empty for none.
  public var version: String

  /// A scope of this name.
  public init(name: String, version: String = "") {
    self.name = name
    self.version = version
  }

  /// The scope as a field of OTLP's `ScopeSpans`.
  func encoded() -> [UInt8] {
    let output = WireBuffer()
    output.appendMessage(FieldNumber.ScopeSpans.scope) {
      for (number, text) in [(FieldNumber.Scope.name, name), (FieldNumber.Scope.version, version)] where !text.isEmpty {
        output.appendTag(number, .lengthDelimited)
        output.appendText(text)
      }
    }
    return Array(output.bytes)
  }
}
