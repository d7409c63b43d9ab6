internal import Foundation
internal import ProcessorHost

/// A folder of a test's own, which is removed with it.
final class TestFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "approval-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = self(name)
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: self(name)))) }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: self(name)) }

  func names(_ folder: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: self(folder)).sorted()
  }

  func mode(_ name: String) throws -> Int {
    try FileManager.default.attributesOfItem(atPath: self(name))[.posixPermissions] as? Int ?? 0
  }

  func setMode(_ name: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: self(name))
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: self(name), withDestinationPath: target)
  }

  /// Writes a rules directory with a chain, two rules, a test and a list; its path.
  func writeRules(_ name: String = "rules") throws -> String {
    try write("\(name)/chain.lua", "return chain { api = 1, \"a\", \"b\" }\n")
    try write("\(name)/a.lua", "return rule { about = \"a\" }\n")
    try write("\(name)/b.lua", "return rule { about = \"b\" }\n")
    try write("\(name)/a.test.lua", "return {}\n")
    try write("\(name)/lists/words.txt", "password\n")
    return self(name)
  }
}
