internal import ProcessorHost
final class Pseudonymizer {
  func isPseudonym(_ text: UnsafeBufferPointer<UInt8>) -> Bool { false }
  func append(_ value: UnsafeBufferPointer<UInt8>, to output: WireBuffer) {}
}
package struct PseudonymKeyRing: Sendable {
  static func environmentName(of name: String) -> String { name }
  func makePseudonymizer() -> Pseudonymizer { fatalError() }
}
