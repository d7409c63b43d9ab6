internal import Yams

#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The text of a configuration file, and what it is called in messages.
package struct ConfigurationFile: Sendable, Equatable {
  /// The most bytes of a file.
  package static let maximumBytes = 1 << 20

  package var name: String
  package var text: String

  package init(name: String, text: String) {
    self.name = name
    self.text = text
  }

  /// Reads a file.
  package init(path: String) throws(ConfigurationError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ConfigurationError("\(path): the configuration file cannot be read; does it exist, and may it be read?")
    }
    guard data.count <= Self.maximumBytes else {
      throw ConfigurationError("\(path): a configuration file has at most \(ByteCount.text(Self.maximumBytes))")
    }
    guard let text = String(validating: Array(data), as: UTF8.self) else {
      throw ConfigurationError("\(path): the configuration file is not UTF-8")
    }
    self.init(name: path, text: text)
  }

  /// The settings at the top; nil where the file says nothing.
  func mapping() throws(ConfigurationError) -> Node.Mapping? {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw failure(error)
    } catch {
      throw ConfigurationError("\(name): \(error)")
    }
    switch node {
    case nil: return nil
    case .mapping(let mapping): return mapping
    case .scalar(let scalar) where scalar.isNull: return nil
    case .some(let node):
      throw ConfigurationError("a configuration file has settings by their names, such as lanes: 2", at: place(node))
    }
  }

  /// The place of a node.
  func place(_ node: Node) -> Origin {
    .file(SourcePlace(file: name, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1))
  }

  private func failure(_ error: YamlError) -> ConfigurationError {
    func told(_ problem: String, _ place: SourcePlace, _ context: YamlError.Context? = nil) -> ConfigurationError {
      let context = context.map { ", \($0.text) at line \($0.mark.line)" } ?? ""
      return ConfigurationError("this is not YAML: \(problem)\(context)", at: .file(place))
    }
    switch error {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return told(problem, SourcePlace(file: name, line: mark.line, column: mark.column), context)
    case .reader(let problem, let offset, _, _):
      return told(problem, place(at: offset ?? 0))
    case .duplicatedKeysInMapping(let names, let context):
      let place = SourcePlace(file: name, line: context.mark.line, column: context.mark.column)
      return ConfigurationError("\(names.joined(separator: ", ")) stands twice in one mapping", at: .file(place))
    default:
      return ConfigurationError("\(name): this is not YAML")
    }
  }

  private func place(at offset: Int) -> SourcePlace {
    var line = 1
    var column = 1
    for character in text.prefix(offset) {
      column += 1
      if character.isNewline {
        line += 1
        column = 1
      }
    }
    return SourcePlace(file: name, line: line, column: column)
  }
}

extension Node.Scalar {
  /// Whether it stands for no value.
  var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(string) }
  /// Whether it is text whatever it looks like.
  var isQuoted: Bool { style != .plain && style != .any }
}

extension Node {
  /// What it is, in the words of messages.
  var kindName: String {
    switch self {
    case .scalar: "a single value"
    case .mapping: "a mapping"
    case .sequence: "a list"
    case .alias: "an alias"
    }
  }

  /// Whether it stands for no value.
  var isNull: Bool { scalar?.isNull ?? false }
}
