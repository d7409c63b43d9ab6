/// What the door refused, and where.
///
/// The description never holds a byte of the span's content.
public struct DoorRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  /// How much was refused.
  public enum Extent: Sendable, Equatable {
    /// One span; its neighbours went in.
    case span
    /// A `ScopeSpans` or `ResourceSpans` with all its spans.
    case container
    /// Everything from the offset to the end of the request.
    case rest
  }

  /// How much was refused.
  public var extent: Extent
  /// The offset in the request of the byte where reading stopped.
  public var offset: Int
  /// What was expected and what was found.
  public var reason: String

  /// A refusal of `extent`, at `offset` bytes into the request.
  public init(extent: Extent, offset: Int, reason: String) {
    self.extent = extent
    self.offset = offset
    self.reason = reason
  }

  /// The refusal as a sentence, with the offset.
  public var description: String {
    let what =
      switch extent {
      case .span: "a span"
      case .container: "a group of spans"
      case .rest: "the rest of the request"
      }
    return "refused \(what) at offset \(offset): \(reason)"
  }
}

/// What the door put right on the way in, each a count.
public struct DoorNotes: Sendable, Equatable {
  /// Singular fields that were given more than once: the last wins, messages merge.
  public var repeatedFields = 0
  /// `AnyValue`s with several members of their oneof: the last wins.
  public var oneofConflicts = 0
  /// Groups, a form that OTLP never uses: dropped.
  public var groups = 0
  /// Strings that were not UTF-8: ill-formed parts became U+FFFD.
  public var invalidStrings = 0
  /// Containers whose own fields stood between their children: moved before them.
  public var reorderedContainers = 0
  /// Unknown fields beside `resource_spans`, for which a batch has no place: dropped.
  public var unknownRequestFields = 0

  /// Nothing put right.
  public init() {}

  /// Whether the request was canonical as it came.
  public var isClean: Bool { self == DoorNotes() }

  /// Adds the counts of another request.
  public static func += (left: inout DoorNotes, right: DoorNotes) {
    left.repeatedFields += right.repeatedFields
    left.oneofConflicts += right.oneofConflicts
    left.groups += right.groups
    left.invalidStrings += right.invalidStrings
    left.reorderedContainers += right.reorderedContainers
    left.unknownRequestFields += right.unknownRequestFields
  }
}
