import CSQLite
import Glibc
import Store

/// Writes an answer into a SQLite file with one STRICT table: amounts and numbers as REAL, dates and
/// times as ISO text, flags as 0 or 1, choices as their names, references as their keys.
///
/// The file appears, whole, when it is finished. Appending copies the old file first and adds to the
/// copy: to the table of that name if it has the same columns, else as a new table.
final class SQLiteWriter: RecordWriter {
  private let path: String
  private let sink: FileSink
  private let copy: String
  private let isAppending: Bool
  private var connection: SQLiteConnection?
  private var insert: SQLiteStatement?
  private var columns: [OutputColumn] = []
  private let scratch = ByteStore()

  /// Makes the new file under its temporary name; to append, with the old content.
  init(_ path: String, isReplacing: Bool, isAppending: Bool) throws(StoreError) {
    self.path = path
    let old = try Self.existing(path, isReplacing: isReplacing, isAppending: isAppending)
    self.isAppending = isAppending && old != nil
    sink = try FileSink(path: path, isReplacing: isReplacing || isAppending)
    guard let temporary = sink.temporary else {
      throw .file(FileRefusal.device.problem(path))
    }
    copy = temporary
    guard self.isAppending, let old else { return }
    try sink.write(old.view)
    try old.checkUnchanged()
  }

  deinit {
    insert = nil
    connection = nil
    for ending in ["-journal", "-wal", "-shm"] { unlink(copy + ending) }
  }

  func begin(_ columns: [OutputColumn]) throws(StoreError) { try begin(columns, of: "result") }

  func begin(_ columns: [OutputColumn], of name: String) throws(StoreError) {
    self.columns = columns
    let table = SchemaTable(columns, named: name)
    do throws(SQLiteFailure) {
      let connection = try SQLiteConnection(
        uri: SQLiteConnection.uri(copy, ["mode=rw"]), flags: SQLITE_OPEN_READWRITE)
      self.connection = connection
      try connection.execute("PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY")
      if !isAppending { try connection.execute("PRAGMA journal_mode = OFF") }
      let names = table.fields.compactMap(\.column)
      let found = isAppending ? try connection.storedColumns(of: name) : []
      if found.isEmpty {
        try connection.execute(SchemaWriter.statement(table))
      } else if !Self.isSame(found, table) {
        throw SQLiteFailure(code: SQLITE_MISMATCH, message: Self.list(found))
      }
      try connection.execute("BEGIN")
      insert = try connection.prepare(
        "INSERT INTO main.\(SQLText.quoted(name)) ("
          + names.map(SQLText.quoted).joined(separator: ", ") + ") VALUES ("
          + names.map { _ in "?" }.joined(separator: ", ") + ")")
    } catch {
      if error.code == SQLITE_MISMATCH {
        throw .file(
          FileRefusal.otherColumns(
            found: error.message,
            wanted: Self.list(table.fields.map { ($0.name, $0.type.storage) })
          ).problem(path))
      }
      throw refusal(error)
    }
  }

  func write(_ batch: OutputBatch) throws(StoreError) {
    guard let insert else { preconditionFailure("begin comes before write") }
    try Cancellation.check()
    try withViews(of: batch, columns) { views throws(StoreError) in
      for row in 0..<batch.count {
        scratch.removeAll()
        try scratch.reserve(views.count * ValuePen.byteCountMax)
        for (column, view) in views.enumerated() {
          try bind(view, column, row, to: insert)
        }
        do throws(SQLiteFailure) {
          _ = try insert.step()
        } catch {
          throw refusal(error)
        }
        insert.reset()
      }
    }
  }

  func finish() throws(StoreError) {
    do throws(SQLiteFailure) {
      insert = nil
      try connection?.execute("COMMIT")
      connection = nil
    } catch {
      throw refusal(error)
    }
    try sink.finish()
  }

  private func bind(
    _ view: ColumnView, _ column: Int, _ row: Int, to insert: SQLiteStatement
  ) throws(StoreError) {
    let parameter = Int32(column + 1)
    guard view.known[row] != 0 else { return insert.bindNull(parameter) }
    switch view.form {
    case .integer, .flag: insert.bind(parameter, integer: view.word(row))
    case .money: insert.bind(parameter, real: Double(view.word(row)) / 100)
    case .number:
      let number = view.real(row)
      if number.isFinite {
        insert.bind(parameter, real: number)
      } else {
        insert.bindNull(parameter)
      }
    case .text: insert.bind(parameter, text: view.bytes, view.range(row))
    case .choice:
      guard case .choice(let list) = columns[column].type,
        list.names.indices.contains(Int(view.word(row)))
      else { return insert.bindNull(parameter) }
      insert.bind(parameter, string: list.names[Int(view.word(row))])
    case .date, .time:
      // The scratch has room for all of a row, so that what was put stays where it is.
      let start = scratch.count
      let word = view.word(row)
      if view.form == .date {
        try scratch.append { $0.put(date: word) }
      } else {
        try scratch.append { $0.put(time: word) }
      }
      insert.bind(parameter, text: scratch.view, start..<scratch.count)
    }
  }

  // MARK: the file that is there

  /// The file that would be replaced or added to, when there is one.
  ///
  /// - Throws: When it may not be: a data file of rapport, one that another program has open, or, to
  ///   be added to, no database.
  private static func existing(
    _ path: String, isReplacing: Bool, isAppending: Bool
  ) throws(StoreError) -> FileBytes? {
    var status = stat()
    guard isReplacing || isAppending, stat(path, &status) == 0,
      status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
    else { return nil }
    let bytes = try FileBytes(path: path, budget: nil)
    guard SQLiteFile.isDatabase(bytes.view) else {
      if isReplacing { return nil }
      throw .file(FileRefusal.notDatabase.problem(path))
    }
    if SQLiteFile.isOurs(bytes.view) { throw .file(FileRefusal.dataFile.problem(path)) }
    for ending in ["-wal", "-journal"]
    where stat(path + ending, &status) == 0 && status.st_size > 0 {
      throw .file(FileRefusal.inUse.problem(path))
    }
    return bytes
  }

  private static func isSame(
    _ found: [(name: String, type: String)], _ table: SchemaTable
  ) -> Bool {
    let wanted = table.fields.map { ($0.column ?? "", $0.type.storage) }
    return found.count == wanted.count
      && zip(found, wanted).allSatisfy {
        $0.name.utf8.elementsEqual($1.0.utf8) && $0.type.utf8.elementsEqual($1.1.utf8)
      }
  }

  private static func list(_ columns: [(name: String, type: String)]) -> String {
    columns.prefix(20).map { "\(CellRefusal.quoted($0.name)) \($0.type)" }
      .joined(separator: ", ") + (columns.count > 20 ? ", …" : "")
  }

  private func refusal(_ failure: SQLiteFailure) -> StoreError {
    switch failure.plainCode {
    case SQLITE_INTERRUPT: return .interrupted
    case SQLITE_FULL: return .file(FileRefusal.cannotWrite(ENOSPC).problem(path))
    case SQLITE_IOERR: return .file(FileRefusal.cannotWrite(EIO).problem(path))
    case SQLITE_CONSTRAINT, SQLITE_READONLY, SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR:
      return .file(FileRefusal.notAppendable(failure.message).problem(path))
    default:
      return .file(FileRefusal.sqlite(failure.message).problem(path))
    }
  }
}

extension SQLiteConnection {
  /// The columns of a table that rows may be put into, with their declared types; none when there
  /// is no such table.
  fileprivate func storedColumns(
    of table: String
  ) throws(SQLiteFailure) -> [(name: String, type: String)] {
    let statement = try prepare(
      "SELECT name, type FROM pragma_table_xinfo(?1, 'main') WHERE hidden = 0 ORDER BY cid")
    statement.bind(1, string: table)
    var columns: [(name: String, type: String)] = []
    while try statement.step() {
      columns.append((statement.string(0) ?? "", statement.string(1) ?? ""))
    }
    return columns
  }
}

extension SchemaTable {
  /// The table of an answer: references are columns of their keys.
  fileprivate init(_ columns: [OutputColumn], named name: String) {
    self.name = name
    singular = name
    var used: Set<[UInt8]> = []
    fields = columns.map { column in
      var unique = column.name
      var number = 2
      while !used.insert(Array(Folding.fold(unique).utf8)).inserted {
        unique = "\(column.name)_\(number)"
        number += 1
      }
      return SchemaField(
        name: unique, column: unique,
        type: SchemaType(column.type, keyType: column.keyType))
    }
  }
}

extension SchemaType {
  /// The type of an answer's column.
  fileprivate init(_ type: ValueType, keyType: ValueType?) {
    switch type {
    case .reference: self = keyType == .text ? .text : .integer
    default: self = SchemaType(type, of: Catalog([]))
    }
  }
}
