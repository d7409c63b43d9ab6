internal import ProcessorHost
internal import Testing

@Suite("OTLP/JSON numbers")
struct ReaderNumberTests {
  @Test(
    "integers of 64 bits are exact, as numbers and as strings",
    arguments: [
      ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("9007199254740993", 9_007_199_254_740_993),
      ("1e3", 1000), ("1.0", 1), ("-0", 0), ("0.00", 0), ("0e999999999999999999999", 0), ("12.5e1", 125),
      ("1000000000000000000000e-3", 1_000_000_000_000_000_000), ("922337203685477580.7E+1", .max), ("-1E0", -1),
      ("9223372036854775807.000000000000000000000000000000", .max), ("0.0000000000000000000000000001e28", 1),
    ])
  func integers(text: String, value: Int64) throws {
    let expected = Proto.request(value: Proto.signed(3, value))
    #expect(try JSONDocuments.request(JSONDocuments.value(#"{"intValue":\#(text)}"#)) == expected)
    #expect(try JSONDocuments.request(JSONDocuments.value(#"{"intValue":"\#(text)"}"#)) == expected)
  }

  @Test(
    "an integer that is too large or has a fraction is refused",
    arguments: [
      "9223372036854775808", "-9223372036854775809", "1.5", "1e-1", "1e19", "1e400", "18446744073709551616",
      "1e99999999999999999999", "1e-99999999999999999999", "100000000000000000000000000000000000000000",
    ])
  func integersOutOfRange(text: String) throws {
    for value in [text, "\"\(text)\""] {
      let error = try JSONDocuments.refusal(JSONDocuments.value(#"{"intValue":\#(value)}"#))
      #expect(error?.code == .outOfRange)
    }
  }

  @Test(
    "a string that holds more or less than a number is refused",
    arguments: ["", " 1", "1 ", "+1", "01", "0x1", "1,0", "-", "1e", ".5", "NaN", "１"])
  func integersInStrings(text: String) throws {
    let error = try JSONDocuments.refusal(JSONDocuments.value(#"{"intValue":"\#(text)"}"#))
    #expect(error?.code == .wrongType)
  }

  @Test("fields of 32 bits and times have their own ranges")
  func ranges() throws {
    for (member, isFine) in [
      (#""flags":4294967295"#, true), (#""flags":4294967296"#, false), (#""flags":-1"#, false),
      (#""droppedEventsCount":"4294967295""#, true), (#""droppedEventsCount":4294967296"#, false),
      (#""startTimeUnixNano":"18446744073709551615""#, true), (#""startTimeUnixNano":18446744073709551616"#, false),
      (#""startTimeUnixNano":-1"#, false), (#""kind":2147483647"#, true), (#""kind":2147483648"#, false),
    ] {
      let notes = try JSONDocuments.read(JSONDocuments.spans("{\(member)}")).notes
      #expect(notes.refusals.map(\.error.code) == (isFine ? [] : [.outOfRange]), "\(member)")
    }
  }

  @Test(
    "doubles are the nearest ones",
    arguments: [
      "0.1", "-0.0", "72.5", "1e22", "1e23", "123456789012345678", "9007199254740993", "5e-324",
      "2.2250738585072011e-308",
      "1.7976931348623157e308", "1e-400", "0e400", "179769313486231570000000000000000000000e270", "3", "1E+2",
      "0.30000000000000004", "8.41e21", "9.5e-23",
    ])
  func doubles(text: String) throws {
    let expected = Proto.request(value: Proto.double(4, try #require(Double(text))))
    #expect(try JSONDocuments.request(JSONDocuments.value(#"{"doubleValue":\#(text)}"#)) == expected)
    #expect(try JSONDocuments.request(JSONDocuments.value(#"{"doubleValue":"\#(text)"}"#)) == expected)
  }

  @Test("NaN and the infinities are strings")
  func notFinite() throws {
    for (text, value) in [("NaN", Double.nan), ("Infinity", .infinity), ("-Infinity", -.infinity)] {
      let request = try JSONDocuments.request(JSONDocuments.value(#"{"doubleValue":"\#(text)"}"#))
      #expect(request == Proto.request(value: Proto.double(4, value)))
      #expect(JSONDocuments.line(request).contains(#"{"doubleValue":"\#(text)"}"#))
    }
  }

  @Test(
    "a double past the largest is refused, and so is any other word",
    arguments: ["1e309", "-1e999999", "nan", "inf", ""])
  func badDoubles(text: String) throws {
    let notes = try JSONDocuments.read(JSONDocuments.value(#"{"doubleValue":"\#(text)"}"#)).notes
    #expect(notes.refusedSpans == 1)
  }
}
