import ProcessorHost
import RuleReview
import TestSupport
import Testing

@Suite("The bounds of a comparison")
struct ShadowBoundsTests {
  @Test("Work is never more than its share of work and rest together", arguments: [0.01, 0.1, 0.5, 1])
  func budget(_ share: Double) {
    let work = Duration.milliseconds(20)
    let rest = ShadowBudget(share: share).rest(after: work)
    #expect(abs(work / (work + rest) - share) < 0.000_1)
    #expect(ShadowBudget(share: share).rest(after: .zero) == .zero)
    #expect(ShadowBudget(share: share).rest(after: .seconds(-1)) == .zero)
  }

  @Test("A share out of range is brought into it", arguments: [-1, 0, 2, Double.infinity])
  func shares(_ share: Double) {
    #expect((0.001...1).contains(ShadowBudget(share: share).share))
  }

  private func request(_ bytes: Int) -> ShadowMailbox.Request {
    ShadowMailbox.Request(bytes: Array(repeating: 0, count: bytes), format: .protobuf)
  }

  private func isTaken(_ outcome: ShadowMailbox.Outcome) -> Bool {
    if case .taken = outcome { true } else { false }
  }

  @Test("A mailbox holds so many requests and no more, and has room again once one is taken")
  func requests() {
    let mailbox = ShadowMailbox()
    mailbox.open()
    for _ in 0..<ShadowMailbox.maximumRequests { #expect(isTaken(mailbox.offer(request(1)))) }
    #expect(!isTaken(mailbox.offer(request(1))))
    #expect(mailbox.take() != nil)
    #expect(isTaken(mailbox.offer(request(1))))
    #expect(!isTaken(mailbox.offer(request(1))))
  }

  @Test("A mailbox holds so many bytes and no more, and nothing that takes half of them")
  func bytes() {
    let mailbox = ShadowMailbox()
    mailbox.open()
    #expect(!isTaken(mailbox.offer(request(ShadowMailbox.maximumRequestBytes + 1))))
    #expect(isTaken(mailbox.offer(request(ShadowMailbox.maximumRequestBytes))))
    #expect(isTaken(mailbox.offer(request(ShadowMailbox.maximumRequestBytes))))
    #expect(!isTaken(mailbox.offer(request(1))))
  }

  @Test("A mailbox that is closed takes nothing and forgets what it had")
  func closed() {
    let mailbox = ShadowMailbox()
    #expect(!isTaken(mailbox.offer(request(1))))
    mailbox.open()
    _ = mailbox.offer(request(ShadowMailbox.maximumRequestBytes))
    mailbox.close()
    #expect(mailbox.take() == nil)
    mailbox.open()
    for _ in 0..<2 { #expect(isTaken(mailbox.offer(request(ShadowMailbox.maximumRequestBytes)))) }
  }

  @Test("A table stays small whatever paths there are, and loses no count")
  func table() {
    var random = SeededGenerator(seed: 5)
    var table = ShadowTable()
    for number in 0..<5000 {
      let kind = ShadowChange.Kind.allCases.randomElement(using: &random) ?? .added
      var change = ShadowChange(kind, path: "attributes.key\(number)", reason: "")
      change.spans = 1
      change.amount = 2
      table.add(change)
    }
    let changes = table.changes
    #expect(changes.count <= ShadowTable.maximumPlaces + ShadowChange.Kind.allCases.count)
    #expect(changes.reduce(0) { $0 + $1.spans } == 5000)
    #expect(changes.reduce(0) { $0 + $1.amount } == 10_000)
    #expect(changes.contains { $0.path == "other" })
  }

  @Test("A long path is cut, and paths with the same beginning are one place")
  func longPaths() throws {
    var table = ShadowTable()
    for end in ["a", "b"] {
      var change = ShadowChange(.added, path: "attributes." + String(repeating: "k", count: 100_000) + end, reason: "")
      change.spans = 1
      table.add(change)
    }
    let change = try #require(table.changes.first)
    #expect(table.changes.count == 1 && change.spans == 2)
    #expect(change.path.count == ShadowTable.maximumPathLength + 3 && change.path.hasSuffix("..."))
  }

  @Test("What shows comes first, and of one kind what happens most")
  func order() {
    var table = ShadowTable()
    for (kind, path, spans) in [
      (ShadowChange.Kind.added, "a", 9), (.newlyVisible, "b", 1), (.newlyHidden, "c", 5), (.newlyVisible, "d", 2),
    ] {
      var change = ShadowChange(kind, path: path, reason: "")
      change.spans = spans
      table.add(change)
    }
    #expect(table.changes.map(\.path) == ["d", "b", "c", "a"])
  }
}
