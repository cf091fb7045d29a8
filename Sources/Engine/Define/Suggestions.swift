import Store
import Syntax

/// Carries out `suggest actions`: a row for each record and action whose condition it fulfils, the
/// most urgent first.
struct Suggestions {
  let inquiry: Inquiry
  /// The records of the last answer.
  let last: (SourceRange) throws(Failure) -> (entity: EntityID, rows: [Int32])

  init(
    inquiry: Inquiry,
    last: @escaping (SourceRange) throws(Failure) -> (entity: EntityID, rows: [Int32])
  ) {
    self.inquiry = inquiry
    self.last = last
  }

  private static let subjectName = "the records asked about"

  /// One suggestion.
  private struct Suggestion {
    var key: Scalar
    var label: String?
    var action: String
    var say: String
    var priority: Int64
    var reasons: String
    var value: Scalar
  }

  /// A section for each entity that has an action, or for that of the records asked about.
  func answer(for subject: SuggestionSubject?) throws(Failure) -> Answer {
    let chosen = try subject.map { subject throws(Failure) in try records(of: subject) }
    let asked = chosen.map { inquiry.adding(Self.subjectName, $0.rows, of: $0.entity) } ?? inquiry
    let actions = inquiry.catalog.definitions(of: .action)
    var entities: [EntityID] = []
    for action in actions {
      guard let entity = inquiry.catalog.entity(named: action.entity ?? ""),
        !entities.contains(entity), chosen.map({ $0.entity == entity }) ?? true
      else { continue }
      entities.append(entity)
    }
    guard !entities.isEmpty else {
      return Answer(sections: [none(of: chosen?.entity ?? EntityID(0))])
    }
    var sections: [Section] = []
    for entity in entities {
      var found: [Suggestion] = []
      for action in actions where action.entity == inquiry.catalog[entity].name {
        try Cancellation.poll()
        found += try suggestions(of: action, entity, asked, isNarrowed: chosen != nil)
      }
      sections.append(section(found, entity, isAlone: entities.count == 1))
    }
    return Answer(sections: sections)
  }

  private func records(
    of subject: SuggestionSubject
  ) throws(Failure) -> (entity: EntityID, rows: [Int32]) {
    switch subject {
    case .record(let record):
      let (entity, row) = try inquiry.record(record.entity, record.key)
      return (entity, [row])
    case .source(.it, let range): return try last(range)
    case .source(let source, let range):
      let found = try inquiry.records(of: source, orElse: .recordsExpected, at: range)
      return (found.entity, found.rows)
    }
  }

  // MARK: one action

  private func suggestions(
    of definition: Definition, _ entity: EntityID, _ inquiry: Inquiry, isNarrowed: Bool
  ) throws(Failure) -> [Suggestion] {
    guard case .action(let action) = try definition.parsed() else { return [] }
    var binder = inquiry.binder()
    let priority = binder.priority(of: action) ?? 1
    let record = inquiry.catalog[entity]
    let value = record.field(named: "value").flatMap { field in
      record[field].type.isMeasure ? Expression.field(record[field].name) : nil
    }
    let conjuncts = action.condition.conjuncts
    let figures = conjuncts.map(\.figure)
    // The condition as a segment ranks over all records, whoever is asked about.
    var asked = inquiry
    asked.catalog.replace(
      nil,
      by: Definition(
        .segment, Self.actionName,
        text: "\(Formatter.name(record.name)) where \(Formatter.format(action.condition))",
        entity: record.name, created: inquiry.today))
    let columns =
      [Expression.field(record[record.key].name)]
      + [record.labelField.map { .field(record[$0].name) }, value].compactMap(\.self)
      + figures.compactMap(\.self)
    let conditions =
      [Expression.isIn(segment: Self.actionName)]
      + (isNarrowed ? [.isIn(segment: Self.subjectName)] : [])
    let found = try asked.answer(.records(of: record.name, where: conditions, show: columns))
    let labelColumn = record.labelField == nil ? nil : 1
    let valueColumn = value == nil ? nil : labelColumn == nil ? 1 : 2
    let firstFigure = 1 + [labelColumn, valueColumn].compactMap(\.self).count
    return (0..<found.rows.count).map { row in
      var column = firstFigure
      var reasons: [String] = []
      for (conjunct, figure) in zip(conjuncts, figures) {
        var words = Formatter.format(conjunct)
        if figure != nil {
          let type = found.columns[column].keyType ?? found.columns[column].type
          words += ": " + ExpressionText.text(found.rows.vectors[column][row], type)
          column += 1
        }
        reasons.append(words)
      }
      var label: String?
      if let labelColumn, case .text(let text) = found.rows.vectors[labelColumn][row] {
        label = text
      }
      return Suggestion(
        key: found.rows.vectors[0][row], label: label, action: definition.name,
        say: action.sayText, priority: priority, reasons: reasons.joined(separator: "; "),
        value: valueColumn.map { found.rows.vectors[$0][row] } ?? .unknown)
    }
  }

  private static let actionName = "the action"

  // MARK: all of them

  /// No rows, as there is no action for such records.
  private func none(of entity: EntityID) -> Section {
    let name = inquiry.catalog[entity].name
    let whose = name == Self.usualEntity ? "" : " for \(Formatter.name(name))"
    let example = "define action call_owner\(whose) when … priority 1 say \"…\""
    return rows(of: entity).section(
      notes: [.noneDefined(kind: "action for \(name)", example: example)])
  }

  /// Whose an action is that names no entity.
  private static let usualEntity = "customers"

  private func rows(of entity: EntityID) -> FixedRows {
    let record = inquiry.catalog[entity]
    return FixedRows([
      OutputColumn(
        name: record.singular, type: .reference(entity), keyType: record[record.key].type),
      OutputColumn(name: "action", type: .text), OutputColumn(name: "say", type: .text),
      OutputColumn(name: "priority", type: .integer), OutputColumn(name: "reasons", type: .text),
    ])
  }

  private func section(
    _ found: [Suggestion], _ entity: EntityID, isAlone: Bool
  ) -> Section {
    var rows = rows(of: entity)
    let sorted = found.enumerated().sorted { a, b in
      let (one, other) = (a.element, b.element)
      if one.priority != other.priority { return one.priority < other.priority }
      let (left, right) = (one.value.amount, other.value.amount)
      return left == right ? a.offset < b.offset : left > right
    }
    for suggestion in sorted.map(\.element) {
      rows.append(
        [
          suggestion.key, .text(suggestion.action), .text(suggestion.say),
          .word(suggestion.priority), .text(suggestion.reasons),
        ], label: suggestion.label)
    }
    return rows.section(title: isAlone ? nil : inquiry.catalog[entity].name)
  }
}

extension Scalar {
  /// A number to sort by; nothing is least.
  fileprivate var amount: Double {
    switch self {
    case .word(let word): Double(word)
    case .real(let real): real
    default: -.infinity
    }
  }
}

extension Expression {
  /// The value that tells by how much a condition holds; nil where its words say it all.
  fileprivate var figure: Expression? {
    let value: Expression?
    switch kind {
    case .comparison(let sign, let left, _): value = sign == .equal ? nil : left
    case .between(let left, _, _), .windowTest(let left, _), .membership(let left, _, _),
      .textTest(_, let left, _):
      value = left
    case .knownTest(let left, isKnown: true): value = left
    case .rankTest(let test): value = test.by
    case .has(let test) where test.next == nil:
      if case .none = test.quantity { return nil }
      return Expression(
        .call(
          Call(
            name: Name("count", range: test.range),
            arguments: [Expression(.path(test.first.path), range: test.first.range)],
            window: test.first.window, filter: test.first.filter)),
        range: test.range)
    default: value = nil
    }
    return value.flatMap { $0.ranksRows ? nil : $0 }
  }

  /// Whether it depends on all rows that are shown.
  private var ranksRows: Bool {
    switch kind {
    case .call(let call):
      PerRowName(rawValue: call.name.text.lowercased()) != nil
        || call.arguments.contains(where: \.ranksRows)
    case .negation(let one): one.ranksRows
    case .arithmetic(_, let left, let right): left.ranksRows || right.ranksRows
    default: false
    }
  }
}
