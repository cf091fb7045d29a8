import Store

/// Where the values of one requested column go, for files whose values may have a type of their
/// own: reads each as the type asked for and keeps the values of one batch.
///
/// Rows are put in ascending order; a row that nothing is put into is unknown.
final class ValueTarget {
  private let kind: CellTarget.Kind
  private let type: ValueType
  /// Where values of every type but text go.
  private let cells: CellTarget
  private let texts: ByteStore
  private var ends: [Int] = []
  private var knownTexts: [UInt8] = []
  private let spelling = ByteStore()
  /// Rows of the last batch, whose values are still there.
  private var usedCount = 0

  /// Makes the memory for batches of up to `rowCountMax` rows.
  init(
    _ request: ColumnRequest, _ judgement: Judgement, rowCountMax: Int, budget: Budget?
  ) {
    type = request.type
    let isText = request.type == .text
    cells = CellTarget(
      request, judgement, recordCount: isText ? 0 : rowCountMax, hasMarks: true)
    kind = cells.kind
    texts = ByteStore(budget: budget)
  }

  /// Bytes of memory per row, texts not counted.
  static let rowByteCount = 9

  /// Begins a batch: every row is unknown.
  func begin(_ rowCount: Int) {
    if kind == .text {
      texts.removeAll()
      ends.removeAll(keepingCapacity: true)
      knownTexts = [UInt8](repeating: 0, count: rowCount)
    } else {
      for row in 0..<usedCount { cells.putUnknown(row) }
    }
    usedCount = 0
  }

  /// The values of a batch.
  func vector(_ rowCount: Int) -> Vector {
    usedCount = rowCount
    guard kind == .text else { return cells.vector(rowCount, from: texts.view) }
    fillEnds(to: rowCount)
    var block = TextBlock()
    block.bytes = texts.bytes
    block.ends = ends
    return Vector(texts: block, known: Array(knownTexts.prefix(rowCount)))
  }

  /// Makes a row unknown, whatever was put there.
  func putUnknown(_ row: Int) {
    guard kind == .text else { return cells.putUnknown(row) }
    // What was put stays in the heap, and belongs to no row.
    knownTexts[row] = 0
    if ends.count > row {
      texts.truncate(to: row == 0 ? 0 : ends[row - 1])
      ends.removeLast(ends.count - row)
    }
  }

  /// Puts a text, or says why not; then the row is unknown.
  func put(
    text bytes: ByteView, _ range: Range<Int>, _ row: Int
  ) throws(StoreError) -> CellRefusal? {
    guard kind == .text else { return cells.take(bytes, range, row) }
    try putText(bytes, range, row)
    return nil
  }

  /// Puts a whole number.
  func put(integer: Int64, _ row: Int) throws(StoreError) -> CellRefusal? {
    switch kind {
    case .integer: cells.lane.put(integer, row)
    case .money:
      guard integer.magnitude <= UInt64(Limits.moneyMinorMax / 100) else {
        return .amountOutOfRange
      }
      cells.lane.put(integer * 100, row)
    case .number: put(number: Double(integer), row)
    case .flag:
      guard integer == 0 || integer == 1 else { return .notOf(type) }
      cells.lane.put(integer, row)
    case .date, .time: return .notOf(type)
    case .choice, .text: return try put(row) { $0.put(integer: integer) }
    }
    return nil
  }

  /// Puts a number that has a fraction, or may have one.
  func put(real: Double, _ row: Int) throws(StoreError) -> CellRefusal? {
    guard real.isFinite else { return .notOf(kind == .text ? .number : type) }
    switch kind {
    case .integer:
      guard let integer = Int64(exactly: real) else { return .notOf(type) }
      cells.lane.put(integer, row)
    case .money:
      guard abs(real) <= Double(Limits.moneyMinorMax / 100) else { return .amountOutOfRange }
      guard let minor = NumberEvidence.minorUnits(of: real) else { return .moreThanTwoDecimals }
      cells.lane.put(minor, row)
    case .number: put(number: real, row)
    case .flag, .date, .time: return .notOf(type)
    case .choice, .text: return try put(row) { $0.put(number: real) }
    }
    return nil
  }

  /// Puts a point in time, as seconds since 1970.
  func put(second: Int64, _ row: Int) -> CellRefusal? {
    switch kind {
    case .time: cells.lane.put(second, row)
    case .date where second % 86_400 == 0: cells.lane.put(second / 86_400, row)
    default: return .notOf(type)
    }
    return nil
  }

  /// Puts a truth.
  func put(flag: Bool, spelled bytes: ByteView, _ range: Range<Int>, _ row: Int)
    throws(StoreError) -> CellRefusal?
  {
    switch kind {
    case .flag: cells.lane.put(flag ? 1 : 0, row)
    case .choice, .text: return try put(text: bytes, range, row)
    default: return .notOf(type)
    }
    return nil
  }

  /// Puts a number as it is written, with a decimal point: exactly where the type is.
  func put(
    number bytes: ByteView, _ range: Range<Int>, _ row: Int
  ) throws(StoreError) -> CellRefusal? {
    switch kind {
    case .choice, .text: return try put(text: bytes, range, row)
    case .date, .time: return .notOf(type)
    case .integer, .money, .number, .flag: break
    }
    if range.count < 16 {
      let start = bytes[range.lowerBound] == 0x2D ? range.lowerBound &+ 1 : range.lowerBound
      let digits = bytes.digits(at: start)
      // `-0` has a sign that only a number keeps.
      if start &+ digits.count == range.upperBound, start == range.lowerBound {
        return try put(integer: digits.value, row)
      }
    }
    guard let amount = Amount(bytes, range, decimal: .point) else { return .notOf(type) }
    switch kind {
    case .money:
      guard let minor = amount.scaled(by: 2) else {
        return amount.isBeyond(Limits.moneyMinorMax / 100)
          ? .amountOutOfRange : .moreThanTwoDecimals
      }
      guard minor.magnitude <= UInt64(Limits.moneyMinorMax) else { return .amountOutOfRange }
      cells.lane.put(minor, row)
    case .number:
      guard let number = amount.value(bytes, range, decimal: .point) else { return .notOf(type) }
      put(number: number, row)
    default:
      guard let integer = amount.scaled(by: 0) else { return .notOf(type) }
      return try put(integer: integer, row)
    }
    return nil
  }

  @inline(__always)
  private func put(number: Double, _ row: Int) {
    cells.lane.reals[row] = number
    cells.lane.known[row] = 0x80
  }

  /// Puts a number as it is written elsewhere.
  private func put(
    _ row: Int, _ write: (inout ValuePen) -> Void
  ) throws(StoreError) -> CellRefusal? {
    spelling.removeAll()
    try spelling.append(write)
    return try put(text: spelling.view, 0..<spelling.count, row)
  }

  @inline(__always)
  private func putText(_ bytes: ByteView, _ range: Range<Int>, _ row: Int) throws(StoreError) {
    fillEnds(to: row)
    try texts.append(range, of: bytes)
    ends.append(texts.count)
    knownTexts[row] = 0x80
  }

  @inline(__always)
  private func fillEnds(to row: Int) {
    while ends.count < row { ends.append(texts.count) }
  }
}

extension Amount {
  /// The number times ten to the power of `places`, when that is a whole number that fits.
  func scaled(by places: Int) -> Int64? {
    guard digitCount <= 19, currency == nil else { return nil }
    guard digits != 0 else { return 0 }
    var rest = digits
    var power = exponent - fractionCount + places
    while power < 0 {
      guard rest % 10 == 0 else { return nil }
      rest /= 10
      power += 1
    }
    guard power <= 18 else { return nil }
    let (product, isBeyond) = rest.multipliedReportingOverflow(by: UInt64(Digits.powers[power]))
    if isBeyond || product > UInt64(Int64.max) + (isNegative ? 1 : 0) { return nil }
    return isNegative ? Int64(truncatingIfNeeded: 0 &- product) : Int64(product)
  }

  /// Whether it is larger than `limit`, its sign aside.
  func isBeyond(_ limit: Int64) -> Bool {
    guard digits > 0 else { return false }
    let power = exponent - fractionCount + max(0, digitCount - 19)
    if power > 18 { return true }
    return power >= 0
      ? Double(digits) * Double(Digits.powers[power]) > Double(limit)
      : Double(digits) > Double(limit) * 1e18
        || power >= -18 && Double(digits) / Double(Digits.powers[-power]) > Double(limit)
  }
}
