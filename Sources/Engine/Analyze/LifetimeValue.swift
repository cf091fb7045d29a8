/// What customers are expected to bring within a horizon, and how certain it is that one can say.
///
///     CLV = Σ over months (E[Y(i)] − E[Y(i−1)]) · E[M] / (1+d)^i
///
/// The purchases and their discounts are `FutureOrders`, with `ForecastHorizon`; E[M] is
/// `SpendModel.expectedSpend`. As one does not depend on the other, the value is their product.
///
/// - Source: Fader, Hardie & Lee 2005, J. of Marketing Research 42(4), 415–430 (discounted expected
///   transactions times expected spend).
struct LifetimeValue {
  /// E[M] per customer, in the unit of money of the model; not a number where there is none.
  var expectedSpend: [Double]
  /// CLV per customer, in the same unit; not a number where there is no E[M].
  var value: [Double]

  /// - Parameters:
  ///   - discountedOrders: Of `FutureOrders.forecasts`.
  ///   - repeats: Purchase days after the first.
  ///   - spendMinor: What those days brought together, in minor units.
  ///   - unitMinor: Minor units in the unit of money of the model.
  init(
    discountedOrders: [Double], repeats: [Int32], spendMinor: [Int64], model: SpendModel,
    unitMinor: Double = 100
  ) {
    expectedSpend = []
    value = []
    expectedSpend.reserveCapacity(repeats.count)
    value.reserveCapacity(repeats.count)
    for row in repeats.indices {
      let mean =
        repeats[row] == 0 ? 0 : Double(spendMinor[row]) / unitMinor / Double(repeats[row])
      let expected =
        model.expectedSpend(repeats: Int(repeats[row]), meanSpend: mean) ?? .nan
      expectedSpend.append(expected)
      value.append(discountedOrders[row] * expected)
    }
  }
}
