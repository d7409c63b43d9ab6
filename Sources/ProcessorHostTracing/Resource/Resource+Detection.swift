internal import HostReporting
internal import ProcessorHost

extension Resource {
  /// What can be found out about this process, with what the app knows of itself.
  ///
  /// The service's name (`unknown_service:` and the program, where the app gives none) and an id of this instance; the
  /// host's name and architecture, the operating system, the process and the Swift it was built with; what the backend
  /// calls itself. Never the command line or its arguments: secrets stand there. Nor the machine's id, which says more
  /// of a machine than its name. Take away what is not to be sent: `resource["host.name"] = nil`.
  /// - Parameters:
  ///   - serviceName: `service.name`.
  ///   - serviceVersion: `service.version`.
  ///   - environment: `deployment.environment.name`, such as `production`.
  public static func detected(
    serviceName: String? = nil, serviceVersion: String? = nil, environment: String? = nil
  ) -> Resource {
    let program = ProcessFacts.executableName
    let text: [(key: String, value: String?)] = [
      ("service.name", serviceName ?? program.map { "unknown_service:\($0)" } ?? "unknown_service"),
      ("service.version", serviceVersion),
      ("service.instance.id", ProcessFacts.instanceID),
      ("deployment.environment.name", environment),
      ("host.name", ProcessFacts.hostName),
      ("host.arch", ProcessFacts.architecture),
      ("os.type", ProcessFacts.operatingSystem),
      ("process.executable.name", program),
      ("process.runtime.name", "swift"),
      ("process.runtime.version", ProcessFacts.compilerVersion),
      ("telemetry.sdk.name", "processor-host"),
      ("telemetry.sdk.language", "swift"),
      ("telemetry.sdk.version", HostVersion.current),
    ]
    var entries = text.compactMap { key, value in value.map { AttributeValue.Entry(key, .string($0)) } }
    entries.append(AttributeValue.Entry("process.pid", .int(ProcessFacts.identifier)))
    return Resource(attributes: entries)
  }
}
