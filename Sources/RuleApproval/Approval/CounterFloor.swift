internal import Synchronization

/// The least counter with which a signed set may run, kept in a file outside the rules directory.
///
///     processor-host counter 1
///     floor 7
///
/// It is read once and raised when a set with a larger counter comes into force; it never falls. Each host has a file of its
/// own. A file that is missing
/// is an error and not a floor of 0: whoever could delete it would bring every set that was ever signed back into force.
/// It is made once, by `create`, when a host is set up.
package final class CounterFloor: Sendable {
  static let format = "processor-host counter 1"

  package let path: String
  /// What holds here, and what stands in the file.
  private let floor: Mutex<(held: UInt64, written: UInt64)>

  /// Reads the floor.
  /// - Throws: `ApprovalError` where there is no file, or it is not one of a counter.
  package init(path: String) throws(ApprovalError) {
    self.path = path
    let written = try Self.read(path)
    floor = Mutex((written, written))
  }

  /// Makes the file, which must not be there yet.
  package static func create(at path: String, floor: UInt64 = 0) throws(ApprovalError) {
    try SmallFile.create(path, text(floor), mode: 0o644)
  }

  /// The least counter that is accepted.
  package var value: UInt64 { floor.withLock(\.held) }

  /// Raises the floor, here and in the file; does nothing where it is as high already.
  /// - Throws: `ApprovalError` where the file cannot be written. The floor holds in this process nonetheless.
  package func raise(to counter: UInt64) throws(ApprovalError) {
    try floor.withLock { floor throws(ApprovalError) in
      floor.held = max(floor.held, counter)
      // Tried again with every raise, also to the same counter, where the file could not be written before.
      guard floor.held > floor.written else { return }
      let written = try Self.read(path)
      if written < floor.held { try SmallFile.replace(path, with: Self.text(floor.held)) }
      floor.written = max(written, floor.held)
      floor.held = floor.written
    }
  }

  private static func text(_ floor: UInt64) -> String { "\(format)\nfloor \(floor)\n" }

  private static func read(_ path: String) throws(ApprovalError) -> UInt64 {
    guard let file = try SmallFile.read(path) else {
      throw ApprovalError(
        path: path,
        "there is no file of the counter's floor. On a host's first use make it with: processor-host counter "
          + "--first-use FILE. Otherwise put it back, with the counter of the set that ran last")
    }
    let text = try FormatText(file.bytes, format: format, path: path)
    guard let floor = DecimalNumber.value(try text.value("floor", at: 0)) else {
      throw text.error(2, "expected 'floor' and a number of at most \(DecimalNumber.maximumDigits) digits")
    }
    try text.expectEnd(after: 1)
    return floor
  }
}
