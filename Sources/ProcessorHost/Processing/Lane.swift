internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// A thread of the host's own, with a stack large enough for whatever Lua does.
///
/// Building one error message can take 6 MiB of stack in Lua 5.4.0 to 5.4.6, so everything that enters Lua runs on a
/// lane, never on Swift's cooperative pool or an event loop. The stack is reserved, not touched. Work runs in the order
/// it was handed over.
package final class Lane: Sendable {
  package static let stackSize = 8 << 20

  private let mailbox = Mailbox()

  package init() throws(LaneError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, Self.stackSize)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // The thread owns one reference to the mailbox and lets go of it when it ends.
    let context = Unmanaged.passRetained(mailbox).toOpaque()
    #if canImport(Darwin)
      var thread: pthread_t?
      let status = pthread_create(&thread, &attributes, { laneMain($0) }, context)
    #else
      var thread = pthread_t()
      let status = pthread_create(&thread, &attributes, { laneMain($0) }, context)
    #endif
    if status != 0 {
      Unmanaged<Mailbox>.fromOpaque(context).release()
      throw LaneError(status: status)
    }
  }

  deinit { mailbox.close() }

  /// Runs `work` on the lane and waits for it without blocking a thread.
  package func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
      mailbox.put { continuation.resume(returning: work()) }
    }
  }

  /// Runs `work` on the lane and blocks the calling thread until it is done; for tools and tests.
  package func runAndWait<Result: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let box = OutcomeBox<Result, Failure>()
    let done = Mailbox()
    mailbox.put {
      do throws(Failure) { box.put(.success(try work())) } catch { box.put(.failure(error)) }
      done.put {}
    }
    _ = done.take()
    guard let result = box.take() else { preconditionFailure("the lane answered without a result") }
    return try result.get()
  }
}

/// The lane's thread could not be made.
package struct LaneError: Error, Sendable, CustomStringConvertible {
  package var status: Int32

  package var description: String {
    "a thread with a stack of \(Lane.stackSize >> 20) MiB could not be started (error \(status)); "
      + "is there a limit on memory or threads?"
  }
}

/// Carries one result from the lane to whoever waits.
private final class OutcomeBox<Value: Sendable, Failure: Error>: Sendable {
  private let result = Mutex<Swift.Result<Value, Failure>?>(nil)

  func put(_ value: Swift.Result<Value, Failure>) { result.withLock { $0 = value } }
  func take() -> Swift.Result<Value, Failure>? { result.withLock { $0 } }
}

private func laneMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let context else { return nil }
  let mailbox = Unmanaged<Mailbox>.fromOpaque(context).takeRetainedValue()
  while let work = mailbox.take() { work() }
  return nil
}

/// A queue of work with a thread waiting at its end.
///
/// `@unchecked Sendable`: `queue`, `taken` and `isClosed` are touched only between `pthread_mutex_lock` and `unlock`; the mutex
/// and the condition are allocated once and never move.
private final class Mailbox: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var queue: [@Sendable () -> Void] = []
  /// How many of `queue` have been taken; they are given back together, so that taking one does not move all others.
  private var taken = 0
  private var isClosed = false

  init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(condition)
    mutex.deallocate()
    condition.deallocate()
  }

  func put(_ work: @escaping @Sendable () -> Void) {
    pthread_mutex_lock(mutex)
    queue.append(work)
    pthread_cond_signal(condition)
    pthread_mutex_unlock(mutex)
  }

  /// The next piece of work, or nil once the mailbox is closed and empty.
  func take() -> (@Sendable () -> Void)? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while taken == queue.count {
      if isClosed { return nil }
      pthread_cond_wait(condition, mutex)
    }
    let work = queue[taken]
    queue[taken] = {}
    taken += 1
    if taken * 2 >= queue.count {
      queue.removeFirst(taken)
      taken = 0
    }
    return work
  }

  func close() {
    pthread_mutex_lock(mutex)
    isClosed = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }
}
