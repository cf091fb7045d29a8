import Glibc
import Interchange
import Store
import Testing

/// A folder that goes away with the test that made it.
final class ScratchFolder {
  /// Where it is.
  let path: String

  init() {
    var template = Array("/tmp/interchange-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
    }
  }

  deinit {
    for name in names { unlink(path + "/" + name) }
    rmdir(path)
  }

  /// The files in it.
  var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file and gives its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String = "in.csv") -> String {
    let full = path + "/" + name
    let all = Array(bytes)
    let descriptor = open(full, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var done = 0
    while done < all.count {
      let step = all.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Glibc.write(descriptor, $0 + done, all.count - done) } ?? -1
      }
      if step <= 0 { break }
      done += step
    }
    close(descriptor)
    return full
  }

  /// The bytes of a file.
  func bytes(of name: String) -> [UInt8] {
    let descriptor = open(path + "/" + name, O_RDONLY)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var all: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let got = read(descriptor, &chunk, chunk.count), got > 0 { all += chunk[0..<got] }
    return all
  }
}

/// What a reader made of a file, in words that a table of expectations can hold.
struct Reading {
  var columns: [SourceColumn] = []
  var rows: [[Scalar]] = []
  var lines: [Int] = []
  var problems: [CellProblem] = []
  var error: StoreError?

  /// Reads a whole file, as the types judged or, where given, the types asked for.
  init(_ path: String, _ options: ReadOptions = ReadOptions(), types: [Int: ValueType] = [:]) {
    do throws(StoreError) {
      let reader = try openReader(path, options)
      columns = try reader.columns()
      try reader.start(
        columns.indices.map { ColumnRequest(source: $0, type: types[$0] ?? columns[$0].type) })
      while let batch = try reader.next() {
        #expect(batch.vectors.allSatisfy { $0.count == batch.lines.count })
        for offset in batch.lines.indices { rows.append(batch.vectors.map { $0[offset] }) }
        lines += batch.lines
        problems += batch.problems.map(\.problem)
      }
    } catch {
      self.error = error
    }
  }

  /// `name integer | name text`, with `?` where a column reads two ways.
  var types: String {
    columns.map {
      "\($0.fieldName) \($0.type.word)\($0.ambiguity == nil ? "" : "?")"
    }.joined(separator: " | ")
  }

  /// The values, rows by `/`, cells by `,`, unknown as `·` and text in quotes.
  var values: String {
    rows.map { row in
      row.indices.map { column in
        switch row[column] {
        case .unknown: "·"
        case .text(let text): "'\(text)'"
        default: CellText.string(row[column], columns[column].type)
        }
      }.joined(separator: ",")
    }.joined(separator: " / ")
  }

  /// The error's or the first problem's code and line.
  var trouble: String {
    switch error {
    case .file(let problem): "\(problem.code)\(problem.line.map { " \($0)" } ?? "")"
    case .cell(let problem): "\(problem.code) \(problem.line)"
    case .some(let other): "\(other)"
    case nil: problems.map { "\($0.code) \($0.line):\($0.column ?? 0)" }.joined(separator: " ")
    }
  }
}

extension ValueType {
  /// The type in one word.
  var word: String {
    switch self {
    case .text: "text"
    case .choice: "choice"
    case .money: "money"
    case .number: "number"
    case .integer: "integer"
    case .date: "date"
    case .time: "time"
    case .flag: "flag"
    case .reference: "reference"
    }
  }
}
