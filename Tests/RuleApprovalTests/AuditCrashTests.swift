internal import RuleApproval
internal import TestSupport
internal import Testing

@Suite("An audit log after a crash")
struct AuditCrashTests {
  let rig: AuditRig

  init() throws { rig = try AuditRig() }

  @Test("A line that was torn anywhere is told, the log goes on, and verification accepts and reports it")
  func torn() throws {
    let whole = try rig.write(2)
    let first = try rig.lines()[0]
    for count in (first.count + 1)..<whole.count {
      try rig.replace(whole[..<count])
      // Nobody has vouched for it yet.
      #expect(try rig.verify().faults.map(\.line) == [2])
      let log = try rig.open()
      #expect(log.opening.isTorn && log.opening.faults.isEmpty && log.head.sequence == 1)
      try log.append(.start, reason: "after the crash")
      try log.append(.swap, reason: "and on")
      let found = try rig.verify(heads: [log.head])
      #expect(found.faults.isEmpty && found.notes.map(\.line) == [2] && found.recordCount == 3, "\(count) bytes")
      #expect(try rig.bytes().starts(with: whole[..<count]))
    }
  }

  @Test("A log whose very first line was torn goes on")
  func firstLine() throws {
    let whole = try rig.write(1)
    for count in 1..<whole.count {
      try rig.replace(whole[..<count])
      let log = try rig.open()
      #expect(log.opening.isTorn && log.head.sequence == 0)
      try log.append(.start, reason: "after the crash")
      #expect(try rig.verify().faults.isEmpty && rig.verify().notes.map(\.line) == [1])
    }
  }

  @Test("Crashes that follow each other, also while the log goes on, leave a log that holds")
  func again() throws {
    var random = SeededGenerator(seed: 5)
    var kept: [AuditHead] = []
    for _ in 0..<60 {
      let log = try rig.open()
      let before = try rig.bytes().count
      let head = log.head
      let next = try log.append(.start, reason: "started")
      let whole = try rig.bytes()
      // Cut somewhere in what was written just now, the mark of the line before included, or not at all.
      let count = Int.random(in: before...whole.count, using: &random)
      try rig.replace(whole[..<count])
      kept.append(count == whole.count ? next : head)
    }
    let log = try rig.open()
    try log.append(.swap, reason: "the last")
    let found = try rig.verify(heads: kept)
    #expect(found.faults.isEmpty, "\(found.faults)")
    #expect(found.recordCount == Int(log.head.sequence) && !found.notes.isEmpty)
  }

  @Test("A torn line that was vouched for can no more be edited, removed or doubled than any other")
  func tamperedTorn() throws {
    let whole = try rig.write(2)
    try rig.replace(whole.dropLast(30))
    let log = try rig.open()
    try log.append(.start, reason: "after the crash")
    let sealed = try rig.bytes()
    let lines = try rig.lines()
    #expect(try rig.verify().faultCount == 0 && lines.count == 3)
    let start = lines[0].count
    for index in start..<start + lines[1].count {
      var edited = sealed
      edited[index] ^= 1
      try rig.replace(edited)
      #expect(try rig.verify().faults.first?.line == 2, "byte \(index)")
    }
    for edited in [[0, 2], [0, 1, 1, 2], [1, 0, 2], [0, 2, 1], [1, 2]] {
      try rig.replace(edited.map { lines[$0] }.joined())
      #expect(try rig.verify().faultCount > 0, "\(edited)")
    }
  }

  @Test("Nothing else that ends like a torn line passes for one")
  func forgedTorn() throws {
    try rig.write(3)
    let lines = try rig.lines()
    let forged = Array("{\"seq\":2 ~torn\n".utf8)
    for place in 0...3 {
      var edited = lines
      edited.insert(forged, at: place)
      try rig.replace(edited.joined())
      #expect(try rig.verify().faults.first?.line == place + 1)
    }
    try rig.replace((lines.prefix(1) + [lines[1].dropLast() + Array(" ~torn\n".utf8)] + lines.suffix(1)).joined())
    #expect(try rig.verify().faults.first?.line == 2 || rig.verify().faults.first?.line == 3)
  }
}
