#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif
#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// Finds what has to be watched so that no change of what a rules directory says goes by: the directory, its lists, and
/// every link and directory on the way to them and to the files that are links, as those of a ConfigMap are.
///
/// Each thing is watched before it is looked at, so that it cannot change unseen between the two.
struct WatchedPaths {
  private let watch: SystemWatch

  /// As many as the system follows.
  private static let maximumLinks = 40

  init(_ watch: SystemWatch) { self.watch = watch }

  func add(rulesDirectory path: String) {
    guard let directory = follow(path, from: Self.workingDirectory) else { return }
    add(files: ".lua", in: directory, beside: "lists")
    if let lists = follow("lists", from: directory) { add(files: ".txt", in: lists) }
  }

  private func add(files suffix: String, in directory: String, beside name: String? = nil) {
    watch.add(directory, .files(suffix: suffix))
    if let name { watch.add(directory, .entry(name)) }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    for name in names where WatchedPart.isFile(name, suffix: suffix) {
      let path = Self.path(directory, name)
      if SystemWatch.needsEveryFile || Self.entry(path).isLink, let file = follow(name, from: directory) {
        watch.add(file, .file)
      }
    }
  }

  /// Watches every link and directory on the way.
  /// - Returns: where the way ends, without links; nil where it leads to nothing, in which case it is watched whether
  ///   that comes.
  private func follow(_ path: String, from start: String) -> String? {
    var directory = path.hasPrefix("/") ? "/" : start
    var left = path.split(separator: "/")[...]
    var links = 0
    while let name = left.popFirst() {
      switch name {
      case ".": continue
      case "..":
        directory = Self.parent(of: directory)
        continue
      default: break
      }
      switch watchedEntry(String(name), in: directory) {
      case .missing: return nil
      case .other: directory = Self.path(directory, name)
      case .link(let target):
        links += 1
        if links > Self.maximumLinks { return nil }
        if target.hasPrefix("/") { directory = "/" }
        left = target.split(separator: "/") + left
      }
    }
    return directory
  }

  private func watchedEntry(_ name: String, in directory: String) -> Entry {
    let path = Self.path(directory, name)
    // More than once only where it comes and goes meanwhile; that makes events.
    for _ in 0..<3 {
      if case .missing = Self.entry(path) {
        watch.add(directory, .entry(name))
        if case .missing = Self.entry(path) { return .missing }
      }
      // What may not be read cannot be watched, but whether that changes can.
      if !watch.add(path, .itself) { watch.add(directory, .entry(name)) }
      let entry = Self.entry(path)
      if case .missing = entry { continue }
      return entry
    }
    return .missing
  }

  // MARK: The file system

  private enum Entry {
    case missing, other
    case link(target: String)

    var isLink: Bool { if case .link = self { true } else { false } }
  }

  private static func entry(_ path: String) -> Entry {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    if count < 0 { return errno == ENOENT || errno == ENOTDIR ? .missing : .other }
    return .link(target: String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  private static var workingDirectory: String { FileManager.default.currentDirectoryPath }

  private static func path(_ directory: String, _ name: some StringProtocol) -> String {
    directory == "/" ? "/\(name)" : "\(directory)/\(name)"
  }

  private static func parent(of directory: String) -> String {
    guard let slash = directory.lastIndex(of: "/"), slash > directory.startIndex else { return "/" }
    return String(directory[..<slash])
  }
}
