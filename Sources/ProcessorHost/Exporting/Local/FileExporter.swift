internal import Synchronization

/// Writes spans to a file as OTLP/JSON lines, a request each: what `processor-host process` and the collector's file
/// receiver read.
///
/// A file that would become too large is renamed to `NAME.1`, and those before it to `NAME.2` and so on. Lines are
/// whole: what could not be written to its end is taken back.
public final class FileExporter: SpanExporter {
  /// When a new file is begun, and how many old ones stay.
  public struct Rotation: Sendable, Equatable {
    /// The most bytes of a file. One request is not divided, so a single line can be longer.
    public var maximumBytes: Int
    /// How many old files are kept beside the one that is written, 0 or more.
    public var keptFiles: Int

    /// Rotation; by default 64 MiB and five old files.
    public init(maximumBytes: Int = 64 << 20, keptFiles: Int = 5) {
      self.maximumBytes = max(maximumBytes, 1)
      self.keptFiles = max(keptFiles, 0)
    }
  }

  /// The file cannot be written.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// Which file.
    public var path: String
    /// What the system says.
    public var reason: String

    /// The file and the reason.
    public var description: String { "'\(String.printable(path))' cannot be written: \(reason)" }
  }

  /// The name in logs, metrics and accounts.
  public let name: String
  private let path: String
  private let lane: Lane
  private let file: Mutex<RotatedFile>

  /// Opens the file, behind what is in it already.
  /// - Throws: `Failure` where it cannot be opened.
  public init(_ path: String, name: String = "file", rotation: Rotation = Rotation()) throws {
    self.name = name
    self.path = path
    lane = try Lane()
    do throws(OutputFailure) {
      file = Mutex(try RotatedFile(path, rotation))
    } catch {
      throw Failure(path: path, reason: "\(error)")
    }
  }

  /// Appends a line with the spans of a batch.
  public func export(_ batch: ExportBatch) async -> ExportOutcome {
    await lane.runCancellable { isCancelled in
      if isCancelled() { return .retry("the file took no more in time") }
      let output = WireBuffer(capacity: batch.request.count * 2 + 64)
      batch.request.withUnsafeBufferPointer { _ = OTLPJSONWriter.write($0, to: output) }
      output.append(UInt8(ascii: "\n"))
      do throws(OutputFailure) {
        try self.file.withLock { file throws(OutputFailure) in
          try file.append(Array(output.bytes), isCancelled: isCancelled)
        }
        return .exported
      } catch {
        return .retry("\(Failure(path: self.path, reason: "\(error)"))")
      }
    }
  }

  /// Closes the file.
  public func shutdown() async { await lane.run { self.file.withLock { $0.close() } } }
}
