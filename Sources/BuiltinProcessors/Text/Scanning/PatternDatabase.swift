internal import CHyperscan

/// Expressions that Hyperscan looks for in one pass, whatever their number.
///
/// Unsafe code: the library's objects are C pointers; each scanner has scratch memory of its own, and keeps its database
/// alive.
///
/// `@unchecked Sendable`: a database is never changed once it is compiled, so all lanes may read it.
final class PatternDatabase: @unchecked Sendable {
  /// One expression, in the part of PCRE's syntax that Hyperscan supports.
  struct Expression: Hashable, Sendable {
    var pattern: String
    var options: Options
    /// What a match is reported as.
    var id: Int
  }

  struct Options: OptionSet, Hashable, Sendable {
    let rawValue: UInt32

    /// `^` and `$` also match at line breaks.
    static let lines = Options(rawValue: UInt32(HS_FLAG_MULTILINE))
    /// The text is valid UTF-8, and a character of the pattern is a Unicode scalar.
    static let unicode = Options(rawValue: UInt32(HS_FLAG_UTF8))
    /// Where a match begins is reported, and not only where it ends.
    static let starts = Options(rawValue: UInt32(HS_FLAG_SOM_LEFTMOST))
  }

  private let database: OpaquePointer
  private let prototype: OpaquePointer

  /// - Throws: for an expression that the library cannot support, with its index and the reason.
  init(_ expressions: [Expression]) throws(PatternError) {
    var texts: [CChar] = []
    let starts = expressions.map { expression in
      defer { texts += expression.pattern.utf8CString }
      return texts.count
    }
    let flags = expressions.map(\.options.rawValue)
    let ids = expressions.map { UInt32($0.id) }
    var database: OpaquePointer?
    var error: UnsafeMutablePointer<hs_compile_error_t>?
    let status = texts.withUnsafeBufferPointer { texts in
      hs_compile_multi(
        starts.map { start in texts.baseAddress.map { $0 + start } }, flags, ids, UInt32(expressions.count),
        UInt32(HS_MODE_BLOCK), nil, &database, &error)
    }
    guard status == HS_SUCCESS, let database else {
      defer { hs_free_compile_error(error) }
      let reason = error?.pointee.message.map { String(cString: $0) } ?? "error \(status)"
      throw PatternError(index: Int(error?.pointee.expression ?? -1), reason: reason)
    }
    var scratch: OpaquePointer?
    guard hs_alloc_scratch(database, &scratch) == HS_SUCCESS, let scratch else {
      hs_free_database(database)
      throw PatternError(index: -1, reason: "there is no memory to scan with")
    }
    self.database = database
    prototype = scratch
  }

  deinit {
    hs_free_scratch(prototype)
    hs_free_database(database)
  }

  /// Looks for the expressions of one database, on one lane.
  final class Scanner {
    /// What is told of a match; the same shape as the C library's own handler.
    typealias Handler = match_event_handler

    private let database: PatternDatabase
    private let scratch: OpaquePointer

    init(_ database: PatternDatabase) {
      var scratch: OpaquePointer?
      guard hs_clone_scratch(database.prototype, &scratch) == HS_SUCCESS, let scratch else {
        // Copying scratch memory that exists fails for want of memory alone, where Swift itself ends the process; and
        // a lane that cannot scan must not let spans pass.
        fatalError("out of memory")
      }
      self.database = database
      self.scratch = scratch
    }

    deinit { hs_free_scratch(scratch) }

    /// Calls the handler for each match, with the context. False where the library could not do its work: then nobody
    /// knows what stands in the text.
    @inline(__always)
    func scan(_ text: UnsafeBufferPointer<UInt8>, _ context: UnsafeMutableRawPointer, _ handler: Handler) -> Bool {
      guard let start = text.baseAddress, let count = UInt32(exactly: text.count) else { return text.isEmpty }
      return start.withMemoryRebound(to: CChar.self, capacity: text.count) { start in
        hs_scan(database.database, start, count, 0, scratch, handler, context) == HS_SUCCESS
      }
    }
  }
}

/// An expression that cannot be looked for.
struct PatternError: Error, Equatable {
  /// The index of the expression; -1 where it is not one alone.
  var index: Int
  /// The library's own words.
  var reason: String
}
