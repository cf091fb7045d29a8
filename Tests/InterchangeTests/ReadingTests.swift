import Store
import Testing

@testable import Interchange

/// A small file and what it must read as.
struct Sample: CustomTestStringConvertible {
  let text: String
  let types: String
  let values: String
  init(_ text: String, _ types: String, _ values: String) {
    (self.text, self.types, self.values) = (text, types, values)
  }
  var testDescription: String { String(reflecting: String(text.prefix(50))) }
}

@Suite("Files are judged whole and read as typed values")
struct ReadingTests {
  @Test(
    "Small files read as expected",
    arguments: [
      Sample("id,name\n1,Ana\n2,Bo\n", "id integer | name text", "1,'Ana' / 2,'Bo'"),
      Sample("a,b\r\n1,x\r\n2,y", "a integer | b text", "1,'x' / 2,'y'"),
      Sample("a,b\r1,x\r2,y\r", "a integer | b text", "1,'x' / 2,'y'"),
      Sample("\u{FEFF}a;b\n1;x\n", "a integer | b text", "1,'x'"),
      Sample("a\tb\n1\tx\n", "a integer | b text", "1,'x'"),
      Sample("a|b\n1|x\n", "a integer | b text", "1,'x'"),
      Sample("sep=;\na;b\n1,5;x\n", "a money | b text", "1.50,'x'"),
      Sample("a;b\n1,5;2\n2,5;3\n", "a money | b integer", "1.50,2 / 2.50,3"),
      Sample("name\n\nx\n\n\ny\n\n", "name text", "'x' / 'y'"),
      Sample("a,b\n", "a text | b text", ""),
      Sample(
        "a,b\n\"x,\"\"1\"\"\",\"l1\nl2\"\ny,z\n", "a text | b text", "'x,\"1\"','l1\nl2' / 'y','z'"),
      Sample("a,b\nx\"y,\"\"\n,z\n", "a text | b text", "'x\"y','' / ·,'z'"),
      // Header names.
      Sample(
        "E-mail,Unit Price (€),,name,name,customerID,2024 sum,HTMLText\na,1.50,,x,y,7,z,h\n",
        "e_mail text | unit_price money | column_3 text | name text | name_2 text"
          + " | customer_id integer | 2024_sum text | html_text text",
        "'a',1.50,·,'x','y',7,'z','h'"),
      // Numbers.
      Sample("v\n12\n-3\n0\n", "v integer", "12 / -3 / 0"),
      Sample("v\n9223372036854775807\n1\n", "v integer", "9223372036854775807 / 1"),
      Sample("v\n92233720368547758070\n1\n", "v text", "'92233720368547758070' / '1'"),
      Sample("v\n0123\n1\n", "v text", "'0123' / '1'"),
      Sample("v\n+4512345678\n", "v text", "'+4512345678'"),
      Sample("v\n1.5\n2\n-0.25\n", "v money", "1.50 / 2.00 / -0.25"),
      Sample("v\n1.5\n2.125\n", "v number", "1.5 / 2.125"),
      Sample("v\n1e3\n2\n", "v number", "1000 / 2"),
      Sample("v\n.5\n", "v money", "0.50"),
      Sample("v\n1.\n", "v text", "'1.'"),
      Sample("v\n1,234.56\n7\n", "v text | column_2 text", ""),
      Sample("v\n\"1,234.56\"\n7\n", "v money", "1234.56 / 7.00"),
      Sample("v;w\n1.234,56;a\n7;b\n", "v money | w text", "1234.56,'a' / 7.00,'b'"),
      Sample("v;w\n1 234,56;a\n", "v money | w text", "1234.56,'a'"),
      Sample("v;w\n1\u{A0}234;a\n", "v integer | w text", "1234,'a'"),
      Sample("v;w\n1'234.50;a\n", "v money | w text", "1234.50,'a'"),
      Sample("v;w\n€ 12,50;a\n-€3;b\n", "v money | w text", "12.50,'a' / -3.00,'b'"),
      Sample("v\n12.50 EUR\n€7\n", "v money", "12.50 / 7.00"),
      Sample("v\n$12\n7\n", "v money", "12.00 / 7.00"),
      Sample("v\n12 apples\n7\n", "v text", "'12 apples' / '7'"),
      Sample("v;w\n1.234;a\n", "v number? | w text", "·,'a'"),
      Sample("v;w\n1.234;a\n1.5;b\n", "v number | w text", "1.234,'a' / 1.5,'b'"),
      Sample("v;w\n1,234;a\n1,5;b\n", "v number | w text", "1.234,'a' / 1.5,'b'"),
      Sample("v;w\n1.234;a\n1.234.567;b\n", "v integer | w text", "1234,'a' / 1234567,'b'"),
      Sample("v;w\n1.234;a\n12.345,5;b\n", "v money | w text", "1234.00,'a' / 12345.50,'b'"),
      // Dates and times.
      Sample("d\n2024-02-29\n2023-01-01\n", "d date", "2024-02-29 / 2023-01-01"),
      Sample("d\n2023-02-29\n", "d text", "'2023-02-29'"),
      Sample("d\n31/12/2024\n01/02/2024\n", "d date", "2024-12-31 / 2024-02-01"),
      Sample("d\n12/31/2024\n01/02/2024\n", "d date", "2024-12-31 / 2024-01-02"),
      Sample("d\n01/02/2024\n", "d date?", "·"),
      Sample("d\n01/01/2024\n", "d date", "2024-01-01"),
      Sample("d\n1.2.2024\n", "d date", "2024-02-01"),
      Sample("d\n2024/2/3\n", "d date", "2024-02-03"),
      Sample("d\n31/12/2024\n12/31/2024\n", "d text", "'31/12/2024' / '12/31/2024'"),
      Sample(
        "t\n2024-01-01T10:30\n2024-01-02 23:59:59.999\n2024-01-03\n", "t time",
        "2024-01-01T10:30:00 / 2024-01-02T23:59:59 / 2024-01-03T00:00:00"),
      Sample("t\n2024-01-01 3:05 PM\n", "t time", "2024-01-01T15:05:00"),
      Sample("t\n2024-01-01T10:00:00Z\n", "t time", "2024-01-01T10:00:00"),
      Sample(
        "t\n2024-01-01T10:00:00Z\n2024-01-01T10:00:00+02:00\n", "t text",
        "'2024-01-01T10:00:00Z' / '2024-01-01T10:00:00+02:00'"),
      Sample("t\n2024-01-01T24:00\n", "t text", "'2024-01-01T24:00'"),
      // Flags and unknown.
      Sample("f\nyes\nNo\n", "f flag", "yes / no"),
      Sample("f\nTRUE\nfalse\n", "f flag", "yes / no"),
      Sample("f\nno\nNO\n", "f text", "'no' / 'NO'"),
      Sample("f\n0\n1\n", "f integer", "0 / 1"),
      Sample(
        "a,b\n1,\n,x\nN/A,NULL\n-,-\n", "a integer | b text", "1,· / ·,'x' / ·,'NULL' / ·,'-'"),
      Sample("a,b\n\"\",\"\"\n1,y\n", "a integer | b text", "·,'' / 1,'y'"),
      Sample("a,b\n 1 , x \n", "a integer | b text", "1,' x '"),
      Sample("\"a\",\"b\"\n\"1\",\"2024-01-01\"\n", "a integer | b date", "1,2024-01-01"),
      // The beginning of a real file of purchases.
      Sample(
        "master_id,customer_id,date,number_of_cds,dollar_value\n4,1,1997-01-01,2,29.33\n"
          + "4,1,1997-01-18,2,29.73\n4,1,1997-08-02,1,14.96\n",
        "master_id integer | customer_id integer | date date | number_of_cds integer"
          + " | dollar_value money",
        "4,1,1997-01-01,2,29.33 / 4,1,1997-01-18,2,29.73 / 4,1,1997-08-02,1,14.96"),
    ])
  func small(_ sample: Sample) {
    let folder = ScratchFolder()
    let reading = Reading(folder.write(sample.text.utf8))
    if sample.types == "v text | column_2 text" {
      // A cell too many in every row is a problem of the rows, not of the types.
      #expect(reading.trouble == "row-too-long 2:0" || reading.columns.count == 2)
    } else {
      #expect(reading.types == sample.types)
      #expect(reading.values == sample.values)
    }
  }

  @Test(
    "Bad cells and rows name their code, line and column",
    arguments: [
      ("a,b\n1,x\n2\n3,y\n", [:], "row-too-short 3:0"),
      ("a,b\n1,x\n2,y,z\n3,y\n", [:], "row-too-long 3:0"),
      ("a,b\n1,\"x\"y\n2,z\n", [:], "text-after-quote 2:2"),
      ("a,b\n\"x\ny\",1\nz,abc\n", [1: ValueType.integer], "cell-not-an-integer 4:2"),
      ("a\n12.345\n1.5\n", [0: .money], "cell-not-money 2:1"),
      ("a\n1000000000000000.00\n1\n", [0: .money], "amount-out-of-range 2:1"),
      ("a\n12345678901234567890123\n1\n", [0: .money], "amount-out-of-range 2:1"),
      ("a\nx\n1\n", [0: .number], "cell-not-a-number 2:1"),
      ("a\n2024-13-01\n2024-01-01\n", [0: .date], "cell-not-a-date 2:1"),
      ("a\n2024-01-01T10:00\n2024-01-01T00:00\n", [0: .date], "cell-not-a-date 2:1"),
      ("a\nmaybe\nyes\n", [0: .flag], "cell-not-a-flag 2:1"),
      ("a\nnonsense\n01/02/2024\n", [0: .date], "ambiguous-dates 3"),
      ("a;b\n1.234;x\ny;z\n", [0: .number], "ambiguous-decimals 2"),
      ("a\n€1\n$2\n", [0: .money], ""),
    ] as [(String, [Int: ValueType], String)])
  func problems(_ text: String, _ types: [Int: ValueType], _ trouble: String) {
    let folder = ScratchFolder()
    #expect(Reading(folder.write(text.utf8), types: types).trouble == trouble)
  }

  @Test("One bad cell does not change how the others read")
  func lenient() {
    let folder = ScratchFolder()
    let path = folder.write("v;d\n1.234,56;31.12.2024\nabc;soon\n7;01.02.2024\n".utf8)
    let reading = Reading(path, types: [0: .money, 1: .date])
    #expect(reading.rows.map { $0[0] } == [.word(123_456), .unknown, .word(700)])
    #expect(reading.rows.map { $0[1] } == [.word(20_088), .unknown, .word(19_754)])
    #expect(reading.problems.map(\.message) == ["'abc' is not money", "'soon' is not a date"])
    #expect(reading.problems.map(\.header) == ["v", "d"])
  }

  @Test("Types widen when asked for")
  func widening() {
    let folder = ScratchFolder()
    let path = folder.write("a,b,c,d,e\n1,2024-01-02,1,007,5\n0,2024-01-03,0,1,6\n".utf8)
    let reading = Reading(
      path, types: [0: .money, 1: .time, 2: .flag, 3: .integer, 4: .text])
    #expect(reading.rows[0][0] == .word(100))
    #expect(reading.rows[0][1] == .word(19_724 * 86_400))
    #expect(reading.rows[0][2] == .word(1))
    #expect(reading.rows[0][3] == .word(7))
    #expect(reading.rows[0][4] == .text("5"))
    #expect(reading.columns[2].alsoReadsAs.contains(.flag))
    #expect(reading.columns[0].alsoReadsAs == [.text, .integer, .number, .money, .flag])
  }

  @Test("What the user says decides what reads two ways")
  func said() {
    let folder = ScratchFolder()
    let path = folder.write("d;v\n01/02/2024;1.234\n".utf8)
    var options = ReadOptions()
    (options.isDayFirst, options.isDecimalComma) = (true, true)
    let first = Reading(path, options)
    #expect(first.values == "2024-02-01,1234" && first.types == "d date | v integer")
    (options.isDayFirst, options.isDecimalComma) = (false, false)
    let second = Reading(path, options)
    #expect(second.values == "2024-01-02,1.234" && second.types == "d date | v number")
    let open = Reading(path)
    #expect(
      open.columns.map { $0.ambiguity?.message } == [
        "'01/02/2024' reads as 2024-02-01 and as 2024-01-02, and no cell decides",
        "'1.234' reads as 1.234 and as 1234, and no cell decides",
      ])
    #expect(
      open.columns.map { $0.ambiguity?.hint } == [
        "add dates day_first or dates month_first", "add decimal point or decimal comma",
      ])
    options.unknownMarks = ["01/02/2024", "x"]
    #expect(Reading(path, options).values == "·,1.234")
  }

  @Test("Columns tell currencies, zones, marks and counts")
  func facts() {
    let folder = ScratchFolder()
    let path = folder.write(
      ("p,q,t,m,e\n€1,$1,2024-01-01T10:00+02:00,1,\n€2,£1,2024-01-01T11:00+02:00,N/A,\n"
        + ",,,,\n").utf8)
    let columns = Reading(path).columns
    #expect(columns.map(\.currencySign) == ["€", "$", nil, nil, nil])
    #expect(columns.map { $0.ambiguity?.code } == [nil, "two-currencies", nil, nil, nil])
    #expect(columns.map { $0.ambiguity?.line } == [nil, 3, nil, nil, nil])
    #expect(columns.map(\.zone) == [nil, nil, "+02:00", nil, nil])
    #expect(columns.map(\.knownCount) == [2, 2, 2, 1, 0])
    #expect(columns.map(\.unknownMarkCount) == [0, 0, 0, 1, 0])
    #expect(columns[4].alsoReadsAs.contains(.date))
  }

  @Test("Choices match ignoring case, spaces, hyphens and underscores; mapped spellings first")
  func choices() throws {
    let folder = ScratchFolder()
    let path = folder.write(
      "s\nIntensive Care\nwelcoming\ngetting-to-know\nLead\nwelcomin\nN/A\n\"\"\nwelcoming\n".utf8)
    let stages = ChoiceList(["recruitment", "welcoming", "getting_to_know", "intensive_care"])
    let reader = try openReader(path, ReadOptions())
    _ = try reader.columns()
    try reader.start([
      ColumnRequest(source: 0, type: .choice(stages), choiceSpellings: ["Lead": 0]),
      ColumnRequest(source: 0, type: .text),
    ])
    let batch = try #require(try reader.next())
    #expect(
      (0..<8).map { batch.vectors[0][$0] } == [
        .word(3), .word(1), .word(2), .word(0), .unknown, .unknown, .unknown, .word(1),
      ])
    #expect(batch.vectors[1][0] == .text("Intensive Care"))
    #expect(batch.problems.map(\.problem.message) == ["'welcomin' is none of the choice's names"])
    #expect(batch.problems.map(\.problem.hint) == ["a close name is 'welcoming'"])
    #expect(batch.problems.map(\.offset) == [4])
    #expect(batch.lines == Array(2...9))
  }
}
