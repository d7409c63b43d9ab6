internal import AsyncHTTPClient
internal import NIOCore

extension HTTPClientResponse {
  /// The body, where it comes in time and is not longer than one may be; nil otherwise.
  func body(upTo limit: Int, until deadline: NIODeadline) async -> [UInt8]? {
    await withTaskGroup(of: [UInt8]?.self) { group in
      group.addTask {
        guard let body = try? await body.collect(upTo: limit) else { return nil }
        return Array(body.readableBytesView)
      }
      group.addTask {
        try? await Task.sleep(for: .nanoseconds((deadline - .now()).nanoseconds))
        return nil
      }
      let first = await group.next() ?? nil
      group.cancelAll()
      return first
    }
  }
}
