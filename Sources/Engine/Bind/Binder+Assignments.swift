import Store
import Syntax

// `field = EXPR` in `add` and after `set`: the value is typed opposite its field.

extension Binder {
  /// The values of a record to be added, and its key if one is given.
  mutating func bindNewValues(
    _ assignments: [Assignment], of entity: EntityID
  ) -> (values: [BoundAssignment], key: (Scalar, SourceRange)?) {
    clause = .add
    var values: [BoundAssignment] = []
    var key: (Scalar, SourceRange)?
    for (assignment, field) in fields(of: assignments, in: entity) {
      if field == catalog[entity].key {
        if let value = bindKey(assignment.value, of: entity) {
          key = (value, assignment.value.range)
        }
      } else if let value = bindAssigned(assignment, to: field, of: entity) {
        values.append(value)
      }
    }
    return (values, key)
  }

  /// The values after `set`.
  mutating func bindSet(
    _ statement: UpdateStatement, of entity: EntityID, at range: SourceRange
  ) -> [BoundAssignment] {
    clause = .set
    let definition = catalog[entity]
    let tracked = TrackedField(of: entity, in: catalog)
    var values: [BoundAssignment] = []
    for (assignment, field) in fields(of: statement.assignments, in: entity) {
      if field == definition.key {
        report(
          change: .keyChanged(field: definition[field].name, plural: definition.name),
          at: assignment.field.range)
      } else if let tracked, field == tracked.field || field == tracked.since {
        reportTracked(assignment, field, tracked, statement, at: range)
      } else if let value = bindAssigned(assignment, to: field, of: entity) {
        values.append(value)
      }
    }
    return values
  }

  /// The stored field of each assignment. One that is not there, is computed or has a value already
  /// is reported, and what stands opposite it left alone.
  private mutating func fields(
    of assignments: [Assignment], in entity: EntityID
  ) -> [(Assignment, FieldID)] {
    let definition = catalog[entity]
    var found: [(Assignment, FieldID)] = []
    for assignment in assignments {
      let name = assignment.field
      guard let field = definition.field(named: name.text) else {
        let stored = definition.fields.filter { !$0.isComputed }.map(\.name)
        let near = NearNames.nearest(to: name.text, among: stored)
        report(
          .unknownField(plural: definition.name, name: name.text, near: near), at: name.range,
          fixes: fix(name.range, near))
        continue
      }
      if definition[field].isComputed {
        report(
          change: .computedField(
            name: definition[field].name, expression: definition[field].expression ?? ""),
          at: name.range)
      } else if found.contains(where: { $0.1 == field }) {
        report(change: .fieldTwice(name: definition[field].name), at: name.range)
      } else {
        found.append((assignment, field))
      }
    }
    return found
  }

  /// A field with a history in `set`: `move` is meant.
  private mutating func reportTracked(
    _ assignment: Assignment, _ field: FieldID, _ tracked: TrackedField,
    _ statement: UpdateStatement, at range: SourceRange
  ) {
    let definition = catalog[tracked.entity]
    guard field == tracked.field else {
      report(
        change: .sinceField(
          name: definition[field].name, tracked: definition[tracked.field].name),
        at: assignment.field.range)
      return
    }
    let typed = BoundExpression.field(
      FieldPath(field: field, type: definition[field].type, text: definition[field].name))
    let place = Expression(.path([assignment.field]), range: assignment.field.range)
    let reported = diagnostics.count
    let bound = bindOpposite(assignment.value, typed, place)
    if diagnostics.count > reported { return }
    guard case .constant(.word, _)? = bound else {
      report(change: .tracked(name: definition[field].name, offered: nil), at: place.range)
      return
    }
    let move = MoveStatement(
      target: statement.target, to: assignment.value, because: nil, anywayRange: nil)
    let offered = Formatter.format(Statement(.move(move), range: range))
    let isAlone = statement.assignments.count == 1
    let (start, end) = (statement.target.range.lowerBound, statement.target.range.upperBound)
    let mend = [
      Fix(SourceRange(range.lowerBound, start), "move "),
      Fix(SourceRange(end, assignment.value.range.lowerBound), " to "),
    ]
    report(
      change: .tracked(name: definition[field].name, offered: offered), at: place.range,
      fixes: isAlone ? mend : [])
  }

  // MARK: values

  /// A value, typed as what stands opposite its field.
  private mutating func bindAssigned(
    _ assignment: Assignment, to id: FieldID, of entity: EntityID
  ) -> BoundAssignment? {
    let field = catalog[entity][id]
    let value = assignment.value
    let place = Expression(.path([assignment.field]), range: assignment.field.range)
    let typed = BoundExpression.field(FieldPath(field: id, type: field.type, text: field.name))
    if case .reference(let target) = field.type, let literal = keyLiteral(value) {
      return bindReference(literal, to: target, id, field, typed, place)
    }
    let reported = diagnostics.count
    guard let bound = bindOpposite(value, typed, place) else {
      if diagnostics.count == reported {
        report(.brokenField(name: field.name, problem: "it has no value"), at: value.range)
      }
      return nil
    }
    guard let (stored, conversion) = stored(bound, as: field.type) else {
      reportMismatch(bound, value, field, typed, place)
      return nil
    }
    if let bounds = field.bounds, case .constant(.word(let word), _) = stored,
      !bounds.contains(word)
    {
      report(
        change: .outOfRange(field: field.name, value: "\(word)", bounds: bounds, record: nil),
        at: value.range)
      return nil
    }
    return BoundAssignment(
      field: id, value: .expression(stored), conversion: conversion, range: value.range)
  }

  /// A literal that may be a key: a whole number or a text.
  private func keyLiteral(_ expression: Expression) -> Expression? {
    switch expression.kind {
    case .number, .text: expression
    case .negation(let operand): keyLiteral(operand).map { _ in expression }
    case .path(let names) where names.count == 1 && !canResolve(names[0]): expression
    default: nil
    }
  }

  /// A reference by the key of the record it leads to.
  private mutating func bindReference(
    _ literal: Expression, to target: EntityID, _ id: FieldID, _ field: Field,
    _ typed: BoundExpression, _ place: Expression
  ) -> BoundAssignment? {
    let definition = catalog[target]
    let keyType = keyType(of: target)
    let outer = comparedText
    comparedText = field.name
    defer { comparedText = outer }
    guard let bound = bindValue(literal, expecting: keyType) else { return nil }
    if case .constant(let key, keyType) = bound {
      return BoundAssignment(
        field: id, value: .record(key: key, of: target), conversion: nil, range: literal.range)
    }
    if keyType == .text, bound.type == .integer || bound.type == .number {
      let quoted = "\"\(text(literal))\""
      report(
        .referenceByNumber(reference: field.name, number: text(literal)), at: literal.range,
        fixes: [Fix(literal.range, quoted)])
    } else if bound.type == .text {
      let label = definition.labelField.map { definition[$0].name }
      report(
        change: .referenceTakesKey(
          field: field.name, plural: definition.name,
          search: label.map {
            "find \(spelled(definition.name)) where \(spelled($0)) = \(text(literal))"
          }),
        at: literal.range)
    } else {
      reportMismatch(bound, literal, field, typed, place)
    }
    return nil
  }

  /// A value in the form in which a field of a type takes it: nil when it does not.
  ///
  /// Money takes whole units exactly and numbers rounded half away from zero; an integer takes a
  /// number that is whole because it was rounded; a date the day of a time, but not of a written one.
  private func stored(
    _ bound: BoundExpression, as type: ValueType
  ) -> (BoundExpression, Vector.Conversion?)? {
    if bound.type == type { return (bound, nil) }
    if case .constant(let value, _) = bound {
      if !value.isKnown { return (.constant(.unknown, type), nil) }
      if bound.type == .time { return nil }
      if case .constant(let scalar, type)? = converted(bound, to: type) {
        return (.constant(scalar, type), nil)
      }
    }
    switch (bound.type, type) {
    case (.integer, .number): return (bound, .integerToNumber)
    case (.integer, .money): return (bound, .integerToMoney)
    case (.money, .number): return (bound, .moneyToNumber)
    case (.number, .money): return (bound, .numberToMoney)
    case (.number, .integer): return bound.isRounded ? (bound, .numberToInteger) : nil
    case (.date, .time): return (bound, .dateToTime)
    case (.time, .date): return (bound, .timeToDate)
    default: return nil
    }
  }

  /// Says that a value is of another type than its field.
  mutating func reportMismatch(
    _ bound: BoundExpression, _ value: Expression, _ field: Field, _ typed: BoundExpression,
    _ place: Expression
  ) {
    var hint = mismatchHint(typed, place, bound, value)
    var fixes = mismatchFixes(typed, bound, value)
    if field.type == .integer, bound.type == .number, numberLiteral(value) == nil {
      hint = "write round(\(text(value)))"
      fixes = [Fix(value.range, "round(\(text(value)))")]
    } else if field.type == .date, case .date(var literal) = value.kind {
      literal.secondOfDay = nil
      let day = text(Expression(.date(literal), range: value.range))
      hint = "write \(day)"
      fixes = [Fix(value.range, day)]
    }
    report(
      .typeMismatch(
        left: field.name, leftType: words(for: field.type), right: text(value),
        rightType: words(for: bound.type), hint: hint),
      at: value.range, fixes: fixes)
  }
}

extension BoundExpression {
  /// Whether it is a number made whole by a function.
  fileprivate var isRounded: Bool {
    switch self {
    case .call(.round, _, _), .call(.floor, _, _), .call(.ceil, _, _): true
    case .call(.abs, let operands, _): operands[0].isRounded
    case .call(.choose, let operands, _):
      operands.enumerated().allSatisfy { index, operand in
        (index % 2 == 0 && index + 1 < operands.count) || operand.isRounded
      }
    default: false
    }
  }
}
