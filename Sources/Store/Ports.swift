// The four ways in which what lies outside reaches the engine.

/// Loads a table's records at first use. The snapshot file implements it; a store in memory has none.
package protocol TableSource: AnyObject {
  /// Fills the empty tables of these entities in `database` with their records, or puts tables there
  /// whose columns are read when they are asked for.
  ///
  /// Whatever they refer to is among them or was loaded before; targets come first, but where
  /// references run in a circle.
  /// - Throws: `store` for a file that is damaged or cannot be read, `changedElsewhere` when another
  ///   program changed it since it was opened, `memoryLimit`, `interrupted`.
  func load(_ entities: [EntityID], into database: Database) throws(StoreError)

  /// How many records the entity has, without loading them.
  func recordCount(of entity: EntityID) throws(StoreError) -> Int
}

/// Makes a change durable, all or nothing. A store in memory has none.
package protocol Journal: AnyObject {
  /// Makes durable what `change` says; `database` holds the state after it. Returns when it is safe.
  ///
  /// - Throws: `changedElsewhere` when another program changed the file since it was loaded; `store`
  ///   when it cannot be written, is busy or damaged. Then the file is as before.
  func commit(_ change: ChangeSet, of database: Database) throws(StoreError)
}

/// A data file that a session has open.
package protocol StoreFile: TableSource, Journal {
  /// The path as the user gave it.
  var path: String { get }
  /// Whether every change is refused.
  var isReadOnly: Bool { get }
  /// How long work reports its progress: rows done, rows in all.
  var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? { get set }

  /// What the tables and columns are called in the file: one an entity in catalog order, nil for a
  /// computed field.
  var tableNames: [(table: String, columns: [String?])] { get }

  /// Whether another program has changed the file since it was opened, refreshed or last committed.
  func isChangedElsewhere() throws(StoreError) -> Bool

  /// Brings the loaded tables of `database` to the state of the file, row by row.
  ///
  /// - Returns: False when that cannot be done in place, as after a change of definitions: then the
  ///   caller opens the file anew.
  func refresh(_ database: Database) throws(StoreError) -> Bool

  /// Puts the file in its best form: the log is folded in, void row sums are made anew, columns are
  /// kept beside the rows so that the next opening need not read these.
  func save(_ database: Database) throws(StoreError)

  /// Writes a copy of the file, complete or not at all.
  ///
  /// - Throws: `store` with `file-exists` when there is one and `isReplacing` is false.
  func backup(to path: String, isReplacing: Bool) throws(StoreError)

  /// Keeps the columns of loaded tables beside their rows for the next opening, if this session has
  /// changed the file and it pays off: comes on a clean exit. What fails is left undone.
  func tidy(_ database: Database)

  /// Gives the file back. No call follows.
  func close()
}

/// How the outside opens data files for the engine: `main.swift` hands Snapshot's functions over.
package struct StorePorts: Sendable {
  /// Opens a data file. Its tables load at first use.
  ///
  /// - Throws: `store` with a reason: not there, not ours, damaged, of a newer version, a folder …
  package var open:
    @Sendable (_ path: String, _ isReadOnly: Bool, Budget) throws(StoreError)
      -> (database: Database, file: any StoreFile)
  /// Writes all of a database to a new data file, complete or not at all, and opens that. The
  /// database has to be loaded wholly.
  package var create:
    @Sendable (
      _ path: String, Database, _ isReplacing: Bool,
      _ progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
    ) throws(StoreError) -> any StoreFile
  /// Refuses a path that nothing may be written to.
  package var permit: @Sendable (_ path: String) throws(StoreError) -> Void

  /// Makes the ports.
  package init(
    open:
      @escaping @Sendable (_ path: String, _ isReadOnly: Bool, Budget) throws(StoreError)
      -> (database: Database, file: any StoreFile),
    create:
      @escaping @Sendable (
        _ path: String, Database, _ isReplacing: Bool,
        _ progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
      ) throws(StoreError) -> any StoreFile,
    permit: @escaping @Sendable (_ path: String) throws(StoreError) -> Void = { _ in }
  ) {
    self.open = open
    self.create = create
    self.permit = permit
  }
}

/// Gives typed rows of a file. The whole file is judged by `columns()` before any row is given.
package protocol RecordReader: AnyObject {
  /// The file's columns, with what every one of their cells could be read as.
  func columns() throws(StoreError) -> [SourceColumn]

  /// The records' count, header not included. Valid after `columns()`.
  var recordCount: Int { get }

  /// Starts reading the records with these types; one request per wanted column.
  func start(_ requests: [ColumnRequest]) throws(StoreError)

  /// The next records, at most 65,536, or nil at the end. Vectors stand in the order of the requests.
  func next() throws(StoreError) -> RecordBatch?

  /// A record of the last batch as it stands in the file, for the file of rejected rows.
  func source(of offset: Int) -> String
}

/// A column of a file, after all its cells were seen.
package struct SourceColumn: Sendable {
  /// The header as it stands in the file.
  package var header: String
  /// The header as a field's name: snake_case, unique in the file.
  package var fieldName: String
  /// The narrowest type that every known cell reads as; `.choice` and `.reference` are never guessed.
  package var type: ValueType
  /// Further types every known cell reads as (`.text` always is one).
  package var alsoReadsAs: Set<ValueType>
  /// Known cells.
  package var knownCount: Int
  /// Cells that were one of `NULL`, `N/A`, `-` and are unknown if the type is not text.
  package var unknownMarkCount: Int
  /// Set when the cells read two ways and nothing says which: both readings, in words.
  package var ambiguity: CellProblem?
  /// Currency sign found, if any.
  package var currencySign: String?
  /// The zone written behind every time that has one (`Z`, `+02:00`); the wall clock is kept and the
  /// zone dropped, which a note must say.
  package var zone: String?
  /// Why no field can take the column, if none can.
  package var leftOut: LeftOutReason?

  /// Makes a column.
  package init(
    header: String, fieldName: String, type: ValueType, alsoReadsAs: Set<ValueType>,
    knownCount: Int, unknownMarkCount: Int = 0, ambiguity: CellProblem? = nil,
    currencySign: String? = nil, zone: String? = nil
  ) {
    self.header = header
    self.fieldName = fieldName
    self.type = type
    self.alsoReadsAs = alsoReadsAs
    self.knownCount = knownCount
    self.unknownMarkCount = unknownMarkCount
    self.ambiguity = ambiguity
    self.currencySign = currencySign
    self.zone = zone
  }
}

/// Why something in a file is not brought into the store.
package enum LeftOutReason: Hashable, Sendable {
  /// Every value of the column is an object or an array; or bytes that are no text.
  case nested, binary
  /// A view, a virtual table, or one in which a virtual table keeps its content.
  case view, virtualTable, shadowTable
  /// What rapport keeps in its own files beside the records.
  case bookkeeping
  /// It is computed by what cannot be run here: what SQLite says.
  case notComputable(String)
  /// It refers to no table that was brought, or by values of another kind.
  case noTarget(String)
}

/// Several tables in one place: those of a SQLite file, or of a folder of CSV files with a
/// `schema.sql`, as `export all` writes it.
package protocol TableCollection: AnyObject {
  /// The tables, in the order of the file.
  var tables: [SourceTable] { get }
  /// What is there beside them and cannot be brought.
  var leftOut: [(name: String, reason: LeftOutReason)] { get }
  /// The entities, one a table in the same order, when the collection says exactly what they are; a
  /// reader's columns are then their stored fields in order, references as keys. Nil when the tables
  /// have to be judged.
  var catalog: Catalog? { get }

  /// Opens a table for reading; one is read at a time.
  func openReader(of table: Int) throws(StoreError) -> any RecordReader

  /// Refuses a collection that another program changed since it was opened, where nothing holds it
  /// off: called when all has been read.
  func checkUnchanged() throws(StoreError)
}

/// Writes a whole store into a folder: a file an entity, and what the entities are.
package protocol CollectionWriter: AnyObject {
  /// Writes what the entities are. Comes first.
  func begin(_ catalog: Catalog) throws(StoreError)

  /// Opens the file of an entity. It takes the stored fields in catalog order, references as keys.
  func openWriter(of entity: EntityID) throws(StoreError) -> any RecordWriter

  /// Makes all durable and puts the folder in its place; without it nothing is left behind.
  func finish() throws(StoreError)
}

/// A table of a collection. Columns are positions in its reader's `columns()`.
package struct SourceTable: Sendable {
  /// The name as it stands in the file.
  package var name: String
  /// The name as an entity's: snake_case, unique in the collection.
  package var entityName: String
  /// The columns of the declared primary key; none when there is none.
  package var key: [Int]
  /// The declared foreign keys.
  package var foreignKeys: [SourceForeignKey]
  /// Records, when that is known without reading.
  package var recordCount: Int
  /// Columns that cannot be brought.
  package var leftOut: [(name: String, reason: LeftOutReason)]

  /// Makes a table.
  package init(
    name: String, entityName: String, key: [Int] = [], foreignKeys: [SourceForeignKey] = [],
    recordCount: Int = 0,
    leftOut: [(name: String, reason: LeftOutReason)] = []
  ) {
    self.name = name
    self.entityName = entityName
    self.key = key
    self.foreignKeys = foreignKeys
    self.recordCount = recordCount
    self.leftOut = leftOut
  }
}

/// A foreign key: the values of these columns are those of a record of another table, or its own.
package struct SourceForeignKey: Hashable, Sendable {
  /// The columns here.
  package var columns: [Int]
  /// The columns there that they equal, pair by pair.
  package var targetColumns: [Int]
  /// The other table's position in the collection; nil when it is not there.
  package var target: Int?
  /// Its name as the file gives it.
  package var targetName: String

  /// Makes a foreign key.
  package init(columns: [Int], targetColumns: [Int], target: Int?, targetName: String) {
    self.columns = columns
    self.targetColumns = targetColumns
    self.target = target
    self.targetName = targetName
  }
}

/// How a column of a file is to be read.
package struct ColumnRequest: Sendable {
  /// Position in `columns()`.
  package var source: Int
  /// What its cells become. A reference is asked for as its key's type, integer or text.
  package var type: ValueType
  /// Spellings in the file, exactly, and the choice code each means; tried before the choice's names,
  /// which match ignoring case, space, hyphen and underscore.
  package var choiceSpellings: [String: UInt8]

  /// Makes a request.
  package init(source: Int, type: ValueType, choiceSpellings: [String: UInt8] = [:]) {
    self.source = source
    self.type = type
    self.choiceSpellings = choiceSpellings
  }
}

/// Some records of a file, typed.
package struct RecordBatch: Sendable {
  /// One vector per request, all of the same count.
  package var vectors: [Vector]
  /// The line on which each record begins, counted from 1.
  package var lines: [Int]
  /// Cells that could not be read; their value in `vectors` is unknown.
  package var problems: [(offset: Int, problem: CellProblem)]
  /// The column of its line at which each record begins, where a line may hold many records (JSON);
  /// else empty.
  package var recordColumns: [Int]

  /// Makes a batch.
  package init(
    vectors: [Vector], lines: [Int], problems: [(offset: Int, problem: CellProblem)] = [],
    recordColumns: [Int] = []
  ) {
    self.vectors = vectors
    self.lines = lines
    self.problems = problems
    self.recordColumns = recordColumns
  }
}

/// How a file is opened for reading.
package struct ReadOptions: Sendable {
  /// How `01/02/2024` reads, when said.
  package var isDayFirst: Bool?
  /// Whether a comma is the decimal mark, when said.
  package var isDecimalComma: Bool?
  /// Further marks of an unknown value.
  package var unknownMarks: [String]
  /// The encoding's name, when said.
  package var encoding: String?
  /// Called with the bytes read and the bytes in all, at least once per MiB.
  package var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Asked before a file that cannot be mapped is read into memory, if given.
  package var budget: Budget?

  /// Makes options that say nothing.
  package init() { unknownMarks = [] }
}

/// Takes the batches of an answer and writes them to a file or a stream.
package protocol RecordWriter: AnyObject {
  /// Writes what comes before the rows.
  func begin(_ columns: [OutputColumn]) throws(StoreError)

  /// Writes what comes before the rows, which are records of the entity `name` or a `result`: the
  /// name of a table, or a title.
  func begin(_ columns: [OutputColumn], of name: String) throws(StoreError)

  /// Writes one batch.
  func write(_ batch: OutputBatch) throws(StoreError)

  /// Writes what comes after the rows and makes the file durable; without it nothing is left behind.
  func finish() throws(StoreError)
}

extension RecordWriter {
  /// Begins as any file does, for a format that has no place for the name.
  package func begin(_ columns: [OutputColumn], of name: String) throws(StoreError) {
    try begin(columns)
  }
}

/// A column of an answer.
package struct OutputColumn: Hashable, Sendable {
  /// How a value is shown on a terminal.
  package enum Display: Hashable, Sendable {
    case plain, percent
    /// An integer of which each digit says something by itself.
    case code
  }

  /// The column's name.
  package var name: String
  /// The type of its values. A reference's batch values are keys, not rows.
  package var type: ValueType
  /// For a reference, the type of the keys: `.integer` or `.text`.
  package var keyType: ValueType?
  /// How a value is shown on a terminal.
  package var display: Display
  /// Whether a terminal groups its digits, `12,400`: not those of keys and of calendar years.
  package var isGrouped = true
  /// Whether it gives way first where a terminal has no room for all.
  package var isDetail = false
  /// What its texts, or the labels of its references, say of persons; nil where they say nothing.
  package var personal: PersonalText?

  /// Makes a column.
  package init(
    name: String, type: ValueType, keyType: ValueType? = nil, display: Display = .plain
  ) {
    self.name = name
    self.type = type
    self.keyType = keyType
    self.display = display
  }
}

/// Some rows of an answer.
package struct OutputBatch: Sendable {
  /// One vector a column. For a reference: the key, integer or text.
  package var vectors: [Vector]
  /// One a column; for a reference with a label field: the label (`Ana Ruiz`).
  package var labels: [Vector?]
  /// Rows in the batch.
  package var count: Int

  /// Makes a batch.
  package init(vectors: [Vector], labels: [Vector?], count: Int) {
    self.vectors = vectors
    self.labels = labels
    self.count = count
  }
}

/// The file formats written by name of their ending.
package enum FileFormat: String, CaseIterable, Sendable {
  case csv, tsv, json, jsonl, markdown, html
  /// A SQLite file with one table.
  case db
}

/// How the outside opens files for the engine: `main.swift` hands Interchange's functions over.
package struct FilePorts: Sendable {
  /// Opens a file of records by its ending and content.
  package var openReader:
    @Sendable (_ path: String, ReadOptions) throws(StoreError) -> any RecordReader
  /// Opens a file for writing. `isAppending` adds to an existing file of the same columns;
  /// `isReplacing` allows one to exist. Written through a temporary file and renamed at `finish`.
  package var openWriter:
    @Sendable (_ path: String, FileFormat, _ isReplacing: Bool, _ isAppending: Bool)
      throws(StoreError) -> any RecordWriter
  /// Opens the tables of a SQLite file or of a folder.
  package var openCollection:
    @Sendable (_ path: String, ReadOptions) throws(StoreError) -> any TableCollection
  /// Opens a folder to write a store into. `isReplacing` allows one to exist that holds such a store
  /// and nothing else.
  package var createCollection:
    @Sendable (_ path: String, _ isReplacing: Bool) throws(StoreError) -> any CollectionWriter

  /// Makes the ports.
  package init(
    openReader:
      @escaping @Sendable (_ path: String, ReadOptions) throws(StoreError) -> any RecordReader,
    openWriter:
      @escaping @Sendable (_ path: String, FileFormat, _ isReplacing: Bool, _ isAppending: Bool)
      throws(StoreError) -> any RecordWriter,
    openCollection:
      @escaping @Sendable (_ path: String, ReadOptions) throws(StoreError) -> any TableCollection =
      { path, _ throws(StoreError) in throw Self.noCollections(path) },
    createCollection:
      @escaping @Sendable (_ path: String, _ isReplacing: Bool) throws(StoreError)
      -> any CollectionWriter = { path, _ throws(StoreError) in throw Self.noCollections(path) }
  ) {
    self.openReader = openReader
    self.openWriter = openWriter
    self.openCollection = openCollection
    self.createCollection = createCollection
  }

  private static func noCollections(_ path: String) -> StoreError {
    .file(
      FileProblem(
        code: "file-not-readable", path: path, message: "'\(path)' cannot be opened here"))
  }
}
