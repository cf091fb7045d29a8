import Store
import Syntax

/// What a query does, a sentence a step, in the words of the question: how `explain` begins.
struct Sentences {
  private let query: BoundQuery
  private let catalog: Catalog
  private let words: RowFunnelWords
  /// The conditions that an index answers, and its field.
  private let lookups: [(condition: BoundExpression, field: String)]
  /// The field in whose order the first rows are read off.
  private let ordered: String?
  /// What is done with the records found, where they are to be changed.
  private let deed: ChangeDeed?

  init(_ planned: PlannedQuery, _ catalog: Catalog, _ deed: ChangeDeed?) {
    self.deed = deed
    query = planned.query
    self.catalog = catalog
    words = RowFunnelWords(planned.query, catalog)
    var lookups: [(condition: BoundExpression, field: String)] = []
    var ordered: String?
    for plan in planned.plan.fromSource {
      switch plan.step {
      case .indexLookup(let entity, let condition, _):
        guard case .test(let field, _) = condition.form else { continue }
        lookups.append((condition.expression, catalog[entity][field].name))
      case .indexOrder(let entity, let field, _, _, _): ordered = catalog[entity][field].name
      default: continue
      }
    }
    self.lookups = lookups
    self.ordered = ordered
  }

  /// The sentences for the steps of a funnel and for what is shown.
  func lines(for funnel: RowFunnel) -> [String] {
    var lines = query.notes.compactMap { note -> String? in
      guard case .asOf(let day) = note else { return nil }
      return "See everything as it was on \(ExpressionText.text(.word(Int64(day)), .date))."
    }
    var steps = funnel.steps[...]
    guard let source = steps.popFirst() else { return lines }
    let about = funnel.isEstimated ? "about " : ""
    let plural = words.words(for: source.part)
    let whole = EnglishList.grouped(source.rowCount)
    if let first = steps.first, case .condition(let condition) = first.part {
      steps.removeFirst()
      let counts = "\(about)\(EnglishList.grouped(first.rowCount)) of \(whole)"
      lines.append(
        "Take the \(plural) \(phrase(condition, source.entity))"
          + " (\(counts)\(remark(on: condition))).")
    } else {
      lines.append("Take all \(whole) \(plural).")
    }
    var input = source.entity
    while let step = steps.popFirst() {
      if case .order(let order, let countMax) = step.part, countMax == nil, order.countMax == nil,
        let next = steps.first, case .limit(let count, 0) = next.part
      {
        steps.removeFirst()
        lines.append(sorting(order) + ", and keep the first \(EnglishList.count(count)).")
      } else if let sentence = sentence(step, input, about) {
        lines.append(sentence)
      }
      input = step.entity
    }
    return lines + [showing].compactMap { $0 }
  }

  private func sentence(
    _ step: RowFunnel.Step, _ input: EntityID?, _ about: String
  ) -> String? {
    let left = "\(about)\(EnglishList.grouped(step.rowCount))"
    switch step.part {
    case .source: return nil
    case .condition(let condition):
      return "Keep those \(phrase(condition, input)) (\(left)\(remark(on: condition)))."
    case .rank(let indexes):
      let texts = indexes.map { query.perRow[$0] }.filter(\.isWritten).map(\.text)
      return texts.isEmpty ? nil : "Work out \(EnglishList.text(texts)) over all of them."
    case .group(let group):
      let doings = EnglishList.text(group.aggregates.map(doing))
      guard !group.keys.isEmpty else { return "Make one row of them all: \(doings)." }
      let keys = EnglishList.text(Array(group.names.prefix(group.keys.count)))
      return "Group them by \(keys) (\(left) \(step.rowCount == 1 ? "group" : "groups"))"
        + (doings.isEmpty ? "." : ", and in each \(doings).")
    case .analyze(let analysis): return VerbSentence(analysis).text
    case .order(let order, let countMax): return ordering(order, countMax ?? order.countMax)
    case .sample(let sample):
      switch sample.amount {
      case .rows(let count):
        return "Draw \(EnglishList.count(count)) of them at random, with seed \(sample.seed)."
      case .share(let share):
        return "Draw \(ExpressionText.text(.real(share * 100), .number))% of them at random, with"
          + " seed \(sample.seed) (\(left))."
      }
    case .limit(let count, let offset):
      if offset == 0 { return "Keep the first \(EnglishList.count(count))." }
      return "Leave out the first \(EnglishList.count(offset)), and keep the next"
        + " \(EnglishList.count(count))."
    }
  }

  // MARK: conditions

  private func phrase(_ condition: BoundCondition, _ entity: EntityID?) -> String {
    ConditionPhrase(catalog: catalog, entity: entity, words: words).phrase(of: condition)
  }

  /// How a condition is met without looking at each record.
  private func remark(on condition: BoundCondition) -> String {
    let parts = condition.expression.conjuncts
    guard let lookup = lookups.first(where: { parts.contains($0.condition) }) else { return "" }
    return ", by the index of \(lookup.field)"
  }

  // MARK: groups

  /// What an aggregate does: `add up value`.
  private func doing(_ aggregate: BoundAggregate) -> String {
    let argument = aggregate.argument.map(words.words) ?? "them"
    let object: String
    switch aggregate.kind {
    case .count:
      object =
        aggregate.isDistinct
        ? "count the different \(argument)"
        : aggregate.argument == nil ? "count them" : "count the known \(argument)"
    case .sum: object = "add up \(argument)"
    case .average: object = "take the average of \(argument)"
    case .minimum: object = "take the smallest \(argument)"
    case .maximum: object = "take the largest \(argument)"
    case .median: object = "take the median of \(argument)"
    case .mode: object = "take the commonest \(argument)"
    case .medianGap: object = "take the median of the days between one \(argument) and the next"
    case .percentile(let share):
      object =
        "take the \(argument) at \(ExpressionText.text(.real(share * 100), .number))% from below"
    case .first: object = "take the first \(argument)"
    case .last: object = "take the last \(argument)"
    }
    return object + (aggregate.related.map { " of their \(catalog[$0.entity].name)" } ?? "")
      + (aggregate.filter.map { " where \(words.words(for: $0))" } ?? "")
  }

  // MARK: order

  private func ordering(_ order: BoundOrder, _ countMax: Int?) -> String {
    guard let countMax else { return sorting(order) + "." }
    let count = EnglishList.count(countMax)
    guard order.per.isEmpty else {
      let groups = EnglishList.text(order.per.map(\.text))
      return "Of each \(groups), keep the \(count) with the \(extreme(order.keys[0]))"
        + " \(order.keys[0].text)."
    }
    let remark = ordered.map { ", read off the index of \($0)" } ?? ""
    return sorting(order) + ", and keep the first \(count)\(remark)."
  }

  private func sorting(_ order: BoundOrder) -> String {
    let keys = (order.per + order.keys).map { key in
      guard key.expression.type == .text else { return "\(key.text), \(extreme(key)) first" }
      return "\(key.text), \(key.isDescending ? "Z to A" : "A to Z")"
    }
    return "Sort by \(keys.joined(separator: ", then by "))"
  }

  private func extreme(_ key: BoundOrder.Key) -> String {
    switch key.expression.type {
    case .date, .time: key.isDescending ? "latest" : "earliest"
    default: key.isDescending ? "highest" : "lowest"
    }
  }

  // MARK: what is shown

  /// The most columns that are named.
  private static let namedCountMax = 8

  private var showing: String? {
    if let deed { return deed.sentence + " 'explain' changes nothing." }
    let names = query.columns.map(\.name)
    guard !names.isEmpty else { return nil }
    if names.count > Self.namedCountMax {
      let first = names.prefix(Self.namedCountMax - 1).joined(separator: ", ")
      return "Show \(first) and \(names.count - Self.namedCountMax + 1) more."
    }
    return "Show \(EnglishList.text(names))."
  }
}

extension BoundPerRow {
  /// Whether it stands in the question as a value of its own.
  fileprivate var isWritten: Bool {
    switch kind {
    case .analyzed, .inTop, .stay: false
    default: true
    }
  }
}

extension EnglishList {
  /// Digits with a comma before every third.
  static func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }
}
