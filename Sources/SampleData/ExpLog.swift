/// Natural exponential and logarithm from additions, multiplications, divisions and bit moves
/// only, so that every machine and every libm version generates the same data.
///
/// Both are within a few units of the last place of the true value over the range used here,
/// which is more than the statistics need; what matters is that they never differ.
enum ExpLog {
  private static let ln2High = 6.931_471_803_691_238_16e-01
  private static let ln2Low = 1.908_214_929_270_587_70e-10
  private static let inverseLn2 = 1.442_695_040_888_963_4
  private static let squareRootOf2 = 1.414_213_562_373_095_1

  /// e to the power `x`; `x` is held within ±700.
  ///
  /// Writes `x` as `k·ln 2 + r` with |r| ≤ ln 2 / 2, and takes the Taylor series of eʳ to r¹³.
  /// - Source: Cody & Waite: Software Manual for the Elementary Functions, 1980 (the two-part ln 2).
  static func exp(_ x: Double) -> Double {
    let held = x > 700 ? 700 : (x < -700 ? -700 : x)
    let k = Int(held * inverseLn2 + (held < 0 ? -0.5 : 0.5))
    let r = (held - Double(k) * ln2High) - Double(k) * ln2Low
    var sum = 1 + r * (1.0 / 13)
    sum = 1 + r * (1.0 / 12) * sum
    sum = 1 + r * (1.0 / 11) * sum
    sum = 1 + r * (1.0 / 10) * sum
    sum = 1 + r * (1.0 / 9) * sum
    sum = 1 + r * (1.0 / 8) * sum
    sum = 1 + r * (1.0 / 7) * sum
    sum = 1 + r * (1.0 / 6) * sum
    sum = 1 + r * (1.0 / 5) * sum
    sum = 1 + r * (1.0 / 4) * sum
    sum = 1 + r * (1.0 / 3) * sum
    sum = 1 + r * (1.0 / 2) * sum
    sum = 1 + r * sum
    return sum * Double(bitPattern: UInt64(k + 1_023) << 52)
  }

  /// The natural logarithm of a positive, normal `x`.
  ///
  /// Writes `x` as `2ᵏ·m` with √½ < m ≤ √2, and takes 2·artanh((m − 1)/(m + 1)) by its series.
  static func log(_ x: Double) -> Double {
    let bits = x.bitPattern
    var k = Int(bits >> 52) - 1_023
    var m = Double(bitPattern: (bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000)
    if m > squareRootOf2 {
      m *= 0.5
      k += 1
    }
    let s = (m - 1) / (m + 1)
    let z = s * s
    var sum = 1.0 / 21
    sum = sum * z + 1.0 / 19
    sum = sum * z + 1.0 / 17
    sum = sum * z + 1.0 / 15
    sum = sum * z + 1.0 / 13
    sum = sum * z + 1.0 / 11
    sum = sum * z + 1.0 / 9
    sum = sum * z + 1.0 / 7
    sum = sum * z + 1.0 / 5
    sum = sum * z + 1.0 / 3
    sum = sum * z + 1
    return Double(k) * ln2High + (2 * s * sum + Double(k) * ln2Low)
  }
}
