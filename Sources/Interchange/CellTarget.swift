import Store

/// Where the cells of one requested column go: reads them as the type asked for and keeps the values
/// of one batch.
final class CellTarget {
  /// What a cell becomes.
  enum Kind {
    case integer, money, number, date, time, flag, choice, text
  }

  let kind: Kind
  /// What the loop over cells works with.
  let lane: CellLane
  private let type: ValueType
  private let judgement: Judgement
  private let matcher: ChoiceMatcher?
  /// The words, or where in the file each text begins.
  private let words: Slots<Int64>
  private let reals: Slots<Double>
  private let known: Slots<UInt8>
  /// How long each text is in the file; negative when quotes in it are doubled.
  private let counts: Slots<Int32>

  /// Makes the memory for one batch of up to `recordCount` records.
  init(
    _ request: ColumnRequest, _ judgement: Judgement, recordCount count: Int, hasMarks: Bool
  ) {
    type = request.type
    self.judgement = judgement
    kind =
      switch request.type {
      case .integer, .reference: .integer
      case .money: .money
      case .number: .number
      case .date: .date
      case .time: .time
      case .flag: .flag
      case .choice: .choice
      case .text: .text
      }
    if case .choice(let list) = request.type {
      matcher = ChoiceMatcher(list, spellings: request.choiceSpellings)
    } else {
      matcher = nil
    }
    words = Slots(repeating: 0, count: kind == .number ? 0 : count)
    reals = Slots(repeating: 0, count: kind == .number ? count : 0)
    counts = Slots(repeating: 0, count: kind == .text ? count : 0)
    known = Slots(repeating: 0, count: count)
    lane = CellLane(
      kind: kind, decimalMark: judgement.decimalMark.rawValue,
      isShaped: !hasMarks && (!judgement.isOpen || kind == .text || kind == .date),
      words: words.reach, reals: reals.reach, known: known.reach, counts: counts.reach)
  }

  /// Bytes of memory per record.
  static let recordByteCountMax = 17

  /// The values of the first `count` records; texts are copied from `bytes` now.
  func vector(_ count: Int, from bytes: ByteView) -> Vector {
    let known = known.prefix(count)
    switch kind {
    case .number: return Vector(reals: reals.prefix(count), known: known)
    case .text:
      return Vector(
        texts: TextBlock(bytes, starts: words.reach, counts: counts.reach, count: count),
        known: known)
    default: return Vector(words: words.prefix(count), known: known)
    }
  }

  /// Makes the value of a row unknown, whatever was put there before.
  func putUnknown(_ row: Int) {
    known[row] = 0
    switch kind {
    case .number: reals[row] = 0
    case .text: counts[row] = 0
    default: words[row] = 0
    }
  }

  /// Puts a cell as text.
  func putText(_ cell: CellRange, _ row: Int) { lane.putText(cell, row) }

  @inline(__always)
  private func put(_ word: Int64, _ row: Int) { lane.put(word, row) }

  /// Takes a cell of a type other than text, or says why not; then nothing was put.
  func take(_ bytes: ByteView, _ range: Range<Int>, _ row: Int) -> CellRefusal? {
    if let matcher, let code = matcher.code(bytes, range) {
      put(code, row)
      return nil
    }
    let range = bytes.trimmed(range)
    if range.isEmpty || range.count <= 4 && UnknownMarks.isUsual(bytes, range) {
      putUnknown(row)
      return nil
    }
    if let matcher {
      return .notInChoice(near: matcher.near(bytes.text(range)), names: matcher.list.names)
    }
    switch kind {
    case .integer, .money, .number: return takeAmount(bytes, range, row)
    case .date, .time: return takeMoment(bytes, range, row)
    default: return takeFlag(bytes, range, row)
    }
  }

  private func takeAmount(_ bytes: ByteView, _ range: Range<Int>, _ row: Int) -> CellRefusal? {
    let mark = judgement.decimalMark
    guard let amount = Amount(bytes, range, decimal: mark) else { return .notOf(type) }
    if judgement.isOpen, bytes.count(of: 0x2E, in: range) + bytes.count(of: 0x2C, in: range) > 0,
      Amount(bytes, range, decimal: mark == .point ? .comma : .point) != nil
    {
      return .eitherMark([])
    }
    switch kind {
    case .integer:
      guard let integer = amount.integer else { return .notOf(type) }
      put(integer, row)
    case .money:
      guard let minor = amount.minorUnits else {
        return amount.fractionCount > 2 ? .moreThanTwoDecimals : .notOf(type)
      }
      guard minor >= -Limits.moneyMinorMax, minor <= Limits.moneyMinorMax else {
        return .amountOutOfRange
      }
      put(minor, row)
    default:
      guard let number = amount.value(bytes, range, decimal: mark) else { return .notOf(type) }
      reals[row] = number
      known[row] = 0x80
    }
    return nil
  }

  private func takeMoment(_ bytes: ByteView, _ range: Range<Int>, _ row: Int) -> CellRefusal? {
    guard let moment = Moment(bytes, range),
      let day = moment.day(isDayFirst: judgement.isDayFirst)
    else { return .notOf(type) }
    if judgement.isOpen, moment.order == .open, let other = moment.day(isDayFirst: false),
      let first = moment.day(isDayFirst: true), first != other
    {
      return .eitherOrder(
        [first, other].map { CellText.string(.word(Int64($0)), .date) })
    }
    if kind == .date {
      // A time of day would be lost, unless it is midnight.
      guard moment.second == 0 else { return .notOf(type) }
      put(Int64(day), row)
      return nil
    }
    if let zone = moment.zoneMinutes, let expected = judgement.zoneMinutes, zone != expected {
      return .otherZone
    }
    put(Int64(day) * 86_400 + Int64(moment.second), row)
    return nil
  }

  private func takeFlag(_ bytes: ByteView, _ range: Range<Int>, _ row: Int) -> CellRefusal? {
    for (yes, no) in Self.flagWords {
      if bytes.equals(range, ignoringCaseOf: yes) {
        put(1, row)
        return nil
      }
      if bytes.equals(range, ignoringCaseOf: no) {
        put(0, row)
        return nil
      }
    }
    return .notOf(type)
  }

  private static let flagWords: [(yes: StaticString, no: StaticString)] = [
    ("1", "0"), ("YES", "NO"), ("TRUE", "FALSE"), ("Y", "N"), ("T", "F"),
  ]
}
