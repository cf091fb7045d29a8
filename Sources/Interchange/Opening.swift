import Glibc
import Store

/// Opens a file of records for reading: JSON by its ending or its first signs, else delimited text,
/// in any of the known encodings. `-` is standard input.
package func openReader(
  _ path: String, _ options: ReadOptions
) throws(StoreError) -> any RecordReader {
  let file = try FileBytes(path: path, budget: options.budget)
  if SQLiteFile.isDatabase(file.view), path != FileBytes.standardInput {
    return try SQLiteCollection(path, options).onlyReader()
  }
  let start = try file.decodeText(options)
  if let isLines = isJSONLines(path, file.view, from: start) {
    return try JSONReader(path, options, file: file, from: start, isLines: isLines)
  }
  return try CSVReader(path, options, file: file, from: start)
}

/// Opens the tables of a SQLite file, or of a folder that `export all` wrote.
package func openCollection(
  _ path: String, _ options: ReadOptions
) throws(StoreError) -> any TableCollection {
  var status = stat()
  if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
    return try FolderCollection(path, options)
  }
  return try SQLiteCollection(path, options)
}

/// Opens a folder to write a store into; see `FilePorts.createCollection`.
package func createCollection(
  _ path: String, _ isReplacing: Bool
) throws(StoreError) -> any CollectionWriter {
  try FolderWriter(path, isReplacing: isReplacing)
}

/// All that this module opens.
package let interchangePorts = FilePorts(
  openReader: openReader, openWriter: openWriter, openCollection: openCollection,
  createCollection: createCollection)

/// Whether a file is JSON of one object a line; false for one array of objects, nil for neither.
private func isJSONLines(_ path: String, _ bytes: ByteView, from start: Int) -> Bool? {
  switch fileEnding(of: path) {
  case "json": return false
  case "jsonl", "ndjson": return true
  case "csv", "tsv", "txt": return nil
  default: break
  }
  var signs: [UInt8] = []
  var position = start
  while position < bytes.count, position < start + 1_024, signs.count < 2 {
    if bytes[position] > 0x20 { signs.append(bytes[position]) }
    position += 1
  }
  switch signs {
  case [0x5B, 0x7B], [0x5B, 0x5D]: return false
  case [0x7B, 0x22], [0x7B, 0x7D]: return true
  default: return nil
  }
}

/// What stands behind the last dot of a path's last part, in small letters.
func fileEnding(of path: String) -> String {
  let name = path.utf8.split(separator: 0x2F).last ?? Substring(path).utf8
  guard let dot = name.lastIndex(of: 0x2E) else { return "" }
  return Folding.fold(String(decoding: name[name.index(after: dot)...], as: UTF8.self))
}

/// Opens a file for writing; see `FilePorts.openWriter`.
///
/// An existing file without `isReplacing` or `isAppending` is refused at once with `file-exists`;
/// appending checks at `begin` that the file has the answer's columns.
package func openWriter(
  _ path: String, _ format: FileFormat, _ isReplacing: Bool, _ isAppending: Bool
) throws(StoreError) -> any RecordWriter {
  try openWriter(path, format, isReplacing, isAppending, isGuarding: false)
}

/// Opens a file for writing; `isGuarding` puts an apostrophe before texts that a spreadsheet would
/// take for formulas (csv and tsv).
package func openWriter(
  _ path: String, _ format: FileFormat, _ isReplacing: Bool, _ isAppending: Bool,
  isGuarding: Bool
) throws(StoreError) -> any RecordWriter {
  if format == .db {
    return try SQLiteWriter(path, isReplacing: isReplacing, isAppending: isAppending)
  }
  if isAppending, let writer = try AppendingWriter(path, format, isGuarding: isGuarding) {
    return writer
  }
  return makeWriter(
    format, to: try FileSink(path: path, isReplacing: isReplacing), isGuarding: isGuarding)
}

/// Makes a writer of a format into a sink, such as standard output. A database is no stream: it
/// needs a file.
package func makeWriter(
  _ format: FileFormat, to sink: any ByteSink, isGuarding: Bool = false
) -> any RecordWriter {
  makeWriter(format, to: sink, isGuarding: isGuarding, isAppending: false, hasObjects: false)
}

/// Makes a writer that goes on where a file ends: `isAppending` leaves out what begins a file.
func makeWriter(
  _ format: FileFormat, to sink: any ByteSink, isGuarding: Bool, isAppending: Bool,
  hasObjects: Bool
) -> any RecordWriter {
  switch format {
  case .csv, .tsv:
    DelimitedWriter(
      sink, isTSV: format == .tsv, isGuarding: isGuarding, isAppending: isAppending)
  case .json, .jsonl:
    JSONWriter(
      sink, isLines: format == .jsonl, isAppending: isAppending, hasObjects: hasObjects)
  case .markdown: MarkdownWriter(sink, isAppending: isAppending)
  case .html: HTMLWriter(sink, isAppending: isAppending)
  case .db: preconditionFailure("a database is written into a file")
  }
}
