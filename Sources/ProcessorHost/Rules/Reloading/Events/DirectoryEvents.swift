/// Tells that something may have changed in a rules directory, as the file system says it.
///
/// Events are hints: whoever is told looks for itself, and looks now and then without being told, since network file
/// systems tell nothing of what other machines write, and watches can be refused.
///
/// The watch is set up anew after each event, as links may lead elsewhere then and directories may have come. Who looks
/// is told after that: what changed before it is seen by that look, what changes later makes another event.
struct DirectoryEvents: Sendable {
  let path: String

  /// How long a burst of events may go on before it is told of, and the least time between two tellings.
  private static let pause: Int32 = 50
  /// How long to wait before a watch that could not be made is tried again.
  private static let retry: Int32 = 60_000

  /// Watches on a thread of its own until the task is cancelled.
  /// - Parameters:
  ///   - changed: called once the watch is there, and after each burst of events.
  ///   - refused: told once, where not everything can be watched.
  func run(changed: @escaping @Sendable () -> Void, refused: @escaping @Sendable (String) -> Void) async {
    let lane: Lane
    let wake: WakePipe
    do {
      (lane, wake) = (try Lane(), try WakePipe())
    } catch {
      return refused("\(error)")
    }
    await withTaskCancellationHandler {
      await lane.run { watch(wake, changed, refused) }
    } onCancel: {
      wake.fire()
    }
  }

  private func watch(_ wake: WakePipe, _ changed: () -> Void, _ refused: (String) -> Void) {
    var hasTold = false
    func tell(_ reason: String) {
      if !hasTold { refused(reason) }
      hasTold = true
    }
    while true {
      do throws(WatchError) {
        let watch = try SystemWatch()
        WatchedPaths(watch).add(rulesDirectory: path)
        if let refusal = watch.refusal { tell("\(refusal)") }
        changed()
        try watch.wait(until: wake)
        if wake.hasFired(within: Self.pause) { return }
      } catch {
        tell("\(error)")
        if wake.hasFired(within: Self.retry) { return }
      }
    }
  }
}
