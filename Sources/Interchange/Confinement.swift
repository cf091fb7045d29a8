import Glibc
import Store

/// The folder that every file has to lie in which a statement or a dot-command names, and the files
/// elsewhere that the command line itself has named.
package struct Confinement: Hashable, Sendable {
  /// The most links on the way to a file.
  private static let linkCountMax = 40

  private let root: String
  private let exceptions: Set<String>

  /// Confines to `folder`, links and dots resolved.
  package init(to folder: String, except paths: [String] = []) {
    root = Self.resolved(folder)
    exceptions = Set(paths.map(Self.resolved))
  }

  /// Refuses a path that leads out of the folder, whether there is such a file or not.
  package func check(_ path: String) throws(StoreError) {
    if !allows(path) { throw .file(FileRefusal.outside.problem(path)) }
  }

  /// Whether a path leads to a file in the folder, or to one of the exceptions.
  package func allows(_ path: String) -> Bool {
    let real = Self.resolved(path)
    let isInside = root == "/" || real == root || real.utf8.starts(with: (root + "/").utf8)
    return isInside || exceptions.contains(real)
  }

  /// The path from `/` without dots and links, also where nothing lies there yet.
  static func resolved(_ path: String) -> String {
    var parts: [Substring.UTF8View] = []
    var rest = Array(path.utf8.split(separator: 0x2F).reversed())
    if !path.hasPrefix("/"), let folder = getcwd(nil, 0) {
      parts = String(cString: folder).utf8.split(separator: 0x2F)
      free(folder)
    }
    var linkCount = 0
    while let part = rest.popLast() {
      switch String(Substring(part)) {
      case ".": continue
      case "..": _ = parts.popLast()
      default:
        parts.append(part)
        guard linkCount < linkCountMax, let target = link(at: joined(parts)) else { continue }
        linkCount += 1
        parts.removeLast()
        if target.hasPrefix("/") { parts = [] }
        rest += target.utf8.split(separator: 0x2F).reversed()
      }
    }
    return joined(parts)
  }

  private static func joined(_ parts: [Substring.UTF8View]) -> String {
    "/" + parts.map { String(Substring($0)) }.joined(separator: "/")
  }

  /// Where a link leads; nil when it is none.
  private static func link(at path: String) -> String? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink(path, &target, target.count - 1)
    guard count > 0 else { return nil }
    return String(decoding: target.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension FilePorts {
  /// The same for the files of one folder only.
  package func confined(to confinement: Confinement?) -> FilePorts {
    guard let confinement else { return self }
    let (reader, writer) = (openReader, openWriter)
    let (collection, folder) = (openCollection, createCollection)
    return FilePorts(
      openReader: { path, options throws(StoreError) in
        if path != FileBytes.standardInput { try confinement.check(path) }
        return try reader(path, options)
      },
      openWriter: { path, format, isReplacing, isAppending throws(StoreError) in
        try confinement.check(path)
        return try writer(path, format, isReplacing, isAppending)
      },
      openCollection: { path, options throws(StoreError) in
        try confinement.check(path)
        return try collection(path, options)
      },
      createCollection: { path, isReplacing throws(StoreError) in
        try confinement.check(path)
        return try folder(path, isReplacing)
      })
  }
}

extension StorePorts {
  /// The same for the data files of one folder only.
  package func confined(to confinement: Confinement?) -> StorePorts {
    guard let confinement else { return self }
    let (open, create) = (open, create)
    return StorePorts(
      open: { path, isReadOnly, budget throws(StoreError) in
        try confinement.check(path)
        return try open(path, isReadOnly, budget)
      },
      create: { path, database, isReplacing, progress throws(StoreError) in
        try confinement.check(path)
        return try create(path, database, isReplacing, progress)
      },
      permit: { path throws(StoreError) in try confinement.check(path) })
  }
}
