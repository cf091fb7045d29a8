import Glibc
import Store

extension SpendModel {
  /// Fits the model by maximum likelihood, the same way as `PurchaseModel.fit`: logarithms of the
  /// parameters, several starts, a polish by Newton's method. Money is scaled to a mean of 1 for the
  /// search, so its unit changes nothing but `v`.
  ///
  /// - Parameter histories: At least one customer.
  /// - Throws: `StoreError.interrupted`.
  static func fit(to histories: SpendHistories) throws(StoreError) -> SpendModel {
    let unit = histories.meanOfMeans
    let likelihood = SpendLikelihood(histories: histories, unit: unit)
    let rough = likelihood.sampled(rows: 4_096)
    var best: NewtonAscent.Summit?
    for start in [[1.0, 2, 1], [6, 4, 0.5], [0.5, 10, 20]] {
      let found = try NelderMead.minimum(
        from: start.map { log($0) }, step: 0.7, tolerance: 1e-3, stepMax: 120
      ) { logs in
        logs.allSatisfy(box.contains) ? -rough.expansion(at: logs.map { exp($0) }).value : .infinity
      }
      let climbed = try rough.summit(from: found.point)
      if best.map({ climbed.value > $0.value + 1e-9 * abs($0.value) }) ?? true { best = climbed }
    }
    guard var best else { preconditionFailure("there is a start") }
    if rough.rowCount < likelihood.rowCount { best = try likelihood.summit(from: best.point) }
    let customers = histories.customerCount
    let parameters = best.point.map { exp($0) }
    return SpendModel(
      p: parameters[0], q: parameters[1], v: parameters[2] * unit,
      logLikelihood: best.value - Double(customers) * log(unit),
      atBorder: zip(Parameter.allCases, best.atBorder).filter(\.1).map(\.0),
      correlation: histories.correlation, customerCount: customers)
  }

  /// The logarithms searched.
  fileprivate static let box = log(1e-4)...log(1e4)
}

/// The log-likelihood of the Gamma-Gamma model with its derivatives by p, q and v, money in a unit.
///
/// The functions of Γ depend on x alone and are taken once for each; a row costs one logarithm and
/// one division.
private struct SpendLikelihood {
  private var repeats: [Double] = []
  private var rows: [Range<Int>] = []
  private var spend: [Double] = []
  private var weight: [Double] = []
  /// Per number of repeats, the customers, and the sum of the logarithms of their spend.
  private var customers: [Double] = []
  private var logSpend: [Double] = []
  /// The sum of the logarithms of m, which no parameter changes.
  private var logMeans = 0.0

  init(histories: SpendHistories, unit: Double) {
    spend = histories.spend.map { $0 / unit }
    weight = histories.weight
    repeats = histories.groups.map { Double($0.repeats) }
    rows = histories.groups.map(\.rows)
    addUp()
  }

  var rowCount: Int { spend.count }

  /// Every k-th row, so that about `count` remain; what few rows have in common is lost, their order
  /// by number of repeats and spend keeps the shares.
  func sampled(rows count: Int) -> SpendLikelihood {
    let stride = max(1, (rowCount + count - 1) / count)
    guard stride > 1 else { return self }
    var result = self
    (result.repeats, result.rows, result.spend, result.weight) = ([], [], [], [])
    for (place, range) in rows.enumerated() {
      let start = result.spend.count
      for row in range where row % stride == 0 {
        result.spend.append(spend[row])
        result.weight.append(weight[row])
      }
      guard result.spend.count > start else { continue }
      result.repeats.append(repeats[place])
      result.rows.append(start..<result.spend.count)
    }
    result.addUp()
    return result
  }

  private mutating func addUp() {
    customers = []
    logSpend = []
    logMeans = 0
    for place in rows.indices {
      var sum = 0.0
      var count = 0.0
      for row in rows[place] {
        sum += weight[row] * log(spend[row])
        count += weight[row]
      }
      customers.append(count)
      logSpend.append(sum)
      logMeans += sum - count * log(repeats[place])
    }
  }

  func summit(from logs: [Double]) throws(StoreError) -> NewtonAscent.Summit {
    try NewtonAscent.summit(
      from: logs, within: Array(repeating: SpendModel.box, count: logs.count)
    ) { logs in
      let point = logs.map { exp($0) }
      return expansion(at: point).byLogarithms(at: point)
    }
  }

  /// Value and derivatives at p, q, v.
  func expansion(at point: [Double]) -> NewtonAscent.Expansion {
    let (p, q, v) = (point[0], point[1], point[2])
    let sums = rowSums(v: v)
    var value = -logMeans
    var (byP, byQ, byV) = (0.0, 0.0, 0.0)
    var (pp, pq, pv, qq, qv, vv) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    let (psiQ, slopeQ, logV) = (
      SpecialFunctions.digamma(q), SpecialFunctions.trigamma(q), log(v)
    )
    for place in repeats.indices {
      let (x, n, sum) = (repeats[place], customers[place], sums[place])
      let px = p * x
      let psi = SpecialFunctions.digamma(px + q)
      let slope = SpecialFunctions.trigamma(px + q)
      value +=
        n * (q * logV - SpecialFunctions.logBeta(px, q)) + px * logSpend[place]
        - (px + q) * sum.logs
      byP += x * (n * (psi - SpecialFunctions.digamma(px)) + logSpend[place] - sum.logs)
      byQ += n * (psi - psiQ + logV) - sum.logs
      byV += n * q / v - (px + q) * sum.inverses
      pp += n * x * x * (slope - SpecialFunctions.trigamma(px))
      pq += n * x * slope
      pv -= x * sum.inverses
      qq += n * (slope - slopeQ)
      qv += n / v - sum.inverses
      vv += (px + q) * sum.squares - n * q / (v * v)
    }
    return NewtonAscent.Expansion(
      value: value, gradient: [byP, byQ, byV],
      curvature: [pp, pq, pv, pq, qq, qv, pv, qv, vv])
  }

  /// Over the customers of one number of repeats: Σ log(v + s), Σ 1/(v + s), Σ 1/(v + s)².
  private struct RowSums {
    var logs = 0.0
    var inverses = 0.0
    var squares = 0.0
  }

  private func rowSums(v: Double) -> [RowSums] {
    let middle = spend.count / 2
    var first: [RowSums] = []
    var second: [RowSums] = []
    if spend.count > 8_192 {
      Workers.both(
        { first = rowSums(0..<middle, v: v) }, { second = rowSums(middle..<spend.count, v: v) })
    } else {
      first = rowSums(0..<middle, v: v)
      second = rowSums(middle..<spend.count, v: v)
    }
    for place in first.indices {
      first[place].logs += second[place].logs
      first[place].inverses += second[place].inverses
      first[place].squares += second[place].squares
    }
    return first
  }

  private func rowSums(_ part: Range<Int>, v: Double) -> [RowSums] {
    let spend = spend.span
    let weight = weight.span
    return rows.map { range in
      var sums = RowSums()
      for row in range.clamped(to: part) {
        let all = v + spend[row]
        let inverse = 1 / all
        sums.logs += weight[row] * log(all)
        sums.inverses += weight[row] * inverse
        sums.squares += weight[row] * inverse * inverse
      }
      return sums
    }
  }
}
