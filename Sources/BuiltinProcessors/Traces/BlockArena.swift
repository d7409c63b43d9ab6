/// Memory in small blocks, of which streams of bytes are chained: what was held by one trace is free for any other at once,
/// without gaps and without moving anything.
///
/// Memory safety: a block's number comes from `allocate`, stands in one stream alone, and is given back with it; slabs live
/// as long as a block in them is used. Only `append`, `read` and `free` touch the memory, and never past a block's end.
final class BlockArena {
  /// Large enough that the links are few, small enough that the empty end of a trace's last block is little.
  static let blockSize = 256
  /// Each block begins with the number of the next.
  static let payload = blockSize - 4
  private static let slabBlocks = 4096
  private static let none = UInt32.max

  @exclusivity(unchecked) private var slabs: [UnsafeMutableRawPointer] = []
  @exclusivity(unchecked) private var firstFree = none
  /// Blocks of the slabs that have been used since they were made; those behind them never were.
  @exclusivity(unchecked) private var touched = 0
  /// Blocks in streams.
  @exclusivity(unchecked) private(set) var used = 0

  /// A run of bytes that is only added to.
  struct Stream {
    fileprivate var first = BlockArena.none
    fileprivate var last = BlockArena.none
    fileprivate(set) var count = 0
  }

  deinit { for slab in slabs { slab.deallocate() } }

  /// Bytes of memory that the slabs take up.
  var reserved: Int { slabs.count * Self.slabBlocks * Self.blockSize }

  /// The most blocks that so many bytes more can take.
  static func blocks(for count: Int) -> Int { count / payload + 1 }

  func append(_ source: UnsafePointer<UInt8>, _ count: Int, to stream: inout Stream) {
    var done = 0
    while done < count {
      let offset = stream.count % Self.payload
      if offset == 0 { extend(&stream) }
      let piece = min(count - done, Self.payload - offset)
      (address(stream.last) + 4 + offset).copyMemory(from: source + done, byteCount: piece)
      done += piece
      stream.count += piece
    }
  }

  /// Hands out the pieces of a stream, in order.
  func read(_ stream: Stream, _ body: (UnsafePointer<UInt8>, Int) -> Void) {
    var block = stream.first
    var left = stream.count
    while left > 0 {
      let start = address(block)
      let piece = min(left, Self.payload)
      body(UnsafePointer((start + 4).assumingMemoryBound(to: UInt8.self)), piece)
      left -= piece
      block = start.load(as: UInt32.self)
    }
  }

  /// Gives back all blocks of a stream.
  func free(_ stream: consuming Stream) {
    guard stream.count > 0 else { return }
    address(stream.last).storeBytes(of: firstFree, as: UInt32.self)
    firstFree = stream.first
    used -= (stream.count + Self.payload - 1) / Self.payload
    if used == 0 { release() }
  }

  private func extend(_ stream: inout Stream) {
    let block = allocate()
    if stream.count == 0 {
      stream.first = block
    } else {
      address(stream.last).storeBytes(of: block, as: UInt32.self)
    }
    stream.last = block
  }

  private func allocate() -> UInt32 {
    used += 1
    if firstFree != Self.none {
      let block = firstFree
      firstFree = address(block).load(as: UInt32.self)
      return block
    }
    if touched == slabs.count * Self.slabBlocks {
      slabs.append(.allocate(byteCount: Self.slabBlocks * Self.blockSize, alignment: 16))
    }
    touched += 1
    return UInt32(touched - 1)
  }

  /// After a peak the memory goes back to the system, but for one slab.
  private func release() {
    for slab in slabs.dropFirst() { slab.deallocate() }
    slabs = Array(slabs.prefix(1))
    firstFree = Self.none
    touched = 0
  }

  private func address(_ block: UInt32) -> UnsafeMutableRawPointer {
    slabs[Int(block) / Self.slabBlocks] + Int(block) % Self.slabBlocks * Self.blockSize
  }
}
