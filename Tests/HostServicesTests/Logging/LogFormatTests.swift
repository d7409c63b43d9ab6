import Foundation
import HostServices
import Logging
internal import ProcessorHost
import Synchronization
import Testing

struct LogFormatTests {
  /// Keeps the lines that are written.
  private final class Lines: LogOutput {
    private let kept = Mutex<[String]>([])
    func write(line: String) { kept.withLock { $0.append(line) } }
    var all: [String] { kept.withLock { $0 } }
  }

  private let lines = Lines()

  private func logger(
    _ format: LoggingSettings.Format, _ level: LoggingSettings.Level = .info, isColoured: Bool = false
  ) -> Logger {
    var settings = LoggingSettings()
    settings.format = format
    settings.level = level
    return Logger(label: "host.test") { label in
      HostLogHandler(
        label: label, settings: settings, isColoured: isColoured, output: lines,
        clock: { Timestamp(milliseconds: 1_709_164_800_007) })
    }
  }

  @Test func aLineOfTextHasTimeLevelMessageAndPairsInOrder() {
    logger(.text).info("rules loaded", metadata: ["rules": "3", "about": "two words", "digest": .stringConvertible(5)])
    #expect(
      lines.all == ["2024-02-29T00:00:00.007Z INFO     rules loaded about=\"two words\" digest=5 rules=3"])
  }

  @Test func theLevelOfAllLoggersChangesButForThoseThatHaveOneOfTheirOwn() {
    let level = LogLevel(.info)
    let make = { [lines] in
      Logger(label: "host.test") { HostLogHandler(label: $0, settings: LoggingSettings(), level: level, output: lines) }
    }
    let common = make()
    var own = make()
    own.logLevel = .error
    level.current = .debug
    common.debug("seen")
    own.debug("not seen")
    level.current = .critical
    common.error("not seen")
    own.error("seen")
    #expect(lines.all.count == 2)
  }

  @Test func nothingInALineEndsItOrIsObeyedByATerminal() throws {
    let evil = "a\n2024 ERROR b\u{1B}[31m\u{202E}\u{9B}31m"
    logger(.text).info("\(evil)", metadata: ["x": "\(evil)", "\(evil)": "1", "": ""])
    logger(.json).info("\(evil)", metadata: ["x": "\(evil)", "\(evil)": "1"])
    for line in lines.all {
      let unseen = line.unicodeScalars.filter {
        [.control, .format, .lineSeparator].contains($0.properties.generalCategory)
      }
      #expect(unseen.isEmpty)
    }
    // Whoever reads the JSON has the text as it was.
    let json = try #require(try JSONSerialization.jsonObject(with: Data(lines.all[1].utf8)) as? [String: Any])
    #expect(json["message"] as? String == evil)
    #expect(json[evil] as? String == "1")
  }

  @Test func aLineOfJSONHasNestedMetadataAsItIs() throws {
    logger(.json).error(
      "no \"route\" \\ \u{1F6AB}", metadata: ["list": ["a", "b"], "map": ["k": ["v": "1"]], "level": "mine"])
    #expect(
      lines.all == [
        #"{"time":"2024-02-29T00:00:00.007Z","level":"error","logger":"host.test","message":"no \"route\" \\ "#
          + "\u{1F6AB}" + #"","metadata.level":"mine","list":["a","b"],"map":{"k":{"v":"1"}}}"#
      ])
  }

  @Test func onlyWhatIsSevereEnoughIsWritten() {
    let quiet = logger(.text, .warning)
    quiet.notice("not this")
    quiet.warning("this")
    #expect(lines.all.count == 1)
  }

  @Test func metadataOfTheEventGoesBeforeThatOfTheLogger() {
    var logger = logger(.text)
    logger[metadataKey: "exporter"] = "a"
    logger[metadataKey: "kept"] = "1"
    logger.info("m", metadata: ["exporter": "b"])
    #expect(lines.all[0].hasSuffix("m exporter=b kept=1"))
  }

  @Test func levelsAreColouredOnATerminalOnly() {
    logger(.text, isColoured: true).error("m")
    logger(.text).error("m")
    #expect(lines.all[0].contains("\u{1B}[31mERROR   \u{1B}[0m m"))
    #expect(!lines.all[1].contains("\u{1B}"))
  }

  @Test func textOfAnyLengthIsCut() {
    logger(.text).info(
      "\(String(repeating: "x", count: 1_000_000))", metadata: ["y": "\(String(repeating: "é", count: 1_000_000))"])
    #expect(lines.all[0].utf8.count < 20_000)
  }

  @Test func theErrorOfAnEventIsWritten() {
    logger(.text).error("failed", error: ConfigurationError("no such file"))
    #expect(lines.all[0].hasSuffix("failed error=\"no such file\""))
  }
}
