package import NIOSSL
internal import ProcessorHost

extension OTLPExporterConfiguration.TLS {
  /// What these files are for a connection.
  /// - Throws: an error that names the setting, where a file cannot be read or is none of its kind.
  package func clientConfiguration() throws(ExporterConfigurationError) -> TLSConfiguration {
    var configuration = TLSConfiguration.makeClientConfiguration()
    if let certificateAuthorityFile {
      let certificates = try Self.certificates(certificateAuthorityFile, "OTEL_EXPORTER_OTLP_CERTIFICATE")
      configuration.trustRoots = .certificates(certificates)
    }
    switch (clientCertificateFile, clientKeyFile) {
    case (nil, nil): break
    case (let certificate?, let key?):
      configuration.certificateChain = try Self.certificates(certificate, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE")
        .map { .certificate($0) }
      configuration.privateKey = .privateKey(try Self.privateKey(key))
    case (_?, nil):
      throw ExporterConfigurationError(
        .certificate, setting: "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
        "a certificate needs its key: set OTEL_EXPORTER_OTLP_CLIENT_KEY")
    case (nil, _?):
      throw ExporterConfigurationError(
        .certificate, setting: "OTEL_EXPORTER_OTLP_CLIENT_KEY",
        "a key needs its certificate: set OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE")
    }
    do {
      _ = try NIOSSLContext(configuration: configuration)
    } catch {
      throw ExporterConfigurationError(
        .certificate, setting: "OTEL_EXPORTER_OTLP_CLIENT_KEY", "certificate and key do not fit each other")
    }
    return configuration
  }

  private static func certificates(
    _ path: String, _ setting: String
  ) throws(ExporterConfigurationError) -> [NIOSSLCertificate] {
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(path)
      if !certificates.isEmpty { return certificates }
    } catch {}
    throw unusable(path, setting, "certificates")
  }

  private static func privateKey(_ path: String) throws(ExporterConfigurationError) -> NIOSSLPrivateKey {
    do {
      return try NIOSSLPrivateKey(file: path, format: .pem)
    } catch {
      throw unusable(path, "OTEL_EXPORTER_OTLP_CLIENT_KEY", "a key without a passphrase")
    }
  }

  private static func unusable(_ path: String, _ setting: String, _ what: String) -> ExporterConfigurationError {
    ExporterConfigurationError(
      .certificate, setting: setting,
      "expected a file with \(what) in PEM, but '\(String.printable(path))' cannot be read, or holds none")
  }
}
