internal import NIOCore

/// Gives up a connection whose other end has silently gone.
///
/// All requests share one HTTP/2 connection, so one that is dead would let every attempt run into its timeout, for as
/// long as the system repeats packets: a quarter of an hour. Pings of HTTP/2 would find it too, but servers close
/// connections that send them more than once in five minutes.
enum ConnectionTimeout {
  /// How long what was sent may stay without an acknowledgement, in milliseconds.
  private static let milliseconds = 20_000

  /// Best effort: a system that does not know the option keeps its own time.
  static func set(on channel: any Channel) -> EventLoopFuture<Void> {
    #if os(Linux)
      // TCP_USER_TIMEOUT of <linux/tcp.h>; RFC 5482.
      let option = ChannelOptions.Types.SocketOption(level: .tcp, name: .init(rawValue: 18))
      return channel.setOption(option, value: milliseconds).flatMapError { _ in
        channel.eventLoop.makeSucceededVoidFuture()
      }
    #else
      return channel.eventLoop.makeSucceededVoidFuture()
    #endif
  }
}
