internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("Links on the way to rules are followed to where they lead now", .timeLimit(.minutes(3)))
struct RuleLinkTests {
  /// A folder as Kubernetes mounts a ConfigMap, in its first version.
  private func mounted(_ files: RuleFiles) throws {
    try files.rename("rules", "start")
    try files.make("rules/..1")
    try files.link("rules/..data", to: "..1")
    for name in ["chain.lua", "redact.lua"] {
      try files.rename("start/" + name, "rules/..1/" + name)
      try files.link("rules/" + name, to: "..data/" + name)
    }
  }

  /// Makes a new version as the kubelet does: written beside, pointed at in one step, and the old one removed.
  private func update(_ files: RuleFiles, to version: Int, _ texts: [String: String]) throws {
    try files.copy("rules/..\(version - 1)", "rules/..\(version)")
    for (name, text) in texts { try files.write("rules/..\(version)/" + name, text) }
    try files.link("rules/..data_tmp", to: "..\(version)")
    try files.rename("rules/..data_tmp", "rules/..data")
    try files.remove("rules/..\(version - 1)")
  }

  @Test("a ConfigMap's versions")
  func configMap() async throws {
    let files = try RuleFiles()
    try mounted(files)
    try await WatchedRules.watch(files.path) { watched in
      for version in 2...4 {
        try update(files, to: version, ["redact.lua": RuleFiles.hiding("v\(version)")])
        try await watched.inForce()
      }
      #expect(watched.outcomes.count == 3, "no half of a version was ever seen")
    }
  }

  @Test("a ConfigMap with lists, which are in a folder that is a link")
  func configMapLists() async throws {
    let files = try RuleFiles()
    try mounted(files)
    try files.make("rules/..1/lists")
    try files.write("rules/..1/lists/words.txt", "password\n")
    try files.write("rules/..1/redact.lua", RuleFiles.hidingList)
    try files.link("rules/lists", to: "..data/lists")
    try await WatchedRules.watch(files.path) { watched in
      for version in 2...3 {
        try update(files, to: version, ["lists/words.txt": "password\nword\(version)\n"])
        try await watched.inForce()
      }
      #expect(watched.swaps.count == 2)
    }
  }

  @Test("a directory that is a link, and one that a link leads through")
  func directories() async throws {
    let files = try RuleFiles()
    for name in ["b", "c"] {
      try files.make("release-\(name)")
      try files.copy("rules", "release-\(name)/rules")
      try files.write("release-\(name)/rules/redact.lua", RuleFiles.hiding(name))
    }
    try files.link("current", to: "release-b")
    try files.link("live", to: "./current/../current/rules")
    try await WatchedRules.watch(files.root + "/live") { watched in
      try files.relink("current", to: "release-c")
      try await watched.inForce()
      try files.write("release-c/rules/redact.lua", RuleFiles.hiding("d"))
      try await watched.inForce()
      try files.relink("live", to: files.path)
      try await watched.inForce()
      try files.write("rules/redact.lua", RuleFiles.hiding("e"))
      try await watched.inForce()
      try files.remove("live")
      await watched.refused("cannot be read")
      try files.link("live", to: "release-b/rules")
      try await watched.inForce()
      #expect(watched.swaps.count == 5)
    }
  }

  @Test("a rule that is a link to a file elsewhere")
  func elsewhere() async throws {
    let files = try RuleFiles()
    try files.make("shared")
    try files.rename("rules/redact.lua", "shared/first.lua")
    try files.link("rules/redact.lua", to: "../shared/first.lua")
    try await WatchedRules.watch(files.path) { watched in
      try files.write("shared/first.lua", RuleFiles.hiding("b"))
      try await watched.inForce()
      try files.write("shared/next", RuleFiles.hiding("c"))
      try files.rename("shared/next", "shared/first.lua")
      try await watched.inForce()
      try files.write("shared/second.lua", RuleFiles.hiding("d"))
      try files.relink("rules/redact.lua", to: files.root + "/shared/second.lua")
      try await watched.inForce()
      try files.write("shared/second.lua", RuleFiles.hiding("e"))
      try await watched.inForce()
    }
  }

  @Test("links in a circle are refused, and may lead somewhere again")
  func circle() async throws {
    let files = try RuleFiles()
    try files.link("one", to: "rules")
    try await WatchedRules.watch(files.root + "/one") { watched in
      try files.link("two", to: "one")
      try files.relink("one", to: "two")
      await watched.refused("cannot be read")
      try files.relink("two", to: "rules")
      await watched.restored()
    }
  }
}
