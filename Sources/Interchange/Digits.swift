import Store

/// Eight ASCII bytes at a time: the digits at the beginning of a cell.
enum Digits {
  /// How many of the eight bytes from the lowest on are digits.
  @inline(__always)
  static func prefixCount(_ word: UInt64) -> Int {
    let shifted = word ^ 0x3030_3030_3030_3030
    // A digit is now at most 9; adding 0x76 sets the high bit of everything above that. Carries
    // only reach bytes behind the first that is no digit.
    let others = ((shifted &+ 0x7676_7676_7676_7676) | shifted) & 0x8080_8080_8080_8080
    return others.trailingZeroBitCount &>> 3
  }

  /// The number that the lowest `count` bytes, 1…8 digits, spell.
  /// - Source: Lemire: Quickly parsing eight digits, 2018.
  @inline(__always)
  static func value(_ word: UInt64, count: Int) -> Int64 {
    var digits = (word ^ 0x3030_3030_3030_3030) &<< UInt64(64 &- count &* 8)
    digits = (digits &* 10) &+ (digits &>> 8)
    let low = (digits & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
    let high = ((digits &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
    return Int64(truncatingIfNeeded: (low &+ high) &>> 32)
  }

  /// 10 to the power of 0…18.
  static let powers: [Int64] = (0...18).map { exponent in
    (0..<exponent).reduce(Int64(1)) { power, _ in power * 10 }
  }
}

extension ByteView {
  /// The run of up to sixteen digits at a position: how many, and what they spell.
  @inline(__always)
  func digits(at position: Int) -> (count: Int, value: Int64) {
    let word = word(at: position)
    let count = Digits.prefixCount(word)
    if count == 0 { return (0, 0) }
    let value = Digits.value(word, count: count)
    if count < 8 { return (count, value) }
    return moreDigits(at: position, value)
  }

  @inline(never)
  private func moreDigits(at position: Int, _ value: Int64) -> (count: Int, value: Int64) {
    let word = word(at: position &+ 8)
    let count = Digits.prefixCount(word)
    if count == 0 { return (8, value) }
    return (8 &+ count, value &* Digits.powers[count] &+ Digits.value(word, count: count))
  }

  /// The day number of `2026-01-31` at a position, if such a date stands there.
  @inline(__always)
  func isoDay(at position: Int) -> Int? {
    let head = word(at: position)  // yyyy-mm-
    // Digits become 0…9, dashes 0.
    let parts = head ^ 0x2D30_302D_3030_3030
    let tens = self[position &+ 8] &- 0x30
    let ones = self[position &+ 9] &- 0x30
    let others = ((parts &+ 0x7F76_767F_7676_7676) | parts) & 0x8080_8080_8080_8080
    guard others == 0, tens <= 9, ones <= 9 else { return nil }
    func digit(_ offset: UInt64) -> Int { Int(truncatingIfNeeded: (parts &>> (offset &* 8)) & 0xF) }
    let year = digit(0) &* 1_000 &+ digit(1) &* 100 &+ digit(2) &* 10 &+ digit(3)
    return Day.existing(
      year: year, month: digit(5) &* 10 &+ digit(6), day: Int(tens) &* 10 &+ Int(ones))
  }

  /// The seconds since midnight of `14:30:00` at a position, if such a time stands there.
  @inline(__always)
  func isoSecond(at position: Int) -> Int? {
    // Digits become 0…9, colons 0.
    let parts = word(at: position) ^ 0x3030_3A30_303A_3030
    let others = ((parts &+ 0x7676_7F76_767F_7676) | parts) & 0x8080_8080_8080_8080
    guard others == 0 else { return nil }
    func digit(_ offset: UInt64) -> Int { Int(truncatingIfNeeded: (parts &>> (offset &* 8)) & 0xF) }
    let hour = digit(0) &* 10 &+ digit(1)
    let minute = digit(3) &* 10 &+ digit(4)
    let second = digit(6) &* 10 &+ digit(7)
    guard hour < 24, minute < 60, second < 60 else { return nil }
    return (hour &* 60 &+ minute) &* 60 &+ second
  }
}

extension Day {
  /// The day number of a date of the years 1…9999, or nil when there is no such day.
  ///
  /// `Day.number` in this module, where it can be inlined.
  @inline(__always)
  static func existing(year: Int, month: Int, day: Int) -> Int? {
    guard year >= 1, month >= 1, month <= 12, day >= 1 else { return nil }
    if day > 28 {
      let isLeap = year & 3 == 0 && (year % 100 != 0 || year % 400 == 0)
      let last = month == 2 ? (isLeap ? 29 : 28) : 30 &+ ((month &+ (month &>> 3)) & 1)
      if day > last { return nil }
    }
    let y = month <= 2 ? year &- 1 : year
    let shifted = month > 2 ? month &- 3 : month &+ 9
    let dayOfYear = (153 &* shifted &+ 2) / 5 &+ day &- 1
    return y &* 365 &+ y / 4 &- y / 100 &+ y / 400 &+ dayOfYear &- 719_468
  }
}
