internal import Foundation
internal import NIOHPACK
internal import OTLPProtocol

extension Refusal {
  /// What the trailers hold beside code and message: the whole status, and RetryInfo once more under the key where
  /// older SDKs look for it.
  var details: [(key: String, value: [UInt8])] {
    guard let wait = status.retryAfter else { return [] }
    return [
      ("grpc-status-details-bin", status.protobuf),
      ("google.rpc.retryinfo-bin", RetryInfo(delay: wait).protobuf),
    ]
  }

  /// An answer that is trailers alone, as gRPC calls it: given before, or without, a response.
  var trailers: HPACKHeaders {
    var headers = HPACKHeaders([
      (":status", "200"),
      ("content-type", "application/grpc"),
      ("grpc-status", String(status.code.rawValue)),
      ("grpc-message", Self.percentEncoded(status.message)),
    ])
    for (key, value) in details {
      let base64 = Data(value).base64EncodedString().prefix { $0 != "=" }
      headers.add(name: key, value: String(base64))
    }
    if status.code == .unimplemented {
      headers.add(name: "grpc-accept-encoding", value: "identity,gzip,deflate")
    }
    return headers
  }

  /// gRPC's encoding of messages: printable ASCII stands for itself, but for the percent sign.
  private static func percentEncoded(_ message: String) -> String {
    var encoded = ""
    for byte in message.utf8 {
      if (0x20...0x7E).contains(byte), byte != UInt8(ascii: "%") {
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        encoded += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return encoded
  }
}
