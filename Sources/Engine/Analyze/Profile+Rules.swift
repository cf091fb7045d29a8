import Store
import Syntax

// What the house rules say about a record: standards measured over its own records, and actions.

extension Profile {
  /// Each standard that measures records which refer to the record's entity, over the record's own.
  func standardFacts() throws(Failure) -> [ProfileFact] {
    var facts: [ProfileFact] = []
    for definition in inquiry.catalog.definitions(of: .standard) {
      guard case .standard(let standard) = try definition.parsed(),
        measuresRelated(standard.measure)
      else { continue }
      if let fact = try fact(of: definition, standard) { facts.append(fact) }
    }
    return facts
  }

  private func fact(
    of definition: Definition, _ standard: StandardDefinition
  ) throws(Failure) -> ProfileFact? {
    let isMet = Expression(
      .comparison(standard.comparison, standard.measure, standard.target), range: SourceRange(0, 0))
    let isOne = Expression(
      .comparison(.equal, .field(entity[entity.key].name), keyLiteral), range: SourceRange(0, 0))
    let found: (columns: [OutputColumn], rows: OutputBatch)
    do throws(Failure) {
      found = try inquiry.answer(
        .records(of: entity.name, where: [isOne], show: [standard.measure, isMet]))
    } catch {
      // A measure that means nothing for one record, such as one that ranks, has no row.
      guard error.kind == .statement else { throw error }
      return nil
    }
    let row = ProfileRows(columns: found.columns, rows: found.rows)
    guard row.count == 1, row[0, 0].isKnown else { return nil }
    var binder = inquiry.binder()
    let due = binder.day(of: standard)
    let target = try inquiry.values([standard.target])[0]
    let isReached = row[0, 1] == .word(1)
    let state = isReached ? "met" : (due ?? day) >= day ? "due" : "missed"
    return ProfileFact(
      .standards, definition.name, date: due, figure: row.figure(0, 0),
      amount: row.amount(0, 0),
      text: "\(state), \(standard.comparison.rawValue)"
        + " \(ExpressionText.text(target.value, target.type))")
  }

  private var keyLiteral: Expression {
    let place = SourceRange(0, 0)
    if case .text(let text) = key { return Expression(.text(text), range: place) }
    return Binder.literal(keyText) ?? Expression(.unknown, range: place)
  }

  /// Whether an expression aggregates records that refer to the record's entity, under the name that
  /// they have as its relation too, so that it means the same about one record.
  private func measuresRelated(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .call(let call):
      if case .path(let names)? = call.arguments.first?.kind, let first = names.first,
        let entity = inquiry.catalog.entity(named: first.text)
      {
        return inquiry.catalog.relation(named: first.text, of: id)?.entity == entity
      }
      return call.arguments.contains(where: measuresRelated)
    case .arithmetic(_, let left, let right):
      return measuresRelated(left) || measuresRelated(right)
    case .negation(let one): return measuresRelated(one)
    default: return false
    }
  }

  /// What is suggested for the record, the most urgent first.
  func actionFacts() throws(Failure) -> [ProfileFact] {
    guard inquiry.catalog.definitions(of: .action).contains(where: { $0.entity == entity.name })
    else { return [] }
    guard case .find(let query) = try Parser.parse(recordText).kind else { return [] }
    let suggestions = Suggestions(inquiry: inquiry) { range throws(Failure) in
      throw Failure(DefinitionReason.recordsExpected, at: range)
    }
    let answer = try suggestions.answer(for: .source(.query(query), range: query.range))
    var facts: [ProfileFact] = []
    for section in answer.sections {
      while let batch = try section.cursor.next() {
        let rows = ProfileRows(columns: section.columns, rows: batch)
        for row in 0..<rows.count {
          facts.append(
            ProfileFact(
              .actions, rows.text(row, 1) ?? "", figure: rows.figure(row, 3),
              text: rows.text(row, 2)))
        }
      }
    }
    return facts
  }
}
