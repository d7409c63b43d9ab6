internal import Crypto
internal import ProcessorHost

/// The secret of an audit log: hexadecimal digits in a file of one line. It is never shown.
package struct AuditKey: Sendable {
  /// The least bytes of the secret.
  package static let minimumLength = 32

  /// What stands in front of all that is hashed, so that this use of a key has nothing in common with any other.
  private static let domain = Array("processor-host audit log 1\n".utf8)

  private let secret: SymmetricKey
  /// That others may use the file, which is no error.
  package let warning: String?

  /// - Throws: `ApprovalError` for a secret that is too short.
  package init(_ secret: [UInt8]) throws(ApprovalError) {
    try self.init(secret, path: nil, warning: nil)
  }

  private init(_ secret: [UInt8], path: String?, warning: String?) throws(ApprovalError) {
    guard secret.count >= Self.minimumLength else {
      throw ApprovalError(
        path: path, "the key of an audit log has \(Self.minimumLength) bytes or more; this one has \(secret.count)")
    }
    self.secret = SymmetricKey(data: secret)
    self.warning = warning
  }

  /// Reads a file of a key.
  /// - Throws: `ApprovalError`, which shows nothing of the file.
  package init(contentsOf path: String) throws(ApprovalError) {
    let file = try SmallFile.require(path)
    let digits = String(decoding: file.bytes, as: UTF8.self).lowercased().split(whereSeparator: \.isWhitespace)
    guard digits.count == 1, let secret = LowercaseHex.bytes(digits[0], count: digits[0].utf8.count / 2) else {
      let found =
        digits.isEmpty
        ? "an empty file" : digits.count > 1 ? "\(digits.count) words" : "something else, or an odd number"
      throw ApprovalError(
        path: path, "expected the key as hexadecimal digits, as 'openssl rand -hex 32' prints them; found \(found)")
    }
    try self.init(secret, path: path, warning: file.warning(path))
  }

  /// Reads the key of a log that is to be written.
  /// - Throws: `ApprovalError` also where it stands in the log's directory: whoever can write there must not be able to
  ///   make lines that hold.
  package init(contentsOf path: String, forLogAt log: String) throws(ApprovalError) {
    // Where the log is a link, its directory is that of the link and that of the file.
    if Folder.contains(Folder.parent(of: log), path)
      || Folder.resolved(log).map({ Folder.contains(Folder.parent(of: $0), path) }) == true
    {
      throw ApprovalError(
        path: path, "the key is in the audit log's directory; keep it where those who can write the log cannot read it")
    }
    try self.init(contentsOf: path)
  }

  /// The MAC of a line behind the line with another.
  func mac(_ body: some Sequence<UInt8>, after previous: AuditMAC) -> AuditMAC {
    AuditMAC(bytes: Array(HMAC<SHA256>.authenticationCode(for: Self.input(body, previous), using: secret)))
  }

  /// Whether a MAC is that of a line, in a time that does not depend on how much of it is right.
  func isValid(_ mac: AuditMAC, of body: some Sequence<UInt8>, after previous: AuditMAC) -> Bool {
    HMAC<SHA256>.isValidAuthenticationCode(mac.bytes, authenticating: Self.input(body, previous), using: secret)
  }

  private static func input(_ body: some Sequence<UInt8>, _ previous: AuditMAC) -> [UInt8] {
    domain + previous.bytes + body
  }
}

extension AuditKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "a key of an audit log" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

/// The 32 bytes of an HMAC-SHA-256.
package struct AuditMAC: Sendable, Equatable, CustomStringConvertible {
  let bytes: [UInt8]

  /// What stands before the first line.
  static let start = AuditMAC(bytes: [UInt8](repeating: 0, count: 32))

  /// 64 hexadecimal digits.
  package var description: String { LowercaseHex.text(of: bytes) }
}

/// Where a log ends: the last line's sequence number and MAC. It proves later that nothing was cut off before it.
package struct AuditHead: Sendable, Equatable, CustomStringConvertible {
  /// From 1; 0 in a log without lines.
  package var sequence: UInt64
  package var mac: AuditMAC

  static let start = AuditHead(sequence: 0, mac: .start)

  init(sequence: UInt64, mac: AuditMAC) {
    self.sequence = sequence
    self.mac = mac
  }

  /// Reads `12:5be1…`; nil for anything else.
  package init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let sequence = DecimalNumber.value(parts[0]),
      let bytes = LowercaseHex.bytes(parts[1], count: 32)
    else { return nil }
    self.init(sequence: sequence, mac: AuditMAC(bytes: bytes))
  }

  /// `12:5be1…`
  package var description: String { "\(sequence):\(mac)" }
}
