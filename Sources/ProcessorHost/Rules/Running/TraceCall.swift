/// The trace that a hook looks at, with what is worked out of it once somebody asks.
final class TraceCall {
  /// Steps that a call has for each span of the trace, beside those that every call has.
  static let stepsPerSpan: Int64 = 200
  /// The most bytes that the edits of one call take: so many, and so many for each span.
  static let editBytes = 1 << 20
  static let editBytesPerSpan = 1024
  /// The longest name of a span that is copied into an attribute.
  static let maximumName = 1024
  /// In how many groups a rate is counted apart: what names a group is data, and has no end.
  static let rateGroups: UInt64 = 1024

  let trace: TraceWorkspace
  /// Counts calls, so that a span of one call is not taken for one of another.
  private(set) var number: Int64 = 0
  private var opened: Int?
  private var structure: TraceStructure?
  private var path: [Int]?
  private var names: [[UInt8]]?
  private var bytesLeft = 0

  init(_ trace: TraceWorkspace) { self.trace = trace }

  func begin() {
    number += 1
    bytesLeft = Self.editBytes + trace.spans.count * Self.editBytesPerSpan
  }

  func end() {
    opened = nil
    structure = nil
    path = nil
    names = nil
    // A handle of this call that is used between two calls finds none.
    number += 1
  }

  /// Opens a span in the trace's reader; says whether it was not open already.
  func open(_ index: Int) -> Bool {
    if opened == index { return false }
    trace.open(index, in: trace.reader)
    opened = index
    return true
  }

  /// The distinct names of services.
  /// - Parameter cost: steps that finding them takes.
  func services(_ cost: inout Int64) -> [[UInt8]] {
    if let names { return names }
    cost += Int64(trace.containers.count)
    let found = trace.services.map { Array($0.utf8) }
    names = found
    return found
  }

  /// The time that a span spends without waiting for its children, in nanoseconds.
  func selfTime(of index: Int, _ cost: inout Int64) -> UInt64 {
    let structure = structure(&cost)
    cost += Int64(structure.childCount(of: index)) * 4
    return structure.selfTime(of: index)
  }

  func criticalPath(_ cost: inout Int64) -> [Int] {
    if let path { return path }
    let structure = structure(&cost)
    cost += Int64(trace.spans.count) * 8
    let found = structure.criticalPath()
    path = found
    return found
  }

  private func structure(_ cost: inout Int64) -> TraceStructure {
    if let structure { return structure }
    cost += Int64(trace.spans.count) * 8
    let made = TraceStructure(trace)
    structure = made
    return made
  }

  /// Sets an attribute; false where there is no room for more.
  /// - Parameter condition: the reason for which the trace has to stay for it to count.
  func set(_ key: [UInt8], _ value: [UInt8], on span: Int?, where condition: SpanReason? = nil) -> Bool {
    let size = key.count + value.count + 64
    guard size <= bytesLeft else { return false }
    bytesLeft -= size
    trace.set(key, value, on: span, where: condition)
    return true
  }
}
