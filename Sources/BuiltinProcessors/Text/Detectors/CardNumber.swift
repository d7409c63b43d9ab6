/// The digits of what may be a card's number, group by group.
struct CardNumber {
  /// A number with fewer is none.
  static let fewestDigits = 14

  private(set) var count = 0
  private(set) var groupCount = 0
  /// The first six digits as a number, or those that there are.
  private var issuer = 0
  // The check digit is counted from the right, whose place is not known yet: both sums are kept.
  private var evenSum = 0
  private var oddSum = 0
  /// The lengths of the groups, as digits of a number: 4-6-5 is 465.
  private var shape = 0

  mutating func append(_ digit: UInt8) {
    let value = Int(digit)
    let doubled = value < 5 ? value * 2 : value * 2 - 9
    if count < 6 { issuer = issuer * 10 + value }
    evenSum += count % 2 == 0 ? doubled : value
    oddSum += count % 2 == 0 ? value : doubled
    count += 1
  }

  mutating func endGroup(_ length: Int) {
    groupCount += 1
    shape = shape * 100 + length
  }

  /// Whether check digit, network, length and grouping are those of a card.
  var isValid: Bool {
    guard count >= Self.fewestDigits, (count % 2 == 0 ? evenSum : oddSum) % 10 == 0 else { return false }
    return hasKnownShape && hasNetwork
  }

  private var hasKnownShape: Bool {
    switch shape {
    case 14...19, 8_08, 4_06_04, 4_06_05, 4_04_04_02, 4_04_04_03, 4_04_04_04: true
    case 4_04_04_04_01, 4_04_04_04_02, 4_04_04_04_03: true
    default: false
    }
  }

  /// The networks' ranges of first digits, with the lengths of their numbers.
  private var hasNetwork: Bool {
    let isGrouped = groupCount > 1
    let hasLongLength = count == 16 || isGrouped && count > 16
    switch issuer {
    // Diners Club.
    case 300_000...305_999, 309_500...309_599, 360_000...369_999, 380_000...399_999: return count == 14 || count == 16
    // American Express.
    case 340_000...349_999, 370_000...379_999: return count == 15
    // JCB.
    case 352_800...358_999: return hasLongLength
    // Visa.
    case 400_000...499_999: return count == 16 || isGrouped && count == 19
    // Mastercard.
    case 510_000...559_999, 222_100...272_099: return count == 16
    // Mir.
    case 220_000...220_499: return hasLongLength
    // Maestro, Verve and Elo. Those of 12 to 15 digits look like numbers of goods (EAN), of which every tenth has a
    // right check digit by chance.
    case 500_000...509_999, 560_000...589_999, 630_000...639_999, 670_000...679_999: return count >= 16
    // UnionPay, whose numbers of 19 digits are common.
    case 620_000...629_999: return count >= 16
    // Discover and RuPay.
    case 601_100...601_199, 606_000...608_999, 644_000...659_999, 810_000...829_999: return hasLongLength
    // Troy.
    case 979_200...979_299: return count == 16
    default: return false
    }
  }
}
