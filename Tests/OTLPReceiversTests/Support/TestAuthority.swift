import Crypto
import Foundation
import OTLPReceivers
import X509

/// An authority that a test makes for itself, and the certificates that it signs.
struct TestAuthority {
  /// A certificate and its key, in PEM.
  struct Identity: Sendable {
    var certificate: String
    var key: String
  }

  private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
  private let name: DistinguishedName
  /// The authority's own certificate, in PEM.
  let certificate: String

  init(_ commonName: String) throws {
    name = try DistinguishedName { CommonName(commonName) }
    certificate = try Self.certificate(
      key.publicKey, subject: name, issuer: name, signedBy: key,
      Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        Critical(KeyUsage(keyCertSign: true))
      })
  }

  /// A certificate for `localhost`.
  func identity(_ commonName: String) throws -> Identity {
    let own = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let certificate = try Self.certificate(
      own.publicKey, subject: DistinguishedName { CommonName(commonName) }, issuer: name, signedBy: key,
      Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        SubjectAlternativeNames([.dnsName("localhost")])
      })
    return try Identity(certificate: certificate, key: own.serializeAsPEM().pemString)
  }

  private static func certificate(
    _ publicKey: Certificate.PublicKey, subject: DistinguishedName, issuer: DistinguishedName,
    signedBy key: Certificate.PrivateKey, _ extensions: Certificate.Extensions
  ) throws -> String {
    try Certificate(
      version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
      notValidBefore: Date(timeIntervalSinceNow: -3600), notValidAfter: Date(timeIntervalSinceNow: 86_400),
      issuer: issuer, subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
      issuerPrivateKey: key
    ).serializeAsPEM().pemString
  }
}

/// A folder for the files of one test, removed with it.
final class TLSFiles: Sendable {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes the receiver's certificate and key, and the authorities of its clients.
  func write(_ identity: TestAuthority.Identity, clients: TestAuthority? = nil) throws -> ReceiverTLS {
    var tls = ReceiverTLS(
      certificateFile: try write(identity.certificate, "server.pem"),
      privateKeyFile: try write(identity.key, "server.key"))
    if let clients { tls.clientAuthoritiesFile = try write(clients.certificate, "clients.pem") }
    return tls
  }

  @discardableResult
  func write(_ text: String, _ name: String) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url, options: .atomic)
    return url.path
  }
}
