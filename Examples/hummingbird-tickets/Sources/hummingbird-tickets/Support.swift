import Foundation
import Hummingbird

extension ApplicationConfiguration {
  /// This machine only, on a port that the system chooses.
  static var onAnyPort: ApplicationConfiguration { ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)) }
}

/// Says on standard output where a service listens: `./run` waits for it.
func announce(port: Int?) {
  guard let port else { return }
  print("listening http://127.0.0.1:\(port)")
  fflush(nil)
}

extension [UInt8] {
  /// The bytes that hexadecimal digits stand for; nil where there is anything else.
  init?(hexadecimal text: String) {
    let digits = text.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
    guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
    self = stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
