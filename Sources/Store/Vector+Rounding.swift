extension Vector {
  /// What `rounded` does.
  package enum Rounding: Sendable, Hashable {
    /// To so many decimals, half away from zero; below 0 to tens, hundreds …
    case nearest(digits: Int)
    /// To the whole unit below.
    case floor
    /// To the whole unit above.
    case ceil
    /// Without the sign.
    case absolute
  }

  /// Rounds integers, money or numbers, for the rows in `mask`; the type stays.
  ///
  /// A number counts as its shortest decimal form: 2.675 to two decimals is 2.68.
  /// - Throws: `integerOverflow`, `amountOutOfRange`; only for rows in `mask`.
  package func rounded(
    _ rounding: Rounding, as type: ValueType, in mask: Mask
  ) throws(StoreError) -> Vector {
    var known = known
    for i in known.indices { known[i] &= mask.bytes[i] }
    if type == .number {
      let reals = reals
      return switch rounding {
      case .nearest(let digits): Self.finite(known) { Self.nearest(reals[$0], digits: digits) }
      case .floor: Self.finite(known) { reals[$0].rounded(.down) }
      case .ceil: Self.finite(known) { reals[$0].rounded(.up) }
      case .absolute: Self.finite(known) { reals[$0].magnitude }
      }
    }
    let result = try roundedWords(rounding, decimalCount: type == .money ? 2 : 0, known: known)
    return type == .money ? try result.checkedAsMoney() : result
  }

  /// The largest multiple of `width` that is not above the value, for the rows in `mask`; unknown
  /// where the width is not above 0.
  /// - Throws: `integerOverflow`, only for rows in `mask`.
  package func bucketed(width: Vector, in mask: Mask) throws(StoreError) -> Vector {
    var known = Self.knownInBoth(self, width, mask)
    switch (values, width.values) {
    case (.words(let words), .words(let widths)):
      for i in known.indices { known[i] = widths[i] > 0 ? known[i] : 0 }
      return try Self.integers(known) {
        let count = Self.flooredQuotient(words[$0], widths[$0])
        let (start, isOver) = count.multipliedReportingOverflow(by: widths[$0])
        return isOver ? nil : start
      }
    case (.reals(let reals), .reals(let widths)):
      for i in known.indices { known[i] = widths[i] > 0 ? known[i] : 0 }
      return Self.finite(known) { Self.bucket(reals[$0], width: widths[$0]) }
    default: preconditionFailure("value and width have one type")
    }
  }

  private func roundedWords(
    _ rounding: Rounding, decimalCount: Int, known: [UInt8]
  ) throws(StoreError) -> Vector {
    let words = words
    switch rounding {
    case .absolute:
      return try Self.integers(known) { words[$0] == .min ? nil : abs(words[$0]) }
    case .nearest(let digits):
      let dropped = decimalCount - digits
      guard dropped > 0 else { return try Self.integers(known) { words[$0] } }
      guard dropped <= 19 else { return try Self.integers(known) { _ in 0 } }
      let unit = DecimalForm.powerOfTen(dropped)
      return try Self.integers(known) {
        let count = DecimalForm.quotient(Int128(words[$0]), unit) ?? 0
        return Int64(exactly: Int128(count) * unit)
      }
    case .floor, .ceil:
      guard decimalCount > 0 else { return try Self.integers(known) { words[$0] } }
      let unit: Int64 = 100
      let added: Int64 = rounding == .ceil ? unit - 1 : 0
      return try Self.integers(known) {
        Self.flooredQuotient(words[$0] &+ added, unit) &* unit
      }
    }
  }

  /// A number rounded to so many decimals; from 2⁵⁰ units on it stays as it is.
  private static func nearest(_ value: Double, digits: Int) -> Double {
    if digits == 0 { return value.rounded(.toNearestOrAwayFromZero) }
    let unit = Double(DecimalForm.powerOfTen(min(abs(digits), 38)))
    if digits < 0 {
      return digits < -38 ? 0 : (value / unit).rounded(.toNearestOrAwayFromZero) * unit
    }
    guard digits <= 15, abs(value) * unit < 0x1p50,
      let count = DecimalForm.roundedProduct(Int64(unit), value)
    else { return value }
    return Double(count) / unit
  }

  /// Forgives the last bits of the quotient, so that 0.3 in steps of 0.1 is 0.3.
  private static func bucket(_ value: Double, width: Double) -> Double {
    let quotient = value / width
    let nearest = quotient.rounded()
    let isWhole = abs(quotient - nearest) <= abs(quotient) * 0x1p-51
    let count = isWhole ? nearest : quotient.rounded(.down)
    let inverse = (1 / width).rounded()
    return inverse >= 1 && 1 / inverse == width ? count / inverse : count * width
  }
}
