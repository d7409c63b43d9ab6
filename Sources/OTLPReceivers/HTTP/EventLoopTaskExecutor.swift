internal import NIOCore

/// Runs the tasks of a connection on the event loop that the connection lives on.
///
/// Otherwise every piece of a body wakes a thread of Swift's pool and is handed over to it: on one core that took a
/// sixth of the host's time. What runs here holds up the other connections of the
/// loop: it must not wait, and what is unpacked at a time is at most a piece of a body. Rules run on lanes of their own.
final class EventLoopTaskExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
