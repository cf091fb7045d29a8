/// An exact share, such as 20% = 1/5.
package struct Ratio: Hashable, Sendable {
  /// Above the line, 0 or more.
  package let numerator: Int64
  /// Below the line, above 0.
  package let denominator: Int64

  /// Makes a ratio of two numbers; the second is above 0.
  package init(_ numerator: Int64, _ denominator: Int64) {
    precondition(numerator >= 0 && denominator > 0, "a share is not negative")
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The ratio that the shortest decimal form of a number means: 0.2 is 2/10. Nil outside 0…1 and
  /// for
  /// more than 18 decimals.
  package init?(_ share: Double) {
    guard share >= 0, share <= 1 else { return nil }
    let form = DecimalForm(share)
    guard form.exponent >= -18 else { return nil }
    let up = DecimalForm.powerOfTen(max(0, form.exponent))
    self.init(form.digits * Int64(up), Int64(DecimalForm.powerOfTen(max(0, -form.exponent))))
  }

  /// `count` × this share, rounded up.
  package func roundedUp(of count: Int) -> Int {
    let product = Int128(count) * Int128(numerator)
    return Int((product + Int128(denominator) - 1) / Int128(denominator))
  }
}
