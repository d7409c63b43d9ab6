/// The paths of incoming webhooks, which anybody who has the URL can post to: Slack's, Discord's and Microsoft Teams'.
///
/// The slashes may be percent-encoded or have the backslashes of JSON.
enum WebhookPath {
  private struct Form {
    var host: StaticString
    /// The first parts of the path, each with a slash before and behind; they stay.
    var parts: [StaticString] = []
    /// The fewest bytes of the rest.
    var shortest: Int
  }

  private static let forms = [
    Form(host: "hooks.slack.com", shortest: 30),
    Form(host: "discord.com", parts: ["api", "webhooks"], shortest: 60),
    Form(host: "discordapp.com", parts: ["api", "webhooks"], shortest: 60),
    Form(host: "webhook.office.com", parts: ["webhookb2"], shortest: 60),
  ]

  /// The rest of the path of a URL whose host, or the last labels of it, begins at an index.
  static func range<Text: ByteText>(from start: Int, in text: Text) -> Range<Int>? {
    guard text[start] == UInt8(ascii: "h") || text[start] == UInt8(ascii: "d") || text[start] == UInt8(ascii: "w")
    else {
      return nil
    }
    for form in forms where text.has(form.host, at: start) { return range(of: form, from: start, text) }
    return nil
  }

  private static func range<Text: ByteText>(of form: Form, from start: Int, _ text: Text) -> Range<Int>? {
    var index = start + form.host.utf8CodeUnitCount
    var slash = text.slashLength(at: index)
    for part in form.parts {
      guard slash > 0, text.has(part, at: index + slash) else { return nil }
      index += slash + part.utf8CodeUnitCount
      slash = text.slashLength(at: index)
    }
    guard slash > 0 else { return nil }
    index += slash
    let end = pathEnd(from: index, text)
    return end - index >= form.shortest ? index..<end : nil
  }

  private static func pathEnd<Text: ByteText>(from start: Int, _ text: Text) -> Int {
    var end = start
    while true {
      let next = text.end(of: [.base64URL, .tilde], from: end)
      let mark =
        text[next] == UInt8(ascii: "@") ? 1 : text.has("%40", at: next) ? 3 : text.slashLength(at: next)
      if mark == 0 { return next }
      end = next + mark
    }
  }
}
