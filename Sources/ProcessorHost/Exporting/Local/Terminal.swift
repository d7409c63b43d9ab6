#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Colours for people; plain text for everybody else.
package struct Terminal: Sendable {
  package enum Style: String, Sendable {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  package let isColoured: Bool

  /// - Parameter isTerminal: whether a person looks on. `NO_COLOR` in the environment turns colours off.
  package init(isTerminal: Bool) {
    let setting = getenv("NO_COLOR").map { String(cString: $0) }
    isColoured = isTerminal && (setting ?? "").isEmpty
  }

  package func paint(_ text: String, _ styles: Style...) -> String {
    if !isColoured || styles.isEmpty { return text }
    return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }
}
