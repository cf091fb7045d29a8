import Store
import Syntax

// The ladder: `rung()` is the highest rung whose condition holds for the record in scope.

extension Binder {
  /// `rung()`, the expression of a computed field of that name.
  mutating func bindRung(as name: String) -> BoundExpression? {
    let type = ValueType.choice(rules.rungNames)
    var operands: [BoundExpression] = []
    var otherwise = BoundExpression.constant(.unknown, type)
    for (code, rung) in rules.rungs.prefix(ChoiceList.nameCountMax).enumerated().reversed() {
      let value = BoundExpression.constant(.word(Int64(code)), type)
      guard let condition = condition(of: rung, in: name) else { return nil }
      if case .flag(true) = condition.kind {
        otherwise = value
        break
      }
      guard let bound = bindCondition(condition, place: "where") else { return nil }
      operands += [bound, value]
    }
    return operands.isEmpty ? otherwise : .call(.choose, operands + [otherwise], type)
  }

  private mutating func condition(of rung: HouseRules.Rung, in name: String) -> Expression? {
    do throws(Failure) {
      if let expression = try Self.expression(rung.condition) { return expression }
      report(.brokenField(name: name, problem: "rung '\(rung.name)' is not one condition"), at: nil)
    } catch {
      report(
        .brokenField(
          name: name, problem: "rung '\(rung.name)': \(error.diagnostics[0].message)"), at: nil)
    }
    return nil
  }

  /// Looks at the condition of a rung, as that of the computed field which is the ladder's.
  ///
  /// - Throws: What is wrong with it; ranges count in the condition.
  func check(
    _ rung: HouseRules.Rung, as field: FieldID, of entity: EntityID
  ) throws(Failure) {
    guard let condition = try Self.expression(rung.condition) else {
      throw Failure(HouseRulesReason.notOneExpression, at: nil)
    }
    var binder = self
    binder.query.entity = entity
    binder.scope = Scope(.records(entity, hops: [], prefix: ""))
    binder.openNames.append(
      OpenName(subject: .field(entity, field), name: catalog[entity][field].name, range: nil))
    _ = binder.bindCondition(condition, place: "where")
    try binder.finish()
  }
}
