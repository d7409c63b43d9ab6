/// What tracing systems on the way of a trace have noted, each under a key of its own. W3C Trace Context, tracestate.
///
/// Kept as the text that goes into the header, since most spans only pass it on.
public struct TraceState: Sendable, Hashable, CustomStringConvertible {
  /// The header's value: `key=value` members, separated by commas; empty where there are none.
  public let description: String

  /// A trace state without members.
  public init() { description = "" }

  /// - Parameter header: what has been checked already.
  init(checked header: String) { description = header }

  /// Whether there are no members.
  public var isEmpty: Bool { description.isEmpty }
}
