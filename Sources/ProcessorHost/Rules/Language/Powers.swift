/// What a rule's Lua code may do beyond hiding, as its `can` declares. The host enforces it at each access.
package struct Powers: Sendable, Equatable {
  /// A type that a `set` power allows for an attribute.
  package enum Settable: Sendable, Equatable {
    case boolean
    case integer
    case number
    /// One of these strings.
    case choice([String])
    /// The name of a span of the trace, as hiding left it, which the host copies: the rule gives the span.
    case spanName
  }

  /// Attribute keys that a path opens: whole keys, and beginnings for paths that end in `*`.
  package struct Keys: Sendable, Equatable {
    var exact: [[UInt8]] = []
    var prefixes: [[UInt8]] = []

    var isEmpty: Bool { exact.isEmpty && prefixes.isEmpty }

    mutating func add(_ path: Substring) {
      if path.hasSuffix("*") {
        prefixes.append(Array(path.dropLast().utf8))
      } else {
        exact.append(Array(path.utf8))
      }
    }

    @inline(__always)
    func allows(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
      for candidate in exact where WireBytes.equal(candidate, key) { return true }
      for prefix in prefixes where key.starts(with: prefix) { return true }
      return false
    }
  }

  /// The paths as `can` names them, for reports.
  package internal(set) var readPaths: [String] = []
  package internal(set) var rewritePaths: [String] = []

  /// Fields that may be read, a bit each by `SpanField`.
  var fields: UInt32 = 0
  var attributes = Keys()
  var resource = Keys()
  var scope = Keys()
  var events = false
  var links = false
  /// Fields of a trace that may be read, a bit each by `TraceField`.
  var traceFields: UInt32 = 0
  package var set: [String: Settable] = [:]
  package var sampleReasons: [String] = []
  package var dropReasons: [String] = []
  /// The attribute in which the host says for which of the rule's reasons a trace stays; nil for none.
  package var reasonAttribute: String?
  /// Fields into which free text may be written, a bit each.
  var rewriteFields: UInt32 = 0
  var rewriteAttributes = Keys()

  package init() {}

  package var isEmpty: Bool { self == Powers() }

  /// Whether the rule may do anything with a trace: what it may read alone has no effect.
  var mayDecideOrSet: Bool { !set.isEmpty || !sampleReasons.isEmpty || !dropReasons.isEmpty }

  /// Whether the rule may write free text: the power that reports show first.
  package var canRewrite: Bool { rewriteFields != 0 || !rewriteAttributes.isEmpty }
}

/// A field of a span that has a path of its own; the numbers are those of the C side's `rule_field`.
package enum SpanField: UInt32, CaseIterable, Sendable {
  case name, kind, duration, durationMilliseconds, startTime, endTime, traceID, spanID, parentSpanID, traceState, flags
  case droppedAttributesCount, droppedEventsCount, droppedLinksCount, schemaURL, resourceSchemaURL
  case statusCode, statusMessage, scopeName, scopeVersion

  /// The path by which `can` names it.
  package var path: String {
    switch self {
    case .name: "name"
    case .kind: "kind"
    case .duration: "duration"
    case .durationMilliseconds: "duration_ms"
    case .startTime: "start_time"
    case .endTime: "end_time"
    case .traceID: "trace_id"
    case .spanID: "span_id"
    case .parentSpanID: "parent_span_id"
    case .traceState: "trace_state"
    case .flags: "flags"
    case .droppedAttributesCount: "dropped_attributes_count"
    case .droppedEventsCount: "dropped_events_count"
    case .droppedLinksCount: "dropped_links_count"
    case .schemaURL: "schema_url"
    case .resourceSchemaURL: "resource_schema_url"
    case .statusCode: "status.code"
    case .statusMessage: "status.message"
    case .scopeName: "scope.name"
    case .scopeVersion: "scope.version"
    }
  }

  var bit: UInt32 { 1 << rawValue }
}

/// A field of a trace that has a path of its own; the numbers are those of the C side's `rule_trace_field`.
package enum TraceField: UInt32, CaseIterable, Sendable {
  case id, duration, durationMilliseconds, complete, spanCount, errorCount, services

  /// The path by which `can` names it.
  package var path: String {
    switch self {
    case .id: "trace.id"
    case .duration: "trace.duration"
    case .durationMilliseconds: "trace.duration_ms"
    case .complete: "trace.complete"
    case .spanCount: "trace.span_count"
    case .errorCount: "trace.error_count"
    case .services: "trace.services"
    }
  }

  var bit: UInt32 { 1 << rawValue }

  static let allBits = allCases.reduce(UInt32(0)) { $0 | $1.bit }
}
