import CSQLite
import Glibc
import Snapshot
import Store
import TestSupport
import Testing

/// Files that were damaged at random places. `RAPPORT_FLIPS` asks for more than the few of every day.
struct DamageTests {
  private static let flipCount =
    getenv("RAPPORT_FLIPS").flatMap { Int(String(cString: $0)) } ?? 40

  @Test func `no flipped bit changes an answer in silence`() throws {
    var sample = try DamageSample(rowCount: 300)
    var random = DamageRandom(seed: 11)
    var wrong: [String] = []
    for _ in 0..<Self.flipCount {
      let bit = Int.random(in: 0..<sample.bytes.count * 8, using: &random)
      var bytes = sample.bytes
      bytes[bit >> 3] ^= 1 << UInt8(bit & 7)
      wrong += try sample.judge(bytes, "bit \(bit & 7) of byte \(bit >> 3)")
    }
    #expect(wrong.isEmpty, "\(DamageSample.words(wrong))")
  }

  @Test func `no missing end changes an answer in silence`() throws {
    var sample = try DamageSample(rowCount: 600)
    var random = DamageRandom(seed: 12)
    // Where the list of tables ends early.
    var wrong = try sample.judge(Array(sample.bytes[..<51_835]), "cut at 51835")
    for _ in 0..<max(1, Self.flipCount / 4) {
      let count = Int.random(in: 1..<sample.bytes.count, using: &random)
      wrong += try sample.judge(Array(sample.bytes[..<count]), "cut at \(count)")
    }
    #expect(wrong.isEmpty, "\(DamageSample.words(wrong))")
  }

  @Test func `of a file with lost pages the rest is salvaged, and what is lost is named`() throws {
    var sample = try DamageSample(rowCount: 1_500)
    var random = DamageRandom(seed: 13)
    var wrong: [String] = []
    let count = max(4, Self.flipCount / 4)
    for _ in 0..<count {
      var bytes = sample.bytes
      let pages = (0..<Int.random(in: 1...3, using: &random)).map { _ in
        Int.random(in: 1..<bytes.count / 4_096, using: &random)
      }
      for page in pages {
        for offset in page * 4_096..<(page + 1) * 4_096 { bytes[offset] = 0 }
      }
      wrong += try sample.judge(bytes, "pages \(pages) emptied")
    }
    // Where the first page of each table is lost, nothing is left.
    #expect(sample.salvagedCount * 4 >= count * 3, "\(sample.salvagedCount) of \(count)")
    #expect(wrong.isEmpty, "\(DamageSample.words(wrong))")
  }
}

/// A small generator whose numbers are the same on every machine.
struct DamageRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

/// A data file with values of every type, and what stands in it.
struct DamageSample {
  let folder: TemporaryFolder
  /// The file.
  let path: String
  let bytes: [UInt8]
  let database: Database
  private let values: [String: DamageTable]
  /// Of the damaged copies, those that gave a new file.
  private(set) var salvagedCount = 0

  init(rowCount: Int) throws {
    folder = try #require(TemporaryFolder())
    path = folder.path + "/sample.rapport"
    database = Database(catalog: Self.catalog, budget: Budget())
    try Self.fill(database, rowCount)
    try createStore(path, database, false, nil).close()
    bytes = DamageFile.read(path)
    values = DamageTable.all(of: database)
  }

  // MARK: what is in it

  private static var catalog: Catalog {
    Catalog([
      Entity(
        name: "firms", singular: "firm",
        fields: [
          Field("code", .text), Field("worth", .money), Field("boss", .reference(EntityID(1))),
        ], labelField: FieldID(0)),
      Entity(
        name: "people", singular: "person",
        fields: [
          Field("id", .integer), Field("name", .text), Field("note", .text),
          Field("kind", .choice(ChoiceList(["a", "it's", "Å"], isOrdered: true))),
          Field("size", .integer, bounds: -9_000...9_000), Field("share", .number),
          Field("value", .money), Field("born", .date), Field("seen", .time),
          Field("active", .flag), Field("firm", .reference(EntityID(0)), inverse: "people"),
          Field("friend", .reference(EntityID(1))),
          Field("double", .integer, expression: "size * 2"),
        ], timeField: FieldID(7), labelField: FieldID(1)),
    ])
  }

  private static func fill(_ database: Database, _ rowCount: Int) throws {
    var random = DamageRandom(seed: 5)
    let (firms, people) = (EntityID(0), EntityID(1))
    let firmCount = rowCount / 10
    func words(_ range: ClosedRange<Int64>, _ count: Int) -> Vector {
      let words = (0..<count).map { _ in Int64.random(in: range, using: &random) }
      let known = words.map { _ in UInt8(random.next() % 8 == 0 ? 0 : 0x80) }
      return Vector(words: zip(words, known).map { $1 == 0 ? 0 : $0 }, known: known)
    }
    try database.append(
      [
        FieldID(0): Vector(texts: TextBlock((0..<firmCount).map { "F-\($0 * 7_919 % 10_007)é" })),
        FieldID(1): words(-1_000_000...1_000_000, firmCount),
      ], count: firmCount, to: firms)
    // Keys with holes, in three chunks.
    let keys = (0..<rowCount).map { row in
      Int64(row * 3 + 1) + (row > rowCount / 2 ? 70_000 : 0)
        + (row > rowCount * 3 / 4 ? 900_000 : 0)
    }
    let notes = (0..<rowCount).map { row in
      String(repeating: "note \(row) ", count: row % 97 == 0 ? 900 : row % 7)
    }
    try database.append(
      [
        FieldID(0): Vector(words: keys),
        FieldID(1): Vector(texts: TextBlock((0..<rowCount).map { "Name \($0) of Ö" })),
        FieldID(2): Vector(texts: TextBlock(notes)), FieldID(3): words(0...2, rowCount),
        FieldID(4): words(-9_000...9_000, rowCount),
        FieldID(5): Vector(reals: (0..<rowCount).map { Double($0) / 7 - 3 }),
        FieldID(6): words(-9_999_999...9_999_999, rowCount),
        FieldID(7): words(-20_000...30_000, rowCount),
        FieldID(8): words(0...2_000_000_000, rowCount), FieldID(9): words(0...1, rowCount),
        FieldID(10): words(0...Int64(firmCount - 1), rowCount),
        FieldID(11): words(0...Int64(rowCount - 1), rowCount),
      ], count: rowCount, to: people)
    try database.table(firms).fill(FieldID(2), with: words(0...Int64(rowCount - 1), firmCount))
    database.table(people).nextKey = 5_000_000
  }

  // MARK: judging

  /// What is silently wrong with a damaged copy, by opening, checking and salvaging it.
  mutating func judge(
    _ bytes: [UInt8], _ what: String
  ) throws -> [String] {
    let damaged = folder.path + "/damaged.rapport"
    let salvaged = folder.path + "/salvaged.rapport"
    for name in [damaged, salvaged] {
      for end in ["", "-wal", "-shm", "-journal"] { unlink(name + end) }
    }
    DamageFile.write(bytes, damaged)
    var wrong: [String] = []
    let report = try? checkStore(damaged)
    let loaded = Self.load(damaged)
    if let loaded, !isEqual(loaded) { wrong.append("\(what): other values were loaded") }
    if loaded == nil, report?.isClean == true { wrong.append("\(what): checked clean, not loaded") }
    if DamageFile.read(damaged) != bytes { wrong.append("\(what): the file was changed") }
    do throws(StoreError) {
      let report = try salvageStore(damaged, into: salvaged)
      salvagedCount += 1
      wrong += try judge(salvaged, report).map { "\(what): \($0)" }
    } catch {
      guard case .store(let problem) = error, Self.refusals.contains(problem.code) else {
        return wrong + ["\(what): not salvaged, \(error)"]
      }
    }
    return wrong
  }

  /// What salvaging may say of a file that gives nothing.
  private static let refusals = ["damaged", "not-a-store", "foreign-store", "newer-store"]

  /// The first of what is wrong, each in one line.
  static func words(_ wrong: [String]) -> String {
    wrong.prefix(10).map { String($0.prefix(200)) }.joined(separator: "\n")
  }

  private func judge(_ path: String, _ report: StoreReport) throws(StoreError) -> [String] {
    let check = try checkStore(path)
    guard check.findings.isEmpty, let loaded = Self.load(path) else {
      return ["the salvaged file is not clean: \(check.findings.map(\.message))"]
    }
    let isMadeAnew = report.findings.contains { $0.code == .catalog }
    var wrong: [String] = []
    if report.isClean, !isEqual(loaded) { wrong.append("other values were salvaged") }
    let found = DamageTable.all(of: loaded)
    for (name, table) in values {
      wrong += table.differences(
        to: found[name] ?? DamageTable(),
        report.findings.filter { $0.table == name || $0.table == nil && $0.code == .missingTable },
        isMadeAnew: isMadeAnew
      ).map { "\(name): \($0)" }
      for key in (found[name]?.rows ?? [:]).keys where table.rows[key] == nil {
        let isNamed = report.findings.contains {
          $0.table == name && $0.holds(key, nil, in: [.changedRows, .unprovedRows, .pages])
        }
        if !isNamed { wrong.append("\(name) \(key) was never there") }
      }
    }
    return wrong
  }

  private static func load(_ path: String) -> Database? {
    do throws(StoreError) {
      let (database, file) = try openStore(path, true, Budget())
      defer { file.close() }
      try database.loadAll()
      return database
    } catch {
      return nil
    }
  }

  /// Whether a database is this one.
  func isEqual(_ other: Database) -> Bool {
    guard other.catalog.entities == database.catalog.entities,
      DamageTable.all(of: other) == values
    else { return false }
    return database.catalog.entities.indices.allSatisfy { index in
      database.table(EntityID(index)).nextKey == other.table(EntityID(index)).nextKey
    }
  }
}

/// The values of a table in words.
struct DamageTable: Equatable {
  /// By key, then by field: the type's name and the value.
  var rows: [String: [String: String]] = [:]
  /// The row number of each key in a file to which nothing was done.
  var numbers: [String: Int64] = [:]

  static func all(of database: Database) -> [String: DamageTable] {
    var tables: [String: DamageTable] = [:]
    for (index, entity) in database.catalog.entities.enumerated() {
      let table = database.table(EntityID(index))
      var result = DamageTable()
      for row in 0..<table.rowCount where !table.isDead(row) {
        let key = word(table.column(entity.key)[row])
        var fields: [String: String] = [:]
        for (place, field) in entity.fields.enumerated() where !field.isComputed {
          let value = table.column(FieldID(place))[row]
          fields[field.name] = "\(field.type.name) \(word(value, field.type, database))"
        }
        result.rows[key] = fields
        result.numbers[key] = Int64(row + 1)
      }
      tables[entity.name] = result
    }
    return tables
  }

  private static func word(_ value: Scalar) -> String {
    switch value {
    case .text(let text): "'\(text)'"
    case .word(let word): "\(word)"
    case .real(let real): "\(real)"
    case .unknown: "unknown"
    }
  }

  private static func word(
    _ value: Scalar, _ type: ValueType, _ database: Database
  ) -> String {
    guard case .word(let number) = value else { return word(value) }
    switch type {
    case .reference(let target):
      return word(database.table(target).column(database.catalog[target].key)[Int(number)])
    case .choice(let list): return list.names[Int(number)]
    default: return word(value)
    }
  }

  /// Rows that are lost or changed in another table and that no finding names.
  func differences(
    to other: DamageTable, _ findings: [StoreReport.Finding], isMadeAnew: Bool
  ) -> [String] {
    var wrong: [String] = []
    for (key, fields) in rows {
      func isNamed(_ codes: Set<StoreReport.Code>) -> Bool {
        findings.contains { $0.holds(key, numbers[key], in: codes) }
      }
      guard let found = other.rows[key] else {
        if !isNamed([.unreadableRows, .badKey, .changedRows, .missingTable]) {
          wrong.append("\(key) is lost and not named")
        }
        continue
      }
      for (field, value) in fields where found[field] != value {
        let type = value.prefix { $0 != " " }
        if isMadeAnew, found[field]?.hasPrefix(type) != true { continue }
        if isNamed([.changedRows, .unprovedRows, .pages]) { continue }
        let isEmptied = found[field]?.hasSuffix("unknown") == true
        if isEmptied, isNamed([.badValue, .dangling, .missingColumn]) { continue }
        wrong.append("\(key) has \(found[field] ?? "no") \(field) for \(value), and is not named")
      }
    }
    return wrong
  }
}

extension StoreReport.Finding {
  /// Whether it is one of these and about the row with this key, or this number.
  func holds(_ key: String, _ number: Int64?, in codes: Set<StoreReport.Code>) -> Bool {
    guard codes.contains(code) else { return false }
    guard var keys else { return true }
    var number = Int64(key) ?? number
    let isOfNumbers = keys.hasPrefix("row numbers ")
    if isOfNumbers {
      keys.removeFirst("row numbers ".count)
    } else if key.hasPrefix("'") {
      number = nil
    }
    if key.hasPrefix("'"), case let ends = keys.split(separator: " to "), ends.count == 2 {
      return !key.utf8.lexicographicallyPrecedes(ends[0].utf8)
        && !ends[1].utf8.lexicographicallyPrecedes(key.utf8)
    }
    return keys.split(separator: ", ").contains { part in
      if part == key || part == "all" { return true }
      guard let number else { return false }
      let bounds = part.split(separator: " ").compactMap { Int64($0) }
      if part.hasPrefix("up to"), let last = bounds.first { return number <= last }
      if part.hasSuffix("on"), let first = bounds.first { return number >= first }
      guard let first = bounds.first, let last = bounds.last else { return false }
      return first <= number && number <= last
    }
  }
}

/// Whole files, and statements of another program.
enum DamageFile {
  static func read(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&part, 1, part.count, file), count > 0 { bytes += part[..<count] }
    return bytes
  }

  static func write(_ bytes: [UInt8], _ path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  /// Runs statements on a file as another program would; whether that could be done.
  static func run(_ path: String, _ text: String) -> Bool {
    var connection: OpaquePointer?
    defer { sqlite3_close_v2(connection) }
    guard sqlite3_open(path, &connection) == SQLITE_OK else { return false }
    return sqlite3_exec(connection, text, nil, nil, nil) == SQLITE_OK
  }
}
