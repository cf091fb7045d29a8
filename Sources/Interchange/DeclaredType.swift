import Store

/// What the declared type of a SQLite column says of its values. SQLite itself holds no column to it.
enum DeclaredType: Hashable {
  /// Nothing, or nothing that is known: the values decide.
  case nothing
  case text, integer, real
  /// An amount: `DECIMAL(10,2)`, `MONEY`.
  case money
  case flag
  /// A day, or a point in time, in any of the forms that SQLite's functions take.
  case moment(hasTime: Bool)
  case binary
  /// What a table written by rapport says.
  case exact(ValueType)

  /// Reads a declared type.
  /// - Source: SQLite: Datatypes, 3.1, for what follows from an affinity.
  init(_ declared: String) {
    let name = String(
      decoding: declared.utf8.map { $0 >= 0x61 && $0 <= 0x7A ? $0 - 0x20 : $0 }, as: UTF8.self)
    func has(_ words: String...) -> Bool { words.contains { name.contains($0) } }
    if has("BOOL") {
      self = .flag
    } else if has("DATE", "TIME") {
      self = .moment(hasTime: has("TIME"))
    } else if has("MONEY", "CURRENCY") {
      self = .money
    } else if has("DECIMAL", "NUMERIC", "NUMBER") {
      self = Self.decimal(name)
    } else if has("INT") {
      self = .integer
    } else if has("CHAR", "CLOB", "TEXT") {
      self = .text
    } else if has("BLOB") {
      self = .binary
    } else if has("REAL", "FLOA", "DOUB") {
      self = .real
    } else {
      self = .nothing
    }
  }

  /// The type of a column without a known value.
  var typeOfNothing: ValueType {
    switch self {
    case .nothing, .text, .binary: .text
    case .integer: .integer
    case .real: .number
    case .money: .money
    case .flag: .flag
    case .moment(let hasTime): hasTime ? .time : .date
    case .exact(let type): type
    }
  }

  /// `DECIMAL(10,2)` by its scale.
  private static func decimal(_ name: String) -> DeclaredType {
    guard let open = name.utf8.firstIndex(of: 0x28) else {
      return name.contains("DECIMAL") ? .money : .nothing
    }
    let numbers = name.utf8[name.utf8.index(after: open)...].prefix { $0 != 0x29 }
      .split(separator: 0x2C)
      .map { part in Int(String(decoding: part.filter { $0 != 0x20 }, as: UTF8.self)) }
    switch numbers.count > 1 ? numbers[1] : 0 {
    case 0: return .integer
    case 2: return .money
    case .some: return .real
    case nil: return .nothing
    }
  }
}

/// What the numbers of a column that is declared a date or time mean.
struct MomentNumbers {
  /// How a number stands for a point in time.
  enum Form {
    /// Seconds, or milliseconds, since 1970 in Greenwich.
    case unixSeconds, unixMilliseconds
    /// Days since noon of the first day of the Julian period, in Greenwich.
    case julianDays

    /// The seconds since 1970 of a whole number.
    func second(_ integer: Int64) -> Int64 {
      switch self {
      case .unixSeconds: integer
      case .unixMilliseconds: integer >= 0 ? integer / 1_000 : (integer - 999) / 1_000
      case .julianDays: second(Double(integer))
      }
    }

    /// The seconds since 1970 of a number.
    func second(_ real: Double) -> Int64 {
      switch self {
      case .julianDays: Int64(((real - 2_440_587.5) * 86_400).rounded())
      case .unixSeconds, .unixMilliseconds: second(Int64(real.rounded(.down)))
      }
    }
  }

  /// The first and last second of the years 1 and 9999, and the days of the Julian period there.
  private static let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799
  private static let days: Range<Double> = 1_721_425.5..<5_373_484.5

  private var integers: ClosedRange<Int64>?
  private var smallestMagnitude = UInt64.max
  private var isCalendar = true
  private var hasReals = false
  private var areReals = true
  /// Whether each is the beginning of a day, in each of the forms.
  private var areDays: (unix: Bool, milliseconds: Bool, julian: Bool) = (true, true, true)

  mutating func add(_ integer: Int64) {
    integers =
      min(
        integers?.lowerBound ?? integer, integer)...max(
        integers?.upperBound ?? integer, integer)
    if integer != 0 { smallestMagnitude = min(smallestMagnitude, integer.magnitude) }
    if integer % 86_400 != 0 { areDays.unix = false }
    if integer % 86_400_000 != 0 { areDays.milliseconds = false }
    areDays.julian = false
    let day =
      integer > 0 && integer < 100_000_000
      ? Day.existing(
        year: Int(integer) / 10_000, month: Int(integer) / 100 % 100, day: Int(integer) % 100)
      : nil
    if day == nil || integer < 10_000_101 { isCalendar = false }
  }

  mutating func add(_ real: Double) {
    hasReals = true
    guard Self.days.contains(real) else {
      areReals = false
      return
    }
    if Form.julianDays.second(real) % 86_400 != 0 { areDays.julian = false }
  }

  /// What all of them mean, and whether each is a whole day; nil when they do not say.
  ///
  /// Whole numbers below 10⁷ could be days of some calendar, and those that read as 20260131 are
  /// more likely that than seconds of 1970: both stay numbers.
  var verdict: (form: Form, areDays: Bool)? {
    if hasReals {
      let whole = integers.map {
        Self.days.contains(Double($0.lowerBound)) && Self.days.contains(Double($0.upperBound))
      }
      return areReals && whole != false ? (.julianDays, areDays.julian) : nil
    }
    guard let integers, smallestMagnitude >= 10_000_000, smallestMagnitude < .max, !isCalendar
    else { return nil }
    if smallestMagnitude >= 100_000_000_000 {
      let isWithin =
        Self.seconds.contains(Form.unixMilliseconds.second(integers.lowerBound))
        && Self.seconds.contains(Form.unixMilliseconds.second(integers.upperBound))
      return isWithin ? (.unixMilliseconds, areDays.milliseconds) : nil
    }
    let isWithin =
      Self.seconds.contains(integers.lowerBound) && Self.seconds.contains(integers.upperBound)
    return isWithin ? (.unixSeconds, areDays.unix) : nil
  }
}
