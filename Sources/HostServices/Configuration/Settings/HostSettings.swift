internal import BuiltinProcessors

/// Every setting of a host but those of its exporters, in the order in which they are shown.
package enum HostSettings {
  package typealias Setting = ConfigurationSetting<HostConfiguration>

  package static let all: [Setting] = receivers + rules + approval + traces + queue + rest

  static let hour = Duration.seconds(3600)

  private static let receivers: [Setting] =
    server(
      "grpc", "OTLP/gRPC", \.receivers.grpc.endpoint, \.receivers.grpc.tls.certificate, \.receivers.grpc.tls.key,
      \.receivers.grpc.tls.clientCA)
    + server(
      "http", "OTLP/HTTP", \.receivers.http.endpoint, \.receivers.http.tls.certificate, \.receivers.http.tls.key,
      \.receivers.http.tls.clientCA) + [
      Setting(
        "receivers.bearer_token", \.receivers.bearerToken, SettingFormat<String>.token.optional,
        "The token that clients have to send as `Authorization: Bearer …`; without one they need none."
      ).with {
        $0.isSecret = true
        $0.refusalInFile =
          "a token does not stand in a configuration file; name a file of its own with bearer_token_file"
      },
      Setting(
        "receivers.bearer_token_file", \.receivers.bearerTokenFile, SettingFormat<String>.path.optional,
        "A file that holds that token."),
      Setting(
        "receivers.max_body_bytes", \.receivers.maxBodyBytes, .bytes(1 << 10...1 << 30),
        "The most bytes of one request, unpacked."),
      Setting(
        "receivers.max_connections", \.receivers.maxConnections, .count(1...1_000_000),
        "Connections of each receiver at a time."),
      Setting(
        "receivers.max_inflight_bytes", \.receivers.maxInflightBytes, .bytes(1 << 16...1 << 40),
        "Bytes of all requests that are being received or processed; past it clients are asked to come again."),
      Setting(
        "receivers.idle_timeout", \.receivers.idleTimeout, .duration(.seconds(1)...hour * 24),
        "How long a connection may lie idle."),
      Setting(
        "receivers.header_timeout", \.receivers.headerTimeout, .duration(.milliseconds(100)...hour),
        "How long a client may take for the head of a request."),
    ]

  private typealias Place<Value> = any WritableKeyPath<HostConfiguration, Value> & Sendable

  private static func server(
    _ name: String, _ protocolName: String, _ endpoint: Place<ListenAddress?>, _ certificate: Place<String?>,
    _ key: Place<String?>, _ clientCA: Place<String?>
  ) -> [Setting] {
    [
      Setting(
        "receivers.\(name).endpoint", endpoint, .listener,
        "Where \(protocolName) is received; `none` does not receive it."
      ).with { $0.flag = "--otlp-\(name)" },
      Setting(
        "receivers.\(name).tls.certificate", certificate, SettingFormat<String>.path.optional,
        "The PEM file of the certificate with which \(protocolName) is received; without one, in plain text."),
      Setting(
        "receivers.\(name).tls.key", key, SettingFormat<String>.path.optional, "The PEM file of its private key."),
      Setting(
        "receivers.\(name).tls.client_ca", clientCA, SettingFormat<String>.path.optional,
        "The PEM file of those who sign clients' certificates; with it a client needs one."),
    ]
  }

  private static let rules: [Setting] = [
    Setting("rules.dir", \.rules.directory, SettingFormat<String>.path.optional, "The rules directory.").with {
      $0.flag = "--rules"
      $0.defaultNote = "`rules`, where there is one"
    },
    Setting(
      "rules.chain", \.rules.chain,
      SettingFormat<[String]>.names("the names of rules in order, such as slow_trace,redact, or none").optional,
      "The rules that run, in order, instead of `chain.lua`; `none` runs none."
    ).with {
      $0.flag = "--chain"
      $0.isForRunningHosts = true
      $0.defaultNote = "`chain.lua`"
    },
    Setting(
      "rules.settings", merging: \.rules.settings,
      .pairs("RULE.NAME=VALUE, such as slow_trace.threshold=30s") { name, _ in RuleSettings.isSettingName(name) },
      "Values for settings that rules declare, by `RULE.NAME`."
    ).with {
      $0.flag = "--set"
      $0.isForRunningHosts = true
    },
    Setting(
      "rules.watch_interval", \.rules.watchInterval, .duration(.zero...hour),
      "How often the directory is looked at for changes; `0s` never."
    ).with { $0.flag = "--watch-interval" },
    Setting(
      "rules.probation", \.rules.probation, .duration(.zero...hour),
      "How long spans have to come until an edit is proven, and is no longer rolled back by itself; `0s` is at once."),
    Setting(
      "rules.keys", merging: \.rules.keyFiles,
      .pairs("NAME=FILE, such as customers=customers.keys") { name, path in
        !path.isEmpty && PseudonymKeyName.isValid(name)
      },
      "Files of keys for pseudonyms, by the names that rules call them; `PROCESSOR_HOST_KEY_<NAME>` holds keys itself."
    ).with { $0.flag = "--key" },
    Setting(
      "rules.sampling_mode", \.rules.samplingMode, .choice(),
      "What the shares that rules sample are shares of: `equalizing` of all spans there ever were, `proportional` of "
        + "those that arrive."),
    Setting(
      "rules.stamp", \.rules.stamp, .choice(),
      "Where spans say which rules they went through: `scope` in the attribute `processor_host.rules.digest` of their "
        + "scope, `off` nowhere."),
    Setting(
      "rules.shadow", \.rules.shadow, SettingFormat<String>.path.optional,
      "A directory with a candidate: rules that are tried on copies of what arrives, beside those that run."),
    Setting(
      "rules.shadow_budget", \.rules.shadowBudget, .number(0.01...1), "The share of one core that this may take."),
  ]

  private static let approval: [Setting] = [
    Setting(
      "rules.approval", \.rules.approval.mode, .choice(),
      "What it takes for rules to run: `none` nothing, `lock` that they are as `rules.lock` has them, `signature` that "
        + "they are signed."),
    Setting(
      "rules.approval_keys", \.rules.approval.keyFiles, .names("files of public keys, such as alice.pub"),
      "Files of the public keys whose signatures count; outside the rules directory."),
    Setting(
      "rules.approval_threshold", \.rules.approval.threshold, .count(1...64),
      "How many of these keys have to have signed, with the same counter."),
    Setting(
      "rules.approval_counter", \.rules.approval.counterFile, SettingFormat<String>.path.optional,
      "The file of the least counter with which signed rules run, which rises; outside the rules directory."),
    Setting(
      "rules.approval_minimum_counter", \.rules.approval.minimumCounter, .count(0...1_000_000_000),
      "A least counter that does not rise, for a host that can keep no file."),
    Setting(
      "rules.approval_runs_tighter", \.rules.approval.runsTighter, .flag,
      "Whether an edit that is proven to show nothing more runs before it is approved."),
    Setting(
      "rules.last_good", \.rules.lastGood, SettingFormat<String>.path.optional,
      "A directory that keeps the rules that ran last: a host whose rules are wrong starts with these."),
    Setting(
      "rules.audit_log", \.rules.auditLog, SettingFormat<String>.path.optional,
      "The file that tells what became of the rules, a line for each event, each chained to the one before."),
    Setting(
      "rules.audit_log_key", \.rules.auditLogKey, SettingFormat<String>.path.optional,
      "The file of the key for that, 32 bytes or more; in another directory than the log."),
  ]

  private static let queue: [Setting] = [
    Setting(
      "queue.max_spans", \.queue.maxSpans, .count(1...100_000_000),
      "Spans that may be inside; past it clients are asked to come again."
    ).with {
      $0.flag = "--max-queue-spans"
      $0.standardVariables = [StandardVariable("OTEL_BSP_MAX_QUEUE_SIZE")]
    },
    Setting(
      "queue.max_bytes", \.queue.maxBytes, .bytes(1 << 16...1 << 40),
      "Bytes that may be inside, for each exporter."),
    Setting(
      "queue.max_batch_spans", \.queue.maxBatchSpans, .count(1...1_000_000), "The most spans of one batch."
    ).with {
      $0.flag = "--max-batch-spans"
      $0.standardVariables = [StandardVariable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE")]
    },
    Setting(
      "queue.schedule_delay", \.queue.scheduleDelay, .duration(.milliseconds(1)...hour),
      "The longest a span waits for its batch to become full."
    ).with {
      $0.flag = "--schedule-delay"
      $0.standardVariables = [StandardVariable("OTEL_BSP_SCHEDULE_DELAY", .milliseconds)]
    },
    Setting(
      "queue.export_timeout", \.queue.exportTimeout, .duration(.milliseconds(1)...hour),
      "How long one attempt to export may take, whatever the exporter allows itself."
    ).with { $0.standardVariables = [StandardVariable("OTEL_BSP_EXPORT_TIMEOUT", .milliseconds)] },
    Setting(
      "queue.concurrent_requests", \.queue.concurrentRequests, .count(1...1000),
      "Requests of each exporter that may be under way at a time."),
  ]

  /// What else OpenTelemetry's SDKs call levels in OTEL_LOG_LEVEL.
  private static let levelNames: [String: LoggingSettings.Level] = [
    "all": .trace, "verbose": .trace, "warn": .warning, "fatal": .critical, "none": .critical,
  ]

  private static let rest: [Setting] = [
    Setting("lanes", \.lanes, .count(1...256), "How many threads run rules side by side.").with {
      $0.flag = "--lanes"
    },
    Setting("passthrough.logs", \.passthrough.logs, .flag, "Whether logs are passed on untouched, and not refused."),
    Setting(
      "passthrough.metrics", \.passthrough.metrics, .flag, "Whether metrics are passed on untouched, and not refused."),
    Setting(
      "passthrough.exporter", \.passthrough.exporter, SettingFormat.text("the name of an exporter").optional,
      "The exporter of kind `otlp-http` whose backend they go to."
    ).with { $0.defaultNote = "the first of that kind" },
    Setting(
      "admin.endpoint", \.admin.endpoint, .listener,
      "Where `/live`, `/ready`, `/metrics`, `/rules` and `/config` are; `none` nowhere."
    ).with { $0.flag = "--admin" },
    Setting(
      "logging.level", \.logging.level, .choice(levelNames), "From which severity on the host writes."
    ).with {
      $0.flag = "--log-level"
      $0.isForRunningHosts = true
      $0.standardVariables = [StandardVariable("OTEL_LOG_LEVEL")]
    },
    Setting("logging.format", \.logging.format, .choice(), "Lines for people, or JSON.").with {
      $0.flag = "--log-format"
    },
    Setting(
      "shutdown.drain_timeout", \.shutdown.drainTimeout, .duration(.zero...hour),
      "How long what is inside may take to leave after SIGTERM."
    ).with { $0.flag = "--drain-timeout" },
  ]
}
