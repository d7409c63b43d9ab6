#if canImport(Darwin)
  internal import Darwin

  typealias SystemWatch = KernelQueueWatch

  /// Files and directories that are watched with kqueue. No test has run this yet.
  ///
  /// Not to be shared between threads. Each thing that is watched has a descriptor of its own, which is open for as long
  /// as the watch, and no pointer outlives the call it is given to.
  final class KernelQueueWatch {
    /// Whether a directory's events leave out what is written into its files.
    static let needsEveryFile = true

    private let queue: Int32
    private var descriptors: [Int32] = []
    /// The first thing that could not be watched.
    private(set) var refusal: WatchError?

    init() throws(WatchError) {
      queue = kqueue()
      if queue < 0 { throw WatchError(call: "kqueue", code: errno) }
      _ = fcntl(queue, F_SETFD, FD_CLOEXEC)
    }

    deinit {
      for descriptor in descriptors { close(descriptor) }
      close(queue)
    }

    /// Watches a part of what is at a path. The names of entries are not told, so that whatever happens in a directory
    /// matters.
    /// - Returns: whether it is watched: not where the path leads to nothing, or to what may not be opened.
    @discardableResult
    func add(_ path: String, _ part: WatchedPart) -> Bool {
      let gone = NOTE_DELETE | NOTE_RENAME | NOTE_REVOKE
      let notes =
        switch part {
        case .itself: gone | NOTE_ATTRIB
        case .entry: gone | NOTE_WRITE
        case .files, .file: gone | NOTE_WRITE | NOTE_EXTEND | NOTE_ATTRIB
        }
      let descriptor = open(path, O_EVTONLY | O_CLOEXEC | (part == .itself ? O_SYMLINK : 0))
      if descriptor < 0 {
        if errno == EMFILE || errno == ENFILE { refuse("open", "raise the limit on open files") }
        return false
      }
      descriptors.append(descriptor)
      if register(descriptor, EVFILT_VNODE, UInt32(bitPattern: Int32(notes))) { return true }
      refuse("kevent", nil)
      return false
    }

    /// Waits until something that matters happens, or the pipe fires.
    func wait(until wake: WakePipe) throws(WatchError) {
      if !register(wake.reader, EVFILT_READ, 0) { throw WatchError(call: "kevent", code: errno) }
      var event = kevent()
      while kevent(queue, nil, 0, &event, 1, nil) < 0 {
        if errno != EINTR { throw WatchError(call: "kevent", code: errno) }
      }
    }

    private func register(_ descriptor: Int32, _ filter: Int32, _ notes: UInt32) -> Bool {
      var event = kevent(
        ident: UInt(descriptor), filter: Int16(filter), flags: UInt16(EV_ADD | EV_CLEAR), fflags: notes, data: 0,
        udata: nil)
      return kevent(queue, &event, 1, nil, 0, nil) == 0
    }

    private func refuse(_ call: String, _ hint: String?) {
      if refusal == nil { refusal = WatchError(call: call, code: errno, hint: hint) }
    }
  }
#endif
