internal import ProcessorHost

extension Resource {
  /// The most bytes of OTEL_RESOURCE_ATTRIBUTES, since they are kept and sent with every request.
  static let maximumTextBytes = 64 << 10

  /// Takes over what the environment says: the attributes that OTEL_RESOURCE_ATTRIBUTES names, and the service's name.
  mutating func apply(_ reader: inout EnvironmentReader) {
    let name = "OTEL_RESOURCE_ATTRIBUTES"
    if let text = reader.text(name) {
      do {
        self = merging(try Resource(parsing: text))
      } catch {
        reader.warn("\(name): \(error); none of its attributes is used")
      }
    }
    if let name = reader.text("OTEL_SERVICE_NAME") { self["service.name"] = .string(name) }
  }

  /// What is wrong with a list of attributes. Values are not shown: one may well be a secret in the wrong place.
  struct ParseFailure: Error, CustomStringConvertible {
    let description: String
  }

  /// Reads `key=value,key=value`, both percent-encoded, every value a string.
  ///
  /// OpenTelemetry specification: Resource SDK, Specifying resource information via an environment variable.
  init(parsing text: String) throws(ParseFailure) {
    guard text.utf8.count <= Self.maximumTextBytes else {
      throw ParseFailure(
        description: "expected at most \(Self.maximumTextBytes) bytes, found \(text.utf8.count)")
    }
    var entries: [AttributeValue.Entry] = []
    for (index, member) in text[...].utf8.split(separator: UInt8(ascii: ",")).enumerated() {
      let member = member.trimmingSpaces()
      // A comma at the end is an oversight that changes nothing.
      if member.isEmpty { continue }
      guard let equals = member.firstIndex(of: UInt8(ascii: "=")) else {
        throw ParseFailure(description: "expected key=value,key=value, but member \(index + 1) has no '='")
      }
      let key = Self.percentDecoded(member[..<equals].trimmingSpaces())
      guard let key, !key.isEmpty else {
        throw ParseFailure(
          description: "expected key=value,key=value, but the key of member \(index + 1) is empty, or not "
            + "percent-encoded UTF-8; '%' itself is %25")
      }
      guard let value = Self.percentDecoded(member[member.index(after: equals)...].trimmingSpaces()) else {
        throw ParseFailure(
          description: "the value of '\(EnvironmentReader.shown(key))' is not percent-encoded UTF-8; '%' itself is %25")
      }
      entries.append(AttributeValue.Entry(key, .string(value)))
    }
    self.init(attributes: entries)
  }

  /// RFC 3986, Percent-Encoding. Nil for a `%` without two digits, and for bytes that are not UTF-8.
  private static func percentDecoded(_ text: Substring.UTF8View) -> String? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = rest.popFirst(), let low = rest.popFirst(), let first = Hexadecimal.digit(high),
        let second = Hexadecimal.digit(low)
      else { return nil }
      decoded.append(first << 4 | second)
    }
    return String(validating: decoded, as: UTF8.self)
  }
}
