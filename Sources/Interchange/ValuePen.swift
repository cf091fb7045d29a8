import Store

/// Writes one value's bytes to a place with room for `byteCountMax` of them.
struct ValuePen {
  /// No value but a text is longer.
  static let byteCountMax = 40

  private let start: UnsafeMutablePointer<UInt8>
  /// Bytes written.
  private(set) var count = 0

  /// Makes a pen that writes from `start` on.
  @inline(__always)
  init(at start: UnsafeMutablePointer<UInt8>) { self.start = start }

  @inline(__always)
  mutating func put(byte: UInt8) {
    start[count] = byte
    count &+= 1
  }

  /// Two digits of 0…99.
  @inline(__always)
  private mutating func put(pair value: Int) {
    let pairs = Self.pairs.utf8Start
    start[count] = pairs[value &* 2]
    start[count &+ 1] = pairs[value &* 2 &+ 1]
    count &+= 2
  }

  @inline(__always)
  private mutating func put(magnitude value: UInt64) {
    var length = 1
    var bound: UInt64 = 10
    while length < 20, value >= bound {
      length &+= 1
      if length == 20 { break }
      bound &*= 10
    }
    let pairs = Self.pairs.utf8Start
    var rest = value
    var position = count &+ length
    count = position
    while rest >= 100 {
      let next = rest / 100
      let pair = Int(truncatingIfNeeded: rest &- next &* 100)
      position &-= 2
      start[position] = pairs[pair &* 2]
      start[position &+ 1] = pairs[pair &* 2 &+ 1]
      rest = next
    }
    if rest >= 10 {
      let pair = Int(truncatingIfNeeded: rest)
      start[position &- 2] = pairs[pair &* 2]
      start[position &- 1] = pairs[pair &* 2 &+ 1]
    } else {
      start[position &- 1] = UInt8(truncatingIfNeeded: 0x30 &+ rest)
    }
  }

  @inline(__always)
  mutating func put(integer value: Int64) {
    if value < 0 { put(byte: 0x2D) }
    put(magnitude: value.magnitude)
  }

  @inline(__always)
  mutating func put(money value: Int64) {
    if value < 0 { put(byte: 0x2D) }
    let (whole, minor) = value.magnitude.quotientAndRemainder(dividingBy: 100)
    put(magnitude: whole)
    put(byte: 0x2E)
    put(pair: Int(minor))
  }

  @inline(__always)
  mutating func put(date number: Int64) {
    let (year, month, day) = Day.date(Int(number))
    if year >= 0, year <= 9_999 {
      put(pair: year / 100)
      put(pair: year % 100)
    } else {
      put(integer: Int64(year))
    }
    put(byte: 0x2D)
    put(pair: month)
    put(byte: 0x2D)
    put(pair: day)
  }

  @inline(__always)
  mutating func put(time seconds: Int64) {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds &- 86_399) / 86_400
    let second = Int(truncatingIfNeeded: seconds &- days &* 86_400)
    put(date: days)
    put(byte: 0x54)
    put(pair: second / 3_600)
    put(byte: 0x3A)
    put(pair: second / 60 % 60)
    put(byte: 0x3A)
    put(pair: second % 60)
  }

  @inline(__always)
  mutating func put(number value: Double) {
    if abs(value) < 1e15 {
      let whole = Int64(value)
      if Double(whole) == value {
        put(integer: whole)
        return
      }
      // Two and four decimals, the commonest, without a search for the shortest form: a fraction of
      // four digits and at most eleven before them is the shortest if it reads back.
      if abs(value) < 1e11 {
        let scaled = Int64((value * 10_000).rounded())
        if Double(scaled) / 10_000 == value {
          put(tenThousandths: scaled)
          return
        }
      }
    }
    putShortest(value)
  }

  private mutating func put(tenThousandths value: Int64) {
    if value < 0 { put(byte: 0x2D) }
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: 10_000)
    put(magnitude: whole)
    put(byte: 0x2E)
    put(pair: Int(fraction) / 100)
    put(pair: Int(fraction) % 100)
    while start[count &- 1] == 0x30 { count &-= 1 }
  }

  @inline(never)
  private mutating func putShortest(_ value: Double) {
    // `description` is the shortest that reads back; only its layout is changed.
    var digits: [UInt8] = []
    var exponent = 0
    var isInFraction = false
    var isInExponent = false
    var isExponentNegative = false
    var written = 0
    for byte in value.description.utf8 {
      switch byte {
      case 0x2D: if isInExponent { isExponentNegative = true } else { put(byte: byte) }
      case 0x2B: break
      case 0x2E: isInFraction = true
      case 0x65: isInExponent = true
      case 0x30...0x39:
        if isInExponent {
          written = written * 10 + Int(byte - 0x30)
        } else {
          digits.append(byte)
          if isInFraction { exponent -= 1 }
        }
      default: put(byte: byte)
      }
    }
    guard !digits.isEmpty else { return }
    exponent += isExponentNegative ? -written : written
    while digits.count > 1, digits.last == 0x30 {
      digits.removeLast()
      exponent += 1
    }
    let leading = digits.prefix { $0 == 0x30 }.count
    if leading < digits.count { digits.removeFirst(leading) }
    put(digits: digits, exponent: exponent)
  }

  /// The digits as a whole number, times ten to the exponent.
  private mutating func put(digits: [UInt8], exponent: Int) {
    let point = digits.count + exponent
    if point > 21 || point < -5 {
      put(byte: digits[0])
      if digits.count > 1 {
        put(byte: 0x2E)
        for digit in digits.dropFirst() { put(byte: digit) }
      }
      put(byte: 0x65)
      put(integer: Int64(point - 1))
    } else if point <= 0 {
      put(byte: 0x30)
      put(byte: 0x2E)
      for _ in 0..<(-point) { put(byte: 0x30) }
      for digit in digits { put(byte: digit) }
    } else {
      for (offset, digit) in digits.enumerated() {
        if offset == point { put(byte: 0x2E) }
        put(byte: digit)
      }
      for _ in 0..<max(point - digits.count, 0) { put(byte: 0x30) }
    }
  }

  private static var pairs: StaticString {
    """
    00010203040506070809101112131415161718192021222324252627282930313233343536373839\
    40414243444546474849505152535455565758596061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """
  }
}
