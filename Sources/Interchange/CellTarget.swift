import Store

/// Where the cells of one requested column go: reads them as the type asked for and keeps the values
/// of one batch.
final class CellTarget {
  /// What a cell becomes.
  enum Kind {
    case integer, money, number, date, time, flag, choice, text
  }

  let kind: Kind
  private let type: ValueType
  private let judgement: Judgement
  private let matcher: ChoiceMatcher?
  private let decimalMark: UInt8
  /// Whether cells of the commonest form need no second look: not if a form reads two ways, or if
  /// the user gave marks of an unknown value.
  private let isShaped: Bool
  private let words: Slots<Int64>
  private let reals: Slots<Double>
  private let known: Slots<UInt8>
  private let ends: Slots<Int>
  private let texts: ByteStore

  /// Makes the memory for one batch.
  init(_ request: ColumnRequest, _ judgement: Judgement, hasMarks: Bool, budget: Budget?) {
    type = request.type
    self.judgement = judgement
    decimalMark = judgement.decimalMark.rawValue
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
    isShaped = !hasMarks && (!judgement.isOpen || kind == .text || kind == .date)
    if case .choice(let list) = request.type {
      matcher = ChoiceMatcher(list, spellings: request.choiceSpellings)
    } else {
      matcher = nil
    }
    let count = FileScan.batchRecordCount
    let isWord = kind != .text && kind != .number
    words = Slots(repeating: 0, count: isWord ? count : 0)
    reals = Slots(repeating: 0, count: kind == .number ? count : 0)
    ends = Slots(repeating: 0, count: kind == .text ? count : 0)
    known = Slots(repeating: 0, count: count)
    texts = ByteStore(budget: budget)
  }

  /// Begins a new batch.
  func removeAll() { texts.removeAll() }

  /// The values of the first `count` records.
  func vector(_ count: Int) -> Vector {
    let known = known.prefix(count)
    switch kind {
    case .number: return Vector(reals: reals.prefix(count), known: known)
    case .text:
      var block = TextBlock()
      block.bytes = texts.bytes
      block.ends = ends.prefix(count)
      return Vector(texts: block, known: known)
    default: return Vector(words: words.prefix(count), known: known)
    }
  }

  /// Makes the value of a row unknown, whatever was put there before.
  func putUnknown(_ row: Int) {
    known[row] = 0
    switch kind {
    case .number: reals[row] = 0
    case .text:
      let end = row == 0 ? 0 : ends[row &- 1]
      ends[row] = end
      texts.truncate(to: end)
    default: words[row] = 0
    }
  }

  /// Adds the content of a quoted cell as text.
  func putUnquoted(_ range: Range<Int>, of bytes: ByteView, _ row: Int) throws(StoreError) {
    try texts.appendUnquoted(range, of: bytes)
    known[row] = 0x80
    ends[row] = texts.count
  }

  @inline(__always)
  private func put(_ word: Int64, _ row: Int) {
    words[row] = word
    known[row] = 0x80
  }

  /// Takes the cell at `position` if it has its type's commonest form, and gives where it ends; else
  /// -1, and the cell must be cut out and given to `take`.
  @inline(__always)
  func takeShaped(_ tokens: Tokens, _ position: Int, _ row: Int) throws(StoreError) -> Int {
    let bytes = tokens.bytes
    if !isShaped { return -1 }
    switch kind {
    case .integer:
      let isNegative = bytes[position] == 0x2D
      let start = isNegative ? position &+ 1 : position
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 16, let end = tokens.end(at: start &+ digits.count)
      else { return -1 }
      put(isNegative ? 0 &- digits.value : digits.value, row)
      return end
    case .money:
      let isNegative = bytes[position] == 0x2D
      var start = isNegative ? position &+ 1 : position
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 13 else { return -1 }
      start &+= digits.count
      var minor = digits.value &* 100
      if bytes[start] == decimalMark, bytes[start] != tokens.dialect.delimiter {
        let word = bytes.word(at: start &+ 1)
        let count = Digits.prefixCount(word)
        guard count == 1 || count == 2 else { return -1 }
        let fraction = Digits.value(word, count: count)
        minor &+= count == 1 ? fraction &* 10 : fraction
        start &+= 1 &+ count
      }
      guard let end = tokens.end(at: start) else { return -1 }
      put(isNegative ? 0 &- minor : minor, row)
      return end
    case .number:
      let isNegative = bytes[position] == 0x2D
      var start = isNegative ? position &+ 1 : position
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 9 else { return -1 }
      start &+= digits.count
      var value = Double(digits.value)
      if bytes[start] == decimalMark, bytes[start] != tokens.dialect.delimiter {
        let word = bytes.word(at: start &+ 1)
        let count = Digits.prefixCount(word)
        guard count > 0, count < 7 else { return -1 }
        let power = Digits.powers[count]
        // At most fourteen digits: both are exact, the quotient is rounded once.
        value = Double(digits.value &* power &+ Digits.value(word, count: count)) / Double(power)
        start &+= 1 &+ count
      }
      guard let end = tokens.end(at: start) else { return -1 }
      reals[row] = isNegative ? -value : value
      known[row] = 0x80
      return end
    case .date:
      guard let day = bytes.isoDay(at: position), let end = tokens.end(at: position &+ 10)
      else { return -1 }
      put(Int64(day), row)
      return end
    case .text:
      if bytes[position] == Dialect.quote {
        guard let cell = tokens.quotedCell(at: position), !cell.hasTail, !cell.hasDoubledQuote,
          cell.lineCount == 0
        else { return -1 }
        try texts.append(cell.content, of: bytes)
        known[row] = 0x80
        ends[row] = texts.count
        return cell.end
      }
      let cell = tokens.bareCell(at: position)
      try texts.append(cell.content, of: bytes)
      known[row] = cell.content.isEmpty ? 0 : 0x80
      ends[row] = texts.count
      return cell.end
    case .choice, .time, .flag: return -1
    }
  }

  /// Takes a cell whose content is `range`, or says why not; then nothing was put.
  func take(
    _ bytes: ByteView, _ range: Range<Int>, isQuoted: Bool, _ row: Int
  ) throws(StoreError) -> CellRefusal? {
    if kind == .text {
      try texts.append(range, of: bytes)
      known[row] = isQuoted || !range.isEmpty ? 0x80 : 0
      ends[row] = texts.count
      return nil
    }
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
