import Store

/// The second walk: makes the records of one batch into vectors of the types asked for.
///
/// Holds the memory of one batch and is used for one batch after the other; two of them may work on
/// two batches at once.
final class BatchConversion {
  /// What became of a batch: the records, or why there are none.
  typealias Outcome = Result<RecordBatch, StoreError>

  private let tokens: Tokens
  private let headers: [String]
  private let marks: UnknownMarks
  private let targets: [CellTarget]
  private let lanes: Slots<CellLane>
  /// What a column that nobody wants has for a lane.
  private let unwanted: CellTarget
  private let budget: Budget?
  private let byteCount: Int
  /// For each column of the file, the first target that wants it, or -1, and for each target the
  /// next that wants the same column.
  private let firstTargets: Slots<Int>
  private let nextTargets: Slots<Int>
  private let lines: Slots<Int>
  /// Where each record begins.
  private let starts: Slots<Int>
  private let scratch: ByteStore
  private var problems: [(offset: Int, problem: CellProblem)] = []
  /// The last batch's outcome.
  private(set) var outcome: Outcome?

  /// Makes the memory for batches of the file's size.
  init(
    _ tokens: Tokens, headers: [String], requests: [ColumnRequest], judgements: [Judgement],
    marks: UnknownMarks, budget: Budget?
  ) throws(StoreError) {
    self.tokens = tokens
    self.headers = headers
    self.marks = marks
    self.budget = budget
    let recordCount = FileScan.batchRecordCountMax(columnCount: headers.count)
    byteCount = recordCount * (requests.count * CellTarget.recordByteCountMax + 16)
    if byteCount > Budget.freeByteCount { try budget?.take(byteCount) }
    firstTargets = Slots(repeating: -1, count: headers.count)
    nextTargets = Slots(repeating: -1, count: requests.count)
    lines = Slots(repeating: 0, count: recordCount)
    starts = Slots(repeating: 0, count: recordCount)
    scratch = ByteStore(budget: budget)
    var targets: [CellTarget] = []
    for (index, request) in requests.enumerated() {
      targets.append(
        CellTarget(
          request, judgements[index], recordCount: recordCount, hasMarks: !marks.isEmpty))
      nextTargets[index] = firstTargets[request.source]
      firstTargets[request.source] = index
    }
    self.targets = targets
    unwanted = CellTarget(
      ColumnRequest(source: 0, type: .flag), Judgement(Evidence(), ReadOptions()), recordCount: 0,
      hasMarks: true)
    lanes = Slots(repeating: unwanted.lane, count: headers.count)
    for (column, index) in (0..<headers.count).map({ ($0, firstTargets[$0]) })
    where index >= 0 && nextTargets[index] < 0 {
      lanes[column] = targets[index].lane
    }
  }

  deinit {
    if byteCount > Budget.freeByteCount { budget?.give(back: byteCount) }
  }

  /// Forgets the last outcome.
  func clear() { outcome = nil }

  /// The record at an offset of the last batch, as it stands in the file, without its line end.
  func source(of offset: Int) -> String {
    let start = starts[offset]
    guard let shape = tokens.measure(recordAt: start) else { return "" }
    var end = min(shape.end - 1, tokens.bytes.count)
    if end > start, tokens.bytes[end - 1] == Dialect.carriageReturn { end -= 1 }
    return tokens.bytes.text(start..<end)
  }

  /// Converts one batch into `outcome`.
  func convert(_ batch: FileScan.Batch) {
    problems.removeAll()
    do throws(StoreError) {
      try convertRecords(batch)
      outcome = .success(
        RecordBatch(
          vectors: targets.map { $0.vector(batch.recordCount, from: tokens.bytes) },
          lines: lines.prefix(batch.recordCount), problems: problems))
    } catch {
      outcome = .failure(error)
    }
  }

  private func convertRecords(_ batch: FileScan.Batch) throws(StoreError) {
    let tokens = tokens
    let bytes = tokens.bytes
    let newline = tokens.dialect.newline
    let last = headers.count - 1
    let lanes = lanes.reach
    let lines = lines.reach
    let starts = starts.reach
    var position = batch.start
    var line = batch.line
    var row = 0
    while row < batch.recordCount {
      if let next = tokens.endOfBlankLine(at: position) {
        position = next
        line &+= 1
        continue
      }
      lines[row] = line
      starts[row] = position
      let record = position
      let recordLine = line
      let problemCount = problems.count
      var column = 0
      while true {
        var end = lanes[column].takeShaped(tokens, position, row)
        if end < 0 {
          end = try convertCell(column, at: position, row, recordLine, &line)
          if end < 0 { break }
        }
        position = end &+ 1
        if bytes[end] == newline || column == last { break }
        column &+= 1
      }
      if position > record, column == last, bytes[position &- 1] == newline {
        line &+= 1
      } else {
        problems.removeLast(problems.count - problemCount)
        line = recordLine
        guard let shape = tokens.measure(recordAt: record) else { return }
        refuse(shape, row, recordLine)
        position = shape.end
        line &+= shape.lineCount
      }
      row &+= 1
    }
  }

  /// Converts the cell at `position` for all targets that want it and gives where it ends, or -1
  /// when text follows its closing quote.
  @inline(never)
  private func convertCell(
    _ column: Int, at position: Int, _ row: Int, _ recordLine: Int, _ line: inout Int
  ) throws(StoreError) -> Int {
    guard let cell = tokens.cell(at: position), !cell.hasTail else { return -1 }
    line &+= cell.lineCount
    var target = firstTargets[column]
    while target >= 0 {
      try convert(cell, targets[target], row, recordLine, column)
      target = nextTargets[target]
    }
    return cell.end
  }

  private func convert(
    _ cell: CellRange, _ target: CellTarget, _ row: Int, _ line: Int, _ column: Int
  ) throws(StoreError) {
    var bytes = tokens.bytes
    var range = cell.content
    if !marks.isEmpty, marks.contains(bytes, range) {
      target.putUnknown(row)
      return
    }
    if target.kind == .text {
      target.putText(cell, row)
      return
    }
    if cell.hasDoubledQuote {
      scratch.removeAll()
      try scratch.appendUnquoted(range, of: bytes)
      bytes = scratch.view
      range = 0..<scratch.count
    }
    if let refusal = target.take(bytes, range, row) {
      target.putUnknown(row)
      problems.append(
        (
          row,
          refusal.problem(
            line: line, column: column + 1, header: headers[column], cell: bytes.text(range))
        ))
    }
  }

  private func refuse(_ shape: RecordShape, _ row: Int, _ line: Int) {
    for target in targets { target.putUnknown(row) }
    let refusal: CellRefusal
    if let column = shape.tailColumn {
      problems.append(
        (
          row,
          CellRefusal.textAfterQuote.problem(
            line: line, column: column, header: column <= headers.count ? headers[column - 1] : nil)
        ))
      return
    }
    refusal =
      shape.cellCount < headers.count
      ? .rowTooShort(found: shape.cellCount, expected: headers.count)
      : .rowTooLong(found: shape.cellCount, expected: headers.count)
    problems.append((row, refusal.problem(line: line, column: nil, header: nil)))
  }
}
