import FoundationEssentials
import TestSupport
import Testing

/// Rules of style that a compiler does not hold.
struct CodeTests {
  @Test func `every package declaration has a doc comment`() {
    let declaration =
      /(func|var|let|struct|class|enum|protocol|init|typealias|subscript|actor)\b/
    var missing: [String] = []
    let support = SourceTree.tests.filter { $0.target == "TestSupport" }
    for file in SourceTree.sources + support {
      for (number, line) in file.lines.enumerated()
      where line.trimmedStart.hasPrefix("package ") && line.firstMatch(of: declaration) != nil {
        var above = number - 1
        while above >= 0, file.lines[above].trimmedStart.hasPrefix("@") { above -= 1 }
        if above < 0 || !file.lines[above].trimmedStart.hasPrefix("///") {
          missing.append("\(file.path):\(number + 1): \(line.trimmedStart)")
        }
      }
    }
    Self.expectNone(missing)
  }

  /// What a target may import beside what it always may.
  static let imports: [String: Set<String>] = [
    "Syntax": [],
    "Store": ["Glibc", "Synchronization"],
    "Engine": ["Syntax", "Store", "FoundationEssentials", "Glibc"],
    "Snapshot": ["Store", "CSQLite", "FoundationEssentials", "Glibc"],
    "Interchange": ["Store", "CSQLite", "FoundationEssentials", "Glibc"],
    "SampleData": ["Store", "FoundationEssentials", "Glibc"],
    "Shell": [
      "Engine", "Syntax", "Store", "Snapshot", "Interchange", "SampleData", "CEdit",
      "CTexts", "FoundationEssentials", "Glibc", "Synchronization",
    ],
  ]

  @Test func `a target imports what the design allows`() {
    var wrong: [String] = []
    for file in SourceTree.sources {
      guard let allowed = Self.imports[file.target] else { continue }
      for (number, line) in file.lines.enumerated() {
        let words = line.split(separator: " ")
        guard let place = words.prefix(3).firstIndex(of: "import"), place + 1 < words.count,
          line.first.map({ $0.isLetter || $0 == "@" }) == true,
          let module = words[(place + 1)...].last?.split(separator: ".").first,
          !allowed.contains(String(module))
        else { continue }
        wrong.append("\(file.path):\(number + 1): \(line)")
      }
    }
    Self.expectNone(wrong)
  }

  /// The files that may hold unsafe code: threads, memory, columns and the text heap; buffers of
  /// bytes; SQLite; the terminal and output.
  static let unsafeFiles: Set<String> = [
    "Sources/Store/Workers.swift", "Sources/Store/Memory.swift",
    "Sources/Store/Adjacency+Walk.swift",
    "Sources/Store/ByteSum.swift",
    "Sources/Store/Column+Append.swift", "Sources/Store/Column+Encode.swift",
    "Sources/Store/Column+Groups.swift", "Sources/Store/ColumnDecoder.swift",
    "Sources/Store/Column+Keep.swift",
    "Sources/Store/Column+KeyMap.swift", "Sources/Store/Column+Load.swift",
    "Sources/Store/Column+Postings.swift", "Sources/Store/Column+RowHash.swift",
    "Sources/Store/Column+SortedOrder.swift", "Sources/Store/Column+Text.swift",
    "Sources/Store/Column+Validity.swift", "Sources/Store/TextHeap.swift",
    "Sources/Store/TextHeap+Dictionary.swift", "Sources/Store/TextHeap+Patches.swift",
    "Sources/Store/TextHeap+Search.swift",
    "Sources/Store/TextTest.swift",
    "Sources/Interchange/BatchView.swift", "Sources/Interchange/ByteSink.swift",
    "Sources/Interchange/ByteStore.swift", "Sources/Interchange/ByteView.swift",
    "Sources/Interchange/CellLane.swift", "Sources/Interchange/CellText.swift",
    "Sources/Interchange/Escapes.swift", "Sources/Interchange/FileBytes.swift",
    "Sources/Interchange/NearNames.swift", "Sources/Interchange/OutputBuffer.swift",
    "Sources/Interchange/SQLiteConnection.swift",
    "Sources/Interchange/Slots.swift", "Sources/Interchange/ValuePen.swift",
    "Sources/Snapshot/Connection.swift", "Sources/Snapshot/RowLanes.swift",
    "Sources/Snapshot/Statement.swift",
    "Sources/Shell/LineEditor.swift",
    "Sources/Shell/LineEditor+Input.swift", "Sources/Shell/LineEditor+Keys.swift",
    "Sources/Shell/Output.swift", "Sources/Shell/Signals.swift",
    "Sources/Shell/EditorFile.swift", "Sources/Shell/TerminalRescue.swift",
  ]

  @Test func `unsafe code stands in its few files`() {
    let words = ["nsafe", "@unchecked Sendable", "Unmanaged", "OpaquePointer"]
    var wrong: [String] = []
    var holders: Set<String> = []
    for file in SourceTree.sources where words.contains(where: file.holds) {
      for (number, line) in file.codeLines.enumerated()
      where words.contains(where: { line.contains($0) }) {
        holders.insert(file.path)
        if Self.unsafeFiles.contains(file.path) { continue }
        wrong.append("\(file.path):\(number + 1): \(line.trimmedStart)")
      }
    }
    for path in Self.unsafeFiles
    where !holders.contains(path) && path != "Sources/Shell/Signals.swift" {
      wrong.append("\(path) needs no place in the list")
    }
    Self.expectNone(wrong)
  }

  @Test func `nothing is forced, and nothing is left to do`() {
    let forced = /\btry!|\bas!|\bfatalError\(|[\w\)\]]!(?!=)(?:[\s\.\),\]\}:\[]|$)/
    var wrong: [String] = []
    for file in SourceTree.sources + SourceTree.tests {
      for (number, line) in file.codeLines.enumerated()
      where line.utf8.contains(UInt8(ascii: "!")) && line.firstMatch(of: forced) != nil {
        wrong.append("\(file.path):\(number + 1): \(line.trimmedStart)")
      }
      guard ["TODO", "FIXME", "XXX"].contains(where: file.holds) else { continue }
      for (number, line) in file.lines.enumerated()
      where line.contains("// ")
        && line.firstMatch(of: /\/\/.*\b(TODO|FIXME|XXX)\b(?!: \w+ \w+ \w+)/) != nil
      {
        wrong.append("\(file.path):\(number + 1): \(line.trimmedStart)")
      }
    }
    Self.expectNone(wrong)
  }

  @Test func `lines and files are short`() {
    var wrong: [String] = []
    for file in SourceTree.sources + SourceTree.tests {
      for (number, line) in file.lines.enumerated()
      where line.utf8.count > 110 && line.count > 110 && line.contains("// ") {
        wrong.append("\(file.path):\(number + 1): \(line.count) columns")
      }
      for (number, line) in file.codeLines.enumerated()
      where line.utf8.count > 100 && line.count > 100 && !line.contains("/") {
        wrong.append("\(file.path):\(number + 1): \(line.count) columns of code")
      }
      if file.lines.count > 700 { wrong.append("\(file.path): \(file.lines.count) lines") }
    }
    Self.expectNone(wrong)
  }

  static func expectNone(_ found: [String], _ location: SourceLocation = #_sourceLocation) {
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))", sourceLocation: location)
  }
}

extension String {
  /// Without the spaces at its start.
  var trimmedStart: Substring { drop { $0 == " " } }
}
