import Glibc
import Store

/// Adds an answer to an existing file of the same columns: writes the old content and then the new
/// rows into a new file that replaces the old one, so that the file is never half-written.
final class AppendingWriter: RecordWriter {
  private let path: String
  private let format: FileFormat
  private let isGuarding: Bool
  private let old: FileBytes
  private let sink: FileSink
  private var writer: (any RecordWriter)?

  /// Opens the file, or gives nil when there is none, or an empty one, to add to.
  init?(_ path: String, _ format: FileFormat, isGuarding: Bool) throws(StoreError) {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > 0
    else { return nil }
    self.path = path
    self.format = format
    self.isGuarding = isGuarding
    old = try FileBytes(path: path, budget: nil)
    sink = try FileSink(path: path, isReplacing: true)
  }

  func begin(_ columns: [OutputColumn]) throws(StoreError) { try begin(columns, of: "result") }

  func begin(_ columns: [OutputColumn], of name: String) throws(StoreError) {
    let bytes = old.view
    var keptCount = bytes.count
    var hasObjects = false
    switch format {
    case .csv, .tsv:
      let names = columns.map(\.name)
      let header = DelimitedWriter.header(names, isTSV: format == .tsv, isGuarding: isGuarding)
      try check(header)
    case .markdown: try check(MarkdownWriter.header(columns))
    case .jsonl, .db: break
    case .html:
      try check(
        HTMLWriter.head(columns, title: name),
        orElse: .notAppendable("its title or its columns are others"))
      keptCount -= HTMLWriter.foot.count
      guard keptCount > 0, bytes.equals(keptCount..<bytes.count, HTMLWriter.foot) else {
        throw .file(FileRefusal.notAppendable("it does not end with its table").problem(path))
      }
    case .json:
      // The array is opened again: everything but its last bracket stays.
      while keptCount > 0, Self.isSpace(bytes[keptCount - 1]) { keptCount -= 1 }
      guard keptCount > 0, bytes[keptCount - 1] == 0x5D else {
        throw .file(FileRefusal.notAppendable("it does not end with ]").problem(path))
      }
      keptCount -= 1
      while keptCount > 0, Self.isSpace(bytes[keptCount - 1]) { keptCount -= 1 }
      hasObjects = keptCount > 0 && bytes[keptCount - 1] != 0x5B
    }
    let kept = OutputBuffer(sink)
    try kept.put(bytes, 0..<keptCount)
    if format != .json, format != .html, bytes[keptCount - 1] != 0x0A { try kept.put(0x0A) }
    try kept.flush()
    let writer = makeWriter(
      format, to: sink, isGuarding: isGuarding, isAppending: true, hasObjects: hasObjects)
    self.writer = writer
    try writer.begin(columns)
  }

  func write(_ batch: OutputBatch) throws(StoreError) { try writer?.write(batch) }

  func finish() throws(StoreError) {
    try old.checkUnchanged()
    try writer?.finish()
  }

  /// Refuses a file that does not begin with `header`, byte for byte but for its line end.
  private func check(
    _ header: [UInt8], orElse refusal: FileRefusal? = nil
  ) throws(StoreError) {
    let bytes = old.view
    let start = TextEncoding.mark(of: bytes)?.encoding == .utf8 ? 3 : 0
    let plain = header.filter { $0 != Dialect.carriageReturn }
    var position = start
    var isSame = true
    for byte in plain where isSame {
      if position < bytes.count, bytes[position] == Dialect.carriageReturn { position += 1 }
      isSame = position < bytes.count ? bytes[position] == byte : byte == Dialect.lineFeed
      position += 1
    }
    if isSame { return }
    if let refusal { throw .file(refusal.problem(path)) }
    let end = (start..<bytes.count).first { bytes[$0] == Dialect.lineFeed } ?? bytes.count
    let found = bytes.text(start..<min(end, start + 200))
    let wanted = String(
      decoding: header.prefix { $0 != Dialect.lineFeed }.prefix(200), as: UTF8.self)
    throw .file(
      FileRefusal.otherColumns(
        found: CellRefusal.quoted(found), wanted: CellRefusal.quoted(wanted)
      ).problem(path))
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }
}
