/// The value of an attribute: OTLP's `AnyValue`, all seven kinds and the empty one.
public enum AttributeValue: Sendable, Equatable {
  case string(String)
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case array([AttributeValue])
  /// A map in the order of its entries; keys may repeat, as on the wire.
  case map([Entry])
  case bytes([UInt8])
  /// An `AnyValue` without a value.
  case empty

  /// One member of a map, or one attribute.
  public struct Entry: Sendable, Equatable {
    /// The key, unique by convention only.
    public var key: String
    /// The value.
    public var value: AttributeValue

    /// A key and its value.
    public init(_ key: String, _ value: AttributeValue) {
      self.key = key
      self.value = value
    }
  }
}

extension AttributeValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int64) { self = .int(value) }
  /// A boolean.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A double.
  public init(floatLiteral value: Double) { self = .double(value) }
}
