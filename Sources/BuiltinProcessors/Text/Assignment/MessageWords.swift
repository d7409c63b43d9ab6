/// Words by which messages are told from values: `token: expired` says something about a token.
///
/// The lists are closed and hold words that hardly anybody has as a password.
enum MessageWords {
  /// What a word says about the text that it begins.
  enum Kind {
    /// A message, also where nothing follows: `expired`.
    case message
    /// A message if another word follows: `user bob logged in`.
    case opening
  }

  /// What a message can begin with, or nil for any other word.
  static func kind(of word: UnsafeBufferPointer<UInt8>) -> Kind? {
    guard let first = word.first, word.count <= longest else { return nil }
    let letter = Int(first.smallLetter &- UInt8(ascii: "a"))
    guard letter < 26 else { return nil }
    if holds(messages[letter], word) { return .message }
    return holds(openings[letter], word) ? .opening : nil
  }

  private static func holds(_ list: [[UInt8]], _ word: UnsafeBufferPointer<UInt8>) -> Bool {
    for candidate in list where candidate.count == word.count {
      if zip(candidate, word).allSatisfy({ $0 == $1.smallLetter }) { return true }
    }
    return false
  }

  /// Whether a name ends with a word for a problem, as in `InvalidTokenError: …`.
  static func endsProblem(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
    for problem in problems where problem.count <= name.count {
      if zip(problem.reversed(), name.reversed()).allSatisfy({ $0 == $1.smallLetter }) { return true }
    }
    return false
  }

  private static let problems = ["exception", "error", "errors", "fault", "warning", "failure", "failed", "panic"]
    .map { Array($0.utf8) }

  /// The longest of the words.
  static let longest = 16

  private static let messages = byLetter(
    """
    accepted already any attempting authenticated authorized bad bool boolean
    cached called calling cannot changed checking cleared closed closing completed conflict connecting could couldn created creating
    deleted denied deny deprecated did didn disabled does doesn done dropping
    empty enabled ended eof exceeded exchanging existing expected expired expires expiring
    failed failing failure fetched fetching finished forbidden found
    generated generating getting gone granted has hasn
    ignored ignoring illegal incorrect initialized initializing insufficient int integer invalid invalidated is isn
    issued issuing
    loaded loading locked logged looking malformed may migrated migrating mismatch missing must
    need needs no not obtained obtaining ok optional parsing pending provided
    received receiving redirecting refreshed refreshing refused rejected released removed removing renewed renewing
    requested requesting required requires restored retrying returned returning revoked revoking rotated rotating
    saved sending sent should skipped skipping started starting stopped storing str string
    succeeded successful successfully timeout trying
    unable unauthenticated unauthorized undefined unexpected unknown unset unsupported updated updating used using
    yes valid validated validating verified verifying waiting was wasn were will wrong
    """)

  private static let openings = byLetter(
    """
    a access all an and are as at attempt auth authentication authorization been being bitte but by bytes
    cache can check client connection context credentials dial due either entering error errors every exception
    field flag for from generic get got have head header if in internal it its key
    length login logout lookup method name neither new none nothing now number
    of on only open opened opening option or parse password patch permission please post processing property put
    redirect refresh request reset response retry rpc
    secret server service session set size status success
    that the there this timed to token too two type use user
    validation value when with without you your
    """)

  private static func byLetter(_ words: String) -> [[[UInt8]]] {
    var lists = [[[UInt8]]](repeating: [], count: 26)
    for word in words.split(whereSeparator: \.isWhitespace) {
      let bytes = Array(word.utf8)
      lists[Int(bytes[0] - UInt8(ascii: "a"))].append(bytes)
    }
    return lists
  }
}
