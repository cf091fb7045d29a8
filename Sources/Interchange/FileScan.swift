import Store

/// The first walk through a file: finds records and their batches, and gathers the evidence on
/// every column's type.
///
/// A part of a file may be scanned on its own, given that a record begins where it begins; parts are
/// then merged in order. A record with a wrong number of cells counts as a record and says nothing
/// of the types.
struct FileScan {
  /// Records of one batch begin here.
  struct Batch {
    /// Position of its first record or a blank line before it.
    var start: Int
    /// The line there, counted from 1 in the part.
    var line: Int
    /// Records in it.
    var recordCount: Int
  }

  /// Why a scan stopped early: lines are counted from 1 in the part.
  enum Stop {
    case malformed(position: Int)
    case unterminatedQuote(line: Int, column: Int)
    case fieldTooLong(line: Int, column: Int, isQuoted: Bool)
    case interrupted
  }

  private static let blockByteCount = 1_048_576

  /// The most records of a batch: enough for a worker, few enough for the cache, and about a million
  /// cells in a wide file.
  static func batchRecordCountMax(columnCount: Int) -> Int {
    max(16, min(16_384, 1_048_576 / max(columnCount, 1)))
  }

  let tokens: Tokens
  /// One per column.
  let columns: Slots<Evidence>
  let marks: UnknownMarks
  /// Which columns are judged only by the cells that fit this reading, for columns asked for as
  /// another type than they read as.
  var lenient: [Int: Readings] = [:]
  /// Whether NUL is a character like others.
  var allowsNUL = false
  private(set) var batches: [Batch] = []
  private(set) var recordCount = 0
  /// The line at `position`, counted from 1.
  private(set) var line = 1
  /// Where the next record begins.
  private(set) var position: Int
  private(set) var stop: Stop?
  private var checked: Int

  /// Makes a scan from `start`, where a record begins.
  init(_ tokens: Tokens, columnCount: Int, marks: UnknownMarks, from start: Int) {
    self.tokens = tokens
    self.marks = marks
    columns = Slots(repeating: Evidence(), count: columnCount)
    position = start
    checked = start
  }

  /// Scans all records that begin before `limit`. `progress` gets the position once per MiB.
  mutating func run(to limit: Int, progress: ((Int) -> Void)?) {
    while position < limit, stop == nil {
      if Cancellation.isRequested {
        stop = .interrupted
        return
      }
      let block = min(position + Self.blockByteCount, limit)
      check(to: min(block, tokens.bytes.count))
      guard stop == nil else { return }
      scan(to: block)
      progress?(min(position, limit))
    }
    if stop == nil { check(to: min(position, tokens.bytes.count)) }
  }

  /// Takes in the part that begins where this one ended.
  mutating func merge(_ later: FileScan) {
    batches += later.batches.map {
      Batch(start: $0.start, line: $0.line + line - 1, recordCount: $0.recordCount)
    }
    for column in 0..<columns.count {
      var evidence = later.columns[column]
      evidence.differing.line += line - 1
      evidence.otherCurrency.line += line - 1
      columns[column].merge(evidence)
    }
    recordCount += later.recordCount
    switch later.stop {
    case .unterminatedQuote(let at, let column):
      stop = .unterminatedQuote(line: at + line - 1, column: column)
    case .fieldTooLong(let at, let column, let isQuoted):
      stop = .fieldTooLong(line: at + line - 1, column: column, isQuoted: isQuoted)
    default: stop = later.stop
    }
    line += later.line - 1
    position = later.position
  }

  /// Counts lines as if that many came before the part.
  mutating func shiftLines(by count: Int) {
    line += count
    for index in batches.indices { batches[index].line += count }
    for column in 0..<columns.count {
      columns[column].differing.line += count
      columns[column].otherCurrency.line += count
    }
  }

  private mutating func check(to end: Int) {
    while end > checked {
      guard
        let found = tokens.bytes.firstMalformedPosition(
          from: checked, to: end, resume: &checked)
      else { return }
      guard allowsNUL, tokens.bytes[found] == 0 else {
        stop = .malformed(position: found)
        return
      }
      checked = found + 1
    }
  }

  private mutating func scan(to limit: Int) {
    let tokens = tokens
    let bytes = tokens.bytes
    let columns = columns.reach
    let last = self.columns.count - 1
    var position = position
    var line = line
    var recordCount = recordCount
    defer {
      self.position = position
      self.line = line
      self.recordCount = recordCount
    }
    let batchRecordCountMax = Self.batchRecordCountMax(columnCount: last + 1)
    var batchStart = batches.last?.start ?? position
    var batchLine = batches.last?.line ?? line
    var inBatch = batches.last?.recordCount ?? 0
    if !batches.isEmpty { batches.removeLast() }
    defer {
      if inBatch > 0 {
        batches.append(Batch(start: batchStart, line: batchLine, recordCount: inBatch))
      }
    }
    while position < limit {
      if let next = tokens.endOfBlankLine(at: position) {
        position = next
        line &+= 1
        continue
      }
      if inBatch == batchRecordCountMax {
        batches.append(Batch(start: batchStart, line: batchLine, recordCount: inBatch))
        inBatch = 0
      }
      if inBatch == 0 { (batchStart, batchLine) = (position, line) }
      inBatch &+= 1
      recordCount &+= 1
      let record = position
      let recordLine = line
      var column = 0
      while true {
        var end = shapedEnd(position, columns, column)
        if end < 0 {
          guard let cell = tokens.cell(at: position) else {
            stop = .unterminatedQuote(line: line, column: column + 1)
            return
          }
          if cell.content.count > tokens.cellByteCountMax {
            stop = .fieldTooLong(line: line, column: column + 1, isQuoted: cell.isQuoted)
            return
          }
          end = cell.end
          if cell.hasTail { break }
          judge(cell, column, record: record, line: recordLine)
          line &+= cell.lineCount
        }
        position = end &+ 1
        if bytes[end] == tokens.dialect.newline || column == last { break }
        column &+= 1
      }
      if position > record, column == last, bytes[position &- 1] == tokens.dialect.newline {
        line &+= 1
        continue
      }
      // The record has too few or too many cells, or text behind a closing quote.
      line = recordLine
      guard let shape = tokens.measure(recordAt: record) else {
        stop = .unterminatedQuote(line: line, column: column + 1)
        return
      }
      discount(record, upTo: position)
      position = shape.end
      line &+= shape.lineCount
    }
  }

  /// Where the cell at `position` ends when it has its column's shape, else -1.
  @inline(__always)
  private func shapedEnd(
    _ position: Int, _ columns: SlotReach<Evidence>, _ column: Int
  ) -> Int {
    let bytes = tokens.bytes
    switch columns[column].shape {
    case .mixed: return -1
    case .digits:
      var start = position
      if bytes[start] == 0x2D { start &+= 1 }
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 16, bytes[start] != 0x30 || digits.count == 1,
        let end = tokens.end(at: start &+ digits.count)
      else { return -1 }
      columns[column].knownCount &+= 1
      return end
    case .decimal:
      var start = position
      if bytes[start] == 0x2D { start &+= 1 }
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 14, bytes[start] != 0x30 || digits.count == 1
      else { return -1 }
      start &+= digits.count
      if bytes[start] == 0x2E {
        let fraction = Digits.prefixCount(bytes.word(at: start &+ 1))
        guard fraction > 0, fraction < 8,
          fraction < 3 || columns[column].seen.contains(.longPointFraction)
        else { return -1 }
        start &+= 1 &+ fraction
      }
      guard let end = tokens.end(at: start) else { return -1 }
      columns[column].knownCount &+= 1
      return end
    case .isoDate:
      guard bytes.isoDay(at: position) != nil, let end = tokens.end(at: position &+ 10)
      else { return -1 }
      columns[column].knownCount &+= 1
      return end
    case .isoTime:
      guard bytes.isoDay(at: position) != nil,
        bytes[position &+ 10] == 0x54 || bytes[position &+ 10] == 0x20,
        bytes.isoSecond(at: position &+ 11) != nil, let end = tokens.end(at: position &+ 19)
      else { return -1 }
      columns[column].knownCount &+= 1
      return end
    case .text:
      guard bytes[position] != Dialect.quote else { return -1 }
      let cell = tokens.bareCell(at: position)
      let first = bytes[position]
      guard !cell.content.isEmpty, marks.isEmpty, first != 0x20, first != 0x09,
        cell.content.count > 4 || first != 0x2D && first | 0x20 != 0x6E,
        cell.content.count <= tokens.cellByteCountMax
      else { return -1 }
      columns[column].knownCount &+= 1
      return cell.end
    }
  }

  /// Counts the cell, and lets it change the column's evidence if its record has as many cells as
  /// the header. `line` is that of the record.
  private func judge(_ cell: CellRange, _ column: Int, record: Int, line: Int) {
    let kind = kind(of: cell)
    count(kind, column, by: 1)
    guard case .known = kind, !columns[column].canBe.isEmpty else { return }
    var evidence: CellEvidence
    if cell.hasDoubledQuote {
      // Nothing with a quote in it is a number, a date or a flag.
      evidence = CellEvidence.text
    } else {
      evidence = CellEvidence(tokens.bytes, cell.content)
    }
    if let wanted = lenient[column] {
      if evidence.canBe.isDisjoint(with: wanted) { return }
      evidence.canBe.formIntersection(wanted)
    }
    guard columns[column].isChanged(by: evidence) else { return }
    guard let shape = tokens.measure(recordAt: record), shape.cellCount == columns.count,
      shape.tailColumn == nil
    else { return }
    columns[column].change(
      by: evidence,
      at: Evidence.Example(
        start: cell.content.lowerBound, end: cell.content.upperBound, line: line))
  }

  /// What a cell counts as.
  private enum Kind {
    case empty, emptyText, blank, mark, unknown, known
  }

  private func kind(of cell: CellRange) -> Kind {
    let range = cell.content
    if range.isEmpty { return cell.isQuoted ? .emptyText : .empty }
    if !marks.isEmpty, marks.contains(tokens.bytes, range) { return .unknown }
    let first = tokens.bytes[range.lowerBound]
    if first == 0x20 || first == 0x09, tokens.bytes.trimmed(range).isEmpty { return .blank }
    if range.count <= 4, UnknownMarks.isUsual(tokens.bytes, range) { return .mark }
    return .known
  }

  private func count(_ kind: Kind, _ column: Int, by step: Int) {
    switch kind {
    case .empty, .unknown: break
    case .emptyText: columns[column].emptyTextCount += step
    case .blank: columns[column].blankCount += step
    case .mark: columns[column].markCount += step
    case .known: columns[column].knownCount += step
    }
  }

  /// Takes back what a bad record's cells before `end` counted.
  private func discount(_ record: Int, upTo end: Int) {
    var position = record
    var column = 0
    while position < end, column < columns.count, let cell = tokens.cell(at: position),
      !cell.hasTail
    {
      count(kind(of: cell), column, by: -1)
      position = cell.end + 1
      column += 1
      if tokens.endsRecord(cell.end) { break }
    }
  }
}

extension CellEvidence {
  /// The evidence of a cell that is text and nothing else.
  static let text = CellEvidence()

  private init() {}
}
