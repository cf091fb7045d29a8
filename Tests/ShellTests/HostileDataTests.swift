import TestSupport
import Testing

@testable import Shell

/// Data that would draw over the screen or lead the eye astray, in everything that shows it at the
/// prompt: what comes to the terminal is text, in columns, within the screen.
struct HostileDataTests {
  private static let values = [
    "東京", "São Paulo", "e\u{301}vora", "bad\u{1B}[2Jred", "say \"hi\"", "tu\u{202E}rn", "O'Brien",
    "\u{1B}]52;c;aGk=\u{7}", "two\nlines\r\tin", "c1\u{9B}31m", "del\u{7F}", "\u{301}mark",
    "שלום עולם",
    "👨\u{200D}👩\u{200D}👧 family", "東" + String(repeating: "京都", count: 60),
    "x" + String(repeating: "\u{301}", count: 40),
  ]
  /// What of it is to be seen nowhere as it is.
  private static let hidden = ["\u{1B}[2J", "\u{1B}]", "\u{9B}", "\u{202E}", "\u{7F}"]

  private let folder: TemporaryFolder

  init() throws {
    folder = try #require(TemporaryFolder())
    let cells = Self.values.map { "\"\($0.replacing("\"", with: "\"\""))\"" }
    let rows = (0..<80).map {
      "\($0),\(cells[$0 % cells.count]),\(cells[($0 + 3) % cells.count])\n"
    }
    folder.write("ts.csv", "id,t,u\n" + rows.joined())
    folder.write("people.csv", "id,name,city\n" + rows.prefix(cells.count).joined())
    folder.write(
      "s.crm",
      "import ts from \"\(folder.path)/ts.csv\"\nimport customers from \"\(folder.path)/people.csv\"\n"
    )
    folder.write(
      "rapport/history/memory",
      "calc \"e\u{301}東\" as n\ncalc \"bad\u{1B}[2J\u{9B}\u{202E}red\" as x\n")
  }

  private func start(columns: Int) throws -> PTYProcess {
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), ["-q", "-i", "-f", folder.path + "/s.crm"],
        environment: ["XDG_STATE_HOME": folder.path, "HOME": folder.path], columns: columns))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    return shell
  }

  private func leave(_ shell: PTYProcess) {
    shell.send("\u{3}\u{4}")
    #expect(shell.wait(forWords: "Leave? [y/N]"), "\(shell.screen.text)")
    shell.send("y\r")
    #expect(shell.exitStatus() == 0)
    #expect(shell.screen.strays == [])
    let received = String(decoding: shell.received, as: UTF8.self).unicodeScalars
    for text in Self.hidden {
      #expect(!received.contains(Array(text.unicodeScalars)), "\(text.debugDescription)")
    }
  }

  @Test(arguments: [40, 80, 200])
  func `values are listed and completed as they are`(columns: Int) throws {
    let shell = try start(columns: columns)
    let query = "find ts where t="
    shell.send(query + "\t\t")
    #expect(shell.wait(for: "東京\" 5"), "\(shell.screen.text)")
    #expect(shell.wait(for: "bad␛[2Jred\" 5"), "\(shell.screen.text)")
    #expect(shell.screen.lines.allSatisfy { DisplayWidth.of($0) <= columns })
    shell.send("\u{15}" + query + "Sã\t")
    #expect(shell.wait { $0.cursorLine.contains("\"São Paulo\"") }, "\(shell.screen.text)")
    for typed in ["\"東京\"", "'O\t", "\"e\u{301}\t", "\"ש\t"] {
      shell.send("\u{15}" + query + typed + "\r")
      #expect(shell.wait(forCursorLine: "rapport 5>"), "\(typed): \(shell.screen.text)")
      shell.send("count ts\r")
      #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    }
    shell.send(query + "\"sa\t\r")
    #expect(shell.wait { $0.text.contains("\"say \"\"hi\"\"\"") }, "\(shell.screen.text)")
    shell.send("\u{15}" + query + "\"ba\t")
    #expect(shell.wait { $0.text.contains("\"bad^[[2Jred") }, "\(shell.screen.text)")
    #expect(shell.wait { $0.lastStyle(of: "red") == "32" }, "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `what was typed before is shown, searched and offered as it is`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send("calc \"ba")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport> calc \"bad␛[2J<U+009") })
    #expect(shell.wait { $0.lastStyle(of: "d␛") == "2" }, "\(shell.screen.text)")
    shell.send("\u{15}\u{12}bad")
    #expect(
      shell.wait { $0.cursorLine.hasPrefix("search: bad › calc \"bad^[[2J") },
      "\(shell.screen.text)")
    shell.send("\u{12}\u{7}\u{12}e\u{301}")
    #expect(
      shell.wait { $0.cursorLine.hasSuffix("› calc \"e\u{301}東\" as n") },
      "\(shell.screen.text)")
    shell.send("\r")
    #expect(shell.wait(for: "n\ne\u{301}東\n"), "\(shell.screen.text)")
    shell.send("\u{1B}[A\u{1B}[A")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport> calc \"bad^[[2J") })
    shell.send("\u{15}.history\r")
    #expect(shell.wait(for: "\ncalc \"bad␛[2J<U+009B><U+202E>red\" as x\n"), "\(shell.screen.text)")
    leave(shell)
  }

  @Test(arguments: [40, 80, 200])
  func `answers keep to their columns and to the screen`(columns: Int) throws {
    let shell = try start(columns: columns)
    shell.send(".pager off\r")
    for mode in ["table", "box", "plain", "line"] {
      shell.send(".mode \(mode)\r")
      #expect(shell.wait(for: "written as \(mode)"), "\(shell.screen.text)")
      let query = "find ts where id < 16"
      shell.send(query + "\r")
      #expect(shell.wait(forCursorLine: "rapport 16>"), "\(shell.screen.text)")
      let lines = Self.answer(to: query, shell)
      #expect(lines.contains { $0.contains("bad␛[2Jred") }, "\(lines)")
      guard mode == "table" || mode == "box" else { continue }
      #expect(lines.filter { DisplayWidth.of($0) > columns } == [])
      let head = try #require(lines.first { $0.contains(" t ") || $0.hasSuffix(" t") })
      let rows = lines.filter { $0.contains(/^(│ )? ?\d/) }
      #expect(rows.count == 16, "\(lines)")
      for name in head.ranges(of: /\ [tu]( |$)/) {
        let start = DisplayWidth.of(String(head[..<name.lowerBound])) + 1
        #expect(rows.filter { !Self.isFree($0, before: start) } == [])
      }
    }
    shell.send(".mode table\r.pager on\rfind ts\r")
    #expect(shell.wait(forCursorLine: "rapport 80>"), "\(shell.screen.text)")
    #expect(shell.screen.text.contains("⋮"), "\(shell.screen.text)")
    #expect(Self.answer(to: "find ts", shell).filter { DisplayWidth.of($0) > columns } == [])
    shell.send(".all\r")
    #expect(shell.wait(forCursorLine: ":"), "\(shell.screen.text)")
    shell.send("Gq")
    #expect(shell.wait(forCursorLine: "rapport 80>"), "\(shell.screen.text)")
    for (place, id) in [3, 7, 9, 13, 14].enumerated() {
      shell.send("profile customer \(id)\r")
      #expect(shell.wait { $0.words.ranges(of: "too short a past").count == place + 1 })
      let lines = Self.answer(to: "profile customer \(id)", shell)
      #expect(lines.filter { DisplayWidth.of($0) > columns } == [], "\(shell.screen.text)")
    }
    leave(shell)
  }

  @Test func `bytes of another encoding are refused, or read as they are meant`() throws {
    let path = folder.path + "/latin.csv"
    let file = try #require(Output(creating: path))
    let bytes = Array("id,t\n1,\"a".utf8) + [0xE9, 0x9B, 0x81, 0xFF] + Array("b\"\n".utf8)
    try bytes.withUnsafeBytes { try file.write($0) }
    file.flush()
    let shell = try start(columns: 80)
    shell.send("import ls from \"\(path)\"\r")
    #expect(shell.wait(for: "error[invalid-encoding]"), "\(shell.screen.text)")
    shell.send("import ls from \"\(path)\" encoding \"windows-1252\"\rfind ls\r")
    #expect(shell.wait(for: "aé›"), "\(shell.screen.text)")
    leave(shell)
  }

  /// The lines between a statement and the prompt after it.
  private static func answer(to statement: String, _ shell: PTYProcess) -> [String] {
    let lines = shell.screen.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.lastIndex(where: { $0.hasSuffix("> " + statement) }) else { return [] }
    return lines[(start + 1)...].dropLast().map(String.init)
  }

  /// Whether a row has a space right before a column, and that column begins there.
  private static func isFree(_ row: String, before start: Int) -> Bool {
    var column = 0
    var last: Character = " "
    for grapheme in row {
      if column >= start { break }
      column += DisplayWidth.of(grapheme)
      last = grapheme
    }
    return column == start && last == " "
  }
}
