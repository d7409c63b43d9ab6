internal import ProcessorHost

/// A number of an attribute as text, as it would be written: that is how it is looked at and made a pseudonym of.
struct NumberText {
  /// The fewest digits in which a detector finds something: cards have 12 or more.
  static let shortestOfDetectors = 12

  private enum Value {
    case integer(Int64)
    case double(Double)
  }

  private let value: Value

  /// - Parameter field: a member of an `AnyValue`; nil for one that is no number.
  init?(_ field: WireField) {
    switch (field.number, field.type) {
    case (FieldNumber.AnyValue.int, .varint): value = .integer(Int64(bitPattern: field.value))
    case (FieldNumber.AnyValue.double, .fixed64):
      let double = Double(bitPattern: field.value)
      value = .double(double)
    default: return nil
    }
  }

  /// How many digits an integer has; as many as a double can have for any other.
  var digitCount: Int {
    var rest: UInt64
    switch value {
    case .integer(let integer): rest = integer.magnitude
    case .double(let double):
      guard double.magnitude < 0x1p53, let integer = Int64(exactly: double) else { return 17 }
      rest = integer.magnitude
    }
    var count = 1
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count
  }

  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    switch value {
    case .integer(let integer): CanonicalNumber.withText(of: integer, body)
    case .double(let double): CanonicalNumber.withText(of: double, body)
    }
  }
}
