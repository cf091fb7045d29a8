import Engine
import Interchange
import SampleData
import Snapshot
import Store
import Syntax
import TestSupport
import Testing

/// A data file, a session over it and SQLite over it.
struct Peer {
  let catalog: Catalog
  /// Texts that occur, by `entity.field`.
  private(set) var samples: [String: [String]] = [:]
  private let folder: TemporaryFolder
  private let session: Session
  private let database: Database
  private let sqlite: SQLiteFile
  let path: String

  /// Values made unknown or equal, so that both occur everywhere.
  private static let perturbations = """
    UPDATE customers SET value = 500 WHERE id % 6 = 0;
    UPDATE customers SET value = NULL WHERE id % 11 = 0;
    UPDATE customers SET region = NULL, satisfaction = NULL WHERE id % 9 = 0;
    UPDATE customers SET joined = NULL WHERE id % 17 = 0;
    UPDATE customers SET owner_id = NULL, stage = NULL WHERE id % 23 = 0;
    UPDATE customers SET name = upper(name) WHERE id % 5 = 0;
    UPDATE customers SET city = 'ÅRHUS' WHERE id % 13 = 0;
    UPDATE customers SET contactable = NULL WHERE id % 4 = 0;
    UPDATE customers SET name = 'o''Neil "50%_off*"' WHERE id = 7;
    UPDATE orders SET date = NULL WHERE id % 31 = 0;
    UPDATE orders SET amount = 50 WHERE id % 5 = 0;
    UPDATE orders SET amount = NULL, status = NULL WHERE id % 19 = 0;
    UPDATE orders SET product_id = NULL WHERE id % 8 = 0;
    UPDATE complaints SET severity = NULL WHERE id % 5 = 0;
    UPDATE complaints SET customer_id = NULL WHERE id % 14 = 0;
    UPDATE interactions SET at = NULL WHERE id % 37 = 0;
    UPDATE invoices SET paid = NULL WHERE id % 9 = 0;
    UPDATE invoices SET due = NULL WHERE id % 27 = 0;
    UPDATE employees SET since = NULL WHERE id % 4 = 0;
    """

  /// Makes a data file with such values in it.
  ///
  /// - Parameter changes: Further statements of SQL that change it.
  init(changes: String = "") throws {
    folder = try #require(TemporaryFolder())
    path = folder.path + "/peer.rapport"
    let sample = Database(catalog: .builtIn, budget: Budget())
    try SampleData.fill(sample, customerCount: 130)
    try createStore(path, sample, false, nil).close()
    sqlite = try #require(SQLiteFile(path))
    try #require(sqlite.run(Self.perturbations + changes), "\(sqlite.message)")
    let (database, file) = try openStore(path, true, Budget())
    try database.loadAll()
    file.close()
    self.database = database
    catalog = database.catalog
    session = Session(
      database: database, files: interchangePorts, clock: .fixed(SampleData.lastDay))
    for (number, entity) in catalog.entities.enumerated() {
      for field in entity.fields where !field.isComputed {
        if field.type == .text {
          let rows = sqlite.rows(
            "select distinct \"\(field.name)\" from \(entity.name) where \"\(field.name)\" <> '' "
              + "order by 1 limit 40")
          samples["\(entity.name).\(field.name)"] = rows ?? []
        }
        if case .reference = field.type {
          let index = "create index i\(number)_\(field.name) on \(entity.name)(\(field.name)_id)"
          try #require(sqlite.run(index), "\(sqlite.message)")
        }
      }
    }
  }

  // MARK: one query

  enum Outcome {
    case same
    /// rapport does not take it.
    case refused(String)
    case differs(String)
  }

  /// Whether SQLite gives the same answer.
  ///
  /// - Parameter showsEveryField: As for a file; the long form of what a file gets wide is compared
  ///   without.
  func outcome(of text: String, showsEveryField: Bool = true) -> Outcome {
    let mine: (names: [String], types: [ValueType], rows: [[Scalar]])
    let sql: String
    do {
      mine = try answer(text, showsEveryField: showsEveryField)
      sql = try session.run("sql " + text, showsEveryField: showsEveryField).text ?? ""
    } catch let failure as Failure {
      return .refused(failure.diagnostics.map { "\($0.code): \($0.message)" }.joined())
    } catch {
      return .refused("\(error)")
    }
    guard let theirs = sqlite.cells(sql) else { return .differs(sqlite.message) }
    if mine.names != theirs.names { return .differs("\(mine.names) and \(theirs.names)") }
    guard mine.rows.count == theirs.rows.count else {
      return .differs("\(mine.rows.count) rows here, \(theirs.rows.count) there")
    }
    for (number, pair) in zip(mine.rows, theirs.rows).enumerated() {
      for (column, cell) in pair.1.enumerated()
      where !Self.isSame(pair.0[column], mine.types[column], cell) {
        return .differs(
          "row \(number), \(mine.names[column]): \(pair.0[column]) here, \(cell) there\n"
            + "\(pair.0)\n\(pair.1)")
      }
    }
    return .same
  }

  /// The names, types and rows that rapport gives.
  func answer(
    _ text: String, showsEveryField: Bool = true
  ) throws -> (names: [String], types: [ValueType], rows: [[Scalar]]) {
    let answer = try session.run(text, showsEveryField: showsEveryField)
    let section = try #require(answer.sections.first)
    var rows: [[Scalar]] = []
    while let batch = try section.cursor.next() {
      rows += (0..<batch.count).map { row in batch.vectors.map { $0[row] } }
    }
    return (section.columns.map(\.name), section.columns.map(\.type), rows)
  }

  /// The one number of a `count` or `calc`.
  func count(_ text: String) throws -> Int64? {
    guard case .word(let count)? = try answer(text).rows.first?.first else { return nil }
    return count
  }

  /// The rows without any choice of an index: every row is looked at.
  func scanned(_ text: String) throws -> [[Scalar]] {
    let binder = Binder(catalog: catalog, today: SampleData.lastDay)
    guard case .find(let query) = try Parser.parse(text).kind else { return [] }
    let bound = try binder.bind(query)
    let plan = try Planner(database: database).plan(bound)
    let cursor = try Executor(database: database, today: SampleData.lastDay)
      .run(PlannedQuery(query: bound, plan: plan, rewrites: []))
    var rows: [[Scalar]] = []
    while let batch = try cursor.next() {
      rows += (0..<batch.count).map { row in batch.vectors.map { $0[row] } }
    }
    return rows
  }

  static func isSame(_ value: Scalar, _ type: ValueType, _ cell: SQLiteFile.Cell) -> Bool {
    switch (value, type, cell) {
    case (.unknown, _, .null): return true
    case (.word(let minor), .money, .real(let real)):
      return abs(real * 100 - Double(minor)) < 1e-4
    case (.word(let minor), .money, .integer(let whole)): return minor == whole * 100
    case (.word(let code), .choice(let list), .text(let name)):
      return list.names[Int(code)] == name
    case (.word, .date, .text(let text)), (.word, .time, .text(let text)):
      return CellText.string(value, type) == text
    case (.word(let word), _, .integer(let integer)): return word == integer
    case (.word(let word), _, .real(let real)): return Double(word) == real
    case (.real(let mine), _, .real(let real)):
      return abs(mine - real) <= 1e-9 * max(abs(mine), abs(real), 1)
    case (.real(let mine), _, .integer(let integer)): return mine == Double(integer)
    case (.text(let mine), _, .text(let text)):
      return mine.unicodeScalars.elementsEqual(text.unicodeScalars)
    default: return false
    }
  }

  // MARK: a failing query

  /// The query made smaller as long as it differs.
  func smallest(_ draft: Draft) -> Draft {
    var small = draft
    var stepCount = 0
    search: while stepCount < 400 {
      for candidate in small.smaller {
        stepCount += 1
        if case .differs = outcome(of: candidate.text) {
          small = candidate
          continue search
        }
      }
      break
    }
    return small
  }

  /// What differs, with the statement.
  func report(_ text: String, showsEveryField: Bool = true) -> String {
    let sql = (try? session.run("sql " + text, showsEveryField: showsEveryField).text) ?? nil
    guard case .differs(let words) = outcome(of: text, showsEveryField: showsEveryField) else {
      return text
    }
    return "\(words)\n\(text)\n\(sql ?? "")"
  }
}
