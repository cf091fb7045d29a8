import Store
import Syntax

/// What `it` means: the answer that came last.
package indirect enum LastAnswer: Sendable {
  /// Records of an entity, by their keys: the same ones whatever changes.
  case records(EntityID, keys: [Scalar])
  /// Columns, as their query gives them, and what `it` means in that.
  case columns(Query, it: LastAnswer?)
}

extension Binder {
  /// `it` as a source.
  mutating func bindLastAnswer(at range: SourceRange) -> Bool {
    switch lastAnswer {
    case nil:
      report(.noLastAnswer, at: range)
      return false
    case .records(let entity, let keys):
      query.entity = entity
      scope = Scope(.records(entity, hops: [], prefix: ""))
      round.filter = isOne(of: keys, in: entity)
      round.filterOrigin = .last
      closeRound(nil)
      return true
    case .columns(let columns, let earlier):
      let own = lastAnswer
      lastAnswer = earlier
      bindSource(columns)
      lastAnswer = own
      return scope.relation != .nothing
    }
  }

  /// The condition that a record has one of these keys.
  func isOne(of keys: [Scalar], in entity: EntityID) -> BoundExpression {
    let definition = catalog[entity]
    let key = definition[definition.key]
    return .membership(
      .field(FieldPath(field: definition.key, type: key.type, text: key.name)), keys)
  }

  /// `it` as what a statement changes: the records shown last.
  mutating func bindLastRecords(at range: SourceRange) -> EntityID? {
    guard let lastAnswer else {
      report(.noLastAnswer, at: range)
      return nil
    }
    guard case .records(let entity, _) = lastAnswer else {
      report(.lastAnswerOfGroups, at: range)
      return nil
    }
    return bindLastAnswer(at: range) ? entity : nil
  }
}
