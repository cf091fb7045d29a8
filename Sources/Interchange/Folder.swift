import CSQLite
import Glibc
import Store

/// The names of the files that make a folder an export.
enum ExportFolder {
  static let schemaName = "schema.sql"

  /// The names of what lies in a folder; nil when it cannot be read.
  static func names(in path: String) -> [String]? { NearNames.entries(of: path) }

  /// Why a folder is not an export that may be replaced; nil when it is one.
  static func objection(to path: String) -> String? {
    guard let names = names(in: path) else { return "it cannot be read" }
    guard names.contains(schemaName) else { return "it has no \(schemaName)" }
    guard let bytes = try? FileBytes(path: path + "/" + schemaName, budget: nil),
      let schema = try? SchemaParser.parse(bytes.view.copy(0..<bytes.view.count))
    else { return "its \(schemaName) is not one that rapport wrote" }
    let known = Set(schema.tables.compactMap(\.file) + [schemaName])
    let others = names.filter { !known.contains($0) }.sorted()
    return others.first.map { "it holds \(CellRefusal.quoted($0)), which no export has" }
  }
}

/// Writes a store as a folder: one CSV file an entity, and a `schema.sql` that says what they are.
///
/// All is written into a folder of another name beside the target and put in its place when it is
/// finished; an old one is exchanged in one step. Without `finish` nothing is left behind.
final class FolderWriter: CollectionWriter {
  private let path: String
  private let target: String
  private let isReplacing: Bool
  private var temporary: String?
  private var schema = Schema()
  private var catalog = Catalog([])

  /// Makes the folder under its temporary name.
  init(_ path: String, isReplacing: Bool) throws(StoreError) {
    self.path = path
    self.isReplacing = isReplacing
    var trimmed = path
    while trimmed.utf8.count > 1, trimmed.utf8.last == 0x2F { trimmed.removeLast() }
    if let real = realpath(trimmed, nil) {
      trimmed = String(cString: real)
      free(real)
    }
    target = trimmed
    try checkTarget()
    for attempt in 0..<100 {
      let name = "\(FileSink.folder(of: target))/.rapport-\(getpid())-\(attempt).export"
      if mkdir(name, 0o777) == 0 {
        temporary = name
        return
      }
      if errno != EEXIST { break }
    }
    if errno == ENOENT || errno == ENOTDIR {
      throw .file(FileRefusal.noFolder(FileSink.folder(of: target)).problem(path))
    }
    throw .file(FileRefusal.cannotWrite(errno).problem(path))
  }

  deinit {
    if let temporary { Self.remove(temporary) }
  }

  func begin(_ catalog: Catalog) throws(StoreError) {
    self.catalog = catalog
    schema = Schema(catalog)
    let sink = try FileSink(path: file(ExportFolder.schemaName), isReplacing: false)
    let buffer = OutputBuffer(sink)
    try buffer.put(Array(SchemaWriter.text(schema).utf8))
    try buffer.finish()
  }

  func openWriter(of entity: EntityID) throws(StoreError) -> any RecordWriter {
    let table = schema.tables[entity.index]
    let sink = try FileSink(path: file(table.file ?? ""), isReplacing: false)
    return RenamedWriter(
      DelimitedWriter(sink, isTSV: false, isGuarding: false, isAppending: false),
      names: table.fields.compactMap(\.column))
  }

  func finish() throws(StoreError) {
    guard let temporary else { return }
    try checkTarget()
    if rename(temporary, target) != 0 {
      guard isReplacing, errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else {
        throw .file(FileRefusal.cannotWrite(errno).problem(path))
      }
      try exchange(temporary)
      // The old one lies under the temporary name now.
      Self.remove(temporary)
    }
    self.temporary = nil
    FileSink.makeDurable(FileSink.folder(of: target))
  }

  /// Puts the new folder in the place of the old one, and the old one under the temporary name.
  private func exchange(_ temporary: String) throws(StoreError) {
    if cs_exchange_paths(temporary, target) == 0 { return }
    let old = temporary + ".old"
    guard rename(target, old) == 0 else {
      throw .file(FileRefusal.cannotWrite(errno).problem(path))
    }
    guard rename(temporary, target) == 0 else {
      let number = errno
      rename(old, target)
      throw .file(FileRefusal.cannotWrite(number).problem(path))
    }
    rename(old, temporary)
  }

  private func file(_ name: String) -> String { (temporary ?? target) + "/" + name }

  /// Refuses a place where something lies that may not be replaced.
  private func checkTarget() throws(StoreError) {
    var status = stat()
    guard lstat(target, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .file(FileRefusal.notFolder.problem(path))
    }
    if ExportFolder.names(in: target)?.isEmpty == true { return }
    guard isReplacing else { throw .file(FileRefusal.folderExists.problem(path)) }
    if let objection = ExportFolder.objection(to: target) {
      throw .file(FileRefusal.noExport(objection).problem(path))
    }
  }

  /// Removes a folder and the files in it.
  private static func remove(_ folder: String) {
    for name in ExportFolder.names(in: folder) ?? [] { unlink(folder + "/" + name) }
    rmdir(folder)
  }
}

/// Hands an answer on under other names of its columns.
private final class RenamedWriter: RecordWriter {
  private let writer: any RecordWriter
  private let names: [String]

  init(_ writer: any RecordWriter, names: [String]) {
    self.writer = writer
    self.names = names
  }

  func begin(_ columns: [OutputColumn]) throws(StoreError) {
    precondition(columns.count == names.count, "a column for each stored field")
    try writer.begin(
      zip(columns, names).map { column, name in
        OutputColumn(name: name, type: column.type, keyType: column.keyType)
      })
  }

  func write(_ batch: OutputBatch) throws(StoreError) { try writer.write(batch) }

  func finish() throws(StoreError) { try writer.finish() }
}

/// The tables of a folder that `export all` wrote.
final class FolderCollection: TableCollection {
  private let path: String
  private let options: ReadOptions
  private let schema: Schema
  let tables: [SourceTable]
  let leftOut: [(name: String, reason: LeftOutReason)] = []
  let catalog: Catalog?

  /// Reads the folder's `schema.sql`.
  init(_ path: String, _ options: ReadOptions) throws(StoreError) {
    self.path = path
    self.options = options
    let schemaPath = path + "/" + ExportFolder.schemaName
    var status = stat()
    guard stat(schemaPath, &status) == 0 else {
      throw .file(FileRefusal.noSchema.problem(path))
    }
    let file = try FileBytes(path: schemaPath, budget: options.budget)
    let bytes = file.view
    guard bytes.isUTF8 else {
      throw .file(FileRefusal.invalidSchema("it is not UTF-8", line: 1).problem(schemaPath))
    }
    do throws(SchemaMistake) {
      schema = try SchemaParser.parse(bytes.copy(0..<bytes.count))
      for table in schema.tables {
        guard let name = table.file, !name.isEmpty, !name.utf8.contains(0x2F), name != ".." else {
          throw SchemaMistake(line: 1, message: "table '\(table.name)' names no file")
        }
      }
    } catch {
      throw .file(FileRefusal.invalidSchema(error.message, line: error.line).problem(schemaPath))
    }
    catalog = schema.catalog
    tables = schema.tables.map { SourceTable(name: $0.file ?? $0.name, entityName: $0.name) }
  }

  func openReader(of table: Int) throws(StoreError) -> any RecordReader {
    let name = schema.tables[table].file ?? ""
    let file = try FileBytes(path: path + "/" + name, budget: options.budget)
    return try CSVReader(
      exact: path + "/" + name, options, file: file,
      columns: schema.tables[table].fields.compactMap(\.column))
  }

  func checkUnchanged() throws(StoreError) {}
}
