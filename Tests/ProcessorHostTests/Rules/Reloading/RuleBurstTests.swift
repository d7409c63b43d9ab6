internal import Foundation
internal import ProcessorHost
internal import Testing

@Suite("Events that do not end", .timeLimit(.minutes(3)))
struct RuleBurstTests {
  /// Does something again and again while `body` runs.
  private func meanwhile(
    _ change: @escaping @Sendable (Int) throws -> Void, _ body: () async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        for round in 0... {
          if Task.isCancelled { return }
          try change(round)
          try? await Task.sleep(for: .milliseconds(2))
        }
      }
      try await body()
      group.cancelAll()
    }
  }

  @Test("an edit comes into force while files that say the same are written all the time")
  func noise() async throws {
    let files = try RuleFiles()
    try files.write("rules/other.lua", "-- 1")
    try await WatchedRules.watch(files.path) { watched in
      try await meanwhile { round in
        try files.append("rules/other.lua", "")
        try files.date(Date(timeIntervalSince1970: Double(round)), "rules/other.lua")
        try files.write("rules/.redact.lua.swp", "\(round)")
      } _: {
        for name in ["b", "c"] {
          try files.write("rules/redact.lua", RuleFiles.hiding(name))
          try await watched.inForce()
        }
      }
      #expect(watched.swaps.count == 2)
    }
  }

  @Test("files that never say the same twice are refused, and in force once they do")
  func restless() async throws {
    let files = try RuleFiles()
    try await WatchedRules.watch(files.path) { watched in
      try await meanwhile { round in
        try files.write("rules/next", RuleFiles.hiding("b\(round)"))
        try files.rename("rules/next", "rules/redact.lua")
      } _: {
        await watched.refused("change all the time")
      }
      try await watched.inForce()
    }
  }
}
