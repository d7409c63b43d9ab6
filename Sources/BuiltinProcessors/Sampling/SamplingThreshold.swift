/// The rejection threshold of consistent probability sampling: of 2^56 spans, how many are not kept.
///
/// A span is kept where its 56 bits of randomness are not below the threshold, so whoever keeps a trace at one
/// probability keeps it at every higher one. A larger threshold keeps less.
///
/// OpenTelemetry specification, *TraceState: Probability Sampling*; the text form is that of the `th` sub-key.
public struct SamplingThreshold: Sendable, Hashable, Comparable {
  /// How many thresholds there are: 2^56.
  static let bound: UInt64 = 1 << 56
  /// How many hexadecimal digits 56 bits have.
  static let digitCount = 14

  /// 0 to 2^56 - 1.
  public let value: UInt64

  /// Keeps every span.
  public static let always = SamplingThreshold(unchecked: 0)

  private init(unchecked value: UInt64) { self.value = value }

  /// - Returns: nil where the value has more than 56 bits.
  public init?(_ value: UInt64) {
    guard value < Self.bound else { return nil }
    self.value = value
  }

  /// The threshold that keeps a share of all spans.
  ///
  /// - Parameters:
  ///   - probability: 2^-56 to 1. Keeping nothing is no probability, and has no threshold.
  ///   - precision: how many significant hexadecimal digits the threshold has, from 1 to 14, the digits `f` that it
  ///     begins with not counted. The specification recommends 4, which is off by less than 0.02 % of the probability.
  /// - Returns: nil for a probability outside that range.
  public init?(probability: Double, precision: Int = 4) {
    guard probability >= 0x1p-56, probability <= 1 else { return nil }
    let rejected = Self.bound - UInt64((probability * 0x1p56).rounded())
    // Below 1/16 every further four bits of smallness put one more `f` in front.
    let leading = probability < 1 ? -(Int(probability.exponent) + 1) / 4 : 0
    let digits = min(Self.digitCount, min(max(precision, 1), Self.digitCount) + leading)
    let shift = UInt64(Self.digitCount - digits) * 4
    let half: UInt64 = shift > 0 ? 1 << (shift - 1) : 0
    // At least one digit follows the leading ones, and the probability is no smaller than that digit's unit: rounding
    // up by half a unit cannot reach 2^56.
    value = ((rejected + half) >> shift) << shift
  }

  /// Reads the value of the `th` sub-key: 1 to 14 lower-case hexadecimal digits; those that are missing are zeros.
  public init?(th digits: UnsafeBufferPointer<UInt8>) {
    guard (1...Self.digitCount).contains(digits.count), let number = Self.number(digits) else { return nil }
    value = number << (UInt64(Self.digitCount - digits.count) * 4)
  }

  /// The share of spans that is kept, 2^-56 to 1.
  public var probability: Double { Double(Self.bound - value) * 0x1p-56 }

  /// Whether a trace with this randomness is kept.
  @inline(__always)
  public func keeps(randomness: UInt64) -> Bool { randomness >= value }

  /// Appends the value of the `th` sub-key: without trailing zeros, `0` for the threshold that keeps everything.
  public func appendTH(to output: inout [UInt8]) {
    var rest = value << 8
    repeat {
      let digit = UInt8(rest >> 60)
      output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      rest <<= 4
    } while rest != 0
  }

  /// Whether the left threshold keeps more than the right one.
  public static func < (left: SamplingThreshold, right: SamplingThreshold) -> Bool { left.value < right.value }

  /// Lower-case hexadecimal digits as a number; nil for any other character.
  static func number(_ digits: some Collection<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for byte in digits {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(byte - UInt8(ascii: "0"))
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(byte - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return number
  }
}
