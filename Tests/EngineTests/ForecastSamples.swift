import FoundationEssentials
import Glibc

@testable import Engine

/// Customers to fit purchase and spend models to: of the shop for music, and made up.
struct ForecastSample {
  var repeats: [Int32] = []
  var lastAge: [Int32] = []
  var age: [Int32] = []
  /// What the repeat days brought together, in cents.
  var spend: [Int64] = []
  /// Purchase days within the holdout.
  var holdout: [Int32] = []

  var histories: PurchaseHistories {
    PurchaseHistories(repeats: repeats, lastAgeDays: lastAge, ageDays: age)
  }

  /// The same customers in another order.
  func shuffled(seed: UInt64) -> ForecastSample {
    var random = ForecastRandom(state: seed)
    let order = repeats.indices.shuffled(using: &random)
    return ForecastSample(
      repeats: order.map { repeats[$0] }, lastAge: order.map { lastAge[$0] },
      age: order.map { age[$0] }, spend: order.map { spend[$0] },
      holdout: order.map { holdout[$0] })
  }

  /// The first tenth of CDNOW's customers of early 1997, as known on 1997-09-30; the holdout are the
  /// 39 weeks after it. Purchases of one day are one, with their sum.
  static let music: ForecastSample = {
    let path = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let url = URL(filePath: "/\(path)/examples/data/cdnow_sample.csv")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    var days: [Substring: [Int32: Int64]] = [:]
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",")
      let cents = (Double(cells[4]) ?? 0) * 100
      days[cells[1], default: [:]][day(cells[2]), default: 0] += Int64(cents.rounded())
    }
    let asOf = day("1997-09-30")
    var sample = ForecastSample()
    for (_, spendByDay) in days.sorted(by: { $0.key < $1.key }) {
      let known = spendByDay.keys.filter { $0 <= asOf }.sorted()
      guard let first = known.first, let last = known.last else { continue }
      sample.repeats.append(Int32(known.count - 1))
      sample.lastAge.append(last - first)
      sample.age.append(asOf - first)
      sample.spend.append(known.dropFirst().reduce(0) { $0 + (spendByDay[$1] ?? 0) })
      sample.holdout.append(Int32(spendByDay.keys.count { $0 > asOf && $0 <= asOf + 39 * 7 }))
    }
    return sample
  }()

  /// Customers that live by a model, with time in whole days, and spend by another.
  static func madeUp(
    _ customers: Int, by model: PurchaseModel, spending: SpendModel, holdoutDays: Double = 0,
    ageDays: ClosedRange<Double> = 50...600, seed: UInt64
  ) -> ForecastSample {
    var random = ForecastRandom(state: seed)
    var sample = ForecastSample()
    for _ in 0..<customers {
      let age = random.uniform(in: ageDays).rounded()
      let rate = random.gamma(model.r) / model.alpha / 7
      let (first, second) = (random.gamma(model.a), random.gamma(model.b))
      let stopping = first / (first + second)
      var moment = 0.0
      var isAlive = model.kind == .bgnbd || random.uniform() >= stopping
      var (repeats, last, later): (Int32, Int32, Int32) = (0, 0, 0)
      while isAlive {
        moment -= log(random.uniform()) / rate
        if moment > age + holdoutDays { break }
        if moment <= age {
          repeats += 1
          last = Int32(moment)
        } else {
          later += 1
        }
        isAlive = random.uniform() >= stopping
      }
      let scale = random.gamma(spending.q) / spending.v
      let spend = repeats == 0 ? 0 : random.gamma(spending.p * Double(repeats)) / scale
      sample.repeats.append(repeats)
      sample.lastAge.append(last)
      sample.age.append(Int32(age))
      sample.spend.append(Int64((spend * 100).rounded()))
      sample.holdout.append(later)
    }
    return sample
  }

  /// Days from 1 March of year 0, for a date in ISO form.
  private static func day(_ text: Substring) -> Int32 {
    let parts = text.split(separator: "-").map { Int32($0) ?? 0 }
    let month = 12 * parts[0] + parts[1] - 3
    let (year, ofYear) = (month / 12, month % 12)
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * ofYear + 2) / 5 + parts[2]
  }
}

/// Draws that are the same each time.
///
/// - Source: Steele, Lea & Flood 2014 (SplitMix64); Marsaglia & Tsang 2000, ACM TOMS 26(3) (gamma).
struct ForecastRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  mutating func uniform() -> Double { (Double(next() >> 11) + 0.5) / 9_007_199_254_740_992 }

  mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
  }

  mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * pow(uniform(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let normal = (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform())
      let v = pow(1 + c * normal, 3)
      if v > 0, log(uniform()) < 0.5 * normal * normal + d - d * v + d * log(v) { return d * v }
    }
  }
}
