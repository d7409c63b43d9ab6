internal import Synchronization

/// Keeps spans in memory: for the tests of apps and of hosts. OpenTelemetry specification: SDK exporters, In-memory.
public final class InMemoryExporter: SpanExporter {
  /// The name in logs, metrics and accounts.
  public let name: String
  private let batches = Mutex<[ExportBatch]>([])

  /// An exporter that has nothing yet.
  public init(name: String = "memory") { self.name = name }

  /// Keeps the spans of a batch.
  public func export(_ batch: ExportBatch) async -> ExportOutcome {
    batches.withLock { $0.append(batch) }
    return .exported
  }

  /// The requests that came, in their order: each an OTLP `ExportTraceServiceRequest`.
  public var requests: [[UInt8]] { batches.withLock { $0.map(\.request) } }

  /// How many spans came.
  public var spanCount: Int { batches.withLock { $0.reduce(0) { $0 + $1.spanCount } } }

  /// The spans that came, decoded.
  package var spans: [PlainSpan] { requests.flatMap { PlainSpan.all(in: Door().admit($0).takeBatch()) } }

  /// Forgets what came.
  public func reset() { batches.withLock { $0 = [] } }
}
