import Store

/// `forecast … check`: the model is fitted on the first half of the time there are purchases of, and
/// what it says of the second half is compared with what was bought, by the repeat orders of the first.
///
/// - Source: Fader, Hardie and Lee 2005, table 3 and figure 3: conditional expectations.
struct ForecastCheck: Analysis {
  var forecast: Forecast

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("repeat_orders", .text), .subjectCount(),
      AnalysisColumn("predicted", .number), AnalysisColumn("actual", .integer),
      AnalysisColumn("difference", .number),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("predicted", .number),
      AnalysisColumn("actual", .integer), AnalysisColumn("error", .number),
      AnalysisColumn("plain_error", .number),
    ]
  }

  var detail: String { forecast.detail + " check" }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let events = try input.events.all(0)
    guard let start = events.days.min().map(Int.init) else {
      throw .refused(ForecastRefusal.noCustomers.words)
    }
    let split = start + (input.asOf - start) / 2
    var past = PurchasePast()
    try past.add(events, from: 0, asOf: split)
    let histories = PurchaseHistories(
      repeats: past.repeats, lastAgeDays: past.lastAges, ageDays: past.ages)
    try forecast.refuse(histories)
    let model = try PurchaseModel.fit(
      forecast.kind, to: histories, unitDays: PurchaseModel.weekDays)
    let horizon = ForecastHorizon(days: Double(max(1, input.asOf - split)))
    let future = try FutureOrders(
      model: model, horizon: horizon, repeats: past.repeats, ageDays: past.ages
    ).forecasts(repeats: past.repeats, lastAgeDays: past.lastAges, ageDays: past.ages)
    let check = HoldoutCheck(
      repeats: past.repeats, predicted: future.expectedOrders,
      actual: Self.actual(events, past, after: split))
    var result = result(of: check)
    result.facts = [
      .forecast(.model(ForecastFact.Model(model, repeaters: histories.repeaterCount))),
      .forecast(
        .check(
          split: split, until: input.asOf, error: check.meanAbsoluteError,
          plainError: check.meanAbsoluteErrorOfMean)),
    ]
    return result
  }

  /// Purchase days after the split of those who had bought before.
  private static func actual(
    _ events: SubjectEvents, _ past: PurchasePast, after split: Int
  ) -> [Int32] {
    past.subjects.map { subject in
      var count: Int32 = 0
      events.forEachOccasion(of: Int(subject), value: 0) { day, _ in
        if Int(day) > split { count += 1 }
      }
      return count
    }
  }

  private func result(of check: HoldoutCheck) -> AnalysisResult {
    let classes = check.classes.filter { $0.customers > 0 } + [check.total]
    let names = classes.indices.map { place in
      if place == classes.count - 1 { return "all" }
      let repeats = classes[place].repeats
      return repeats == HoldoutCheck.classMax ? "\(repeats) or more" : "\(repeats)"
    }
    func scalar(_ value: Double?) -> Scalar { value.map(Scalar.real) ?? .unknown }
    return AnalysisResult(
      columns: [
        Vector(texts: TextBlock(names)), Vector(words: classes.map { Int64($0.customers) }),
        Vector(reals: classes.map { RiskFigures.hundredths($0.predicted) }),
        Vector(words: classes.map { Int64($0.actual) }),
        Vector(reals: classes.map { RiskFigures.hundredths($0.predicted - Double($0.actual)) }),
      ],
      summary: [
        Scalar(check.total.customers), .real(RiskFigures.hundredths(check.total.predicted)),
        Scalar(check.total.actual), scalar(check.meanAbsoluteError),
        scalar(check.meanAbsoluteErrorOfMean),
      ],
      drawing: .bars(
        Drawing.Bars(
          title: "predicted, and bought, by repeat orders before",
          bars: zip(names, classes).dropLast().map { name, part in
            Drawing.Bars.Bar(
              label: name, value: part.predicted, remark: (Double(part.actual), .count))
          }, form: .number)))
  }
}
