/// The work that figures are given for: requests of 512 spans of about 1.2 KB, with a fixed seed.
public enum StandardWork {
  /// How many spans a request has.
  public static let spansPerRequest = 512

  /// One request.
  /// - Parameters:
  ///   - distinctKeys: every attribute key of every span is another one, so that no cache helps.
  ///   - trace: the trace of a span by its place in the request, and whether it is the root; without, each span has a
  ///     trace of its own and a parent in it.
  public static func request(
    spans: Int = spansPerRequest, seed: UInt64 = 1, distinctKeys: Bool = false,
    trace: ((Int) -> (number: UInt64, isRoot: Bool))? = nil
  ) -> [UInt8] {
    var random = Random(state: seed)
    var counter = 0
    var scope = Message()
    scope.message(1) { $0.text(1, "tickets") }
    for index in 0..<spans {
      scope.message(2) { span in
        let trace = trace?(index)
        writeSpan(&span, &random, trace?.number, isRoot: trace?.isRoot ?? false) { key in
          counter += 1
          return distinctKeys ? "\(key).\(seed).\(counter)" : key
        }
      }
    }
    var request = Message()
    request.message(1) { resource in
      resource.message(1) { $0.message(1) { $0.attribute("service.name", .text("ticket-service")) } }
      resource.field(2, scope.bytes)
    }
    return request.bytes
  }

  private static func writeSpan(
    _ span: inout Message, _ random: inout Random, _ trace: UInt64?, isRoot: Bool, _ name: (String) -> String
  ) {
    let start = 1_700_000_000_000_000_000 + random.next() % 1_000_000_000
    var own = Random(state: trace ?? random.next())
    span.field(1, own.bytes(16))
    let root = own.bytes(8)
    span.field(2, isRoot ? root : random.bytes(8))
    if !isRoot { span.field(4, trace == nil ? random.bytes(8) : root) }
    span.text(5, "POST /webhook/tickets")
    span.varint(6, 2)
    span.fixed64(7, start)
    span.fixed64(8, start + random.next() % 2_000_000_000)
    let attributes: [(String, Message.Value)] = [
      ("http.request.method", .text("POST")),
      ("url.full", .text("https://tickets.example.com/webhook/tickets?tenant=t-17&page=2&sort=created&view=full")),
      ("http.route", .text("/webhook/tickets")),
      ("http.response.status_code", .int(200)),
      ("user.id", .text("user-\(random.next() % 100_000)")),
      ("api_key", .text("sk-\(random.next())")),
      ("authorization", .text("Bearer \(random.next())\(random.next())")),
      ("db.query.text", .text(text(200, &random))),
      ("ticket.description", .text(text(400, &random))),
      ("tenant_id", .text("tenant-\(random.next() % 50)")),
      ("ticket_id", .text("TCK-\(random.next() % 10_000)")),
      ("priority", .text("high")),
    ]
    for (key, value) in attributes { span.message(9) { $0.attribute(name(key), value) } }
    span.message(11) { event in
      event.fixed64(1, start + 1000)
      event.text(2, "context.ready")
      event.message(3) { $0.attribute("documents", .int(3)) }
    }
    span.message(15) { $0.varint(3, 1) }
  }

  private static let words = [
    "select", "ticket", "invoice", "from", "customer", "where", "the", "printer", "does", "not", "start", "again",
  ]

  private static func text(_ length: Int, _ random: inout Random) -> String {
    var text = ""
    while text.utf8.count < length { text += words[Int(random.next() % UInt64(words.count))] + " " }
    return String(text.prefix(length))
  }
}

/// SplitMix64.
public struct Random {
  private var state: UInt64

  /// The sequence that begins with this state.
  public init(state: UInt64) { self.state = state }

  /// The next number.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}
