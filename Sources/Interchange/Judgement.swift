import Store

/// How the cells of one column are to be read: what its evidence and the user's word say together.
struct Judgement {
  /// The decimal mark of its numbers.
  var decimalMark = Amount.DecimalMark.point
  /// Whether `01/02/2024` is the first of February.
  var isDayFirst = true
  /// Whether nothing says which mark or order it is, so that a cell that differs cannot be read.
  var isOpen = false
  /// The zone of its times, in minutes, when they have one.
  var zoneMinutes: Int?
  /// The narrowest type.
  var type = ValueType.text
  /// Every type all known cells read as.
  var types: Set<ValueType> = [.text]

  /// Judges a column.
  init(_ evidence: Evidence, _ options: ReadOptions) {
    let seen = evidence.seen
    if let isComma = options.isDecimalComma {
      decimalMark = isComma ? .comma : .point
    } else if !evidence.canBe.contains(.pointNumber), evidence.canBe.contains(.commaNumber) {
      decimalMark = .comma
    }
    if let isDayFirst = options.isDayFirst {
      self.isDayFirst = isDayFirst
    } else if !evidence.canBe.contains(.dayFirst), evidence.canBe.contains(.monthFirst) {
      isDayFirst = false
    }
    isOpen =
      evidence.canBe.isSuperset(of: .numbers) && seen.contains(.marksDiffer)
      && options.isDecimalComma == nil
      || evidence.canBe.isSuperset(of: .moments) && seen.contains(.ordersDiffer)
        && options.isDayFirst == nil
    if seen.contains(.zone) { zoneMinutes = evidence.firstZone }
    if evidence.canBe == .all {
      types = [.text, .integer, .number, .money, .date, .time, .flag]
    } else if evidence.canBe.contains(decimalMark == .comma ? .commaNumber : .pointNumber) {
      addNumbers(evidence)
    } else if evidence.canBe.contains(isDayFirst ? .dayFirst : .monthFirst) {
      if !seen.contains(.secondZone) {
        type = seen.contains(.timeOfDay) ? .time : .date
        types.insert(.time)
        types.insert(type)
      }
    } else if evidence.canBe.contains(.flag), seen.contains(.clearFlag) {
      type = .flag
      types.insert(.flag)
    }
  }

  private mutating func addNumbers(_ evidence: Evidence) {
    let seen = evidence.seen
    let hasFraction = seen.contains(decimalMark == .comma ? .commaFraction : .pointFraction)
    let hasLongFraction =
      seen.contains(decimalMark == .comma ? .longCommaFraction : .longPointFraction)
    let hasExponent = seen.contains(.exponent)
    let isMoney = !hasLongFraction && !hasExponent
    let isInteger = !hasFraction && !hasExponent && !seen.contains(.currency)
    if isInteger {
      type = .integer
      types.insert(.integer)
    } else if isMoney {
      type = .money
    } else if !seen.contains(.wideInteger) {
      type = .number
    } else {
      // A number would lose digits of the whole ones.
      return
    }
    if isMoney { types.insert(.money) }
    types.insert(.number)
    if evidence.canBe.contains(.zeroOrOne) { types.insert(.flag) }
  }
}

extension Judgement {
  /// Why the column cannot be taken as it is, if so: two readings, or two currencies.
  static func ambiguity(
    _ evidence: Evidence, _ judgement: Judgement, bytes: ByteView, header: String, column: Int?
  ) -> CellProblem? {
    if !evidence.canBe.isDisjoint(with: .numbers), evidence.seen.contains(.secondCurrency) {
      return CellRefusal.twoCurrencies(
        Currency.signs[evidence.firstCurrency], Currency.signs[evidence.secondCurrency]
      ).problem(
        line: evidence.otherCurrency.line, column: column, header: header,
        cell: bytes.text(evidence.otherCurrency.start..<evidence.otherCurrency.end))
    }
    guard judgement.isOpen else { return nil }
    let range = bytes.trimmed(evidence.differing.start..<evidence.differing.end)
    let refusal =
      judgement.type == .date || judgement.type == .time
      ? CellRefusal.eitherOrder(dates(bytes, range)) : CellRefusal.eitherMark(amounts(bytes, range))
    return refusal.problem(
      line: evidence.differing.line, column: column, header: header, cell: bytes.text(range))
  }

  private static func dates(_ bytes: ByteView, _ range: Range<Int>) -> [String] {
    guard let moment = Moment(bytes, range) else { return [] }
    return [true, false].map { isDayFirst in
      moment.day(isDayFirst: isDayFirst).map {
        CellText.string(.word(Int64($0)), .date)
      } ?? ""
    }
  }

  private static func amounts(_ bytes: ByteView, _ range: Range<Int>) -> [String] {
    [Amount.DecimalMark.point, .comma].map { mark in
      Amount(bytes, range, decimal: mark)?.value(bytes, range, decimal: mark).map {
        CellText.string(.real($0), .number)
      } ?? ""
    }
  }
}

extension Amount {
  /// The number it is, correctly rounded; `range` and `mark` are those it was read with.
  func value(_ bytes: ByteView, _ range: Range<Int>, decimal mark: DecimalMark) -> Double? {
    if let number { return number }
    var plain: [UInt8] = isNegative ? [0x2D] : []
    var isExponent = false
    for position in range {
      let byte = bytes[position]
      if byte &- 0x30 <= 9 {
        plain.append(byte)
      } else if byte == mark.rawValue {
        plain.append(0x2E)
      } else if byte | 0x20 == 0x65, hasExponent {
        plain.append(0x65)
        isExponent = true
      } else if byte == 0x2D, isExponent {
        plain.append(byte)
      }
    }
    guard let value = Double(String(decoding: plain, as: UTF8.self)), value.isFinite else {
      return nil
    }
    return value
  }
}
