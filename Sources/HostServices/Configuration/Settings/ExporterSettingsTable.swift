/// Every setting of an exporter, as they stand in the file's list `exporters`.
package enum ExporterSettingsTable {
  package typealias Setting = ConfigurationSetting<ExporterSettings>

  /// What the settings are called from outside the list.
  package static let scope = "exporters[]"

  private static let otlp: Set<ExporterSettings.Kind> = [.otlpHTTP, .otlpGRPC, .sentry]
  private static let hour = Duration.seconds(3600)

  /// The variables of OpenTelemetry that speak of the exporter `otlp`: those for traces go before those for all.
  private static func otlpVariables(
    _ ending: String, _ writing: StandardVariable.Writing = .plain
  ) -> [StandardVariable] {
    [
      StandardVariable("OTEL_EXPORTER_OTLP_\(ending)", writing),
      StandardVariable("OTEL_EXPORTER_OTLP_TRACES_\(ending)", writing),
    ]
  }

  package static let kind = Setting(
    "kind", \.kind, .choice(), "What spans are sent to: OTLP over HTTP or gRPC, Sentry, standard output, or a file."
  ).with {
    $0.standardVariables = otlpVariables("PROTOCOL")
    $0.flag = "--export-protocol"
    $0.defaultNote = "to be given"
  }

  package static let name = Setting(
    "name", \.name, .exporterName, "What logs and metrics call it; no two have the same name."
  ).with { $0.defaultNote = "by its kind: `otlp`, `sentry`, `console`, `file`" }

  package static let endpoint = Setting(
    "endpoint", \.endpoint, SettingFormat.text("a URL, such as https://otlp.example.com:4318").optional,
    "Where requests go, a URL; over HTTP `/v1/traces` is put behind one that has no path."
  ).with {
    $0.standardVariables = otlpVariables("ENDPOINT")
    $0.flag = "--export-endpoint"
    $0.kinds = [.otlpHTTP, .otlpGRPC]
    $0.hasSecretQuery = true
    $0.defaultNote = "to be given"
  }

  package static let dsn = Setting(
    "dsn", \.dsn, SettingFormat.text("a DSN, such as https://KEY@HOST/PROJECT").optional,
    "Sentry's DSN, which holds the endpoint and a key."
  ).with {
    $0.standardVariables = [StandardVariable("SENTRY_DSN")]
    $0.kinds = [.sentry]
    $0.isSecret = true
    $0.defaultNote = "to be given"
  }

  /// All of them, in the order in which they are shown.
  package static let all: [Setting] = [kind, name, endpoint, dsn] + sending + tls + retry + file

  private static let sending: [Setting] = [
    Setting(
      "required", \.isRequired, .flag,
      "Whether clients are pushed back while it cannot take more; otherwise what it cannot take is lost and counted."
    ).with { $0.defaultNote = "`true` for OTLP and Sentry" },
    Setting(
      "headers", merging: \.headers, .headers,
      "Headers of each request; a value may hold `${env:NAME}`, the variable of that name."
    ).with {
      $0.standardVariables = otlpVariables("HEADERS", .encodedPairs)
      $0.kinds = otlp
      $0.isSecret = true
    },
    Setting(
      "encoding", \.encoding, .choice(),
      "How spans are written in requests; the protocol `http/json` is `json`."
    ).with { $0.kinds = [.otlpHTTP] },
    Setting("compression", \.compression, .choice(), "How requests are packed.").with {
      $0.standardVariables = otlpVariables("COMPRESSION")
      $0.kinds = otlp
    },
    Setting(
      "timeout", \.timeout, .duration(.milliseconds(1)...hour), "How long one request may take."
    ).with {
      $0.standardVariables = otlpVariables("TIMEOUT", .milliseconds)
      $0.kinds = otlp
    },
  ]

  private static let tls: [Setting] = [
    Setting(
      "tls.certificate", \.tls.certificate, SettingFormat<String>.path.optional,
      "The PEM file of those who sign the backend's certificate."
    ).with {
      $0.standardVariables = otlpVariables("CERTIFICATE")
      $0.kinds = otlp
      $0.defaultNote = "the system's"
    },
    Setting(
      "tls.client_certificate", \.tls.clientCertificate, SettingFormat<String>.path.optional,
      "The PEM file of the certificate that is shown to the backend."
    ).with {
      $0.standardVariables = otlpVariables("CLIENT_CERTIFICATE")
      $0.kinds = otlp
    },
    Setting(
      "tls.client_key", \.tls.clientKey, SettingFormat<String>.path.optional, "The PEM file of its private key."
    ).with {
      $0.standardVariables = otlpVariables("CLIENT_KEY")
      $0.kinds = otlp
    },
  ]

  private static let retry: [Setting] = [
    Setting(
      "retry.initial_interval", \.retry.initialInterval, .duration(.milliseconds(1)...hour),
      "The longest wait before the second attempt."),
    Setting("retry.multiplier", \.retry.multiplier, .number(1...10), "What each further wait is longer by."),
    Setting(
      "retry.max_interval", \.retry.maxInterval, .duration(.milliseconds(1)...hour),
      "The longest wait between two attempts."),
    Setting(
      "retry.max_elapsed", \.retry.maxElapsed, .duration(.zero...hour * 24),
      "How long a batch is tried; then it is lost and counted."),
  ].map { setting in setting.with { $0.kinds = otlp } }

  private static let file: [Setting] = [
    Setting("path", \.path, SettingFormat<String>.path.optional, "The file that is written.").with {
      $0.defaultNote = "to be given"
    },
    Setting(
      "rotation.max_bytes", \.rotation.maxBytes, .bytes(1 << 10...1 << 40),
      "Bytes from which on a new file begins."),
    Setting(
      "rotation.max_files", \.rotation.maxFiles, .count(0...10_000), "Files that are kept beside the one written."),
  ].map { setting in setting.with { $0.kinds = [.file] } }
}

extension ConfigurationSetting where Root == ExporterSettings {
  /// Whether exporters of a kind have the setting.
  func applies(to kind: ExporterSettings.Kind) -> Bool { kinds?.contains(kind) ?? true }
}
