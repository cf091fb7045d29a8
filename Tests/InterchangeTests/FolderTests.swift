import Glibc
import Store
import Testing

@testable import Interchange

@Suite("Folders of whole stores, and answers in databases")
struct FolderTests {
  static let schema = """
    -- rapport export 1
    -- A comment.

    CREATE TABLE "customers" (
      -- one customer, time joined, label "na me", shown id "na me", role purchases, valid when ok, file "a.csv"
      "id" INTEGER PRIMARY KEY, -- integer
      "na me" TEXT, -- text
      "owner_id" TEXT REFERENCES "staff" ("login"), -- reference, inverse customers
      "boss" TEXT REFERENCES "staff" ("login"), -- reference, field "the boss", inverse "x\\ny"
      "joined" TEXT, -- date, event
      "rank" INTEGER CHECK ("rank" BETWEEN -5 AND 9223372036854775807), -- integer
      "stage" TEXT CHECK ("stage" IN ('a b', 'it''s', '')), -- choice, ordered, tracked by moves, moves 0>1 2>0
      "ok" INTEGER CHECK ("ok" IN (0, 1)) -- flag
      -- computed half number, is "rank / 2"
      -- computed kind choice, of "x" "y", is "if(ok, x, y)"
      -- computed "the owner" reference, to staff, is "owner"
    ) STRICT;

    CREATE TABLE "staff" (
      -- one staff, file "b.csv"
      "login" TEXT PRIMARY KEY NOT NULL -- text
    ) STRICT;

    """

  @Test("A schema is read as it says, and written again the same")
  func schemaText() throws {
    let schema = try SchemaParser.parse(Array(Self.schema.utf8))
    let customers = schema.catalog.entities[0]
    #expect(
      customers.fields.map(\.name) == [
        "id", "na me", "owner", "the boss", "joined", "rank", "stage", "ok", "half", "kind",
        "the owner",
      ])
    #expect(customers.fields[3].inverse == "x\ny" && customers.fields[4].isEvent)
    #expect(customers.fields[5].bounds == -5...Int64.max)
    #expect(customers.fields[6].type == .choice(ChoiceList(["a b", "it's", ""], isOrdered: true)))
    #expect(customers.fields[6].usualMoves == [0: [1], 2: [0]])
    #expect(customers.fields[10].type == .reference(EntityID(1)))
    #expect(customers.timeField == FieldID(4) && customers.labelField == FieldID(1))
    #expect(customers.role == .purchases && customers.validWhen == "ok")
    let again = try SchemaParser.parse(Array(SchemaWriter.text(schema).utf8))
    #expect(again.catalog.entities == schema.catalog.entities)
    #expect(SchemaWriter.text(again) == SchemaWriter.text(schema))
  }

  @Test("A schema that is cut or bent anywhere is refused with its line, or reads as another one")
  func bentSchema() throws {
    let whole = Array(Self.schema.utf8)
    let lineCount = whole.count { $0 == 0x0A } + 1
    let ends = whole.indices.filter { whole[$0] == 0x3B }.map { $0 + 1 }
    for end in whole.indices.dropLast() {
      do throws(SchemaMistake) {
        _ = try SchemaParser.parse(Array(whole[..<end]))
        let rest = whole[end...].filter { $0 > 0x20 }
        #expect(rest.isEmpty || end < 40 || ends.contains(end), "cut at \(end)")
      } catch {
        #expect(error.line >= 1 && error.line <= lineCount && !error.message.isEmpty)
      }
    }
    var random = SplitMix64(5)
    for _ in 0..<3_000 {
      var bent = whole
      for _ in 0..<(1 + random.next() % 3) {
        bent[Int(random.next() % UInt64(bent.count))] = UInt8(random.next() % 128)
      }
      if let schema = try? SchemaParser.parse(bent) { _ = schema.catalog }
    }
    for (words, replacement) in [
      ("(\"login\")", "(\"name\")"), ("0>1", "0>9"), ("'it''s'", "'it's'"), ("-- flag", "-- money"),
      ("export 1", "export 2"), ("time joined", "time gone"), ("role purchases", "role x"),
      ("\"ok\" IN (", "\"no\" IN ("), ("\"b.csv\"", "\"../b.csv\""), ("of \"x\" \"y\", ", ""),
      ("\"staff\" (\n", "\"Customers\" (\n"), ("is \"owner\"", "inverse x"),
    ] {
      let folder = ScratchFolder()
      folder.write(Self.schema.replacing(words, with: replacement).utf8, to: "schema.sql")
      #expect(throws: StoreError.self, "\(words)") {
        _ = try openCollection(folder.path, ReadOptions())
      }
    }
  }

  @Test("An answer in a database is what SQLite reads from it, and comes back as it was")
  func database() throws {
    let folder = ScratchFolder()
    let path = folder.path + "/out.db"
    let list = ChoiceList(["plain", "it's", ""])
    let columns = [
      OutputColumn(name: "id", type: .integer), OutputColumn(name: "Name \"x\"", type: .text),
      OutputColumn(name: "m", type: .money), OutputColumn(name: "n", type: .number),
      OutputColumn(name: "d", type: .date), OutputColumn(name: "t", type: .time),
      OutputColumn(name: "f", type: .flag), OutputColumn(name: "c", type: .choice(list)),
      OutputColumn(name: "r", type: .reference(EntityID(0)), keyType: .text),
      OutputColumn(name: "NAME \"X\"", type: .integer),
    ]
    let known: [UInt8] = [0x80, 0x80, 0]
    func words(_ values: [Int64]) -> Vector { Vector(words: values, known: known) }
    let vectors = [
      words([.max, .min, 0]), Vector(texts: TextBlock(["a\0b", "", "x"]), known: known),
      words([Limits.moneyMinorMax, -1, 0]),
      Vector(reals: [0.1, -1e300, 0], known: known), words([19_753, -1, 0]),
      words([1_706_711_400, 0, 0]), words([1, 0, 0]), words([1, 2, 0]),
      Vector(texts: TextBlock(["k'1", "ü", ""]), known: known), words([1, 2, 3]),
    ]
    func write(_ rows: [Vector], isReplacing: Bool = false, isAppending: Bool = false) throws {
      let writer = try openWriter(path, .db, isReplacing, isAppending)
      try writer.begin(columns, of: "my \"table\"")
      try writer.write(
        OutputBatch(vectors: rows, labels: rows.map { _ in nil }, count: rows[0].count))
      try writer.finish()
    }
    try write(vectors)
    try write(vectors, isAppending: true)
    #expect(throws: StoreError.self) { try write(vectors) }
    #expect(folder.names == ["out.db"])
    let rows = Foreign(folder, "out.db").rows(
      "select id, hex(\"Name \"\"x\"\"\"), m, n, d, t, f, c, r, \"NAME \"\"X\"\"_2\", typeof(m)"
        + " from \"my \"\"table\"\"\" limit 3")
    #expect(
      rows == [
        [
          "9223372036854775807", "610062", "10000000000000.0", "0.1", "2024-01-31",
          "2024-01-31T14:30:00", "1", "it's", "k'1", "1", "real",
        ],
        [
          "-9223372036854775808", "", "-0.01", "-1.0e+300", "1969-12-31", "1970-01-01T00:00:00",
          "0", "", "ü", "2", "real",
        ],
        ["NULL", "", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "NULL", "null"],
      ])
    let reading = Reading(path)
    #expect(
      reading.columns.map(\.type) == [
        .integer, .text, .money, .number, .date, .time, .flag, .choice(list), .text, .integer,
      ])
    #expect(reading.rows.count == 6)
    for row in 0..<3 { #expect(reading.rows[row] == vectors.map { $0[row] }) }
    try write(vectors, isReplacing: true)
    #expect(Reading(path).rows.count == 3)
    // A writer that is given up leaves nothing.
    let given = try openWriter(path, .db, true, false)
    try given.begin(columns, of: "t")
    withExtendedLifetime(given) {}
  }
}
