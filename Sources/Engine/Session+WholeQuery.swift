import Store
import Syntax

// The last query as one text that means the same wherever it is typed.

extension Session {
  /// The whole composed query behind the last answer: every round of it, and what `it` was in its
  /// place, where that can be written.
  package var lastQueryText: String? { last.map { Formatter.format($0.whole) } }
}

extension AskedStatement {
  /// The statement with what `it` was in the place of its source, where that can be written.
  var whole: Statement {
    guard case .find(let earlier)? = itsStatement?.kind, !earlier.seesMoreThanRecords else {
      return statement
    }
    let kind: Statement.Kind? =
      switch statement.kind {
      case .find(let query): query.going(onFrom: earlier).map { .find($0) }
      case .count(let count):
        count.query.reading(earlier).map { .count(CountStatement(query: $0)) }
      default: nil
      }
    return kind.map { Statement($0, range: statement.range) } ?? statement
  }
}

extension Query {
  /// A query of `it` as further rounds of the query that `it` was.
  fileprivate func going(onFrom earlier: Query) -> Query? {
    guard case .it = source, asOf == nil else { return nil }
    guard window == nil else { return reading(earlier) }
    var query = earlier
    let isEmpty = rounds.first.map { Formatter.format([$0]) == Formatter.format([Round()]) } ?? true
    query.rounds += isEmpty ? Array(rounds.dropFirst()) : rounds
    return query
  }

  /// A query of `it` that reads the query that `it` was, in brackets.
  fileprivate func reading(_ earlier: Query) -> Query? {
    guard case .it = source else { return nil }
    var query = self
    query.source = .query(earlier)
    return query
  }

  /// Whether its records are seen otherwise than `it` sees them: as of a day, or with the columns of a
  /// verb.
  fileprivate var seesMoreThanRecords: Bool {
    if asOf != nil { return true }
    return switch source {
    case .verb: true
    case .query(let inner): inner.seesMoreThanRecords
    case .named, .it: false
    }
  }
}
