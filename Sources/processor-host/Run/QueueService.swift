internal import ProcessorHost
internal import ServiceLifecycle

/// The queue and its exporters as a service: when the host is to end, what is inside is sent first.
///
/// Receivers stand behind it in the group, so that they have ended, and answered everything, before it does.
struct QueueService: Service {
  let intake: SpanIntake
  let queue: SpanQueue

  func run() async {
    await withGracefulShutdownHandler {
      await queue.run()
    } onGracefulShutdown: {
      intake.close()
      queue.close()
    }
  }
}

/// The traces that are held, as a service: when the host is to end, all of them are decided before the queue is sent empty.
struct TraceService: Service {
  let host: SpanProcessorHost

  func run() async {
    await cancelWhenGracefulShutdown { await host.runTraces() }
    await host.drainTraces()
  }
}

/// The watch on the rules directory, and on what comes of its edits, as a service.
struct ReloadService: Service {
  /// Nil where the rules are not on disk.
  let reloader: RuleReloader?
  let probation: RuleProbation

  func run() async throws {
    guard let reloader else { return try await gracefulShutdown() }
    await cancelWhenGracefulShutdown {
      async let watching: Void = probation.run(reloader)
      await reloader.run()
      await watching
    }
  }
}
