/// A place of a span where text can stand, and in which the leak battery plants secrets.
package enum LeakSurface: String, CaseIterable, Sendable {
  case attribute
  case attributeKey = "attribute key"
  case array = "array"
  case map = "map"
  case mapKey = "map key"
  case deepMap = "map ten deep"
  case bytes = "bytes"
  case name = "span name"
  case statusMessage = "status message"
  case traceState = "trace state"
  case samplingMember = "trace state ot"
  case eventName = "event name"
  case eventAttribute = "event attribute"
  case linkAttribute = "link attribute"
  case linkTraceState = "link trace state"
  case resource = "resource attribute"
  case resourceSchema = "resource schema URL"
  case scopeName = "scope name"
  case scopeVersion = "scope version"
  case scopeAttribute = "scope attribute"
  case scopeSchema = "scope schema URL"
  case unknownField = "unknown field"

  /// Whether a secret of this kind can stand here.
  func takes(_ kind: HidePlant.Kind) -> Bool {
    switch kind {
    case .key(let key):
      switch self {
      // The member of the host has a surface of its own, and these end a key.
      case .traceState, .linkTraceState: key != "ot" && !key.utf8.contains { $0 == 0x2C || $0 == 0x3D || $0 <= 0x20 }
      case .samplingMember: !key.utf8.contains { [0x2C, 0x3A, 0x3B].contains($0) || $0 <= 0x20 }
      // An empty name cannot be looked for where nobody knows where names stand.
      case .unknownField: !key.isEmpty
      default: hasKeys
      }
    case .value: !isKey && self != .bytes && !isTraceState && self != .unknownField
    case .text(let before, let secret, let after), .example(let before, let secret, let after):
      // In a trace state a comma ends a member and begins another.
      !isTraceState || !(before + secret + after).utf8.contains { $0 == UInt8(ascii: ",") || $0 < 0x20 }
    }
  }

  private var isKey: Bool { self == .attributeKey || self == .mapKey }
  private var isTraceState: Bool { self == .traceState || self == .samplingMember || self == .linkTraceState }

  private var hasKeys: Bool {
    switch self {
    case .attribute, .array, .map, .deepMap, .bytes, .eventAttribute, .linkAttribute, .resource, .scopeAttribute,
      .traceState, .samplingMember, .linkTraceState, .unknownField:
      true
    case .attributeKey, .mapKey, .name, .statusMessage, .eventName, .resourceSchema, .scopeName, .scopeVersion,
      .scopeSchema:
      false
    }
  }
}
