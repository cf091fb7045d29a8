import Glibc
import Store

extension PurchaseModel {
  /// Fits a model by maximum likelihood.
  ///
  /// Searches the logarithms of the parameters, from several starts by Nelder and Mead's simplex on a
  /// sample of the customers, and polishes the best by Newton's method on all. Ages are scaled so
  /// that the oldest customer is 50 units old: the unit of time changes nothing but `alpha`, and the
  /// order of the customers nothing at all.
  ///
  /// - Parameters:
  ///   - histories: At least one repeat purchase among them; whether there are enough is for
  ///     `ForecastRefusal` to say.
  ///   - unitDays: Days in the unit of `alpha`.
  /// - Throws: `StoreError.interrupted`.
  static func fit(
    _ kind: Kind, to histories: PurchaseHistories, unitDays: Double = weekDays
  ) throws(StoreError) -> PurchaseModel {
    let oldestDays = Double(max(histories.days.last ?? 1, 1))
    let searchDays = oldestDays / 50
    var best: NewtonAscent.Summit?
    let sample = histories.sample(of: sampleCustomers)
    let rough = PurchaseLikelihood(kind: kind, histories: sample, unitDays: searchDays)
    for start in starts {
      let found = try NelderMead.minimum(
        from: start.map { log($0) }, step: 0.7, tolerance: 1e-3, stepMax: 150
      ) { logs in
        inBox(logs) ? -rough.value(at: logs.map { exp($0) }) : .infinity
      }
      let climbed = try rough.summit(from: found.point)
      if best.map({ climbed.value > $0.value + 1e-9 * abs($0.value) }) ?? true { best = climbed }
    }
    guard var best else { preconditionFailure("there is a start") }
    if sample.customerCount < histories.customerCount {
      best = try PurchaseLikelihood(kind: kind, histories: histories, unitDays: searchDays)
        .summit(from: best.point)
    }
    // A density of x points in time: another unit changes the likelihood by that power of it.
    let repeats = histories.groups.reduce(0.0) { sum, group in
      sum + Double(group.repeats) * group.rows.reduce(0) { $0 + Double(histories.weight[$1]) }
    }
    let parameters = best.point.map { exp($0) }
    return PurchaseModel(
      kind: kind, r: parameters[0], alpha: parameters[1] * searchDays / unitDays,
      a: parameters[2], b: parameters[3],
      logLikelihood: best.value + repeats * log(unitDays / searchDays),
      atBorder: zip(Parameter.allCases, best.atBorder).filter(\.1).map(\.0))
  }

  /// r, α, a, b to start from, ages up to 50: few and many purchases, few and many who stop.
  private static let starts: [[Double]] = [
    [0.25, 5, 0.8, 2.5], [1, 10, 0.2, 2], [2, 2, 2, 10],
  ]

  /// How many customers the search looks at before the polish looks at all.
  private static let sampleCustomers = 4_096

  /// The logarithms searched; a parameter beyond 10⁻⁴…10⁴ is one that the data do not pin down.
  fileprivate static let box = log(1e-4)...log(1e4)

  private static func inBox(_ logs: [Double]) -> Bool { logs.allSatisfy(box.contains) }
}

extension PurchaseLikelihood {
  /// The maximum near the logarithms of r, α, a, b, as logarithms.
  fileprivate func summit(from logs: [Double]) throws(StoreError) -> NewtonAscent.Summit {
    try NewtonAscent.summit(
      from: logs, within: Array(repeating: PurchaseModel.box, count: logs.count)
    ) { logs in
      let point = logs.map { exp($0) }
      return expansion(at: point).byLogarithms(at: point)
    }
  }
}
