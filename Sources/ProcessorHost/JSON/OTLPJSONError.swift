/// Why a JSON document, or a part of it, is not OTLP.
///
/// It names kinds and lengths, never a value: what was refused may hold a secret.
package struct OTLPJSONError: Error, Hashable, Sendable {
  /// The kind of fault.
  package enum Code: String, Hashable, Sendable {
    /// Not JSON (RFC 8259), or cut off.
    case syntax
    /// More levels of objects and arrays than any OTLP document has.
    case documentTooDeep
    /// JSON, but not OTLP's: the Jaeger UI's own format.
    case notOTLP
    /// A value of another JSON type than the field's.
    case wrongType
    /// A number that the field can not hold.
    case outOfRange
    /// An id with other characters than hexadecimal digits, or half a byte.
    case badHexadecimal
    case badBase64
    case unknownEnumName
    /// The same field twice in one object.
    case duplicateField
    /// Several members of an attribute value at once.
    case severalValues
    /// Attribute values that nest deeper than the door lets pass.
    case valueTooDeep
  }

  package var code: Code
  /// Bytes from the start of the text.
  package var offset: Int
  /// Counted from 1.
  package var line: Int
  /// Unicode scalars into the line, counted from 1.
  package var column: Int
  /// Such as `$.resourceSpans[0].scopeSpans[1].spans[3].traceId`.
  package var path: String
  package var expected: String
  package var found: String

  init(_ fault: JSONFault, at location: JSONLocation, firstOffset: Int) {
    self.code = fault.code
    self.offset = firstOffset + fault.offset
    self.line = location.line
    self.column = location.column
    self.path = location.path
    self.expected = fault.expected.description
    self.found =
      switch fault.code {
      case .duplicateField: "the field a second time"
      case .severalValues: "a second member"
      case .notOTLP: "the Jaeger UI's own JSON"
      default: location.found
      }
  }

  /// What the person who sent the document can do.
  package var advice: String {
    switch code {
    case .syntax: "check that the document is complete and is JSON"
    case .documentTooDeep: "send OTLP/JSON; its own fields never nest that deep"
    case .notOTLP: "export the traces as OTLP/JSON, for example with the Collector's file exporter"
    case .wrongType, .outOfRange: "send the field as OTLP/JSON defines it, or leave it out"
    case .badHexadecimal: "write ids as hexadecimal digits, two for each byte; OTLP/JSON has no base64 there"
    case .badBase64: "encode the bytes as base64 (RFC 4648)"
    case .unknownEnumName: "send the enumeration as an integer"
    case .duplicateField: "send each field once; which one was meant can not be told"
    case .severalValues: "keep one of the members"
    case .valueTooDeep: "flatten the attribute at its source"
    }
  }
}

extension OTLPJSONError: CustomStringConvertible {
  package var description: String {
    "line \(line), column \(column), \(path): expected \(expected), found \(found); \(advice)"
  }
}
