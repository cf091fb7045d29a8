/// A number as it stands in a cell: `-1.234,56`, `€ 12.50`, `1'234`, `6.02e23`.
struct Amount {
  /// The mark before the fraction.
  enum DecimalMark: UInt8 {
    case point = 0x2E
    case comma = 0x2C
  }

  /// The digits as one whole number; meaningless when `isLong`.
  var digits: UInt64 = 0
  /// Digits from the first that is not 0.
  var digitCount = 0
  /// Digits before the decimal mark.
  var wholeCount = 0
  /// Digits after the decimal mark.
  var fractionCount = 0
  /// The power of ten after `e`; 0 without one.
  var exponent = 0
  /// What precedes and follows the digits.
  var isNegative = false
  var hasExponent = false
  var hasLeadingZero = false
  var hasThousandsMark = false
  /// Whether it has more digits than `digits` holds.
  var isLong: Bool { digitCount > 18 }
  /// Position of its sign in `Currency.signs`.
  var currency: Int?

  /// The whole number it is, when it is one.
  var integer: Int64? {
    guard fractionCount == 0, !hasExponent, currency == nil else { return nil }
    // Nineteen digits may still fit.
    guard digitCount <= 19, digits <= UInt64(Int64.max) + (isNegative ? 1 : 0) else { return nil }
    return isNegative ? Int64(truncatingIfNeeded: 0 &- digits) : Int64(digits)
  }

  /// The minor units it is, when it has at most two decimals; beyond the range of money a number
  /// that is out of it too.
  var minorUnits: Int64? {
    guard fractionCount <= 2, !hasExponent else { return nil }
    if digitCount > 16 { return isNegative ? Int64.min : Int64.max }
    let minor = Int64(digits) * Digits.powers[2 - fractionCount]
    return isNegative ? -minor : minor
  }

  /// The number it is, exactly rounded, if it is finite.
  var number: Double? {
    let power = exponent - fractionCount
    if digits < 1 << 53, digitCount <= 18, power >= -22, power <= 22 {
      // Both are exact, so the one rounding is right (Clinger, PLDI 1990).
      let value =
        power < 0 ? Double(digits) / Self.powers[-power] : Double(digits) * Self.powers[power]
      return isNegative ? -value : value
    }
    return nil
  }

  private static let powers: [Double] = (0...22).map { exponent in
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }
}

extension Amount {
  /// Reads the whole of `range`, trimmed, or gives nil.
  ///
  /// Thousands marks are `,` or `.` (that which is not the decimal mark), spaces (also no-break) and
  /// apostrophes, one kind in a cell, in groups of three. A leading `+` is refused: it begins
  /// telephone numbers.
  init?(_ bytes: ByteView, _ range: Range<Int>, decimal mark: DecimalMark) {
    var position = range.lowerBound
    let end = range.upperBound
    func skipSpaces() {
      while position < end {
        let length = Self.spaceLength(bytes, position)
        if length == 0 { return }
        position &+= length
      }
    }
    func takeMinus() -> Bool {
      guard position < end else { return false }
      if bytes[position] == 0x2D {
        position &+= 1
        return true
      }
      if position &+ 2 < end, bytes[position] == 0xE2, bytes[position &+ 1] == 0x88,
        bytes[position &+ 2] == 0x92
      {
        position &+= 3
        return true
      }
      return false
    }
    isNegative = takeMinus()
    guard position < end else { return nil }
    if bytes[position] &- 0x30 > 9, bytes[position] != mark.rawValue {
      guard let sign = Currency.sign(in: bytes, at: position..<end) else { return nil }
      currency = sign.index
      position &+= sign.byteCount
      skipSpaces()
      if !isNegative { isNegative = takeMinus() }
    }
    guard takeDigits(bytes, &position, end, mark) else { return nil }
    if position < end, currency == nil {
      skipSpaces()
      guard let sign = Currency.sign(in: bytes, at: position..<end),
        position &+ sign.byteCount == end, !hasExponent
      else { return nil }
      currency = sign.index
      position = end
    }
    guard position == end else { return nil }
  }

  private mutating func takeDigits(
    _ bytes: ByteView, _ position: inout Int, _ end: Int, _ mark: DecimalMark
  ) -> Bool {
    var group = 0
    var thousandsMark: UInt8 = 0
    func take(_ byte: UInt8, _ amount: inout Amount) {
      if amount.digitCount > 0 || byte != 0x30 {
        if amount.digitCount < 19 { amount.digits = amount.digits &* 10 &+ UInt64(byte &- 0x30) }
        amount.digitCount &+= 1
      }
    }
    let first = position
    while position < end {
      let byte = bytes[position]
      if byte &- 0x30 <= 9 {
        take(byte, &self)
        wholeCount &+= 1
        group &+= 1
        position &+= 1
        continue
      }
      let length = Self.thousandsMarkLength(bytes, position, end, mark)
      guard length > 0, group > 0, thousandsMark == 0 ? group <= 3 : group == 3,
        thousandsMark == 0 || thousandsMark == byte,
        Self.isThreeDigits(bytes, position &+ length, end),
        thousandsMark != 0 || bytes[first] != 0x30
      else { break }
      thousandsMark = byte
      hasThousandsMark = true
      group = 0
      position &+= length
    }
    if hasThousandsMark && group != 3 { return false }
    hasLeadingZero = wholeCount > 1 && bytes[first] == 0x30
    if position < end, bytes[position] == mark.rawValue {
      position &+= 1
      while position < end, bytes[position] &- 0x30 <= 9 {
        take(bytes[position], &self)
        fractionCount &+= 1
        position &+= 1
      }
      if fractionCount == 0 { return false }
    }
    guard wholeCount + fractionCount > 0 else { return false }
    return takeExponent(bytes, &position, end)
  }

  /// Takes `e-12` if it stands there.
  private mutating func takeExponent(
    _ bytes: ByteView, _ position: inout Int, _ end: Int
  ) -> Bool {
    guard position &+ 1 < end, bytes[position] | 0x20 == 0x65, currency == nil,
      !hasThousandsMark
    else { return true }
    var next = position &+ 1
    let isDown = bytes[next] == 0x2D
    if isDown || bytes[next] == 0x2B { next &+= 1 }
    let start = next
    while next < end, next - start < 4, bytes[next] &- 0x30 <= 9 {
      exponent = exponent &* 10 &+ Int(bytes[next] &- 0x30)
      next &+= 1
    }
    guard next > start else {
      exponent = 0
      return true
    }
    if isDown { exponent = -exponent }
    hasExponent = true
    position = next
    return true
  }

  private static func isThreeDigits(_ bytes: ByteView, _ position: Int, _ end: Int) -> Bool {
    guard position &+ 3 <= end else { return false }
    for offset in 0..<3 where bytes[position &+ offset] &- 0x30 > 9 { return false }
    return position &+ 3 == end || bytes[position &+ 3] &- 0x30 > 9
  }

  private static func thousandsMarkLength(
    _ bytes: ByteView, _ position: Int, _ end: Int, _ mark: DecimalMark
  ) -> Int {
    switch bytes[position] {
    case 0x2E: mark == .point ? 0 : 1
    case 0x2C: mark == .comma ? 0 : 1
    case 0x27: 1
    case 0xE2 where bytes[position &+ 1] == 0x80 && bytes[position &+ 2] == 0x99: 3
    default: spaceLength(bytes, position)
    }
  }

  /// The length of a space, no-break space, narrow no-break or thin space; 0 when there is none.
  private static func spaceLength(_ bytes: ByteView, _ position: Int) -> Int {
    switch bytes[position] {
    case 0x20: 1
    case 0xC2 where bytes[position &+ 1] == 0xA0: 2
    case 0xE2 where bytes[position &+ 1] == 0x80:
      bytes[position &+ 2] == 0xAF || bytes[position &+ 2] == 0x89 ? 3 : 0
    default: 0
    }
  }
}

/// The currency signs and codes that are known before or after an amount.
enum Currency {
  /// The spellings; those of one line mean the same.
  static let signs: [String] = spellings.flatMap { $0 }

  private static let spellings: [[String]] = [
    ["€", "EUR"], ["£", "GBP"], ["$", "USD", "US$"], ["¥", "JPY"], ["₹", "INR"], ["₽", "RUB"],
    ["₺", "TRY"], ["₩", "KRW"], ["₪", "ILS"], ["zł", "PLN"], ["Kč", "CZK"], ["Ft", "HUF"],
    ["CHF", "Fr."], ["kr", "kr."], ["SEK"], ["NOK"], ["DKK"], ["CAD", "C$"], ["AUD", "A$"],
    ["NZD"], ["CNY"], ["BRL", "R$"], ["MXN"], ["ZAR"], ["RON"], ["BGN"], ["SGD"], ["HKD"],
  ]
  private static let bytes: [[UInt8]] = signs.map { Array($0.utf8) }
  private static let meanings: [Int] = spellings.indices.flatMap { line in
    spellings[line].map { _ in line }
  }

  /// Whether two positions of `signs` mean one currency.
  static func isSame(_ a: Int, _ b: Int) -> Bool { meanings[a] == meanings[b] }

  /// The longest sign at the beginning of `range`, if one stands there.
  static func sign(in view: ByteView, at range: Range<Int>) -> (index: Int, byteCount: Int)? {
    guard !range.isEmpty else { return nil }
    let first = view[range.lowerBound]
    var best: (index: Int, byteCount: Int)?
    for (index, sign) in bytes.enumerated()
    where sign[0] == first && sign.count <= range.count && sign.count > best?.byteCount ?? 0
      && view.equals(range.lowerBound..<range.lowerBound + sign.count, sign)
    {
      best = (index, sign.count)
    }
    return best
  }
}
