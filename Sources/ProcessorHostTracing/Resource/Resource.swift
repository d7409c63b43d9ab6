public import ProcessorHost

/// What spans come from: a service, on a host, in a process. OpenTelemetry specification: Resource SDK.
public struct Resource: Sendable, Equatable {
  /// The attributes in order; each key stands once.
  public private(set) var attributes: [AttributeValue.Entry] = []

  /// A resource of these attributes and no others. Where a key repeats, its last value counts.
  public init(attributes: [AttributeValue.Entry] = []) {
    // By bytes, and not one by one through the subscript, which looks at all that are there.
    var places: [[UInt8]: Int] = [:]
    for entry in attributes {
      let key = Array(entry.key.utf8)
      if let place = places[key] {
        self.attributes[place] = entry
      } else {
        places[key] = self.attributes.count
        self.attributes.append(entry)
      }
    }
  }

  /// What is found out about this process, see `detected`, with what the app knows of itself.
  /// - Parameters:
  ///   - serviceName: `service.name`.
  ///   - serviceVersion: `service.version`.
  ///   - environment: `deployment.environment.name`, such as `production`.
  public init(serviceName: String, serviceVersion: String? = nil, environment: String? = nil) {
    self = .detected(serviceName: serviceName, serviceVersion: serviceVersion, environment: environment)
  }

  /// The value of an attribute; nil takes the attribute away.
  public subscript(key: String) -> AttributeValue? {
    get { attributes.first { $0.key.isSame(as: key) }?.value }
    set {
      let index = attributes.firstIndex { $0.key.isSame(as: key) }
      switch (index, newValue) {
      case (let index?, let value?): attributes[index].value = value
      case (let index?, nil): attributes.remove(at: index)
      case (nil, let value?): attributes.append(AttributeValue.Entry(key, value))
      case (nil, nil): break
      }
    }
  }

  /// All attributes of both. Where both have one, the value of `updating` counts, also where it is empty.
  /// OpenTelemetry specification: Resource SDK, Merge.
  public func merging(_ updating: Resource) -> Resource { Resource(attributes: attributes + updating.attributes) }

  /// The own fields of a `ResourceSpans` before its scopes: the `resource` with its attributes.
  package func encoded() -> [UInt8] {
    let output = WireBuffer()
    output.appendMessage(FieldNumber.ResourceSpans.resource) {
      for entry in attributes {
        output.appendMessage(FieldNumber.Resource.attributes) { entry.encode(into: output) }
      }
    }
    return Array(output.bytes)
  }
}

extension String {
  /// Whether the bytes are the same, as keys are compared: `==` also takes other spellings of a character for equal.
  fileprivate func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
