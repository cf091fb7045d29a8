import Store

/// Reads a file of delimited text: `columns()` walks it once and judges every column by all its
/// cells; `next()` walks it again, batch by batch, and converts.
final class CSVReader: RecordReader {
  /// As many columns as spreadsheets have.
  static let columnCountMax = 16_384
  /// From this size on two workers gain more than handing the work over costs.
  private static let twoHalvesByteCountMin = 2_097_152

  private let path: String
  private let options: ReadOptions
  private let file: FileBytes
  private let marks: UnknownMarks
  private let tokens: Tokens
  private let headers: [String]
  private let firstRecord: Int
  private let firstLine: Int
  private var scan: FileScan?
  private var conversions: [BatchConversion] = []
  private var nextBatch = 0
  /// Whether the file is one that we wrote, whose cells need no judging.
  private let isExact: Bool

  /// Opens a file of an exported folder: comma and LF, no mark, exactly these columns; its texts may
  /// hold NUL.
  init(
    exact path: String, _ options: ReadOptions, file: FileBytes, columns: [String]
  ) throws(StoreError) {
    self.path = path
    self.options = options
    self.file = file
    isExact = true
    marks = UnknownMarks([])
    let newline = Dialect.lineFeed
    file.terminate(with: newline)
    tokens = Tokens(bytes: file.view, dialect: Dialect(delimiter: 0x2C, newline: newline))
    headers = columns
    let header = DelimitedWriter.header(columns, isTSV: false, isGuarding: false)
    guard file.view.count >= header.count, file.view.equals(0..<header.count, header) else {
      let end = file.view.firstPosition(
        of: tokens.dialect.newlines, from: 0, before: file.view.count)
      throw .file(
        FileRefusal.otherHeader(
          found: CellRefusal.quoted(file.view.text(0..<min(end ?? file.view.count, 200))),
          wanted: CellRefusal.quoted(String(decoding: header.dropLast().prefix(200), as: UTF8.self))
        ).problem(path))
    }
    firstRecord = header.count
    firstLine = 1 + header.count { $0 == newline }
  }

  /// Reads the header of a file whose text begins at `start`.
  init(
    _ path: String, _ options: ReadOptions, file: FileBytes, from start: Int
  ) throws(StoreError) {
    self.path = path
    self.options = options
    self.file = file
    isExact = false
    marks = UnknownMarks(options.unknownMarks)
    let sniffed = Dialect.sniffed(in: file.view, from: start)
    file.terminate(with: sniffed.dialect.newline)
    tokens = Tokens(bytes: file.view, dialect: sniffed.dialect)
    let header = try Self.header(tokens, from: sniffed.start, path)
    headers = header.names
    firstRecord = header.end
    firstLine = header.line
  }

  var recordCount: Int { scan?.recordCount ?? 0 }

  func columns() throws(StoreError) -> [SourceColumn] {
    let scan = try scanned()
    let names = FieldNames.unique(headers)
    return headers.indices.map { column in
      let evidence = scan.columns[column]
      let judgement = Judgement(evidence, options)
      let isText = judgement.type == .text
      let textCount = evidence.emptyTextCount + evidence.blankCount + evidence.markCount
      return SourceColumn(
        header: headers[column], fieldName: names[column], type: judgement.type,
        alsoReadsAs: judgement.types,
        knownCount: evidence.knownCount + (isText ? textCount : 0),
        unknownMarkCount: evidence.markCount,
        ambiguity: Judgement.ambiguity(
          evidence, judgement, bytes: tokens.bytes, header: headers[column], column: column + 1),
        currencySign: evidence.seen.contains(.currency)
          && !evidence.canBe.isDisjoint(with: .numbers)
          ? Currency.signs[evidence.firstCurrency] : nil,
        zone: judgement.type == .time ? judgement.zoneMinutes.map(Moment.zoneName) : nil)
    }
  }

  func start(_ requests: [ColumnRequest]) throws(StoreError) {
    let scan = try scanned()
    try file.checkUnchanged()
    let judgements =
      isExact
      ? requests.map { _ in Judgement(Evidence(), ReadOptions()) }
      : try judgements(for: requests, scan)
    conversions = []
    for _ in 0..<2 {
      conversions.append(
        try BatchConversion(
          tokens, headers: headers, requests: requests, judgements: judgements, marks: marks,
          budget: options.budget))
    }
    nextBatch = 0
  }

  func next() throws(StoreError) -> RecordBatch? {
    precondition(!conversions.isEmpty, "start comes before next")
    guard let scan, nextBatch < scan.batches.count else {
      options.progress?(file.view.count, file.view.count)
      return nil
    }
    try Cancellation.check()
    let conversion = conversions[nextBatch & 1]
    if conversion.outcome == nil {
      let other = conversions[(nextBatch + 1) & 1]
      let batch = scan.batches[nextBatch]
      if nextBatch + 1 < scan.batches.count {
        let following = scan.batches[nextBatch + 1]
        Workers.both({ conversion.convert(batch) }, { other.convert(following) })
      } else {
        conversion.convert(batch)
      }
    }
    let outcome = conversion.outcome
    conversion.clear()
    // The second walk is the second half of the work.
    options.progress?(
      (file.view.count + scan.batches[nextBatch].start) / 2, file.view.count)
    nextBatch += 1
    switch outcome {
    case .success(let batch): return batch
    case .failure(let error): throw error
    case nil: return nil
    }
  }

  func source(of offset: Int) -> String {
    precondition(nextBatch > 0, "a batch was read")
    return conversions[(nextBatch - 1) & 1].source(of: offset)
  }

  // MARK: - The first walk

  /// The scan of the whole file, made when first asked for.
  private func scanned() throws(StoreError) -> FileScan {
    if let scan { return scan }
    let total = file.view.count
    let progress = options.progress
    let scan = try scanned(lenient: [:]) { position in progress?(position / 2, total) }
    self.scan = scan
    return scan
  }

  /// Scans the file, a large one in two halves at once.
  ///
  /// The second half begins after a line end that may stand in quotes: it counts only if the first
  /// half's last record ends just there.
  private func scanned(
    lenient: [Int: Readings], progress: @escaping (Int) -> Void
  ) throws(StoreError) -> FileScan {
    let total = file.view.count
    func makeScan(from start: Int) -> FileScan {
      var scan = FileScan(tokens, columnCount: headers.count, marks: marks, from: start)
      scan.lenient = lenient
      scan.allowsNUL = isExact
      return scan
    }
    var scan = makeScan(from: firstRecord)
    let newlines = tokens.dialect.newlines
    if total - firstRecord >= Self.twoHalvesByteCountMin,
      let lineEnd = file.view.firstPosition(
        of: newlines, from: (firstRecord + total) / 2, before: total)
    {
      let middle = lineEnd + 1
      var second = makeScan(from: middle)
      Workers.both(
        { scan.run(to: middle) { position in progress(position * 2) } },
        { second.run(to: total, progress: nil) })
      if scan.stop == nil, scan.position == middle { scan.merge(second) }
    }
    if scan.stop == nil, scan.position < total { scan.run(to: total, progress: progress) }
    try check(scan)
    // The scan counts lines from 1 where it begins.
    scan.shiftLines(by: firstLine - 1)
    return scan
  }

  private func check(_ scan: FileScan) throws(StoreError) {
    let refusal: FileRefusal
    switch scan.stop {
    case nil: return
    case .interrupted: throw .interrupted
    case .malformed(let position):
      refusal = FileRefusal(malformed: file.view, at: position)
    case .unterminatedQuote(let line, let column):
      // The walk is over; what follows the quote was not checked.
      var resume = 0
      if let found = file.view.firstMalformedPosition(
        from: scan.position, to: file.view.count, resume: &resume)
      {
        refusal = FileRefusal(malformed: file.view, at: found)
      } else {
        refusal = .unterminatedQuote(line: line + firstLine - 1, column: column)
      }
    case .fieldTooLong(let line, let column, let isQuoted):
      refusal = .fieldTooLong(line: line + firstLine - 1, column: column, isQuoted: isQuoted)
    }
    throw .file(refusal.problem(path))
  }

  /// How each requested column is read. A column asked for as a number or date that does not read
  /// as one throughout is judged again by those of its cells that do.
  private func judgements(
    for requests: [ColumnRequest], _ scan: FileScan
  ) throws(StoreError) -> [Judgement] {
    var lenient: [Int: Readings] = [:]
    for request in requests {
      let canBe = scan.columns[request.source].canBe
      if let wanted = Readings(of: request.type), canBe.isDisjoint(with: wanted) {
        lenient[request.source] = wanted
      }
    }
    var again: FileScan?
    if !lenient.isEmpty {
      again = try scanned(lenient: lenient) { _ in }
    }
    var judgements: [Judgement] = []
    for request in requests {
      let column = request.source
      let evidence =
        lenient[column] != nil ? again?.columns[column] : scan.columns[column]
      let judged = evidence ?? Evidence()
      let judgement = Judgement(judged, options)
      if lenient[column] != nil,
        let ambiguity = Judgement.ambiguity(
          judged, judgement, bytes: tokens.bytes, header: headers[column], column: column + 1)
      {
        throw .cell(ambiguity)
      }
      judgements.append(judgement)
    }
    return judgements
  }

}

extension CSVReader {
  /// Reads the names of the columns, and where and on which line what follows them begins.
  private static func header(
    _ tokens: Tokens, from start: Int, _ path: String
  ) throws(StoreError) -> (names: [String], end: Int, line: Int) {
    let bytes = tokens.bytes
    var position = start
    var line = 1 + bytes.count(of: tokens.dialect.newline, in: 0..<start)
    while position < bytes.count, let next = tokens.endOfBlankLine(at: position) {
      position = next
      line += 1
    }
    guard position < bytes.count else { throw .file(FileRefusal.empty.problem(path)) }
    let headerLine = line
    // Read far enough to know that it is text before the cells are cut.
    var resume = 0
    let sampleEnd = min(bytes.count, position + 1_048_576)
    if let found = bytes.firstMalformedPosition(from: position, to: sampleEnd, resume: &resume) {
      throw .file(FileRefusal(malformed: bytes, at: found).problem(path))
    }
    var names: [String] = []
    var typedCount = 0
    while true {
      guard let cell = tokens.cell(at: position) else {
        throw .file(
          FileRefusal.unterminatedQuote(line: headerLine, column: names.count + 1).problem(path))
      }
      guard cell.content.count <= Limits.textByteCountMax else {
        throw .file(
          FileRefusal.fieldTooLong(
            line: headerLine, column: names.count + 1, isQuoted: cell.isQuoted
          ).problem(path))
      }
      if names.count < columnCountMax {
        names.append(name(tokens, cell))
        let evidence = CellEvidence(bytes, cell.content)
        if !evidence.canBe.isEmpty, evidence.canBe != .flag { typedCount += 1 }
      } else {
        guard let shape = tokens.measure(recordAt: cell.end) else { break }
        throw .file(
          FileRefusal.tooManyColumns(columnCountMax + shape.cellCount).problem(path))
      }
      line += cell.lineCount
      position = cell.end + 1
      if tokens.endsRecord(cell.end) { break }
    }
    if typedCount == names.count {
      throw .file(FileRefusal.noHeader(columnCount: names.count).problem(path))
    }
    return (names, min(position, bytes.count), line + 1)
  }

  private static func name(_ tokens: Tokens, _ cell: CellRange) -> String {
    let text = tokens.bytes.text(tokens.bytes.trimmed(cell.content))
    guard cell.hasDoubledQuote else { return text }
    var bytes: [UInt8] = []
    var isSecond = false
    for byte in text.utf8 {
      isSecond = byte == Dialect.quote && !isSecond
      if !isSecond || byte != Dialect.quote { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
