import Store

/// What a cell, or all cells of a column, could be read as.
struct Readings: OptionSet {
  let rawValue: UInt8
  /// A number whose decimal mark is the point.
  static let pointNumber = Readings(rawValue: 1)
  /// A number whose decimal mark is the comma.
  static let commaNumber = Readings(rawValue: 2)
  /// A date or time in which the day comes first, where that is open.
  static let dayFirst = Readings(rawValue: 4)
  /// A date or time in which the month comes first, where that is open.
  static let monthFirst = Readings(rawValue: 8)
  /// yes, no, true or false.
  static let flag = Readings(rawValue: 16)
  /// 0 or 1.
  static let zeroOrOne = Readings(rawValue: 32)

  static let all = Readings(rawValue: 63)
  static let numbers: Readings = [.pointNumber, .commaNumber]
  static let moments: Readings = [.dayFirst, .monthFirst]
}

/// What was seen in at least one cell.
struct Traits: OptionSet {
  let rawValue: UInt16
  /// A decimal mark, the point or the comma being it.
  static let pointFraction = Traits(rawValue: 1)
  static let commaFraction = Traits(rawValue: 2)
  /// More than two decimals.
  static let longPointFraction = Traits(rawValue: 4)
  static let longCommaFraction = Traits(rawValue: 8)
  /// An exponent.
  static let exponent = Traits(rawValue: 16)
  /// A whole number of more digits than a `number` keeps.
  static let wideInteger = Traits(rawValue: 32)
  /// A number that differs with the decimal mark.
  static let marksDiffer = Traits(rawValue: 64)
  /// A currency sign.
  static let currency = Traits(rawValue: 128)
  /// A time of day.
  static let timeOfDay = Traits(rawValue: 256)
  /// A date that differs with the order of day and month.
  static let ordersDiffer = Traits(rawValue: 512)
  /// A zone behind a time.
  static let zone = Traits(rawValue: 1024)
  /// The word yes, true or false, without which a column of `no` is taken for text.
  static let clearFlag = Traits(rawValue: 2048)
  /// A second currency, a second zone.
  static let secondCurrency = Traits(rawValue: 4096)
  static let secondZone = Traits(rawValue: 8192)
}

/// What one cell says of its column.
struct CellEvidence {
  var canBe: Readings = []
  var seen: Traits = []
  var currency: Int?
  var zoneMinutes: Int?
  /// Nothing, or only spaces: unknown for every type but text.
  var isBlank = false

  /// Judges the known cell in `range`.
  init(_ bytes: ByteView, _ range: Range<Int>) {
    let range = bytes.trimmed(range)
    guard !range.isEmpty else {
      isBlank = true
      return
    }
    // Longer cells are text; the longest amount and time are shorter.
    guard range.count <= 64 else { return }
    let first = bytes[range.lowerBound]
    if first &- 0x30 <= 9 {
      addNumbers(bytes, range)
      if canBe.isEmpty { addMoment(bytes, range) }
    } else {
      addNumbers(bytes, range)
      if canBe.isEmpty { addFlag(bytes, range) }
    }
  }

  private mutating func addNumbers(_ bytes: ByteView, _ range: Range<Int>) {
    let point = Amount(bytes, range, decimal: .point)
    let hasMark = bytes.count(of: 0x2E, in: range) + bytes.count(of: 0x2C, in: range) > 0
    let comma = hasMark ? Amount(bytes, range, decimal: .comma) : point
    if let point, Self.isNumber(point) {
      canBe.insert(.pointNumber)
      add(point, fraction: .pointFraction, longFraction: .longPointFraction)
      if point.integer == 0 || point.integer == 1, point.wholeCount == 1, !point.isNegative {
        canBe.insert(.zeroOrOne)
      }
    }
    if let comma, Self.isNumber(comma) {
      canBe.insert(.commaNumber)
      add(comma, fraction: .commaFraction, longFraction: .longCommaFraction)
    }
    if canBe.isSuperset(of: .numbers), hasMark { seen.insert(.marksDiffer) }
  }

  /// Not a number: leading zeros, as in postal codes, and whole numbers that no integer holds, as
  /// in account numbers; digits would be lost.
  private static func isNumber(_ amount: Amount) -> Bool {
    if amount.hasLeadingZero { return false }
    if amount.fractionCount == 0, !amount.hasExponent, amount.currency == nil {
      return amount.integer != nil
    }
    return abs(amount.exponent) < 300
  }

  private mutating func add(_ amount: Amount, fraction: Traits, longFraction: Traits) {
    if amount.fractionCount > 0 { seen.insert(fraction) }
    if amount.fractionCount > 2 { seen.insert(longFraction) }
    if amount.hasExponent { seen.insert(.exponent) }
    if amount.fractionCount == 0, amount.digitCount > 15 { seen.insert(.wideInteger) }
    if let sign = amount.currency {
      seen.insert(.currency)
      currency = sign
    }
  }

  private mutating func addMoment(_ bytes: ByteView, _ range: Range<Int>) {
    guard let moment = Moment(bytes, range) else { return }
    let dayFirst = moment.day(isDayFirst: true)
    let monthFirst = moment.day(isDayFirst: false)
    if dayFirst != nil { canBe.insert(.dayFirst) }
    if monthFirst != nil { canBe.insert(.monthFirst) }
    guard !canBe.isEmpty else { return }
    if canBe.isSuperset(of: .moments), dayFirst != monthFirst { seen.insert(.ordersDiffer) }
    if moment.hasTime { seen.insert(.timeOfDay) }
    if let zone = moment.zoneMinutes {
      seen.insert(.zone)
      zoneMinutes = zone
    }
  }

  private mutating func addFlag(_ bytes: ByteView, _ range: Range<Int>) {
    switch range.count {
    case 2: if bytes.equals(range, ignoringCaseOf: "NO") { canBe = .flag }
    case 3: if bytes.equals(range, ignoringCaseOf: "YES") { (canBe, seen) = (.flag, .clearFlag) }
    case 4: if bytes.equals(range, ignoringCaseOf: "TRUE") { (canBe, seen) = (.flag, .clearFlag) }
    case 5: if bytes.equals(range, ignoringCaseOf: "FALSE") { (canBe, seen) = (.flag, .clearFlag) }
    default: break
    }
  }
}

/// What all cells of one column say together.
struct Evidence {
  /// The shape most cells have, which a loop recognises without looking further: a cell of that
  /// shape can change nothing but the count.
  enum Shape: UInt8 {
    case mixed, digits, decimal, isoDate, isoTime, text
  }

  /// A cell to show in a message.
  struct Example {
    var start = 0
    var end = 0
    var line = 0
  }

  var canBe = Readings.all
  var seen: Traits = []
  var shape = Shape.mixed
  /// Cells that are neither empty nor marks, and marks, and quoted empty cells.
  var knownCount = 0
  var markCount = 0
  var emptyTextCount = 0
  /// Cells of spaces only.
  var blankCount = 0
  var firstCurrency = 0
  var secondCurrency = 0
  var firstZone = 0
  /// The first cell that differs with the decimal mark or with the order of day and month, and the
  /// first with a second currency.
  var differing = Example()
  var otherCurrency = Example()

  /// Whether `cell` would change more than the counts.
  @inline(__always)
  func isChanged(by cell: CellEvidence) -> Bool {
    if cell.isBlank { return false }
    if !canBe.isSubset(of: cell.canBe) { return true }
    if canBe.isEmpty { return false }
    if !cell.seen.isSubset(of: seen) { return true }
    if let currency = cell.currency, currency != firstCurrency,
      !seen.contains(.secondCurrency), !Currency.isSame(currency, firstCurrency)
    {
      return true
    }
    if let zone = cell.zoneMinutes, zone != firstZone, !seen.contains(.secondZone) { return true }
    return false
  }

  /// Takes in what `cell`, which lies at `place`, changes.
  mutating func change(by cell: CellEvidence, at place: Example) {
    canBe.formIntersection(cell.canBe)
    if let currency = cell.currency {
      if !seen.contains(.currency) {
        firstCurrency = currency
      } else if !seen.contains(.secondCurrency), !Currency.isSame(currency, firstCurrency) {
        secondCurrency = currency
        otherCurrency = place
        seen.insert(.secondCurrency)
      }
    }
    if let zone = cell.zoneMinutes {
      if !seen.contains(.zone) {
        firstZone = zone
      } else if zone != firstZone {
        seen.insert(.secondZone)
      }
    }
    if !cell.seen.isDisjoint(with: [.marksDiffer, .ordersDiffer]),
      seen.isDisjoint(with: [.marksDiffer, .ordersDiffer])
    {
      differing = place
    }
    seen.formUnion(cell.seen)
    chooseShape()
  }

  private mutating func chooseShape() {
    if canBe.isEmpty {
      shape = .text
    } else if canBe.contains(.zeroOrOne) {
      shape = .mixed
    } else if canBe.isSuperset(of: .numbers) {
      shape = .digits
    } else if canBe.contains(.pointNumber), seen.contains(.pointFraction) {
      shape = .decimal
    } else if canBe.isSuperset(of: .moments) {
      shape = seen.contains(.timeOfDay) ? .isoTime : .isoDate
    } else {
      shape = .mixed
    }
  }

  /// Takes in the evidence of a later part of the file.
  mutating func merge(_ later: Evidence) {
    knownCount += later.knownCount
    markCount += later.markCount
    emptyTextCount += later.emptyTextCount
    blankCount += later.blankCount
    guard later.canBe != .all || !later.seen.isEmpty else { return }
    var cell = CellEvidence(canBe: later.canBe, seen: later.seen)
    if later.seen.contains(.currency) { cell.currency = later.firstCurrency }
    if later.seen.contains(.zone) { cell.zoneMinutes = later.firstZone }
    let hadCurrency = seen.contains(.currency)
    let hadSecond = seen.contains(.secondCurrency)
    change(by: cell, at: later.differing)
    if later.seen.contains(.secondCurrency), !hadSecond, otherCurrency.line == 0 || !hadCurrency {
      secondCurrency = later.secondCurrency
      otherCurrency = later.otherCurrency
    }
  }
}

extension CellEvidence {
  fileprivate init(canBe: Readings, seen: Traits) {
    self.canBe = canBe
    self.seen = seen
  }
}
