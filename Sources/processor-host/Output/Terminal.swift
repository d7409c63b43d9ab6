internal import Foundation

/// Colours for people; plain text for everybody else.
struct Terminal {
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  let isColoured: Bool

  /// - Parameter isTerminal: whether a person looks on. `NO_COLOR` in the environment turns colours off.
  init(isTerminal: Bool) {
    let setting = ProcessInfo.processInfo.environment["NO_COLOR"]
    isColoured = isTerminal && (setting ?? "").isEmpty
  }

  func paint(_ text: String, _ styles: Style...) -> String {
    if !isColoured || styles.isEmpty { return text }
    return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }
}
