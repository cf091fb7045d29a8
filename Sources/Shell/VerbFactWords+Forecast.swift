import Engine

extension VerbFactWords {
  /// The words for one fact of `forecast`.
  static func words(_ fact: ForecastFact) -> String {
    switch fact {
    case .model(let model):
      let border =
        model.atBorder.isEmpty
        ? ""
        : "; at the border of what is searched: \(model.atBorder.joined(separator: ", "))"
      return "\(model.name) in weeks: r \(decimals(model.r, 3)), alpha \(decimals(model.alpha, 3)),"
        + " a \(decimals(model.a, 3)), b \(decimals(model.b, 3)), log-likelihood"
        + " \(decimals(model.logLikelihood, 1)); fitted with \(ValueText.grouped(model.repeaters))"
        + " who bought on more than one day" + border
    case .horizon(let text, _, let yearly, let monthly, let orders, let customers):
      let perTen = orders / Double(max(1, customers)) * 10
      let discount =
        yearly > 0
        ? "discounted by \(ValueText.percent(yearly)) a year (\(decimals(monthly * 100, 4))% a month)"
        : "without a discount"
      return "over \(text), \(discount)"
        + ": about \(decimals(perTen, perTen < 10 ? 1 : 0)) orders per 10 such customers,"
        + " \(decimals(orders, 0)) in all; ages in weeks"
    case .noRepeatYet(let count, let isCertain):
      return "\(ValueText.grouped(count)) with no repeat yet"
        + (isCertain
          ? ": the model takes them to be alive, so they have no P(alive); 'with mbg' lets them leave"
          : "")
    case .withoutPurchase(let count):
      return "\(ValueText.grouped(count)) without a purchase"
        + " \(count == 1 ? "has" : "have") no forecast"
    case .spend(let spend):
      return "Gamma-Gamma: p \(decimals(spend.p, 2)), q \(decimals(spend.q, 2)), v"
        + " \(decimals(spend.v, 2)) over \(ValueText.grouped(spend.customers)) who bought again;"
        + " correlation of orders and spend "
        + (spend.correlation.map { decimals($0, 2) } ?? ValueText.unknown)
    case .fewSpenders(let spenders, let least):
      return "\(ValueText.grouped(spenders)) bought again for something, fewer than \(least): no"
        + " value is forecast"
    case .infiniteMean(let q):
      return
        "q = \(decimals(q, 2)) is not above 1, so the mean spend of all is infinite: who has not"
        + " bought again has no value"
    case .correlated(let correlation):
      return "orders and spend go together (\(decimals(correlation, 2))), which the model takes not"
        + " to be so: values are too high for some and too low for others"
    case .check(let split, let until, let error, let plainError):
      let errors = [error, plainError].map { $0.map { decimals($0, 3) } ?? ValueText.unknown }
      return "fitted up to \(ValueText.date(split)), compared up to \(ValueText.date(until)); mean"
        + " error a customer \(errors[0]), with the mean for everyone \(errors[1])"
    }
  }

  /// A number with so many decimals.
  private static func decimals(_ value: Double, _ count: Int) -> String {
    var factor = 1.0
    for _ in 0..<count { factor *= 10 }
    let text = ValueText.number((value * factor).rounded() / factor)
    guard count > 0, value.isFinite else { return text }
    let written = text.contains(".") ? text : text + "."
    let digits =
      written.utf8.count
      - (written.utf8.lastIndex(of: UInt8(ascii: ".")).map {
        written.utf8.distance(from: written.startIndex, to: $0)
      } ?? 0) - 1
    return written + String(repeating: "0", count: max(0, count - digits))
  }
}
