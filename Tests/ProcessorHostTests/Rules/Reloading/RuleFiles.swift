internal import Foundation
internal import ProcessorHost

/// A folder on disk that goes with the test, with a rules directory in it.
final class RuleFiles: Sendable {
  let root = NSTemporaryDirectory() + "rules-" + UUID().uuidString
  /// The rules directory: a rule that hides `a` and the words of a list.
  var path: String { root + "/rules" }

  init() throws {
    try make(path)
    try write("rules/chain.lua", "return chain { api = 1, \"redact\" }")
    try write("rules/redact.lua", Self.hiding("a"))
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  static func hiding(_ name: String) -> String {
    "return rule { about = \"t\", hide = { match.names { \"\(name)\" } } }"
  }

  static let hidingList = "return rule { about = \"t\", hide = { match.words(list \"words\") } }"

  // MARK: Ways to write; paths are inside the folder

  /// Into the file that is there, which is emptied first.
  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: url(name))
  }

  func append(_ name: String, _ text: String) throws {
    let file = try FileHandle(forWritingTo: url(name))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  func make(_ name: String) throws {
    let path = name.hasPrefix("/") ? name : root + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(at: url(name)) }

  /// Takes the place of what is there.
  func rename(_ name: String, _ other: String) throws {
    if Foundation.rename(root + "/" + name, root + "/" + other) != 0 { throw CocoaError(.fileWriteUnknown) }
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: root + "/" + name, withDestinationPath: target)
  }

  /// Takes the place of a link that is there.
  func relink(_ name: String, to target: String) throws {
    try link(name + ".next", to: target)
    try rename(name + ".next", name)
  }

  func copy(_ name: String, _ other: String) throws {
    try FileManager.default.copyItem(at: url(name), to: url(other))
  }

  func allow(_ permissions: Int, _ name: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: root + "/" + name)
  }

  func date(_ date: Date, _ name: String) throws {
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: root + "/" + name)
  }

  private func url(_ name: String) -> URL { URL(fileURLWithPath: root + "/" + name) }
}
