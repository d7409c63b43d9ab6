/// What an app sends along with a request, through all services that it passes. OpenTelemetry specification: Baggage API;
/// W3C Baggage.
///
/// It goes to every service that is called: nothing secret belongs in it. It is not recorded with spans.
public struct Baggage: Sendable, Hashable {
  /// A name with its value.
  public struct Entry: Sendable, Hashable {
    /// The name. Any text; only names that are tokens of HTTP (RFC 9110, Tokens) travel.
    public var name: String
    /// The value: any text.
    public var value: String
    /// Properties as W3C writes them, `key=value` or `key`, separated by semicolons; empty where there are none. Opaque
    /// here.
    public var metadata: String

    /// An entry of these parts.
    public init(name: String, value: String, metadata: String = "") {
      self.name = name
      self.value = value
      self.metadata = metadata
    }
  }

  /// The entries, each name once, in the order in which the names came.
  public private(set) var entries: [Entry] = []

  /// No baggage.
  public init() {}

  /// Baggage of these entries; of several with the same name the last counts.
  public init(_ entries: some Sequence<Entry>) {
    for entry in entries { set(entry) }
  }

  /// Whether there are no entries.
  public var isEmpty: Bool { entries.isEmpty }

  /// The value of a name, which is case-sensitive; setting nil removes the entry, and setting another value its metadata.
  public subscript(_ name: String) -> String? {
    get { entry(name)?.value }
    set {
      guard let newValue else { return remove(name) }
      set(Entry(name: name, value: newValue))
    }
  }

  /// The entry of a name.
  public func entry(_ name: String) -> Entry? { index(of: name).map { entries[$0] } }

  /// Sets an entry; one of the same name is replaced where it stands. An entry without a name is ignored.
  public mutating func set(_ entry: Entry) {
    if entry.name.isEmpty { return }
    if let index = index(of: entry.name) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
  }

  /// Removes the entry of a name.
  public mutating func remove(_ name: String) {
    if let index = index(of: name) { entries.remove(at: index) }
  }

  private func index(of name: String) -> Int? { entries.firstIndex { $0.name == name } }
}
