internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("Every way of writing rules comes into force, told by the file system", .timeLimit(.minutes(3)))
struct RuleWatchTests {
  @Test("a file that is emptied and written, again and again")
  func inPlace() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      for name in ["b", "c", "d"] {
        try files.write("rules/redact.lua", RuleFiles.hiding(name))
        try await watched.inForce()
      }
      #expect(watched.swaps.count == 3 && watched.host.ruleSetNumber == RuleSetNumber(4))
    }
  }

  @Test("a file that another takes the place of, again and again")
  func renamedOver() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      for name in ["b", "c", "d"] {
        try files.write("rules/.redact.lua.tmp", RuleFiles.hiding(name))
        try files.rename("rules/.redact.lua.tmp", "rules/redact.lua")
        try await watched.inForce()
      }
      #expect(watched.outcomes.count == 3)
    }
  }

  @Test("a file that an editor writes, with a swap file, a trial and a backup")
  func editor() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      for name in ["b", "c"] {
        try files.write("rules/.redact.lua.swp", "not a rule")
        try files.write("rules/4913", "")
        try files.remove("rules/4913")
        try files.rename("rules/redact.lua", "rules/redact.lua~")
        try files.write("rules/redact.lua", RuleFiles.hiding(name))
        try files.remove("rules/.redact.lua.swp")
        try await watched.inForce()
      }
      #expect(watched.swaps.count == 2)
    }
  }

  @Test("a file that is copied in parts: what is broken is refused, and the whole is in force")
  func parts() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      let text = RuleFiles.hiding("b")
      try files.write("rules/redact.lua", String(text.prefix(30)))
      await watched.refused("redact.lua:1")
      #expect(watched.host.ruleSetNumber == RuleSetNumber(1))
      try files.append("rules/redact.lua", String(text.dropFirst(30)))
      try await watched.inForce()
      #expect(watched.swaps.count == 1)
    }
  }

  @Test("files that are emptied are not believed, lists and tests neither")
  func emptied() async throws {
    let files = try RuleFiles()
    try files.make("rules/lists")
    try files.write("rules/lists/words.txt", "password\n")
    try files.write("rules/redact.lua", RuleFiles.hidingList)
    try await WatchedRules.watch(files.path) { watched in
      for file in ["lists/words.txt", "redact.lua", "redact.test.lua", "chain.lua"] {
        let text = try? String(contentsOfFile: files.path + "/" + file, encoding: .utf8)
        try files.write("rules/" + file, "")
        await watched.refused("\(file): the file is empty")
        #expect(watched.host.ruleSetNumber == RuleSetNumber(1))
        if let text { try files.write("rules/" + file, text) } else { try files.remove("rules/" + file) }
        await watched.restored()
      }
      #expect(watched.outcomes.count == 8, "each was told once, and that it is mended")
    }
  }

  @Test("lists that come, change, go and come again")
  func lists() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      for words in ["password\n", "token\n"] {
        try files.make("rules/lists")
        try files.write("rules/lists/words.txt", words)
        try files.write("rules/redact.lua", RuleFiles.hidingList)
        try await watched.inForce()
        try files.append("rules/lists/words.txt", "secret\n")
        try await watched.inForce()
        try files.append("rules/lists/words.txt", "without an end")
        try await watched.inForce()
        try files.remove("rules/lists")
        await watched.refused("words")
      }
    }
  }

  @Test("a directory that is removed, and made again")
  func removed() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      for name in ["b", "c"] {
        try files.copy("rules", "copy")
        try files.remove("rules")
        await watched.refused("cannot be read")
        try files.rename("copy", "rules")
        await watched.restored()
        try files.write("rules/redact.lua", RuleFiles.hiding(name))
        try await watched.inForce()
      }
    }
  }

  @Test("a directory that another takes the place of, and one above it")
  func replacedWhole() async throws {
    let files = try RuleFiles()
    try files.make("above/this")
    try files.rename("rules", "above/this/rules")
    try await WatchedRules.watch(files.root + "/above/this/rules") { watched in
      for (name, moved) in [("b", "above/this/rules"), ("c", "above/this"), ("d", "above"), ("e", "above/this/rules")] {
        try files.copy(moved, "next")
        let inside = "above/this/rules".dropFirst(moved.count)
        try files.write("next\(inside)/redact.lua", RuleFiles.hiding(name))
        try files.rename(moved, "before-\(name)")
        try files.rename("next", moved)
        try await watched.inForce()
      }
      #expect(watched.swaps.count == 4)
    }
  }

  @Test("files of any age, whatever the clock says")
  func times() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      for (name, years) in [("b", -50.0), ("c", 50), ("d", 0), ("e", 0)] {
        try files.write("rules/next", RuleFiles.hiding(name))
        try files.date(Date(timeIntervalSince1970: 1_700_000_000 + years * 31_557_600), "rules/next")
        try files.rename("rules/next", "rules/redact.lua")
        try await watched.inForce()
      }
    }
  }

  @Test("a file that cannot be read is refused, and may come back")
  func unreadable() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      try files.rename("rules/redact.lua", "kept.lua")
      try files.link("rules/redact.lua", to: "nowhere")
      await watched.refused("redact.lua: the file cannot be read")
      #expect(watched.reloader.refused?.directory == nil)
      try files.rename("kept.lua", "rules/redact.lua")
      await watched.restored()
    }
  }

  @Test("permissions that are lost and given back", .enabled(if: geteuid() != 0, "root may read anything"))
  func permissions() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      for (name, before) in [("rules/redact.lua", 0o644), ("rules", 0o755)] {
        try files.allow(0, name)
        await watched.refused("cannot be read")
        try files.allow(before, name)
        await watched.restored()
      }
      #expect(watched.host.ruleSetNumber == RuleSetNumber(1))
    }
  }

  @Test("a refused set is shown with what it says")
  func shown() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      try files.write("rules/redact.lua", "return rule {")
      await watched.refused("redact.lua:1")
      #expect(watched.reloader.refused?.directory == (try RuleDirectory(contentsOf: files.path)))
    }
  }
}
