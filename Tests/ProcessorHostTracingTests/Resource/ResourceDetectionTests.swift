internal import ProcessorHost
internal import ProcessorHostTracing
internal import Testing

#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

@Suite("What a resource finds out")
struct ResourceDetectionTests {
  private func text(_ value: AttributeValue?) throws -> String {
    guard case .string(let text) = try #require(value) else {
      Issue.record("no string")
      return ""
    }
    return text
  }

  @Test("a service without a name is unknown, and called after its program")
  func unknownService() throws {
    let resource = Resource.detected()
    let program = try text(resource["process.executable.name"])
    #expect(!program.isEmpty && !program.contains("/"))
    #expect(resource["service.name"] == .string("unknown_service:\(program)"))
    #expect(resource["service.version"] == nil && resource["deployment.environment.name"] == nil)
  }

  @Test("an app's own name, version and environment stand beside what is found out")
  func own() {
    let resource = Resource(serviceName: "shop", serviceVersion: "1.2", environment: "production")
    #expect(resource["service.name"] == "shop" && resource["service.version"] == "1.2")
    #expect(resource["deployment.environment.name"] == "production")
    #expect(resource["telemetry.sdk.name"] == "processor-host" && resource["telemetry.sdk.language"] == "swift")
    #expect(resource["process.runtime.name"] == "swift" && resource["process.pid"] == .int(Int64(getpid())))
  }

  @Test("the instance's id is a UUID of version 4, the same for the whole process")
  func instance() throws {
    let id = try text(Resource.detected()["service.instance.id"])
    #expect(id == (try text(Resource(serviceName: "x")["service.instance.id"])))
    let groups = id.split(separator: "-")
    #expect(groups.map(\.count) == [8, 4, 4, 4, 12])
    #expect(id.allSatisfy { $0 == "-" || ($0.isHexDigit && !$0.isUppercase) })
    #expect(groups.count == 5 && groups[2].first == "4" && "89ab".contains(groups[3].first ?? " "))
  }

  @Test("host, system and processor are told by the conventions' words")
  func host() throws {
    let resource = Resource.detected()
    var name = [CChar](repeating: 0, count: 1024)
    #expect(gethostname(&name, 1023) == 0)
    #expect(
      resource["host.name"]
        == .string(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)))
    #if os(Linux)
      #expect(resource["os.type"] == "linux")
    #endif
    #if arch(x86_64)
      #expect(resource["host.arch"] == "amd64")
    #endif
    #expect(try text(resource["telemetry.sdk.version"]).first?.isNumber == true)
  }

  @Test("arguments and the machine's id are never looked at")
  func secrets() {
    let resource = Resource.detected()
    let keys = resource.attributes.map(\.key)
    #expect(!keys.contains { $0.hasPrefix("process.command") || $0 == "host.id" || $0.hasPrefix("process.owner") })
    for argument in CommandLine.arguments.dropFirst() where argument.utf8.count > 4 {
      #expect(!resource.attributes.contains { $0.value == .string(argument) })
    }
  }
}
