/// What tracing systems on the way of a trace have noted, each under a key of its own. W3C Trace Context Level 2,
/// section 3.3, tracestate.
///
/// Kept as the text that goes into the header, since most spans only pass it on: reading a member walks the text, and
/// only a change writes a new one. Whatever way it was made, a trace state follows the grammar: keys and values are
/// those that W3C allows, no key stands twice, and there are at most 32 members.
public struct TraceState: Sendable, Hashable, CustomStringConvertible {
  /// One system's note.
  public struct Member: Sendable, Hashable {
    /// Whose note it is.
    public var key: String
    /// The note, opaque to everybody else.
    public var value: String

    /// A member of these parts; setting it into a trace state checks them.
    public init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The most members that there can be.
  public static let maximumMembers = 32

  /// How many characters are passed on. W3C asks for 512 at least; this is room for the largest member there can be
  /// beside that. What is longer loses whole members: those above 128 characters first, then others, each from the end.
  public static let maximumLength = 1_024

  /// The header's value: `key=value` members, separated by commas; empty where there are none.
  public let description: String

  /// A trace state without members.
  public init() { description = "" }

  /// - Parameter header: what has been checked already.
  init(checked header: String) { description = header }

  /// Reads the header's value; several headers are read joined by commas.
  ///
  /// White space around members and empty members are left out, as is every further member of a key that was there
  /// before: the first is the newest. A header that follows these rules already is kept as it is, without a copy.
  ///
  /// - Throws: where the header breaks the grammar, or has more than 32 members. Nothing of such a header can be relied
  ///   on.
  public init(_ header: String) throws(TraceStateError) {
    var header = header
    switch header.withUTF8(TraceStateParser.parse) {
    case .canonical: description = header
    case .rewritten(let text): description = text
    case .failure(let error): throw error
    }
  }

  /// Whether there are no members.
  public var isEmpty: Bool { description.isEmpty }

  /// The members, the newest first. Makes two strings for each.
  public var members: [Member] {
    var members: [Member] = []
    forEachMember { key, value, _ in
      members.append(Member(key: String(decoding: key, as: UTF8.self), value: String(decoding: value, as: UTF8.self)))
      return true
    }
    return members
  }

  /// The value of a key; nil where there is no such member.
  public subscript(_ key: String) -> String? {
    var found: String?
    var key = key
    key.withUTF8 { wanted in
      forEachMember { key, value, _ in
        guard key.elementsEqual(wanted) else { return true }
        found = String(decoding: value, as: UTF8.self)
        return false
      }
    }
    return found
  }

  /// Calls a closure with each member's key and value and where it stands, until that returns false.
  func forEachMember(
    _ body: (_ key: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool
  ) {
    if isEmpty { return }
    var text = description
    text.withUTF8 { bytes in
      var start = 0
      while start < bytes.count {
        var end = start
        var equals = start
        while end < bytes.count, bytes[end] != UInt8(ascii: ",") {
          if bytes[end] == UInt8(ascii: "=") { equals = end }
          end += 1
        }
        let key = UnsafeBufferPointer(rebasing: bytes[start..<equals])
        let value = UnsafeBufferPointer(rebasing: bytes[equals + 1..<end])
        guard body(key, value, start..<end) else { return }
        start = end + 1
      }
    }
  }
}
