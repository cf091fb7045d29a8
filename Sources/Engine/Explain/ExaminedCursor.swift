import Store
import Syntax

/// Rows of an answer that somebody reads: when nothing was found, its notes say why.
final class ExaminedCursor: Cursor {
  /// What shows that nothing was found.
  enum Sign {
    /// There are no rows.
    case noRows
    /// What was counted is 0, or a verb had nothing to judge.
    case nothingCounted
  }

  private let rows: any Cursor
  private let countColumn: Int?
  private let examine: (Sign) -> EmptyAnswer?
  private var rowCount = 0
  private var isZero = false
  private var isAtEnd = false
  private var found: [Note]?

  /// - Parameters:
  ///   - countColumn: The column that counts all rows, in an answer of one row.
  ///   - examine: Finds out why nothing was found; called at most once, after the last row.
  init(_ rows: any Cursor, countColumn: Int?, examine: @escaping (Sign) -> EmptyAnswer?) {
    self.rows = rows
    self.countColumn = countColumn
    self.examine = examine
  }

  func next() throws(Failure) -> OutputBatch? {
    let batch = try rows.next()
    if let batch { see(batch) }
    note(batch?.count)
    return batch
  }

  func nextDeferred() throws(Failure) -> DeferredBatch? {
    let batch = try rows.nextDeferred()
    note(batch?.count)
    guard let batch, countColumn != nil else { return batch }
    return DeferredBatch(count: batch.count) { () throws(Failure) in
      let loaded = try batch.load()
      self.see(loaded)
      return loaded
    }
  }

  private func note(_ count: Int?) {
    if let count { rowCount += count } else { isAtEnd = true }
  }

  private func see(_ batch: OutputBatch) {
    guard let countColumn, batch.count > 0 else { return }
    isZero = batch.vectors[countColumn][0] == .word(0)
  }

  var drawing: Drawing? { rows.drawing }

  var notes: [Note] {
    let said = rows.notes
    guard isAtEnd, let sign = sign(said) else { return said }
    if found == nil { found = examine(sign).map { [.emptied($0.besides(said))] } ?? [] }
    return said + (found ?? [])
  }

  private func sign(_ notes: [Note]) -> Sign? {
    if rowCount == 0 { return .noRows }
    if rowCount == 1, isZero { return .nothingCounted }
    let judgedNothing = notes.contains { note in
      if case .verb(.empty) = note { true } else { false }
    }
    return judgedNothing ? .nothingCounted : nil
  }
}

extension EmptyAnswer {
  /// What is left to say beside other notes: of a text that no record has, they name what there is.
  fileprivate func besides(_ notes: [Note]) -> EmptyAnswer {
    guard case .commonest(let text, .text, _, _) = nearest,
      notes.contains(where: { note in
        if case .valueNotFound(_, text, _, let others) = note { !others.isEmpty } else { false }
      })
    else { return self }
    var answer = self
    answer.nearest = nil
    return answer
  }
}

extension BoundQuery {
  /// The column that counts all rows, in an answer of one row of aggregates.
  var countColumn: Int? {
    guard let group = rounds.last?.group, group.keys.isEmpty else { return nil }
    return columns.firstIndex { column in
      guard case .field(let path) = column.expression,
        group.aggregates.indices.contains(path.field.index)
      else { return false }
      let aggregate = group.aggregates[path.field.index]
      return aggregate.kind == .count && aggregate.argument == nil && aggregate.filter == nil
        && aggregate.related == nil
    }
  }

  /// The query up to the first step that makes rows of none: the aggregates of all rows, or a verb.
  var beforeRowsOfNone: BoundQuery {
    let place = rounds.firstIndex {
      $0.group?.keys.isEmpty == true || $0.analysis?.makesRows == true
    }
    guard let place else { return self }
    var query = self
    var round = rounds[place]
    round.group = nil
    round.analysis = nil
    round.order = nil
    round.perRowAfterFilter = []
    round.perRowAfterOrder = []
    round.sample = nil
    round.limit = nil
    query.rounds = rounds[..<place] + [round]
    query.columns = []
    query.across = nil
    query.hasTotal = false
    return query
  }
}
