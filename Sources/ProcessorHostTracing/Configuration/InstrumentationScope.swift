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
}
