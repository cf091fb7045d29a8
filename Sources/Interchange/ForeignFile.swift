/// Files that are often given in place of a text file, known by their first bytes.
enum ForeignFile {
  /// The refusal of a file that begins as a known kind does, or nil.
  static func refusal(of view: ByteView) -> FileRefusal? {
    func begins(_ bytes: [UInt8]) -> Bool {
      view.count >= bytes.count && view.equals(0..<bytes.count, bytes)
    }
    if begins([0x50, 0x4B, 0x03, 0x04]) || begins([0x50, 0x4B, 0x05, 0x06]) {
      return .foreign(kind: "a spreadsheet or zip archive", hint: "save it as CSV")
    }
    if begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
      return .foreign(kind: "an old spreadsheet", hint: "save it as CSV")
    }
    if begins([0x1F, 0x8B]) {
      return .foreign(kind: "compressed with gzip", hint: "unpack it with gunzip")
    }
    if begins([0x28, 0xB5, 0x2F, 0xFD]) || begins([0x42, 0x5A, 0x68])
      || begins([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00])
    {
      return .foreign(kind: "compressed", hint: "unpack it first")
    }
    if begins(Array("SQLite format 3\0".utf8)) {
      return .foreign(kind: "a SQLite database", hint: "export its tables as CSV")
    }
    if begins(Array("%PDF-".utf8)) {
      return .foreign(kind: "a PDF document", hint: "save the table in it as CSV")
    }
    if begins(Array("PAR1".utf8)) {
      return .foreign(kind: "a Parquet file", hint: "save it as CSV")
    }
    if begins([0x89, 0x50, 0x4E, 0x47]) || begins([0xFF, 0xD8, 0xFF]) || begins(Array("GIF8".utf8))
    {
      return .foreign(kind: "an image", hint: "give a CSV file")
    }
    if begins([0x7F, 0x45, 0x4C, 0x46]) {
      return .foreign(kind: "a program", hint: "give a CSV file")
    }
    return nil
  }
}
