import Glibc
import Store

/// Why a file as a whole cannot be read, or not be written.
enum FileRefusal {
  /// `stat` or `open` failed with this `errno`.
  case cannotOpen(Int32)
  case cannotRead(Int32)
  case directory
  case device
  case empty
  /// What the first bytes say it is, and how to get at its records.
  case foreign(kind: String, hint: String)
  case binary(line: Int, looksLikeUTF16: Bool)
  case malformed(line: Int, column: Int, byte: UInt8)
  case malformedUTF16(line: Int)
  case unknownEncoding(String)
  case unknownLineEnd
  case noHeader(columnCount: Int)
  case tooManyColumns(Int)
  case fieldTooLong(line: Int, column: Int, isQuoted: Bool)
  case unterminatedQuote(line: Int, column: Int)
  /// Where a file stops being JSON.
  case invalidJSON(JSONMistake, ByteView)
  /// A `.json` file that holds one object in place of an array.
  case singleObject
  /// Objects with more names between them than there may be columns.
  case tooManyNames(Int)
  /// A file that is no SQLite database where one is due.
  case notDatabase
  /// A data file of rapport where one of another kind is due.
  case dataFile
  /// A database that another program is writing to, or left in the middle of it.
  case inUse
  /// A database of no bytes, or without tables.
  case emptyDatabase
  /// A database of several tables, or none, where one is due.
  case severalTables([String])
  /// A database that SQLite cannot make sense of.
  case damaged(String)
  /// What SQLite says in words.
  case sqlite(String)
  /// A folder where none may be; a file where a folder is due.
  case folderExists
  case notFolder
  /// A folder that is no export and is not replaced, and why.
  case noExport(String)
  /// A folder without a `schema.sql`, or with one that cannot be read.
  case noSchema
  case invalidSchema(String, line: Int)
  /// A file of an exported folder whose header is another one.
  case otherHeader(found: String, wanted: String)
  case changed
  case exists
  case noFolder(String)
  case cannotWrite(Int32)
  case brokenPipe
  case otherColumns(found: String, wanted: String)
  case notAppendable(String)
  /// A file outside the folder that `--safe` keeps to.
  case outside

  /// The problem in words.
  func problem(_ path: String) -> FileProblem {
    let name = path == FileBytes.standardInput ? "standard input" : "'\(path)'"
    func make(_ code: String, _ message: String, line: Int? = nil, hint: String? = nil)
      -> FileProblem
    {
      FileProblem(code: code, path: path, line: line, message: message, hint: hint)
    }
    switch self {
    case .cannotOpen(ENOENT), .cannotOpen(ENOTDIR):
      let near = NearNames.files(near: path)
      return make(
        "file-not-found", "there is no file \(name)",
        hint: near.isEmpty
          ? nil
          : (near.count == 1 ? "a close name is " : "close names are ")
            + near.map { "'\($0)'" }.joined(separator: ", "))
    case .cannotOpen(EACCES), .cannotOpen(EPERM):
      return make("file-not-permitted", "no permission to read \(name)")
    case .cannotOpen(let number), .cannotRead(let number):
      return make("file-not-readable", "\(name) cannot be read: \(Self.words(number))")
    case .directory: return make("file-is-directory", "\(name) is a directory, not a file")
    case .device: return make("file-is-device", "\(name) is a device, not a file")
    case .empty:
      return make(
        "file-is-empty", "\(name) is empty",
        hint: "the first line names the columns, as in id,name,value")
    case .foreign(let kind, let hint):
      return make("file-is-foreign", "\(name) is \(kind), not text", hint: hint)
    case .binary(let line, let looksLikeUTF16):
      return make(
        "file-is-binary", "\(name) is not text: there is a NUL byte on line \(line)", line: line,
        hint: looksLikeUTF16 ? "if it is UTF-16, add encoding \"utf-16le\"" : nil)
    case .malformed(let line, let column, let byte):
      return make(
        "invalid-encoding",
        "\(name) is not UTF-8: byte 0x\(hexadecimal(byte)) on line \(line), byte \(column) of it",
        line: line, hint: "add encoding \"windows-1252\"")
    case .malformedUTF16(let line):
      return make(
        "invalid-encoding", "\(name) is not UTF-16: half a character on line \(line)", line: line)
    case .unknownEncoding(let encoding):
      return make(
        "unknown-encoding", "there is no encoding '\(encoding)'",
        hint: "known are " + TextEncoding.allCases.map(\.rawValue).joined(separator: ", "))
    case .unknownLineEnd:
      return make("file-is-binary", "\(name) has no line end that could end a record")
    case .noHeader(let columnCount):
      let names = (1...min(columnCount, 3)).map { "column_\($0)" }.joined(separator: ",")
      return make(
        "no-header", "the first line of \(name) holds values, not the columns' names", line: 1,
        hint: "put a first line such as \(names)\(columnCount > 3 ? ",…" : "") into the file")
    case .tooManyColumns(let count):
      return make(
        "too-many-columns",
        "\(name) has \(count) columns, more than \(CSVReader.columnCountMax)", line: 1)
    case .fieldTooLong(let line, let column, let isQuoted):
      return make(
        "field-too-long",
        "the cell in column \(column) of line \(line) is longer than 16 MiB", line: line,
        hint: isQuoted ? "look for a missing quote after line \(line)" : nil)
    case .unterminatedQuote(let line, let column):
      return make(
        "unterminated-quote",
        "the quote that opens column \(column) on line \(line) is never closed", line: line,
        hint: "write a quote inside a quoted cell twice: \"\"")
    case .invalidJSON(let mistake, let bytes):
      var counter = JSONColumnCounter()
      let column = counter.column(of: mistake.place, bytes)
      return make(
        "invalid-json",
        "\(name) is not JSON on line \(mistake.place.line), column \(column):"
          + " \(mistake.reason.words(found: mistake.place.position, bytes))",
        line: mistake.place.line)
    case .singleObject:
      return make(
        "not-an-array", "\(name) holds an object, not an array of objects",
        hint: "put [ and ] around it, or name the file .jsonl if each line is an object")
    case .tooManyNames(let count):
      return make("too-many-columns", "the objects of \(name) have more than \(count) names")
    case .notDatabase: return make("not-a-database", "\(name) is not a SQLite file")
    case .dataFile:
      return make(
        "file-is-data-file", "\(name) is a data file of rapport",
        hint: "give the file another name")
    case .inUse:
      return make(
        "file-in-use", "another program has \(name) open, or left it in the middle of a change",
        hint: "end that program; opening the file with it again completes the change")
    case .emptyDatabase: return make("file-is-empty", "\(name) is empty")
    case .severalTables(let names):
      return make(
        "not-one-table",
        names.isEmpty
          ? "\(name) has no table"
          : "\(name) has \(names.count) tables: "
            + names.prefix(8).map(CellRefusal.quoted).joined(separator: ", ")
            + (names.count > 8 ? ", …" : ""),
        hint: names.isEmpty ? nil : "import all from \(SQLText.comment(path))")
    case .damaged(let message):
      return make(
        "file-is-damaged", "\(name) is damaged: \(message)",
        hint: "sqlite3 can save what is left: .recover")
    case .sqlite(let message): return make("file-not-readable", "\(name): \(message)")
    case .folderExists:
      return make("folder-exists", "\(name) exists", hint: "add replace")
    case .notFolder: return make("not-a-folder", "\(name) is not a folder")
    case .noExport(let objection):
      return make(
        "folder-not-replaced", "\(name) is not replaced: \(objection)",
        hint: "give another name, or remove the folder")
    case .noSchema:
      return make(
        "schema-not-found", "the folder \(name) has no \(ExportFolder.schemaName)",
        hint: "give a folder that 'export all' wrote, or import its files one by one")
    case .invalidSchema(let words, let line):
      return make("invalid-schema", "\(name), line \(line): \(words)", line: line)
    case .otherHeader(let found, let wanted):
      return make(
        "other-columns", "\(name) has the columns \(found), the schema has \(wanted)", line: 1)
    case .changed:
      return make("file-changed", "another program changed \(name) while it was read")
    case .exists:
      return make("file-exists", "\(name) exists", hint: "add replace or append")
    case .noFolder(let folder):
      return make("folder-not-found", "there is no folder '\(folder)' to write \(name) in")
    case .cannotWrite(ENOSPC), .cannotWrite(EDQUOT), .cannotWrite(EFBIG):
      return make("disk-full", "there is no room left to write \(name)")
    case .cannotWrite(EACCES), .cannotWrite(EPERM), .cannotWrite(EROFS):
      return make("file-not-permitted", "no permission to write \(name)")
    case .cannotWrite(let number):
      return make("file-not-writable", "\(name) cannot be written: \(Self.words(number))")
    case .brokenPipe:
      return make("broken-pipe", "nobody reads \(name) any more")
    case .otherColumns(let found, let wanted):
      return make(
        "other-columns", "\(name) has the columns \(found), the answer has \(wanted)",
        hint: "use replace, or show the file's columns")
    case .outside:
      return make("outside-folder", "\(name) lies outside the folder that --safe keeps to")
    case .notAppendable(let why):
      return make("not-appendable", "\(name) cannot be appended to: \(why)", hint: "use replace")
    }
  }

  private static func words(_ number: Int32) -> String {
    String(cString: strerror(number))
  }
}

/// A byte as two digits.
func hexadecimal(_ byte: UInt8) -> String {
  let digits = String(byte, radix: 16, uppercase: true)
  return digits.utf8.count < 2 ? "0" + digits : digits
}
