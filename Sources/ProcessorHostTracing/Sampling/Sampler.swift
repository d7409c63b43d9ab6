public import ProcessorHost
public import Tracing

/// Decides when a span starts whether it is recorded. OpenTelemetry specification: SDK, Sampler.
public protocol Sampler: Sendable {
  /// The sampler and its settings, in the specification's words: `TraceIdRatioBased{0.0001}`.
  var description: String { get }

  /// Decides on a span. Called on the thread that starts it, before anything is made for it.
  /// - Parameters:
  ///   - parent: the span context in whose context it starts; nil for the root of a trace.
  ///   - traceID: its trace: the parent's, or a new one.
  ///   - name: its name.
  ///   - kind: its kind.
  ///   - attributes: those that are known when it starts; swift-distributed-tracing gives none.
  func shouldSample(
    parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
  ) -> SamplingResult
}

/// What a sampler decided.
public struct SamplingResult: Sendable {
  /// What becomes of a span.
  public enum Decision: Sendable {
    /// Nothing is recorded.
    case drop
    /// It is recorded for processors in the app, and neither exported nor marked as sampled.
    case recordOnly
    /// It is recorded and exported.
    case recordAndSample
  }

  /// What becomes of the span.
  public var decision: Decision
  /// Attributes that the span begins with.
  public var attributes: SpanAttributes
  /// The trace state that the span goes on with.
  public var traceState: TraceState

  /// A result.
  /// - Parameters:
  ///   - decision: what becomes of the span.
  ///   - attributes: what the span begins with.
  ///   - traceState: the parent's, where the sampler has nothing to add.
  public init(_ decision: Decision, attributes: SpanAttributes, traceState: TraceState = TraceState()) {
    self.decision = decision
    self.attributes = attributes
    self.traceState = traceState
  }

  /// A result without attributes.
  /// - Parameters:
  ///   - decision: what becomes of the span.
  ///   - traceState: the parent's, where the sampler has nothing to add.
  public init(_ decision: Decision, traceState: TraceState = TraceState()) {
    self.init(decision, attributes: .none, traceState: traceState)
  }
}
