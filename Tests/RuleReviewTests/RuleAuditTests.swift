import BuiltinProcessors
import Foundation
import ProcessorHost
import RuleReview
import Testing

@Suite("The audit of a set of rules")
struct RuleAuditTests {
  private static func audit(_ rules: [String: String], chain: String) throws -> RuleAudit {
    let sources = rules.map { RuleSource(file: $0.key + ".lua", text: $0.value) }
    let directory = RuleDirectory(
      chain: RuleSource(file: "chain.lua", text: "return chain { api = 1, \(chain) }"), rules: sources)
    return RuleAudit(try ReviewedRules(directory), tests: ["a": 2])
  }

  @Test("What a reviewer has to look at stands first")
  func concerns() throws {
    let audit = try Self.audit(
      [
        "a": """
        return rule { about = 'Renames.', can = { read = { "name" }, rewrite = { "name" }, drop = { "noise" } },
          on_span = function(span) span.name = span.name end, on_failure = "strip",
          hide = { match.words({ "пароль" }, { except = { "a.b" } }), remove(match.prefixes { "x" }) } }
        """, "b": "return rule { about = 'Idle.', hide = { match.names { 'x' } } }",
      ], chain: "'a'")
    #expect(audit.concerns.contains { $0.hasPrefix("a may write free text") })
    #expect(audit.concerns.contains { $0 == "b.lua is not in the chain and does not run" })
    #expect(audit.concerns.contains { $0 == "a.lua:3 leaves 1 names alone" })
    #expect(audit.unusualWords.map(\.codePoints) == [["U+043F", "U+0430", "U+0440", "U+043E", "U+043B", "U+044C"]])
    #expect(audit.losses.contains("whole spans: a drops them, reason noise"))
    #expect(audit.losses.contains { $0.hasPrefix("all but the frame of spans on which a fails") })
    #expect(audit.losses.contains { $0.hasPrefix("attributes that prefixes finds") })
    #expect(audit.rules.map(\.powers) == [["write free text into name", "read name", "drop spans, reason noise"]])
    #expect(audit.rules.map(\.tests) == [2])
  }

  @Test("Values that are looked for are not shown, nor does a name break the page")
  func values() throws {
    let audit = try Self.audit(
      ["a": "return rule { about = 'H|x`', hide = { match.values { 'hunter2' }, match.names { 'a`|b' } } }"],
      chain: "'a'")
    let pages = [audit.page(TextPage.self), audit.page(MarkdownPage.self)]
    for page in pages {
      #expect(!page.contains("hunter2"))
      #expect(page.contains("1 values"))
    }
    #expect(pages[1].contains("`a'|b`"))
    let json = try ReviewJSON.encode(audit)
    let read = try JSONDecoder().decode(RuleAudit.self, from: Data(json))
    #expect(read.digest == audit.digest && read.matrix.map(\.matcher) == audit.matrix.map(\.matcher))
  }

  @Test("The matrix has a line for each surface and a column for each matcher")
  func matrix() throws {
    let audit = try Self.audit(
      ["a": "return rule { about = 'H', hide = { match.names { 'k' }, match.text { 'email' } } }"], chain: "'a'")
    #expect(audit.matrix.map(\.matcher) == ["names", "text email"])
    #expect(audit.matrix.allSatisfy { $0.planted.count == audit.surfaces.count })
    // A name stands for keys, and none can be the name of a span.
    let place = try #require(audit.surfaces.firstIndex(of: "span name"))
    #expect(audit.matrix[0].planted[place] == nil)
    #expect((audit.matrix[1].planted[place] ?? 0) > 0)
  }

  @Test("No text of a rule is an instruction to a terminal or to who shows Markdown")
  func instructions() throws {
    let audit = try Self.audit(
      [
        "a": #"""
        local settings = settings { ["s\27[31m\n# fine"] = count(1) }
        return rule { about = "safe\27[2J\n## Fine\u{202E} <img src=x> [x](y)", can = { drop = { "<b>\n# r" } },
          hide = { match.names { "k\n# k" } }, on_span = function(span) span:drop "<b>\n# r" end }
        """#
      ], chain: "'a'")
    let text = audit.page(TextPage.self)
    let markdown = audit.page(MarkdownPage.self)
    for page in [text, markdown] {
      #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && $0 != "\u{202E}" && $0.value != 0x7F })
      #expect(!page.contains("\n# fine") && !page.contains("\n## Fine") && !page.contains("\n# r"))
    }
    #expect(markdown.contains(#"\<img src=x\> \[x\](y)"#))
    #expect(markdown.contains(#"\<b\>"#))
    #expect(!markdown.replacing(#"\<"#, with: "").contains("<"))
  }

  @Test("That settings decide on what is hidden stands first")
  func settings() throws {
    let audit = try Self.audit(
      [
        "a": """
        local settings = settings { length = count(9) }
        return rule { about = 'Cuts.', hide = { cut(match.names { 'k' }, settings.length) } }
        """
      ], chain: "'a'")
    #expect(audit.concerns.contains { $0.hasPrefix("what a hides may hang on its settings") })
  }
}
