import Store
import Syntax

// Segments, fields, standards and actions: what is defined, and what is asked of it.

extension Session {
  /// Carries out a statement that changes what is defined.
  func define(_ statement: Statement) throws(Failure) -> [Note] {
    let definer = Definer(inquiry: inquiry(isChanging: true), range: statement.range)
    switch statement.kind {
    case .define(let define): return try definer.define(define)
    case .rename(let rename): return try definer.rename(rename)
    case .drop(let target): return try definer.drop(target)
    case .freeze(let freeze):
      return try definer.freeze(freeze) { () throws(Failure) in
        try lastRecords(at: freeze.sourceRange)
      }
    default: preconditionFailure("only these statements define something")
    }
  }

  /// Answers a statement about what is defined.
  func report(_ statement: Statement) throws(Failure) -> Answer {
    var inquiry = inquiry()
    inquiry.parameters = parameters
    inquiry.lastAnswer = try lastAnswer(for: statement)
    switch statement.kind {
    case .compare(let compare):
      let answer = try Comparison(inquiry: inquiry) { range throws(Failure) in
        let (entity, rows, _) = try self.lastRecords(at: range)
        return (entity, rows)
      }.answer(compare)
      return try filed(seen(answer), compare.into)
    case .checkStandards(let into):
      return try filed(seen(try StandardsCheck(inquiry: inquiry).answer()), into)
    case .suggestActions(let subject, let into):
      let answer = try Suggestions(inquiry: inquiry) { range throws(Failure) in
        let (entity, rows, _) = try self.lastRecords(at: range)
        return (entity, rows)
      }.answer(for: subject)
      return try filed(seen(answer), into)
    case .list(let list):
      return seen(try Describe(database: database, inquiry: inquiry).list(list))
    default: preconditionFailure("only these statements report on definitions")
    }
  }

  /// The answer, or what is left of it once its one table is written to a file.
  private func filed(_ answer: Answer, _ into: IntoClause?) throws(Failure) -> Answer {
    guard let into else { return answer }
    guard answer.sections.count == 1, let table = answer.sections.first else {
      let titles = answer.sections.compactMap(\.title)
      throw Failure(
        EngineReason.severalTables(
          count: answer.sections.count,
          hint: titles.first.map { "for one of them: 'suggest actions for \($0)'" }),
        at: into.range)
    }
    return try write(table.cursor, table.columns, into, "result")
  }

  /// Questions on the way of a statement.
  func inquiry(isChanging: Bool = false) -> Inquiry {
    Inquiry(
      database: database, catalog: database.catalog, today: clock.today, seed: seeds.next()
    ) { entities throws(Failure) in
      guard isChanging else { return try self.load(entities) }
      do throws(StoreError) {
        try self.database.load(entities)
      } catch {
        throw Failure(error)
      }
    }
  }

  /// The records of the last answer and its query as text.
  private func lastRecords(
    at range: SourceRange
  ) throws(Failure) -> (entity: EntityID, rows: [Int32], text: String) {
    guard let last else { throw Failure(DefinitionReason.nothingToFreeze, at: range) }
    try keepLastRecords()
    guard let (entity, rows) = lastRecords, case .find(let query) = last.statement.kind else {
      throw Failure(DefinitionReason.recordsExpected, at: range)
    }
    let table = database.table(entity)
    return (entity, rows.filter { !table.isDead(Int($0)) }, Formatter.format(query))
  }
}
