internal import Synchronization

extension Lane {
  /// Runs work that waits for the outside on the lane; the work can ask whether its task has been cancelled.
  func runCancellable<Result: Sendable>(
    _ work: @escaping @Sendable (_ isCancelled: () -> Bool) -> Result
  ) async -> Result {
    let cancellation = Cancellation()
    return await withTaskCancellationHandler {
      await run { work { cancellation.flag.load(ordering: .relaxed) } }
    } onCancel: {
      cancellation.flag.store(true, ordering: .relaxed)
    }
  }
}

private final class Cancellation: Sendable {
  let flag = Atomic(false)
}
