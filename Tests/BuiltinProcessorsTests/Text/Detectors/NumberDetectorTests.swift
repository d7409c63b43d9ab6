internal import BuiltinProcessors
internal import Testing

@Suite("Detectors of numbers")
struct NumberDetectorTests {
  @Test(
    "Cards are found in one piece and in groups, by network, length and check digit",
    arguments: [
      "⟦4111111111111111⟧", "⟦4111 1111 1111 1111⟧", "⟦4111-1111-1111-1111⟧", "⟦4111.1111.1111.1111⟧",
      "⟦41111111 11111111⟧",
      "⟦4111%201111%201111%201111⟧", "⟦4111+1111+1111+1111⟧", "⟦5555555555554444⟧", "⟦2223003122003222⟧",
      "⟦378282246310005⟧",
      "⟦3782 822463 10005⟧", "⟦30569309025904⟧", "⟦3056 930902 5904⟧", "⟦6011111111111117⟧", "⟦3530111333300000⟧",
      "⟦6200000000000005⟧", "card: ⟦4111111111111111⟧.", "card=⟦4111111111111111⟧&cvc=1", "x%3D⟦4111111111111111⟧",
      "⟦4111 1111 1111 1111⟧ 12/29 123", "in 12 ⟦4111 1111 1111 1111⟧", "⟦4111111111111111⟧ ⟦5555555555554444⟧",
      "{\"pan\":⟦4111111111111111⟧}", "\\n⟦4111111111111111⟧\\n", "⟦4111-1111-1111-1111⟧-exp",
      "charge(⟦4111111111111111⟧L)", "⟦4111111111111111⟧n,", "⟦4111111111111111⟧l", "\\\\n⟦4111111111111111⟧\\\\n",
      "⟦6759000000000000⟧", "⟦67590000000000005⟧", "⟦675900000000000000⟧", "⟦6759000000000000005⟧",
    ])
  func cards(text: String) {
    #expect(marked(unmarked(text), by: "credit_card") == text)
  }

  @Test(
    "Numbers that are no cards stay",
    arguments: [
      "4111111111111112", "1700000000000", "1700000000000000000", "0.4111111111111111", "4111111111111111.5",
      "41111111111111111111",
      "a4111111111111111", "4111111111111111b", "0x4111111111111111", "41111111-1111-1111-1111-111111111111",
      "550e8400-e29b-41d4-a716-446655440000", "0af7651916cd43dd8448eb211c80319c", "4000 5000", "1111 1111 1111 1117",
      "2024-03-18 09:41:22", "4,111,111,111,111,111", "4111  1111  1111  1111", "4111 1111-1111 1111",
      "9223372036854775807", "4111111111111111LL", "4111111111111111Ln", "4111111111111111name",
      "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "00000000000000", "0000000000000000", "411 1111 1111 11111", "+4915112345678",
    ])
  func noCards(text: String) {
    #expect(marked(text, by: "credit_card") == text)
  }

  @Test(
    "Bank accounts are found by country, length and check digits",
    arguments: [
      "⟦DE89370400440532013000⟧", "⟦DE89 3704 0044 0532 0130 00⟧", "⟦GB82WEST12345698765432⟧", "⟦NO9386011117947⟧",
      "iban=⟦gb82west12345698765432⟧;", "⟦MT84MALT011000012345MTLCAST001S⟧", "⟦FR14+2004+1010+0505+0001+3M02+606⟧",
    ])
  func accounts(text: String) {
    #expect(marked(unmarked(text), by: "iban") == text)
  }

  @Test(
    "What is no account's number stays",
    arguments: [
      "DE89370400440532013001", "DE8937040044053201300", "XX89370400440532013000", "ADE89370400440532013000",
      "DE89370400440532013000A", "DE89 3704  0044 0532 0130 00", "de89370400440532013000ff00",
    ])
  func noAccounts(text: String) {
    #expect(marked(text, by: "iban") == text)
  }

  @Test(
    "Social security numbers are found with their separators",
    arguments: [
      "⟦219-09-9999⟧", "⟦219 09 9999⟧", "ssn:⟦078-05-1120⟧,", "⟦219-09-9999⟧ ⟦219-09-9998⟧", "\\\\n⟦219-09-9999⟧\\\\n",
    ])
  func socialSecurity(text: String) {
    #expect(marked(unmarked(text), by: "us_ssn") == text)
  }

  @Test(
    "What was never given out, and other groups of digits, stay",
    arguments: [
      "219099999", "000-12-3456", "666-12-3456", "900-12-3456", "219-00-9999", "219-09-0000", "219-09-99999",
      "1219-09-9999",
      "2024-03-18", "1-219-09-9999", "219-09-9999-1", "219-09 9999", "12 219 09 9999", "219.09.9999",
    ])
  func noSocialSecurity(text: String) {
    #expect(marked(text, by: "us_ssn") == text)
  }

  @Test(
    "Telephone numbers are found with a plus sign, or in the American form",
    arguments: [
      "⟦+15550109999⟧", "⟦+1 555 010 9999⟧", "⟦+1-555-010-9999⟧", "⟦+1 (555) 010-9999⟧", "⟦+49 (0)30 1234567⟧",
      "⟦+442079460000⟧",
      "⟦(555) 234-5678⟧", "⟦(555)234-5678⟧", "⟦555-234-5678⟧", "⟦555.234.5678⟧", "⟦1-555-234-5678⟧",
      "tel:⟦+15550109999⟧", "x=⟦%2B15550109999⟧&",
      "⟦+15550109999⟧, ⟦+15550109998⟧", "⟦+49 30 123456789⟧ 20240318", "\"⟦+15550109999⟧\"",
    ])
  func phones(text: String) {
    #expect(marked(unmarked(text), by: "phone") == text)
  }

  @Test(
    "Numbers of other kinds stay",
    arguments: [
      "15550109999", "4111111111111111", "2024-03-18T09:41:22+00:00", "2024-03-18 09:41:22+0100", "+1.5",
      "+12345678.90", "1e+12345678",
      "a+12345678", "+0123456789", "+1234567", "+1234567890123456", "555-2345", "123-456-7890", "555-123-4567",
      "order 555-234-56789",
      "12-555-234-5678", "555-234-5678-9", "v555.234.5678.1", "200.300.40", "1700000000", "10.42.3.17", "a555-234-5678",
      "func(200) 300",
    ])
  func noPhones(text: String) {
    #expect(marked(text, by: "phone") == text)
  }

  @Test(
    "Addresses are found in every form",
    arguments: [
      "⟦10.42.3.17⟧", "⟦10.42.3.17⟧:8080", "http://⟦10.42.3.17⟧/x", "⟦10.0.0.0⟧/8", "from ⟦10.42.3.17⟧.",
      "⟦255.255.255.255⟧", "db.local/⟦10.42.3.17⟧:5432",
      "⟦::1⟧", "[⟦::1⟧]:8080", "⟦2001:db8::7⟧", "⟦2001:0db8:0000:0000:0000:0000:0000:0007⟧", "⟦fe80::1%eth0⟧",
      "⟦fe80::1%25eth0⟧", "⟦::ffff:10.42.3.17⟧",
      "⟦64:ff9b::10.42.3.17⟧", "⟦1:2:3:4:5:6:7:8⟧", "⟦1::⟧", "addr:⟦2001:db8::7⟧", "⟦fe80::1⟧: timeout",
      "x%3D⟦2001:db8::7⟧%26", "ip=⟦10.42.3.17⟧;",
      "⟦10.42.3.17⟧, ⟦10.42.3.18⟧", "⟦2001:DB8::A⟧",
    ])
  func addresses(text: String) {
    #expect(marked(unmarked(text), by: "ip_address") == text)
  }

  @Test(
    "Times, versions, MAC addresses and names of C++ stay",
    arguments: [
      "12:30:45", "12:30:45.123", "2024-03-18T09:41:22", "1.2.3.4.5", "v1.2.3.4", "version 1.2.3.4",
      "Chrome/120.0.0.0 Safari/537.36", "1.2.3", "10.42.3.256",
      "00:1a:2b:3c:4d:5e", "00:1a:2b:3c:4d:5e:6f:70", "std::string", "a::b", "::", "dead::beef", "abc::def::",
      "x.1.2.3.4", "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::1", "Foo::Bar.baz", "::int", "$1::date", "10.42.3.17a", "key: value",
      "http://a:b:c",
    ])
  func noAddresses(text: String) {
    #expect(marked(text, by: "ip_address") == text)
  }

  @Test("An integer that is a card's number is one, and no telephone number")
  func integers() {
    #expect(marked("4111111111111111", by: "credit_card") == "⟦4111111111111111⟧")
    for name in TextDetectors.names where name != "credit_card" {
      for number in [
        "4111111111111111", "-1", "0", "15550109999", "1700000000000", "9223372036854775807", "-9223372036854775808",
      ] {
        #expect(marked(number, by: name) == number)
      }
    }
  }
}
