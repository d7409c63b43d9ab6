/// What a candidate would change at one place, and how often it would have.
package struct ShadowChange: Sendable, Equatable, Codable {
  /// How it would change.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    /// Characters of what came could be read that cannot be now.
    case newlyVisible = "newly visible"
    /// Spans would leave that do not.
    case newlyKept = "newly kept"
    /// Characters of what came could no longer be read.
    case newlyHidden = "newly hidden"
    /// Spans would no longer leave.
    case newlyDropped = "newly dropped"
    /// A rule of the candidate fails, or is not called as it keeps failing, and none of the rules in force does there.
    case newlyFailing = "newly failing"
    case noLongerFailing = "no longer failing"
    /// Rules would write something where now nothing stands.
    case added
    /// What rules write now would not be written.
    case removed
    /// Rules would write something else.
    case changed
    case nameChanged = "name changed"
    case statusChanged = "status changed"

    /// The kind as the label of a metric.
    package var label: String { rawValue.replacing(" ", with: "_") }
  }

  package var kind: Kind
  /// Where: `attributes.http.url`. What the rules in force hide in a key is not shown, nor a key that a rule made up.
  /// `span` for the span as a whole, `other` for whatever came when the table was full.
  package var path: String
  /// Which step of which rule does it, or the rule, or the reason of a drop; empty where it is not known.
  package var reason: String
  /// In how many spans.
  package var spans = 0
  /// How many bytes of text in all.
  package var amount = 0
  /// Which characters: letters, digits, other; in alphabetical order.
  package private(set) var characters: [String] = []

  /// What is counted together.
  struct Place: Hashable {
    var kind: Kind
    var path: String
    var reason: String
  }

  var place: Place { Place(kind: kind, path: path, reason: reason) }

  package init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }

  /// Adds a number of bytes, and which characters they are.
  package mutating func add(_ amount: Int, _ characters: some Sequence<String>) {
    self.amount += amount
    self.characters = Set(self.characters).union(characters).sorted()
  }
}

/// All that a candidate would have changed so far. Bounded: keys of spans are anybody's.
package struct ShadowTable: Sendable {
  /// The most lines, beside one for each kind that holds all others.
  package static let maximumPlaces = 256
  /// Longer paths are cut.
  package static let maximumPathLength = 160

  private var known: [ShadowChange.Place: ShadowChange] = [:]

  package init() {}

  /// What would change, the most serious first, and of one kind what happens most.
  package var changes: [ShadowChange] {
    let order = Dictionary(uniqueKeysWithValues: zip(ShadowChange.Kind.allCases, 0...))
    return known.values.sorted {
      (order[$0.kind] ?? 0, -$0.spans, $0.path, $0.reason) < (order[$1.kind] ?? 0, -$1.spans, $1.path, $1.reason)
    }
  }

  package mutating func add(_ change: ShadowChange) {
    var change = change
    if change.path.unicodeScalars.count > Self.maximumPathLength {
      change.path = String(String.UnicodeScalarView(change.path.unicodeScalars.prefix(Self.maximumPathLength))) + "..."
    }
    var place = change.place
    if known[place] == nil, known.count >= Self.maximumPlaces {
      place = ShadowChange.Place(kind: change.kind, path: "other", reason: "")
    }
    var sum = known[place] ?? ShadowChange(place.kind, path: place.path, reason: place.reason)
    sum.spans += change.spans
    sum.add(change.amount, change.characters)
    known[place] = sum
  }
}
