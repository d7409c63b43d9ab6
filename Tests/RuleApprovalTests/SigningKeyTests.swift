internal import Crypto
internal import Foundation
internal import RuleApproval
internal import Testing

/// All points whose order divides 8, each with either sign, and the forms of 0 and 1 that are not below the prime.
private let smallOrderPoints: [[UInt8]] = {
  func point(_ digits: String) -> [UInt8] {
    stride(from: 0, to: 64, by: 2).map { UInt8(digits.dropFirst($0).prefix(2), radix: 16) ?? 0 }
  }
  let middle = String(repeating: "ff", count: 30)
  let points = [
    String(repeating: "0", count: 64), "01" + String(repeating: "0", count: 62), "ec\(middle)7f", "ed\(middle)7f",
    "ee\(middle)7f", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  ].map(point)
  return points + points.map { $0.dropLast() + [$0[31] | 0x80] }
}()

@Suite("Keys for signing")
struct SigningKeyTests {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  @Test("The private half is for its owner alone, and both are read again")
  func files() throws {
    let key = try SigningKey(name: "alice")
    try key.write(to: folder("alice"))
    #expect(try folder.mode("alice.key") == 0o600)
    #expect(try folder.mode("alice.pub") == 0o644)
    #expect(try folder.names() == ["alice.key", "alice.pub"])
    let read = try SigningKey.File(contentsOf: folder("alice.key"))
    #expect(read.warning == nil)
    #expect(read.key.verifyingKey == key.verifyingKey)
    let statement = SignatureStatement(digest: String(repeating: "0", count: 64), counter: 1)
    let signature = try read.key.signature(over: statement)
    #expect(try VerifyingKey(contentsOf: folder("alice.pub")).isValid(signature.bytes, over: statement))
  }

  @Test("Files that are there are not overwritten, and no half of a pair is left")
  func notOverwritten() throws {
    for name in ["alice.key", "alice.pub"] {
      try folder.write(name, "mine")
      let error = try #require(throws: ApprovalError.self) { try SigningKey(name: "alice").write(to: folder("alice")) }
      #expect(error.description.contains("\(name): cannot be written: there is such a file already"))
      #expect(try folder.names() == [name] && folder.text(name) == "mine")
      try folder.remove(name)
    }
    try folder.link("alice.key", to: folder("target"))
    #expect(throws: ApprovalError.self) { try SigningKey(name: "alice").write(to: folder("alice")) }
    #expect(try folder.names() == ["alice.key"])
  }

  @Test("A private key that others may use is warned of")
  func shared() throws {
    try SigningKey(name: "alice").write(to: folder("alice"))
    try folder.setMode("alice.key", 0o640)
    let warning = try #require(try SigningKey.File(contentsOf: folder("alice.key")).warning)
    #expect(warning.contains("mode 0640") && warning.contains("chmod 600"))
  }

  @Test("The id of a key is the beginning of the SHA-256 of its public half")
  func id() throws {
    let key = try SigningKey(name: "alice").verifyingKey
    let digest = SHA256.hash(data: key.bytes).map { String(format: "%02x", $0) }.joined()
    #expect(key.id == digest.prefix(16))
  }

  @Test("Neither errors nor descriptions show a private key")
  func secret() throws {
    let key = try SigningKey(name: "alice")
    try key.write(to: folder("alice"))
    let lines = try folder.text("alice.key").split(separator: "\n").map(String.init)
    let seed = String(try #require(lines.last?.split(separator: " ").last))
    #expect(seed.count == 64)
    var said = ["\(key)", String(reflecting: key)]
    dump(key, to: &said[0])
    let broken = [
      [lines[3], lines[0], lines[1], lines[2]], [lines[0], lines[3], lines[1], lines[2]],
      [lines[0], lines[1], lines[3], lines[2]], lines + [lines[3]], [lines[0], lines[1], lines[2], lines[3] + "0"],
      [lines[0], lines[1], lines[2], lines[3].uppercased()], [lines[0], "name \(seed)\(seed)", lines[2], lines[3]],
      [lines[0], lines[1], "id \(seed)", lines[3]], ["\(seed)"],
    ]
    for lines in broken {
      let bytes = Array(lines.map { $0 + "\n" }.joined().utf8)
      let error = try #require(throws: ApprovalError.self) { try SigningKey(parsing: bytes, path: "alice.key") }
      said.append(error.description)
    }
    // The private half in the place of the public one, which happens.
    let error = try #require(throws: ApprovalError.self) { try VerifyingKey(contentsOf: folder("alice.key")) }
    said.append(error.description)
    for text in said {
      #expect(!text.contains(seed.prefix(8)) && !text.lowercased().contains(seed.suffix(8)), "\(text.count) characters")
    }
  }

  @Test("A public key of small order is refused", arguments: smallOrderPoints)
  func smallOrder(bytes: [UInt8]) throws {
    let error = try #require(throws: ApprovalError.self) { try VerifyingKey(name: "weak", bytes: bytes) }
    #expect(error.message.contains("small order") || error.message.contains("not below 2^255-19"))
  }

  @Test("Under a key of small order one signature would hold for every text")
  func whySmallOrder() throws {
    let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
    let signature = identity + [UInt8](repeating: 0, count: 32)
    let key = try Curve25519.Signing.PublicKey(rawRepresentation: identity)
    #expect(key.isValidSignature(signature, for: Array("one".utf8)))
    #expect(key.isValidSignature(signature, for: Array("another".utf8)))
  }

  @Test("Numbers that are not below the prime are refused, and those below are taken")
  func canonical() throws {
    for low in 0xED...0xFF as ClosedRange<UInt8> {
      let bytes = [low] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
      #expect(throws: ApprovalError.self) { try VerifyingKey(name: "a", bytes: bytes) }
    }
    let below = [0xEB] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    #expect(try VerifyingKey(name: "a", bytes: below).bytes == below)
    for count in [0, 31, 33] {
      #expect(throws: ApprovalError.self) { try VerifyingKey(name: "a", bytes: [UInt8](repeating: 9, count: count)) }
    }
  }

  @Test("No character of a public key's file can be another one without a word")
  func everyByte() throws {
    let text = Array(try SigningKey(name: "alice").verifyingKey.text.utf8)
    let name = Array("alice".utf8)
    let start = try #require(text.indices.first { text[$0...].starts(with: name) })
    for index in text.indices where !(start..<start + name.count).contains(index) {
      var edited = text
      edited[index] ^= 1
      #expect(throws: ApprovalError.self, "byte \(index)") { try VerifyingKey(parsing: edited, path: "alice.pub") }
    }
  }

  @Test("Names are plain", arguments: ["", ".a", "-a", "a b", "a/b", "a\nb", "ä", String(repeating: "a", count: 65)])
  func names(name: String) {
    #expect(throws: ApprovalError.self) { try SigningKey(name: name) }
  }
}
