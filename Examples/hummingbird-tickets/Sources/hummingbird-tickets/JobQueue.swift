/// Jobs in memory, first come, first served. An app would have Redis or a database here.
///
/// Each job is handed to one taker and then forgotten: one whose taker dies is lost.
actor JobQueue {
  private let limit: Int
  private var jobs: [Job] = []
  private var takers: [(id: Int, continuation: CheckedContinuation<Job?, Never>)] = []
  private var adders: [CheckedContinuation<Void, Never>] = []
  private var lastTaker = 0

  /// - Parameter limit: how many jobs wait at most.
  init(limit: Int) { self.limit = limit }

  /// Adds a job; waits for room where there is none, so that the caller of the webhook goes no faster than the worker.
  func add(_ job: Job) async {
    while jobs.count >= limit { await withCheckedContinuation { adders.append($0) } }
    if takers.isEmpty {
      jobs.append(job)
    } else {
      takers.removeFirst().continuation.resume(returning: job)
    }
  }

  /// The next job; nil where none comes in time.
  func take(within time: Duration) async -> Job? {
    if !jobs.isEmpty {
      defer { if !adders.isEmpty { adders.removeFirst().resume() } }
      return jobs.removeFirst()
    }
    lastTaker += 1
    let id = lastTaker
    let timer = Task {
      try? await Task.sleep(for: time)
      giveUp(id)
    }
    defer { timer.cancel() }
    return await withCheckedContinuation { takers.append((id, $0)) }
  }

  private func giveUp(_ id: Int) {
    guard let index = takers.firstIndex(where: { $0.id == id }) else { return }
    takers.remove(at: index).continuation.resume(returning: nil)
  }
}
