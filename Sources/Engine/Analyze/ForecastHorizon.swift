import Glibc

/// How far a forecast looks, cut into months, and what a purchase in each month is worth today.
///
/// A month is 365.25/12 days. A horizon that is not a whole number of months ends with a part of one.
/// What is bought in a month is paid at its end: discounted by (1 + d)^−i at the end of month i, with
/// d = (1 + yearly)^(1/12) − 1, and by the part of a month that has gone where the last is not whole.
struct ForecastHorizon {
  /// Ends of the months in weeks from the as-of date; the last is the horizon.
  let monthEnds: [Double]
  /// What one unit of money paid at the end of each month is worth today, 0…1.
  let discounts: [Double]

  /// - Parameters:
  ///   - days: More than 0.
  ///   - yearlyDiscount: Share a year, 0.1 for 10%; more than −1.
  init(days: Double, yearlyDiscount: Double = 0) {
    precondition(days > 0 && yearlyDiscount > -1)
    let months = days / Self.monthDays
    let whole = (months + 1e-9).rounded(.down)
    var ends = Array(stride(from: 1, through: whole, by: 1))
    if months - whole > 1e-9 { ends.append(months) }
    discounts = ends.map { exp(-$0 / 12 * log1p(yearlyDiscount)) }
    monthEnds =
      ends.dropLast().map { $0 * Self.monthDays / PurchaseModel.weekDays }
      + [days / PurchaseModel.weekDays]
    isDiscounted = yearlyDiscount != 0
  }

  /// Whether money of later months counts otherwise than today's.
  let isDiscounted: Bool

  /// The horizon in weeks.
  var weeks: Double { monthEnds[monthEnds.count - 1] }

  /// Days in a month.
  static let monthDays = 365.25 / 12

  /// Σ (E(i) − E(i−1)) / (1+d)^i over the months, E the purchases expected up to a week.
  func discounted(_ expectedOrders: (Double) -> Double) -> Double {
    guard isDiscounted else { return expectedOrders(weeks) }
    var sum = 0.0
    var before = 0.0
    for (end, discount) in zip(monthEnds, discounts) {
      let here = expectedOrders(end)
      sum += (here - before) * discount
      before = here
    }
    return sum
  }
}
