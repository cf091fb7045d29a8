extension Vector {
  /// What `converted` does.
  package enum Conversion: Sendable, CaseIterable {
    case integerToNumber, integerToMoney, moneyToNumber, numberToMoney
    /// Half away from zero.
    case numberToInteger
    /// Midnight of the day.
    case dateToTime
    case timeToDate
  }

  /// Seconds of a day.
  static let secondsOfDay: Int64 = 86_400

  /// The values as another type, for the rows in `mask`; the others are unknown.
  /// - Throws: `amountOutOfRange`, `integerOverflow`; only for rows in `mask`.
  package func converted(_ conversion: Conversion, in mask: Mask) throws(StoreError) -> Vector {
    var known = known
    for i in known.indices { known[i] &= mask.bytes[i] }
    switch conversion {
    case .integerToNumber:
      let words = words
      return Self.finite(known) { Double(words[$0]) }
    case .moneyToNumber:
      let words = words
      return Self.finite(known) { Double(words[$0]) / 100 }
    case .integerToMoney:
      let words = words
      return try Self.amounts(known) {
        let (minor, isOver) = words[$0].multipliedReportingOverflow(by: 100)
        return isOver ? nil : minor
      }
    case .numberToMoney:
      let reals = reals
      return try Self.amounts(known) { DecimalForm.roundedProduct(100, reals[$0]) }
    case .numberToInteger:
      let reals = reals
      return try Self.integers(known) {
        Int64(exactly: reals[$0].rounded(.toNearestOrAwayFromZero))
      }
    case .dateToTime:
      let words = words
      return try Self.integers(known) {
        let (seconds, isOver) = words[$0].multipliedReportingOverflow(by: Self.secondsOfDay)
        return isOver ? nil : seconds
      }
    case .timeToDate:
      let words = words
      return try Self.integers(known) { Self.flooredQuotient(words[$0], Self.secondsOfDay) }
    }
  }

  /// Computes an integer for each known row; nil from `body` is an overflow.
  @inline(__always)
  static func integers(
    _ known: [UInt8], _ body: (Int) -> Int64?
  ) throws(StoreError) -> Vector {
    var result = [Int64](repeating: 0, count: known.count)
    for i in 0..<known.count where known[i] != 0 {
      guard let value = body(i) else { throw .integerOverflow }
      result[i] = value
    }
    return Vector(words: result, known: known)
  }

  /// The quotient rounded down; `divisor` is above 0.
  @inline(__always)
  static func flooredQuotient(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }
}
