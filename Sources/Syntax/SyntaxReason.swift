/// Why a text is no statement: the facts, and all the words about them.
package enum SyntaxReason: Reason, Hashable, Sendable {
  // Characters and literals.
  case unexpectedCharacter(String)
  case controlCharacter(UInt8)
  case nulByte
  case typographicSign(String, String)
  case missingQuote
  case missingBacktick
  case emptyName
  case controlCharacterInName
  case badParameter
  case badNumber(String)
  case numberOutOfRange(String)
  case badDate(String)
  case impossibleDate(String)
  case slashDate(String, readings: [String])
  // Statements.
  case emptyStatement
  case unknownStatement(String)
  case missingFind(String)
  case sqlStatement(String)
  case select
  case bareClause(String)
  case straySemicolon
  case findInBrackets
  // Definitions.
  case missingKind(String, String)
  case findInDefinition
  // Changes.
  case missingTarget(verb: String, entity: String)
  case missingWord(String)
  case missingComma
  case whereBehindSet
  case conditionAssigned
  case insert
  case deleteFrom
  case cascade(String)
  case fillerWord(String)
  case exportedEntity(String)
  // Clauses.
  case unknownWord(String, near: [String])
  case clauseTwice(String, String)
  /// An argument behind the `where` of a call.
  case whereNotLast
  case clauseInCount(String)
  case clauseInCompare(String)
  case countAsClause(right: String)
  case clauseInBrackets(String)
  case clauseInDefinition(String)
  case lateAsOf
  case totalWithoutGroup
  case having
  case missingBy(String)
  case missingCount(String)
  case limitPair(right: String)
  case ascending(String)
  case descending
  case notWhole(String)
  case notPercent(String)
  case countOutOfRange(String, max: Int64)
  // Expressions.
  case unexpected(expected: String, found: String)
  case incomplete(expected: String)
  case reservedName(String)
  case needsQuotes(String)
  case missingBracket
  case strayBracket
  case tooDeep(limit: Int)
  case mixedLogic(String, String)
  case operatorSlip(String, right: String)
  case bang
  case nullValue(String, right: String)
  case unknownAsValue(right: String)
  case isForEqual(String)
  case notInside(String)
  case chain(String)
  case likePercent(right: String)
  case starArgument
  case conditionArgument(String)
  case thousandsComma(String)
  case inWithoutBrackets(String, right: String)
  // Related records.
  case openInnerWhere(String, String, String?)
  case quantityInSequence(String)
  case bareQuantity(String)
  case countBehind(String)
  case usualWithoutBefore
  // History and segments.
  case timelessWas
  case windowOfWas(String)
  case periodAfterOn(String)
  case fromBehindTo
  case membershipWithoutDay(String)
  case membershipWithoutWindow(String, String)
  // Time.
  case during
  case misplacedWindow(String)
  case periodCompared(String, right: String)
  case periodAsValue(String)
  case dayAfterIn(String)
  case periodAsDay(String, String, day: String?)
  case unitNumber(String, right: String)
  case quarterDuration(String)

  // Analytic verbs.
  case missingOption(Verb)
  case unknownOption(Verb, String)
  case clauseOfRound(verb: String, String)
  case latePart(String)
  case windowOfVerb(String, right: String)
  case summaryNotLast
  case earlyMeasure(String)
  case verbWithoutBrackets(String)
  case queryAsValue
  case openQualification(String)
  case bareDuration(String, after: String)
  case bareShare(String, example: String)
  case shareWithoutYear

  /// Stable name of the kind of error.
  package var code: String {
    switch self {
    case .unexpectedCharacter, .typographicSign: "unexpected-character"
    case .controlCharacter, .nulByte, .controlCharacterInName: "control-character"
    case .missingQuote: "missing-quote"
    case .missingBacktick: "missing-backtick"
    case .emptyName: "empty-name"
    case .badParameter: "bad-parameter"
    case .badNumber, .thousandsComma: "bad-number"
    case .numberOutOfRange, .countOutOfRange: "number-out-of-range"
    case .badDate, .slashDate: "bad-date"
    case .impossibleDate: "impossible-date"
    case .emptyStatement: "empty-statement"
    case .unknownStatement, .missingFind: "unknown-statement"
    case .sqlStatement, .select, .insert, .deleteFrom, .cascade: "sql-statement"
    case .bareClause: "bare-clause"
    case .straySemicolon: "stray-semicolon"
    case .unknownWord: "unknown-word"
    case .clauseTwice: "clause-twice"
    case .whereNotLast: "where-not-last"
    case .clauseInCount, .clauseInBrackets, .clauseInDefinition: "clause-not-allowed"
    case .clauseInCompare, .countAsClause: "clause-not-allowed"
    case .lateAsOf, .totalWithoutGroup: "clause-not-allowed"
    case .having: "having"
    case .missingBy, .missingCount, .missingWord, .missingComma, .missingKind: "missing-word"
    case .timelessWas, .membershipWithoutDay, .membershipWithoutWindow: "missing-word"
    case .usualWithoutBefore: "missing-word"
    case .missingTarget: "missing-where"
    case .whereBehindSet: "where-behind-set"
    case .limitPair: "limit-pair"
    case .ascending, .descending: "order-direction"
    case .notWhole: "not-whole"
    case .notPercent: "not-percent"
    case .unexpected, .findInBrackets, .starArgument, .conditionArgument: "unexpected"
    case .conditionAssigned, .fillerWord, .exportedEntity, .findInDefinition: "unexpected"
    case .countBehind, .fromBehindTo: "unexpected"
    case .incomplete: "incomplete"
    case .reservedName: "reserved-name"
    case .needsQuotes: "needs-quotes"
    case .missingBracket, .strayBracket: "unbalanced-bracket"
    case .tooDeep: "too-deep"
    case .mixedLogic: "mixed-and-or"
    case .openInnerWhere: "open-inner-where"
    case .quantityInSequence: "quantity-in-sequence"
    case .bareQuantity: "bare-quantity"
    case .operatorSlip, .bang, .isForEqual: "foreign-operator"
    case .nullValue, .unknownAsValue: "unknown-compared"
    case .notInside: "misplaced-not"
    case .chain: "chained-comparison"
    case .likePercent: "like-percent"
    case .inWithoutBrackets: "in-without-brackets"
    case .during, .dayAfterIn, .windowOfWas, .periodAfterOn: "window-word"
    case .misplacedWindow: "misplaced-window"
    case .periodCompared, .periodAsValue, .periodAsDay: "period-compared"
    case .unitNumber, .quarterDuration, .bareDuration: "duration-unit"
    case .missingOption: "missing-option"
    case .unknownOption: "unknown-option"
    case .clauseOfRound, .latePart, .summaryNotLast, .earlyMeasure: "clause-not-allowed"
    case .windowOfVerb: "misplaced-window"
    case .verbWithoutBrackets: "unexpected"
    case .queryAsValue: "query-as-value"
    case .openQualification: "open-inner-where"
    case .bareShare: "not-percent"
    case .shareWithoutYear: "missing-word"
    }
  }
}

extension SyntaxReason {
  /// What was found and expected.
  package var message: String {
    switch self {
    case .unexpectedCharacter(let character): "the character '\(character)' has no meaning here"
    case .controlCharacter(let byte):
      "a control character, U+\(Self.hexadecimal(byte)), outside quotes"
    case .nulByte: "a NUL byte, U+0000, in the statement"
    case .typographicSign(let sign, let plain): "'\(sign)' stands where '\(plain)' is meant"
    case .missingQuote: "a text without its closing quote"
    case .missingBacktick: "a name without its closing backtick"
    case .emptyName: "a name of no characters"
    case .controlCharacterInName: "a control character in a name"
    case .badParameter: "'$' without the name of a parameter"
    case .badNumber(let text): "'\(text)' is neither a number nor a name"
    case .numberOutOfRange(let text): "'\(text)' is larger than a number can be"
    case .badDate(let text): "'\(text)' is neither a date, a time nor a month"
    case .impossibleDate(let text): "'\(text)' does not exist in the calendar"
    case .slashDate(let text, _): "'\(text)' is not how a date is written"
    case .emptyStatement: "an empty statement"
    case .unknownStatement(let found): "no statement begins with \(found)"
    case .missingFind(let name): "no statement begins with '\(name)'"
    case .sqlStatement(let word): "'\(word)' is SQL, not a statement here"
    case .select: "'select … from' is SQL, not a statement here"
    case .bareClause(let word): "no statement begins with the clause '\(word)'"
    case .straySemicolon: "';' ends the statement, and more follows it"
    case .findInBrackets: "a query in brackets has no 'find'"
    case .unknownWord(let word, _): "'\(word)' is not a word expected here"
    case .whereNotLast: "'where' comes behind every argument"
    case .clauseTwice(let word, let earlier):
      word == earlier
        ? "a second '\(word)'; each stands at most once"
        : "'\(word)' beside '\(earlier)'; only one of them may stand"
    case .clauseInCount(let word): "'count' takes no '\(word)'"
    case .clauseInCompare(let word): "'compare' takes no '\(word)'"
    case .countAsClause: "'count' begins a statement; in a round 'show' or 'group by' counts"
    case .clauseInBrackets(let word): "a query in brackets takes no '\(word)'"
    case .clauseInDefinition(let word): "a definition takes no '\(word)'"
    case .lateAsOf: "'as of' stands in the first round only"
    case .totalWithoutGroup: "'with total' without 'group by'"
    case .having: "there is no 'having'"
    case .missingBy(let word): "expected 'by' after '\(word)'"
    case .missingCount(let word): "expected a number of rows after '\(word)'"
    case .limitPair: "'limit' takes one number"
    case .ascending(let word):
      "'\(word)' is not needed; the order is ascending unless 'desc' follows"
    case .descending: "'descending' is written 'desc'"
    case .notWhole(let text): "expected a whole number, found '\(text)'"
    case .notPercent(let text): "expected a percentage, found '\(text)'"
    case .countOutOfRange(let text, let max): "'\(text)' is more than \(max)"
    default: changeMessage ?? relationMessage ?? verbMessage ?? expressionMessage
    }
  }

  private var relationMessage: String? {
    switch self {
    case .missingKind(let verb, let name): "'\(verb) \(name)' does not say what '\(name)' is"
    case .findInDefinition: "a definition has no 'find'"
    case .openInnerWhere(let word, _, _): "'\(word)' behind an inner 'where' reads two ways"
    case .quantityInSequence(let words): "a sequence takes no '\(words)'"
    case .bareQuantity(let count): "'has \(count)' reads two ways"
    case .countBehind: "the number of records stands before the relation"
    case .usualWithoutBefore: "'usual' does not say before when"
    case .timelessWas: "'was' does not say when"
    case .windowOfWas(let word): "'was' takes no '\(word)'"
    case .periodAfterOn(let period): "'\(period)' is a period, not a day"
    case .fromBehindTo: "'from' stands before 'to'"
    case .membershipWithoutDay(let name): "'was in segment \(name)' does not say on which day"
    case .membershipWithoutWindow(let word, let name):
      "'\(word) segment \(name)' does not say when"
    default: nil
    }
  }

  private var changeMessage: String? {
    switch self {
    case .missingTarget(let verb, let entity): "'\(verb) \(entity)' does not say which records"
    case .missingWord("from"): "expected 'from' before the file name"
    case .missingWord(let word): "expected '\(word)' before this"
    case .missingComma: "expected ',' before the next field"
    case .whereBehindSet: "'where' stands before 'set'"
    case .conditionAssigned: "a condition as a value stands in brackets"
    case .insert: "'insert' is SQL, not a statement here"
    case .deleteFrom: "'delete from' is SQL; 'delete' takes no 'from'"
    case .cascade(let word): "'\(word)' is SQL for 'with related'"
    case .fillerWord(let word): "'\(word)' is not needed here"
    case .exportedEntity: "'export' writes all entities, to a folder"
    default: nil
    }
  }

  private var expressionMessage: String {
    switch self {
    case .unexpected(let expected, let found): "expected \(expected), found \(found)"
    case .incomplete(let expected): "the statement ends where \(expected) is expected"
    case .reservedName(let word): "'\(word)' is a word of the language, not a name"
    case .needsQuotes(let text): "the text '\(text)' stands without quotes"
    case .missingBracket: "a bracket that is never closed"
    case .strayBracket: "a closing bracket without an opening one"
    case .tooDeep(let limit): "brackets and operators are nested more than \(limit) levels deep"
    case .mixedLogic: "'and' beside 'or' reads two ways"
    case .operatorSlip(let sign, let right): "'\(sign)' is written '\(right)' here"
    case .bang: "'!' is written 'not' here"
    case .nullValue(let text, _): "'\(text)' is not how unknown values are found"
    case .unknownAsValue: "'unknown' is no value to compare or compute with"
    case .isForEqual: "'is' tests only for 'known' and 'unknown'"
    case .notInside(let word): "'not' stands before the whole condition, not before '\(word)'"
    case .chain(let sign): "a second comparison, '\(sign)', in one condition"
    case .likePercent: "'like' takes '*' for any characters, not '%'"
    case .starArgument: "'*' is no argument"
    case .conditionArgument(let name): "a condition in place of the argument of '\(name)'"
    case .thousandsComma(let text): "'\(text)' has a comma as thousands mark"
    case .inWithoutBrackets(let found, _):
      "expected a period or a list in brackets after 'in', found \(found)"
    case .during: "there is no 'during'"
    case .misplacedWindow(let window):
      "the window '\(window)' must stand directly after what it windows"
    case .periodCompared(let sign, _): "a period cannot follow '\(sign)'"
    case .periodAsValue(let period): "the period '\(period)' stands where a value is expected"
    case .dayAfterIn(let day): "'\(day)' is a day, not a period"
    case .periodAsDay(let word, let period, _):
      "the period '\(period)' stands where a day is expected after '\(word)'"
    case .unitNumber(let word, let right): "'\(word)' stands where '\(right)' is expected"
    case .quarterDuration: "a duration is counted in days, weeks, months or years"
    default: code
    }
  }

  /// At most one hint naming something the reader can type.
  package var hint: String? {
    switch self {
    case .unexpectedCharacter(":"): "a time is written '2026-01-31T14:30'"
    case .unexpectedCharacter("%"): "a percentage is written '20%'"
    case .unexpectedCharacter("["), .unexpectedCharacter("]"):
      "a name that is no plain word is written `in backticks`"
    case .unexpectedCharacter("^"): "there is no power; 'x * x' is a square"
    case .typographicSign(_, let plain): "the sign is '\(plain)'"
    case .missingQuote: "a text ends with the quote it began with; inside it that quote is doubled"
    case .missingBacktick: "a name in backticks ends with one"
    case .badParameter: "a parameter is written '$name'"
    case .badNumber: "numbers are written '12000', '12_000', '12.5', '12k', '1.5m' or '20%'"
    case .badDate: "a date is written '2026-01-31', a subtraction with spaces: '2026 - 1'"
    case .slashDate(_, let readings): Self.slashHint(readings)
    case .emptyStatement, .unknownStatement:
      "'find', 'count' and 'calc' ask, 'add', 'update', 'move' and 'delete' change, 'import' takes in"
    case .missingFind(let name): "'find \(name)' reads records"
    case .sqlStatement: "'find' reads records, 'import' takes them in"
    case .insert: "'add customer name = \"Acme\"' adds a record"
    case .missingTarget(let verb, let entity):
      "'\(verb) \(entity) where …', '\(verb) all \(entity)', or one record by its key, as in"
        + " '\(verb) customer 42'"
    case .missingWord("from"): "'import customers from \"new.csv\"'"
    case .whereBehindSet: "'update customers where … set …'"
    case .exportedEntity: "'find customers into \"customers.csv\"' writes one"
    case .select: "'find … show …' reads records"
    case .bareClause("as"): "'find customers as of 2025-12-31'"
    case .bareClause(let word): "'then \(word) …' refines the last answer"
    case .straySemicolon: "two statements stand on lines of their own"
    case .findInBrackets: "the brackets begin with the entity: '(customers where …)'"
    case .unknownWord(_, let near): Self.nearHint(near)
    case .clauseTwice("where", "where"): "conditions are joined with 'and'"
    case .clauseTwice("show", "show"), .clauseTwice("order by", "order by"),
      .clauseTwice("group by", "group by"):
      "several stand in one clause with commas: 'a, b'"
    case .clauseTwice("order by", _), .clauseTwice("top", _), .clauseTwice("bottom", _):
      "a second round after 'then' may order again"
    case .clauseInCount("group by"): "'by' groups a count: 'count customers by stage'"
    case .clauseInCount: "'then' begins a round that takes every clause"
    case .clauseInCompare("summary"): "its first table counts: 'compare vip with at_risk'"
    case .clauseInCompare:
      "a query in brackets does: 'compare (customers where contactable) with vip'"
    case .countAsClause(let right): "'\(right)'"
    case .clauseInBrackets: "it stands after the brackets"
    case .clauseInDefinition("into"): "'find … into \"file.csv\"' writes a file"
    case .clauseInDefinition: "'was in segment vip on 2025-12-31' asks about the past"
    case .lateAsOf: "'find customers as of 2025-12-31 where …'"
    case .totalWithoutGroup: "'group by stage show stage, count() with total'"
    case .having: "a second round filters groups: 'then where …'"
    case .missingCount(let word): "'\(word) 10 by …' takes ten"
    case .limitPair(let right): "'\(right)'"
    case .notPercent: "'in top 20% by value'"
    default: relationHint ?? verbHint ?? expressionHint
    }
  }

  private var relationHint: String? {
    switch self {
    case .missingKind(let verb, let name):
      "'\(verb) segment \(name)', or 'field', 'standard', 'action', 'entity'"
    case .findInDefinition: "'define segment vip as customers where value >= 10k'"
    case .openInnerWhere(_, let one, let other?): "'\(one)' or '\(other)'"
    case .openInnerWhere(_, let one, nil): "'\(one)'"
    case .quantityInSequence("no"):
      "'has orders not followed by …' or 'not has orders followed by …'"
    case .quantityInSequence: "'has orders followed by interactions' asks for one such pair"
    case .bareQuantity(let count): "'has at least \(count)' or 'has exactly \(count)'"
    case .countBehind(let words): "'has \(words) …'"
    case .usualWithoutBefore: "'usual(invoices.days_late before 90 days ago)'"
    case .timelessWas, .windowOfWas:
      "'stage was welcoming on 2025-12-31', or 'in 2025' for any day of it"
    case .periodAfterOn(let period): "'in \(period)'"
    case .fromBehindTo: "'stage changed from welcoming to account_management'"
    case .membershipWithoutDay(let name): "'was in segment \(name) on 2025-12-31'"
    case .membershipWithoutWindow(let word, let name): "'\(word) segment \(name) in last month'"
    default: nil
    }
  }

  private var expressionHint: String? {
    switch self {
    case .reservedName(let word): "as a name it stands in backticks: `\(word)`"
    case .needsQuotes(let text): "'\(Formatter.quoted(text))'"
    case .mixedLogic(let one, let other): "'\(one)' or '\(other)'"
    case .nullValue(_, let right), .unknownAsValue(let right): "'x \(right)'"
    case .isForEqual(let sign): "values are compared with '\(sign)'"
    case .notInside: "'not name contains \"x\"'"
    case .chain: "'x between a and b', or two conditions joined with 'and'"
    case .likePercent(let right): "'like \(right)'"
    case .starArgument: "'count()' counts the rows"
    case .conditionArgument(let name): "conditions stand after 'where': '\(name)(… where …)'"
    case .thousandsComma: "'12_000' and '12k' are numbers"
    case .inWithoutBrackets(_, let right): "'in \(right)'"
    case .during: "'in 2025'"
    case .misplacedWindow: "'find orders in 2025 where …'"
    case .periodCompared(_, let right): "'\(right)'"
    case .periodAsValue: "a period follows 'in', 'since', 'before', 'after', 'until' or 'on'"
    case .dayAfterIn(let day): "'on \(day)'"
    case .periodAsDay(let word, _, let day?): "'\(word) \(day)'"
    case .periodAsDay(let word, _, nil): "'\(word) 2025-12-31'"
    case .quarterDuration(let months): "'\(months)'"
    default: nil
    }
  }

  private static func slashHint(_ readings: [String]) -> String {
    switch readings.count {
    case 0: "a date is written '2026-01-31'"
    case 1: "a date is written '\(readings[0])'"
    default: "it may be '\(readings[0])' or '\(readings[1])'"
    }
  }

  private static func nearHint(_ near: [String]) -> String {
    near.count == 1
      ? "a close word is '\(near[0])'"
      : "close words are " + near.map { "'\($0)'" }.joined(separator: ", ")
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}
