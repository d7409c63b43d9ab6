internal import NIOCore

extension Channel {
  /// Lets a connection read up to 256 KiB at a time; NIO's own most is 64 KiB, and a batch of 512 spans has some 350.
  /// To be called on the channel's event loop.
  func allowLargeReads() throws {
    let allocator = AdaptiveRecvByteBufferAllocator(minimum: 1 << 10, initial: 1 << 14, maximum: 1 << 18)
    try syncOptions?.setOption(.recvAllocator, value: allocator)
  }
}
