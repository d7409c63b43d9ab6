import BuiltinProcessors
import ProcessorHost

/// The four rules that come with the host, of which `redact` looks into no text.
enum RulesByNameAndWord {
  static var directory: RuleDirectory {
    var rules = RuleDirectory.standard
    rules.rules["redact"] = RuleSource(
      file: "redact.lua",
      text: """
        return rule { about = 'Hides.', hide = {
          match.words(list 'secret_words', { except = list 'harmless_names' }),
          remove(match.names { 'webhook.payload', 'webhook.body', 'http.request.body', 'http.response.body' }),
        } }
        """)
    rules.tests["redact"] = nil
    return rules
  }
}
