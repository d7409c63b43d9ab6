internal import Glibc
internal import ProcessorHost

// Writes requests of the tests' own generator, for the fuzzers to begin with: as protobuf into `door/`, as OTLP/JSON
// into `json/`. Called with the folder that holds both.

@main
enum MakeSeeds {
  static func main() {
    guard CommandLine.arguments.count == 2 else { return }
    let folder = CommandLine.arguments[1]
    for count in 58...66 { save([4, UInt8(count)] + wide(count), "\(folder)/door/wide\(count)") }
    for number in 0..<200 {
      var maker = RandomRequest(seed: UInt64(number))
      let request = maker.request()
      if request.count > 2048 { continue }
      // Two bytes that choose the chain and what is planted come first.
      let choice = [UInt8(truncatingIfNeeded: number &* 7), UInt8(truncatingIfNeeded: number)]
      save(choice + request, "\(folder)/door/\(number)")
      let text = WireBuffer()
      request.withUnsafeBufferPointer {
        _ = OTLPJSONWriter.write($0, as: number % 2 == 0 ? .line : .indented, to: text)
      }
      save(Array(text.bytes), "\(folder)/json/\(number)")
    }
  }

  /// A span of so many attributes: where a workspace's memory for 64 fields is just enough, and no longer is.
  private static func wide(_ count: Int) -> [UInt8] {
    let ids = Proto.bytes(1, Array(1...16)) + Proto.bytes(2, Array(1...8))
    return Proto.request(ids + (0..<count).flatMap { Proto.bytes(9, Proto.string(1, "k\($0)")) })
  }

  private static func save(_ bytes: [UInt8], _ path: String) {
    guard let file = fopen(path, "w") else { return perror(path) }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }
}
