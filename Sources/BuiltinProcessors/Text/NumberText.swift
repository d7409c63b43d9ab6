internal import ProcessorHost

/// A number of an attribute as text, as it would be written: that is how it is looked at and made a pseudonym of.
///
/// Whole doubles up to 2^53 are written without a fraction, so 42.0 is the same as 42.
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
      if double == double.rounded(), abs(double) <= 0x1p53 {
        value = .integer(Int64(double))
      } else {
        value = .double(double)
      }
    default: return nil
    }
  }

  /// How many digits an integer has; as many as a double can have for any other.
  var digitCount: Int {
    guard case .integer(let integer) = value else { return 17 }
    var rest = integer.magnitude
    var count = 1
    while rest >= 10 {
      rest /= 10
      count += 1
    }
    return count
  }

  func withText<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    var text =
      switch value {
      case .integer(let integer): String(integer)
      case .double(let double): "\(double)"
      }
    return text.withUTF8(body)
  }
}
