internal import GRPCNIOTransportHTTP2Posix
internal import NIOCertificateReloading

extension LoadedTLS {
  /// The same, as the transport wants it.
  var grpc: HTTP2ServerTransport.Posix.TransportSecurity {
    get throws {
      guard let authorities = clientAuthoritiesFile else { return try .tls(certificateReloader: reloader) }
      return try .mTLS(certificateReloader: reloader) { config in
        config.trustRoots = .certificates([.file(path: authorities, format: .pem)])
      }
    }
  }
}
