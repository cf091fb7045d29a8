import Store
import Syntax

/// Why a statement that changes records is refused, with the words.
enum ChangeReason: Reason {
  // What is named
  /// The singular of an entity where its plural is due, and the other way round.
  case oneForMany(name: String, plural: String)
  case manyForOne(name: String, singular: String)
  /// The records of a history, which only `move` writes.
  case historyByHand(plural: String, owner: String, field: String, choice: String)
  case recordNotFound(RecordName)
  case mergeWithItself(RecordName)
  case notTracked(plural: String)

  // What is set
  case computedField(name: String, expression: String)
  case keyChanged(field: String, plural: String)
  case fieldTwice(name: String)
  /// A field with a history in `set`, and the statement that moves instead.
  case tracked(name: String, offered: String?)
  /// The date that goes with a field with a history.
  case sinceField(name: String, tracked: String)
  case sinceAlone(name: String, tracked: String)
  case fieldInAdd(name: String, singular: String, quoted: String?)
  case referenceTakesKey(field: String, plural: String, search: String?)
  case referenceNotFound(field: String, RecordName)
  case keyExists(RecordName)
  case missingKey(field: String, singular: String, example: String?)
  case keysExhausted(plural: String)

  // What comes of it
  case outOfRange(field: String, value: String, bounds: ClosedRange<Int64>, record: RecordName?)
  case amountOutOfRange(field: String, record: RecordName?)
  case integerOverflow(field: String, record: RecordName?)
  case dateOutOfRange(field: String, record: RecordName?)
  case textTooLong(field: String, record: RecordName?)
  /// Records that move in a way that is not usual from where they are.
  case unusualMove(UnusualMove)
  /// A move dated before the one that came last.
  case moveTooEarly(RecordName, since: Int, today: Int)
  /// Records to be deleted that others refer to: of each entity how many.
  case stillReferred(RecordName, count: Int, plural: String, by: [Referrer])
}

/// What one record is called: `customer 42`, `owner 'K1'`.
struct RecordName: Hashable {
  var singular: String
  var key: Scalar

  init(_ entity: Entity, key: Scalar) {
    singular = entity.singular
    self.key = key
  }

  /// The words.
  var text: String { "\(singular) \(key.keyText)" }
}

/// How many records of an entity refer to something.
struct Referrer {
  var count: Int
  var entity: Entity

  /// The words: `5 orders`.
  var text: String { "\(count) \(count == 1 ? entity.singular : entity.name)" }
}

/// Moves of some records from one choice to another that is not usual from there.
struct UnusualMove: Hashable {
  var from: String
  var to: String
  /// Where records usually go from there.
  var usual: [String]
  /// The first of the records, and how many there are.
  var first: RecordName
  var count: Int
  var plural: String
  /// Whether it is the first of its statement, which carries the mend.
  var isFirst: Bool
}

extension Scalar {
  /// A key as messages write it: a number as it is, a text in quotes and not too long.
  var keyText: String {
    switch self {
    case .text(let text): "'\(text.prefix(40))'"
    case .word(let word): "\(word)"
    case .real, .unknown: ""
    }
  }
}

extension ChangeReason {
  var code: String {
    switch self {
    case .oneForMany: "singular-entity"
    case .manyForOne: "plural-entity"
    case .historyByHand: "history-by-hand"
    case .recordNotFound: "record-not-found"
    case .mergeWithItself: "merge-with-itself"
    case .notTracked: "not-tracked"
    case .computedField: "computed-field"
    case .keyChanged: "key-changed"
    case .fieldTwice: "field-twice"
    case .tracked, .sinceField, .sinceAlone: "tracked-field"
    case .fieldInAdd: "field-in-add"
    case .referenceTakesKey: "reference-by-name"
    case .referenceNotFound: "reference-not-found"
    case .keyExists: "duplicate-key"
    case .missingKey: "missing-key"
    case .keysExhausted: "keys-exhausted"
    case .outOfRange: "out-of-range"
    case .amountOutOfRange: "amount-out-of-range"
    case .integerOverflow: "integer-overflow"
    case .dateOutOfRange: "date-out-of-range"
    case .textTooLong: "text-too-long"
    case .unusualMove: "unusual-move"
    case .moveTooEarly: "move-too-early"
    case .stillReferred: "still-referred"
    }
  }

  var message: String {
    switch self {
    case .oneForMany(let name, let plural): "'\(name)' is one record; all of them are '\(plural)'"
    case .manyForOne(let name, let singular):
      "'\(name)' are many records; one of them is called '\(singular)'"
    case .historyByHand(let plural, let owner, let field, _):
      "'\(plural)' record how '\(owner).\(field)' changed; they are not changed by hand"
    case .recordNotFound(let record): "there is no \(record.text)"
    case .mergeWithItself(let record): "\(record.text) cannot be merged into itself"
    case .notTracked(let plural): "\(plural) have no field whose changes are recorded"
    case .computedField(let name, let expression):
      "'\(name)' is computed, as '\(expression.prefix(60))', and takes no value"
    case .keyChanged(let field, let plural):
      "'\(field)' is the key of \(plural), and keys never change"
    case .fieldTwice(let name): "'\(name)' gets a value twice"
    case .tracked(let name, _): "changes of '\(name)' are recorded, so 'set' cannot make them"
    case .sinceField(let name, let tracked):
      "'\(name)' says since when '\(tracked)' is what it is, so 'set' cannot change it"
    case .sinceAlone(let name, let tracked):
      "'\(name)' says since when '\(tracked)' is what it is, and that has no value"
    case .fieldInAdd(let name, let singular, _):
      "'\(name)' is no value: the \(singular) that is added has no fields yet"
    case .referenceTakesKey(let field, let plural, _):
      "'\(field)' refers to \(plural) by their key, not by text"
    case .referenceNotFound(let field, let record):
      "'\(field)' refers to \(record.text), and there is none"
    case .keyExists(let record): "\(record.text) is there already"
    case .missingKey(let field, let singular, _):
      "each \(singular) needs a value for its key '\(field)'"
    case .keysExhausted(let plural): "\(plural) have used the largest key there can be"
    case .outOfRange(let field, let value, let bounds, let record):
      (record.map { "'\(field)' of \($0.text) would be \(value), but goes" }
        ?? "'\(field)' cannot be \(value), it goes")
        + " from \(bounds.lowerBound) to \(bounds.upperBound)"
    case .amountOutOfRange(let field, let record):
      "'\(field)'\(of(record)) would be beyond the largest amount, 10,000,000,000,000.00"
    case .integerOverflow(let field, let record):
      "'\(field)'\(of(record)) would be beyond ±9,223,372,036,854,775,807"
    case .dateOutOfRange(let field, let record):
      "'\(field)'\(of(record)) would lie outside the years 1 to 9999"
    case .textTooLong(let field, let record):
      "'\(field)'\(of(record)) would be longer than 16 MiB"
    case .unusualMove(let move): words(for: move)
    case .moveTooEarly(let record, let since, let today):
      "\(record.text) is where it is since \(Day.text(since)), which is after today,"
        + " \(Day.text(today))"
    case .stillReferred(let record, let count, let plural, let referrers):
      Self.list(referrers.map(\.text), last: "and")
        + (referrers.count == 1 && referrers[0].count == 1
          ? " still refers to " : " still refer to ")
        + (count == 1 ? record.text : "these \(count) \(plural)")
    }
  }

  var hint: String? {
    switch self {
    case .oneForMany(_, let plural): "write '\(plural)'"
    case .manyForOne(_, let singular): "write '\(singular)'"
    case .historyByHand(_, let owner, _, let choice):
      "'move' writes them: move \(owner) where … to \(choice)"
    case .notTracked(let plural): "update \(plural) where … set …"
    case .keyChanged: "'merge' moves what refers to one record to another"
    case .tracked(_, let offered): offered.map { "'\($0)' records the change" }
    case .sinceField(_, let tracked): "'move' writes it together with '\(tracked)'"
    case .sinceAlone(let name, let tracked): "give '\(tracked)' a value too, or leave out '\(name)'"
    case .fieldInAdd(_, _, let quoted): quoted.map { "write \($0)" }
    case .referenceTakesKey(_, _, let search): search.map { "find the key: \($0)" }
    case .missingKey(_, _, let example): example
    case .unusualMove(let move): move.isFirst ? "'anyway' at the end moves them nonetheless" : nil
    case .stillReferred: "'with related' deletes these too"
    case .keyExists(let record): "update \(record.text) set …"
    case .recordNotFound, .mergeWithItself, .computedField, .fieldTwice, .referenceNotFound,
      .keysExhausted, .outOfRange, .amountOutOfRange, .integerOverflow, .dateOutOfRange,
      .textTooLong, .moveTooEarly:
      nil
    }
  }

  private func of(_ record: RecordName?) -> String { record.map { " of \($0.text)" } ?? "" }

  private func words(for move: UnusualMove) -> String {
    let others =
      move.count == 1
      ? "" : " and \(move.count - 1) other \(move.count == 2 ? move.first.singular : move.plural)"
    let usual = move.usual.isEmpty ? "nowhere" : "to \(Self.list(move.usual, last: "or"))"
    return "\(move.from) usually leads \(usual), not to \(move.to): \(move.first.text)\(others)"
  }

  private static func list(_ words: [String], last: String) -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(last) \(words[words.count - 1])"
  }
}

extension Day {
  /// `2026-01-31`
  static func text(_ number: Int) -> String {
    let (year, month, day) = date(number)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }
}
