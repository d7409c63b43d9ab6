internal import CStackTrace

/// Where the calling thread stands, as text.
enum StackTrace {
  /// The most bytes of one.
  private static let capacity = 8 << 10

  /// The frames from the caller outwards, a line each; nil where the system cannot tell. Takes some microseconds.
  ///
  /// What is written stays within `buffer`, whose length is given, and only what was written is read.
  @inline(never)
  static func here() -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
      guard let start = buffer.baseAddress else { return nil }
      let length = stack_trace_write(start, buffer.count, 1)
      if length == 0 { return nil }
      // Without the last line's end.
      return String(decoding: UnsafeRawBufferPointer(start: start, count: length - 1), as: UTF8.self)
    }
  }
}
