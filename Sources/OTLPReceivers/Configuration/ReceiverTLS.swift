/// The certificate that a receiver shows, and the clients that it lets in. All files are in PEM.
public struct ReceiverTLS: Sendable, Equatable {
  /// The certificate, and the intermediate ones behind it.
  public var certificateFile: String
  /// The private key of the certificate.
  public var privateKeyFile: String
  /// The authorities whose clients are let in (mutual TLS); nil lets in every client. Default: nil.
  public var clientAuthoritiesFile: String?
  /// How often the certificate and its key are read again. Default: 60 s.
  public var reloadInterval = Duration.seconds(60)

  /// Names the files.
  public init(certificateFile: String, privateKeyFile: String, clientAuthoritiesFile: String? = nil) {
    self.certificateFile = certificateFile
    self.privateKeyFile = privateKeyFile
    self.clientAuthoritiesFile = clientAuthoritiesFile
  }
}
