/// A seeded stream of random numbers, the same on every machine.
///
/// Each customer has streams of its own, derived from the seed, a purpose and the customer's
/// number, so that a change to one customer or one purpose leaves the others as they were.
/// - Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014
///   (SplitMix64).
struct Random {
  /// What a stream is for.
  enum Purpose: UInt64 {
    case firm = 1
    case traits, life, orders, payments, interactions, surveys, account, identity, contacts
  }

  private var state: UInt64

  /// The stream of record `index` for `purpose`.
  init(seed: UInt64, _ purpose: Purpose, _ index: Int = 0) {
    var mixer = seed &+ purpose.rawValue &* 0xD1B5_4A32_D192_ED03
    mixer = Self.mix(mixer)
    state = Self.mix(mixer ^ (UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15))
  }

  /// 64 random bits.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mix(state)
  }

  /// A number in 0 ..< 1.
  mutating func uniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// An integer in 0 ..< `count`, by the high half of a product (Lemire 2019, bias below 2⁻⁴⁰).
  mutating func below(_ count: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// An integer in `low ... high`.
  mutating func between(_ low: Int, _ high: Int) -> Int {
    low + below(high - low + 1)
  }

  /// Whether an event of this probability happens.
  mutating func chance(_ probability: Double) -> Bool {
    uniform() < probability
  }

  /// An exponential waiting time.
  mutating func exponential(mean: Double) -> Double {
    -mean * ExpLog.log(1 - uniform())
  }

  /// A standard normal number, by Marsaglia's polar method (1964).
  mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square < 1 && square > 0 {
        return x * (-2 * ExpLog.log(square) / square).squareRoot()
      }
    }
  }

  /// A number spread much like a standard normal one, but within ±3.5: the sum of four uniform
  /// ones, each a quarter of one draw. For noise around a value, where tails do not matter.
  mutating func noise() -> Double {
    let bits = next()
    let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
    // Mean 2 · 65,535; the variance of a sum of four uniforms is 4 / 12.
    return (Double(sum) - 131_070) * (1.732_050_807_568_877_2 / 65_536)
  }

  /// A number whose logarithm is normal around log `median`.
  mutating func logNormal(median: Double, sigma: Double) -> Double {
    median * ExpLog.exp(sigma * normal())
  }

  /// A gamma number of scale 1.
  /// - Source: Marsaglia & Tsang: A simple method for generating gamma variables, ACM TOMS 26(3),
  ///   2000; below shape 1 by its boost, `gamma(a + 1) · u^(1/a)`.
  mutating func gamma(shape: Double) -> Double {
    if shape < 1 {
      let boost = ExpLog.exp(ExpLog.log(1 - uniform()) / shape)
      return gamma(shape: shape + 1) * boost
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      if root <= 0 { continue }
      let v = root * root * root
      let u = 1 - uniform()
      // Their squeeze: decides most cases without a logarithm, and the same way.
      if u < 1 - 0.0331 * (x * x) * (x * x) { return d * v }
      if ExpLog.log(u) < 0.5 * x * x + d - d * v + d * ExpLog.log(v) { return d * v }
    }
  }

  /// A beta number, from two gammas.
  mutating func beta(_ a: Double, _ b: Double) -> Double {
    let x = gamma(shape: a)
    let y = gamma(shape: b)
    return x + y > 0 ? x / (x + y) : 0
  }

  /// A Poisson count of a small mean, by multiplying uniforms (Knuth, TAOCP 2, 3.4.1).
  mutating func poisson(mean: Double) -> Int {
    let limit = ExpLog.exp(-mean)
    var count = 0
    var product = 1 - uniform()
    while product > limit && count < 1_000 {
      product *= 1 - uniform()
      count += 1
    }
    return count
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Picks an index with given weights in one look: a table of 2,048 slots, each naming an index.
struct WeightedTable {
  private static let slotCount = 2_048
  private let slots: [UInt16]

  /// Gives each index as many slots as its share of the weights, by running sums.
  init(_ weights: [Double]) {
    let total = weights.reduce(0, +)
    var slots: [UInt16] = []
    slots.reserveCapacity(Self.slotCount)
    var running = 0.0
    for (index, weight) in weights.enumerated() {
      running += weight
      let end = Int(running / total * Double(Self.slotCount) + 0.5)
      while slots.count < end { slots.append(UInt16(index)) }
    }
    self.slots = slots
  }

  /// One index.
  func pick(_ random: inout Random) -> Int { Int(slots[random.below(slots.count)]) }
}
