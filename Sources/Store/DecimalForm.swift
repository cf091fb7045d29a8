/// A number as its shortest decimal form: `digits` × 10^`exponent`.
///
/// `0.15` typed by a person means fifteen hundredths, not the binary fraction next to it; whatever
/// rounds or compares shares exactly goes by this form.
package struct DecimalForm: Hashable, Sendable {
  /// At most 17 digits, with the sign.
  package let digits: Int64
  /// Power of ten.
  package let exponent: Int

  /// The form of a finite number.
  package init(_ value: Double) {
    var digits: Int64 = 0
    var exponent = 0
    var isNegative = false
    var isFraction = false
    var text = value.description.utf8[...]
    while let byte = text.popFirst() {
      switch byte {
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: "."): isFraction = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        digits = digits &* 10 &+ Int64(byte &- 48)
        exponent -= isFraction ? 1 : 0
      case UInt8(ascii: "e"):
        exponent += Int(Substring(text)) ?? 0
        text = text.suffix(0)
      default: break
      }
    }
    while digits != 0, digits % 10 == 0 {
      digits /= 10
      exponent += 1
    }
    self.digits = isNegative ? -digits : digits
    self.exponent = digits == 0 ? 0 : exponent
  }

  /// 10^`power`, for 0…38.
  package static func powerOfTen(_ power: Int) -> Int128 {
    var result: Int128 = 1
    for _ in 0..<power { result *= 10 }
    return result
  }

  /// `factor` × `number`, rounded half away from zero on the decimal form; nil when not finite or
  /// beyond ±2⁶².
  package static func roundedProduct(_ factor: Int64, _ number: Double) -> Int64? {
    let product = Double(factor) * number
    guard let rounded = plainlyRounded(product) else {
      guard abs(product) < 0x1p62 else { return nil }
      let form = DecimalForm(number)
      guard form.exponent < 0, form.exponent >= -37 else { return Int64(product.rounded()) }
      return quotient(Int128(factor) * Int128(form.digits), powerOfTen(-form.exponent))
    }
    return rounded
  }

  /// `dividend` ÷ `number`, rounded half away from zero on the decimal form; nil when not finite or
  /// beyond ±2⁶².
  package static func roundedQuotient(_ dividend: Int64, _ number: Double) -> Int64? {
    let result = Double(dividend) / number
    guard let rounded = plainlyRounded(result) else {
      guard abs(result) < 0x1p62 else { return nil }
      let form = DecimalForm(number)
      guard (-20...18).contains(form.exponent) else { return Int64(result.rounded()) }
      let up = powerOfTen(max(0, -form.exponent))
      let down = powerOfTen(max(0, form.exponent))
      let (above, isAboveOver) = Int128(dividend).multipliedReportingOverflow(by: up)
      let (below, isBelowOver) = Int128(form.digits).multipliedReportingOverflow(by: down)
      guard !isAboveOver, !isBelowOver else { return Int64(result.rounded()) }
      return quotient(above, below)
    }
    return rounded
  }

  /// The quotient rounded half away from zero; nil outside Int64. The divisor is not 0.
  package static func quotient(_ dividend: Int128, _ divisor: Int128) -> Int64? {
    let (whole, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
    let isNegative = (dividend < 0) != (divisor < 0)
    let isUp = rest.magnitude >= divisor.magnitude - rest.magnitude
    return Int64(exactly: isUp ? (isNegative ? whole - 1 : whole + 1) : whole)
  }

  /// The nearest integer, or nil where the binary error could decide it.
  private static func plainlyRounded(_ value: Double) -> Int64? {
    guard abs(value) < 0x1p50 else { return nil }
    let distance = abs(abs(value - value.rounded(.towardZero)) - 0.5)
    guard distance > abs(value) * 0x1p-50 else { return nil }
    return Int64(value.rounded(.toNearestOrAwayFromZero))
  }
}
