import Store

/// The second walk through a JSON file: makes its records into vectors of the types asked for.
final class JSONConversion {
  private var walk: JSONWalk
  private var columns: JSONColumns
  private let targets: [ValueTarget]
  /// For each column of the file, the targets that want it.
  private let wanting: [[Int]]
  private let marks: UnknownMarks
  private let path: String
  private let budget: Budget?
  private let byteCount: Int
  private let rowCountMax: Int
  private let scratch = ByteStore()
  private var record = JSONRecord()
  private var counter = JSONColumnCounter()
  /// Where each record of the last batch lies.
  private var ranges: [Range<Int>] = []

  /// Makes the memory for one batch.
  init(
    _ walk: JSONWalk, _ columns: JSONColumns, _ requests: [ColumnRequest],
    _ judgements: [Judgement], _ marks: UnknownMarks, _ path: String, _ options: ReadOptions
  ) throws(StoreError) {
    self.walk = walk
    self.columns = columns
    self.columns.unmark()
    self.marks = marks
    self.path = path
    budget = options.budget
    let rowCountMax = FileScan.batchRecordCountMax(columnCount: max(columns.count, requests.count))
    self.rowCountMax = rowCountMax
    byteCount = rowCountMax * (requests.count * ValueTarget.rowByteCount + 32)
    if byteCount > Budget.freeByteCount { try options.budget?.take(byteCount) }
    var wanting = [[Int]](repeating: [], count: columns.count)
    for (index, request) in requests.enumerated() { wanting[request.source].append(index) }
    self.wanting = wanting
    targets = zip(requests, judgements).map {
      ValueTarget($0, $1, rowCountMax: rowCountMax, budget: options.budget)
    }
  }

  deinit {
    if byteCount > Budget.freeByteCount { budget?.give(back: byteCount) }
  }

  /// Where the walk is in the file.
  var position: Int { walk.place.position }

  /// A record of the last batch as it stands in the file.
  func source(of offset: Int) -> String {
    walk.tokens.bytes.text(walk.tokens.bytes.trimmed(ranges[offset]))
  }

  /// The next records, or nil at the end.
  func next() throws(StoreError) -> RecordBatch? {
    for target in targets { target.begin(rowCountMax) }
    ranges.removeAll(keepingCapacity: true)
    var lines: [Int] = []
    var starts: [Int] = []
    var problems: [(offset: Int, problem: CellProblem)] = []
    var textCount = 0
    while lines.count < rowCountMax, textCount < Limits.textByteCountMax,
      try walk.next(&record, &columns, path)
    {
      let row = lines.count
      lines.append(record.start.line)
      starts.append(counter.column(of: record.start, walk.tokens.bytes))
      ranges.append(record.start.position..<record.end)
      textCount += record.end - record.start.position
      if let problem = record.problem {
        problems.append((row, refusal(problem)))
        continue
      }
      for cell in record.cells {
        for index in wanting[cell.column] {
          guard let refusal = try put(cell, targets[index], row) else { continue }
          targets[index].putUnknown(row)
          problems.append((row, self.problem(refusal, cell)))
        }
      }
    }
    guard !lines.isEmpty else { return nil }
    return RecordBatch(
      vectors: targets.map { $0.vector(lines.count) }, lines: lines, problems: problems,
      recordColumns: starts)
  }

  private func put(
    _ cell: JSONCell, _ target: ValueTarget, _ row: Int
  ) throws(StoreError) -> CellRefusal? {
    let bytes = walk.tokens.bytes
    let range = cell.value.range
    switch cell.value.kind {
    case .null: return nil
    case .text where cell.value.hasEscape:
      scratch.removeAll()
      try scratch.appendUnescaped(range, of: bytes)
      if !marks.isEmpty, marks.contains(scratch.view, 0..<scratch.count) { return nil }
      return try target.put(text: scratch.view, 0..<scratch.count, row)
    case .text:
      if !marks.isEmpty, marks.contains(bytes, range) { return nil }
      return try target.put(text: bytes, range, row)
    case .number:
      if !marks.isEmpty, marks.contains(bytes, range) { return nil }
      return try target.put(number: bytes, range, row)
    case .yes, .no:
      return try target.put(
        flag: cell.value.kind == .yes, spelled: bytes, range, row)
    case .object: return .nested("an object")
    case .array: return .nested("an array")
    }
  }

  private func problem(_ refusal: CellRefusal, _ cell: JSONCell) -> CellProblem {
    refusal.problem(
      line: cell.place.line, column: counter.column(of: cell.place, walk.tokens.bytes),
      header: columns.headers[cell.column], cell: walk.tokens.bytes.text(cell.value.range))
  }

  private func refusal(_ problem: JSONRecord.Problem) -> CellProblem {
    let refusal: CellRefusal =
      switch problem {
      case .syntax(let mistake):
        .invalidJSON(mistake.reason.words(found: mistake.place.position, walk.tokens.bytes))
      case .noObject(let kind): .noObject(kind.words)
      case .nameTwice(let name): .nameTwice(name)
      }
    return refusal.problem(
      line: record.problemPlace.line,
      column: counter.column(of: record.problemPlace, walk.tokens.bytes), header: nil)
  }
}

/// Counts the characters before a place on its line, going on from the last place asked for.
struct JSONColumnCounter {
  private var lineStart = -1
  private var position = 0
  private var column = 1

  /// The column of a place, counted from 1 in characters. Places come in ascending order, or cost a
  /// walk along their line.
  mutating func column(of place: JSONPlace, _ bytes: ByteView) -> Int {
    if place.lineStart != lineStart || place.position < position {
      lineStart = place.lineStart
      position = place.lineStart
      column = 1
    }
    while position < place.position {
      // A byte that goes on a character begins none.
      if bytes[position] & 0xC0 != 0x80 { column &+= 1 }
      position &+= 1
    }
    return column
  }
}

extension JSONValue.Kind {
  /// What such a value is called.
  var words: String {
    switch self {
    case .text: "a text"
    case .number: "a number"
    case .yes, .no: "a truth"
    case .null: "null"
    case .object: "an object"
    case .array: "an array"
    }
  }
}

extension JSONMistake.Reason {
  /// What was found at a position, and what would have been right, in words.
  func words(found position: Int, _ bytes: ByteView) -> String {
    switch self {
    case .expected(let words): "expected \(words), found \(Self.found(position, bytes))"
    case .commaAtEnd: "there is a comma behind the last value"
    case .number: "\(Self.found(position, bytes)) is not a number as JSON writes it"
    case .escape: "a backslash begins no escape that JSON has"
    case .loneSurrogate: "a \\u escape is half a character"
    case .controlCharacter:
      "byte 0x\(hexadecimal(bytes[position])) stands in a text without an escape"
    case .openText: "a text is never closed"
    case .tooDeep: "brackets are nested more than \(JSONTokens.depthMax) deep"
    case .tooLong: "a text is longer than 16 MiB"
    }
  }

  /// The word or sign at a position.
  private static func found(_ position: Int, _ bytes: ByteView) -> String {
    guard position < bytes.count else { return "the end of the file" }
    if bytes[position] == Dialect.lineFeed { return "the end of the line" }
    var end = position + 1
    while end < bytes.count, end < position + 160,
      bytes.isWordByte(at: position) ? bytes.isWordByte(at: end) : bytes[end] & 0xC0 == 0x80
    {
      end += 1
    }
    return CellRefusal.quoted(bytes.text(position..<end))
  }
}
