import Store
import Syntax

// What the footer counts beside an answer: what is unknown of the past, what a sequence left out.

extension Session {
  /// The notes of what a query counts beside its answer, over the records of its source.
  func asideNotes(_ query: BoundQuery, today: Int) throws(Failure) -> [Note] {
    var notes: [Note] = []
    for aside in query.asides {
      let count = try self.count(of: aside, in: query, today: today)
      if count > 0 { notes.append(aside.kind.note(count, database.catalog[query.entity].name)) }
    }
    return notes
  }

  private func count(
    of aside: BoundAside, in query: BoundQuery, today: Int
  ) throws(Failure) -> Int {
    var counting = query
    counting.notes = []
    counting.asides = []
    var round = BoundRound()
    round.window = query.rounds.first?.window
    let sum = BoundAggregate(kind: .sum, argument: aside.count, type: .integer)
    round.group = BoundGroup(keys: [], aggregates: [sum], names: ["count"])
    counting.rounds = [round]
    let column = FieldPath(field: FieldID(0), type: .integer, text: "count")
    counting.columns = [BoundColumn(name: "count", expression: .field(column))]
    let cursor = try Executor(database: database, today: today).run(try plan(counting))
    guard let batch = try cursor.next(), case .word(let count) = batch.vectors[0][0] else {
      return 0
    }
    return Int(count)
  }
}

extension BoundAside.Kind {
  /// The note of a count.
  fileprivate func note(_ count: Int, _ plural: String) -> Note {
    switch self {
    case .unknownPast(let field, let day):
      .unknownPast(count: count, field: field, plural: plural, day: day)
    case .sameDay(let text): .sameDay(count: count, text: text)
    case .undecided(let text): .undecided(count: count, text: text)
    case .tooFew(let text): .tooFew(count: count, text: text, plural: plural)
    }
  }
}
