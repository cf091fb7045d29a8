import Glibc
import Testing

@testable import SampleData

@Suite struct ArithmeticTests {
  @Test func `exp and log agree with the library to within rounding`() {
    var worst = 0.0
    for step in -2_000...2_000 {
      let x = Double(step) * 0.0173
      worst = max(worst, (ExpLog.exp(x) / Glibc.exp(x) - 1).magnitude)
      let y = Glibc.exp(x)
      worst = max(worst, (ExpLog.log(y) - Glibc.log(y)).magnitude / max(1, x.magnitude))
    }
    #expect(worst < 1e-14)
    #expect(ExpLog.exp(0) == 1 && ExpLog.log(1) == 0)
    #expect(ExpLog.exp(-1_000) > 0 && ExpLog.exp(1_000).isFinite)
  }

  /// Draws 20,000 numbers and compares mean and variance with the distribution's.
  @Test(arguments: [
    ("uniform", 0.5, 1 / 12.0), ("normal", 0.0, 1.0), ("noise", 0.0, 1.0),
    ("exponential 3", 3.0, 9.0), ("gamma 0.9", 0.9, 0.9), ("gamma 2.6", 2.6, 2.6),
    ("beta 0.65 4", 0.65 / 4.65, 0.021_282), ("poisson 0.5", 0.5, 0.5), ("below 7", 3.0, 4.0),
  ])
  func `each distribution has its mean and variance`(
    name: String, mean: Double, variance: Double
  ) {
    let seed: UInt64 = 7
    var random = Random(seed: seed, .firm)
    let count = 20_000
    var sum = 0.0
    var squares = 0.0
    for _ in 0..<count {
      let x: Double =
        switch name {
        case "uniform": random.uniform()
        case "normal": random.normal()
        case "noise": random.noise()
        case "exponential 3": random.exponential(mean: 3)
        case "gamma 0.9": random.gamma(shape: 0.9)
        case "gamma 2.6": random.gamma(shape: 2.6)
        case "beta 0.65 4": random.beta(0.65, 4)
        case "poisson 0.5": Double(random.poisson(mean: 0.5))
        default: Double(random.below(7))
        }
      sum += x
      squares += (x - mean) * (x - mean)
    }
    let error = (variance / Double(count)).squareRoot()
    #expect((sum / Double(count) - mean).magnitude < 4 * error, "\(name), seed \(seed)")
    #expect((squares / Double(count) / variance - 1).magnitude < 0.08, "\(name), seed \(seed)")
  }

  @Test func `a weighted table picks in proportion`() {
    let table = WeightedTable([3, 0, 1])
    var random = Random(seed: 3, .firm)
    var counts = [0, 0, 0]
    for _ in 0..<8_000 { counts[table.pick(&random)] += 1 }
    #expect(counts[1] == 0 && (counts[0] - 6_000).magnitude < 200)
  }
}
