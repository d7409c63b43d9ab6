import ProcessorHost

/// Rules that take as much as they can get. Each figure is for one call: the most that a rule can cost before it is stopped.
enum HostileRules {
  static let all: [(name: String, hook: String)] = [
    ("an endless loop", "while true do end"),
    ("comparing long strings", "local a, b = string.rep('x', 65000), string.rep('x', 65000) while a <= b do end"),
    ("a pattern that tries everything", "string.find(string.rep('a', 2000), '(.-)(.-)(.-)(.-)x')"),
    ("formatting", "while true do string.format('%99.99f', 1e300) end"),
    ("concatenation", "local s = 'x' while true do s = s .. s end"),
    // Lua up to 5.4.6 takes time quadratic in the chain's length to put the error message together.
    ("an error about a long chain", "local a = {} a.b = a a = a" + String(repeating: ".b", count: 15_000) + ".c.d"),
    ("reading attributes", "while true do local x = span.attributes.a end"),
    ("writing attributes", "for i = 1, 1e9 do span.attributes['k' .. i] = 1 end"),
  ]

  static func directory(_ hook: String) -> RuleDirectory {
    let text = """
      return rule {
        about = "Takes what it can get.",
        can = { read = { "attributes.*" }, rewrite = { "attributes.*" } },
        on_span = function(span) \(hook) end,
      }
      """
    return RuleDirectory(rules: [RuleSource(file: "hostile.lua", text: text)])
  }
}
