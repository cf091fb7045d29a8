import Store

/// What the values of one column say of its type, where values may have a type of their own, as in
/// JSON and SQLite. Texts are judged as the cells of a text file are.
struct ValueEvidence {
  /// What the texts say.
  var texts = Evidence()
  /// What the numbers say.
  var numbers = NumberEvidence()
  /// Values that are true or false.
  var booleanCount = 0
  /// Values that no field can hold: nested or binary ones.
  var otherCount = 0
  /// When set, only texts that fit this reading are judged: for a column asked for as another type
  /// than it reads as.
  var lenient: Readings?

  /// Whether values are there, and no field can hold any of them.
  var isOnlyOthers: Bool {
    otherCount > 0 && texts.knownCount + texts.emptyTextCount + texts.blankCount == 0
      && numbers.count + booleanCount + texts.markCount == 0
  }

  /// Judges the text in `range`, which lies at `place` in the file.
  mutating func add(
    text bytes: ByteView, _ range: Range<Int>, _ marks: UnknownMarks, at place: Evidence.Example
  ) {
    if range.isEmpty {
      texts.emptyTextCount &+= 1
      return
    }
    if !marks.isEmpty, marks.contains(bytes, range) { return }
    let first = bytes[range.lowerBound]
    if first == 0x20 || first == 0x09, bytes.trimmed(range).isEmpty {
      texts.blankCount &+= 1
      return
    }
    if range.count <= 4, UnknownMarks.isUsual(bytes, range) {
      texts.markCount &+= 1
      return
    }
    texts.knownCount &+= 1
    guard !texts.canBe.isEmpty, !isShaped(bytes, range) else { return }
    var evidence = CellEvidence(bytes, range)
    if let lenient {
      if evidence.canBe.isDisjoint(with: lenient) { return }
      evidence.canBe.formIntersection(lenient)
    }
    if texts.isChanged(by: evidence) { texts.change(by: evidence, at: place) }
  }

  /// Whether a text has the shape that all before it had, and so changes nothing.
  @inline(__always)
  private func isShaped(_ bytes: ByteView, _ range: Range<Int>) -> Bool {
    switch texts.shape {
    case .isoDate: range.count == 10 && bytes.isoDay(at: range.lowerBound) != nil
    case .isoTime:
      range.count == 19 && bytes.isoDay(at: range.lowerBound) != nil
        && (bytes[range.lowerBound &+ 10] | 0x54) & 0xDF == 0x54
        && bytes.isoSecond(at: range.lowerBound &+ 11) != nil
    case .mixed, .digits, .decimal, .text: false
    }
  }
}

/// What the numbers of a column say.
struct NumberEvidence {
  private(set) var count = 0
  /// What was seen in at least one: fractions, more than two decimals, exponents, many digits.
  private(set) var seen: Traits = []
  /// Whether each is 0 or 1.
  private(set) var isZeroOrOne = true
  /// Whether each is a number that a field can hold.
  private(set) var isReadable = true
  /// Whether each lies within the range of money.
  private(set) var isWithinMoney = true

  mutating func add(integer: Int64) {
    count &+= 1
    if UInt64(bitPattern: integer) > 1 { isZeroOrOne = false }
    if integer.magnitude > 99_999_999 {
      if integer.magnitude > 999_999_999_999_999 { seen.insert(.wideInteger) }
      if integer.magnitude > UInt64(Limits.moneyMinorMax / 100) { isWithinMoney = false }
    }
  }

  mutating func add(real: Double) {
    count &+= 1
    isZeroOrOne = false
    guard real.isFinite else {
      isReadable = false
      return
    }
    seen.insert(.pointFraction)
    guard seen.isDisjoint(with: .longPointFraction) else { return }
    if Self.minorUnits(of: real) == nil { seen.insert(.longPointFraction) }
  }

  /// A number as written.
  mutating func add(_ bytes: ByteView, _ range: Range<Int>) {
    if range.count < 16 {
      let start = bytes[range.lowerBound] == 0x2D ? range.lowerBound &+ 1 : range.lowerBound
      let digits = bytes.digits(at: start)
      if start &+ digits.count == range.upperBound {
        add(integer: start == range.lowerBound ? digits.value : 0 &- digits.value)
        return
      }
    }
    count &+= 1
    isZeroOrOne = false
    guard range.count <= 64, let amount = Amount(bytes, range, decimal: .point),
      let value = amount.value(bytes, range, decimal: .point), value.isFinite
    else {
      isReadable = false
      return
    }
    if amount.fractionCount > 0 { seen.insert(.pointFraction) }
    if amount.fractionCount > 2 { seen.insert(.longPointFraction) }
    if amount.hasExponent { seen.insert(.exponent) }
    if amount.fractionCount == 0, !amount.hasExponent {
      if amount.digitCount > 15 { seen.insert(.wideInteger) }
      if amount.integer == nil { isReadable = false }
    }
    if let minor = amount.minorUnits, minor.magnitude > UInt64(Limits.moneyMinorMax) {
      isWithinMoney = false
    }
  }

  /// The types that every number reads as.
  var types: Set<ValueType> {
    guard isReadable else { return [.text] }
    var types: Set<ValueType> = [.text]
    let hasFraction = seen.contains(.pointFraction)
    if !hasFraction, !seen.contains(.exponent) { types.insert(.integer) }
    if seen.isDisjoint(with: [.longPointFraction, .exponent]), isWithinMoney {
      types.insert(.money)
    }
    // A number would lose digits of the whole ones, unless all are whole.
    if !hasFraction && !seen.contains(.exponent) || !seen.contains(.wideInteger) {
      types.insert(.number)
    }
    if isZeroOrOne { types.insert(.flag) }
    return types
  }

  /// The amount a number is, when it has at most two decimals and is exact.
  static func minorUnits(of real: Double) -> Int64? {
    let scaled = (real * 100).rounded()
    guard abs(scaled) <= 0x1p53, scaled / 100 == real else { return nil }
    return Int64(scaled)
  }
}

extension ValueEvidence {
  /// What all values together read as.
  struct Verdict {
    /// The narrowest type.
    var type = ValueType.text
    /// Every type they read as.
    var types: Set<ValueType> = [.text]
    /// How the texts are read.
    var judgement: Judgement
  }

  /// Judges the column.
  func verdict(_ options: ReadOptions) -> Verdict {
    let judgement = Judgement(texts, options)
    var verdict = Verdict(type: judgement.type, types: judgement.types, judgement: judgement)
    guard numbers.count > 0 || booleanCount > 0 else { return verdict }
    let hasTexts = texts.knownCount > 0
    if !hasTexts {
      verdict.types = [.text, .integer, .number, .money, .date, .time, .flag]
    }
    if numbers.count > 0 { verdict.types.formIntersection(numbers.types) }
    if booleanCount > 0 { verdict.types.formIntersection([.flag, .text]) }
    // Whole numbers are amounts only beside one that has a decimal mark.
    let order: [ValueType] =
      booleanCount > 0 ? [.flag] : [.integer, .money, .number, .date, .time]
    verdict.type = order.first { verdict.types.contains($0) } ?? .text
    return verdict
  }

  /// The column as a reader describes it.
  func column(
    header: String, fieldName: String, _ options: ReadOptions, ambiguity: CellProblem?
  ) -> SourceColumn {
    let verdict = verdict(options)
    let isText = verdict.type == .text
    let textCount = texts.emptyTextCount + texts.blankCount + texts.markCount
    return SourceColumn(
      header: header, fieldName: fieldName, type: verdict.type, alsoReadsAs: verdict.types,
      knownCount: texts.knownCount + numbers.count + booleanCount + (isText ? textCount : 0),
      unknownMarkCount: texts.markCount, ambiguity: ambiguity,
      currencySign: texts.seen.contains(.currency) && !texts.canBe.isDisjoint(with: .numbers)
        ? Currency.signs[texts.firstCurrency] : nil,
      zone: verdict.type == .time ? verdict.judgement.zoneMinutes.map(Moment.zoneName) : nil)
  }
}
