/// A kind of place, as reports name it.
package enum HideSurface: String, Sendable, CaseIterable, Comparable {
  case attribute
  case attributeKey = "attribute key"
  case spanName = "span name"
  case statusMessage = "status message"
  case traceState = "trace state"
  case eventName = "event name"
  case eventAttribute = "event attribute"
  case eventAttributeKey = "event attribute key"
  case linkAttribute = "link attribute"
  case linkAttributeKey = "link attribute key"
  case linkTraceState = "link trace state"
  case resource = "resource attribute"
  case resourceKey = "resource attribute key"
  case resourceSchema = "resource schema URL"
  case entityReference = "entity reference"
  case scopeName = "scope name"
  case scopeVersion = "scope version"
  case scopeAttribute = "scope attribute"
  case scopeAttributeKey = "scope attribute key"
  case scopeSchema = "scope schema URL"
  case unknownField = "unknown field"
  case resourceUnknownField = "resource unknown field"
  case scopeUnknownField = "scope unknown field"

  /// A message that is hidden by itself. A resource or a scope is hidden once for all spans that share it.
  package enum Carrier: String, Sendable {
    case span, resource, scope
  }

  /// The message in which it stands.
  package var carrier: Carrier {
    switch self {
    case .resource, .resourceKey, .resourceSchema, .resourceUnknownField, .entityReference: .resource
    case .scopeName, .scopeVersion, .scopeAttribute, .scopeAttributeKey, .scopeSchema, .scopeUnknownField: .scope
    default: .span
    }
  }

  /// The order in which they are declared.
  package static func < (left: Self, right: Self) -> Bool { left.position < right.position }

  private var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension HidePlace {
  /// The kind of place.
  package var surface: HideSurface {
    switch part {
    case .value: surface(.attribute, .eventAttribute, .linkAttribute, .resource, .scopeAttribute)
    case .key: surface(.attributeKey, .eventAttributeKey, .linkAttributeKey, .resourceKey, .scopeAttributeKey)
    case .name: surface(.spanName, .eventName, .unknownField, .resourceUnknownField, .scopeName)
    case .version: .scopeVersion
    case .message: .statusMessage
    case .traceState: owner == .span ? .traceState : .linkTraceState
    case .schemaURL: owner == .scope ? .scopeSchema : .resourceSchema
    case .entityReference: .entityReference
    case .unknownField: surface(.unknownField, .unknownField, .unknownField, .resourceUnknownField, .scopeUnknownField)
    }
  }

  private func surface(
    _ span: HideSurface, _ event: HideSurface, _ link: HideSurface, _ resource: HideSurface, _ scope: HideSurface
  ) -> HideSurface {
    switch owner {
    case .span: span
    case .event: event
    case .link: link
    case .resource: resource
    case .scope: scope
    case .status: .unknownField
    }
  }
}
