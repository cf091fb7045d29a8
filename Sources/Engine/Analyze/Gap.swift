import Store
import Syntax

/// How far what customers perceive lies from what they expect, by dimension of service.
///
/// The unit is one answer that has both an expectation and a perception; the gap of a group is the mean
/// perception less the mean expectation over the same answers, so that gap = perception − expectation
/// in every row. Answers that lack one are counted and left out. The weakest gap comes first; equal
/// gaps go by group, a group without a whole answer is last.
///
/// - Source: Parasuraman, Zeithaml and Berry, SERVQUAL: A Multiple-Item Scale for Measuring Consumer
///   Perceptions of Service Quality, Journal of Retailing 64(1), 1988.
struct Gap: Analysis {
  var grouping: VerbGroups
  /// What the answers are called.
  var plural: String

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("group", grouping.type), AnalysisColumn("expectation", .number),
      AnalysisColumn("perception", .number), AnalysisColumn("gap", .number),
      AnalysisColumn("answers", .integer),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      AnalysisColumn("answers", .integer), AnalysisColumn("expectation", .number),
      AnalysisColumn("perception", .number), AnalysisColumn("gap", .number),
      AnalysisColumn("weakest", grouping.type), AnalysisColumn("weakest_gap", .number),
    ]
  }

  var detail: String { grouping.detail }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let events = try input.events.all(0)
    let groups = try grouping.number(input, events)
    var tallies = [Tally](repeating: Tally(), count: groups.keys.count)
    let eventGroups = grouping.form == .events ? events.values.last : nil
    let (expectations, perceptions) = (events.values[0], events.values[1])
    for subject in 0..<events.count {
      if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
      let group = groups.subjects.isEmpty ? 0 : Int(groups.subjects[subject])
      for place in events[subject] {
        let group = eventGroups.map { Int($0[place]) } ?? group
        tallies[group].add(expectations[place], perceptions[place])
      }
    }
    let seen = groups.order.filter { grouping.form == .none || tallies[Int($0)].isSeen }
    let gaps = Vector(tallies.map(\.gap), as: .number).gathered(seen)
    let order = try RowOrder.sorted(count: gaps.count, by: [SortKey(gaps)]).map { seen[Int($0)] }
    let shown = order.map { tallies[Int($0)] }
    let keys = groups.keys.gathered(order)
    var total = Tally()
    for tally in tallies { total.add(tally) }
    let weakest = shown.first.flatMap { $0.count > 0 ? ($0.gap, keys[0]) : nil }
    var result = AnalysisResult(
      columns: [
        keys, Vector(shown.map(\.expectation), as: .number),
        Vector(shown.map(\.perception), as: .number), Vector(shown.map(\.gap), as: .number),
        Vector(shown.map { Scalar($0.count) }, as: .integer),
      ],
      summary: [
        Scalar(total.count), total.expectation, total.perception, total.gap,
        weakest?.1 ?? .unknown, weakest?.0 ?? .unknown,
      ], drawing: drawing(shown, keys, input.database))
    result.facts = [.gap(.rule(plural: plural, answerCount: total.count))]
    if total.missing > 0 {
      result.facts.append(.gap(.incomplete(count: total.missing, plural: plural)))
    }
    if seen.count < groups.order.count {
      result.facts.append(
        .gap(.silent(groupCount: groups.order.count - seen.count, plural: plural)))
    }
    return result
  }

  /// A bar a group, to the left where less is perceived than expected.
  private func drawing(_ tallies: [Tally], _ keys: Vector, _ database: Database) -> Drawing? {
    guard tallies.contains(where: { $0.count > 0 }), tallies.count <= VerbGroups.barCountMax else {
      return nil
    }
    return .bars(
      Drawing.Bars(
        title: "gap: perception less expectation, and answers",
        bars: tallies.enumerated().map { place, tally in
          var gap: Double?
          if case .real(let value) = tally.gap { gap = value }
          return Drawing.Bars.Bar(
            label: grouping.label(of: keys[place], database), value: gap,
            remark: (Double(tally.count), .count))
        }, form: .number))
  }
}

/// A fact under the answer of `gap`.
package enum GapFact: Hashable, Sendable {
  /// What is averaged, and over how many.
  case rule(plural: String, answerCount: Int)
  /// Groups of subjects that have given no answer: they have no row.
  case silent(groupCount: Int, plural: String)
  /// How many lack an expectation or a perception: they are in no mean.
  case incomplete(count: Int, plural: String)
}

/// The answers of a group. Sums are of hundredths, so means are exact to the last division.
private struct Tally {
  private var expected: Int128 = 0
  private var perceived: Int128 = 0
  /// Answers with both.
  private(set) var count = 0
  /// Answers that lack one.
  private(set) var missing = 0

  /// Whether there are any.
  var isSeen: Bool { count + missing > 0 }

  var expectation: Scalar { mean(expected) }
  var perception: Scalar { mean(perceived) }
  var gap: Scalar { mean(perceived - expected) }

  /// One answer, in hundredths.
  mutating func add(_ expectation: Int64, _ perception: Int64) {
    guard expectation != SubjectEvents.unknown, perception != SubjectEvents.unknown else {
      missing += 1
      return
    }
    expected += Int128(expectation)
    perceived += Int128(perception)
    count += 1
  }

  mutating func add(_ other: Tally) {
    expected += other.expected
    perceived += other.perceived
    count += other.count
    missing += other.missing
  }

  private func mean(_ hundredths: Int128) -> Scalar {
    count == 0 ? .unknown : .real(Double(hundredths) / Double(100 * count))
  }
}

extension Binder {
  /// `gap S [by EXPR]`
  mutating func bindGap(_ call: VerbCall, by: Expression?) -> BoundAnalysis? {
    let need = EventNeed(
      role: .surveys, what: "surveys", fields: [.answer("expectation"), .answer("perception")])
    guard var found = bindEvents(need, of: call) else { return nil }
    let plural = catalog[found.events.entity].name
    var values: [BoundExpression] = []
    let grouping: VerbGroups?
    if let by {
      grouping = bindGrouping(by, over: &found, values: &values)
    } else {
      grouping = bindDimension(of: call, &found)
    }
    guard let grouping else { return nil }
    return folding(call, Gap(grouping: grouping, plural: plural), [found], values: values)
  }

  /// The dimension of service that each answer is about.
  private mutating func bindDimension(
    of call: VerbCall, _ found: inout FoundEvents
  ) -> VerbGroups? {
    let entity = catalog[found.events.entity]
    guard let id = entity.field(named: "dimension") else {
      report(
        .fieldNeeded(
          verb: call.verb, plural: entity.name, what: "a field 'dimension'",
          hint: "'\(example(of: call, found))'"),
        at: sourceRange(of: call))
      return nil
    }
    let field = entity[id]
    found.events.group = pinned(
      FieldPath(field: id, type: field.type, text: field.name), of: found.events.entity)
    return VerbGroups(form: .events, type: field.type, text: field.name)
  }

  /// The call with a field of the answers to group them by.
  private func example(of call: VerbCall, _ found: FoundEvents) -> String {
    let entity = catalog[found.events.entity]
    let choice = entity.fields.first { if case .choice = $0.type { true } else { false } }
    let field = choice ?? entity.fields.first { $0.type == .text } ?? entity[entity.key]
    var words = "\(call.verb.rawValue) \(Formatter.format(call.source))"
    if let clause = call.events {
      let fields = clause.fields.map { Formatter.format($0) }.joined(separator: ", ")
      words += " of \(spelled(clause.name.text)) by \(fields)"
    }
    let relation = catalog.relations(of: query.entity).first {
      found.key == nil && $0.entity == found.events.entity
    }
    let prefix = relation.map { spelled($0.name) + "." } ?? ""
    return "\(words) by \(prefix)\(spelled(field.name))"
  }

  /// A number given as an answer, in hundredths.
  mutating func bindAnswer(_ expression: Expression) -> BoundExpression? {
    guard let bound = bindValue(expression) else { return nil }
    switch bound.type {
    case .integer: return .convert(.integerToMoney, bound)
    case .number:
      note(.verb(.roundedAmounts(text: text(expression))))
      return .arithmetic(.multiplyMoney, .constant(.word(100), .money), bound)
    default:
      report(.answerExpected(text: text(expression), type: bound.type.name), at: expression.range)
      return nil
    }
  }
}
