import Crypto

struct ModelRequest: Codable {
  let ticket, prompt: String
}

struct ModelAnswer: Codable {
  let text: String
  let inputTokens, outputTokens: Int
}

/// Writes words that nobody has to read, and takes CPU for it as real work does: each word is chosen by a hash of the
/// whole prompt and the words before.
struct StandInModel {
  static let name = "stand-in-1"
  /// Tickets for which something else happens.
  static let failingTicket = "TCK-3002"
  static let slowTicket = "TCK-3003"

  /// How many words it writes.
  let tokens: Int

  /// - Returns: nil where it fails.
  func answer(_ request: ModelRequest) async throws -> ModelAnswer? {
    if request.ticket == Self.failingTicket { return nil }
    if request.ticket == Self.slowTicket { try await Task.sleep(for: .milliseconds(1_500)) }
    var written: [String] = []
    var state = SHA256()
    for _ in 0..<tokens {
      state.update(data: Array(request.prompt.utf8))
      let digest = state.finalize()
      let choice = digest.withUnsafeBytes { Int($0[0]) } % Self.words.count
      written.append(Self.words[choice])
      state.update(data: Array(digest))
    }
    return ModelAnswer(
      text: written.joined(separator: " "), inputTokens: request.prompt.utf8.count / 4, outputTokens: tokens)
  }

  private static let words = [
    "the", "scanner", "paper", "please", "tray", "settings", "open", "again", "then", "printer", "panel", "restart",
    "and", "your", "page", "twice", "check", "cover", "thank", "you", "menu", "copies", "single", "choose", "save",
  ]

  /// What the documentation has to say, some kilobytes of it.
  static let documentation = (1...3).map { chapter in
    "Chapter \(chapter). "
      + (1...40).map { "Step \($0): open the panel, choose tray \(chapter), and look whether each page comes once." }
      .joined(separator: " ")
  }
}
