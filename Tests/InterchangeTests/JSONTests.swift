import Store
import Testing

@testable import Interchange

/// A JSON text, the types its columns read as, and its values or what is wrong.
struct JSONSample: CustomTestStringConvertible {
  let text: String
  let types: String
  let values: String
  let testDescription: String
  init(_ name: String, _ text: String, _ types: String, _ values: String) {
    (self.text, self.types, self.values, testDescription) = (text, types, values, name)
  }
}

@Suite("Records are read from JSON, exactly and strictly")
struct JSONTests {
  @Test(
    "Values have the type JSON gives them, texts that of a cell",
    arguments: [
      JSONSample("empty array", " [ ] \n", "", ""),
      JSONSample(
        "own types", #"[{"i":1,"m":2.5,"n":1.125,"f":true,"t":"x"},{"i":-2,"m":3,"n":2}]"#,
        "i integer | m money | n number | f flag | t text",
        "1,2.50,1.125,yes,'x' / -2,3.00,2,·,·"),
      JSONSample(
        "typed texts",
        #"[{"d":"2026-01-31","w":"2026-01-31T14:30:00","m":"€ 12,50","i":"7","f":"yes"}]"#,
        "d date | w time | m money | i integer | f flag",
        "2026-01-31,2026-01-31T14:30:00,12.50,7,yes"),
      JSONSample(
        "mixed", #"[{"a":1,"b":"A1","c":0,"d":"2.50"},{"a":"2","b":7.10,"c":false,"d":3}]"#,
        "a integer | b text | c flag | d money", "1,'A1',no,2.50 / 2,'7.10',no,3.00"),
      JSONSample(
        "unknown", #"[{"a":null,"b":"","c":"N/A"},{"c":1},{},{"b":"NULL"}]"#,
        "a text | b text | c integer", "·,'',· / ·,·,1 / ·,·,· / ·,'NULL',·"),
      JSONSample(
        "order of first appearance", #"[{"b":1},{"a":2,"b":3},{"c":4}]"#,
        "b integer | a integer | c integer", "1,·,· / 3,2,· / ·,·,4"),
      JSONSample(
        "exact",
        #"[{"i":9223372036854775807,"m":9999999999999.99},{"i":-9223372036854775808,"m":-0}]"#,
        "i integer | m money", "9223372036854775807,9999999999999.99 / -9223372036854775808,0.00"),
      JSONSample(
        "more than a field holds",
        #"[{"i":9223372036854775808,"n":1e999,"m":10000000000000.01,"w":12345678901234567890.5}]"#,
        "i text | n text | m number | w number",
        "'9223372036854775808','1e999',10000000000000.01,12345678901234567000"),
      JSONSample(
        "exponents", #"[{"n":1e3},{"n":-1.5E-3},{"n":-0.0},{"n":1e-999}]"#, "n number",
        "1000 / -0.0015 / 0 / 0"),
      JSONSample(
        "escapes", #"[{"\u0061\"b":"\u00e5\n\t\\\/\ud83c\udf89\u0000","n":"\u0031\u0032"}]"#,
        "a_b text | n integer", "'å\n\t\\/🎉\0',12"),
      JSONSample(
        "leading zeros are text", #"[{"zip":"0123"},{"zip":"1234"}]"#, "zip text",
        "'0123' / '1234'"),
      JSONSample("unicode and BOM", "\u{FEFF}[{\"größe\":\"漢\"}]", "größe text", "'漢'"),
      JSONSample(
        "names", #"[{"":1,"A b":2,"a_b":3}]"#,
        "column_1 integer | a_b integer | a_b_2 integer", "1,2,3"),
    ])
  func values(_ sample: JSONSample) {
    let folder = ScratchFolder()
    let reading = Reading(folder.write(sample.text.utf8, to: "in.json"))
    #expect(reading.trouble == "")
    #expect(reading.types == sample.types)
    #expect(reading.values == sample.values)
  }

  @Test(
    "What is not JSON is refused with line and column",
    arguments: [
      ("", "file-is-empty"), ("  \n", "invalid-json 2"), ("{\"a\":1}", "not-an-array"),
      ("[{\"a\":1},]", "invalid-json 1"), ("[{\"a\":1,}]", "invalid-json 1"),
      ("[{\"a\":1}\n{\"a\":2}]", "invalid-json 2"), ("[{\"a\":1}", "invalid-json 1"),
      ("[{\"a\":1}] x", "invalid-json 1"), ("[{\"a\":\"x\n\"}]", "invalid-json 1"),
      ("[{\"a\":01}]", "invalid-json 1"), ("[{\"a\":1.}]", "invalid-json 1"),
      ("[{\"a\":.5}]", "invalid-json 1"), ("[{\"a\":+1}]", "invalid-json 1"),
      ("[{\"a\":1e}]", "invalid-json 1"), ("[{\"a\":NaN}]", "invalid-json 1"),
      ("[{\"a\":-}]", "invalid-json 1"), ("[{\"a\":tru}]", "invalid-json 1"),
      ("[{\"a\":truex}]", "invalid-json 1"), ("[{a:1}]", "invalid-json 1"),
      ("[{\"a\" 1}]", "invalid-json 1"), ("[{'a':1}]", "invalid-json 1"),
      ("[{\"a\":\"\\x\"}]", "invalid-json 1"), ("[{\"a\":\"\\ud800\"}]", "invalid-json 1"),
      ("[{\"a\":\"\\udc00\\ud800\"}]", "invalid-json 1"), ("[{\"a\":\"\\u12\"}]", "invalid-json 1"),
      ("[{\"a\":\"x", "invalid-json 1"), ("[{\"a\":\"x\\", "invalid-json 1"),
      ("[{\"a\":[1,2,]}]", "invalid-json 1"), ("[{\"a\":{\"b\"}}]", "invalid-json 1"),
      ("[{\"a\":[1}]", "invalid-json 1"), ("[// no\n]", "invalid-json 1"),
      ("[{\"a\":1}\u{0}]", "file-is-binary 1"),
      (String(repeating: "[", count: 600), "invalid-json 1"),
      ("[{\"a\":\(String(repeating: "[", count: 513))", "invalid-json 1"),
      ("[1]", "record-not-object 1:2"), ("[{\"a\":1,\n\"a\":2}]", "name-twice 2:1"),
      ("[{\"a\":1},\n {\"é\":1, \"a\":[]}]", "cell-is-nested 2:14"),
    ])
  func refusals(_ text: String, _ trouble: String) {
    let folder = ScratchFolder()
    let reading = Reading(folder.write(text.utf8, to: "in.json"))
    #expect(reading.trouble == trouble, "\(text.prefix(60))")
  }

  @Test("A refusal names line, column, what was found and what was due")
  func words() {
    let folder = ScratchFolder()
    func message(_ text: String) -> String {
      guard case .file(let problem) = Reading(folder.write(text.utf8, to: "a.json")).error else {
        return ""
      }
      return String(problem.message.drop { $0 != "'" }.dropFirst(folder.path.count + 10))
    }
    #expect(
      [
        "[\n {\"å\": None}]", "[{\"a\":1}", "[{\"a\":1},]", "[{\"a\":\"x\ty\"}]",
        "[{\"a\":\"\\ud83d\"}]",
      ]
      .map(message) == [
        "is not JSON on line 2, column 8: expected a value, found 'None'",
        "is not JSON on line 1, column 9: expected ',' or ']', found the end of the file",
        "is not JSON on line 1, column 9: there is a comma behind the last value",
        "is not JSON on line 1, column 9: byte 0x09 stands in a text without an escape",
        "is not JSON on line 1, column 8: a \\u escape is half a character",
      ])
  }

  @Test("A file of lines goes on after a line that is no JSON")
  func lines() {
    let folder = ScratchFolder()
    let text = """
      {"id":1,"name":"a"}\r

        {"id":2,"name":"b"}
      {"id":3,"name":
      {"id":x}
      [1]
      {"id":4,"bad":1,"id":5}
      {"id":6} {"id":7}
      {"id":8,"name":{"first":"c"}}
      {"id":9}
      """
    for ending in ["jsonl", "ndjson", "data"] {
      let reading = Reading(folder.write(text.utf8, to: "in.\(ending)"))
      #expect(reading.types == "id integer | name text", "\(ending)")
      #expect(
        reading.trouble
          == "invalid-json 4:16 invalid-json 5:7 record-not-object 6:1 name-twice 7:17"
          + " invalid-json 8:10 cell-is-nested 9:16")
      #expect(reading.lines == [1, 3, 4, 5, 6, 7, 8, 9, 10])
      #expect(
        reading.rows.map { $0[0] }.filter(\.isKnown)
          == [.word(1), .word(2), .word(8), .word(9)])
    }
  }

  @Test("A column of objects and arrays only is left out, in others they are an error of the row")
  func nested() throws {
    let folder = ScratchFolder()
    let text = #"[{"a":{"x":[1,{}]},"b":1},{"a":[],"b":[null,true]},{"a":null}]"#
    let path = folder.write(text.utf8, to: "in.json")
    let reading = Reading(path)
    #expect(reading.columns.map(\.leftOut) == [.nested, nil])
    #expect(reading.types == "a text | b integer")
    #expect(reading.trouble == "cell-is-nested 1:7 cell-is-nested 1:32 cell-is-nested 1:39")
    let reader = try openReader(path, ReadOptions())
    _ = try reader.columns()
    try reader.start([ColumnRequest(source: 1, type: .integer)])
    _ = try reader.next()
    #expect(reader.source(of: 1) == #"{"a":[],"b":[null,true]}"#)
  }

  @Test("Types asked for are read by value, and what does not fit is named")
  func requests() {
    let folder = ScratchFolder()
    let list = ChoiceList(["in care", "gone"])
    let text = """
      [{"i":5.0,"m":1.25e1,"c":"In-Care","d":"31/01/2026","f":1},
       {"i":1e3,"m":12.500,"c":"gone","d":"2026-02-01","f":"no"},
       {"i":1.5,"m":1.005,"c":"lost","d":20260101,"f":2},
       {"i":true,"m":1e13,"c":3,"d":"x","f":null}]
      """
    let types: [Int: ValueType] = [
      0: .integer, 1: .money, 2: .choice(list), 3: .date, 4: .flag,
    ]
    let reading = Reading(folder.write(text.utf8, to: "in.json"), types: types)
    #expect(reading.rows[0] == [.word(5), .word(1_250), .word(0), .word(20_484), .word(1)])
    #expect(reading.rows[1] == [.word(1_000), .word(1_250), .word(1), .word(20_485), .word(0)])
    #expect(
      reading.rows[2...].allSatisfy { $0.allSatisfy { !$0.isKnown } || $0 == reading.rows[3] })
    #expect(
      reading.trouble
        == "cell-not-an-integer 3:7 cell-not-money 3:15 cell-not-a-choice 3:25"
        + " cell-not-a-date 3:36 cell-not-a-flag 3:49 cell-not-an-integer 4:7"
        + " cell-not-a-choice 4:25 cell-not-a-date 4:31")
  }

  @Test("Marks, ambiguous columns and encodings are as in a text file")
  func options() {
    let folder = ScratchFolder()
    var options = ReadOptions()
    options.unknownMarks = ["?", "-99"]
    let path = folder.write(
      #"[{"a":-99,"b":"?","d":"01/02/2026","m":"1.234"},{"a":1}]"#.utf8, to: "a.json")
    #expect(Reading(path, options).types == "a integer | b text | d date? | m number?")
    options.isDayFirst = true
    options.isDecimalComma = true
    let reading = Reading(path, options)
    #expect(reading.values == "·,·,2026-02-01,1234 / 1,·,·,·")
    var marked: [UInt8] = [0xFF, 0xFE]
    for unit in "[{\"a\":\"é\"}]".utf16 { marked += [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
    #expect(Reading(folder.write(marked, to: "b.json")).values == "'é'")
  }

  @Test("Long lines, long texts, many names and pipes do not hurt")
  func large() {
    let folder = ScratchFolder()
    let record = #"{"id":1,"name":"Åsa \"Öberg\"","value":12.50,"tags":["a",{"b":[]}],"ok":true},"#
    let count = 40_000
    let all = "[" + String(repeating: record, count: count) + "{\"id\":2}]"
    let reading = Reading(folder.write(all.utf8, to: "long.json"), types: [3: .text])
    #expect(reading.rows.count == count + 1)
    #expect(reading.problems.count == count)
    #expect(reading.problems.last?.column == (count - 1) * record.unicodeScalars.count + 54)
    let many = (0..<20_000).map { "{\"n\($0)\":1}" }.joined(separator: "\n")
    #expect(Reading(folder.write(many.utf8, to: "many.jsonl")).trouble == "too-many-columns")
    let wide = "[{" + (0..<200_000).map { _ in "\"a\":1" }.joined(separator: ",") + "}]"
    #expect(Reading(folder.write(wide.utf8, to: "wide.json")).trouble == "name-twice 1:9")
    let long =
      Array("[{\"a\":\"".utf8) + Array(repeating: 0x78, count: 17 << 20) + Array("\"}]".utf8)
    #expect(Reading(folder.write(long, to: "text.json")).trouble == "invalid-json 1")
  }

  @Test("Random records come back as they were written", arguments: [1, 2, 3] as [UInt64])
  func random(_ seed: UInt64) throws {
    var random = SplitMix64(seed)
    let folder = ScratchFolder()
    let columns = [
      OutputColumn(name: "i", type: .integer), OutputColumn(name: "m", type: .money),
      OutputColumn(name: "n", type: .number), OutputColumn(name: "t", type: .text),
      OutputColumn(name: "d", type: .date), OutputColumn(name: "w", type: .time),
      OutputColumn(name: "f", type: .flag),
    ]
    let count = 3_000
    let texts = ["", "å\n\"\\", "\u{0}\u{1F}", "🎉 \u{202E}", "NULL", "12", "x,y", "\u{7F}/"]
    func words(_ range: ClosedRange<Int64>) -> [Int64] {
      (0..<count).map { _ in
        range.lowerBound &+ Int64(random.next() % UInt64(range.upperBound &- range.lowerBound))
      }
    }
    func known() -> [UInt8] { (0..<count).map { _ in random.next() % 4 == 0 ? 0 : 0x80 } }
    let vectors = [
      Vector(words: words(-1_000_000_000_000...1_000_000_000_000), known: known()),
      Vector(words: words(-Limits.moneyMinorMax...Limits.moneyMinorMax), known: known()),
      Vector(
        reals: (0..<count).map { _ in
          Double(bitPattern: random.next()).isFinite ? 1 / Double(random.next()) : 0.1
        }, known: known()),
      Vector(
        texts: TextBlock((0..<count).map { _ in texts[Int(random.next() % 8)] + "t" }),
        known: known()),
      Vector(words: words(-700_000...2_900_000), known: known()),
      Vector(words: words(-60_000_000_000...250_000_000_000), known: known()),
      Vector(words: words(0...2), known: known()),
    ]
    let path = folder.path + "/out.json"
    let writer = try openWriter(path, .json, false, false)
    try writer.begin(columns)
    try writer.write(OutputBatch(vectors: vectors, labels: columns.map { _ in nil }, count: count))
    try writer.finish()
    let reading = Reading(path)
    #expect(reading.trouble == "", "seed \(seed)")
    #expect(
      reading.types == "i integer | m money | n number | t text | d date | w time | f flag",
      "seed \(seed)")
    let wrong = (0..<count).first { row in
      vectors.indices.contains { column in
        let value = vectors[column][row]
        return reading.rows[row][column] != value
      }
    }
    #expect(wrong == nil, "seed \(seed)")
  }
}
