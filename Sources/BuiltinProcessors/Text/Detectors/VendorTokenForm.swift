/// The public form of one kind of token: a prefix, and one or two runs of bytes behind it.
struct VendorTokenForm {
  /// A run of bytes of a class, of some length, behind what parts it from the run before.
  struct Run {
    var bytes: ByteClass
    var length: ClosedRange<Int>
    var separator: UInt8 = 0
  }

  var prefix: StaticString
  var body: Run
  var tail: Run?
  /// Whether a hyphen or underscore before the prefix makes it a part of a longer name: `cache-key-…`.
  var standsAlone: Bool
  /// Whether the prefix only says what follows, and stays.
  var isContext = false

  init(
    _ prefix: StaticString, _ bytes: ByteClass, _ length: ClosedRange<Int>, tail: Run? = nil, standsAlone: Bool = false
  ) {
    self.prefix = prefix
    body = Run(bytes: bytes, length: length)
    self.tail = tail
    self.standsAlone = standsAlone
  }

  init(_ prefix: StaticString, _ bytes: ByteClass, _ length: Int, tail: Run? = nil, standsAlone: Bool = false) {
    self.init(prefix, bytes, length...length, tail: tail, standsAlone: standsAlone)
  }

  init(_ prefix: StaticString, _ bytes: ByteClass, _ length: PartialRangeFrom<Int>, isContext: Bool = false) {
    self.init(prefix, bytes, length.lowerBound...Int.max)
    self.isContext = isContext
  }

  /// The token of this form whose prefix begins at an index.
  @inline(__always)
  func range<Text: ByteText>(from start: Int, in text: Text) -> Range<Int>? {
    guard var end = end(from: start, in: text) else { return nil }
    if body.bytes.isSuperset(of: .base64) { end = text.end(of: .equals, from: end, atMost: 2) }
    return (isContext ? start + prefix.utf8CodeUnitCount : start)..<end
  }

  @inline(__always)
  private func end<Text: ByteText>(from start: Int, in text: Text) -> Int? {
    guard text.has(prefix, at: start) else { return nil }
    if standsAlone, ([.hyphen, .underscore, .dot] as ByteClass).contains(text[start - 1]) { return nil }
    guard let bodyEnd = end(of: body, from: start + prefix.utf8CodeUnitCount, text) else { return nil }
    guard let tail else { return text[bodyEnd].isAlphanumeric ? nil : bodyEnd }
    guard text[bodyEnd] == tail.separator else { return nil }
    guard let end = end(of: tail, from: bodyEnd + 1, text), !text[end].isAlphanumeric else { return nil }
    return end
  }

  /// The end of the run, unless it is too short or goes on too long. Reads at most one byte more than it may have, so
  /// that a run that is refused costs no more than its length allows.
  @inline(__always)
  private func end<Text: ByteText>(of run: Run, from start: Int, _ text: Text) -> Int? {
    let limit = run.length.upperBound
    let end = text.end(of: run.bytes, from: start, atMost: limit == .max ? limit : limit + 1)
    return run.length.contains(end - start) ? end : nil
  }
}
