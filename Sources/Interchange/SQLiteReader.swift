import Store

/// Reads the rows of a SQLite table. `columns()` goes through it once and judges every column by
/// its declared type and all its values; `next()` goes through it again and converts.
///
/// A value that no field can hold, bytes or text that is not UTF-8, is a problem of its cell. Lines
/// are rows, counted from 1.
final class SQLiteReader: RecordReader {
  private let file: SQLiteFile
  private let table: SQLiteTable
  private let options: ReadOptions
  private let marks: UnknownMarks
  private var judged: [SQLiteJudgement]?
  private(set) var recordCount = 0
  private let scratch = ByteStore()

  private var rows: SQLiteStatement?
  private var lanes: [Lane] = []
  private var rowCountMax = 0
  private var lastCount = 0
  private var doneCount = 0
  /// For messages: a second way through the rows, and how many it has passed.
  private var sources: (rows: SQLiteStatement, passedCount: Int)?

  /// One requested column.
  private struct Lane {
    let header: String
    let target: ValueTarget
    /// How a number is a point in time, when it is.
    let momentForm: MomentNumbers.Form?
  }

  init(_ file: SQLiteFile, _ table: SQLiteTable, _ options: ReadOptions) {
    self.file = file
    self.table = table
    self.options = options
    marks = UnknownMarks(options.unknownMarks)
  }

  func columns() throws(StoreError) -> [SourceColumn] {
    let judged = try judgements()
    let names = FieldNames.unique(table.columns.map(\.name))
    return table.columns.indices.map { index in
      judged[index].column(header: table.columns[index].name, fieldName: names[index], options)
    }
  }

  func start(_ requests: [ColumnRequest]) throws(StoreError) {
    rowCountMax = FileScan.batchRecordCountMax(columnCount: requests.count)
    let judgements = try judgements(for: requests)
    let judged = try self.judgements()
    lanes = zip(requests, judgements).map { request, judgement in
      let isMoment = request.type == .date || request.type == .time
      return Lane(
        header: table.columns[request.source].name,
        target: ValueTarget(
          request, judgement, rowCountMax: rowCountMax, budget: options.budget),
        momentForm: isMoment ? judged[request.source].momentForm?.form : nil)
    }
    (lastCount, doneCount) = (0, 0)
    rows = try select(requests.map { table.columns[$0.source].name })
  }

  func next() throws(StoreError) -> RecordBatch? {
    guard let rows else { return nil }
    try Cancellation.check()
    for lane in lanes { lane.target.begin(rowCountMax) }
    var problems: [(offset: Int, problem: CellProblem)] = []
    var count = 0
    var textCount = 0
    while count < rowCountMax, textCount < Limits.textByteCountMax {
      guard try step(rows) else {
        // Another step would begin again.
        self.rows = nil
        break
      }
      for index in lanes.indices {
        guard let refusal = try take(index, from: rows, count, &textCount) else { continue }
        lanes[index].target.putUnknown(count)
        problems.append(
          (
            count,
            refusal.problem(
              line: doneCount + count + 1, column: nil, header: lanes[index].header,
              cell: rows.string(Int32(index)) ?? "")
          ))
      }
      count += 1
    }
    lastCount = count
    guard count > 0 else { return nil }
    let first = doneCount + 1
    doneCount += count
    options.progress?(recordCount + doneCount, 2 * max(recordCount, doneCount))
    return RecordBatch(
      vectors: lanes.map { $0.target.vector(count) }, lines: Array(first..<first + count),
      problems: problems)
  }

  func source(of offset: Int) -> String {
    let wanted = doneCount - lastCount + offset + 1
    if (sources?.passedCount ?? .max) >= wanted {
      sources = (try? select(table.columns.map(\.name))).map { ($0, 0) }
    }
    guard let (rows, passed) = sources else { return "" }
    var passedCount = passed
    while passedCount < wanted, (try? rows.step()) == true { passedCount += 1 }
    sources = (rows, passedCount)
    return table.columns.indices.map { index in
      rows.kind(Int32(index)) == .blob ? "" : rows.string(Int32(index)) ?? ""
    }.joined(separator: ",")
  }

  // MARK: converting

  /// Puts one value, or says why not.
  @inline(__always)
  private func take(
    _ index: Int, from rows: SQLiteStatement, _ row: Int, _ textCount: inout Int
  ) throws(StoreError) -> CellRefusal? {
    let column = Int32(truncatingIfNeeded: index)
    let target = lanes[index].target
    switch rows.kind(column) {
    case .null: return nil
    case .integer:
      let integer = rows.integer(column)
      if let form = lanes[index].momentForm {
        return target.put(second: form.second(integer), row)
      }
      return try target.put(integer: integer, row)
    case .real:
      let real = rows.real(column)
      if let form = lanes[index].momentForm { return target.put(second: form.second(real), row) }
      return try target.put(real: real, row)
    case .text:
      guard try rows.takeText(column, into: scratch) else {
        return .binary("a text longer than 16 MiB")
      }
      guard scratch.view.isUTF8 else { return .binary("text that is not UTF-8") }
      textCount &+= scratch.count
      if !marks.isEmpty, marks.contains(scratch.view, 0..<scratch.count) { return nil }
      return try target.put(text: scratch.view, 0..<scratch.count, row)
    case .blob: return .binary("binary data")
    }
  }

  // MARK: judging

  /// What each column is, found out when first asked for.
  private func judgements() throws(StoreError) -> [SQLiteJudgement] {
    if let judged { return judged }
    let judged = try judge(
      table.columns.indices.map { SQLiteJudgement(table.columns[$0].declared) })
    self.judged = judged
    return judged
  }

  private func judge(_ columns: [SQLiteJudgement]) throws(StoreError) -> [SQLiteJudgement] {
    var columns = columns
    guard !columns.isEmpty else { return [] }
    let rows = try select(table.columns.map(\.name))
    var row = 0
    while try step(rows) {
      row &+= 1
      if row & 0x3FFF == 0 {
        try Cancellation.check()
        options.progress?(row, 2 * max(table.recordCount, row))
      }
      for index in columns.indices {
        let column = Int32(truncatingIfNeeded: index)
        switch rows.kind(column) {
        case .null: break
        case .integer: columns[index].add(rows.integer(column))
        case .real: columns[index].add(rows.real(column))
        case .text:
          if columns[index].isSettled {
            columns[index].countText()
          } else if try rows.takeText(column, into: scratch) {
            try columns[index].add(text: scratch.view, 0..<scratch.count, marks, row: row)
          } else {
            columns[index].countText()
          }
        case .blob: columns[index].addBlob()
        }
      }
    }
    recordCount = row
    return columns
  }

  /// How the texts of each requested column are read. A column asked for as a number or date whose
  /// texts do not read as one throughout is judged again by those that do.
  private func judgements(for requests: [ColumnRequest]) throws(StoreError) -> [Judgement] {
    let judged = try judgements()
    var lenient: [Int: Readings] = [:]
    for request in requests {
      if let wanted = Readings(of: request.type),
        judged[request.source].evidence.texts.canBe.isDisjoint(with: wanted)
      {
        lenient[request.source] = wanted
      }
    }
    let again =
      lenient.isEmpty
      ? judged
      : try judge(
        table.columns.indices.map {
          SQLiteJudgement(table.columns[$0].declared, lenient: lenient[$0])
        })
    var judgements: [Judgement] = []
    for request in requests {
      let isLenient = lenient[request.source] != nil
      let found = (isLenient ? again : judged)[request.source]
      if isLenient, let ambiguity = found.ambiguity(request.header(in: table), options) {
        throw .cell(ambiguity)
      }
      judgements.append(Judgement(found.evidence.texts, options))
    }
    return judgements
  }

  // MARK: SQL

  /// All rows in the order of the table itself, whatever indexes there are.
  private func select(_ columns: [String]) throws(StoreError) -> SQLiteStatement {
    let list = columns.isEmpty ? "1" : columns.map(SQLText.quoted).joined(separator: ", ")
    do throws(SQLiteFailure) {
      return try file.connection.prepare(
        "SELECT \(list) FROM main.\(SQLText.quoted(table.name)) NOT INDEXED")
    } catch {
      throw SQLiteFile.refusal(error, file.path)
    }
  }

  @inline(__always)
  private func step(_ rows: SQLiteStatement) throws(StoreError) -> Bool {
    do throws(SQLiteFailure) {
      return try rows.step()
    } catch {
      throw SQLiteFile.refusal(error, file.path)
    }
  }
}

extension ColumnRequest {
  fileprivate func header(in table: SQLiteTable) -> String { table.columns[source].name }
}

extension ByteView {
  /// Whether all is well-formed UTF-8; NUL is.
  var isUTF8: Bool {
    var position = 0
    while position < count {
      guard let found = firstMalformedPosition(from: position, to: count, resume: &position) else {
        return true
      }
      guard self[found] == 0 else { return false }
      position = found + 1
    }
    return true
  }
}
