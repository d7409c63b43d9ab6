import PrometheusMetrics
import Testing

struct ProcessFiguresTests {
  @Test func thereIsNothingWhereTheKernelTellsNothing() {
    #expect(ProcessFigures(root: "/nowhere").families().isEmpty)
  }

  #if os(Linux)
    @Test func theKernelTellsOfThisProcess() throws {
      let figures = Dictionary(uniqueKeysWithValues: ProcessFigures().families().map { ($0.name, $0) })
      func value(_ name: String) throws -> Double {
        guard case .number(let number) = try #require(figures[name]?.samples.first).value else { return -1 }
        return number
      }
      #expect(try value("process_cpu_seconds_total") > 0)
      #expect(figures["process_cpu_seconds_total"]?.kind == .counter)
      #expect(try value("process_resident_memory_bytes") > 1_000_000)
      // Standard input, output and error at least.
      #expect(try value("process_open_fds") >= 3)
      #expect(try value("process_max_fds") >= value("process_open_fds"))
      // After the first kernel of Linux, and before a year that this test will not see.
      #expect(try (684_000_000...16_725_225_600).contains(value("process_start_time_seconds")))
    }
  #endif
}
