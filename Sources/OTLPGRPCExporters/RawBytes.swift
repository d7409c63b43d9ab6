internal import GRPCCore
internal import OTLPExporters

/// Sends bytes as they are, and tells when a connection asks for them.
struct RawBytesSerializer: MessageSerializer {
  let sent: SentMark

  func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) -> Bytes {
    sent.set()
    return Bytes(message)
  }
}

/// Takes bytes as they are.
struct RawBytesDeserializer: MessageDeserializer {
  func deserialize<Bytes: GRPCContiguousBytes>(_ bytes: Bytes) -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }
}
