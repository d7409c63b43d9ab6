internal import ProcessorHost

/// What a backend says, made fit for a log: printable, and at most 200 characters.
package enum ServerMessage {
  package static let maximumLength = 200

  /// - Parameter secrets: values of headers, which some backends repeat; a mask stands for each.
  package static func shown(_ text: String, hiding secrets: [String] = []) -> String {
    var text = text
    for secret in secrets where !secret.isEmpty { text = text.replacing(secret, with: "***") }
    // A character of the text can become several when it is made printable.
    let isSpace = { (character: Character) in character.isWhitespace }
    let first = text.drop(while: isSpace).prefix(maximumLength + 1)
    let last = first.lastIndex { !isSpace($0) }
    let printable = last.map { String.printable(String(first[...$0])) } ?? ""
    return printable.count <= maximumLength ? printable : printable.prefix(maximumLength - 1) + "…"
  }
}
