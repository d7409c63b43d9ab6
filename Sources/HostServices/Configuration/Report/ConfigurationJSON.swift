#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// The configuration in force as JSON: each setting with its value and origin, secrets masked.
package struct ConfigurationJSON {
  private struct Document: Encodable {
    var settings: [Entry]
    var notices: [String]
  }

  private struct Entry: Encodable {
    var name: String
    var value: Value
    var origin: String
  }

  private enum Value: Encodable {
    case nothing
    case text(String)
    case list([String])

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .nothing: try container.encodeNil()
      case .text(let text): try container.encode(text)
      case .list(let items): try container.encode(items)
      }
    }
  }

  /// The JSON, in one line.
  package let bytes: [UInt8]

  package init(_ resolved: ResolvedConfiguration) throws {
    let entries = resolved.lines.map { line in
      let value: Value =
        switch line.value {
        case .scalar(let text): .text(text)
        case .list(let items): .list(items)
        case .nothing, .map: .nothing
        }
      return Entry(name: line.path, value: value, origin: "\(line.origin)")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    bytes = Array(try encoder.encode(Document(settings: entries, notices: resolved.notices)))
  }
}
