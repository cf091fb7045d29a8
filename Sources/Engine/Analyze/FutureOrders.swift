import Glibc
import Store

/// What many customers are expected to buy within one horizon, as sums and discounted.
///
/// For one number of repeat purchases the integral of `DropoutRule` depends on τ = t/(α+T) alone. Its
/// logarithm less log τ is a smooth function of log τ, held as a polynomial to 10⁻⁹; the discounted
/// sum over the months, which depends on T alone, is another. A customer then costs two polynomials.
struct FutureOrders {
  /// One forecast a customer, in the order of the customers.
  struct Forecasts {
    /// P(alive), 0…1.
    var aliveProbability: [Double] = []
    /// E[Y(t)], the purchases expected within the horizon.
    var expectedOrders: [Double] = []
    /// Σ (E[Y(i)] − E[Y(i−1)]) / (1+d)^i over the months; `expectedOrders` itself without a discount.
    var discountedOrders: [Double] = []
    /// Days from the as-of date, 1 or more, until it is more likely than not that the customer has
    /// bought again; 0 where that is not so within the horizon. See `PurchaseModel.medianWait`.
    var nextOrderDays: [Int32] = []
  }

  private let model: PurchaseModel
  private let horizon: ForecastHorizon
  /// Curves by place, and the place by number of repeats; −1 where no customer has that number.
  private var curves: [Curve] = []
  private var places: [Int32] = []

  /// Prepares the numbers of repeats and the span of ages that occur.
  ///
  /// - Complexity: about 0.2 ms a distinct number of repeats, on two threads.
  /// - Throws: `StoreError.interrupted`.
  init(
    model: PurchaseModel, horizon: ForecastHorizon, repeats: [Int32], ageDays: [Int32]
  ) throws(StoreError) {
    self.model = model
    self.horizon = horizon
    places = [Int32](repeating: -1, count: Int(repeats.max() ?? -1) + 1)
    for count in repeats { places[Int(count)] = 0 }
    var distinct: [Int] = []
    for count in places.indices where places[count] == 0 {
      places[count] = Int32(distinct.count)
      distinct.append(count)
    }
    let weeks = { (days: Int32) in Double(days) / PurchaseModel.weekDays }
    let logAges =
      log(model.alpha + weeks(ageDays.min() ?? 0))...log(model.alpha + weeks(ageDays.max() ?? 0))
    var odd: [Curve] = []
    var even: [Curve] = []
    // Alternating, as the cost of a curve may change along the numbers.
    Workers.both(
      { even = Self.curves(distinct, from: 0, model, horizon, logAges) },
      { odd = Self.curves(distinct, from: 1, model, horizon, logAges) })
    try Cancellation.check()
    for place in distinct.indices {
      curves.append(place % 2 == 0 ? even[place / 2] : odd[place / 2])
    }
  }

  /// Forecasts for customers given in three lists of equal length, ages in days; the numbers of
  /// repeats and the ages must be among those prepared.
  ///
  /// - Complexity: 100 ns a customer, on two threads.
  /// - Throws: `StoreError.interrupted`.
  func forecasts(
    repeats: [Int32], lastAgeDays: [Int32], ageDays: [Int32]
  ) throws(StoreError) -> Forecasts {
    let middle = repeats.count / 2
    var first = Forecasts()
    var second = Forecasts()
    Workers.both(
      { first = part(0..<middle, repeats: repeats, lastAge: lastAgeDays, age: ageDays) },
      {
        second = part(middle..<repeats.count, repeats: repeats, lastAge: lastAgeDays, age: ageDays)
      })
    try Cancellation.check()
    first.aliveProbability += second.aliveProbability
    first.expectedOrders += second.expectedOrders
    first.discountedOrders += second.discountedOrders
    first.nextOrderDays += second.nextOrderDays
    return first
  }

  /// Every other curve; fewer when a stop was asked for.
  private static func curves(
    _ distinct: [Int], from start: Int, _ model: PurchaseModel, _ horizon: ForecastHorizon,
    _ logAges: ClosedRange<Double>
  ) -> [Curve] {
    var curves: [Curve] = []
    for place in stride(from: start, to: distinct.count, by: 2) {
      if Cancellation.isRequested { break }
      curves.append(
        Curve(model: model, repeats: distinct[place], horizon: horizon, logAges: logAges))
    }
    return curves
  }

  private func part(
    _ rows: Range<Int>, repeats: [Int32], lastAge: [Int32], age: [Int32]
  ) -> Forecasts {
    var result = Forecasts()
    result.aliveProbability.reserveCapacity(rows.count)
    result.expectedOrders.reserveCapacity(rows.count)
    result.discountedOrders.reserveCapacity(rows.count)
    result.nextOrderDays.reserveCapacity(rows.count)
    let perDay = 1 / PurchaseModel.weekDays
    for row in rows {
      if row & 0xffff == 0, Cancellation.isRequested { break }
      let count = Int(repeats[row])
      let ageWeeks = Double(age[row]) * perDay
      let logAge = log(model.alpha + ageWeeks)
      let alive = model.probabilityAlive(
        repeats: count, logLastAge: log(model.alpha + Double(lastAge[row]) * perDay),
        logAge: logAge)
      let whileAlive = curves[Int(places[count])].orders(logAge: logAge)
      result.aliveProbability.append(alive)
      result.expectedOrders.append(alive * whileAlive.expected)
      result.discountedOrders.append(alive * whileAlive.discounted)
      let wait = model.medianWait(repeats: count, age: ageWeeks, aliveProbability: alive)
      let isWithin = wait <= horizon.weeks
      result.nextOrderDays.append(isWithin ? Int32(max(1, (wait / perDay).rounded(.up))) : 0)
    }
    return result
  }
}

/// The purchases expected of customers who are alive and have one number of repeats, by log(α+T).
private struct Curve {
  private let expected: ChebyshevSeries
  private let discounted: ChebyshevSeries?
  private let logWeeks: Double

  init(
    model: PurchaseModel, repeats: Int, horizon: ForecastHorizon, logAges: ClosedRange<Double>
  ) {
    let rule = DropoutRule(model: model, repeats: repeats)
    let logWeeks = log(horizon.weeks)
    self.logWeeks = logWeeks
    let logTaus =
      (horizon.isDiscounted ? log(horizon.monthEnds[0]) : logWeeks) - logAges.upperBound...logWeeks
      - logAges.lowerBound
    let expected = ChebyshevSeries(on: logTaus, error: 1e-10) { logTau in
      log(rule.expectedOrders(within: exp(logTau))) - logTau
    }
    self.expected = expected
    discounted =
      !horizon.isDiscounted
      ? nil
      : ChebyshevSeries(on: logAges, error: 1e-10) { logAge in
        let sum = horizon.discounted { weeks in
          let logTau = log(weeks) - logAge
          return exp(expected(logTau) + logTau)
        }
        return log(sum) - (logWeeks - logAge)
      }
  }

  func orders(logAge: Double) -> (expected: Double, discounted: Double) {
    let logTau = logWeeks - logAge
    let orders = exp(expected(logTau) + logTau)
    guard let discounted else { return (orders, orders) }
    return (orders, exp(discounted(logAge) + logTau))
  }
}
