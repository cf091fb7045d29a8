/// Why the purchase model is not fitted: facts, the words are made elsewhere.
enum ForecastRefusal: Error, Hashable {
  /// No customer has bought.
  case noCustomers
  /// Fewer than `least` customers bought on more than one day.
  case fewRepeaters(repeaters: Int, customers: Int, least: Int)

  /// Fewer repeaters pin four parameters down too badly.
  static let repeatersMin = 30

  /// Nil where the model can be fitted.
  init?(_ histories: PurchaseHistories, least: Int = repeatersMin) {
    let customers = histories.customerCount
    let repeaters = histories.repeaterCount
    if customers == 0 {
      self = .noCustomers
    } else if repeaters < least {
      self = .fewRepeaters(repeaters: repeaters, customers: customers, least: least)
    } else {
      return nil
    }
  }
}

/// Why there is no expected spend, or a doubtful one, beside purchases that could be forecast.
enum SpendCondition: Hashable {
  /// Fewer than `least` customers have repeats and a positive spend: no model is fitted.
  case fewSpenders(spenders: Int, least: Int)
  /// q ≤ 1: the mean over the customers is infinite, so a customer without repeats has none.
  case meanIsInfinite(q: Double)
  /// Those who buy more often spend more, or less, on a purchase, which the model takes not to be so.
  case correlated(Double)

  /// Above this, in either direction, x and m are too far from independent.
  static let correlationMax = 0.3

  /// Nil where a spend model can be fitted.
  init?(_ histories: SpendHistories) {
    let spenders = histories.customerCount
    guard spenders < ForecastRefusal.repeatersMin else { return nil }
    self = .fewSpenders(spenders: spenders, least: ForecastRefusal.repeatersMin)
  }

  /// What is to be said of a fitted model.
  static func conditions(of model: SpendModel) -> [SpendCondition] {
    var result: [SpendCondition] = []
    if model.q <= 1 { result.append(.meanIsInfinite(q: model.q)) }
    if let correlation = model.correlation, abs(correlation) > correlationMax {
      result.append(.correlated(correlation))
    }
    return result
  }
}
