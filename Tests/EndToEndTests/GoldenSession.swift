import CSQLite
import Engine
import FoundationEssentials
import Glibc
import Interchange
import SampleData
import Store
import Syntax
import TestSupport

@testable import Shell

/// One session that runs the blocks of one golden script, and gives what each prints.
///
/// `data: demo 200` is generated data, other words are folders of `Data`, copied to a folder of its own
/// (`shop.db.sql` is run into the database `shop.db`),
/// where `import.crm` is run first if there is one. Relative paths of `import` and `into` are in
/// that folder. `today: 2026-06-30` is the day; the last day of the demo data without it.
final class GoldenSession {
  private let session: Session
  private let folder: String
  private let arguments: Arguments
  private let output: Output
  private let descriptor: Int32

  /// Makes the data that the head of a script asks for.
  init(settings: [String: String]) throws {
    folder = Self.newFolder()
    arguments = try Arguments(["-m", "table", "--color", "never"])
    descriptor = open(folder + "/.printed", O_RDWR | O_CREAT | O_TRUNC, 0o600)
    output = Output(descriptor: descriptor, isUnicode: true)
    let database = Database(catalog: .builtIn, budget: Budget(limit: 1 << 30))
    let folder = folder
    let files = FilePorts(
      openReader: openReader,
      openWriter: { path, format, isReplacing, isAppending throws(StoreError) in
        let path = path.hasPrefix("/") ? path : folder + "/" + path
        return try openWriter(path, format, isReplacing, isAppending)
      },
      openCollection: openCollection,
      createCollection: { path, isReplacing throws(StoreError) in
        try createCollection(path.hasPrefix("/") ? path : folder + "/" + path, isReplacing)
      })
    let today = settings["today"].flatMap(Self.day) ?? SampleData.lastDay
    session = Session(database: database, files: files, clock: .fixed(today))
    for name in settings.keys where !["data", "today"].contains(name) {
      throw GoldenScript.Mistake(description: "an unknown setting: \(name)")
    }
    try fill(with: settings["data"] ?? "", database)
  }

  deinit {
    close(descriptor)
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// What the prompt would colour as a mistake in a text that is typed so far.
  func mistakes(typing text: String) -> [String] {
    var typed = TypedText(
      session: session,
      completion: Completion(
        session: session, lastQuery: session.lastQueryText, mayCount: false))
    let bytes = Array(text.utf8)
    return typed.colors(of: text, cursor: bytes.count).filter { $0.role == .fault }
      .map { String(decoding: bytes[$0.range], as: UTF8.self) }
  }

  /// What a block prints, without the last line's end.
  func output(of block: GoldenScript.Block) throws -> String {
    var parts: [String] = []
    var mode = OutputMode.table
    var files: [String] = []
    for tag in block.tags {
      if let named = OutputMode(rawValue: tag) {
        mode = named
      } else if tag.hasPrefix("file ") {
        files.append(String(tag.dropFirst(5)))
      } else if !["plan", "format", "prompt", "run", "sql"].contains(tag) {
        throw GoldenScript.Mistake(description: "line \(block.line): an unknown tag, \(tag)")
      }
    }
    if block.tags.contains("format") {
      parts.append(Formatter.format(try Parser.parse(block.statement)))
    }
    if block.tags.contains("plan") { parts.append(plan(of: block.statement)) }
    if block.tags.contains("sql") { parts.append(printed("sql " + block.statement, mode: .table)) }
    if block.tags.contains("run") {
      parts.append(run(block.statement))
    } else if block.tags.contains("prompt") {
      parts.append(typed(block.statement))
    } else {
      parts.append(printed(block.statement, mode: mode))
    }
    for file in files {
      let text = try? String(contentsOfFile: folder + "/" + file, encoding: .utf8)
      parts.append(text ?? "there is no file \(file)")
    }
    let lines = parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
    return lines.filter { !$0.isEmpty }.joined(separator: "\n").replacing(folder + "/", with: "")
  }

  // MARK: ways of running

  /// Runs statements as a script does.
  private func printed(_ text: String, mode: OutputMode, isQuiet: Bool = false) -> String {
    let runner = StatementRunner(
      session: session, arguments: arguments, output: output, errors: output)
    runner.mode = mode
    runner.isQuiet = isQuiet
    let scripts = ScriptRunner(runner: runner, keepsGoing: false)
    let manner = ScriptRunner.Manner(baseFolder: folder)
    return captured { _ = scripts.run(SourceText(name: nil, text), manner: manner) }
  }

  /// Runs statements as if typed one by one at the prompt.
  private func typed(_ text: String) -> String {
    var settings = arguments
    settings.isQuiet = false
    let shell = Shell(session: session, arguments: settings, output: output, errors: output)
    let all = captured { shell.converse(with: TypedLines(text, output: output)) }
    // The banner is two lines.
    return all.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2)
      .joined(separator: "\n").replacing(/\n+$/, with: "")
  }

  /// The tree of `explain` without its figures, and the rewrites.
  private func plan(of statement: String) -> String {
    let text = printed("explain " + statement, mode: .table)
    // Before the tree stand the sentences and the funnel.
    let tree = text.split(separator: "\n\n").last { $0.contains("\nrewrites: ") } ?? ""
    return tree.split(separator: "\n").filter { !$0.hasPrefix("note: ") }
      .map { String($0.replacing(/[ ]+~[0-9,]+ rows?.*$/, with: "")) }
      .filter { line in
        line.hasPrefix("rewrites:") || !(line.contains(": ") && line.contains(" to "))
      }
      .joined(separator: "\n")
  }

  /// Runs a command line of the built program.
  private func run(_ line: String) -> String {
    let words = Self.words(of: line)
    guard words.first == "rapport",
      let result = ChildProcess.run(
        ChildProcess.built("rapport"), Array(words.dropFirst()), folder: folder)
    else { return "the program cannot be run" }
    let status = result.status == 0 ? "" : "status \(result.status)"
    return result.output + result.errors + status
  }

  private func captured(_ body: () -> Void) -> String {
    ftruncate(descriptor, 0)
    lseek(descriptor, 0, SEEK_SET)
    body()
    output.flush()
    return (try? String(contentsOfFile: folder + "/.printed", encoding: .utf8)) ?? "not UTF-8"
  }

  // MARK: data

  private func fill(with name: String, _ database: Database) throws {
    let words = name.split(separator: " ")
    if words.first == "demo" {
      let count = words.dropFirst().first.flatMap { Int($0) } ?? 200
      try SampleData.fill(database, customerCount: count, seed: arguments.seed)
      return
    }
    for word in words {
      let source = String(#filePath.dropLast("GoldenSession.swift".utf8.count)) + "Data/" + word
      // Databases first: what lies beside one must not be there while it is made.
      let files = try FileManager.default.contentsOfDirectory(atPath: source)
      for file in files.filter({ $0.hasSuffix(".db.sql") })
        + files.filter({ !$0.hasSuffix(".db.sql") })
      {
        try FileManager.default.copyItem(atPath: source + "/" + file, toPath: folder + "/" + file)
        if file.hasSuffix(".db.sql") { try build(file) }
      }
    }
    let script = folder + "/import.crm"
    guard let text = try? String(contentsOfFile: script, encoding: .utf8) else { return }
    let result = printed(text, mode: .table)
    if result.contains("error[") { throw GoldenScript.Mistake(description: result) }
  }

  /// Runs `shop.db.sql` into the database `shop.db`.
  private func build(_ script: String) throws {
    let sql = try String(contentsOfFile: folder + "/" + script, encoding: .utf8)
    var connection: OpaquePointer?
    defer { sqlite3_close(connection) }
    guard sqlite3_open(folder + "/" + script.dropLast(4), &connection) == SQLITE_OK,
      sqlite3_exec(connection, sql, nil, nil, nil) == SQLITE_OK
    else {
      throw GoldenScript.Mistake(
        description: "\(script): \(String(cString: sqlite3_errmsg(connection)))")
    }
  }

  private static func newFolder() -> String {
    var template = Array("/tmp/rapport-golden-XXXXXX".utf8CString)
    return mkdtemp(&template) == nil
      ? "/tmp" : String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func day(_ text: String) -> Int? {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return parts.count == 3 ? Day.number(year: parts[0], month: parts[1], day: parts[2]) : nil
  }

  /// Splits at spaces outside single and double quotes.
  private static func words(of line: String) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    for character in line {
      if character == quote {
        quote = nil
      } else if quote == nil, character == "'" || character == "\"" {
        quote = character
        word = word ?? ""
      } else if quote == nil, character == " " {
        if let word { words.append(word) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    return words + (word.map { [$0] } ?? [])
  }
}

/// Lines that a script types: dot-commands by themselves, the rest statement by statement. The line
/// after a question answers it; where none is left, nobody does.
private final class TypedLines: LineSource {
  private var events: [LineEvent]
  private let output: Output

  init(_ text: String, output: Output) {
    self.output = output
    events = StatementReader.pieces(of: text).map { piece in
      piece.isDotCommand
        ? .command(piece.text, rest: "") : .text(piece.text, isPasted: false)
    }
  }

  func read(prompt: String, startingWith text: String) -> LineEvent {
    events.isEmpty ? .end : events.removeFirst()
  }

  func ask(_ question: String) -> LineReply {
    guard case .text(let answer, _)? = events.first else { return .gone }
    events.removeFirst()
    output.writeLine(question + answer)
    return .line(answer)
  }

  func askValue(_ question: String) -> LineReply { ask(question) }
}
