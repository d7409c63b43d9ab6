internal import Foundation
internal import ProcessorHost

extension RPCStatus {
  private struct Form: Decodable {
    struct Detail: Decodable {
      enum CodingKeys: String, CodingKey {
        case type = "@type"
        case retryDelay
      }

      var type: String?
      var retryDelay: String?
    }

    var code: Int?
    var message: String?
    var details: [Detail]?
  }

  /// Reads the JSON form (proto3's mapping). What else stands there is passed over.
  public init(json text: String) throws(OTLPProtocolError) {
    let form = try JSONReply.read(Form.self, from: text, message: "google.rpc.Status")
    self.init(code: form.code.map { RPCCode(rawValue: $0) ?? .unknown } ?? .ok, message: form.message ?? "")
    for detail in form.details ?? [] where RetryInfo.isTypeURL(detail.type ?? "") {
      retryAfter = detail.retryDelay.flatMap(RetryInfo.init(jsonDelay:))?.delay ?? .zero
    }
  }

  /// The JSON form (proto3's mapping), on one line.
  public var json: String {
    JSONReply.write { output in
      if code != .ok {
        output.name("code")
        output.raw(String(code.rawValue))
      }
      if !message.isEmpty {
        output.name("message")
        output.text(message)
      }
      if let retryAfter {
        output.name("details")
        output.open(UInt8(ascii: "["))
        output.element()
        output.open(UInt8(ascii: "{"))
        output.name("@type")
        output.text(RetryInfo.typeURL)
        output.name("retryDelay")
        output.text(RetryInfo(delay: retryAfter).jsonDelay)
        output.close(UInt8(ascii: "}"))
        output.close(UInt8(ascii: "]"))
      }
    }
  }
}

extension TraceExportResponse {
  private struct Form: Decodable {
    struct PartialSuccess: Decodable {
      var rejectedSpans: JSONInteger?
      var errorMessage: String?
    }

    var partialSuccess: PartialSuccess?
  }

  /// Reads the JSON form (proto3's mapping). What else stands there is passed over.
  public init(json text: String) throws(OTLPProtocolError) {
    let partial = try JSONReply.read(Form.self, from: text, message: "ExportTraceServiceResponse").partialSuccess
    self.init(rejectedSpans: max(0, partial?.rejectedSpans?.value ?? 0), message: partial?.errorMessage ?? "")
  }

  /// The JSON form (proto3's mapping), on one line; `{}` where there is nothing to tell.
  public var json: String {
    JSONReply.write { output in
      if isFullSuccess { return }
      output.name("partialSuccess")
      output.open(UInt8(ascii: "{"))
      if rejectedSpans != 0 {
        output.name("rejectedSpans")
        // 64-bit integers are strings in proto3's mapping.
        output.text(String(rejectedSpans))
      }
      if !message.isEmpty {
        output.name("errorMessage")
        output.text(message)
      }
      output.close(UInt8(ascii: "}"))
    }
  }
}

/// A 64-bit integer as proto3's mapping reads it: a string of digits, or a number.
private struct JSONInteger: Decodable {
  var value: Int

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      value = number
    } else if let number = Int(try container.decode(String.self)) {
      value = number
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no integer")
    }
  }
}

private enum JSONReply {
  static func read<Form: Decodable>(
    _ form: Form.Type, from text: String, message: String
  ) throws(OTLPProtocolError) -> Form {
    do { return try JSONDecoder().decode(form, from: Data(text.utf8)) } catch {
      throw OTLPProtocolError(code: .malformedMessage, message: "the text is no JSON of \(message)")
    }
  }

  static func write(_ members: (inout JSONTextOutput) -> Void) -> String {
    let buffer = WireBuffer(capacity: 256)
    var output = JSONTextOutput(buffer, isIndented: false)
    output.open(UInt8(ascii: "{"))
    members(&output)
    output.close(UInt8(ascii: "}"))
    return String(decoding: buffer.bytes, as: UTF8.self)
  }
}

extension JSONTextOutput {
  fileprivate func text(_ text: String) {
    var text = text
    text.withUTF8 { string($0) }
  }
}
