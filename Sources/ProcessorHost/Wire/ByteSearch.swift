#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Looks for runs of bytes. By hand: the standard library's search is generic and far slower.
package enum ByteSearch {
  /// Whether one run of bytes stands in another; an empty one does.
  ///
  /// Memory safety: `memchr` and `memcmp` stay within the last place at which the whole run fits.
  package static func stands(_ part: [UInt8], in bytes: [UInt8]) -> Bool {
    guard let first = part.first else { return true }
    guard part.count <= bytes.count else { return false }
    return bytes.withUnsafeBytes { bytes in
      part.withUnsafeBytes { part in
        guard var place = bytes.baseAddress, let wanted = part.baseAddress else { return false }
        let last = place + (bytes.count - part.count)
        while place <= last, let found = memchr(place, Int32(first), last - place + 1) {
          if memcmp(found, wanted, part.count) == 0 { return true }
          place = UnsafeRawPointer(found) + 1
        }
        return false
      }
    }
  }
}
