internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// A connection of OTLP/HTTP that is watched by a timer.
struct TimedHTTPChannel: ServerChildChannel {
  typealias Value = HTTP1Channel.Value

  private let base: HTTP1Channel
  private let gatekeeper: Gatekeeper

  init(_ base: HTTP1Channel, _ gatekeeper: Gatekeeper) {
    self.base = base
    self.gatekeeper = gatekeeper
  }

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    // After TLS, if there is any, and before HTTP: it sees the bytes of requests.
    channel.eventLoop.makeCompletedFuture {
      try channel.allowLargeReads()
      try channel.pipeline.syncOperations.addHandler(HTTPConnectionTimer(gatekeeper))
    }.flatMap { [base] in base.setup(channel: channel, logger: logger) }
  }

  func handle(value: Value, logger: Logger) async {
    await withTaskExecutorPreference(EventLoopTaskExecutor(value.channel.eventLoop)) {
      await base.handle(value: value, logger: logger)
    }
  }
}
