internal import Synchronization

/// Which lines of one rule file ran in its hook.
///
/// `@unchecked Sendable`: the bytes are written by the lane that runs the hook, and read or cleared only when a batch has
/// been waited for and no other is under way; the memory lives as long as the object, which each Lua state that writes
/// there keeps. What else there is stands behind a lock.
final class LineNotes: @unchecked Sendable {
  /// More lines than a file of the greatest length can have.
  static let lineCount = RuleSource.maximumBytes + 1

  let bytes: UnsafeMutablePointer<UInt8>
  private let code = Mutex<Set<Int>>([])

  init() {
    bytes = .allocate(capacity: Self.lineCount)
    clear()
  }

  deinit { bytes.deallocate() }

  /// The lines that hold code of the hook, or of a function that it can call.
  var executable: Set<Int> {
    get { code.withLock { $0 } }
    set { code.withLock { $0 = newValue } }
  }

  /// Those of them that ran.
  var run: Set<Int> { executable.filter { (1...Self.lineCount).contains($0) && bytes[$0 - 1] != 0 } }

  /// Forgets what ran.
  func clear() { bytes.initialize(repeating: 0, count: Self.lineCount) }
}
