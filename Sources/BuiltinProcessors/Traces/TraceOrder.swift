/// The numbers of traces in the order in which something happened to them; each can leave from wherever it stands.
struct TraceOrder {
  private struct Links {
    var previous = TraceTable.none
    var next = TraceTable.none
  }

  /// By the number of a trace.
  private var links: [Links] = []
  private(set) var first = TraceTable.none
  private var last = TraceTable.none

  var reserved: Int { links.capacity * MemoryLayout<Links>.stride }

  func next(_ index: UInt32) -> UInt32 { links[Int(index)].next }

  /// Adds a trace that is not in it.
  mutating func append(_ index: UInt32) {
    while links.count <= index { links.append(Links()) }
    links[Int(index)] = Links(previous: last)
    if last == TraceTable.none { first = index } else { links[Int(last)].next = index }
    last = index
  }

  /// Takes out a trace that is in it.
  mutating func remove(_ index: UInt32) {
    let own = links[Int(index)]
    if own.previous == TraceTable.none { first = own.next } else { links[Int(own.previous)].next = own.next }
    if own.next == TraceTable.none { last = own.previous } else { links[Int(own.next)].previous = own.previous }
  }
}
