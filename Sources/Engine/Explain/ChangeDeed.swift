import Store
import Syntax

/// What a changing statement would do to the records it names, for `explain`, which changes nothing.
struct ChangeDeed {
  /// The statement's word.
  let step: String
  /// The rest, as in the statement.
  let detail: String
  /// The same as a sentence.
  let sentence: String

  /// Nil for a statement that names no records to change.
  init?(_ statement: Statement) {
    switch statement.kind {
    case .update(let update):
      step = "update"
      let parts = update.assignments.map { (name: Self.name($0.field), value: $0.value) }
      detail =
        "set "
        + parts.map { "\($0.name) = \(Formatter.format($0.value))" }.joined(separator: ", ")
      sentence =
        "Set \(EnglishList.text(parts.map { "\($0.name) to \(Formatter.format($0.value))" }))"
        + " in each of them."
    case .move(let move):
      step = "move"
      let because = move.because.map { " because \(Formatter.format($0))" } ?? ""
      detail = "to \(Formatter.format(move.to))\(because)"
      sentence = "Move them to \(Formatter.format(move.to))\(because)."
    case .delete(let delete):
      step = "delete"
      detail = delete.isWithRelated ? "with related" : ""
      sentence =
        "Delete them" + (delete.isWithRelated ? " and the records that refer to them." : ".")
    default: return nil
    }
  }

  private static func name(_ field: Name) -> String { Formatter.name(field.text) }
}

extension Binder {
  /// The query of the records that a changing statement names.
  func bindTarget(of statement: Statement) throws(Failure) -> BoundQuery {
    let target: BoundTarget
    let written: ChangeTarget
    switch statement.kind {
    case .update(let update):
      (target, written) = (try bindUpdate(update, at: statement.range).target, update.target)
    case .move(let move): (target, written) = (try bindMove(move).target, move.target)
    case .delete(let delete): (target, written) = (try bindDelete(delete).target, delete.target)
    default: throw Failure(EngineReason.notAQuery, at: statement.range)
    }
    switch target.selection {
    case .query(let query): return query
    case .key(let key, let range):
      var query = BoundQuery(entity: target.entity)
      var round = BoundRound()
      round.filter = isOne(of: [key], in: target.entity)
      if case .key(_, let literal) = written.kind {
        let field = Name(catalog[target.entity][catalog[target.entity].key].name, range: range)
        round.filterOrigin = .filter(
          Expression(
            .comparison(.equal, Expression(.path([field]), range: range), literal), range: range))
      }
      query.rounds = [round]
      return query
    }
  }
}
