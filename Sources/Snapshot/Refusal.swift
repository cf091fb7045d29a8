import FoundationEssentials
import Store

/// Why a data file cannot be opened, read or written, with the words.
enum Refusal {
  // What stands at the path.
  case notFound
  case directory
  case device
  case empty
  /// Not a SQLite file.
  case notADatabase
  /// A SQLite file of another program.
  case foreign
  /// A data file of a later version of rapport.
  case newer(version: Int64)
  case notPermitted
  /// The system's or SQLite's words.
  case cannotOpen(String)
  /// A log of changes lies beside the file, and the folder cannot be written.
  case logNotReadable

  // While it is read or written.
  case damaged(String)
  case badValue(String)
  case dangling(String, query: String)
  case cannotRead(String)
  case busy
  case vanished
  case replaced
  case diskFull
  /// The system lets this process write no longer files.
  case fileLimit(byteCount: UInt64)
  case cannotWrite(String)
  case readOnly
  /// The system lets nobody write to the file or its folder through this process.
  case notWritable
  case tooManyFields(entity: String, count: Int)

  // A file to be written.
  case exists
  case noFolder(String)
  /// A log of a file that is gone would be taken for one of the new file.
  case leftover(String)
  /// Another program has the file open that is to be replaced.
  case inUse

  /// What is wrong with a file that is no SQLite file at all.
  static let noBeginning = "it does not begin as a data file"

  /// The refusal as an error about the file at `path`, as the user gave it.
  func error(_ path: String) -> StoreError { .store(problem(path)) }

  private func problem(_ path: String) -> FileProblem {
    let name = "'\(path)'"
    func make(_ code: String, _ message: String, hint: String? = nil) -> FileProblem {
      FileProblem(code: code, path: path, message: message, hint: hint)
    }
    switch self {
    case .notFound:
      let near = NearFiles.names(near: path).map { "'\($0)'" }
      return make(
        "store-not-found", "there is no data file \(name)",
        hint: near.isEmpty
          ? nil
          : (near.count == 1 ? "a close name is " : "close names are ")
            + near.joined(separator: ", "))
    case .directory:
      return make(
        "file-is-directory", "\(name) is a directory, not a file",
        hint: "name a file in it, such as \(path)/customers.rapport")
    case .device:
      return make(
        "file-is-device", "\(name) is a device, not a file", hint: "give the name of a file")
    case .empty:
      return make(
        "file-is-empty", "\(name) is empty, not a data file",
        hint: "give another name, or remove the file")
    case .notADatabase:
      return make(
        "not-a-store", "\(name) is not a data file of rapport",
        hint: "import customers from \(quoted(path))")
    case .foreign:
      return make(
        "foreign-store", "\(name) is a SQLite file of another program",
        hint: "import all from \(quoted(path))")
    case .newer(let version):
      return make(
        "newer-store",
        "\(name) is of version \(version), and this rapport knows versions up to"
          + " \(Migration.newestVersion)",
        hint: "open it with the rapport that wrote it, and there: export all to \"folder\"")
    case .notPermitted:
      return make(
        "file-not-permitted", "no permission to read \(name)",
        hint: "its owner can allow it: chmod +r \(ShellText.word(path))")
    case .cannotOpen(let words):
      return make("file-not-readable", "\(name) cannot be opened: \(words)")
    case .logNotReadable:
      return make(
        "file-not-readable",
        "\(name) cannot be opened: its changes lie in '\(path)-wal', and the folder cannot be"
          + " written",
        hint: "copy both files to another folder and open the copy")
    default: return openProblem(path, name, make)
    }
  }

  private func openProblem(
    _ path: String, _ name: String, _ make: (String, String, String?) -> FileProblem
  ) -> FileProblem {
    let salvage = "rapport --salvage \(ShellText.word(path)) -o NEW"
    switch self {
    case .damaged(let what): return make("damaged", "\(name) is damaged: \(what)", salvage)
    case .badValue(let what):
      return make("bad-value", "another program wrote to \(name): \(what)", salvage)
    case .dangling(let what, let query):
      return make(
        "dangling-reference", "another program wrote to \(name): \(what)",
        "sqlite3 \(ShellText.word(path)) \(ShellText.word(query))")
    case .cannotRead(let words):
      return make("file-not-readable", "\(name) cannot be read: \(words)", nil)
    case .busy:
      return make(
        "busy", "another program is changing \(name) and did not end within 5 seconds",
        "run the statement again")
    case .inUse:
      return make("busy", "another program has \(name) open", "close it there")
    case .vanished:
      return make(
        "file-vanished", "\(name) is no longer there; nothing more is written to it",
        "save \"another.rapport\"")
    case .replaced:
      return make("file-replaced", "another file stands in the place of \(name)", ".reload")
    case .diskFull:
      return make(
        "disk-full", "there is no room left to write \(name)",
        "nothing of the statement is in it: make room and run it again")
    case .fileLimit(let byteCount):
      return make(
        "disk-full",
        "\(name) cannot grow: files of this process may have at most \(byteCount) bytes",
        "ulimit -f unlimited")
    case .cannotWrite(let words):
      return make(
        "cannot-write", "\(name) cannot be written: \(words)",
        "see that the disk has room and the file may be written, then run the statement again")
    case .readOnly: return make("cannot-write", "\(name) is open for reading only", nil)
    case .notWritable:
      return make(
        "cannot-write", "no permission to change \(name), or none to write in its folder",
        "save \"another.rapport\"")
    case .tooManyFields(let entity, let count):
      return make(
        "too-many-fields",
        "\(entity) have \(count) fields, and a data file holds \(Schema.columnCountMax) of an entity",
        nil)
    case .exists: return make("file-exists", "\(name) exists", "add replace")
    case .noFolder(let folder):
      return make("folder-not-found", "there is no folder '\(folder)' to write \(name) in", nil)
    case .leftover(let file):
      return make(
        "file-exists", "'\(file)' is left of an earlier file \(name)",
        "remove it, or give another name")
    default: preconditionFailure("a refusal without words")
    }
  }

  private func quoted(_ text: String) -> String { "\"\(text)\"" }
}

/// Files whose names are close to a mistyped one.
enum NearFiles {
  private static let countMax = 3
  private static let lengthMax = 64

  /// The files of `path`'s folder whose names are close to its last part, nearest first.
  static func names(near path: String) -> [String] {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? ""
    let wanted = lowered(slash.map { String(path[path.index(after: $0)...]) } ?? path)
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    let distanceMax = max(1, wanted.count / 3)
    guard wanted.count <= lengthMax else { return [] }
    let near = names.compactMap { name -> (distance: Int, name: String)? in
      let other = lowered(name)
      guard abs(other.count - wanted.count) <= distanceMax else { return nil }
      let distance = distance(wanted, other)
      return distance > 0 && distance <= distanceMax ? (distance, name) : nil
    }
    return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(countMax)
      .map { folder + $0.name }
  }

  private static func lowered(_ name: String) -> [UInt8] {
    name.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
  }

  /// Edits from one to the other; two neighbours that changed places are one edit.
  /// - Source: Damerau 1964, restricted form.
  private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, before[j - 1] + 1) }
        row.append(best)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
