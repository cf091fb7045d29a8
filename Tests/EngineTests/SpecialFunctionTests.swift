import Glibc
import Testing

@testable import Engine

struct SpecialFunctionTests {
  /// By mpmath with 30 digits; arguments are taken as the machine holds them.
  @Test(arguments: [
    (1e-300, 1e-300, 691.46867507877365), (1e-10, 1e-8, 23.0358012607936249),
    (1e-3, 1e9, 6.88645561954740675), (2.5, 3.5, -3.30183526996205261),
    (15, 20, -24.0497221722595033), (1e8, 1e8, -138629444.056817309),
    (0.5, 12, -0.659674723137859775),
  ])
  func `the logarithm of beta keeps its digits`(a: Double, b: Double, expected: Double) {
    for value in [SpecialFunctions.logBeta(a, b), SpecialFunctions.logBeta(b, a)] {
      #expect(abs(value - expected) <= 2e-14 * max(abs(expected), 1))
    }
  }

  /// ψ and ψ′ by mpmath with 30 digits.
  @Test(arguments: [
    (1e-3, -1000.57557193181028), (0.5, -1.96351002602142348), (1, -0.577215664901532861),
    (3.7, 1.16715353936151144), (11.9, 2.43393353688253749), (12, 2.44266167997581202),
    (250, 5.51945958453104642),
  ])
  func `the derivatives of the logarithm of gamma fit together`(x: Double, psi: Double) {
    #expect(abs(SpecialFunctions.digamma(x) - psi) < 1e-13 * max(1, abs(psi)))
    // ψ(x+1) = ψ(x) + 1/x and ψ′(x+1) = ψ′(x) − 1/x², across the border of the series.
    let step = SpecialFunctions.digamma(x + 1) - SpecialFunctions.digamma(x) - 1 / x
    let slopes = SpecialFunctions.trigamma(x + 1) - SpecialFunctions.trigamma(x) + 1 / (x * x)
    #expect(abs(step) < 1e-12 && abs(slopes) < 1e-9)
    let h = 1e-5 * x
    let slope = (SpecialFunctions.digamma(x + h) - SpecialFunctions.digamma(x - h)) / (2 * h)
    #expect(abs(slope / SpecialFunctions.trigamma(x) - 1) < 1e-6)
  }

  @Test(arguments: [(-800.0, 0), (-1, 0.313261687518222834), (0, 0.693147180559945309), (800, 800)])
  func `a logarithm of a sum neither overflows nor vanishes`(z: Double, expected: Double) {
    #expect(abs(SpecialFunctions.softPlus(z) - expected) < 1e-15)
  }
}
