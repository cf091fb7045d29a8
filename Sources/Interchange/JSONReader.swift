import Store

/// Reads records from JSON: an array of objects, or one object a line (jsonl).
///
/// `columns()` walks the file once and judges every column by all its values; `next()` walks it
/// again, batch by batch, and converts. A name that an object lacks is unknown, `null` too; `""` is
/// empty text. Columns stand in the order of their first appearance. Objects and arrays within a
/// record are not taken.
final class JSONReader: RecordReader {
  private let path: String
  private let options: ReadOptions
  private let file: FileBytes
  private let marks: UnknownMarks
  private let isLines: Bool
  private let start: Int
  private var scan: JSONScan?
  private var conversion: JSONConversion?

  /// Opens the file and checks that it is text.
  init(_ path: String, _ options: ReadOptions, file: FileBytes, from start: Int, isLines: Bool)
    throws(StoreError)
  {
    self.path = path
    self.options = options
    self.file = file
    self.start = start
    self.isLines = isLines
    marks = UnknownMarks(options.unknownMarks)
    // No byte of a JSON text is NUL, so that every search ends there.
    file.terminate(with: 0)
  }

  var recordCount: Int { scan?.recordCount ?? 0 }

  func columns() throws(StoreError) -> [SourceColumn] {
    let scan = try scanned()
    let headers = scan.columns.headers
    let names = FieldNames.unique(headers)
    return headers.indices.map { index in
      let evidence = scan.evidence[index]
      let judgement = Judgement(evidence.texts, options)
      var column = evidence.column(
        header: headers[index], fieldName: names[index], options,
        ambiguity: Judgement.ambiguity(
          evidence.texts, judgement, bytes: file.view, header: headers[index], column: nil))
      if evidence.isOnlyOthers { column.leftOut = .nested }
      return column
    }
  }

  func start(_ requests: [ColumnRequest]) throws(StoreError) {
    let scan = try scanned()
    try file.checkUnchanged()
    let judgements = try judgements(for: requests, scan)
    conversion = try JSONConversion(
      try walk(), scan.columns, requests, judgements, marks, path, options)
  }

  func next() throws(StoreError) -> RecordBatch? {
    guard let conversion else { preconditionFailure("start comes before next") }
    try Cancellation.check()
    let batch = try conversion.next()
    options.progress?(
      batch == nil ? file.view.count : (file.view.count + conversion.position) / 2,
      file.view.count)
    return batch
  }

  func source(of offset: Int) -> String { conversion?.source(of: offset) ?? "" }

  // MARK: the first walk

  private func walk() throws(StoreError) -> JSONWalk {
    do throws(JSONMistake) {
      return try JSONWalk(file.view, from: start, isLines: isLines)
    } catch {
      let isObject =
        error.place.position < file.view.count && file.view[error.place.position] == 0x7B
      throw .file(
        isObject
          ? FileRefusal.singleObject.problem(path)
          : FileRefusal.invalidJSON(error, file.view).problem(path))
    }
  }

  private func scanned() throws(StoreError) -> JSONScan {
    if let scan { return scan }
    try checkEncoding()
    let total = file.view.count
    let scan = try JSONScan(try walk(), marks, path) { [options] position in
      options.progress?(position / 2, total)
    }
    self.scan = scan
    return scan
  }

  private func checkEncoding() throws(StoreError) {
    var position = start
    while position < file.view.count {
      try Cancellation.check()
      let end = min(file.view.count, position + 1_048_576)
      if let found = file.view.firstMalformedPosition(from: position, to: end, resume: &position) {
        throw .file(FileRefusal(malformed: file.view, at: found).problem(path))
      }
    }
  }

  /// How the texts of each requested column are read. A column asked for as a number or date whose
  /// texts do not read as one throughout is judged again by those that do.
  private func judgements(
    for requests: [ColumnRequest], _ scan: JSONScan
  ) throws(StoreError) -> [Judgement] {
    var lenient: [Int: Readings] = [:]
    for request in requests {
      let canBe = scan.evidence[request.source].texts.canBe
      if let wanted = Readings(of: request.type), canBe.isDisjoint(with: wanted) {
        lenient[request.source] = wanted
      }
    }
    guard !lenient.isEmpty else {
      return requests.map { Judgement(scan.evidence[$0.source].texts, options) }
    }
    let again = try JSONScan(try walk(), marks, path, lenient: lenient) { _ in }
    var judgements: [Judgement] = []
    for request in requests {
      let isLenient = lenient[request.source] != nil
      let texts = (isLenient ? again : scan).evidence[request.source].texts
      let judgement = Judgement(texts, options)
      if isLenient,
        let ambiguity = Judgement.ambiguity(
          texts, judgement, bytes: file.view, header: scan.columns.headers[request.source],
          column: nil)
      {
        throw .cell(ambiguity)
      }
      judgements.append(judgement)
    }
    return judgements
  }
}

extension Readings {
  /// The readings of which a text of this type has one; nil for a type that any text may have.
  init?(of type: ValueType) {
    switch type {
    case .money, .number, .integer: self = .numbers
    case .date, .time: self = .moments
    case .text, .choice, .flag, .reference: return nil
    }
  }
}

/// What the first walk found.
struct JSONScan {
  private(set) var columns = JSONColumns()
  /// One a column.
  private(set) var evidence: [ValueEvidence] = []
  let recordCount: Int

  /// Walks through the whole file. `progress` gets the position once per MiB.
  init(
    _ walk: JSONWalk, _ marks: UnknownMarks, _ path: String, lenient: [Int: Readings] = [:],
    progress: (Int) -> Void
  ) throws(StoreError) {
    var walk = walk
    var record = JSONRecord()
    var nextReport = walk.place.position + 1_048_576
    let scratch = ByteStore()
    while try walk.next(&record, &columns, path) {
      if record.problem == nil {
        while evidence.count < columns.count {
          var fresh = ValueEvidence()
          fresh.lenient = lenient[evidence.count]
          evidence.append(fresh)
        }
        for cell in record.cells {
          try evidence[cell.column].add(cell, of: walk.tokens.bytes, marks, scratch)
        }
      }
      if walk.place.position >= nextReport {
        nextReport = walk.place.position + 1_048_576
        try Cancellation.check()
        progress(walk.place.position)
      }
    }
    recordCount = walk.recordCount
  }
}

extension JSONWalk {
  /// Reads the next record; false at the end.
  mutating func next(
    _ record: inout JSONRecord, _ columns: inout JSONColumns, _ path: String
  ) throws(StoreError) -> Bool {
    do throws(JSONStop) {
      return try nextRecord(&record, &columns, path)
    } catch {
      switch error {
      case .store(let error): throw error
      case .mistake(let mistake):
        throw .file(FileRefusal.invalidJSON(mistake, tokens.bytes).problem(path))
      }
    }
  }
}

extension ValueEvidence {
  fileprivate mutating func add(
    _ cell: JSONCell, of bytes: ByteView, _ marks: UnknownMarks, _ scratch: ByteStore
  ) throws(StoreError) {
    let range = cell.value.range
    switch cell.value.kind {
    case .text:
      let place = Evidence.Example(
        start: range.lowerBound, end: range.upperBound, line: cell.place.line)
      if cell.value.hasEscape {
        scratch.removeAll()
        try scratch.appendUnescaped(range, of: bytes)
        add(text: scratch.view, 0..<scratch.count, marks, at: place)
      } else {
        add(text: bytes, range, marks, at: place)
      }
    case .number: if marks.isEmpty || !marks.contains(bytes, range) { numbers.add(bytes, range) }
    case .yes, .no: booleanCount += 1
    case .null: break
    case .object, .array: otherCount += 1
    }
  }
}
