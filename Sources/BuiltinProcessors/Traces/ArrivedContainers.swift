internal import ProcessorHost

/// The resources and scopes of one batch, as the table of headers knows them: each is looked up once.
struct ArrivedContainers {
  private let batch: SpanBatch.Parts
  private var resources: [UInt32?]
  private var scopes: [UInt32?]

  init(_ batch: SpanBatch.Parts) {
    self.batch = batch
    resources = Array(repeating: nil, count: batch.resources.count)
    scopes = Array(repeating: nil, count: batch.scopes.count)
  }

  mutating func resource(_ index: Int32, _ base: UnsafePointer<UInt8>, _ headers: inout HeaderTable) -> UInt32 {
    if let known = resources[Int(index)] { return known }
    let container = batch.resources[Int(index)]
    let number = headers.intern(base, container.prefix, container.suffix)
    resources[Int(index)] = number
    return number
  }

  mutating func scope(_ index: Int32, _ base: UnsafePointer<UInt8>, _ headers: inout HeaderTable) -> UInt32 {
    if let known = scopes[Int(index)] { return known }
    let container = batch.scopes[Int(index)]
    let number = headers.intern(base, container.prefix, container.suffix)
    scopes[Int(index)] = number
    return number
  }

  /// Gives back the uses that the lookups count: until then none of them can be forgotten.
  func release(from headers: inout HeaderTable) {
    for number in resources { if let number { headers.release(number) } }
    for number in scopes { if let number { headers.release(number) } }
  }
}
