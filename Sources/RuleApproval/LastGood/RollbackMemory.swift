internal import Foundation
package import ProcessorHost

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Which sets of rules were rolled back, and what stays hidden until a person decides: kept on disk beside the rules that
/// ran last, so that a host which is started anew does not begin from the front.
package struct RollbackMemory: Sendable {
  /// A rollback of which nobody has decided yet what becomes of it.
  package struct Pending: Sendable, Equatable {
    /// The digest of the set that was rolled back.
    package var failed: String
    /// That of the set that has run since.
    package var running: String
    /// When, and why.
    package var time: String
    package var reason: String
    /// What either of them hides.
    package var kept: HidePolicy

    package init(failed: String, running: String, time: String, reason: String, kept: HidePolicy) {
      self.failed = failed
      self.running = running
      self.time = time
      self.reason = reason
      self.kept = kept
    }
  }

  /// A set that is not to be tried again.
  package struct Barred: Sendable, Equatable, Codable {
    package var digest: String
    package var time: String
    package var reason: String

    package init(digest: String, time: String, reason: String) {
      self.digest = digest
      self.time = time
      self.reason = reason
    }
  }

  package struct Content: Sendable, Equatable {
    package var pending: Pending?
    /// The last ones, in the order in which they were rolled back.
    package var barred: [Barred] = []

    package init() {}
  }

  private static let format = "processor-host rollback 1"

  private let path: String

  /// - Parameter folder: where the rules that ran last are kept.
  package init(in folder: String) { path = "\(folder)/rollback.json" }

  /// What was written last; nothing where nothing was.
  /// - Throws: `ApprovalError` for a file that is not such a memory: without it, what was rolled back would run, and what
  ///   was hidden would show.
  package func load() throws(ApprovalError) -> Content {
    guard let file = try SmallFile.read(path) else { return Content() }
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(file.bytes)),
      document.format == Self.format, let content = document.content
    else {
      throw ApprovalError(
        path: path,
        "expected what this host wrote about a rollback, found something else; if it is removed, rules that were rolled "
          + "back run again, and what they hid is shown")
    }
    return content
  }

  /// - Throws: `ApprovalError` where it cannot be written.
  package func save(_ content: Content) throws(ApprovalError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(Document(format: Self.format, content)), data.count < SmallFile.maximumBytes
    else {
      throw ApprovalError(path: path, "what stays hidden is too much for a file of \(SmallFile.maximumBytes) bytes")
    }
    mkdir(Folder.parent(of: path), 0o700)
    try SmallFile.replace(path, with: String(decoding: data, as: UTF8.self) + "\n", mode: 0o600)
  }

  private struct Document: Codable {
    struct Pending: Codable {
      var failed: String
      var running: String
      var time: String
      var reason: String
      var kept: [KeptStep]
    }

    var format: String
    var pending: Pending?
    var barred: [Barred]

    init(format: String, _ content: Content) {
      self.format = format
      pending = content.pending.map {
        Pending(
          failed: $0.failed, running: $0.running, time: $0.time, reason: $0.reason,
          kept: $0.kept.steps.map(KeptStep.init)
        )
      }
      barred = content.barred
    }

    /// Nil where a step is none that this version knows.
    var content: Content? {
      var content = Content()
      content.barred = barred
      guard let pending else { return content }
      let steps = pending.kept.compactMap(\.step)
      guard steps.count == pending.kept.count else { return nil }
      content.pending = RollbackMemory.Pending(
        failed: pending.failed, running: pending.running, time: pending.time, reason: pending.reason,
        kept: HidePolicy(steps))
      return content
    }
  }
}
