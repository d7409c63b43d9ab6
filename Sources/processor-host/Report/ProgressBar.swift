/// How far the tool is, on a terminal and nowhere else.
struct ProgressBar {
  private static let width = 32
  /// Inputs below this are done before anybody looks.
  private static let worthwhile = 1 << 20

  private let isShown = StandardError.isTerminal
  private var total = 0
  private var done = 0
  private var drawn = -1

  mutating func begin(_ bytes: Int) {
    total = bytes
    done = 0
    drawn = -1
  }

  mutating func advance(_ bytes: Int) {
    done += bytes
    guard isShown, total >= Self.worthwhile else { return }
    let filled = min(Self.width, done * Self.width / total)
    if filled == drawn { return }
    drawn = filled
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.width - filled)
    StandardError.writeRaw("\r\(bar) \(min(100, done * 100 / total)) %")
  }

  mutating func clear() {
    if drawn >= 0 { StandardError.writeRaw("\r\u{1B}[K") }
  }
}
