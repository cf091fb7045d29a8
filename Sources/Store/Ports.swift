// The four ways in which what lies outside reaches the engine.

/// Loads a table's columns at first use. The snapshot file implements it; a store in memory has none.
package protocol TableSource: AnyObject {
  /// Fills the empty `table` with the records of its entity.
  func load(_ table: Table, definition: Entity) throws(StoreError)
}

/// Makes a change durable, all or nothing. A store in memory has none.
package protocol Journal: AnyObject {
  /// Returns when the change is safe on disk.
  func commit(_ change: ChangeSet) throws(StoreError)
}

/// What one changing statement does: journal, indexes and undo all follow it.
package struct ChangeSet: Sendable {
  /// Rows appended to one entity's table.
  package struct Insertion: Sendable {
    /// The entity.
    package var entity: EntityID
    /// The new rows' numbers.
    package var rows: Range<Int>

    /// Makes an insertion.
    package init(entity: EntityID, rows: Range<Int>) {
      self.entity = entity
      self.rows = rows
    }
  }

  /// Entities added.
  package var newEntities: [EntityID]
  /// Entities whose definition changed: fields or types added.
  package var changedDefinitions: [EntityID]
  /// Rows appended.
  package var insertions: [Insertion]

  /// Makes an empty change.
  package init() {
    newEntities = []
    changedDefinitions = []
    insertions = []
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

  /// Makes a batch.
  package init(
    vectors: [Vector], lines: [Int], problems: [(offset: Int, problem: CellProblem)] = []
  ) {
    self.vectors = vectors
    self.lines = lines
    self.problems = problems
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

  /// Writes one batch.
  func write(_ batch: OutputBatch) throws(StoreError)

  /// Writes what comes after the rows and makes the file durable; without it nothing is left behind.
  func finish() throws(StoreError)
}

/// A column of an answer.
package struct OutputColumn: Hashable, Sendable {
  /// How a value is shown on a terminal.
  package enum Display: Hashable, Sendable {
    case plain, percent
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
  case csv, tsv, json, jsonl, markdown
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

  /// Makes the ports.
  package init(
    openReader:
      @escaping @Sendable (_ path: String, ReadOptions) throws(StoreError) -> any RecordReader,
    openWriter:
      @escaping @Sendable (_ path: String, FileFormat, _ isReplacing: Bool, _ isAppending: Bool)
      throws(StoreError) -> any RecordWriter
  ) {
    self.openReader = openReader
    self.openWriter = openWriter
  }
}
