package import ProcessorHost

/// A secret as a report may show it: enough to recognize whose it is, too little to use it.
package enum MaskedSample {
  /// The most characters that are shown.
  private static let shown = 2
  /// Of a text with no more characters than this, none are shown.
  private static let shortest = 4

  /// The first two characters and how many there are: `hu… (12 characters)`.
  package static func text(of secret: HideFinding.Secret) -> String {
    switch secret {
    case .opaque(let count): return "(\(count) \(count == 1 ? "byte" : "bytes"))"
    case .text(let bytes):
      let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
      let count = "(\(scalars.count) \(scalars.count == 1 ? "character" : "characters"))"
      if scalars.count <= shortest { return count }
      var start = String.UnicodeScalarView()
      start.append(contentsOf: scalars.prefix(shown))
      return AttributeValue.escaped(String(start)) + "… " + count
    }
  }
}
