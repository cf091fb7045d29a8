import Store
import Syntax

/// What each row of an answer stands for.
package enum AnswerShape: Hashable, Sendable {
  /// A record of an entity: `customer`, `customers`.
  case records(singular: String, plural: String)
  /// A group: the names of the columns that make it one.
  case groups(by: [String])
  /// Everything: one row of aggregates.
  case whole
  /// What a verb or a report makes.
  case rows
}

// Answers as material: what compares two of them asks what their rows are. The last answer stays.

extension Session {
  /// What each row of the last answer stands for; nil when there is none.
  package func lastShape() throws(Failure) -> AnswerShape? {
    guard let last else { return nil }
    let query = try bind(last)
    if query.isCalculation { return .whole }
    if query.isOfRecords {
      let entity = database.catalog[query.entity]
      return .records(singular: entity.singular, plural: entity.name)
    }
    guard let group = query.rounds.last(where: \.makesRows)?.group else { return .rows }
    return group.keys.isEmpty ? .whole : .groups(by: Array(group.names.prefix(group.keys.count)))
  }

  /// The records of the last answer in its order: a column of their keys and, where they have one,
  /// a column of their labels.
  ///
  /// - Precondition: `lastShape` says that it consists of records.
  package func lastRecordNames() throws(Failure) -> Answer {
    guard let last else { preconditionFailure("an answer is asked for its records") }
    let entity = database.catalog[try bind(last).entity]
    let fields = [entity.key] + (entity.labelField.map { [$0] } ?? [])
    let names = fields.map { "`\(entity[$0].name)`" }.joined(separator: ", ")
    let statement = try Parser.parse("then show " + names)
    guard case .refine(let rounds) = statement.kind else {
      preconditionFailure("a written then refines")
    }
    let records = lastRecords
    defer { (self.last, lastRecords) = (last, records) }
    return try ask(try refined(by: rounds, at: statement.range), false)
  }

  /// Another session that reads and writes files in the same way, over a store in memory.
  package func beside(over database: Database, clock: Clock) -> Session {
    let session = Session(database: database, files: files, clock: clock)
    session.isForPractice = true
    return session
  }
}
