import Store

/// Opens a file of records for reading, whatever its ending: delimited text in any of the known
/// encodings. `-` is standard input.
package func openReader(
  _ path: String, _ options: ReadOptions
) throws(StoreError) -> any RecordReader {
  try CSVReader(path, options)
}
