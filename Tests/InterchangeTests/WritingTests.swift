import Glibc
import Store
import Testing

@testable import Interchange

/// Keeps what is written to it.
final class MemorySink: ByteSink {
  var bytes: [UInt8] = []
  var isFinished = false
  func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) { self.bytes += Array(bytes) }
  func finish() throws(StoreError) { isFinished = true }
}

@Suite("Answers are written byte for byte")
struct WritingTests {
  private static let stage = ChoiceList(["new", "a,b", "c\"d"])
  private static let columns = [
    OutputColumn(name: "id", type: .integer), OutputColumn(name: "na|me", type: .text),
    OutputColumn(name: "stage", type: .choice(stage)), OutputColumn(name: "value", type: .money),
    OutputColumn(name: "score", type: .number), OutputColumn(name: "day", type: .date),
    OutputColumn(name: "at", type: .time), OutputColumn(name: "ok", type: .flag),
    OutputColumn(name: "owner", type: .reference(EntityID(2)), keyType: .integer),
  ]
  private static let batch = OutputBatch(
    vectors: [
      Vector(words: [1, -2, 0], known: [0x80, 0x80, 0]),
      Vector(
        texts: TextBlock(["Ana, \"x\"\n\\|<\t\u{1B}", "", ""]), known: [0x80, 0x80, 0]),
      Vector(words: [0, 2, 0], known: [0x80, 0x80, 0]),
      Vector(words: [123_450, -5, 0], known: [0x80, 0x80, 0]),
      Vector(reals: [0.1, 1e20, 0], known: [0x80, 0x80, 0]),
      Vector(words: [20_454, -1, 0], known: [0x80, 0x80, 0]),
      Vector(words: [20_454 * 86_400 + 52_200, -1, 0], known: [0x80, 0x80, 0]),
      Vector(words: [1, 0, 0], known: [0x80, 0x80, 0]),
      Vector(words: [7, 8, 0], known: [0x80, 0x80, 0]),
    ],
    labels: [nil, nil, nil, nil, nil, nil, nil, nil, Vector(texts: TextBlock(["Ana", "", ""]))],
    count: 3)

  private func written(_ format: FileFormat, isGuarding: Bool = false, isEmpty: Bool = false)
    throws -> String
  {
    let sink = MemorySink()
    let writer = makeWriter(format, to: sink, isGuarding: isGuarding)
    try writer.begin(Self.columns)
    if !isEmpty { try writer.write(Self.batch) }
    try writer.finish()
    #expect(sink.isFinished)
    return String(decoding: sink.bytes, as: UTF8.self)
  }

  @Test("Each format writes known and unknown values its own way")
  func formats() throws {
    #expect(
      try written(.csv) == """
        id,na|me,stage,value,score,day,at,ok,owner
        1,"Ana, ""x""
        \\|<\t\u{1B}",new,1234.50,0.1,2026-01-01,2026-01-01T14:30:00,yes,7
        -2,"","c""d",-0.05,100000000000000000000,1969-12-31,1969-12-31T23:59:59,no,8
        ,,,,,,,,

        """)
    #expect(
      try written(.tsv) == """
        id\tna|me\tstage\tvalue\tscore\tday\tat\tok\towner
        1\tAna, "x"\\n\\\\|<\\t\u{1B}\tnew\t1234.50\t0.1\t2026-01-01\t2026-01-01T14:30:00\tyes\t7
        -2\t\tc"d\t-0.05\t100000000000000000000\t1969-12-31\t1969-12-31T23:59:59\tno\t8
        \t\t\t\t\t\t\t\t

        """)
    let first =
      #"{"id":1,"na|me":"Ana, \"x\"\n\\|<\t\u001b","stage":"new","value":1234.50,"score":0.1,"#
      + #""day":"2026-01-01","at":"2026-01-01T14:30:00","ok":true,"owner":7}"#
    let second =
      #"{"id":-2,"na|me":"","stage":"c\"d","value":-0.05,"score":100000000000000000000,"#
      + #""day":"1969-12-31","at":"1969-12-31T23:59:59","ok":false,"owner":8}"#
    let third =
      #"{"id":null,"na|me":null,"stage":null,"value":null,"score":null,"day":null,"at":null,"#
      + #""ok":null,"owner":null}"#
    #expect(try written(.json) == "[\n\(first),\n\(second),\n\(third)\n]\n")
    #expect(try written(.json, isEmpty: true) == "[]\n")
    #expect(try written(.jsonl) == "\(first)\n\(second)\n\(third)\n")
    #expect(try written(.jsonl, isEmpty: true) == "")
    #expect(
      try written(.markdown) == #"""
        | id | na\|me | stage | value | score | day | at | ok | owner |
        | ---: | --- | --- | ---: | ---: | --- | --- | --- | ---: |
        | 1 | Ana, "x"<br>\\\|\<␉␛ | new | 1234.50 | 0.1 | 2026-01-01 | 2026-01-01T14:30:00 | yes | 7 |
        | -2 |  | c"d | -0.05 | 100000000000000000000 | 1969-12-31 | 1969-12-31T23:59:59 | no | 8 |
        |  |  |  |  |  |  |  |  |  |

        """#)
  }

  @Test("A guarded cell cannot be taken for a formula, a number is left alone")
  func guarding() throws {
    let sink = MemorySink()
    let writer = makeWriter(.csv, to: sink, isGuarding: true)
    try writer.begin([
      OutputColumn(name: "=t", type: .text), OutputColumn(name: "n", type: .integer),
    ])
    try writer.write(
      OutputBatch(
        vectors: [
          Vector(texts: TextBlock(["=1+1", "+4,5", "-x", "@y", "z"])),
          Vector(words: [-1, -2, -3, -4, -5]),
        ], labels: [nil, nil], count: 5))
    try writer.finish()
    #expect(
      String(decoding: sink.bytes, as: UTF8.self)
        == "'=t,n\n'=1+1,-1\n\"'+4,5\",-2\n'-x,-3\n'@y,-4\nz,-5\n")
  }

  @Test(
    "Numbers have the shortest form that reads back",
    arguments: [
      (0, "0"), (-0.5, "-0.5"), (1.5, "1.5"), (100, "100"), (0.1 + 0.2, "0.30000000000000004"),
      (1e15, "1000000000000000"), (123_456_789.125, "123456789.125"), (1e21, "1e21"),
      (1e22, "1e22"), (1.5e-5, "0.000015"), (1.5e-7, "1.5e-7"), (1e-6, "0.000001"),
      (-2.5e30, "-2.5e30"), (2.5e-300, "2.5e-300"),
      (1.7976931348623157e308, "1.7976931348623157e308"),
      (9_007_199_254_740_992, "9007199254740992"), (1.0 / 3, "0.3333333333333333"),
      (12_345.6789, "12345.6789"), (99_999_999_999.9999, "99999999999.9999"),
    ] as [(Double, String)])
  func numbers(_ number: Double, _ text: String) {
    #expect(CellText.string(.real(number), .number) == text)
    #expect(Double(text) == number)
  }

  @Test(
    "Integers, money, dates and times at the edges",
    arguments: [
      (.integer, Int64.min, "-9223372036854775808"), (.integer, Int64.max, "9223372036854775807"),
      (.integer, 99, "99"), (.integer, 100, "100"), (.integer, 1_000_000_007, "1000000007"),
      (.money, 0, "0.00"), (.money, -1, "-0.01"),
      (.money, 1_000_000_000_000_000, "10000000000000.00"),
      (.date, 0, "1970-01-01"), (.date, -719_162, "0001-01-01"), (.date, 2_932_896, "9999-12-31"),
      (.date, 11_016, "2000-02-29"), (.time, -86_401, "1969-12-30T23:59:59"), (.flag, 1, "yes"),
    ] as [(ValueType, Int64, String)])
  func words(_ type: ValueType, _ word: Int64, _ text: String) {
    #expect(CellText.string(.word(word), type) == text)
  }

  @Test("Control characters and turned writing are made visible")
  func visible() {
    var bytes: [UInt8] = []
    CellText.appendVisible("a\u{1B}[31m\n\u{7F}\u{9B}\u{202E}é日", to: &bytes)
    #expect(String(decoding: bytes, as: UTF8.self) == "a␛[31m␊␡\u{FFFD}\u{FFFD}é日")
  }

  @Test("Random values of every type come back as they went, seeded", arguments: 1...12)
  func roundTrip(_ seed: Int) throws {
    var random = Xorshift(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15)
    let choice = ChoiceList(["alpha", "beta two", "gamma_3"])
    let types: [ValueType] = [
      .text, .integer, .money, .number, .date, .time, .flag, .choice(choice), .text,
    ]
    let count = 400
    var vectors: [Vector] = []
    for type in types {
      let known = (0..<count).map { _ in random.next() % 5 == 0 ? UInt8(0) : 0x80 }
      func words(_ range: ClosedRange<Int64>) -> Vector {
        Vector(
          words: known.map { $0 == 0 ? 0 : Int64.random(in: range, using: &random) }, known: known)
      }
      switch type {
      case .text:
        vectors.append(
          Vector(
            texts: TextBlock(known.map { $0 == 0 ? "" : random.hostileText() }), known: known))
      case .integer: vectors.append(words(Int64.min + 1...Int64.max))
      case .money: vectors.append(words(-Limits.moneyMinorMax...Limits.moneyMinorMax))
      case .number:
        vectors.append(
          Vector(
            reals: known.map { bit in
              guard bit != 0 else { return 0 }
              let value = Double(bitPattern: random.next())
              return value.isFinite ? value : 0.5
            }, known: known))
      case .date: vectors.append(words(-719_162...2_932_896))
      case .time: vectors.append(words(-719_162 * 86_400...2_932_896 * 86_400))
      case .flag: vectors.append(words(0...1))
      default: vectors.append(words(0...2))
      }
    }
    // A key in front, so that no line is blank.
    vectors.insert(Vector(words: (0..<count).map(Int64.init)), at: 0)
    let all = [.integer] + types
    let folder = ScratchFolder()
    let path = folder.path + "/out.csv"
    let writer = try openWriter(path, .csv, false, false)
    try writer.begin(
      all.enumerated().map { OutputColumn(name: "c\($0.offset)", type: $0.element) })
    try writer.write(
      OutputBatch(vectors: vectors, labels: all.map { _ in nil }, count: count))
    try writer.finish()
    let reading = Reading(
      path, types: Dictionary(uniqueKeysWithValues: all.enumerated().map { ($0, $1) }))
    #expect(reading.trouble == "", "seed \(seed)")
    #expect(reading.rows.count == count, "seed \(seed)")
    var differences: [String] = []
    for row in reading.rows.indices {
      for column in all.indices where reading.rows[row][column] != vectors[column][row] {
        differences.append("\(row):\(column) \(reading.rows[row][column]) \(vectors[column][row])")
      }
    }
    #expect(differences == [], "seed \(seed)")
  }
}

@Suite("Files appear whole or not at all")
struct FileWritingTests {
  private let columns = [OutputColumn(name: "a", type: .integer)]
  private let batch = OutputBatch(vectors: [Vector(words: [1, 2])], labels: [nil], count: 2)

  private func write(
    _ path: String, _ format: FileFormat = .csv, replace: Bool = false, append: Bool = false,
    columns: [OutputColumn]? = nil
  ) -> String {
    do throws(StoreError) {
      let writer = try openWriter(path, format, replace, append)
      try writer.begin(columns ?? self.columns)
      try writer.write(batch)
      try writer.finish()
      return "ok"
    } catch {
      guard case .file(let problem) = error else { return "\(error)" }
      return problem.code
    }
  }

  @Test("Existing files want replace or append, and appending wants the same columns")
  func modes() {
    let folder = ScratchFolder()
    let path = folder.path + "/o"
    func text() -> String { String(decoding: folder.bytes(of: "o"), as: UTF8.self) }
    #expect(write(path) == "ok" && text() == "a\n1\n2\n")
    #expect(write(path) == "file-exists" && text() == "a\n1\n2\n")
    chmod(path, 0o640)
    #expect(write(path, replace: true) == "ok" && text() == "a\n1\n2\n")
    var status = stat()
    stat(path, &status)
    #expect(status.st_mode & 0o777 == 0o640)
    #expect(write(path, append: true) == "ok" && text() == "a\n1\n2\n1\n2\n")
    #expect(
      write(path, append: true, columns: [OutputColumn(name: "b", type: .integer)])
        == "other-columns")
    #expect(text() == "a\n1\n2\n1\n2\n")
    folder.write("a\r\n9".utf8, to: "o")
    #expect(write(path, append: true) == "ok" && text() == "a\r\n9\n1\n2\n")
    for (format, once) in [
      (FileFormat.tsv, "a\n1\n2\n"), (.jsonl, "{\"a\":1}\n{\"a\":2}\n"),
      (.json, "[\n{\"a\":1},\n{\"a\":2}\n]\n"), (.markdown, "| a |\n| ---: |\n| 1 |\n| 2 |\n"),
    ] {
      unlink(path)
      #expect(write(path, format, append: true) == "ok" && text() == once)
      #expect(write(path, format, append: true) == "ok")
      #expect(
        text()
          == (format == .json
            ? "[\n{\"a\":1},\n{\"a\":2},\n{\"a\":1},\n{\"a\":2}\n]\n"
            : once + once.split(separator: "\n").suffix(2).joined(separator: "\n") + "\n"))
    }
    folder.write("[]".utf8, to: "o")
    #expect(write(path, .json, append: true) == "ok" && text() == "[\n{\"a\":1},\n{\"a\":2}\n]\n")
    folder.write("{}".utf8, to: "o")
    #expect(write(path, .json, append: true) == "not-appendable" && text() == "{}")
    #expect(folder.names == ["o"])
  }

  @Test("A link stays a link, and nothing is left of an unfinished file")
  func links() throws {
    let folder = ScratchFolder()
    folder.write("old".utf8, to: "real")
    symlink("real", folder.path + "/link")
    #expect(write(folder.path + "/link", replace: true) == "ok")
    #expect(String(decoding: folder.bytes(of: "real"), as: UTF8.self) == "a\n1\n2\n")
    #expect(folder.names == ["link", "real"])
    do {
      let writer = try openWriter(folder.path + "/new", .csv, false, false)
      try writer.begin(columns)
      try writer.write(batch)
      #expect(folder.names.count == 3)
    }
    #expect(folder.names == ["link", "real"])
    // A file that came in the meantime is not replaced.
    let late = try openWriter(folder.path + "/late", .csv, false, false)
    try late.begin(columns)
    folder.write("mine".utf8, to: "late")
    #expect(throws: StoreError.self) { try late.finish() }
    #expect(String(decoding: folder.bytes(of: "late"), as: UTF8.self) == "mine")
  }

  @Test("Places that cannot be written are named")
  func places() {
    let folder = ScratchFolder()
    folder.write([], to: "file")
    #expect(write(folder.path + "/none/o.csv") == "folder-not-found")
    #expect(write(folder.path) == "file-is-directory")
    #expect(write("/dev/full") == "disk-full")
    #expect(write("/dev/null") == "ok")
    #expect(write(folder.path + "/file/o.csv") == "folder-not-found")
  }

  @Test("A reader that went away is a broken pipe")
  func pipes() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    pipe(&ends)
    close(ends[0])
    let writer = makeWriter(.csv, to: DescriptorSink(ends[1], name: "standard output"))
    try writer.begin(columns)
    do throws(StoreError) {
      try writer.finish()
      Issue.record("a broken pipe was written to")
    } catch {
      guard case .file(let problem) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(problem.code == "broken-pipe")
    }
    close(ends[1])
  }
}

/// A small seeded generator.
struct Xorshift: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  /// A text of what is hard to write down.
  mutating func hostileText() -> String {
    let parts = [
      ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r", "\r\n", " ", "x", "NULL", "-", "N/A", "é",
      "日本",
      "🎉", "1.5", "2024-01-01", "\\", "'", "=", "\u{1B}", "a long piece of quite ordinary text",
      "\u{FEFF}",
    ]
    return (0..<Int.random(in: 0...6, using: &self)).map { _ in
      parts[Int.random(in: 0..<parts.count, using: &self)]
    }.joined()
  }
}
