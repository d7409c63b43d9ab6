import Foundation

enum ProcessorTime {
  /// Of the calling thread, in nanoseconds.
  static var thread: Int { read(CLOCK_THREAD_CPUTIME_ID) }
  /// Of all threads, in nanoseconds.
  static var process: Int { read(CLOCK_PROCESS_CPUTIME_ID) }

  private static func read(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
