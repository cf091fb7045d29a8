import Glibc

/// Functions of mathematics that the C library has not, or has not in a form that is safe for tiny
/// and for large arguments.
///
/// - Source: Abramowitz & Stegun 1964, 6.1.40, 6.3.18 and 6.4.12 (asymptotic series of Γ and its
///   logarithmic derivatives); DiDonato & Morris 1992, ACM TOMS 18(3), 360–373 (beta function).
enum SpecialFunctions {
  /// log |Γ(x)|, x > 0. Reentrant, unlike `lgamma` of C, which writes a global.
  static func logGamma(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }

  /// log B(a, b) for a, b > 0: about 1e-14 from the truth also where both are tiny, one is huge, or
  /// both are, cases in which the sum of three logarithms of Γ loses its digits.
  static func logBeta(_ a: Double, _ b: Double) -> Double {
    let small = min(a, b)
    let large = max(a, b)
    let sum = small + large
    guard large >= seriesMin else { return logGamma(small) + (logGamma(large) - logGamma(sum)) }
    // log Γ(large) − log Γ(sum): the leading parts cancel on paper, not in the machine.
    let remainders = stirlingRemainder(large) - stirlingRemainder(sum)
    let ratio = -(large - 0.5) * log1p(small / large)
    guard small >= seriesMin else {
      return logGamma(small) + ratio - small * log(sum) + small + remainders
    }
    return 0.5 * log(2 * .pi / small) + small * log(small / sum) + ratio
      + stirlingRemainder(small) + remainders
  }

  /// ψ(x) = d log Γ(x) / dx, x > 0.
  static func digamma(_ x: Double) -> Double {
    var x = x
    var below = 0.0
    while x < seriesMin {
      below -= 1 / x
      x += 1
    }
    let s = 1 / (x * x)
    let series = 1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s * (1.0 / 132))))
    return below + log(x) - 0.5 / x - s * series
  }

  /// ψ′(x), x > 0.
  static func trigamma(_ x: Double) -> Double {
    var x = x
    var below = 0.0
    while x < seriesMin {
      below += 1 / (x * x)
      x += 1
    }
    let s = 1 / (x * x)
    let series = 1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * (1.0 / 30 - s * (5.0 / 66))))
    return below + 1 / x + 0.5 * s + s / x * series
  }

  /// log(e⁰ + eᶻ), the logarithm of a sum of two exponentials after the first is taken out: exact
  /// for any z, where e to the z may overflow.
  static func softPlus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }

  /// From here on the asymptotic series below have an error under 1e-14.
  private static let seriesMin = 12.0

  /// log Γ(x) − ((x − ½) log x − x + ½ log 2π) for x ≥ 12.
  private static func stirlingRemainder(_ x: Double) -> Double {
    let s = 1 / (x * x)
    return (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1_260 - s * (1.0 / 1_680 - s / 1_188)))) / x
  }
}
