internal import ArgumentParser
internal import BuiltinProcessors
internal import Foundation
internal import ProcessorHost

/// `processor-host pseudonym`: what a value is called in traces, for whoever holds the key.
struct PseudonymCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pseudonym",
    abstract: "Print the pseudonyms of values, or make a key.",
    discussion: """
      For each value it prints its pseudonym under every key, a line each, the key in use first: so a person is found \
      in traces from before and after a rotation. Values are arguments or, without any, the lines of standard input, \
      where no list of processes and no shell history shows them:

        processor-host pseudonym --key users=users.keys < names.txt > sought.txt
        grep -F -f sought.txt spans.jsonl

      A number is looked up by its shortest text: 42 for 42.0 as well, 0.5, 1e+20.

      A file of keys has a line for each, ID: SECRET, the secret 32 bytes or more in hexadecimal digits or base64; the \
      first is in use, the others are from before a rotation. This makes one:

        (umask 077; processor-host pseudonym --new-key 2026-11 > users.keys)

      Exit status: 0 done; 2 wrong usage; 3 the keys could not be loaded.
      """)

  @Option(
    help: ArgumentHelp(
      "The name of the keys and their file. A name alone takes the keys in PROCESSOR_HOST_KEY_<NAME>.",
      valueName: "name=file"))
  var key: String?

  @Option(help: ArgumentHelp("Print a line for a file of keys: this id and a new secret.", valueName: "id"))
  var newKey: String?

  @Argument(help: "Values; without any, the lines of standard input.")
  var values: [String] = []

  func validate() throws {
    if newKey != nil, key != nil || !values.isEmpty {
      throw ValidationError("--new-key goes with no other option and no value")
    }
    if let key {
      if key.contains("=") { _ = try KeyOptions.parse(key) } else { try KeyOptions.checkName(key) }
    } else if newKey == nil {
      throw ValidationError("--key NAME=FILE is missing; --key NAME takes the keys in PROCESSOR_HOST_KEY_<NAME>")
    }
  }

  func run() throws {
    if let newKey {
      try OutputSink.standardOutput.write((makeKey(id: newKey) + "\n").utf8)
    } else if let key {
      try look(for: keyRing(key))
    }
  }

  private func makeKey(id: String) throws -> String {
    do {
      return try PseudonymKey.newLine(id: id)
    } catch {
      throw ValidationError("--new-key: \(error)")
    }
  }

  private func keyRing(_ key: String) throws -> PseudonymKeyRing {
    if key.contains("=") { return try KeyOptions.ring(contentsOf: KeyOptions.parse(key).path) }
    return try KeyOptions.ringInEnvironment(key)
  }

  private func look(for ring: PseudonymKeyRing) throws {
    let pseudonymizers = ring.keys.map { Pseudonymizer($0, of: ring) }
    var output: [UInt8] = []
    try forEachValue { value in
      // A value that is a pseudonym already comes out of each as it is; once is enough.
      let wanted = pseudonymizers[0].isPseudonym(value) ? pseudonymizers[..<1] : pseudonymizers[...]
      for pseudonymizer in wanted {
        pseudonymizer.append(value, to: &output)
        output.append(UInt8(ascii: "\n"))
      }
    }
    try OutputSink.standardOutput.write(output)
  }

  private func forEachValue(_ body: (UnsafeBufferPointer<UInt8>) -> Void) throws {
    guard values.isEmpty else {
      for value in values { Array(value.utf8).withUnsafeBufferPointer(body) }
      return
    }
    var lines = try Array(FileHandle.standardInput.readToEnd() ?? Data())[...]
    // The last line's end begins no further one.
    if lines.last == UInt8(ascii: "\n") { lines.removeLast() } else if lines.isEmpty { return }
    for line in lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      (line.last == UInt8(ascii: "\r") ? line.dropLast() : line).withUnsafeBufferPointer(body)
    }
  }
}
