internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("Files of a rules directory as they are read")
struct RuleFileReadingTests {
  /// A rules directory with one file, which `make` makes.
  private func read(_ make: (String) throws -> Void) throws -> RuleDirectory {
    let folder = FileManager.default.temporaryDirectory.path + "/reading-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try make(folder + "/redact.lua")
    return try RuleDirectory(contentsOf: folder)
  }

  private func message(_ make: (String) throws -> Void) throws -> String {
    do {
      _ = try read(make)
      Issue.record("the file was read")
      return ""
    } catch let errors as RuleErrors {
      #expect(errors.errors.first?.file == "redact.lua")
      return errors.errors.first?.message ?? ""
    }
  }

  @Test("A file is read whole, an empty one, too", arguments: [0, 1, 4096, 1 << 20])
  func whole(_ count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let directory = try read { try Data(bytes).write(to: URL(filePath: $0)) }
    #expect(directory.rules["redact"]?.bytes == bytes)
  }

  @Test("What has no end, or nobody writes to, is refused at once")
  func noFiles() throws {
    let pipe = { (path: String) in try #require(mkfifo(path, 0o600) == 0) }
    #expect(try message(pipe).contains("expected a file"))
    let toZero = { (path: String) in
      try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/zero")
    }
    #expect(try message(toZero).contains("expected a file"))
    let directory = { (path: String) in
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    #expect(try message(directory).contains("expected a file"))
  }

  @Test("A file that is too large is refused before it is read")
  func large() throws {
    let sparse = { (path: String) in
      try Data().write(to: URL(filePath: path))
      try #require(truncate(path, 1 << 40) == 0)
    }
    #expect(try message(sparse).contains("at most 1048576"))
  }

  @Test("A name with a line end is refused, for a digest could take one file for two")
  func names() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/reading-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data().write(to: URL(fileURLWithPath: folder + "/a\nb.lua"))
    let errors = try #require(throws: RuleErrors.self) { try RuleDirectory(contentsOf: folder) }
    #expect(errors.errors.first?.message.contains("control character") == true)
  }
}
