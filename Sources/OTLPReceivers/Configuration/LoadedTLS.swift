internal import Logging
internal import NIOCertificateReloading
internal import NIOSSL

/// The files of ``ReceiverTLS``, read and checked.
struct LoadedTLS: Sendable {
  let reloader: TimedCertificateReloader
  let configuration: TLSConfiguration
  let clientAuthoritiesFile: String?

  init(_ files: ReceiverTLS, _ logger: Logger) throws(ReceiverError) {
    clientAuthoritiesFile = files.clientAuthoritiesFile
    do {
      var watch = TimedCertificateReloader.Configuration(
        refreshInterval: files.reloadInterval,
        certificateSource: .init(location: .file(path: files.certificateFile), format: .pem),
        privateKeySource: .init(location: .file(path: files.privateKeyFile), format: .pem))
      watch.onCertificateLoadFailed = { failure in
        logger.error(
          "The certificate could not be loaded again; the one that was read before stays in use",
          metadata: ["file": "\(files.certificateFile)", "reason": "\(failure.error)"])
      }
      reloader = try TimedCertificateReloader.makeReloaderValidatingSources(configuration: watch)
    } catch {
      throw ReceiverError(
        code: .badCertificate,
        message: "the certificate \(files.certificateFile) and its key \(files.privateKeyFile) can not be used: "
          + "\(error). Both have to be PEM files that this user may read, and the key has to be the certificate's",
        cause: error)
    }
    do {
      if let authorities = files.clientAuthoritiesFile {
        _ = try NIOSSLCertificate.fromPEMFile(authorities)
        configuration = try .makeServerConfigurationWithMTLS(
          certificateReloader: reloader, trustRoots: .file(authorities))
      } else {
        configuration = try .makeServerConfiguration(certificateReloader: reloader)
      }
    } catch {
      throw ReceiverError(
        code: .badCertificate,
        message: "the clients' authorities \(files.clientAuthoritiesFile ?? "") can not be read: \(error). They have "
          + "to be certificates in a PEM file that this user may read", cause: error)
    }
  }
}
