/// The kind of a span: `Span.SpanKind` of OTLP.
public enum SpanKind: Int, Sendable, CaseIterable {
  case unspecified = 0
  case `internal` = 1
  case server = 2
  case client = 3
  case producer = 4
  case consumer = 5
}

/// The code of a span's status: `Status.StatusCode` of OTLP.
public enum StatusCode: Int, Sendable, CaseIterable {
  case unset = 0
  case ok = 1
  case error = 2
}
