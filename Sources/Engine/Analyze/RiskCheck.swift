import Store
import Syntax

/// The back-test of `risk`: of those who showed each signal on a day, how many reached the last stage
/// since, against the part of all who did. Who had left before that day is not counted.
struct RiskCheck: Analysis {
  var risk: Risk
  /// Where the changes of stage stand among the events; their first value is the stage reached.
  var history: Int
  /// The code of the stage of those who left.
  var leftCode: Int64
  /// The last day looked at.
  var until: Int

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("signal", .text), .subjectCount(),
      AnalysisColumn("left", .integer), AnalysisColumn("share", .number, .percent),
      AnalysisColumn("lift", .number),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("left", .integer),
      AnalysisColumn("share", .number, .percent), AnalysisColumn("flagged", .integer),
      AnalysisColumn("flagged_left", .integer),
      AnalysisColumn("flagged_share", .number, .percent), AnalysisColumn("lift", .number),
    ]
  }

  var detail: String { "checked" }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let judged = try RiskJudgement(risk.sources, risk.thresholds, input)
    let stages = input.values[0]
    guard case .words(let codes) = stages.values else {
      preconditionFailure("a stage is a choice")
    }
    let changes = try input.events.all(history)
    var rows = (RiskSignal.allCases.map(\.name) + ["any signal", "no signal", "everyone"])
      .map { Row(name: $0) }
    var alreadyLeft = 0
    for subject in 0..<input.count {
      if stages.known[subject] != 0, codes[subject] == leftCode {
        alreadyLeft += 1
        continue
      }
      let hasLeft = changes[subject].contains {
        Int(changes.days[$0]) > input.asOf && changes.values[0][$0] == leftCode
      }
      let bits = judged.shown[subject]
      for signal in RiskSignal.allCases where bits & (1 << UInt8(signal.rawValue)) != 0 {
        rows[signal.rawValue].add(hasLeft)
      }
      rows[RiskSignal.allCases.count + (bits == 0 ? 1 : 0)].add(hasLeft)
      rows[rows.count - 1].add(hasLeft)
    }
    let base = rows[rows.count - 1]
    let any = rows[RiskSignal.allCases.count]
    var result = AnalysisResult(
      columns: [
        Vector(texts: TextBlock(rows.map(\.name))), Vector(words: rows.map { Int64($0.count) }),
        Vector(words: rows.map { Int64($0.left) }),
        Vector(rows.map { $0.share.map(Scalar.real) ?? .unknown }, as: .number),
        Vector(rows.map { $0.lift(over: base).map(Scalar.real) ?? .unknown }, as: .number),
      ],
      summary: [
        Scalar(base.count), Scalar(base.left), base.share.map(Scalar.real) ?? .unknown,
        Scalar(any.count), Scalar(any.left), any.share.map(Scalar.real) ?? .unknown,
        any.lift(over: base).map(Scalar.real) ?? .unknown,
      ],
      drawing: .bars(
        Drawing.Bars(
          title: "part that left since",
          bars: rows.filter { $0.count > 0 }.map {
            Drawing.Bars.Bar(
              label: $0.name, value: $0.share, remark: (Double($0.count), .count))
          }, form: .share)))
    result.facts = [
      .risk(.check(on: input.asOf, until: until, alreadyLeft: alreadyLeft))
    ]
    return result
  }

  /// Those who show one signal.
  private struct Row {
    var name: String
    var count = 0
    var left = 0

    mutating func add(_ hasLeft: Bool) {
      count += 1
      if hasLeft { left += 1 }
    }

    var share: Double? { count == 0 ? nil : Double(left) / Double(count) }

    func lift(over base: Row) -> Double? {
      guard let share, let whole = base.share, whole > 0 else { return nil }
      return RiskFigures.hundredths(share / whole)
    }
  }
}

extension Binder {
  /// `checked as of D`: the signals are seen as of D, what became of the customers as of today.
  mutating func bindRiskCheck(
    _ call: VerbCall, _ checked: AsOfClause, _ risk: Risk, _ found: [FoundEvents]
  ) -> BoundAnalysis? {
    var until = present
    if let clause = call.asOf {
      guard case .constant(.word(let day), .date)? = bindValue(clause.day, expecting: .date) else {
        report(.asOfNeedsDay(text: text(clause.day)), at: clause.day.range)
        return nil
      }
      until = Int(day)
    }
    guard let checkedDay = asOf, checkedDay < until else {
      report(
        .optionOutOfRange(
          option: "checked as of", found: text(checked.day),
          expected: "a day before \(ExpressionText.text(.word(Int64(until)), .date))"),
        at: checked.day.range)
      return nil
    }
    guard let tracked = TrackedField(of: query.entity, in: catalog) else {
      report(
        .noTrackedField(verb: call.verb, plural: catalog[query.entity].name),
        at: sourceRange(of: call))
      return nil
    }
    let left = tracked.choices.code(of: "dissociation") ?? UInt8(tracked.choices.names.count - 1)
    let path = FieldPath(
      field: tracked.field, type: .choice(tracked.choices),
      text: catalog[query.entity][tracked.field].name)
    let stage = pinned(path, of: query.entity)
    guard let history = bindChanges(of: tracked, through: until) else { return nil }
    let events = found + [FoundEvents(events: history)]
    return folding(
      call,
      RiskCheck(risk: risk, history: events.count - 1, leftCode: Int64(left), until: until),
      events, values: [stage])
  }

  /// The changes of a tracked field, as they are now; the first value is what it became.
  private func bindChanges(of tracked: TrackedField, through until: Int) -> BoundEvents? {
    let entity = tracked.history.entity
    func field(_ id: FieldID) -> BoundExpression {
      let field = catalog[entity][id]
      return .field(FieldPath(field: id, type: field.type, text: field.name))
    }
    let time = field(tracked.history.time)
    guard let day = time.type == .date ? time : converted(time, to: .date) else { return nil }
    return BoundEvents(
      path: RelatedPath(steps: [.down(entity, tracked.history.record)], entity: entity),
      entity: entity, day: day, isByOwnTime: catalog[entity].timeField == tracked.history.time,
      values: [field(tracked.history.to)], through: until)
  }
}
