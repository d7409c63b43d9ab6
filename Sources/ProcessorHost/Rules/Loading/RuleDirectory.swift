#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The contents of a rules directory, read whole: chain, rules, lists and tests.
public struct RuleDirectory: Sendable, Equatable {
  /// The most rules that a directory may hold.
  public static let maximumRules = 256

  /// Whether the directory was read from disk. One that turns out to be empty there is a mistake, such as a volume that
  /// was not mounted, and must not let spans pass as if nothing were to be hidden.
  public private(set) var isOnDisk = false
  /// `chain.lua`, where there is one.
  public var chain: RuleSource?
  /// Rule files by their names in the chain.
  public var rules: [String: RuleSource]
  /// Test files, `redact.test.lua`, by the name of their rule.
  public var tests: [String: RuleSource]
  /// The text of `lists/*.txt` by name.
  public var lists: [String: RuleSource]

  /// A directory that is not on disk, for tests and for apps that carry their rules.
  public init(
    chain: RuleSource? = nil, rules: [RuleSource] = [], tests: [RuleSource] = [], lists: [RuleSource] = []
  ) {
    self.chain = chain
    self.rules = Dictionary(rules.map { ($0.name, $0) }) { first, _ in first }
    self.tests = Dictionary(tests.map { (String($0.file.dropLast(".test.lua".count)), $0) }) { first, _ in first }
    self.lists = Dictionary(lists.map { (String($0.file.dropLast(".txt".count)), $0) }) { first, _ in first }
  }

  /// Reads a directory.
  /// - Throws: `RuleErrors` where it or a file in it cannot be read.
  public init(contentsOf path: String) throws(RuleErrors) {
    var rules: [RuleSource] = []
    var tests: [RuleSource] = []
    var chain: RuleSource?
    for file in try Self.names(in: path) where file.hasSuffix(".lua") && !file.hasPrefix(".") {
      let source = try RuleSource(file, in: path)
      if file == "chain.lua" {
        chain = source
      } else if file.hasSuffix(".test.lua") {
        tests.append(source)
      } else {
        rules.append(source)
      }
    }
    guard rules.count <= Self.maximumRules else {
      throw RuleErrors([
        RuleError(file: path, message: "there are \(rules.count) rules; a directory holds at most \(Self.maximumRules)")
      ])
    }
    var lists: [RuleSource] = []
    if FileManager.default.fileExists(atPath: path + "/lists") {
      for file in try Self.names(in: path + "/lists") where file.hasSuffix(".txt") && !file.hasPrefix(".") {
        lists.append(try RuleSource(file, in: path + "/lists"))
      }
    }
    self.init(chain: chain, rules: rules, tests: tests, lists: lists)
    isOnDisk = true
  }

  private static func names(in path: String) throws(RuleErrors) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw RuleErrors([RuleError(file: path, message: "the directory cannot be read; does it exist?")])
    }
  }
}

extension RuleSource {
  /// The most items of a list.
  static let maximumItems = 4096

  /// The items of a list file: one a line, `#` begins a comment.
  package func listItems() throws(RuleError) -> [String] {
    guard bytes.count <= Self.maximumBytes, let text = String(validating: bytes, as: UTF8.self) else {
      throw error(nil, "a list is UTF-8 text of at most \(Self.maximumBytes) bytes")
    }
    var items: [String] = []
    // Scalars and not characters: "\r\n" is one character, at which no line would end.
    for (index, line) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let item = String(line.prefix { $0 != "#" }).trimmingSpaces()
      guard item.unicodeScalars.allSatisfy(\.isPlain) else {
        throw error(
          index + 1, "the line holds a control character or one that cannot be seen, with which nothing would match")
      }
      guard !item.contains(",") else { throw error(index + 1, "a list has one item a line; this line has a comma") }
      if !item.isEmpty { items.append(item) }
    }
    guard items.count <= Self.maximumItems else {
      throw error(nil, "the list has \(items.count) items; it may have \(Self.maximumItems)")
    }
    return items
  }
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

extension Unicode.Scalar {
  /// Whether the scalar can be seen and has no power over how others are shown.
  fileprivate var isPlain: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: false
    default: true
    }
  }
}
