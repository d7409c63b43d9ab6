internal import Synchronization
public import Tracing

/// A span of the app, from start to end. OpenTelemetry specification: Trace API, Span.
///
/// Any number of tasks may use it at a time. Once it has ended, or where it is not recorded, changes are ignored.
public final class HostSpan: Sendable {
  /// What of the span travels.
  public let spanContext: SpanContext
  /// The span in whose context it was started; nil for the root of a trace.
  public let parent: SpanContext?
  /// The kind of the span.
  public let kind: Tracing.SpanKind
  /// When it was started, in nanoseconds since 1970.
  public let startTimeUnixNano: UInt64
  /// Where it goes when it ends; nil where it is not recorded.
  private let recorder: SpanRecorder?
  /// Set before the content is taken. Whoever changes something looks at it when nobody else can take the content.
  private let hasEnded = Atomic(false)
  /// Nil where the span is not recorded.
  private let live: LiveAttributes?
  private let state: Mutex<State>

  private struct State {
    /// The context in which it was started. It holds the parent span, so it is let go of at the end: a chain of spans, each
    /// started in the one before, would otherwise keep all of them.
    var base: InstrumentationContext
    var content: SpanContent
  }

  init(
    _ spanContext: SpanContext, parent: SpanContext?, in base: InstrumentationContext, name: String,
    kind: Tracing.SpanKind, startTimeUnixNano: UInt64, recorder: SpanRecorder?
  ) {
    self.spanContext = spanContext
    self.parent = parent
    self.kind = kind
    self.startTimeUnixNano = startTimeUnixNano
    self.recorder = recorder
    live = recorder == nil ? nil : LiveAttributes()
    state = Mutex(State(base: base, content: SpanContent(name: name)))
  }

  /// Changes the content, where there is any to be changed.
  private func change(_ body: (inout SpanContent, SpanLimits) -> Void) {
    guard let recorder else { return }
    state.withLock { state in
      if isRecording { body(&state.content, recorder.limits) }
    }
  }
}

extension HostSpan: Tracing.Span {
  /// The context for what happens inside the span: the one that it was started in, with the span.
  public var context: InstrumentationContext {
    var context = state.withLock(\.base)
    context[SpanReferenceKey.self] = .local(self)
    return context
  }

  /// The span's name.
  public var operationName: String {
    get { state.withLock(\.content.name) }
    set { change { content, _ in content.name = newValue } }
  }

  /// Whether what is set on it goes anywhere: false for a span that is not recorded, and for one that has ended.
  public var isRecording: Bool { recorder != nil && !hasEnded.load(ordering: .acquiring) }

  /// The attributes; empty once the span has ended.
  ///
  /// Of what exceeds the limit, those stay that were there before.
  public var attributes: SpanAttributes {
    get { live?.copy() ?? .none }
    set {
      guard let recorder, let live else { return }
      live.change(limit: recorder.limits.attributeCount, unless: hasEnded) { $0 = newValue }
    }
    _modify {
      // Where they lie: a copy for each attribute that is set would cost more than all else.
      if let recorder, let live, live.begin(unless: hasEnded) {
        let before = live.beforeChange(limit: recorder.limits.attributeCount)
        yield &live.attributes
        live.apply(limit: recorder.limits.attributeCount, before: before)
        live.end()
      } else {
        var ignored = SpanAttributes.none
        yield &ignored
      }
    }
  }

  /// Says how what the span stands for went. `ok` is final; an error may be replaced.
  public func setStatus(_ status: SpanStatus) {
    change { content, _ in
      if content.status?.code != .ok { content.status = status }
    }
  }

  /// Adds something that happened.
  public func addEvent(_ event: Tracing.SpanEvent) {
    change { content, limits in content.add(event, limits) }
  }

  /// Adds an event `exception` with the error's type, message and where it was recorded. OpenTelemetry semantic
  /// conventions: Exceptions on spans.
  ///
  /// The message is the error's description. It passes the rules like all else.
  public func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    guard let recorder, isRecording else { return }
    addEvent(ExceptionEvent.make(error, attributes, at: instant(), stackTraces: recorder.recordsStackTraces))
  }

  /// Adds a pointer to another span. One to a context without a valid span is left out.
  public func addLink(_ link: Tracing.SpanLink) {
    guard let target = link.context.spanContext, target.isValid else { return }
    change { content, limits in content.add(RecordedLink(target: target, attributes: link.attributes), limits) }
  }

  /// Ends the span and hands it on. Only the first call counts.
  public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    if hasEnded.exchange(true, ordering: .acquiringAndReleasing) { return }
    guard let recorder, let live else { return state.withLock { $0.base.removeSpan() } }
    let time = instant().nanosecondsSinceEpoch
    var content = SpanContent(name: "")
    state.withLock { state in
      state.base.removeSpan()
      content.name = state.content.name
      swap(&content, &state.content)
    }
    recorder.record(self, content, live.take(), endTimeUnixNano: time)
  }
}

extension InstrumentationContext {
  /// Leaves the span out. Costs nothing where there is nothing else, which is most often so.
  fileprivate mutating func removeSpan() {
    if count <= 1, self[SpanReferenceKey.self] != nil {
      self = .topLevel
    } else {
      self[SpanReferenceKey.self] = nil
    }
  }
}
