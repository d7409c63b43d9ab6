#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Which part of something that is divided a thread uses: always the same one, and another than most other threads.
enum ThreadPart {
  /// A part for each processor, at most 16.
  static let count = max(1, min(16, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// Of the calling thread: what identifies it lies at multiples of a page, so the lower bits say nothing.
  static var index: Int {
    #if canImport(Darwin)
      let thread = UInt(bitPattern: pthread_self())
    #else
      let thread = UInt(pthread_self())
    #endif
    return Int((thread >> 12 &* 0x9E37_79B9_7F4A_7C15) >> 40)
  }
}
