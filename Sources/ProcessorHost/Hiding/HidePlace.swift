/// A place in a span, a resource or a scope at which something can be hidden.
package struct HidePlace: Sendable, Hashable {
  /// What the text belongs to.
  package enum Owner: Sendable, Hashable {
    case span
    /// An event, counted from 1.
    case event(Int)
    /// A link, counted from 1.
    case link(Int)
    case status
    case resource
    case scope
  }

  /// Which text of the owner it is.
  package enum Part: Sendable, Hashable {
    /// The value of an attribute, or what stands inside it.
    case value
    /// The key of an attribute, or of a map inside its value.
    case key
    /// The owner's name.
    case name
    case version
    /// The status message.
    case message
    case traceState
    case schemaURL
    case entityReference
    /// A field that the host does not know.
    case unknownField
  }

  /// A step further in.
  package enum Step: Sendable {
    case owner(Owner)
    case part(Part)
    case key(String)
  }

  package var owner = Owner.span
  package var part = Part.value
  /// The attribute's key and those of the maps inside its value, as they may be shown: with everything hidden in them
  /// that is looked for inside text. For a trace state the key of the member.
  package var keys: [String] = []

  package init(owner: Owner = .span, part: Part = .value, keys: [String] = []) {
    self.owner = owner
    self.part = part
    self.keys = keys
  }

  package mutating func enter(_ step: Step) {
    switch step {
    case .owner(let owner): self.owner = owner
    case .part(let part): self.part = part
    case .key(let key): keys.append(key)
    }
  }

  /// The keys joined with dots; elements of arrays have none, so all of one array are one place.
  package var key: String { keys.joined(separator: ".") }

  /// The place as people read it: owner, part and keys, joined with dots. Those of the span itself need no owner.
  package var path: String {
    var parts: [String] = []
    switch owner {
    case .span: break
    case .event(let number): parts.append("events[\(number)]")
    case .link(let number): parts.append("links[\(number)]")
    case .status: parts.append("status")
    case .resource: parts.append("resource")
    case .scope: parts.append("scope")
    }
    let holdsAttributes = part == .value || part == .key || part == .unknownField && !keys.isEmpty
    if holdsAttributes { parts.append("attributes") }
    if part == .traceState { parts.append("trace_state") }
    parts += keys
    switch part {
    case .value, .traceState: break
    case .key: parts.append("key")
    case .name: parts.append("name")
    case .version: parts.append("version")
    case .message: parts.append("message")
    case .schemaURL: parts.append("schema_url")
    case .entityReference: parts.append("entity_refs")
    case .unknownField: parts.append("unknown_field")
    }
    return parts.joined(separator: ".")
  }
}
