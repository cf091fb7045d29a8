import Store
import Syntax

/// Why the binder refuses. Every word of this stage stands here.
package enum BindReason: Reason {
  // Names
  case unknownEntity(name: String, near: [String])
  case unknownField(plural: String, name: String, near: [String])
  case entityAsField(plural: String, name: String)
  case needlessPrefix(plural: String, name: String, field: String)
  case unknownColumn(name: String, near: [String], columns: [String])
  case unknownChoice(field: String, name: String, near: [String], all: [String])
  case fieldAsChoice(field: String, name: String, quoted: String)
  case choiceMustBeQuoted(field: String, name: String, quoted: String)
  case unknownFunction(name: String, near: [String])
  case unknownParameter(name: String)
  case textNeedsQuotes(word: String)
  case notAReference(path: String, type: String, next: String)
  case duplicateColumn(name: String)
  case duplicateKey(text: String)
  case fieldCycle(path: [String])
  case brokenField(name: String, problem: String)

  // Types
  case typeMismatch(left: String, leftType: String, right: String, rightType: String, hint: String?)
  case wrongArgument(function: String, expected: String, found: String, hint: String?)
  case wrongArgumentCount(function: String, signature: String, found: Int)
  case argumentNotConstant(function: String, expected: String, example: String)
  case wordNotHere(function: String, word: String, example: String)
  case notOrderedChoice(text: String, operation: String, names: [String])
  case percentOfAmount(text: String, type: String, percent: String, number: String?)
  case referenceByName(reference: String, entity: String, offered: String?)
  case referenceByNumber(reference: String, number: String)
  case moneyAndNumber(operation: String, example: String)
  case notComputable(operation: String, leftType: String, rightType: String, hint: String?)
  case unknownCompared(text: String, isNegated: Bool)
  case unknownAlone
  case notACondition(text: String, type: String)
  case conditionExpected(place: String, text: String, type: String)
  case amountOutOfRange(text: String)
  case invalidPattern(problem: String)
  case patternNotConstant
  case betweenBackwards(low: String, high: String)
  case inlinedTooMuch(countMax: Int)

  // Time
  case periodNeedsIn(text: String, period: String, operation: String, word: String)
  case periodAlone(period: String)
  case periodExpected(text: String)
  case pointExpected(text: String, type: String)
  case windowNeedsDate(text: String, type: String)
  case windowNotConstant(text: String, condition: String)
  case noTimeField(plural: String, dates: [String])
  case noTimeInGroup
  case dateNeedsDuration(operation: String, number: String)
  case dateAgainstDuration(text: String, duration: String)
  case durationAlone(duration: String, isOpposite: Bool)
  case monthDuration(duration: String, days: Int)
  case dateOutOfRange(text: String)
  case emptyPeriod(text: String)

  // Groups, aggregates and per-row functions
  case aggregateNeedsGroup(field: String, aggregate: String)
  case aggregateInFilter(text: String, isGrouped: Bool)
  case aggregateNotHere(text: String, place: String)
  case notInGroup(name: String, keys: [String])
  case runningSumNotHere(place: String)
  case perRowNotHere(function: String, place: String)
  case shareExpected(text: String)
  case countExpected(word: String, found: String)
  case countTooLarge(word: String, countMax: Int)
  case sampleTooLarge(text: String)
  case intoNotLast

  // calc
  case calcNeedsAggregate(name: String, entity: String?)
  case calcNeedsEntity(function: String, example: String)
  case calcMixesEntities(first: String, second: String)
  case calcNeedsField(function: String, entity: String, field: String)
}

extension BindReason {
  /// Stable name of the kind of error.
  package var code: String {
    switch self {
    case .unknownEntity: "unknown-entity"
    case .unknownField, .entityAsField, .needlessPrefix: "unknown-field"
    case .unknownColumn: "unknown-column"
    case .unknownChoice, .fieldAsChoice, .choiceMustBeQuoted: "unknown-choice"
    case .unknownFunction: "unknown-function"
    case .unknownParameter: "unknown-parameter"
    case .textNeedsQuotes: "text-needs-quotes"
    case .notAReference: "not-a-reference"
    case .duplicateColumn: "duplicate-column"
    case .duplicateKey: "duplicate-key"
    case .fieldCycle: "field-cycle"
    case .brokenField: "broken-field"
    case .typeMismatch, .notComputable: "type-mismatch"
    case .wrongArgument: "wrong-argument"
    case .wrongArgumentCount: "wrong-argument-count"
    case .argumentNotConstant: "argument-not-constant"
    case .wordNotHere: "word-not-here"
    case .notOrderedChoice: "not-ordered-choice"
    case .percentOfAmount: "percent-of-integer"
    case .referenceByName, .referenceByNumber: "reference-by-name"
    case .moneyAndNumber: "money-and-number"
    case .unknownCompared: "unknown-compared"
    case .unknownAlone: "unknown-alone"
    case .notACondition: "not-a-condition"
    case .conditionExpected: "condition-expected"
    case .amountOutOfRange: "amount-out-of-range"
    case .invalidPattern: "invalid-pattern"
    case .patternNotConstant: "pattern-not-constant"
    case .betweenBackwards: "between-backwards"
    case .inlinedTooMuch: "too-deep"
    case .periodNeedsIn: "period-compared"
    case .periodAlone: "period-compared"
    case .periodExpected: "window-word"
    case .pointExpected: "point-expected"
    case .windowNeedsDate: "window-needs-date"
    case .windowNotConstant: "window-not-constant"
    case .noTimeField, .noTimeInGroup: "no-time-field"
    case .dateNeedsDuration: "date-needs-duration"
    case .dateAgainstDuration: "date-against-duration"
    case .durationAlone: "duration-alone"
    case .monthDuration: "month-duration"
    case .dateOutOfRange: "date-out-of-range"
    case .emptyPeriod: "empty-period"
    case .aggregateNeedsGroup: "aggregate-needs-group"
    case .aggregateInFilter, .aggregateNotHere: "aggregate-not-here"
    case .notInGroup: "not-in-group"
    case .runningSumNotHere: "running-sum-not-here"
    case .perRowNotHere: "per-row-not-here"
    case .shareExpected: "not-percent"
    case .countExpected: "not-whole"
    case .countTooLarge: "count-too-large"
    case .sampleTooLarge: "sample-too-large"
    case .intoNotLast: "into-not-last"
    case .calcNeedsAggregate: "calc-needs-aggregate"
    case .calcNeedsEntity: "calc-needs-entity"
    case .calcMixesEntities: "calc-mixes-entities"
    case .calcNeedsField: "calc-needs-field"
    }
  }

  /// What was found and expected.
  package var message: String {
    switch self {
    case .unknownEntity(let name, _): "there is no entity '\(name)'"
    case .unknownField(let plural, let name, _): "\(plural) have no field '\(name)'"
    case .entityAsField(let plural, let name): "\(plural) have no field '\(name)'"
    case .needlessPrefix(let plural, let name, _): "\(plural) have no field '\(name)'"
    case .unknownColumn(let name, _, _): "the result has no column '\(name)'"
    case .unknownChoice(let field, let name, _, _): "'\(name)' is not a choice of \(field)"
    case .fieldAsChoice(let field, let name, _):
      "'\(name)' is not a choice of \(field): opposite a choice a bare word is a choice"
    case .choiceMustBeQuoted(let field, let name, _):
      "'\(name)' stands in backticks, which makes it a field, but \(field) wants a choice"
    case .unknownFunction(let name, _): "there is no function '\(name)'"
    case .unknownParameter(let name): "the parameter '$\(name)' has no value"
    case .textNeedsQuotes(let word): "text needs quotes, and '\(word)' is not a field"
    case .notAReference(let path, let type, let next):
      "'\(path)' is \(type), not a reference, so '.\(next)' leads nowhere"
    case .duplicateColumn(let name): "two columns are named '\(name)'"
    case .duplicateKey(let text): "'\(text)' is a key twice"
    case .fieldCycle(let path):
      "a computed field needs itself: \(path.joined(separator: " → "))"
    case .brokenField(let name, let problem):
      "the expression of the computed field '\(name)' is wrong: \(problem)"
    case .typeMismatch(let left, let leftType, let right, let rightType, _):
      "'\(left)' is \(leftType), but '\(right)' is \(rightType)"
    case .wrongArgument(let function, let expected, let found, _):
      "\(function) takes \(expected), not \(found)"
    case .wrongArgumentCount(let function, let signature, let found):
      "\(function) is called as \(signature), not with "
        + (found == 1 ? "1 argument" : "\(found) arguments")
    case .argumentNotConstant(let function, let expected, _): "\(function) needs \(expected)"
    case .wordNotHere(let function, let word, _): "\(function) takes no '\(word)'"
    case .notOrderedChoice(let text, let operation, _):
      "the choices of '\(text)' have no order, so \(operation) means nothing"
    case .percentOfAmount(let text, let type, let percent, _):
      "'\(text)' is \(type), and \(percent) is a number below it: a percentage of what?"
    case .referenceByName(let reference, let entity, _):
      "'\(reference)' is a reference to \(entity) and compares with the key, not with text"
    case .referenceByNumber(let reference, let number):
      "'\(reference)' has text keys, but \(number) is a number"
    case .moneyAndNumber(let operation, _): "money and a number cannot be \(operation)"
    case .notComputable(let operation, let leftType, let rightType, _):
      "\(leftType) '\(operation)' \(rightType) means nothing"
    case .unknownCompared: "nothing is equal to unknown, or less, or more"
    case .unknownAlone: "'unknown' alone has no type"
    case .notACondition(let text, let type): "'\(text)' is \(type), not a condition"
    case .conditionExpected(let place, let text, let type):
      "\(place) needs a condition, and '\(text)' is \(type)"
    case .amountOutOfRange(let text):
      "\(text) is beyond the largest amount, 10,000,000,000,000.00"
    case .invalidPattern(let problem): "the pattern is wrong: \(problem)"
    case .patternNotConstant: "matches needs its pattern in quotes"
    case .betweenBackwards(let low, let high): "\(low) lies after \(high), so nothing is between"
    case .inlinedTooMuch(let countMax):
      "names that stand for other names make more than \(countMax) operations"
    case .periodNeedsIn(_, let period, let operation, _):
      "\(period) is a period of days and cannot stand after '\(operation)'"
    case .periodAlone(let period): "the period \(period) stands where a value is expected"
    case .periodExpected(let text): "'in' needs a period, and '\(text)' is none"
    case .pointExpected(let text, let type): "'\(text)' is \(type), not a date or a period"
    case .windowNeedsDate(let text, let type): "'\(text)' is \(type), so it lies in no period"
    case .windowNotConstant(let text, _):
      "'\(text)' differs from row to row, but a window after the source needs one date"
    case .noTimeField(let plural, _): "\(plural) have no time field of their own for a window"
    case .noTimeInGroup: "groups have no time field of their own for a window"
    case .dateNeedsDuration(let operation, let number):
      "a date '\(operation)' \(number) does not say days, weeks or months"
    case .dateAgainstDuration(let text, let duration):
      "'\(text)' is a date, but '\(duration)' is a length of time"
    case .durationAlone(let duration, _): "'\(duration)' stands where a value is expected"
    case .monthDuration(let duration, _): "'\(duration)' is no fixed count of days"
    case .dateOutOfRange(let text): "'\(text)' lies outside the years 1 to 9999"
    case .emptyPeriod(let text): "'\(text)' has no days"
    case .aggregateNeedsGroup(let field, let aggregate):
      "'\(field)' is a value a row, but '\(aggregate)' is one value of all rows"
    case .aggregateInFilter(let text, _):
      "'\(text)' is known only after the rows are chosen, so it cannot choose them"
    case .aggregateNotHere(let text, let place): "the aggregate '\(text)' cannot stand \(place)"
    case .notInGroup(let name, _): "'\(name)' is neither a key of the group nor an aggregate"
    case .runningSumNotHere(let place):
      "running_sum goes by the order shown, so it cannot stand \(place)"
    case .perRowNotHere(let function, let place): "\(function) cannot stand \(place)"
    case .shareExpected(let text): "'\(text)' is not a percentage from 0% to 100%"
    case .countExpected(let word, let found): "\(word) needs a whole number, not '\(found)'"
    case .countTooLarge(let word, let countMax): "\(word) is at most \(countMax)"
    case .sampleTooLarge(let text): "a sample of \(text) is more than everything"
    case .intoNotLast: "only the last round of a query can go into a file"
    case .calcNeedsAggregate(let name, _): "calc has no row of which '\(name)' could be a field"
    case .calcNeedsEntity(let function, _): "\(function) does not say of which entity"
    case .calcMixesEntities(let first, let second):
      "one aggregate is over one entity, not over \(first) and \(second)"
    case .calcNeedsField(let function, let entity, _):
      "\(function) needs a field of \(entity)"
    }
  }

  /// What to type instead.
  package var hint: String? {
    switch self {
    case .unknownEntity(_, let near), .unknownFunction(_, let near): Self.close(near)
    case .unknownField(_, _, let near): Self.close(near)
    case .entityAsField(_, let name):
      "'\(name)' are records of their own: 'find \(name) …' or 'count \(name) …'"
    case .needlessPrefix(_, _, let field): "a field needs no entity before it: '\(field)'"
    case .unknownColumn(_, let near, let columns):
      Self.close(near) ?? "the columns are \(Self.list(columns))"
    case .unknownChoice(_, _, let near, let all):
      Self.close(near) ?? "the choices are \(Self.list(all))"
    case .fieldAsChoice(_, _, let quoted): "the field is written \(quoted)"
    case .choiceMustBeQuoted(_, _, let quoted): "the choice is written \(quoted)"
    case .unknownParameter: nil
    case .textNeedsQuotes(let word): "write \"\(word)\""
    case .notAReference: nil
    case .duplicateColumn(let name): "name one of them otherwise, as in 'as \(name)_2'"
    case .duplicateKey: nil
    case .fieldCycle, .brokenField: nil
    case .typeMismatch(_, _, _, _, let hint), .wrongArgument(_, _, _, let hint): hint
    case .wrongArgumentCount: nil
    case .argumentNotConstant(_, _, let example), .wordNotHere(_, _, let example):
      "for example '\(example)'"
    case .notOrderedChoice(_, _, let names):
      names.count < 2 ? nil : "name the choices meant: 'in (\(names[0]), \(names[1]))'"
    case .percentOfAmount(_, _, _, let number): number.map { "write \($0)" }
    case .referenceByName(_, _, let offered): offered.map { "compare the name: '\($0)'" }
    case .referenceByNumber(_, let number): "write \"\(number)\""
    case .moneyAndNumber(_, let example): example
    case .notComputable(_, _, _, let hint): hint
    case .unknownCompared(let text, let isNegated):
      "write '\(text) is \(isNegated ? "known" : "unknown")'"
    case .unknownAlone: "ask 'is unknown', or give a value beside it"
    case .notACondition(let text, _): "compare it, or ask '\(text) is known'"
    case .conditionExpected(_, let text, _): "compare it, or ask '\(text) is known'"
    case .amountOutOfRange, .invalidPattern: nil
    case .patternNotConstant: "for example 'matches \"^A[0-9]+$\"'"
    case .betweenBackwards(let low, let high): "write 'between \(high) and \(low)'"
    case .inlinedTooMuch: nil
    case .periodNeedsIn(let text, let period, _, let word):
      word == "in"
        ? "write '\(text) in \(period)'"
        : "write '\(text) \(word) \(period)', or '\(text) in \(period)' for its days"
    case .periodAlone(let period): "a period stands in a window, as in 'in \(period)'"
    case .periodExpected(let text): "one day is 'on \(text)'"
    case .pointExpected: nil
    case .windowNeedsDate: nil
    case .windowNotConstant(_, let condition): "compare it in 'where': 'where \(condition)'"
    case .noTimeField(_, let dates):
      dates.first.map { "name a date in 'where', as in 'where \($0) …'" }
    case .noTimeInGroup: "put the window before 'group by'"
    case .dateNeedsDuration(_, let number): "write '\(number) days'"
    case .dateAgainstDuration(_, let duration): "a point in time is '\(duration) ago'"
    case .durationAlone(let duration, let isOpposite):
      isOpposite ? nil : "a point in time is '\(duration) ago'"
    case .monthDuration(_, let days): "write '\(days) days'"
    case .dateOutOfRange: nil
    case .emptyPeriod: nil
    case .aggregateNeedsGroup(let field, let aggregate):
      "add 'group by \(field)', ask 'calc' for the one value, "
        + "or 'share(\(field))' for a row's part of \(aggregate)"
    case .aggregateInFilter(let text, let isGrouped):
      isGrouped
        ? "put it after the group: 'then where \(text) …'"
        : "group first: 'group by … then where \(text) …'"
    case .aggregateNotHere: nil
    case .notInGroup(let name, let keys):
      keys.isEmpty
        ? "after 'group by' there are only its columns"
        : "add it to the keys: 'group by \((keys + [name]).joined(separator: ", "))'"
    case .runningSumNotHere: "show it, and use its column after 'then'"
    case .perRowNotHere: nil
    case .shareExpected: "for example '20%'"
    case .countExpected(let word, _): "for example '\(word) 20'"
    case .countTooLarge: nil
    case .sampleTooLarge: "a percentage is at most 100%"
    case .intoNotLast: "put 'into' into the last round"
    case .calcNeedsAggregate(let name, let entity):
      if let entity {
        "an aggregate makes one value of all: 'count(\(entity))'"
      } else {
        "name the entity in an aggregate, as in 'sum(orders.\(name))'"
      }
    case .calcNeedsEntity(_, let example): "for example '\(example)'"
    case .calcMixesEntities: "calc can join two aggregates: 'sum(a.x) - sum(b.y)'"
    case .calcNeedsField(let function, let entity, let field):
      "for example '\(function)(\(entity).\(field))'"
    }
  }

  /// `a close name is 'stage'`
  private static func close(_ near: [String]) -> String? {
    switch near.count {
    case 0: nil
    case 1: "a close name is '\(near[0])'"
    default: "close names are \(near.map { "'\($0)'" }.joined(separator: ", "))"
    }
  }

  /// Up to twelve names, and how many more there are.
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}
