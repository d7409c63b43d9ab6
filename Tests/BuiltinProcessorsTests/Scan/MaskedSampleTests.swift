internal import BuiltinProcessors
internal import ProcessorHost
internal import Testing

@Suite("A secret in a report is masked")
struct MaskedSampleTests {
  @Test(
    "Two characters are shown and the rest is counted; of four or fewer none",
    arguments: [
      ("hunter2-late", "hu… (12 characters)"), ("abcde", "ab… (5 characters)"), ("abcd", "(4 characters)"),
      ("a", "(1 character)"), ("", "(0 characters)"), ("päßwörter", "pä… (9 characters)"),
      // Nothing that a terminal would obey, and characters are Unicode scalars.
      ("\u{1B}[2Jxyz", "\\u{1b}[… (7 characters)"), ("🔑🔒🗝🚪🧱", "🔑🔒… (5 characters)"),
    ])
  func text(secret: String, sample: String) {
    #expect(MaskedSample.text(of: .text(Array(secret.utf8))) == sample)
  }

  @Test("Of what is no text only the size is told")
  func opaque() {
    #expect(MaskedSample.text(of: .opaque(1)) == "(1 byte)")
    #expect(MaskedSample.text(of: .opaque(120)) == "(120 bytes)")
  }

  @Test("Bytes that are not UTF-8 are counted as what would be shown of them")
  func invalid() {
    #expect(MaskedSample.text(of: .text([0xFF, 0x61, 0x62, 0x63, 0x64])) == "\u{FFFD}a… (5 characters)")
  }
}
