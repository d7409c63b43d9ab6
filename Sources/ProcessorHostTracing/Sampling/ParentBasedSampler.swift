public import ProcessorHost
public import Tracing

/// Does as the parent did, so that traces are whole; a sampler of choice decides where a trace begins. OpenTelemetry
/// specification: SDK, ParentBased.
public struct ParentBasedSampler: Sampler {
  /// Decides on the root of a trace.
  public let root: any Sampler
  /// Decides where the parent is in another process, and sampled.
  public let remoteParentSampled: any Sampler
  /// Decides where the parent is in another process, and not sampled.
  public let remoteParentNotSampled: any Sampler
  /// Decides where the parent is in this process, and sampled.
  public let localParentSampled: any Sampler
  /// Decides where the parent is in this process, and not sampled.
  public let localParentNotSampled: any Sampler

  /// A sampler that leaves roots to `root`, and by default does as the parent did everywhere else.
  public init(
    root: any Sampler, remoteParentSampled: any Sampler = AlwaysOnSampler(),
    remoteParentNotSampled: any Sampler = AlwaysOffSampler(), localParentSampled: any Sampler = AlwaysOnSampler(),
    localParentNotSampled: any Sampler = AlwaysOffSampler()
  ) {
    self.root = root
    self.remoteParentSampled = remoteParentSampled
    self.remoteParentNotSampled = remoteParentNotSampled
    self.localParentSampled = localParentSampled
    self.localParentNotSampled = localParentNotSampled
  }

  /// `ParentBased{root:AlwaysOnSampler,…}`, with all five.
  public var description: String {
    "ParentBased{root:\(root.description),remoteParentSampled:\(remoteParentSampled.description),"
      + "remoteParentNotSampled:\(remoteParentNotSampled.description),"
      + "localParentSampled:\(localParentSampled.description),"
      + "localParentNotSampled:\(localParentNotSampled.description)}"
  }

  /// Asks the sampler whose case it is.
  ///
  /// A sampled parent can come with a threshold of consistent probability sampling that its trace's randomness does not
  /// reach: somebody sampled it for another reason and did not say so. As the specification asks, such a threshold does
  /// not go on.
  public func shouldSample(
    parent: SpanContext?, traceID: TraceID, name: String, kind: Tracing.SpanKind, attributes: SpanAttributes
  ) -> SamplingResult {
    guard let parent else {
      return root.shouldSample(parent: nil, traceID: traceID, name: name, kind: kind, attributes: attributes)
    }
    let sampler =
      switch (parent.isRemote, parent.isSampled) {
      case (true, true): remoteParentSampled
      case (true, false): remoteParentNotSampled
      case (false, true): localParentSampled
      case (false, false): localParentNotSampled
      }
    var result = sampler.shouldSample(
      parent: parent, traceID: traceID, name: name, kind: kind, attributes: attributes)
    if result.decision == .recordAndSample, !result.traceState.isConsistent(with: traceID) {
      result.traceState = result.traceState.writing(threshold: nil)
    }
    return result
  }
}
