import Foundation
import HostServices
import Testing

struct DocumentationTests {
  private func operations() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "docs/operations.md"), encoding: .utf8)
  }

  /// The rows of the table in docs/operations.md.
  private func documentedRows() throws -> [String] {
    let text = try operations()
    let start = try #require(text.range(of: "\n### All settings\n"))
    let lines = text[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    let table = lines.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
    // The heading and the line under it.
    return table.dropFirst(2).map(String.init)
  }

  @Test func theTableOfTheDocumentationHasEverySettingAsTheCodeHasIt() throws {
    let documented = try documentedRows()
    let expected = SettingsTable().rows
    for row in expected { #expect(documented.contains(row), "the table lacks this row") }
    for row in documented { #expect(expected.contains(row), "the code knows nothing of this row") }
    #expect(documented == expected)
  }

  @Test func theExampleOfTheDocumentationIsRight() throws {
    let text = try operations()
    let start = try #require(text.range(of: "\n## Settings\n"))
    let block = try #require(text.range(of: "```yaml\n", range: start.upperBound..<text.endIndex))
    let end = try #require(text.range(of: "```", range: block.upperBound..<text.endIndex))
    let resolved = try resolve(
      String(text[block.upperBound..<end.lowerBound]), environment: ["VENDOR_TOKEN": "hush"],
      secrets: ["token": "hush-hush"])
    #expect(resolved.configuration.exporters.map(\.name) == ["jaeger", "vendor"])
    #expect(resolved.configuration.exporters.last?.headers == ["authorization": "Bearer hush"])
  }

  @Test func noTwoSettingsShareANameAVariableOrAFlag() {
    let settings = HostSettings.all
    #expect(Set(settings.map(\.path)).count == settings.count)
    let variables = settings.flatMap(\.variables) + ExporterSettingsTable.all.flatMap(\.variables)
    #expect(Set(variables).count == variables.count)
    let flags = settings.compactMap(\.flag) + ExporterSettingsTable.all.compactMap(\.flag) + [ExporterChoice.flag]
    #expect(Set(flags).count == flags.count)
  }

  @Test func everyFlagOfASettingIsOneOfTheCommandLine() throws {
    // These come with the options of rules, which other commands share.
    let ofRules = ["--rules", "--chain", "--set", "--key"]
    let flags =
      HostSettings.all.compactMap(\.flag) + ExporterSettingsTable.all.compactMap(\.flag) + [ExporterChoice.flag]
    let own = flags.filter { !ofRules.contains($0) }
    let parsed = try SettingFlags.parse(own.flatMap { [$0, "x"] })
    #expect(Set(parsed.values) == Set(own.map { FlagValue($0, "x") }))
  }
}
