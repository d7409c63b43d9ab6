internal import BuiltinProcessors
internal import Foundation
internal import Testing

private let secret = String(repeating: "0123456789abcdef", count: 4)

@Suite("Where keys come from")
struct PseudonymKeySourceTests {
  /// Writes a file of its own for `body`, and removes it.
  private func withFile(_ text: String, mode: Int, _ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).keys").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    try body(path)
  }

  @Test("A file for its owner alone is read without a warning", arguments: [0o600, 0o400, 0o700])
  func owned(mode: Int) throws {
    try withFile("a: \(secret)\n", mode: mode) { path in
      let file = try PseudonymKeyFile(path: path)
      #expect(file.ring.current.id == "a")
      #expect(file.warning == nil)
    }
  }

  @Test(
    "A file that others may use is read with a warning", arguments: [(0o644, "0644"), (0o620, "0620"), (0o601, "0601")])
  func shared(mode: Int, text: String) throws {
    try withFile("a: \(secret)\n", mode: mode) { path in
      let file = try PseudonymKeyFile(path: path)
      #expect(file.ring.current.id == "a")
      let warning = try #require(file.warning)
      #expect(warning.contains(path) && warning.contains(text) && warning.contains("chmod 600"))
      #expect(!warning.contains("0123"))
    }
  }

  @Test("An error names the file, one that is not there too")
  func unreadable() throws {
    #expect(
      throws: PseudonymKeyError(
        source: "none.keys", message: "the file of keys cannot be read: No such file or directory")
    ) {
      try PseudonymKeyFile(path: "none.keys")
    }
    try withFile("a: \(secret)\na: \(secret)", mode: 0o600) { path in
      let error = try #require(throws: PseudonymKeyError.self) { try PseudonymKeyFile(path: path) }
      #expect(error.source == path && error.line == 2)
    }
    let folder = FileManager.default.temporaryDirectory.path
    let error = try #require(throws: PseudonymKeyError.self) { try PseudonymKeyFile(path: folder) }
    #expect(error.description.hasPrefix("\(folder): the file of keys cannot be read: "))
  }

  @Test("A file may have 65536 bytes and no more")
  func size() throws {
    let line = "a: \(secret)\n"
    let comment = "#" + String(repeating: "x", count: PseudonymKeyFile.maximumBytes - line.utf8.count - 1)
    try withFile(line + comment, mode: 0o600) { path in
      let file = try PseudonymKeyFile(path: path)
      #expect(file.ring.keys.count == 1)
    }
    try withFile(line + comment + "x", mode: 0o600) { path in
      #expect(throws: PseudonymKeyError.self) { try PseudonymKeyFile(path: path) }
    }
  }

  @Test("Variables give keys by name, others are left alone")
  func environment() throws {
    let rings = try PseudonymKeyEnvironment.rings(in: [
      "PROCESSOR_HOST_KEY_CUSTOMERS": "b: \(secret);a: \(secret)",
      "PROCESSOR_HOST_KEY_ORDER_IDS_2": "c: \(secret)",
      "PROCESSOR_HOST_KEYS": "nonsense",
      "HOME": "nonsense",
    ])
    #expect(rings.mapValues { $0.keys.map(\.id) } == ["customers": ["b", "a"], "order-ids-2": ["c"]])
    #expect(PseudonymKeyEnvironment.variable(for: "order-ids-2") == "PROCESSOR_HOST_KEY_ORDER_IDS_2")
  }

  @Test(
    "A variable that gives no keys is an error that names it",
    arguments: [
      ("PROCESSOR_HOST_KEY_", "a: \(secret)"), ("PROCESSOR_HOST_KEY_customers", "a: \(secret)"),
      ("PROCESSOR_HOST_KEY_2", "a: \(secret)"), ("PROCESSOR_HOST_KEY_A-B", "a: \(secret)"),
      ("PROCESSOR_HOST_KEY_A", ""), ("PROCESSOR_HOST_KEY_A", secret),
    ])
  func badVariable(variable: String, text: String) throws {
    let error = try #require(throws: PseudonymKeyError.self) { try PseudonymKeyEnvironment.rings(in: [variable: text]) }
    #expect(error.description.hasPrefix("\(variable)"))
    #expect(!error.description.contains("0123"))
  }

  @Test("Names are small letters, digits and -, beginning with a letter")
  func names() {
    for name in ["a", "customers", "order-ids-2", String(repeating: "a", count: 64)] {
      #expect(PseudonymKeyName.isValid(name))
    }
    for name in ["", "A", "order_ids", "2a", "-a", "a.b", "é", String(repeating: "a", count: 65)] {
      #expect(!PseudonymKeyName.isValid(name))
    }
  }
}
