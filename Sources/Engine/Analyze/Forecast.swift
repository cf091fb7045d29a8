import Glibc
import Store
import Syntax

/// What each customer will buy: P(alive), the orders expected within a horizon, when the next is due,
/// what it will bring and what the customer is worth until then.
///
/// From distinct purchase days: x repeat occasions, t_x the age at the last, T the age now, in weeks,
/// counted from the first. These are not the recency and frequency of `rfm`. BG/NBD (or MBG/NBD)
/// counts the orders, Gamma-Gamma the spend of repeat occasions; the customers who are judged are
/// those both are fitted on. CLV is the sum over months of the orders expected in each × the expected
/// spend ÷ (1 + d)^month, month = 365.25 ÷ 12 days, d = (1 + yearly discount)^(1/12) − 1.
///
/// - Source: Fader, Hardie and Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2),
///   2005; Fader and Hardie, The Gamma-Gamma Model of Monetary Value, 2013.
struct Forecast: Analysis {
  /// How far it looks, as written and in days.
  var horizon: (text: String, days: Double)
  var kind: PurchaseModel.Kind
  /// A share a year.
  var discount: Double
  /// Repeaters it takes to fit four parameters.
  var repeatersMin: Int

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("repeat_orders", .integer).asDetail,
      AnalysisColumn("age_at_last", .number).asDetail, AnalysisColumn("age", .number).asDetail,
      AnalysisColumn("p_alive", .number, .percent),
      AnalysisColumn("expected_orders", .number), AnalysisColumn("next_order", .date),
      AnalysisColumn("expected_value", .money), AnalysisColumn("clv", .money),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("repeaters", .integer),
      AnalysisColumn("r", .number), AnalysisColumn("alpha", .number),
      AnalysisColumn("a", .number), AnalysisColumn("b", .number),
      AnalysisColumn("log_likelihood", .number), AnalysisColumn("p", .number),
      AnalysisColumn("q", .number), AnalysisColumn("v", .number),
      AnalysisColumn("correlation", .number), AnalysisColumn("expected_orders", .number),
      AnalysisColumn("clv", .money),
    ]
  }

  var order: [AnalysisOrder] { [AnalysisOrder(column: "clv", isDescending: true)] }

  /// The columns.
  var byteCountPerSubject: Int { 72 }

  var detail: String {
    "over \(horizon.text)" + (kind == .mbgnbd ? " with mbg" : "")
      + (discount > 0 ? " discount \(percent(discount)) a year" : "")
  }

  private func percent(_ share: Double) -> String {
    ExpressionText.text(.real((share * 1e8).rounded() / 1e6), .number) + "%"
  }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let halves = try input.events.fold { _ in
      PurchasePast()
    } byteCount: {
      $0.byteCount
    } take: { past, stretch throws(StoreError) in
      try past.add(stretch.events[0], from: stretch.subjects.lowerBound, asOf: input.asOf)
    }
    var past = halves[0]
    for half in halves.dropFirst() { past.append(half) }
    let claim = BudgetClaim(input.budget)
    try claim.cover(
      past.subjects.count * Self.byteCountPerBuyer + input.count * Self.byteCountPerSubject)
    try Cancellation.check()
    let histories = PurchaseHistories(
      repeats: past.repeats, lastAgeDays: past.lastAges, ageDays: past.ages)
    try refuse(histories)
    let model = try PurchaseModel.fit(kind, to: histories, unitDays: PurchaseModel.weekDays)
    try Cancellation.check()
    let spends = SpendHistories(repeats: past.repeats, spendMinor: past.spends)
    let fewSpenders = SpendCondition(spends)
    let spendModel = fewSpenders == nil ? try SpendModel.fit(to: spends) : nil
    let horizon = ForecastHorizon(days: self.horizon.days, yearlyDiscount: discount)
    let future = try FutureOrders(
      model: model, horizon: horizon, repeats: past.repeats, ageDays: past.ages
    ).forecasts(repeats: past.repeats, lastAgeDays: past.lastAges, ageDays: past.ages)
    let values = spendModel.map {
      LifetimeValue(
        discountedOrders: future.discountedOrders, repeats: past.repeats, spendMinor: past.spends,
        model: $0)
    }
    try Cancellation.check()
    let sheet = try ForecastSheet(past, future, values, kind, asOf: input.asOf, count: input.count)
    var result = AnalysisResult(
      columns: sheet.columns,
      summary: summary(histories, model, spendModel, sheet),
      drawing: strip(future.aliveProbability, past))
    result.order = try RowOrder.sorted(
      count: input.count, by: [SortKey(sheet.columns[7], isDescending: true)])
    var facts: [ForecastFact] = [
      .model(ForecastFact.Model(model, repeaters: histories.repeaterCount)),
      .horizon(
        text: self.horizon.text, days: self.horizon.days, yearly: discount,
        monthly: expm1(log1p(discount) / 12), orders: sheet.expectedOrders,
        customers: past.subjects.count),
    ]
    if past.withoutRepeat > 0 {
      facts.append(.noRepeatYet(count: past.withoutRepeat, isCertain: kind == .bgnbd))
    }
    if past.subjects.count < input.count {
      facts.append(.withoutPurchase(count: input.count - past.subjects.count))
    }
    if let spendModel {
      facts.append(.spend(ForecastFact.Spend(spendModel)))
      facts += SpendCondition.conditions(of: spendModel).map(ForecastFact.init)
    } else if let fewSpenders {
      facts.append(ForecastFact(fewSpenders))
    }
    result.facts = facts.map(VerbFact.forecast)
    return result
  }

  /// Bytes that a customer who has bought takes on the way, and one who came in at the end.
  private static let byteCountPerBuyer = 160
  private static let byteCountPerSubject = 110

  func refuse(_ histories: PurchaseHistories) throws(StoreError) {
    guard let refusal = ForecastRefusal(histories, least: repeatersMin) else { return }
    throw .refused(refusal.words)
  }

  private func summary(
    _ histories: PurchaseHistories, _ model: PurchaseModel, _ spend: SpendModel?,
    _ sheet: ForecastSheet
  ) -> [Scalar] {
    func real(_ value: Double?) -> Scalar { value.map(Scalar.real) ?? .unknown }
    return [
      Scalar(histories.customerCount), Scalar(histories.repeaterCount), .real(model.r),
      .real(model.alpha), .real(model.a), .real(model.b), .real(model.logLikelihood),
      real(spend?.p), real(spend?.q), real(spend?.v), real(spend?.correlation),
      .real(sheet.expectedOrders), sheet.value,
    ]
  }

  /// Customers by tenths of P(alive); with BG/NBD those without a repeat have none.
  private func strip(_ alive: [Double], _ past: PurchasePast) -> Drawing {
    var counts = [Int](repeating: 0, count: 10)
    for (place, probability) in alive.enumerated()
    where past.repeats[place] > 0 || kind != .bgnbd {
      counts[min(9, Int(probability * 10))] += 1
    }
    let whole = counts.reduce(0, +)
    return .bars(
      Drawing.Bars(
        title: "P(alive)",
        bars: (0..<10).reversed().map { tenth in
          Drawing.Bars.Bar(
            label: "\(tenth * 10)–\(tenth * 10 + 10)%", value: Double(counts[tenth]),
            remark: whole == 0 ? nil : (Double(counts[tenth]) / Double(whole), .share))
        }, form: .count))
  }
}

/// The purchase days of those who have bought, as the models take them.
struct PurchasePast {
  /// Who has bought.
  private(set) var subjects: [Int32] = []
  /// Purchase days after the first, x.
  private(set) var repeats: [Int32] = []
  /// Days from the first to the last, t_x.
  private(set) var lastAges: [Int32] = []
  /// Days from the first to the as-of date, T.
  private(set) var ages: [Int32] = []
  /// What the days after the first brought, in minor units.
  private(set) var spends: [Int64] = []
  /// Who has bought on one day only.
  private(set) var withoutRepeat = 0

  /// Nobody's.
  init() {}

  /// Bytes that the lists take.
  var byteCount: Int {
    (subjects.capacity + repeats.capacity + lastAges.capacity + ages.capacity)
      * MemoryLayout<Int32>.stride + spends.capacity * MemoryLayout<Int64>.stride
  }

  /// Adds the subjects of another part behind these.
  mutating func append(_ other: PurchasePast) {
    subjects.append(contentsOf: other.subjects)
    repeats.append(contentsOf: other.repeats)
    lastAges.append(contentsOf: other.lastAges)
    ages.append(contentsOf: other.ages)
    spends.append(contentsOf: other.spends)
    withoutRepeat += other.withoutRepeat
  }

  /// Reads what happened up to a day to subjects that are numbered from `first` on.
  ///
  /// - Throws: `amountOutOfRange` for a subject whose amounts together are no money.
  mutating func add(_ events: SubjectEvents, from first: Int, asOf: Int) throws(StoreError) {
    let asOf = Int32(truncatingIfNeeded: asOf)
    for subject in 0..<events.count {
      var (begin, last, occasions, spend) = (Int32(0), Int32(0), Int32(0), Int64(0))
      events.forEachOccasion(of: subject, value: 0) { day, amount in
        guard day <= asOf else { return }
        if occasions == 0 { begin = day } else { spend = spend.addingToLimit(amount) }
        last = day
        occasions += 1
      }
      guard occasions > 0 else { continue }
      guard spend <= Limits.moneyMinorMax else { throw .amountOutOfRange }
      subjects.append(Int32(truncatingIfNeeded: first + subject))
      repeats.append(occasions - 1)
      lastAges.append(last - begin)
      ages.append(asOf - begin)
      spends.append(spend)
      if occasions == 1 { withoutRepeat += 1 }
    }
  }
}

/// The columns of a forecast over all subjects; who has never bought has no values.
private struct ForecastSheet {
  let columns: [Vector]
  /// The orders of all together.
  let expectedOrders: Double
  /// The value of all together; unknown without a spend model.
  let value: Scalar

  init(
    _ past: PurchasePast, _ future: FutureOrders.Forecasts, _ values: LifetimeValue?,
    _ kind: PurchaseModel.Kind, asOf: Int, count: Int
  ) throws(StoreError) {
    let subjects = past.subjects
    func reals(
      _ values: [Double], isKnown: (Int) -> Bool = { _ in true }
    ) throws(StoreError) -> Vector {
      try Cancellation.check()
      return try RowSelection.scatter(
        Vector(
          reals: values.map { $0.isNaN ? 0 : $0 },
          known: values.indices.map { !values[$0].isNaN && isKnown($0) ? 0x80 : 0 }),
        at: subjects, rowCount: count)
    }
    func words(_ values: [Int64], known: [UInt8]? = nil) throws(StoreError) -> Vector {
      try Cancellation.check()
      return try RowSelection.scatter(
        Vector(words: values, known: known), at: subjects, rowCount: count)
    }
    func money(_ values: [Double]?) throws(StoreError) -> Vector {
      guard let values else { return Vector(unknown: .money, count: count) }
      return try words(
        values.map { $0.isNaN ? 0 : Int64(($0 * 100).rounded()) },
        known: values.map { $0.isNaN ? 0 : 0x80 })
    }
    let weeks = PurchaseModel.weekDays
    columns = [
      try words(past.repeats.map(Int64.init)),
      try reals(past.lastAges.map { Double($0) / weeks }),
      try reals(past.ages.map { Double($0) / weeks }),
      // Without a repeat BG/NBD takes everyone to be alive: that is no finding.
      try reals(future.aliveProbability) { kind != .bgnbd || past.repeats[$0] > 0 },
      // Six decimals: what is left of those who are all but surely gone is no figure.
      try reals(future.expectedOrders.map { ($0 * 1e6).rounded() / 1e6 }),
      try words(
        future.nextOrderDays.map { Int64(asOf) + Int64($0) },
        known: future.nextOrderDays.map { $0 > 0 ? 0x80 : 0 }),
      try money(values?.expectedSpend), try money(values?.value),
    ]
    expectedOrders = future.expectedOrders.reduce(0, +)
    let sum = values.map { $0.value.reduce(0) { $1.isNaN ? $0 : $0 + $1 } }
    value = sum.map { .word(Int64(($0 * 100).rounded())) } ?? .unknown
  }
}

/// Facts under the answer of `forecast`.
package enum ForecastFact: Hashable, Sendable {
  /// The fitted purchase model.
  package struct Model: Hashable, Sendable {
    /// `BG/NBD` or `MBG/NBD`.
    package var name: String
    /// Shape of the orders' rates.
    package var r: Double
    /// Their scale, in weeks.
    package var alpha: Double
    /// Of the chances to leave after an order.
    package var a: Double
    /// Likewise.
    package var b: Double
    /// At the optimum.
    package var logLikelihood: Double
    /// Who bought on more than one day.
    package var repeaters: Int
    /// Parameters that lie at the border of what is searched.
    package var atBorder: [String]

    init(_ model: PurchaseModel, repeaters: Int) {
      name = model.kind == .mbgnbd ? "MBG/NBD" : "BG/NBD"
      (r, alpha, a, b) = (model.r, model.alpha, model.a, model.b)
      logLikelihood = model.logLikelihood
      self.repeaters = repeaters
      atBorder = model.atBorder.map { "\($0)" }
    }
  }

  /// The fitted spend model.
  package struct Spend: Hashable, Sendable {
    /// Its parameters; v in units of money.
    package var p: Double
    /// Above 1 for a finite mean.
    package var q: Double
    /// The scale.
    package var v: Double
    /// Of orders and spend, over the repeaters.
    package var correlation: Double?
    /// Whom it is fitted on.
    package var customers: Int

    init(_ model: SpendModel) {
      (p, q, v) = (model.p, model.q, model.v)
      correlation = model.correlation
      customers = model.customerCount
    }
  }

  case model(Model)
  /// How far it looks, the discount a year and a month, and what all together will order.
  case horizon(
    text: String, days: Double, yearly: Double, monthly: Double, orders: Double, customers: Int)
  /// Who bought once; whether the model takes them to be alive for certain.
  case noRepeatYet(count: Int, isCertain: Bool)
  /// Who never bought.
  case withoutPurchase(count: Int)
  case spend(Spend)
  /// Too few with repeats and a positive spend for a spend model.
  case fewSpenders(spenders: Int, least: Int)
  /// q ≤ 1: the mean spend of all is infinite.
  case infiniteMean(q: Double)
  /// Orders and spend go together more than the model takes them to.
  case correlated(Double)
  /// A check: the last day fitted on, the last compared, errors a customer of the model and of a
  /// forecast that gives everyone the mean.
  case check(split: Int, until: Int, error: Double?, plainError: Double?)

  init(_ condition: SpendCondition) {
    self =
      switch condition {
      case .fewSpenders(let spenders, let least): .fewSpenders(spenders: spenders, least: least)
      case .meanIsInfinite(let q): .infiniteMean(q: q)
      case .correlated(let correlation): .correlated(correlation)
      }
  }
}

extension ForecastRefusal {
  /// What is said instead of an answer.
  var words: Refusal {
    switch self {
    case .noCustomers:
      Refusal(
        code: "too-little-data", message: "'forecast' is fitted on purchases, and nobody has bought"
      )
    case .fewRepeaters(let repeaters, let customers, let least):
      Refusal(
        code: "too-little-data",
        message: "'forecast' is fitted on those who bought on more than one day, at least"
          + " \(least); found \(repeaters) of \(customers)",
        hint: "fit on more, and filter after it: 'forecast customers over 12 months then where …'")
    }
  }
}

extension Binder {
  /// `forecast S over DURATION [with mbg] [discount P% a year] [check]`
  mutating func bindForecast(_ call: VerbCall, _ options: ForecastOptions) -> BoundAnalysis? {
    guard let horizon = bindHorizon(options.over) else { return nil }
    var discount = 0.0
    if let written = options.discount {
      guard let (numerator, denominator) = bindShare(written) else { return nil }
      discount = Double(numerator) / Double(denominator)
    }
    let need = EventNeed(role: .purchases, what: "purchases", fields: [.amount])
    guard let found = bindEvents(need, of: call) else { return nil }
    let forecast = Forecast(
      horizon: horizon,
      kind: options.mbgRange == nil ? .bgnbd : .mbgnbd, discount: discount,
      repeatersMin: Int(catalog.rules.setting(.forecastRepeatersMin)))
    guard options.checkRange == nil else {
      return folding(call, ForecastCheck(forecast: forecast), [found])
    }
    return judging(call, forecast, [found])
  }

  /// A length of time from tomorrow on, in words and in days: a month is 365.25 ÷ 12.
  private mutating func bindHorizon(_ expression: Expression) -> (text: String, days: Double)? {
    guard let (count, unit) = bindDuration(expression) else {
      reportLength(expression, after: "over")
      return nil
    }
    let days: Double =
      switch unit {
      case .day: Double(count)
      case .week: Double(count) * 7
      case .month: Double(count) * ForecastHorizon.monthDays
      case .quarter: Double(count) * 3 * ForecastHorizon.monthDays
      case .year: Double(count) * 12 * ForecastHorizon.monthDays
      }
    guard count > 0, days <= Self.horizonDaysMax else {
      report(
        .optionOutOfRange(
          option: "over", found: text(expression), expected: "from 1 day to 100 years ahead"),
        at: expression.range)
      return nil
    }
    return ("\(count) \(unit.rawValue)\(count == 1 ? "" : "s")", days)
  }

  private static let horizonDaysMax = 36_525.0
}
