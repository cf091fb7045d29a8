import Store

/// Opens Interchange's writers of file formats onto a stream.
enum StreamWriters {
  static func open(_ format: FileFormat, _ output: Output) -> any RecordWriter {
    preconditionFailure("no writer yet")
  }
}
