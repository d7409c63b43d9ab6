internal import Foundation
internal import OTLPProtocol
internal import ProcessorHost

/// An input as it was named, and its bytes, unpacked.
struct InputFile {
  /// It could not be read.
  struct Failure: Error, CustomStringConvertible {
    var name: String
    var reason: String
    var description: String { "\(name): \(reason)" }
  }

  /// What the bytes are, told by their content.
  enum Form {
    case protobuf
    case json
    case jsonLines
  }

  /// Who names a file trusts it, so that only memory sets a limit.
  private static let limits = DecompressionLimits(maximumBytes: 1 << 30, maximumRatio: nil)

  let name: String
  let bytes: [UInt8]

  /// - Parameter path: a file, or `-` for standard input.
  init(path: String) throws(Failure) {
    name = path == "-" ? "standard input" : path
    var bytes: [UInt8]
    do {
      if path == "-" {
        bytes = Array(try FileHandle.standardInput.readToEnd() ?? Data())
      } else {
        bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
      }
    } catch {
      throw Failure(name: name, reason: "cannot be read; does it exist, and may you read it?")
    }
    if bytes.starts(with: [0x1F, 0x8B]) {
      do throws(OTLPProtocolError) {
        bytes = try Decompressor.decompress(bytes, .gzip, limits: Self.limits)
      } catch {
        throw Failure(name: name, reason: error.code == .tooLarge ? "\(error.message); split it" : error.message)
      }
    }
    self.bytes = bytes
  }

  var form: Form {
    if isProtobufRequest { return .protobuf }
    var text = bytes[...]
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    text = text.drop(while: Self.isSpace)
    guard text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[") else { return .protobuf }
    // A line that holds a whole object, and another object after it: JSON lines. One that is laid out begins with a
    // line that does not end its object.
    let line = text.prefix { $0 != UInt8(ascii: "\n") }
    let rest = text.dropFirst(line.count).drop(while: Self.isSpace)
    let closes = line.last { !Self.isSpace($0) } == UInt8(ascii: "}")
    return closes && line.first == UInt8(ascii: "{") && !rest.isEmpty ? .jsonLines : .json
  }

  /// Whether the bytes are fields of a request from the first to the last. A request begins with a line feed, as text
  /// can too, so this comes first.
  private var isProtobufRequest: Bool {
    if bytes.isEmpty { return true }
    return bytes.withUnsafeBufferPointer { run in
      guard let base = run.baseAddress else { return true }
      var cursor = WireCursor(base, 0..<run.count)
      do {
        while let field = try cursor.next() {
          guard field.number == FieldNumber.Request.resourceSpans, field.type == .lengthDelimited else { return false }
        }
        return true
      } catch {
        return false
      }
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
