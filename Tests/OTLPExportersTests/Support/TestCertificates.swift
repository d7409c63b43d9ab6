internal import Foundation

/// Certificates for tests of TLS: an authority, a server on loopback, the same with the name `backend.test` alone, and a
/// client. They protect nothing, and are valid for a hundred years.
final class TestCertificates: Sendable {
  private let folder = NSTemporaryDirectory() + "certificates-" + UUID().uuidString

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let files = [
      "ca.pem": Self.ca, "server.pem": Self.server, "server.key": Self.serverKey, "client.pem": Self.client,
      "client.key": Self.clientKey, "named.pem": Self.named, "empty.pem": "",
    ]
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: path(name))) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// `ca.pem`, `server.pem`, `server.key`, `client.pem`, `client.key`, `named.pem`, `empty.pem`.
  func path(_ name: String) -> String { folder + "/" + name }

  private static let ca = """
    -----BEGIN CERTIFICATE-----
    MIIBezCCASGgAwIBAgIUOBfEyKO7cT2w95kwKHFenzsUJy0wCgYIKoZIzj0EAwIw
    EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjExNTQ2NDlaGA8yMTI2MTAyODE1
    NDY0OVowEjEQMA4GA1UEAwwHVGVzdCBDQTBZMBMGByqGSM49AgEGCCqGSM49AwEH
    A0IABF3j313+96wORsidt1gcpOT7Z3Zi5ytr67q9ISgtJfcsUzUiNGqNJaw2E3Bl
    Ch3wi/1tm5ods790JiYKhsNZRpCjUzBRMB0GA1UdDgQWBBR4D9FaPjLEIMPWwe3y
    j3wDHMTGSjAfBgNVHSMEGDAWgBR4D9FaPjLEIMPWwe3yj3wDHMTGSjAPBgNVHRMB
    Af8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIF5cl4YIwtQSaPNZMI7h3M0L5OrW
    nEuNSSccCiCDlO/6AiEAxK7XpaP8uJtOQqsbb3vDQgvsPvTVc5nYG9BLdWShOG0=
    -----END CERTIFICATE-----

    """

  private static let server = """
    -----BEGIN CERTIFICATE-----
    MIIBlDCCATmgAwIBAgIUVpzOYBll2C68t+2abzW5ie8g+0EwCgYIKoZIzj0EAwIw
    EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjExNTQ2NDlaGA8yMTI2MTAyODE1
    NDY0OVowETEPMA0GA1UEAwwGc2VydmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
    QgAEGHb4VhJNnVjwXVb75vaWAo8VyZXBaFC6U3pTbuEcQIDS/7xRDbLM7A0rxiyU
    ExuoDbEjQT6um0pTBqiqSybM0aNsMGowKAYDVR0RBCEwH4IJbG9jYWxob3N0ggxi
    YWNrZW5kLnRlc3SHBH8AAAEwHQYDVR0OBBYEFN/x8EEoLP720RMng0aX9yblhHMA
    MB8GA1UdIwQYMBaAFHgP0Vo+MsQgw9bB7fKPfAMcxMZKMAoGCCqGSM49BAMCA0kA
    MEYCIQDkku4U7YuDLcVyjViwHb0do3k535p72wv7+bPQNbVapwIhAPm1WjcOmmJf
    1fv1jW59AviEEa3rimguThftYXhQb0VC
    -----END CERTIFICATE-----

    """

  private static let named = """
    -----BEGIN CERTIFICATE-----
    MIIBgjCCASigAwIBAgIUVpzOYBll2C68t+2abzW5ie8g+0MwCgYIKoZIzj0EAwIw
    EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjExNTQ5MzlaGA8yMTI2MTAyODE1
    NDkzOVowETEPMA0GA1UEAwwGc2VydmVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
    QgAEGHb4VhJNnVjwXVb75vaWAo8VyZXBaFC6U3pTbuEcQIDS/7xRDbLM7A0rxiyU
    ExuoDbEjQT6um0pTBqiqSybM0aNbMFkwFwYDVR0RBBAwDoIMYmFja2VuZC50ZXN0
    MB0GA1UdDgQWBBTf8fBBKCz+9tETJ4NGl/cm5YRzADAfBgNVHSMEGDAWgBR4D9Fa
    PjLEIMPWwe3yj3wDHMTGSjAKBggqhkjOPQQDAgNIADBFAiBq1unQYQ8j3GXmfX2d
    DTCPoYKcHwi8OzF1Oik7wN0eQgIhAOtMLfQBBWBijSz33PI8rqrEgEm+/pPzRAnv
    ubxm3ILm
    -----END CERTIFICATE-----

    """

  private static let serverKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgH16FOvPWkNlPN/Kk
    uzOFkFxThaSdz8Go0VdFnjHKsFuhRANCAAQYdvhWEk2dWPBdVvvm9pYCjxXJlcFo
    ULpTelNu4RxAgNL/vFENsszsDSvGLJQTG6gNsSNBPq6bSlMGqKpLJszR
    -----END PRIVATE KEY-----

    """

  private static let client = """
    -----BEGIN CERTIFICATE-----
    MIIBfTCCASSgAwIBAgIUVpzOYBll2C68t+2abzW5ie8g+0IwCgYIKoZIzj0EAwIw
    EjEQMA4GA1UEAwwHVGVzdCBDQTAgFw0yNjExMjExNTQ2NDlaGA8yMTI2MTAyODE1
    NDY0OVowETEPMA0GA1UEAwwGY2xpZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
    QgAEMct8aX5C8Kx5gK4ghh/4TwAIMRN3neDlQDwaYj4c80wRjgZx3ImeGPM9vE7Y
    4tb/dyoBqtOsyIPhH7FbN7PR0aNXMFUwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYD
    VR0OBBYEFImz/OGIT/pwU9IiAuAWG9EvTdwbMB8GA1UdIwQYMBaAFHgP0Vo+MsQg
    w9bB7fKPfAMcxMZKMAoGCCqGSM49BAMCA0cAMEQCICq6q/4iQ2y4vo3CHJqBJd6C
    WMLHrPW9bw6SH03yJKvTAiATtE4MdYR40vhKIvRWa99+7i7eeTDt5MZpVDRPaoST
    FQ==
    -----END CERTIFICATE-----

    """

  private static let clientKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgUgcZhiRuSA6u6OS/
    oWrwASKmseHRUSGuAto5n+VBWCChRANCAAQxy3xpfkLwrHmAriCGH/hPAAgxE3ed
    4OVAPBpiPhzzTBGOBnHciZ4Y8z28Ttji1v93KgGq06zIg+EfsVs3s9HR
    -----END PRIVATE KEY-----

    """
}
