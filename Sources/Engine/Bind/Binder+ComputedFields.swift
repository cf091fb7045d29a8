import Store
import Syntax

// Computed fields: their text is parsed and bound in the entity they stand in, with the path's
// references before every field, and so disappears from the bound query.

extension Binder {
  /// The expression of a computed field, read over the path's hops.
  mutating func inline(
    _ path: FieldPath, of entity: EntityID, at range: SourceRange
  ) -> BoundExpression? {
    let field = catalog[entity][path.field]
    let place = inliningRange ?? range
    guard !isOpen(.field(entity, path.field), field.name, at: place) else { return nil }
    guard let expression = parsedExpression(of: field, at: place) else { return nil }

    let outer = (scope, uses)
    let reportedBefore = diagnostics.count
    scope = Scope(
      .records(
        entity, hops: path.hops,
        prefix: String(path.text.dropLast(field.name.count).dropLast(path.hops.isEmpty ? 0 : 1))))
    openNames.append(
      OpenName(subject: .field(entity, path.field), name: field.name, range: place))
    let bound = bindInlined(expression, type: field.type)
    openNames.removeLast()
    let inner = uses
    (scope, uses) = outer
    uses += inner.dropFirst(outer.1.count).map {
      FieldUse(path: $0.path, name: path.text, range: range)
    }
    guard let bound else {
      if diagnostics.count == reportedBefore {
        report(.brokenField(name: field.name, problem: "it has no value of its type"), at: place)
      }
      return nil
    }
    return guarded(bound, over: path)
  }

  /// The tree of a computed field's text.
  private mutating func parsedExpression(
    of field: Field, at range: SourceRange
  ) -> Expression? {
    do throws(Failure) {
      if let expression = try Self.expression(field.expression ?? "") { return expression }
      report(.brokenField(name: field.name, problem: "it is not one expression"), at: range)
    } catch {
      report(
        .brokenField(name: field.name, problem: error.diagnostics[0].message), at: range)
    }
    return nil
  }

  /// The tree of a text that is one expression; nil for one that is something else.
  static func expression(_ text: String) throws(Failure) -> Expression? {
    guard text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
    guard case .calc(let columns) = try Parser.parse("calc \(text)").kind, columns.count == 1,
      columns[0].alias == nil
    else { return nil }
    return columns[0].expression
  }

  private mutating func bindInlined(
    _ expression: Expression, type: ValueType
  ) -> BoundExpression? {
    guard let bound = bindValue(expression, expecting: type) else { return nil }
    return converted(bound, to: type)
  }

  /// A field of no record is unknown, even where its expression would have made a value of nothing.
  private func guarded(_ bound: BoundExpression, over path: FieldPath) -> BoundExpression {
    guard let last = path.hops.last, !bound.isUnknownOfNothing else { return bound }
    let prefix = path.hops.dropLast()
    let reference = FieldPath(
      hops: Array(prefix), field: last.field, type: .reference(last.target),
      text: path.text.split(separator: ".").dropLast().joined(separator: "."))
    return .call(
      .choose,
      [.isKnown(.field(reference)), bound, .constant(.unknown, bound.type)], bound.type)
  }

  /// `stay()`: the days between a record and the one before it of the same parent, the entity whose
  /// history this one is.
  mutating func bindStay(text: String) -> BoundExpression? {
    guard case .records(let entity, let hops, _) = scope.relation,
      let time = catalog[entity].timeField
    else { return nil }
    let definition = catalog[entity]
    let parent = definition.fields.indices.first { index in
      guard case .reference(let target) = definition.fields[index].type else { return false }
      return catalog[target].fields.contains {
        $0.trackedBy.map { same($0, definition.name) } ?? false
      }
    }
    guard let parent else { return nil }
    func field(_ id: FieldID) -> BoundExpression {
      .field(FieldPath(field: id, type: definition[id].type, text: definition[id].name))
    }
    let stay = place(
      BoundPerRow(
        kind: .stay, argument: field(time), per: [field(FieldID(parent))], type: .integer,
        text: text, population: .all(entity, nil)))
    return carried(stay, over: hops, from: entity, text: text)
  }
}

extension Binder {
  /// A value of the record that references lead to, where it cannot be read field by field.
  func carried(
    _ value: BoundExpression, over hops: [FieldPath.Hop], from entity: EntityID, text: String
  ) -> BoundExpression {
    guard !hops.isEmpty else { return value }
    return .related(
      BoundRelated(
        path: RelatedPath(steps: hops.map { .up($0) }, entity: entity),
        aggregate: BoundAggregate(kind: .first, argument: value, type: value.type), text: text))
  }
}

extension BoundExpression {
  /// The stored fields it reads, in order, with repeats.
  var fields: [FieldPath] {
    if case .field(let path) = self { return [path] }
    return children.flatMap(\.fields)
  }

  /// Its operands.
  var children: [BoundExpression] {
    switch self {
    case .constant, .field, .perRow, .scalar, .related, .outer: []
    case .convert(_, let operand), .negation(let operand), .shift(let operand, _, _),
      .membership(let operand, _), .between(let operand, _, _), .isKnown(let operand),
      .not(let operand):
      [operand]
    case .arithmetic(_, let left, let right), .comparison(_, let left, let right),
      .textTest(_, let left, let right):
      [left, right]
    case .call(_, let operands, _), .and(let operands), .or(let operands): operands
    }
  }

  /// The same with its operands replaced.
  func mapChildren(_ change: (BoundExpression) -> BoundExpression?) -> BoundExpression? {
    func all(_ operands: [BoundExpression]) -> [BoundExpression]? {
      let changed = operands.compactMap(change)
      return changed.count == operands.count ? changed : nil
    }
    func both(
      _ a: BoundExpression, _ b: BoundExpression,
      _ make: (BoundExpression, BoundExpression) -> BoundExpression
    ) -> BoundExpression? {
      guard let a = change(a), let b = change(b) else { return nil }
      return make(a, b)
    }
    switch self {
    case .constant, .field, .perRow, .scalar, .related, .outer: return self
    case .convert(let conversion, let x): return change(x).map { .convert(conversion, $0) }
    case .negation(let x): return change(x).map { .negation($0) }
    case .shift(let x, let months, let days):
      return change(x).map { .shift($0, months: months, days: days) }
    case .membership(let x, let values): return change(x).map { .membership($0, values) }
    case .between(let x, let low, let high): return change(x).map { .between($0, low, high) }
    case .isKnown(let x): return change(x).map { .isKnown($0) }
    case .not(let x): return change(x).map { .not($0) }
    case .arithmetic(let operation, let a, let b):
      return both(a, b) { .arithmetic(operation, $0, $1) }
    case .comparison(let operation, let a, let b):
      return both(a, b) { .comparison(operation, $0, $1) }
    case .textTest(let operation, let a, let b):
      return both(a, b) { .textTest(operation, $0, $1) }
    case .call(let function, let operands, let type):
      return all(operands).map { .call(function, $0, type) }
    case .and(let operands): return all(operands).map { .and($0) }
    case .or(let operands): return all(operands).map { .or($0) }
    }
  }

  /// Whether it is unknown when every field it reads is: so a path over an unknown reference needs
  /// no care.
  var isUnknownOfNothing: Bool {
    switch self {
    case .field: true
    case .constant(let value, _): !value.isKnown
    case .perRow, .scalar, .related, .outer: false
    case .convert(_, let operand), .negation(let operand), .shift(let operand, _, _):
      operand.isUnknownOfNothing
    case .arithmetic(_, let left, let right): left.isUnknownOfNothing || right.isUnknownOfNothing
    case .call(.firstKnown, let operands, _): operands.allSatisfy(\.isUnknownOfNothing)
    case .call(.choose, _, _): false
    case .call(_, let operands, _): operands.contains(where: \.isUnknownOfNothing)
    // A condition is always known: false of nothing, where a flag field would be unknown.
    case .comparison, .textTest, .membership, .between, .isKnown, .not, .and, .or: false
    }
  }
}
