internal import Foundation
internal import RuleApproval
internal import TestSupport
internal import Testing

@Suite("What was done to an audit log is found")
struct AuditTamperingTests {
  let rig: AuditRig

  init() throws { rig = try AuditRig() }

  private func lineNumber(_ bytes: [UInt8], of index: Int) -> Int { bytes[..<index].count { $0 == 0x0A } + 1 }

  @Test("Each byte, edited to any of several others, is found, in its line")
  func everyByte() throws {
    let whole = try rig.write(3)
    for index in whole.indices {
      let line = lineNumber(whole, of: index)
      for change in [1, 0x20, whole[index] ^ 0x0A] as [UInt8] where change != 0 {
        var edited = whole
        edited[index] ^= change
        try rig.replace(edited)
        let found = try rig.verify()
        #expect(found.faults.first?.line == line, "byte \(index) ^ \(change): \(found.faults)")
      }
    }
  }

  @Test("Each byte that is taken out or put in is found")
  func insertedAndRemoved() throws {
    let whole = try rig.write(3)
    for index in whole.indices {
      var edited = whole
      edited.remove(at: index)
      try rig.replace(edited)
      #expect(try rig.verify().faults.first?.line == lineNumber(whole, of: index), "without byte \(index)")
      for byte in [0x20, 0x0A, UInt8(ascii: "0")] {
        edited = whole
        edited.insert(byte, at: index)
        try rig.replace(edited)
        #expect(try rig.verify().faultCount > 0, "\(byte) at \(index)")
      }
    }
    try rig.replace(whole + [0x0A])
    #expect(try rig.verify().faults.first?.line == 4)
    try rig.replace(whole + [0x20])
    #expect(try rig.verify().faults.first?.line == 4)
  }

  @Test("Any run of lines that is removed before the end is found where it was")
  func removed() throws {
    try rig.write(7)
    let lines = try rig.lines()
    for start in 0..<6 {
      for end in (start + 1)..<7 {
        try rig.replace((lines[..<start] + lines[end...]).joined())
        let found = try rig.verify()
        #expect(found.faults.first?.line == start + 1)
        #expect(found.faults.first?.message.contains("number \(end + 1) stands where \(start + 1) should") == true)
      }
    }
  }

  @Test("Lines in any other order, repeated or from elsewhere in the log, are found")
  func reordered() throws {
    try rig.write(8)
    let lines = try rig.lines()
    var random = SeededGenerator(seed: 18_062_026)
    for _ in 0..<200 {
      let shuffled = lines.shuffled(using: &random)
      guard shuffled != lines, let first = lines.indices.first(where: { lines[$0] != shuffled[$0] }) else { continue }
      try rig.replace(shuffled.joined())
      #expect(try rig.verify().faults.first?.line == first + 1)
    }
    for from in lines.indices {
      for to in 0...lines.count {
        var edited = lines
        edited.insert(lines[from], at: to)
        try rig.replace(edited.joined())
        // A line behind its own double is the double's place.
        #expect(try rig.verify().faults.first?.line == (to == from ? from + 2 : to + 1), "\(from) at \(to)")
      }
    }
  }

  @Test("A cut end is found by the head, at a line's end, and anywhere else without it")
  func cutOff() throws {
    let whole = try rig.write(5)
    let head = try rig.verify().head
    var ends: Set<Int> = [0]
    for (index, byte) in whole.enumerated() where byte == 0x0A { ends.insert(index + 1) }
    for count in whole.indices {
      try rig.replace(whole[..<count])
      #expect(try rig.verify().faultCount == (ends.contains(count) ? 0 : 1), "the first \(count) bytes")
      let found = try rig.verify(heads: [head])
      #expect(found.faults.contains { $0.message.contains("the end was cut off") }, "the first \(count) bytes")
    }
  }

  @Test("An end that was cut off before the host went on is found by a head from before")
  func cutAndContinued() throws {
    try rig.write(5)
    let head = try rig.verify().head
    try rig.replace(try rig.lines().prefix(3).joined())
    try rig.write(4)
    // The lines hold by themselves; that they are other lines is what the head tells.
    #expect(try rig.verify().faultCount == 0)
    let found = try rig.verify(heads: [head])
    #expect(
      found.faults.map(\.message.description).first?.contains("number 5 is not the line that was in the log") == true)
  }

  @Test("A log that was removed and begun again is found by a head")
  func begunAgain() throws {
    try rig.write(2)
    let head = try rig.verify().head
    try rig.folder.remove("log/audit.jsonl")
    let log = try rig.open()
    #expect(log.opening.isNew)
    try log.append(.start, reason: "again")
    #expect(try rig.verify(heads: [head]).faultCount == 1)
    try log.append(.swap, reason: "again")
    #expect(try rig.verify(heads: [head]).faultCount == 1)
    #expect(try rig.verify(heads: [log.head]).faultCount == 0)
  }

  @Test("Lines made with another key are found")
  func otherKey() throws {
    try rig.write(2)
    let lines = try rig.lines()
    let forger = try AuditRig()
    let log = try AuditLog(path: forger.path, key: AuditKey([UInt8](repeating: 1, count: 40)))
    for _ in 0..<3 { try log.append(.acceptance, reason: "forged") }
    try rig.replace((lines + [try forger.lines()[2]]).joined())
    #expect(try rig.verify().faults.map(\.line) == [3])
    try rig.replace(try forger.lines().joined())
    #expect(try rig.verify().faults.first?.line == 1)
  }

  @Test("Several edits are each told, once")
  func several() throws {
    try rig.write(12)
    var lines = try rig.lines()
    for line in [2, 5, 6, 11] { lines[line - 1][12] ^= 1 }
    try rig.replace(lines.joined())
    let found = try rig.verify()
    #expect(found.faults.map(\.line) == [2, 5, 6, 11] && found.recordCount == 8)
  }

  @Test("Of very many faults the first ones are kept and all are counted")
  func many() throws {
    try rig.replace(String(repeating: "{}\n", count: 5000).utf8)
    let found = try rig.verify()
    #expect(found.faultCount == 5000 && found.faults.count == AuditVerification.maximumFaults)
    try rig.replace([UInt8](repeating: 0x20, count: 2 << 20))
    #expect(throws: ApprovalError.self) { try rig.verify() }
  }
}
