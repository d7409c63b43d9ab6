/// Where the caller stands, as text.
enum StackTrace {
  static func here() -> String { "" }
}
