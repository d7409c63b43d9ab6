internal import BuiltinProcessors
import TestSupport
import Testing

@Suite("Shapes of numbers")
struct NumberShapeTests {
  private static let all: NumberShapes = [.account, .socialSecurity, .address, .phone]

  /// The shapes in a text, and whether each place that was told lies within it or right behind it.
  private static func shapes(in text: [UInt8], of wanted: NumberShapes = all) -> NumberShapes {
    var shapes: NumberShapes = []
    text.withUnsafeBufferPointer { bytes in
      NumberShapeScan.forEach(of: wanted, in: bytes) { shape, end in
        shapes.formUnion(shape)
        #expect((1...text.count).contains(end))
      }
    }
    return shapes
  }

  @Test(
    "A shape is seen however it is written",
    arguments: [
      ("DE89370400440532013000", NumberShapes.account), ("de89 3704 0044", .account), ("no93%2086011117", .account),
      ("GB82+WEST+1234", .account), ("%20DE8937040044", .account), ("\\nDE8937040044", .account),
      ("\\u0026DE8937040044", .account),
      ("219-09-9999", .socialSecurity), ("219 09 9999", .socialSecurity), ("%20219-09-9999", .socialSecurity),
      ("10.0.0.1", .address), ("%2010.0.0.1", .address), ("::1", .address), ("fe80::", .address),
      ("a::b", .address), ("addr:2001:db8::7", .address), ("\\nfe80::1", .address), ("%5Cnfe80::1", .address),
      ("1:2:3:4:5:6:7:8", .address), ("1:2:3:4:5:6:1.2.3.4", .address),
      ("+15550109999", .phone), ("%2B1 555 0109 999", .phone), ("%2b(49)30 1234567", .phone),
      ("+( 1555 010 9999", .phone), ("+(%2815550109999", .phone), ("(555)234-5678", .phone),
      ("(555) 234_5678", .phone), ("(555)%20234.5678", .phone), ("555-234-5678", .phone), ("1-555.234.5678", .phone),
    ])
  func seen(text: String, shape: NumberShapes) {
    let text = Array(text.utf8)
    // The pass leaps: at every place, and behind texts of every length.
    for before in 0..<70 {
      for after in [0, 1, 40] {
        let padded = Array(repeating: UInt8(ascii: "\n"), count: before) + text + Array(repeating: 0x0A, count: after)
        #expect(Self.shapes(in: padded).contains(shape), "\(before) before, \(after) behind")
      }
    }
  }

  @Test(
    "What only has its digits or its colons does not count",
    arguments: [
      "std::fmt::Display", "Foo::Bar", "a ::vector", "d::new()", "::", "10:30:00", "aa:bb:cc:dd:ee:ff",
      "2024-01-15T10:30:00.123Z", "v1.2.3", "3.14", "C+11", "+2 items", "UTC+02:00", "+1-2-3",
      "tenant-17", "user-69975", "ab12cd34ef567890", "xde8937040044", "de89", "zz89370400440532013000",
      "12-34-56", "4711 08 15", "555-0123", "(12) 345", "(555) left", "https://example.com:8443/a?b=1",
      "0af7651916cd43dd8448eb211c80319c", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "",
    ])
  func unseen(text: String) {
    #expect(Self.shapes(in: Array(text.utf8)) == [])
  }

  @Test(
    "Only the shapes that were asked for are told",
    arguments: [NumberShapes.account, .socialSecurity, .address, .phone])
  func wanted(shape: NumberShapes) {
    let text = Array("DE89370400440532013000 219-09-9999 10.0.0.1 ::1 +15550109999 555-234-5678 (555) 234-5678".utf8)
    #expect(Self.shapes(in: text, of: shape) == shape)
    #expect(Self.shapes(in: text, of: []) == [])
  }

  @Test("Any bytes can be read")
  func anyBytes() {
    var generator = SeededGenerator(seed: 21)
    for _ in 0..<3000 * detectorRounds {
      let count = Int.random(in: 0...80, using: &generator)
      let text = (0..<count).map { _ in
        Bool.random(using: &generator)
          ? UInt8.random(in: 0...255, using: &generator) : UInt8.random(in: 0x20...0x3F, using: &generator)
      }
      #expect(Self.shapes(in: text).isSubset(of: Self.all))
    }
  }
}
