internal import Foundation
internal import HostServices

/// How the configuration is read: at the start, and again while the host runs.
struct ConfigurationReading: Sendable {
  typealias Outcome = Result<ConfigurationFile?, ConfigurationErrors>

  /// The configuration file; nil where there is none.
  let path: String?
  let environment: [String: String]
  let flags: [FlagValue]

  /// How long the file has to stay the same before it is believed to be written to its end, and how many times in a row
  /// where it looks half written.
  private static let settling = Duration.milliseconds(50)
  private static let readingsOfUnfinished = 40
  /// How many times it may say something else before it is given up until the next look.
  private static let maximumReadings = 200
  /// How many links may lead to the file; the system follows no more.
  private static let maximumLinks = 40

  /// The file as it is now.
  func file() throws(ConfigurationErrors) -> ConfigurationFile? {
    guard let path else { return nil }
    do throws(ConfigurationError) { return try ConfigurationFile(path: path) } catch {
      throw ConfigurationErrors([error])
    }
  }

  /// What the file says together with variables and flags, which are those of the start.
  func resolve(_ file: ConfigurationFile?) throws(ConfigurationErrors) -> ResolvedConfiguration {
    try ResolvedConfiguration(ConfigurationSources(file: file, environment: environment, flags: flags))
  }

  /// The file once it holds still.
  /// - Parameter isTriedAgain: whether one that says what it said before is of interest.
  /// - Returns: nil where it says what it said before, or never holds still.
  func settled(since seen: Outcome, isTriedAgain: Bool) async -> Outcome? {
    var reading = Result(catching: file)
    let wasWhole = Self.isWhole(seen)
    var same = 1
    for _ in 0..<Self.maximumReadings {
      if reading == seen, !isTriedAgain { return nil }
      if same >= (wasWhole && !Self.isWhole(reading) ? Self.readingsOfUnfinished : 2) { return reading }
      do { try await Task.sleep(for: Self.settling) } catch { return nil }
      let next = Result(catching: file)
      same = next == reading ? same + 1 : 1
      reading = next
    }
    return nil
  }

  /// Whether the last line has an end, so that the file does not look half written.
  private static func isWhole(_ reading: Outcome) -> Bool { (try? reading.get())?.text.hasSuffix("\n") ?? true }

  /// Whether the file lies in a directory, as it is named, as it is reached, or by any link on the way: whichever it is,
  /// it can be written there.
  func lies(in directory: String) -> Bool {
    guard let path else { return false }
    let folder = URL(fileURLWithPath: directory)
    let folders = [folder.standardizedFileURL, folder.resolvingSymlinksInPath()].map { $0.path + "/" }
    var file = URL(fileURLWithPath: path)
    for _ in 0..<Self.maximumLinks {
      let parent = file.deletingLastPathComponent().resolvingSymlinksInPath()
      let places = [file.standardizedFileURL, parent.appendingPathComponent(file.lastPathComponent)]
      if places.contains(where: { place in folders.contains { place.path.hasPrefix($0) } }) { return true }
      guard let next = try? FileManager.default.destinationOfSymbolicLink(atPath: file.path) else { return false }
      file = next.hasPrefix("/") ? URL(fileURLWithPath: next) : parent.appendingPathComponent(next)
    }
    return true
  }
}
