import Glibc
import Snapshot
import Store
import TestSupport
import Testing

struct CheckTests {
  private static let dropTriggers = ["insert", "update", "delete"].map {
    "DROP TRIGGER _rapport_\($0)_people; DROP TRIGGER _rapport_\($0)_firms;"
  }.joined()

  /// What another program does, and what a check then says: code, table, keys.
  private static let cases: [(statements: String, isClean: Bool, found: [String])] = [
    ("", true, []),
    ("UPDATE people SET name = 'new' WHERE id = 7", true, ["not-proved people 0 to 65535"]),
    (
      dropTriggers + "UPDATE people SET name = 'new' WHERE id = 7", false,
      ["changed-rows people 0 to 65535"]
    ),
    (
      dropTriggers + "DELETE FROM people WHERE id = 10", false,
      [
        "changed-rows people 0 to 65535", "dangling-reference people …",
      ]
    ),
    (
      "PRAGMA ignore_check_constraints=ON; UPDATE people SET kind = 'x', born = '2024-02-30' WHERE id IN (4, 7)",
      false,
      [
        "not-proved people 0 to 65535", "bad-value people 4, 7",
        "bad-value people 4, 7",
      ]
    ),
    (
      dropTriggers + "UPDATE firms SET worth = 5 WHERE code = 'F-0é'", false,
      ["changed-rows firms"]
    ),
    (
      "UPDATE _rapport_tables SET next_key = 5, next_key_check = ~5", false,
      ["bad-next-key people …"]
    ),
    (
      "UPDATE _rapport_tables SET next_key = 5", false,
      ["bad-next-key firms", "bad-next-key people"]
    ),
    (
      "UPDATE _rapport_fields SET name = 'seize' WHERE name = 'size'", false,
      ["damaged-catalog file"]
    ),
    ("DROP TABLE firms", false, ["missing-table firms"]),
    ("ALTER TABLE people DROP COLUMN size", false, []),
  ]

  @Test func `a check names what other programs did`() throws {
    var wrong: [String] = []
    for (statements, isClean, expected) in Self.cases {
      let sample = try DamageSample(rowCount: 300)
      let isRun = DamageFile.run(sample.path, statements)
      let before = sample.folder.names
      let bytes = DamageFile.read(sample.path)
      let report = try checkStore(sample.path)
      let found = report.findings.map { finding in
        [finding.code.rawValue, finding.table ?? "file", finding.keys].compactMap { $0 }
          .joined(separator: " ")
      }
      let isSame = before == sample.folder.names && bytes == DamageFile.read(sample.path)
      if !isRun || !isSame || report.isClean != isClean || !Self.match(expected, found) {
        wrong.append("\(statements): \(isRun) \(isSame) \(report.findings)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  /// Whether each is found, and no others where any are given; `…` stands for any keys.
  private static func match(_ expected: [String], _ found: [String]) -> Bool {
    var rest = found
    for line in expected {
      let start = line.hasSuffix("…") ? String(line.dropLast()) : nil
      guard
        let place = rest.firstIndex(where: { $0 == line || start.map($0.hasPrefix) == true })
      else { return false }
      rest.remove(at: place)
    }
    return rest.isEmpty || expected.isEmpty
  }

  @Test func `a check counts what it read, and refuses what is no data file`() throws {
    let sample = try DamageSample(rowCount: 300)
    let report = try checkStore(sample.path)
    #expect(
      report.findings.isEmpty && report.tableCount == 2 && report.recordCount == 330
        && report.provedChunkCount == 4 && report.unprovedChunkCount == 0, "\(report)")
    sample.folder.write("text.rapport", "nothing of ours, and long enough to be something else")
    for (name, code) in [
      ("none", "store-not-found"), ("text.rapport", "not-a-store"), ("", "file-is-directory"),
    ] {
      let path = sample.folder.path + "/" + name
      #expect {
        _ = try checkStore(path)
      } throws: { error in
        guard case StoreError.store(let problem) = error else { return false }
        return problem.code == code
      }
    }
  }
}
