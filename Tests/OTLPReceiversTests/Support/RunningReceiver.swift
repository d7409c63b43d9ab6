import Logging
import OTLPReceivers
import ServiceLifecycle

/// A receiver that listens, and what it is made of.
struct RunningReceiver: Sendable {
  let port: Int
  let intake: FakeIntake
  let budget: BodyBudget
  let recorder: Recorder
  let group: ServiceGroup

  /// Runs a receiver on a port of the system's for as long as `body` runs, then lets it shut down gracefully.
  static func http<Result: Sendable>(
    _ intake: FakeIntake = FakeIntake(), budget: BodyBudget = BodyBudget(),
    _ configure: (inout ReceiverConfiguration) -> Void = { _ in },
    _ body: @Sendable (RunningReceiver) async throws -> Result
  ) async throws -> Result {
    let recorder = Recorder()
    var configuration = ReceiverConfiguration(port: 0)
    configure(&configuration)
    let receiver = OTLPHTTPReceiver(
      configuration: configuration, intake: intake, budget: budget, observer: recorder, logger: recorder.logger)
    return try await run(receiver, { try await receiver.port }, intake, budget, recorder, body)
  }

  /// The same over gRPC.
  static func grpc<Result: Sendable>(
    _ intake: FakeIntake = FakeIntake(), budget: BodyBudget = BodyBudget(),
    _ configure: (inout ReceiverConfiguration) -> Void = { _ in },
    _ body: @Sendable (RunningReceiver) async throws -> Result
  ) async throws -> Result {
    let recorder = Recorder()
    var configuration = ReceiverConfiguration(port: 0)
    configure(&configuration)
    let receiver = OTLPGRPCReceiver(
      configuration: configuration, intake: intake, budget: budget, observer: recorder, logger: recorder.logger)
    return try await run(receiver, { try await receiver.port }, intake, budget, recorder, body)
  }

  private static func run<Result: Sendable>(
    _ receiver: any Service, _ port: @Sendable () async throws -> Int, _ intake: FakeIntake, _ budget: BodyBudget,
    _ recorder: Recorder, _ body: @Sendable (RunningReceiver) async throws -> Result
  ) async throws -> Result {
    let group = ServiceGroup(services: [receiver], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let running = RunningReceiver(
        port: try await port(), intake: intake, budget: budget, recorder: recorder, group: group)
      let result: Result
      do {
        result = try await body(running)
      } catch {
        intake.release()
        await group.triggerGracefulShutdown()
        throw error
      }
      intake.release()
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
      return result
    }
  }
}
