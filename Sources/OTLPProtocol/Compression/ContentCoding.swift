/// How a body is compressed: the content codings of HTTP (RFC 9110, 8.4.1) and the encodings of gRPC messages.
public enum ContentCoding: String, Sendable, Hashable, CaseIterable {
  /// As it is.
  case identity
  /// gzip (RFC 1952), of one member or several.
  case gzip
  /// The zlib format (RFC 1950), or deflate data without it (RFC 1951), which some clients send.
  case deflate

  /// The names of the codings that can be decompressed, as an `Accept-Encoding` header lists them.
  public static let accepted = "gzip, deflate, identity"

  /// The coding that a header names, in either case; nil for one that is not known.
  ///
  /// An absent or empty header means `identity`, and `x-gzip` the same as `gzip`, as RFC 9110 asks for.
  public init?(header: some StringProtocol) {
    let name = header.lowercased().filter { $0 != " " && $0 != "\t" }
    switch name {
    case "", "identity": self = .identity
    case "gzip", "x-gzip": self = .gzip
    case "deflate": self = .deflate
    default: return nil
    }
  }
}

/// How far bytes may expand when they are decompressed.
public struct DecompressionLimits: Sendable, Equatable {
  /// The most bytes that may come out. Default: 64 MiB.
  public var maximumBytes: Int
  /// The most bytes that may come out for each byte that went in; nil for any number. It counts beyond the first MiB.
  /// Default: 200. Deflate reaches 1,032 with one byte over and over; real spans stay below 50.
  public var maximumRatio: Int?

  /// Makes limits.
  public init(maximumBytes: Int = 64 << 20, maximumRatio: Int? = 200) {
    self.maximumBytes = maximumBytes
    self.maximumRatio = maximumRatio
  }

  /// How many bytes may come out whatever the ratio.
  static let bytesWithoutRatio = 1 << 20
}
