import Store

/// Opens a file of records for reading, whatever its ending: delimited text in any of the known
/// encodings. `-` is standard input.
package func openReader(
  _ path: String, _ options: ReadOptions
) throws(StoreError) -> any RecordReader {
  try CSVReader(path, options)
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
  if isAppending, let writer = try AppendingWriter(path, format, isGuarding: isGuarding) {
    return writer
  }
  return makeWriter(
    format, to: try FileSink(path: path, isReplacing: isReplacing), isGuarding: isGuarding)
}

/// Makes a writer of a format into a sink, such as standard output.
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
  }
}
