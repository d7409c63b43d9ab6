package import ProcessorHost

/// All secrets of one kind at one place of the spans of a recording.
package struct ScanFinding: Sendable, Equatable {
  /// Where they stand, and what they are.
  package struct Place: Sendable, Hashable {
    package var surface: HideSurface
    /// The attribute's key, then those of the maps inside its value, joined with dots; nil where there is none.
    package var key: String?
    /// The kind: the name of the detector, or `words`.
    package var detector: String
  }

  /// A span in which one of them stood, to look it up.
  package struct Example: Sendable, Equatable {
    /// The span's name as it may be shown, with what was found in it hidden.
    package var name: String
    package var traceID: TraceID

    package init(name: String, traceID: TraceID) {
      self.name = name
      self.traceID = traceID
    }
  }

  package var place: Place
  /// How many there are. In a resource or a scope they count once for all spans that share it.
  package var hits = 0
  /// In how many spans; 0 for those in a resource or a scope.
  package var spans = 0
  /// In how many traces; 0 for those in a resource or a scope.
  package var traces = 0
  /// The first of them, masked.
  package var sample: String
  /// The first span that has one; nil where a resource or a scope came without spans.
  package var example: Example?
}

extension ScanFinding: Comparable {
  /// Those that weigh most first, then those of which there are most.
  package static func < (left: Self, right: Self) -> Bool {
    let (leftWeight, rightWeight) = (left.place.weight, right.place.weight)
    if leftWeight != rightWeight { return leftWeight < rightWeight }
    if left.hits != right.hits { return left.hits > right.hits }
    if left.place.surface != right.place.surface { return left.place.surface < right.place.surface }
    return (left.place.key ?? "") < (right.place.key ?? "")
  }
}

extension ScanFinding.Place {
  fileprivate var weight: Int { ScanPolicy.kinds.firstIndex(of: detector) ?? ScanPolicy.kinds.count }
}
