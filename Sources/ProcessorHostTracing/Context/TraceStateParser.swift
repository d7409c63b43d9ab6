/// Reads the header of a trace state, once and from left to right. Allocates nothing where the header stays as it is.
struct TraceStateParser {
  enum Outcome {
    /// The header can be kept as it stands.
    case canonical
    /// What to keep of it.
    case rewritten(String)
    case failure(TraceStateError)
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let members: UnsafeMutableBufferPointer<TraceStateMember>
  private var count = 0
  private var position = 0
  private let kept: Int

  static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome { parse(bytes, kept: 0) }

  /// - Parameter kept: how many of the first members were added just now: these stay where others must go, and members
  ///   that they leave no place for are left out.
  static func parse(_ bytes: UnsafeBufferPointer<UInt8>, kept: Int) -> Outcome {
    withUnsafeTemporaryAllocation(of: TraceStateMember.self, capacity: TraceState.maximumMembers) { members in
      var parser = TraceStateParser(bytes: bytes, members: members, kept: kept)
      do throws(TraceStateError) {
        try parser.readMembers()
      } catch {
        return .failure(error)
      }
      return parser.outcome()
    }
  }

  private init(
    bytes: UnsafeBufferPointer<UInt8>, members: UnsafeMutableBufferPointer<TraceStateMember>, kept: Int
  ) {
    self.bytes = bytes
    self.members = members
    self.kept = kept
  }

  private mutating func readMembers() throws(TraceStateError) {
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
      default:
        let member = try readMember()
        if isKnown(member) { continue }
        guard count < members.count else {
          if kept > 0 { return }
          throw TraceStateError(
            member.range.lowerBound, "expected at most \(TraceState.maximumMembers) members, found more")
        }
        members.initializeElement(at: count, to: member)
        count += 1
      }
    }
  }

  /// Reads a member whose first character stands here, up to its comma.
  private mutating func readMember() throws(TraceStateError) -> TraceStateMember {
    let start = position
    guard TraceStateGrammar.canBeginKey(bytes[start]) else {
      throw TraceStateError(start, expected: TraceStateGrammar.firstKeyCharacter, found: bytes[start])
    }
    while position < bytes.count, TraceStateGrammar.isKeyCharacter(bytes[position]) { position += 1 }
    let equals = position
    guard equals < bytes.count, bytes[equals] == UInt8(ascii: "=") else {
      throw TraceStateError(
        equals, expected: "= or \(TraceStateGrammar.keyCharacter)", found: equals < bytes.count ? bytes[equals] : nil)
    }
    if equals - start > TraceStateGrammar.maximumLength {
      throw TraceStateGrammar.tooLong("key", start + TraceStateGrammar.maximumLength)
    }
    return TraceStateMember(range: start..<(try readValue(after: equals)), keyCount: equals - start)
  }

  /// Where the value ends: white space at its end is none of it, and tabs can stand only there.
  private mutating func readValue(after equals: Int) throws(TraceStateError) -> Int {
    position = equals + 1
    var end = position
    var tab: Int?
    while position < bytes.count, bytes[position] != UInt8(ascii: ",") {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\t") {
        tab = tab ?? position
      } else {
        guard TraceStateGrammar.isValueCharacter(byte) else {
          throw TraceStateError(position, expected: TraceStateGrammar.valueCharacter, found: byte)
        }
        if byte != UInt8(ascii: " ") {
          if let tab { throw TraceStateError(tab, expected: TraceStateGrammar.valueCharacter, found: bytes[tab]) }
          end = position + 1
        }
      }
      position += 1
    }
    if end == equals + 1 {
      throw TraceStateError(
        end, expected: TraceStateGrammar.valueCharacter, found: end < bytes.count ? bytes[end] : nil)
    }
    if end - equals - 1 > TraceStateGrammar.maximumLength {
      throw TraceStateGrammar.tooLong("value", equals + 1 + TraceStateGrammar.maximumLength)
    }
    return end
  }

  /// Whether its key was there before. There are at most 32 to compare with.
  private func isKnown(_ member: TraceStateMember) -> Bool {
    let key = bytes[member.key]
    for index in 0..<count where members[index].keyCount == member.keyCount {
      if bytes[members[index].key].elementsEqual(key) { return true }
    }
    return false
  }

  private mutating func outcome() -> Outcome {
    let length = members[..<count].reduce(max(count - 1, 0)) { $0 + $1.range.count }
    if length <= TraceState.maximumLength, length == bytes.count { return .canonical }
    count = TraceStateMember.shorten(
      UnsafeMutableBufferPointer(rebasing: members[..<count]), length: length, kept: kept)
    return .rewritten(TraceStateMember.text(UnsafeBufferPointer(rebasing: members[..<count]), of: bytes))
  }
}

/// Where a member stands.
struct TraceStateMember {
  var range: Range<Int>
  var keyCount: Int

  var key: Range<Int> { range.lowerBound..<range.lowerBound + keyCount }

  /// Above so many characters a member goes before all others.
  private static let large = 128

  /// Moves those members to the front that stay when the text must not be longer than it may; says how many they are.
  ///
  /// - Parameter kept: how many of the first stay whatever their length.
  static func shorten(_ members: UnsafeMutableBufferPointer<TraceStateMember>, length: Int, kept: Int) -> Int {
    var length = length
    var count = members.count
    for isLast in [false, true] {
      var index = count
      while length > TraceState.maximumLength, index > kept {
        index -= 1
        guard isLast || members[index].range.count > large else { continue }
        // A member goes with the comma beside it.
        length -= members[index].range.count + 1
        for next in index + 1..<count { members[next - 1] = members[next] }
        count -= 1
      }
    }
    return count
  }

  static func text(_ members: UnsafeBufferPointer<TraceStateMember>, of bytes: UnsafeBufferPointer<UInt8>) -> String {
    let length = members.reduce(members.count) { $0 + $1.range.count }
    return String(unsafeUninitializedCapacity: length) { output in
      var end = 0
      for member in members {
        if end > 0 {
          output[end] = UInt8(ascii: ",")
          end += 1
        }
        for byte in bytes[member.range] {
          output[end] = byte
          end += 1
        }
      }
      return end
    }
  }
}
