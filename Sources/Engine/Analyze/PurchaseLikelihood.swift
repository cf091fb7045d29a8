import Glibc
import Store

/// The log-likelihood of a purchase model over merged histories, with its first and second
/// derivatives by r, α, a and b.
///
/// Products of Γ and B are sums over chances: log B(a, b+n)/B(a, b) = Σ_{j<n} log (b+j)/(a+b+j), and
/// log Γ(r+x)/Γ(r) = Σ_{j<x} log (r+j). Counting the customers that have a j-th term once leaves one
/// sum over j for all of them. What depends on T alone is summed by day. Each row then costs one
/// exponential and one logarithm, for log(1 + a/(b+n−1) · ((α+T)/(α+t_x))^(r+x)).
///
/// Sums run in two halves, on two threads, always cut at the same row: the result is the same for
/// any number of threads.
struct PurchaseLikelihood {
  private let kind: PurchaseModel.Kind
  private let histories: PurchaseHistories
  /// Ages per place in `histories.days`, in the unit of α here.
  private let ages: [Double]
  /// Per place, customers of that age, and their repeat purchases.
  private var ageCustomers: [Double]
  private var ageRepeats: [Double]
  /// At j, the customers with more than j repeat purchases.
  private var moreRepeats: [Double]
  /// At j, the customers who let more than j chances to stop pass.
  private var morePassed: [Double]
  private let customerCount: Double

  /// - Parameter unitDays: Days in the unit of ages and α.
  init(kind: PurchaseModel.Kind, histories: PurchaseHistories, unitDays: Double) {
    self.kind = kind
    self.histories = histories
    ages = histories.days.map { Double($0) / unitDays }
    ageCustomers = [Double](repeating: 0, count: ages.count)
    ageRepeats = ageCustomers
    let repeatsMax = histories.groups.last?.repeats ?? 0
    moreRepeats = [Double](repeating: 0, count: repeatsMax)
    morePassed = [Double](repeating: 0, count: kind.passedChances(repeatsMax))
    for group in histories.groups {
      var customers = 0.0
      for row in group.rows {
        let weight = Double(histories.weight[row])
        customers += weight
        ageCustomers[Int(histories.age[row])] += weight
        ageRepeats[Int(histories.age[row])] += weight * Double(group.repeats)
      }
      if group.repeats > 0 { moreRepeats[group.repeats - 1] = customers }
      let passed = kind.passedChances(group.repeats)
      if passed > 0 { morePassed[passed - 1] = customers }
    }
    for place in moreRepeats.indices.dropLast().reversed() {
      moreRepeats[place] += moreRepeats[place + 1]
    }
    for place in morePassed.indices.dropLast().reversed() {
      morePassed[place] += morePassed[place + 1]
    }
    customerCount = Double(histories.customerCount)
  }

  /// The log-likelihood at r, α, a, b.
  func value(at point: [Double]) -> Double {
    let (r, alpha, a, b) = (point[0], point[1], point[2], point[3])
    let logs = ages.map { log(alpha + $0) }
    var sum = customerCount * r * log(alpha)
    for place in logs.indices {
      sum -= (r * ageCustomers[place] + ageRepeats[place]) * logs[place]
    }
    for place in moreRepeats.indices { sum += moreRepeats[place] * log(r + Double(place)) }
    for place in morePassed.indices {
      sum -= morePassed[place] * log1p(a / (b + Double(place)))
    }
    let parts = halves { stopped(rows: $0, r: r, a: a, b: b, logs: logs) }
    return sum + parts.0 + parts.1
  }

  /// The log-likelihood and its derivatives at r, α, a, b.
  func expansion(at point: [Double]) -> NewtonAscent.Expansion {
    let (r, alpha, a, b) = (point[0], point[1], point[2], point[3])
    let logs = ages.map { log(alpha + $0) }
    let inverses = ages.map { 1 / (alpha + $0) }
    let parts = halves {
      stoppedExpansion(rows: $0, r: r, a: a, b: b, logs: logs, inverses: inverses)
    }
    var sums = parts.0
    sums.add(parts.1)
    sums.value += customerCount * r * log(alpha)
    sums.r += customerCount * log(alpha)
    sums.alpha += customerCount * r / alpha
    sums.alphaAlpha -= customerCount * r / (alpha * alpha)
    sums.rAlpha += customerCount / alpha
    for place in logs.indices {
      let power = r * ageCustomers[place] + ageRepeats[place]
      sums.value -= power * logs[place]
      sums.r -= ageCustomers[place] * logs[place]
      sums.alpha -= power * inverses[place]
      sums.alphaAlpha += power * inverses[place] * inverses[place]
      sums.rAlpha -= ageCustomers[place] * inverses[place]
    }
    for place in moreRepeats.indices {
      let inverse = 1 / (r + Double(place))
      sums.value += moreRepeats[place] * log(r + Double(place))
      sums.r += moreRepeats[place] * inverse
      sums.rr -= moreRepeats[place] * inverse * inverse
    }
    for place in morePassed.indices {
      let without = 1 / (b + Double(place))
      let with = 1 / (a + b + Double(place))
      sums.value -= morePassed[place] * log1p(a / (b + Double(place)))
      sums.a -= morePassed[place] * with
      sums.b += morePassed[place] * (a * with * without)
      sums.aa += morePassed[place] * with * with
      sums.ab += morePassed[place] * with * with
      sums.bb -= morePassed[place] * (without - with) * (without + with)
    }
    return sums.expansion
  }

  /// Runs `part` over the two halves of the rows, the second on the helper thread where it pays.
  private func halves<Part>(_ part: (Range<Int>) -> Part) -> (Part, Part) {
    let count = histories.age.count
    let middle = count / 2
    guard count > 8_192 else { return (part(0..<middle), part(middle..<count)) }
    var first: Part?
    var second: Part?
    Workers.both({ first = part(0..<middle) }, { second = part(middle..<count) })
    guard let first, let second else { preconditionFailure("both halves have been run") }
    return (first, second)
  }

  /// Σ weight · log(1 + odds of having stopped) over some rows.
  private func stopped(rows: Range<Int>, r: Double, a: Double, b: Double, logs: [Double]) -> Double
  {
    let age = histories.age.span
    let lastAge = histories.lastAge.span
    let weight = histories.weight.span
    let logs = logs.span
    var sum = 0.0
    for group in histories.groups where group.rows.overlaps(rows) {
      let passed = kind.passedChances(group.repeats)
      guard passed > 0 else { continue }
      let base = log(a / (b + Double(passed) - 1))
      let power = r + Double(group.repeats)
      for row in group.rows.clamped(to: rows) {
        let z = base + power * (logs[Int(age[row])] - logs[Int(lastAge[row])])
        sum += Double(weight[row]) * SpecialFunctions.softPlus(z)
      }
    }
    return sum
  }

  /// The same with derivatives.
  private func stoppedExpansion(
    rows: Range<Int>, r: Double, a: Double, b: Double, logs: [Double], inverses: [Double]
  ) -> Sums {
    let age = histories.age.span
    let lastAge = histories.lastAge.span
    let weight = histories.weight.span
    let logs = logs.span
    let inverses = inverses.span
    var sums = Sums()
    for group in histories.groups where group.rows.overlaps(rows) {
      let passed = kind.passedChances(group.repeats)
      guard passed > 0 else { continue }
      let rest = b + Double(passed) - 1
      let base = log(a / rest)
      let power = r + Double(group.repeats)
      var here = GroupSums()
      for row in group.rows.clamped(to: rows) {
        let (now, last) = (Int(age[row]), Int(lastAge[row]))
        let logRatio = logs[now] - logs[last]
        let slope = inverses[now] - inverses[last]
        here.add(
          z: base + power * logRatio, weight: Double(weight[row]), logRatio: logRatio,
          slope: slope, squares: slope * (inverses[now] + inverses[last]))
      }
      sums.add(here, power: power, a: a, rest: rest)
    }
    return sums
  }
}

/// Sums over the rows of one number of repeats. With odds eᶻ of having stopped: s their share of
/// 1 + eᶻ, v = s(1−s), d the log-ratio of the ages, e the derivative of d by α.
private struct GroupSums {
  var value = 0.0
  var s = 0.0
  var sd = 0.0
  var se = 0.0
  var sq = 0.0
  var v = 0.0
  var vd = 0.0
  var ve = 0.0
  var vdd = 0.0
  var vde = 0.0
  var vee = 0.0

  @inline(__always)
  mutating func add(z: Double, weight: Double, logRatio: Double, slope: Double, squares: Double) {
    let small = exp(-abs(z))
    let inverse = 1 / (1 + small)
    value += weight * (max(z, 0) + log1p(small))
    let share = weight * (z >= 0 ? inverse : small * inverse)
    let spread = weight * small * inverse * inverse
    s += share
    sd += share * logRatio
    se += share * slope
    sq += share * squares
    v += spread
    vd += spread * logRatio
    ve += spread * slope
    vdd += spread * logRatio * logRatio
    vde += spread * logRatio * slope
    vee += spread * slope * slope
  }
}

/// A log-likelihood with its derivatives, named by the parameters.
private struct Sums {
  var value = 0.0
  var r = 0.0
  var alpha = 0.0
  var a = 0.0
  var b = 0.0
  var rr = 0.0
  var rAlpha = 0.0
  var ra = 0.0
  var rb = 0.0
  var alphaAlpha = 0.0
  var alphaA = 0.0
  var alphaB = 0.0
  var aa = 0.0
  var ab = 0.0
  var bb = 0.0

  /// Takes in the rows of one number of repeats: z = log a − log rest + power · d, rest = b + n − 1.
  mutating func add(_ group: GroupSums, power: Double, a parameterA: Double, rest: Double) {
    value += group.value
    r += group.sd
    alpha += power * group.se
    a += group.s / parameterA
    b -= group.s / rest
    rr += group.vdd
    rAlpha += power * group.vde + group.se
    ra += group.vd / parameterA
    rb -= group.vd / rest
    alphaAlpha += power * power * group.vee - power * group.sq
    alphaA += power * group.ve / parameterA
    alphaB -= power * group.ve / rest
    aa += (group.v - group.s) / (parameterA * parameterA)
    ab -= group.v / (parameterA * rest)
    bb += (group.v + group.s) / (rest * rest)
  }

  mutating func add(_ other: Sums) {
    value += other.value
    r += other.r
    alpha += other.alpha
    a += other.a
    b += other.b
    rr += other.rr
    rAlpha += other.rAlpha
    ra += other.ra
    rb += other.rb
    alphaAlpha += other.alphaAlpha
    alphaA += other.alphaA
    alphaB += other.alphaB
    aa += other.aa
    ab += other.ab
    bb += other.bb
  }

  var expansion: NewtonAscent.Expansion {
    NewtonAscent.Expansion(
      value: value, gradient: [r, alpha, a, b],
      curvature: [
        rr, rAlpha, ra, rb,
        rAlpha, alphaAlpha, alphaA, alphaB,
        ra, alphaA, aa, ab,
        rb, alphaB, ab, bb,
      ])
  }
}
