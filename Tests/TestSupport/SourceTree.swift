import FoundationEssentials
import Glibc

/// The files of the project, for tests that read them as text.
package enum SourceTree {
  /// The project's folder, with a slash at its end.
  package static let root = String(
    #filePath.dropLast("Tests/TestSupport/SourceTree.swift".utf8.count))

  /// One Swift file.
  package struct File {
    /// Its path from the project's folder.
    package let path: String
    /// Its text.
    package let text: String
    /// Its lines.
    package let lines: [String]

    /// Whether a text stands in it; quicker than looking at each line.
    package func holds(_ part: String) -> Bool { strstr(text, part) != nil }

    /// Its target's folder under `Sources` or `Tests`.
    package var target: String { String(path.split(separator: "/")[1]) }

    /// Whether errors are named or made in it.
    fileprivate var mayHoldCodes: Bool {
      ["Reason", "/Analyze/", "/Change/", "/Interchange/", "/Snapshot/"].contains(
        where: path.contains)
    }

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
      let (quote, slash, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"))
      var code: [UInt8] = []
      var isInText = false
      var previous: UInt8 = 0
      for byte in line.utf8 {
        if isInText {
          if byte == quote, previous != backslash {
            isInText = false
            code.append(quote)
          }
          previous = previous == backslash && byte == backslash ? 0 : byte
          continue
        }
        if byte == slash, previous == slash {
          code.removeLast()
          break
        }
        if byte == quote { isInText = true }
        code.append(byte)
        previous = byte
      }
      return String(decoding: code, as: UTF8.self)
    }
  }

  /// All Swift files of the sources.
  package static let sources: [File] = (try? files(in: "Sources")) ?? []

  /// All Swift files of the tests.
  package static let tests: [File] = (try? files(in: "Tests")) ?? []

  /// The Swift files under a folder, by path.
  package static func files(in folder: String) throws -> [File] {
    try FileManager.default.subpathsOfDirectory(atPath: root + folder)
      .filter { $0.hasSuffix(".swift") }.sorted()
      .map { path in
        let text = try Self.text(of: folder + "/" + path)
        return File(
          path: folder + "/" + path, text: text,
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
  package static func errorCodes() -> Set<String> {
    var codes: Set<String> = []
    for file in sources where file.mayHoldCodes {
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
      if file.path.hasSuffix("CellRefusal.swift") {
        // `cell-not-` and the type; every cell reads as text, and a reference is read as its key.
        for line in file.lines {
          guard let match = line.firstMatch(of: /case \.\w+: "(an?-[a-z]+|money)"/),
            match.1 != "a-reference"
          else { continue }
          codes.insert("cell-not-\(match.1)")
        }
      }
      for match in file.text.matches(of: /(?:make|problem)\(\s*"([a-z][a-z-]+)"/) {
        codes.insert(String(match.1))
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
