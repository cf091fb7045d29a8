import Glibc

/// The files that a half-typed path may become.
enum FileNames {
  /// Paths that begin with `typed`, sorted; folders end in `/`. Hidden ones only after a dot.
  ///
  /// - Parameter isInQuotes: Whether a quote is open already; else the path comes with its own.
  static func candidates(_ typed: String, isInQuotes: Bool) -> [Completions.Candidate] {
    paths(beginningWith: typed).map { path in
      let isFolder = path.hasSuffix("/")
      if isInQuotes { return .init(path, .files, suffix: isFolder ? "" : "\" ") }
      return .init(
        "\"" + path + (isFolder ? "" : "\""), .files, suffix: isFolder ? "" : " ")
    }
  }

  /// Paths that begin with `typed`, sorted; folders end in `/`.
  static func paths(beginningWith typed: String) -> [String] {
    var pattern = ""
    for character in typed {
      if "*?[]\\".contains(character) { pattern += "\\" }
      pattern.append(character)
    }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern + "*", GLOB_MARK, nil, &found) == 0, let names = found.gl_pathv else {
      return []
    }
    return (0..<Int(found.gl_pathc)).compactMap { names[$0].map { String(cString: $0) } }
  }
}
