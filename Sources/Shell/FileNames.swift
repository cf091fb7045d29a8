import Glibc

/// The files that a half-typed path may become.
enum FileNames {
  /// The most names read from a folder.
  private static let nameCountMax = 10_000

  /// Paths in the folder that `typed` names so far, sorted; folders end in `/`.
  ///
  /// - Parameter isInQuotes: Whether a quote is open already; else the path comes with its own.
  static func candidates(_ typed: String, isInQuotes: Bool) -> [Completions.Candidate] {
    let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
    let start = typed.dropFirst(folder.count)
    return names(in: folder.isEmpty ? "." : folder)
      .filter { $0.name.hasPrefix(start) && (start.hasPrefix(".") || !$0.name.hasPrefix(".")) }
      .map { name, isFolder in
        let path = folder + name + (isFolder ? "/" : "")
        if isInQuotes { return .init(path, suffix: isFolder ? "" : "\" ") }
        return .init("\"" + path + (isFolder ? "" : "\""), suffix: isFolder ? "" : " ")
      }
  }

  private static func names(in folder: String) -> [(name: String, isFolder: Bool)] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [(name: String, isFolder: Bool)] = []
    while let entry = readdir(stream), names.count < nameCountMax {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { start in
        start.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      var status = stat()
      let isFolder = stat(folder + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      names.append((name, isFolder))
    }
    return names.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }
}
