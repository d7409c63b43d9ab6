internal import Crypto

/// Goes through an audit log line by line and finds what was done to it.
///
/// Each line's MAC is over the line and the MAC before it. A line that does not hold is told, and the next one is
/// checked against the MAC that the line has, so that one edited line is one fault.
package struct AuditVerification {
  package struct Fault: Sendable, Equatable, CustomStringConvertible {
    /// The line of the file, from 1.
    package var line: Int
    package var message: String

    package var description: String { "line \(line): \(message)" }
  }

  /// The most faults that are kept.
  package static let maximumFaults = 20

  /// What was found, the first ones.
  package private(set) var faults: [Fault] = []
  package private(set) var faultCount = 0
  /// Lines that a crash left unfinished, and that the host has vouched for when it went on.
  package private(set) var notes: [Fault] = []
  /// How many records hold.
  package private(set) var recordCount = 0
  /// The last record, as it says itself.
  package private(set) var head = AuditHead.start

  /// Whether the last whole line holds, so that a log can go on behind it.
  private(set) var endHolds = true
  /// What was left unfinished behind the last record, and is not vouched for.
  private(set) var gap = AuditGap()

  private let key: AuditKey
  private var heads: [AuditHead]
  private var line = 0
  /// Whether the line before has a MAC at all, against which the next can be checked.
  private var isChained = true

  /// - Parameter heads: ends that the log had at some time; each has to be in it.
  package init(key: AuditKey, heads: [AuditHead] = []) {
    self.key = key
    self.heads = heads.filter { $0.sequence > 0 }
  }

  /// Takes the next line, without its end.
  mutating func add(_ text: ArraySlice<UInt8>) {
    line += 1
    if let record = AuditRecord(parsing: text) {
      add(record)
    } else if text.suffix(AuditRecord.tornMark.count - 1).elementsEqual(AuditRecord.tornMark.dropLast()) {
      gap.add(text, at: line, isWhole: true)
    } else {
      fault(line, "this is no line of an audit log; it was edited, or put here")
      endHolds = false
      isChained = false
    }
  }

  /// Takes what stands behind the last line's end.
  mutating func addUnfinished(_ text: ArraySlice<UInt8>) {
    line += 1
    gap.add(text, at: line, isWhole: false)
  }

  private mutating func add(_ record: AuditRecord) {
    let holds = key.isValid(record.mac, of: record.body, after: head.mac)
    if holds {
      recordCount += 1
      if record.sequence != head.sequence + 1 { fault(line, order(record)) }
    } else if isChained {
      fault(line, record.sequence == head.sequence + 1 ? Self.edited : order(record))
    }
    if record.torn != gap.torn {
      let first = gap.firstLine ?? line
      let message =
        gap.torn == nil
        ? "an unfinished line stood before this one, and was removed"
        : "this unfinished line is not as the host found it; it was edited, put here, or some of it removed"
      fault(first, message)
    } else if let first = gap.firstLine {
      notes.append(Fault(line: first, message: "was not finished, as after a crash; the host went on behind it"))
    }
    if holds { heads.removeAll { $0.sequence == record.sequence && $0.mac == record.mac } }
    gap = AuditGap()
    head = AuditHead(sequence: record.sequence, mac: record.mac)
    endHolds = holds
    isChained = true
  }

  private static let edited =
    "the MAC does not hold: this line was edited, the one before it was, or the key is another"

  private func order(_ record: AuditRecord) -> String {
    let next = head.sequence + 1
    if record.sequence > next {
      return "number \(record.sequence) stands where \(next) should; lines before it were removed or put elsewhere"
    }
    return "number \(record.sequence) stands where \(next) should; it was put here from elsewhere, or edited"
  }

  /// Ends the log: what is missing at its end is told now.
  package mutating func finish() {
    if let first = gap.firstLine {
      fault(
        first,
        "the log ends in a line that is not finished: after a crash the host goes on behind it when it starts, "
          + "and if it has not crashed, the end was cut off")
    }
    for head in heads {
      let found = self.head.sequence
      fault(
        line + 1,
        head.sequence > found
          ? "the log ends with number \(found), and \(head.sequence) was in it; the end was cut off"
          : "number \(head.sequence) is not the line that was in the log; it was written anew from there or before")
    }
    heads = []
  }

  private mutating func fault(_ line: Int, _ message: String) {
    faultCount += 1
    if faults.count < Self.maximumFaults { faults.append(Fault(line: line, message: message)) }
  }
}

/// Lines that were begun and not finished, with what it takes to vouch for them.
struct AuditGap {
  private(set) var firstLine: Int?
  private var hash = SHA256()
  private var bytes: UInt64 = 0
  /// Whether the mark is missing, with which an unfinished line ends when the log goes on.
  private(set) var isOpen = false

  /// - Parameter text: without its end, where it has one.
  mutating func add(_ text: some Collection<UInt8>, at line: Int, isWhole: Bool) {
    firstLine = firstLine ?? line
    add(Array(text))
    if isWhole { add([UInt8(ascii: "\n")]) }
  }

  /// Bytes that were written and are not the whole line that was meant.
  mutating func add(_ written: [UInt8]) {
    guard let last = written.last else { return }
    hash.update(data: written)
    bytes += UInt64(written.count)
    isOpen = last != UInt8(ascii: "\n")
  }

  /// What the next record has to say; nil where nothing is unfinished.
  var torn: AuditRecord.Torn? {
    bytes == 0 ? nil : AuditRecord.Torn(bytes: bytes, digest: LowercaseHex.text(of: hash.finalize()))
  }
}
