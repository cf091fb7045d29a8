import CSQLite
import Glibc
import Store
import Testing

@testable import Interchange

/// A SQL script, and the types and values that its one table `t` reads as.
struct TableSample: CustomTestStringConvertible {
  let sql: String
  let types: String
  let values: String
  let testDescription: String
  init(_ name: String, _ sql: String, _ types: String, _ values: String) {
    (self.sql, self.types, self.values, testDescription) = (sql, types, values, name)
  }
}

/// A database of SQLite, written by SQLite.
final class Foreign {
  private var connection: OpaquePointer?
  let path: String

  init(_ folder: ScratchFolder, _ name: String = "in.db", _ sql: String = "") {
    path = folder.path + "/" + name
    sqlite3_open(path, &connection)
    run(sql)
  }

  deinit { sqlite3_close(connection) }

  func run(_ sql: String) {
    let status = sqlite3_exec(connection, sql, nil, nil, nil)
    #expect(status == SQLITE_OK, "\(String(cString: sqlite3_errmsg(connection)))")
  }

  func close() {
    sqlite3_close(connection)
    connection = nil
  }

  /// The rows of a statement, each value as SQLite's own `quote` writes it.
  func rows(_ sql: String) -> [[String]] {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(connection, sql, -1, &statement, nil) == SQLITE_OK else { return [] }
    defer { sqlite3_finalize(statement) }
    var rows: [[String]] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map {
          sqlite3_column_text(statement, $0).map { String(cString: $0) } ?? "NULL"
        })
    }
    return rows
  }
}

@Suite("SQLite files are read as their values are, and written so that SQLite reads them")
struct DatabaseTests {
  @Test(
    "Declared types count where the values bear them out",
    arguments: [
      TableSample(
        "nothing declared", "create table t(a, b, c); insert into t values(1, 2.5, 'x'), (2, 3, 7)",
        "a integer | b money | c text", "1,2.50,'x' / 2,3.00,'7'"),
      TableSample(
        "affinities",
        """
        create table t(a int, b text, c real, d varchar(9), e double, f bigint);
        insert into t values('7', 8, 2, '0123', 0.125, 9223372036854775807)
        """,
        "a integer | b text | c number | d text | e number | f integer",
        "7,'8',2,'0123',0.125,9223372036854775807"),
      TableSample(
        "wrong values",
        "create table t(a int, b boolean, c date); insert into t values('x', 2, 'soon'), (1, 0, 5)",
        "a text | b integer | c text", "'x',2,'soon' / '1',0,'5'"),
      TableSample(
        "money",
        """
        create table t(a decimal(10,2), b money, c numeric(9,2), d decimal(9,4), e numeric(5));
        insert into t values(12.5, 7, 0.1, 1.5, 3), (-0.01, 10000000000000, 99999999.99, 2, 4)
        """,
        "a money | b money | c money | d number | e integer",
        "12.50,7.00,0.10,1.5,3 / -0.01,10000000000000.00,99999999.99,2,4"),
      TableSample(
        "money of three decimals",
        "create table t(a decimal(10,2)); insert into t values(1.125), (2)",
        "a number", "1.125 / 2"),
      TableSample(
        "money beyond", "create table t(a money); insert into t values(1e14), (2)", "a integer",
        "100000000000000 / 2"),
      TableSample(
        "flags",
        "create table t(a boolean, b bool, c int); insert into t values(0, 'true', 1), (1, 'no', 0), (null, null, null)",
        "a flag | b flag | c integer", "no,yes,1 / yes,no,0 / ·,·,·"),
      TableSample(
        "dates as text",
        """
        create table t(a date, b datetime, c text, d, e text);
        insert into t values('2024-01-31', '2024-01-31 14:30:00', '2024-02-29', '2024-01-01T00:00', '31.12.2024');
        """,
        "a date | b time | c date | d time | e date",
        "2024-01-31,2024-01-31T14:30:00,2024-02-29,2024-01-01T00:00:00,2024-12-31"),
      TableSample(
        "dates as numbers",
        """
        create table t(a date, b timestamp, c datetime, d date, e datetime, f date, g date, h integer);
        insert into t values(1706659200, 1706711400, 1706711400123, 2460340.5, 2460341.104166667,
          20240131, 19753, 1706711400);
        """,
        "a date | b time | c time | d date | e time | f integer | g integer | h integer",
        "2024-01-31,2024-01-31T14:30:00,2024-01-31T14:30:00,2024-01-31,2024-01-31T14:30:00,20240131,19753,1706711400"
      ),
      TableSample(
        "text that is more",
        "create table t(a text, b text); insert into t values('', null), (' x ', char(0) || 'é'), ('NULL', '-')",
        "a text | b text", "'',· / ' x ','\0é' / 'NULL','-'"),
      TableSample(
        "nothing known",
        "create table t(a int, b date, c datetime, d text, e, f boolean, g blob); insert into t values(null,null,null,null,null,null,null)",
        "a integer | b date | c time | d text | e text | f flag | g text", "·,·,·,·,·,·,·"),
      TableSample(
        "names",
        """
        create table t("a b" int, "select" int, "größe" int, "" int, "q""x" int, "A_B" int);
        insert into t values(1,2,3,4,5,6)
        """,
        "a_b integer | select integer | größe integer | column_4 integer | q_x integer | a_b_2 integer",
        "1,2,3,4,5,6"),
      TableSample(
        "generated, strict, without rowid",
        """
        create table t(k text primary key, n int, twice int generated always as (n * 2) stored,
          half real as (n / 2.0)) strict, without rowid;
        insert into t values('b', 3), ('a', 5)
        """,
        "k text | n integer | twice integer | half number", "'a',5,10,2.5 / 'b',3,6,1.5"),
      TableSample(
        "an index does not change the order",
        """
        create table t(n int, m int); insert into t values(3, 1), (1, 2), (2, 3);
        create index i on t(n, m);
        """,
        "n integer | m integer", "3,1 / 1,2 / 2,3"),
      TableSample(
        "columns called rowid",
        "create table t(rowid int, oid int, _rowid_ int); insert into t values(9, 8, 7), (1, 2, 3)",
        "rowid integer | oid integer | rowid_2 integer", "9,8,7 / 1,2,3"),
    ])
  func types(_ sample: TableSample) {
    let folder = ScratchFolder()
    Foreign(folder, "in.db", sample.sql).close()
    let reading = Reading(folder.path + "/in.db")
    #expect(reading.trouble == "")
    #expect(reading.types == sample.types)
    #expect(reading.values == sample.values)
  }

  @Test("Bytes and broken text are problems of their cells, a column of bytes is left out")
  func binary() {
    let folder = ScratchFolder()
    Foreign(
      folder, "in.db",
      """
      create table t(a, b blob, c text);
      insert into t values('x', x'00', 'ok'), (x'01', null, cast(x'ff' as text)), (null, x'02', 'y');
      """
    ).close()
    let reading = Reading(folder.path + "/in.db", types: [1: .text])
    #expect(reading.columns.map(\.leftOut) == [nil, .binary, nil])
    #expect(
      reading.trouble
        == "cell-is-binary 1:0 cell-is-binary 2:0 cell-is-binary 2:0 cell-is-binary 3:0")
    #expect(reading.values == "'x',·,'ok' / ·,·,· / ·,·,'y'")
  }

  @Test("Keys, foreign keys and what is left out are as declared")
  func structure() throws {
    let folder = ScratchFolder()
    Foreign(
      folder, "in.db",
      """
      create table p(a int, b int, c text unique, primary key(b, a));
      create table q(id integer primary key, x int, y int, c text references P(C), p references p,
        foreign key(x, y) references p(b, a), foreign key(x) references gone(id));
      create table r(k text primary key, up references R) without rowid;
      create view v as select 1; create virtual table f using fts5(body);
      create table _rapport_cache(x); create table sqliteish(x);
      """
    ).close()
    let collection = try openCollection(folder.path + "/in.db", ReadOptions())
    #expect(collection.tables.map(\.name) == ["p", "q", "r", "sqliteish"])
    #expect(collection.tables.map(\.key) == [[1, 0], [0], [0], []])
    #expect(
      collection.tables[1].foreignKeys == [
        SourceForeignKey(columns: [3], targetColumns: [2], target: 0, targetName: "p"),
        SourceForeignKey(columns: [4], targetColumns: [1, 0], target: nil, targetName: "p"),
        SourceForeignKey(columns: [1, 2], targetColumns: [1, 0], target: 0, targetName: "p"),
        SourceForeignKey(columns: [1], targetColumns: [], target: nil, targetName: "gone"),
      ])
    #expect(
      collection.tables[2].foreignKeys == [
        SourceForeignKey(columns: [1], targetColumns: [0], target: 2, targetName: "r")
      ])
    #expect(collection.leftOut.map(\.name).sorted().first == "_rapport_*")
    #expect(
      Set(collection.leftOut.map(\.reason)) == [.view, .virtualTable, .shadowTable, .bookkeeping])
  }

  @Test("A file is read whatever its program left beside it, and nothing is created or changed")
  func beside() throws {
    for mode in ["delete", "wal", "truncate", "persist"] {
      let folder = ScratchFolder()
      let writer = Foreign(
        folder, "in.db", "pragma journal_mode = \(mode); create table t(a); insert into t values(1)"
      )
      func check(_ when: String) {
        let before = folder.names.map { ($0, folder.bytes(of: $0)) }
        #expect(Reading(folder.path + "/in.db").values == "1", "\(mode) \(when)")
        let after = folder.names.map { ($0, folder.bytes(of: $0)) }
        #expect(before.map(\.0) == after.map(\.0), "\(mode) \(when)")
        let isSame = zip(before, after).allSatisfy { $0.1 == $1.1 || $0.0.hasSuffix("-shm") }
        #expect(isSame, "\(mode) \(when)")
      }
      check("while it is open")
      // What a program leaves that was killed: its log, without the index of it.
      let left = ScratchFolder()
      for name in folder.names where !name.hasSuffix("-shm") {
        left.write(folder.bytes(of: name), to: name)
      }
      let before = left.names
      #expect(Reading(left.path + "/in.db").values == "1", "\(mode), cut off")
      #expect(left.names == before, "\(mode), cut off")
      writer.close()
      check("closed")
    }
  }

  @Test("A change that was never completed is not read")
  func hotJournal() throws {
    let folder = ScratchFolder()
    let writer = Foreign(
      folder, "in.db",
      "pragma cache_size = 1; create table t(a); with recursive n(x) as (select 1 union all"
        + " select x + 1 from n where x < 5000) insert into t select 'old' from n")
    writer.run("begin; update t set a = 'new'")
    let left = ScratchFolder()
    for name in folder.names { left.write(folder.bytes(of: name), to: name) }
    #expect(left.names == ["in.db", "in.db-journal"])
    let reading = Reading(left.path + "/in.db")
    #expect(reading.rows.count == 5_000 && reading.rows.allSatisfy { $0 == [.text("old")] })
    #expect(left.names == ["in.db", "in.db-journal"])
    writer.run("rollback")
  }

  @Test("What is no database, or is damaged or locked, is refused in words")
  func hostile() throws {
    let folder = ScratchFolder()
    Foreign(
      folder, "good.db",
      "create table t(a); with recursive n(x) as (select 1 union all select x + 1"
        + " from n where x < 3000) insert into t select 'value ' || x from n"
    ).close()
    let good = folder.bytes(of: "good.db")
    func trouble(_ name: String) -> String {
      do throws(StoreError) {
        let collection = try openCollection(folder.path + "/" + name, ReadOptions())
        guard let table = collection.tables.indices.first else { return "no table" }
        let reader = try collection.openReader(of: table)
        _ = try reader.columns()
        return "read \(reader.recordCount)"
      } catch {
        guard case .file(let problem) = error else { return "\(error)" }
        return problem.code
      }
    }
    folder.write([], to: "empty.db")
    folder.write("id,name\n".utf8, to: "text.db")
    folder.write(good.prefix(90), to: "head.db")
    folder.write(good.prefix(good.count - 5_000), to: "cut.db")
    folder.write(good.prefix(16) + [UInt8](repeating: 7, count: 5_000), to: "noise.db")
    var bent = good
    for place in 4_096..<4_200 { bent[place] = 0xA5 }
    folder.write(bent, to: "bent.db")
    mkfifo(folder.path + "/pipe", 0o600)
    #expect(trouble("good.db") == "read 3000")
    let found = [
      "none.db", "empty.db", "text.db", "head.db", "cut.db", "noise.db", "bent.db", "pipe",
    ]
    .map(trouble)
    #expect(
      found == [
        "file-not-found", "file-is-empty", "not-a-database", "file-is-foreign", "file-is-damaged",
        "file-is-damaged", "file-is-damaged", "file-is-device",
      ])
    // Whatever is flipped, it ends in rows or in words.
    var random = SplitMix64(3)
    for _ in 0..<150 {
      var flipped = good
      flipped[Int(random.next() % UInt64(good.count))] ^= 1 << UInt8(random.next() % 8)
      folder.write(flipped, to: "flipped.db")
      #expect(!trouble("flipped.db").isEmpty)
    }
  }

  @Test("Random tables read as SQLite reads them", arguments: [11, 12, 13] as [UInt64])
  func oracle(_ seed: UInt64) throws {
    var random = SplitMix64(seed)
    let folder = ScratchFolder()
    let literals = [
      "null", "0", "1", "-7", "9223372036854775807", "-9223372036854775808", "1.5", "-0.25",
      "1e300",
      "0.1", "3.0", "'x'", "''", "'12'", "'2024-01-31'", "'yes'", "'é🎉'", "'a,\"b'", "'NULL'",
    ]
    let declared = ["", "int", "text", "real", "numeric", "date", "boolean", "decimal(9,2)", "any"]
    for round in 0..<20 {
      let columns = 1 + Int(random.next() % 5)
      let kinds = (0..<columns).map { _ in literals.shuffledPrefix(&random) }
      let database = Foreign(folder, "in\(round).db")
      let names = (0..<columns).map { "c\($0)" }
      database.run(
        "create table t("
          + names.map { "\($0) \(declared[Int(random.next() % 9)])" }
          .joined(separator: ", ") + ")")
      for _ in 0..<Int(random.next() % 40) {
        database.run(
          "insert into t values ("
            + kinds.map { $0[Int(random.next() % UInt64($0.count))] }.joined(separator: ", ") + ")")
      }
      // Asked for as text, every value is spelled as SQLite spells it, but for what is a number.
      let expected = database.rows(
        "select "
          + names.map {
            "case typeof(\($0)) when 'real' then 'real' else quote(\($0)) end"
          }.joined(separator: ", ") + " from t not indexed")
      database.close()
      let path = folder.path + "/in\(round).db"
      let reading = Reading(
        path, types: Dictionary(uniqueKeysWithValues: (0..<columns).map { ($0, .text) }))
      #expect(reading.trouble == "", "seed \(seed), round \(round)")
      let wrong = expected.indices.first { row in
        (0..<columns).contains { column in
          switch (expected[row][column], reading.rows[row][column]) {
          case ("NULL", let value): value.isKnown
          case ("real", let value): !value.isKnown
          case (let quoted, .text(let text)):
            quoted != text && quoted != "'" + text.replacingQuotes + "'"
          default: true
          }
        }
      }
      #expect(wrong == nil && reading.rows.count == expected.count, "seed \(seed), round \(round)")
      // As the type judged, no value is lost: what is known to SQLite is known, but marks.
      let judged = Reading(path)
      #expect(judged.trouble == "", "seed \(seed), round \(round)")
      let lost = expected.indices.first { row in
        (0..<columns).contains { column in
          let isKnown = judged.rows[row][column].isKnown
          let isMark = ["NULL", "'NULL'", "''"].contains(expected[row][column])
          return judged.columns[column].ambiguity == nil && !isMark && !isKnown
        }
      }
      #expect(lost == nil, "seed \(seed), round \(round)")
    }
  }
}

extension [String] {
  /// Some of them, at least one.
  fileprivate func shuffledPrefix(_ random: inout SplitMix64) -> [String] {
    (0...Int(random.next() % 4)).map { _ in self[Int(random.next() % UInt64(count))] }
  }
}

extension String {
  /// Single quotes doubled.
  fileprivate var replacingQuotes: String {
    String(flatMap { $0 == "'" ? "''" : String($0) })
  }
}
