/// Decompresses a body piece by piece as it comes in, and gives up as soon as it grows beyond its limits.
///
/// Not `Sendable`: one task reads a body. Memory in use is what came out so far, and 100 KiB.
public final class Decompressor {
  /// What came out so far.
  public private(set) var output: [UInt8] = []

  private let coding: ContentCoding
  private let limits: DecompressionLimits
  private var inflater: Inflater?
  private var consumed = 0
  private var hasEnded = false
  /// The first byte of deflate data, held back until the second says whether it is in the zlib format.
  private var heldBack: UInt8?

  /// Makes a decompressor for one body.
  public init(_ coding: ContentCoding, limits: DecompressionLimits = DecompressionLimits()) {
    self.coding = coding
    self.limits = limits
  }

  /// Decompresses a whole body.
  public static func decompress(
    _ bytes: [UInt8], _ coding: ContentCoding, limits: DecompressionLimits = DecompressionLimits()
  ) throws(OTLPProtocolError) -> [UInt8] {
    let decompressor = Decompressor(coding, limits: limits)
    try decompressor.append(bytes)
    return try decompressor.finish()
  }

  /// Makes room for a body of about this size, so that it does not move while it grows.
  public func reserve(_ count: Int) { output.reserveCapacity(count) }

  /// Takes the next bytes of the body. After an error nothing more may be appended.
  ///
  /// - Parameter hasRoom: asked with the size that the output has reached, every 64 KiB or sooner; false ends it with
  ///   ``OTLPProtocolError/Code/noRoom``.
  public func append(
    _ bytes: some Collection<UInt8>, hasRoom: (Int) -> Bool = { _ in true }
  ) throws(OTLPProtocolError) {
    let result = bytes.withContiguousStorageIfAvailable { run in
      Result { () throws(OTLPProtocolError) in try append(run, hasRoom) }
    }
    if let result { return try result.get() }
    try Array(bytes).withUnsafeBufferPointer { (run) throws(OTLPProtocolError) in try append(run, hasRoom) }
  }

  /// What came out of the whole body. Throws where the body ends too soon.
  public func finish() throws(OTLPProtocolError) -> [UInt8] {
    if let first = heldBack { try inflate([first], Inflater.raw) { _ in true } }
    guard coding == .identity || hasEnded else { throw Self.damaged(coding) }
    return output
  }

  private func append(_ bytes: UnsafeBufferPointer<UInt8>, _ hasRoom: (Int) -> Bool) throws(OTLPProtocolError) {
    guard let first = bytes.first else { return }
    switch coding {
    case .identity:
      output.append(contentsOf: bytes)
      try checkLimits(hasRoom)
    case .gzip:
      try inflate(bytes, Inflater.gzip, hasRoom)
    case .deflate where inflater != nil:
      try inflate(bytes, Inflater.raw, hasRoom)
    case .deflate:
      guard let second = heldBack == nil ? bytes.dropFirst().first : first else {
        heldBack = first
        return
      }
      let windowBits = Inflater.isZlibHeader(heldBack ?? first, second) ? Inflater.zlib : Inflater.raw
      if let heldBack { try inflate([heldBack], windowBits, hasRoom) }
      heldBack = nil
      try inflate(bytes, windowBits, hasRoom)
    }
  }

  private func inflate(_ byte: [UInt8], _ windowBits: Int32, _ hasRoom: (Int) -> Bool) throws(OTLPProtocolError) {
    try byte.withUnsafeBufferPointer { (run) throws(OTLPProtocolError) in try inflate(run, windowBits, hasRoom) }
  }

  private func inflate(
    _ bytes: UnsafeBufferPointer<UInt8>, _ windowBits: Int32, _ hasRoom: (Int) -> Bool
  ) throws(OTLPProtocolError) {
    guard let inflater = inflater ?? Inflater(windowBits: windowBits) else {
      throw OTLPProtocolError(code: .noMemory, message: "there is no memory to decompress with")
    }
    self.inflater = inflater
    var rest = bytes[...]
    var step = Inflater.Step(consumed: 0, state: .goesOn)
    // What does not fit into one step comes out of the next, which then needs no input.
    while !rest.isEmpty || step.state == .hasMore {
      if hasEnded {
        // A gzip file can have several members, one after the other; the other formats end once.
        guard coding == .gzip, inflater.reset() else { throw Self.damaged(coding) }
        hasEnded = false
      }
      step = inflater.inflate(UnsafeBufferPointer(rebasing: rest)) { output.append(contentsOf: $0) }
      rest = rest.dropFirst(step.consumed)
      consumed += step.consumed
      try checkLimits(hasRoom)
      if step.state == .damaged { throw Self.damaged(coding) }
      hasEnded = step.state == .ended
    }
  }

  private func checkLimits(_ hasRoom: (Int) -> Bool) throws(OTLPProtocolError) {
    guard output.count <= limits.maximumBytes else {
      throw OTLPProtocolError(
        code: .tooLarge, message: "decompressed it has more than the \(Self.size(limits.maximumBytes)) that are allowed"
      )
    }
    if coding != .identity, let ratio = limits.maximumRatio, output.count > DecompressionLimits.bytesWithoutRatio,
      output.count / ratio > consumed
    {
      throw OTLPProtocolError(
        code: .expandsTooMuch, message: "decompressed it has more than \(ratio) bytes for each one that was sent")
    }
    guard hasRoom(output.count) else {
      throw OTLPProtocolError(code: .noRoom, message: "there is no room for what is decompressed")
    }
  }

  private static func damaged(_ coding: ContentCoding) -> OTLPProtocolError {
    OTLPProtocolError(code: .damagedCompression, message: "the \(coding.rawValue) data is damaged or cut off")
  }

  private static func size(_ bytes: Int) -> String {
    bytes % (1 << 20) == 0 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
  }
}
