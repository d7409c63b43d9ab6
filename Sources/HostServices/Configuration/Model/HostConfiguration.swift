/// All settings of a host, as plain values. Where nothing is said, a host runs on these defaults.
package struct HostConfiguration: Sendable, Equatable {
  /// How spans come in.
  package var receivers = ReceiverSettings()
  /// What is done to them.
  package var rules = RuleSettings()
  /// How whole traces are held, where a rule asks for them.
  package var traces = TraceSettings()
  /// How they are gathered into batches.
  package var queue = QueueSettings()
  /// How many lanes run rules side by side.
  package var lanes = 1
  /// Where they go, in the order in which they were named. None: spans end behind the rules.
  package var exporters: [ExporterSettings] = []
  /// What becomes of logs and metrics.
  package var passthrough = PassthroughSettings()
  /// The port that tells how the host is.
  package var admin = AdminSettings()
  /// What the host writes to standard error.
  package var logging = LoggingSettings()
  /// How the host ends.
  package var shutdown = ShutdownSettings()

  /// The defaults, without an exporter.
  package init() {}
}

/// What becomes of logs and metrics, which no rule sees.
package struct PassthroughSettings: Sendable, Equatable {
  /// Whether logs are passed on untouched; otherwise they are refused.
  package var logs = false
  /// Whether metrics are passed on untouched; otherwise they are refused.
  package var metrics = false
  /// The exporter of OTLP/HTTP whose backend they go to; nil is the first there is.
  package var exporter: String?

  package init() {}
}

/// The port that tells how the host is.
package struct AdminSettings: Sendable, Equatable {
  /// Where it listens. Beside the ports of OTLP, 4317 and 4318.
  package var endpoint: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 4319)

  package init() {}
}

/// What the host writes to standard error.
package struct LoggingSettings: Sendable, Equatable {
  /// How lines are written.
  package enum Format: String, Sendable, CaseIterable {
    /// A line for people: time, level, message, and name=value.
    case text
    /// A JSON object a line.
    case json
  }

  /// From which severity on, as swift-log calls them.
  package enum Level: String, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical
  }

  /// From which severity on.
  package var level = Level.info
  /// How lines are written.
  package var format = Format.text

  package init() {}
}

/// How the host ends.
package struct ShutdownSettings: Sendable, Equatable {
  /// How long what is inside may take to leave, after SIGTERM.
  package var drainTimeout = Duration.seconds(10)

  package init() {}
}
