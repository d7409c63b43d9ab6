internal import ProcessorHost
internal import Synchronization
internal import Testing

@Suite("Queue of an exporter")
struct ExportQueueTests {
  @Test("one that is not required loses batches when it is full, and counts them")
  func full() async {
    let rig = DeliveryRig(isRequired: false, spans: 10) { _, _ in .exported }
    for start in [0, 6, 12] { rig.queue.offer(NamedSpans.batch(start..<start + 6)) }
    #expect(rig.queue.account.inside == 12, "the last one that is taken may overshoot")
    #expect(rig.queue.account.lost == [.queueFull: 6] && rig.observer.lost == [.queueFull: 6])
    await rig.deliver(NamedSpans.batch(18..<19))
    #expect(rig.exporter.exported == NamedSpans.names(0..<12))
    #expect(rig.queue.account.received == 19 && rig.queue.account.lost == [.queueFull: 7])
  }

  @Test("one that is required takes what was admitted, full or not")
  func required() async {
    let rig = DeliveryRig(isRequired: true, spans: 10) { _, _ in .exported }
    for start in [0, 6, 12] { rig.queue.offer(NamedSpans.batch(start..<start + 6)) }
    #expect(rig.queue.account.inside == 18)
    await rig.deliver()
    #expect(rig.exporter.exported == NamedSpans.names(0..<18))
  }

  @Test("bytes fill it as spans do")
  func bytes() {
    let batch = NamedSpans.batch(0..<2)
    let queue = ExportQueue(
      ScriptedExporter { _, _ in .exported }, isRequired: false,
      limits: ExportQueue.Limits(bytes: batch.request.count + 1))
    for _ in 0..<3 { queue.offer(batch) }
    #expect(queue.account.inside == 4 && queue.account.lost == [.queueFull: 2])
    #expect(queue.account.insideBytes == 2 * batch.request.count)
  }

  @Test("as many requests are on their way as it is told, and no more", arguments: [1, 3])
  func concurrency(limit: Int) async {
    let underWay = Mutex((now: 0, most: 0))
    let rig = DeliveryRig(concurrency: limit) { _, _ in
      underWay.withLock { count in
        count.now += 1
        count.most = max(count.most, count.now)
      }
      await eventually { underWay.withLock { $0.most } >= limit }
      for _ in 0..<20 { await Task.yield() }
      underWay.withLock { $0.now -= 1 }
      return .exported
    }
    for start in 0..<12 { rig.queue.offer(NamedSpans.batch(start..<start + 1)) }
    await rig.deliver()
    #expect(underWay.withLock { $0.most } == limit)
    #expect(Set(rig.exporter.exported) == Set(NamedSpans.names(0..<12)) && rig.exporter.attempts.count == 12)
  }

  @Test("closing sends what is left, and waits between attempts become short")
  func closing() async {
    let rig = DeliveryRig { _, number in number < 4 ? .retry("busy", after: .seconds(60)) : .exported }
    await rig.run {
      rig.queue.offer(NamedSpans.batch(0..<3))
      await eventually { !rig.exporter.attempts.isEmpty }
      rig.queue.offer(NamedSpans.batch(3..<6))
    }
    #expect(rig.exporter.exported == NamedSpans.names(0..<6))
    // The wait that was under way when it was closed may have been slept through by the clock already.
    for wait in rig.waits.dropFirst(2) { #expect(wait <= .seconds(1)) }
    #expect(rig.queue.account.exported == 6 && rig.queue.account.isBalanced)
  }

  @Test("what comes after the end is lost, and counted")
  func afterEnd() async {
    let rig = DeliveryRig { _, _ in .exported }
    await rig.deliver(NamedSpans.batch(0..<3))
    rig.queue.offer(NamedSpans.batch(3..<5))
    #expect(rig.queue.account.lost == [.shutdown: 2] && rig.queue.account.isBalanced)
  }

  @Test("cancelling counts everything that is left: waiting, on its way, and in parts not yet tried")
  func cancelled() async {
    let rig = DeliveryRig { names, _ in
      if names.count > 2 { return .tooLarge("413") }
      try? await Task.sleep(for: .seconds(3600))
      return .retry("cancelled")
    }
    for start in [0, 4, 8] { rig.queue.offer(NamedSpans.batch(start..<start + 4)) }
    let running = Task { await rig.queue.run() }
    await eventually { rig.exporter.attempts.count >= 2 }
    running.cancel()
    await running.value
    #expect(rig.queue.account.lost == [.shutdown: 12] && rig.observer.lost == [.shutdown: 12])
    #expect(rig.exporter.attempts.count == 2, "nothing is tried once the time is over")
    #expect(rig.queue.account.isBalanced && rig.queue.account.insideBytes == 0 && rig.exporter.wasShutDown)
  }

  @Test("cancelling says of spans without an answer that the backend may have them")
  func cancelledUncertain() async {
    let rig = DeliveryRig { _, _ in
      try? await Task.sleep(for: .seconds(3600))
      return .uncertain("cancelled")
    }
    rig.queue.offer(NamedSpans.batch(0..<4))
    let running = Task { await rig.queue.run() }
    await eventually { !rig.exporter.attempts.isEmpty }
    running.cancel()
    await running.value
    #expect(rig.queue.account.lost == [.unanswered: 4] && rig.queue.account.uncertain == 0)
  }

  @Test("the account balances at every moment, whatever becomes of the batches", arguments: 0..<4)
  func balance(seed: UInt64) async {
    let random = Mutex(FixedRandom(state: seed))
    let rig = DeliveryRig(isRequired: false, spans: 60, concurrency: 3) { names, _ in
      await Task.yield()
      return random.withLock { random in
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .retry("busy")
        case 1: .uncertain("cut")
        case 2: .tooLarge("413")
        case 3: .invalid("400")
        case 4: .partial(rejected: 1, message: "one")
        case 5: .refused("401")
        default: .exported
        }
      }
    }
    let offered = 4 * 50 * 7
    await rig.run {
      await withTaskGroup(of: Void.self) { group in
        for task in 0..<4 {
          group.addTask {
            for index in 0..<50 {
              let start = (task * 50 + index) * 7
              rig.queue.offer(NamedSpans.batch(start..<start + 7))
              let account = rig.queue.account
              #expect(account.isBalanced && account.uncertain >= 0 && account.uncertain <= account.inside)
              #expect(account.insideBytes >= 0)
              await Task.yield()
            }
          }
        }
      }
    }
    let account = rig.queue.account
    #expect(account.received == offered && account.inside == 0 && account.insideBytes == 0 && account.uncertain == 0)
    #expect(account.isBalanced && account.attempts == rig.exporter.attempts.count)
    #expect(account.lost == rig.observer.lost)
    #expect(account.refused == rig.observer.refused.values.reduce(0, +))
  }
}
