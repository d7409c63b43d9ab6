internal import Foundation
internal import Synchronization

/// Threads that compute for nothing, to make a machine busy.
final class BusyMachine: Sendable {
  private let isStopped = Atomic<Bool>(false)

  init(threads: Int) {
    for _ in 0..<threads {
      Thread.detachNewThread { [self] in
        var number: UInt64 = 1
        while !isStopped.load(ordering: .relaxed) {
          for _ in 0..<10_000 { number = number &* 6_364_136_223_846_793_005 &+ 1 }
        }
        withExtendedLifetime(number) {}
      }
    }
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }
}
