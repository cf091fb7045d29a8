import Glibc
import Snapshot
import Store
import TestSupport
import Testing

struct SalvageTests {
  @Test func `salvaging a file that is whole gives the same, and never writes over a file`() throws
  {
    let sample = try DamageSample(rowCount: 300)
    let path = sample.folder.path + "/new.rapport"
    let bytes = DamageFile.read(sample.path)
    let report = try salvageStore(sample.path, into: path)
    let (database, file) = try openStore(path, true, Budget())
    try database.loadAll()
    #expect(report.findings.isEmpty && report.recordCount == 330, "\(report)")
    #expect(sample.isEqual(database) && DamageFile.read(sample.path) == bytes)
    file.close()
    #expect {
      _ = try salvageStore(sample.path, into: path)
    } throws: { error in
      guard case StoreError.store(let problem) = error else { return false }
      return problem.code == "file-exists"
    }
  }

  @Test
  func `every type and hostile text is checked and salvaged, from the tables alone if need be`()
    throws
  {
    let folder = try #require(TemporaryFolder())
    let (path, new) = (folder.path + "/hostile.rapport", folder.path + "/new.rapport")
    let database = try HostileStore.database()
    try createStore(path, database, false, nil).close()
    let check = try checkStore(path)
    let report = try salvageStore(path, into: new)
    #expect(check.findings.isEmpty && report.findings.isEmpty, "\(check) \(report)")
    let original = try Contents(database)
    let copy = try Self.contents(new)
    #expect(copy == original)

    #expect(DamageFile.run(path, "DROP TABLE _rapport_choices; DROP TABLE _rapport_fields"))
    let again = try salvageStore(path, into: folder.path + "/again.rapport")
    let contents = try Self.contents(folder.path + "/again.rapport")
    #expect(
      again.recordCount == report.recordCount && again.findings.allSatisfy { $0.code == .catalog }
        && contents.records.map { $0.count }.sorted()
          == original.records.map { $0.count }.sorted(),
      "\(again)")
  }

  private static func contents(_ path: String) throws -> Contents {
    let (database, file) = try openStore(path, true, Budget())
    defer { file.close() }
    return try Contents(database)
  }

  @Test func `what lies in a log is seen, and the log stays as it is`() throws {
    let sample = try DamageSample(rowCount: 300)
    let other = PlainSQLite(sample.path)
    let words = other.run("UPDATE people SET name = 'in the log' WHERE id = 7")
    let before = DamageFile.read(sample.path + "-wal")
    let check = try checkStore(sample.path)
    let report = try salvageStore(sample.path, into: sample.folder.path + "/new.rapport")
    let contents = try Self.contents(sample.folder.path + "/new.rapport")
    #expect(
      words == nil && !before.isEmpty && before == DamageFile.read(sample.path + "-wal")
        && DamageFile.read(sample.path) == sample.bytes)
    #expect(check.findings.count == 1 && report.findings.count == 1 && check.isClean, "\(check)")
    #expect(contents.records[1][.word(7)]?[1] == .text("in the log"))
    other.close()
  }

  /// What another program does, and what salvaging then says: code, table, keys.
  private static let cases: [(statements: String, found: [String])] = [
    (
      "DELETE FROM firms WHERE code = 'F-0é'",
      ["not-proved firms", "dangling-reference people"]
    ),
    (
      "PRAGMA ignore_check_constraints=ON; UPDATE people SET kind = 'x' WHERE id IN (4, 7, 10)",
      ["not-proved people 0 to 65535", "bad-value people 4, 7, 10"]
    ),
    ("DELETE FROM _rapport_settings", ["damaged-catalog file"]),
    ("DROP TABLE _rapport_fields", ["damaged-catalog file", "damaged-catalog file"]),
    ("DROP TABLE _rapport_tables", ["bad-next-key people"]),
    ("DROP TABLE _rapport_sums", ["damaged-pages firms", "damaged-pages people"]),
    ("DROP TABLE firms", ["missing-table firms", "dangling-reference people"]),
  ]

  @Test func `what can be had is in the new file, and the rest is named`() throws {
    var wrong: [String] = []
    for (statements, expected) in Self.cases {
      let sample = try DamageSample(rowCount: 300)
      let isRun = DamageFile.run(sample.path, statements)
      let path = sample.folder.path + "/new.rapport"
      let report = try salvageStore(sample.path, into: path)
      let check = try checkStore(path)
      let found = report.findings.map { finding in
        [finding.code.rawValue, finding.table ?? "file", finding.keys].compactMap { $0 }
          .joined(separator: " ")
      }
      let isNamed = expected.allSatisfy { line in found.contains { $0.hasPrefix(line) } }
      let isWhole = check.findings.isEmpty && check.recordCount == report.recordCount
      if !isRun || !isNamed || !isWhole || report.recordCount < 299 {
        wrong.append("\(statements): \(isRun) \(isWhole) \(report)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }
}
