#if os(Linux)
  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Musl)
    internal import Musl
  #endif

  typealias SystemWatch = INotifyWatch

  /// Files and directories that are watched with inotify.
  ///
  /// Not to be shared between threads. What the kernel writes is read with the bounds of what it said it has written, and
  /// no pointer outlives the call it is given to.
  final class INotifyWatch {
    /// Whether a directory's events leave out what is written into its files.
    static let needsEveryFile = false

    private let descriptor: Int32
    private var parts: [Int32: Set<WatchedPart>] = [:]
    /// The first thing that could not be watched.
    private(set) var refusal: WatchError?

    /// How long events that do not matter may gather before they are looked at, in milliseconds.
    private static let pause: Int32 = 20

    init() throws(WatchError) {
      descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
      if descriptor < 0 {
        throw WatchError(
          call: "inotify_init1", code: errno,
          hint: errno == EMFILE ? "raise fs.inotify.max_user_instances, or the limit on open files" : nil)
      }
    }

    deinit { close(descriptor) }

    /// Watches a part of what is at a path.
    /// - Returns: whether it is watched: not where the path leads to nothing, or to what may not be read.
    @discardableResult
    func add(_ path: String, _ part: WatchedPart) -> Bool {
      // Added to what else is watched of the same inode.
      let number = inotify_add_watch(descriptor, path, Self.mask(part) | UInt32(IN_MASK_ADD))
      if number < 0 {
        if errno == ENOSPC || errno == ENOMEM, refusal == nil {
          let hint = errno == ENOSPC ? "raise fs.inotify.max_user_watches" : nil
          refusal = WatchError(call: "inotify_add_watch", code: errno, hint: hint)
        }
        return false
      }
      parts[number, default: []].insert(part)
      return true
    }

    /// Waits until something that matters happens, or the pipe fires.
    func wait(until wake: WakePipe) throws(WatchError) {
      while true {
        var polled = [
          pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
          pollfd(fd: wake.reader, events: Int16(POLLIN), revents: 0),
        ]
        if poll(&polled, 2, -1) < 0, errno != EINTR { throw WatchError(call: "poll", code: errno) }
        if polled[1].revents != 0 || hasRelevantEvents() || wake.hasFired(within: Self.pause) { return }
      }
    }

    /// Reads what has happened so far.
    private func hasRelevantEvents() -> Bool {
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      var isRelevant = false
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count <= 0 { return isRelevant }
        if holdsRelevantEvent(buffer[..<count]) { isRelevant = true }
      }
    }

    /// An event is its watch's number, its mask, a cookie and the length of what follows, each of four bytes, and then the
    /// entry's name, filled up with zeros.
    private func holdsRelevantEvent(_ bytes: ArraySlice<UInt8>) -> Bool {
      var left = bytes
      while left.count >= Self.headSize {
        let (number, mask, length) = left.withUnsafeBytes {
          (
            $0.loadUnaligned(fromByteOffset: 0, as: Int32.self), $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
            Int($0.loadUnaligned(fromByteOffset: 12, as: UInt32.self))
          )
        }
        let name = String(decoding: left.dropFirst(Self.headSize).prefix(length).prefix { $0 != 0 }, as: UTF8.self)
        left = left.dropFirst(Self.headSize + length)
        // Events were lost, or come from a watch that is not known: whatever happened may matter.
        guard mask & UInt32(IN_Q_OVERFLOW) == 0, let parts = parts[number] else { return true }
        if parts.contains(where: { $0.matters(name) }) { return true }
      }
      return false
    }

    private static let headSize = 16

    private static func mask(_ part: WatchedPart) -> UInt32 {
      let gone = IN_MOVE_SELF | IN_DELETE_SELF
      let written = IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB
      return switch part {
      // A link that another takes the place of loses its name, which is a change of its attributes.
      case .itself: UInt32(gone | IN_ATTRIB | IN_DONT_FOLLOW)
      case .entry: UInt32(gone | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
      case .files: UInt32(gone | written | IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
      case .file: UInt32(gone | written)
      }
    }
  }
#endif
