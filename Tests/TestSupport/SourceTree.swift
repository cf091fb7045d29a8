import FoundationEssentials

/// The files of the project, for tests that read them as text.
package enum SourceTree {
  /// The project's folder, with a slash at its end.
  package static let root = String(
    #filePath.dropLast("Tests/TestSupport/SourceTree.swift".utf8.count))

  /// One Swift file.
  package struct File {
    /// Its path from the project's folder.
    package let path: String
    /// Its lines.
    package let lines: [String]

    /// Its target's folder under `Sources` or `Tests`.
    package var target: String { String(path.split(separator: "/")[1]) }

    /// Its lines without comments and without what stands in quotes.
    package var codeLines: [String] {
      var isInText = false
      return lines.map { line in
        let fences = line.ranges(of: "\"\"\"").count
        defer { if fences % 2 == 1 { isInText.toggle() } }
        if isInText { return "" }
        if fences > 0 { return String(line.prefix { $0 != "\"" }) }
        return Self.code(of: line)
      }
    }

    private static func code(of line: String) -> String {
      var code = ""
      var isInText = false
      var previous: Character = " "
      for character in line {
        if isInText {
          if character == "\"", previous != "\\" {
            isInText = false
            code.append("\"")
          }
          previous = previous == "\\" && character == "\\" ? " " : character
          continue
        }
        if character == "/", previous == "/" {
          code.removeLast()
          return code
        }
        if character == "\"" { isInText = true }
        code.append(character)
        previous = character
      }
      return code
    }
  }

  /// The Swift files under a folder, by path.
  package static func files(in folder: String) throws -> [File] {
    try FileManager.default.subpathsOfDirectory(atPath: root + folder)
      .filter { $0.hasSuffix(".swift") }.sorted()
      .map { path in
        let text = try Self.text(of: folder + "/" + path)
        return File(
          path: folder + "/" + path,
          lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
      }
  }

  /// The text of a file.
  package static func text(of path: String) throws -> String {
    try String(contentsOfFile: root + path, encoding: .utf8)
  }

  /// Every error code that a stage, the store or a reader of files can report.
  ///
  /// Read from the `var code` of each reason, and from where files' and cells' problems are made.
  package static func errorCodes() throws -> Set<String> {
    var codes: Set<String> = []
    for file in try files(in: "Sources") {
      var depth: Int?
      for line in file.lines {
        if line.contains("var code: String {"), file.path.contains("Reason") { depth = 0 }
        if depth != nil {
          for match in line.matches(of: /: "([a-z][a-z-]+)"/) { codes.insert(String(match.1)) }
          depth = (depth ?? 0) + line.count { $0 == "{" } - line.count { $0 == "}" }
          if depth ?? 0 <= 0 { depth = nil }
        }
        for match in line.matches(of: /code: "([a-z][a-z-]+)"/) { codes.insert(String(match.1)) }
      }
      if file.path.hasSuffix("Refusal.swift") {
        let text = file.lines.joined(separator: "\n")
        for match in text.matches(of: /make\(\s*"([a-z][a-z-]+)"/) { codes.insert(String(match.1)) }
      }
    }
    return codes
  }

  /// The first columns of the table under a heading of `grammar/reference.md`, without backticks.
  package static func referenceTable(_ heading: String) throws -> [String] {
    let lines = try text(of: "grammar/reference.md").split(separator: "\n").map(String.init)
    guard let start = lines.firstIndex(of: "## " + heading) else { return [] }
    return lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }.compactMap { line in
      line.prefixMatch(of: /\| `([^`(]+)[^`]*` \|/).map { String($0.1) }
    }
  }
}
