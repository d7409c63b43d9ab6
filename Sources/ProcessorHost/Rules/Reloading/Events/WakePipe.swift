#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Ends the waiting of a thread that waits for a descriptor, from another thread.
///
/// The descriptors are open for as long as anybody holds the pipe, so none of them can be another file's meanwhile.
final class WakePipe: Sendable {
  /// Can be read once the pipe has fired; what is in it stays there.
  let reader: Int32
  private let writer: Int32

  init() throws(WatchError) {
    var ends: [Int32] = [-1, -1]
    if pipe(&ends) != 0 { throw WatchError(call: "pipe", code: errno) }
    (reader, writer) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
  }

  deinit {
    close(reader)
    close(writer)
  }

  /// To be called once: a pipe that nobody empties takes one byte without waiting.
  func fire() {
    var byte: UInt8 = 1
    while write(writer, &byte, 1) < 0 && errno == EINTR {}
  }

  /// Waits until it fires, but no longer than these milliseconds.
  func hasFired(within milliseconds: Int32) -> Bool {
    var polled = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
    // A signal may end the waiting early, which does no harm.
    return poll(&polled, 1, milliseconds) > 0
  }
}
