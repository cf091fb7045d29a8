import Store
import Syntax

/// The ladder of loyalty: how many stand on each rung, and what they are worth.
///
/// A record's rung is its computed field `rung`: of the rungs whose conditions hold for it the highest.
/// The conditions are the rows of `ladder_rungs`. Every rung is shown, the highest first, empty ones
/// with 0; shares are of all records, those on no rung included.
///
/// - Source: Christopher, Payne and Ballantyne, Relationship Marketing, 1991.
struct Ladder: Analysis {
  /// The names of the rungs, the lowest first.
  var names: ChoiceList
  /// The rungs' conditions as written, the lowest first.
  var conditions: [String]
  /// What is added up as value, as written.
  var valueText: String
  /// What the records are called.
  var plural: String

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("rung", .choice(names)), .subjectCount(),
      AnalysisColumn("share", .number, .percent), AnalysisColumn("value", .money),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("value", .money),
      AnalysisColumn("top_rung", .choice(names)), .subjectCount("top_"),
      AnalysisColumn("top_share", .number, .percent), AnalysisColumn("top_value", .money),
    ]
  }

  var detail: String { "" }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    var counts = [Int](repeating: 0, count: names.names.count)
    var values = [Int128](repeating: 0, count: names.names.count)
    var (without, valueWithout) = (0, Int128(0))
    guard case .words(let rungs) = input.values[0].values,
      case .words(let amounts) = input.values[1].values
    else { preconditionFailure("rungs and amounts are words") }
    for subject in 0..<input.count {
      // An unknown amount is 0 in its vector.
      if input.values[0].known[subject] == 0 {
        without += 1
        valueWithout += Int128(amounts[subject])
      } else {
        counts[Int(rungs[subject])] += 1
        values[Int(rungs[subject])] += Int128(amounts[subject])
      }
    }
    let share = { (count: Int) -> Scalar in
      input.count == 0 ? .unknown : .real(Double(count) / Double(input.count))
    }
    let order = input.count == 0 ? [] : Array(names.names.indices.reversed())
    var result = AnalysisResult(
      columns: [
        Vector(words: order.map(Int64.init)), Vector(words: order.map { Int64(counts[$0]) }),
        Vector(order.map { share(counts[$0]) }, as: .number),
        Vector(
          try order.map { rung throws(StoreError) in try Scalar.amount(values[rung]) }, as: .money),
      ],
      summary: [
        Scalar(input.count), try .amount(values.reduce(valueWithout, +)),
        names.names.isEmpty ? .unknown : Scalar(names.names.count - 1),
        Scalar(counts.last ?? 0), share(counts.last ?? 0), try .amount(values.last ?? 0),
      ])
    if input.count > 0 {
      result.drawing = .pyramid(
        Drawing.Bars(
          title: "ladder of loyalty",
          counts: order.map { (names.names[$0], counts[$0]) }, sharesOf: input.count))
    }
    result.facts = facts(without: without)
    return result
  }

  private func facts(without: Int) -> [VerbFact] {
    var facts = [LadderFact.rule(valueText: valueText)]
    for (name, condition) in zip(names.names, conditions).reversed() {
      facts.append(.rung(name: name, condition: condition))
    }
    if without > 0 { facts.append(.onNoRung(count: without, plural: plural)) }
    return facts.map(VerbFact.ladder)
  }
}

/// A fact under the answer of `ladder`.
package enum LadderFact: Hashable, Sendable {
  /// The highest rung counts, and what is added up as value, as written.
  case rule(valueText: String)
  /// Who stands on a rung: its name and its condition as written.
  case rung(name: String, condition: String)
  /// How many no condition holds for.
  case onNoRung(count: Int, plural: String)
}

extension Binder {
  /// `ladder S`
  mutating func bindLadder(_ call: VerbCall) -> BoundAnalysis? {
    let entity = catalog[query.entity]
    guard let id = entity.fields.firstIndex(where: \.isRung) else {
      report(
        .fieldNeeded(
          verb: call.verb, plural: entity.name, what: "a rung", hint: "'ladder customers'"),
        at: sourceRange(of: call))
      return nil
    }
    let range = sourceRange(of: call)
    clause = .order
    let name = Name(entity.fields[id].name, isQuoted: true, range: range)
    guard let rung = bindValue(Expression(.path([name]), range: range)),
      case .choice(let names) = rung.type, let value = bindOwnValue(of: call)
    else { return nil }
    return folding(
      call,
      Ladder(
        names: names, conditions: catalog.rules.rungs.map(\.condition), valueText: value.text,
        plural: entity.name),
      values: [rung, value.expression])
  }

  /// What the records that come in are worth: their money field `value`, else the only one stored.
  mutating func bindOwnValue(
    of call: VerbCall
  ) -> (expression: BoundExpression, text: String)? {
    let entity = catalog[query.entity]
    let amounts = entity.fields.filter { $0.type == .money && !$0.isComputed }
    let named = entity.field(named: "value").map { entity[$0] }
    let range = sourceRange(of: call)
    guard
      let field = named.flatMap({ $0.type == .money ? $0 : nil })
        ?? (amounts.count == 1 ? amounts[0] : nil)
    else {
      let definition = amounts.first.map { "as \(spelled($0.name))" } ?? "money"
      report(
        .fieldNeeded(
          verb: call.verb, plural: entity.name, what: "a money field 'value'",
          hint: named == nil
            ? "'define field \(spelled(entity.name)).value \(definition)'" : nil),
        at: range)
      return nil
    }
    let name = Name(field.name, isQuoted: true, range: range)
    return bindValue(Expression(.path([name]), range: range)).map { ($0, field.name) }
  }
}
