package import ProcessorHost
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The file that tells what became of a host's rules, a line for each event, each chained to the one before it by a MAC
/// whose key is elsewhere.
///
/// Lines can be added and nothing else. Each is on disk when `append` returns, for which it waits; it
/// belongs on no lane.
package final class AuditLog: Sendable {
  /// What was found when the log was opened.
  package struct Opening: Sendable {
    /// Whether the file was made now. Where a log was before, it was removed.
    package var isNew: Bool
    /// Whether the last line was not finished, as after a crash. The next line says so.
    package var isTorn: Bool
    /// What is wrong further up. A person has to look at it; the log goes on nonetheless.
    package var faults: [AuditVerification.Fault]
  }

  private struct State {
    var head: AuditHead
    var gap: AuditGap
    /// The bytes of the file, by what was found and written.
    var size: Int
  }

  package let path: String
  package let opening: Opening
  private let key: AuditKey
  private let file: Descriptor
  private let now: @Sendable () -> Timestamp
  private let state: Mutex<State>

  /// Opens a log, and makes the file where there is none. The whole log is gone through.
  /// - Throws: `ApprovalError` where the file cannot be used, another process writes it, or its last whole line does not
  ///   hold: nothing is added to a log that was changed at its end.
  /// - Parameter rulesDirectory: where neither the log nor its key may be: whoever edits rules could change both.
  package convenience init(path: String, keyFile: String, rulesDirectory: String? = nil) throws(ApprovalError) {
    try self.init(path: path, key: Self.key(keyFile, forLogAt: path, rulesDirectory: rulesDirectory))
  }

  /// Reads the key of a log that is to be written; touches nothing.
  /// - Throws: `ApprovalError` where it cannot be used, and where the log or the key has a wrong place.
  package static func key(
    _ keyFile: String, forLogAt path: String, rulesDirectory: String? = nil
  ) throws(ApprovalError) -> AuditKey {
    if let rulesDirectory {
      for file in [path, keyFile] where Folder.contains(rulesDirectory, file) {
        throw ApprovalError(
          path: file,
          "the file is in the rules directory, where whoever edits rules could change it; keep it elsewhere")
      }
    }
    return try AuditKey(contentsOf: keyFile, forLogAt: path)
  }

  package init(
    path: String, key: AuditKey, now: @escaping @Sendable () -> Timestamp = Timestamp.now
  ) throws(ApprovalError) {
    guard let file = Descriptor.opened(path, O_RDWR | O_APPEND | O_CREAT | O_NONBLOCK, mode: 0o600) else {
      throw ApprovalError(path: path, "the audit log cannot be opened: \(systemReason())")
    }
    guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
      throw ApprovalError(path: path, "another process writes this audit log; each host has one of its own")
    }
    var verification = AuditVerification(key: key)
    let size = try verification.add(file, path)
    guard verification.endHolds else {
      throw ApprovalError(
        path: path,
        "the audit log's last line does not hold under this key, and nothing is added to it. Look at it with: "
          + "processor-host log verify FILE --key FILE. Then move it away, and the host begins another")
    }
    if size == 0 { Folder.synchronize(Folder.parent(of: path)) }
    self.path = path
    self.key = key
    self.file = file
    self.now = now
    opening = Opening(isNew: size == 0, isTorn: verification.gap.torn != nil, faults: verification.faults)
    state = Mutex(State(head: verification.head, gap: verification.gap, size: size))
  }

  /// The last line's number and MAC, for those who keep them elsewhere.
  package var head: AuditHead { state.withLock(\.head) }

  /// Adds a line; the head with it.
  /// - Throws: `ApprovalError` where the line cannot be written, or the file is no longer what this process wrote. Where
  ///   only a part was written, the next line tells.
  @discardableResult
  package func append(_ event: AuditEvent) throws(ApprovalError) -> AuditHead {
    try state.withLock { state throws(ApprovalError) in
      try checkFile(state.size)
      guard state.head.sequence < DecimalNumber.maximum else { throw ApprovalError(path: path, "the log is full") }
      let mark = state.gap.isOpen ? AuditRecord.tornMark : []
      var gap = state.gap
      gap.add(mark)
      let body = AuditRecord.body(event, sequence: state.head.sequence + 1, at: now(), torn: gap.torn)
      let mac = key.mac(body, after: state.head.mac)
      let bytes = mark + AuditRecord.line(body, mac)
      let written = file.write(bytes)
      state.size += written
      guard written == bytes.count else {
        let reason = systemReason()
        state.gap.add(Array(bytes[..<written]))
        throw ApprovalError(path: path, "the audit log cannot be written: \(reason)")
      }
      state.gap = AuditGap()
      state.head = AuditHead(sequence: state.head.sequence + 1, mac: mac)
      guard file.synchronize() else {
        throw ApprovalError(path: path, "the line is written, and may not be on disk: \(systemReason())")
      }
      return state.head
    }
  }

  /// Adds a line.
  @discardableResult
  package func append(
    _ kind: AuditEvent.Kind, digest: String? = nil, before: String? = nil, reason: String
  ) throws(ApprovalError) -> AuditHead {
    try append(AuditEvent(kind, digest: digest, before: before, reason: reason))
  }

  /// A line added to a file that others cut off or moved away would hide what they did.
  private func checkFile(_ size: Int) throws(ApprovalError) {
    var named = stat()
    guard let own = file.status, stat(path, &named) == 0, own.st_ino == named.st_ino, own.st_dev == named.st_dev else {
      throw ApprovalError(
        path: path, "the audit log was removed or put elsewhere while the host ran; put it back, or restart the host")
    }
    guard Int(own.st_size) == size else {
      throw ApprovalError(
        path: path, "the audit log has \(own.st_size) bytes, and this host left \(size); something else changed it")
    }
  }
}
