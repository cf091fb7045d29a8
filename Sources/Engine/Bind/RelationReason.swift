import Store
import Syntax

/// Why an expression about related records, the past or a segment cannot be bound, with the words.
enum RelationReason: Reason {
  // Relations
  case unknownRelation(plural: String, name: String, near: [String], relations: [String])
  case fieldAsRelation(plural: String, name: String, relations: [String])
  case notARelation(text: String, relation: String, field: String)
  case relationInGroup
  case relationsDiffer(function: String, first: String, second: String)
  case outerWithoutRow
  case outerInGroup(text: String)
  case usualNeedsRelation
  case quantityExpected(text: String)
  case sequenceOverReference(text: String)
  case sequenceNeedsTime(plural: String)
  case withinExpected(clause: String, text: String)

  // it
  case noLastAnswer
  case lastAnswerOfGroups
  case lastAnswerAsValue
  case allOutsideAggregate(text: String)

  // Parameters
  case parameterNotOfType(name: String, value: String, expected: String)

  // The past
  case noHistory(text: String, word: String, tracked: [String])
  case wasNeedsDay(text: String)
  case wasOnPeriod(text: String)
  case historyChoiceExpected(text: String, field: String, choices: [String])
  case asOfNeedsDay(text: String)
  case asOfInside

  /// Stable name of the kind of error.
  package var code: String {
    switch self {
    case .unknownRelation, .fieldAsRelation, .notARelation, .relationInGroup: "unknown-relation"
    case .relationsDiffer: "relations-differ"
    case .outerWithoutRow, .outerInGroup: "outer-without-row"
    case .usualNeedsRelation: "usual-needs-relation"
    case .quantityExpected: "count-expected"
    case .sequenceOverReference: "sequence-over-reference"
    case .sequenceNeedsTime: "no-time-field"
    case .withinExpected: "within-expected"
    case .noLastAnswer: "nothing-to-refine"
    case .lastAnswerOfGroups: "it-of-groups"
    case .lastAnswerAsValue, .allOutsideAggregate: "whole-as-value"
    case .parameterNotOfType: "parameter-type"
    case .noHistory: "no-history"
    case .wasNeedsDay, .wasOnPeriod: "window-word"
    case .historyChoiceExpected: "unknown-choice"
    case .asOfNeedsDay, .asOfInside: "as-of-day"
    }
  }

  /// What was found and what was expected.
  package var message: String {
    switch self {
    case .unknownRelation(let plural, let name, _, _):
      "\(plural) have no related records '\(name)'"
    case .fieldAsRelation(let plural, let name, _):
      "'\(name)' is a field of \(plural), not their related records"
    case .notARelation(let text, let relation, let field):
      "'\(text)' ends in '\(field)', not in related records such as '\(relation)'"
    case .relationInGroup: "after 'group by' there are columns, and no related records"
    case .relationsDiffer(let function, let first, let second):
      "'\(function)' takes records of one relation, but '\(first)' and '\(second)' are two"
    case .outerWithoutRow: "'outer' stands inside 'has' or an aggregate of related records only"
    case .outerInGroup(let text): "'\(text)' reads a single row, but stands for a whole group"
    case .usualNeedsRelation: "'usual' takes a value of related records and a window"
    case .quantityExpected(let text): "a whole number is expected, but '\(text)' is none"
    case .sequenceOverReference(let text):
      "'\(text)' goes over a reference, and a sequence is of the row's own records"
    case .sequenceNeedsTime(let plural): "\(plural) have no time field, so none of them is later"
    case .withinExpected(let clause, let text):
      "'\(clause)' takes a length of time, but '\(text)' is none"
    case .noLastAnswer: "there is no last answer that 'it' could be"
    case .lastAnswerOfGroups: "the last answer has groups, not records"
    case .lastAnswerAsValue: "'it' is a whole answer, not a value"
    case .allOutsideAggregate(let text): "'\(text)' is many values, where one is expected"
    case .parameterNotOfType(let name, let value, let expected):
      "'$\(name)' is '\(value)', but \(expected) is expected"
    case .noHistory(let text, let word, _): "'\(text)' has no history for '\(word)'"
    case .wasNeedsDay: "'was' takes a day after 'on' or a period after 'in'"
    case .wasOnPeriod(let text): "'\(text)' is a period, and 'on' takes a day here"
    case .historyChoiceExpected(let text, let field, _): "'\(text)' is no value of \(field)"
    case .asOfNeedsDay(let text): "'as of' takes a day, but '\(text)' is none"
    case .asOfInside: "'as of' stands in the first round of the whole query only"
    }
  }

  /// How to mend it.
  package var hint: String? {
    switch self {
    case .unknownRelation(_, _, let near, let relations):
      near.isEmpty ? Self.listed(relations) : Self.close(near)
    case .fieldAsRelation(_, let name, let relations):
      Self.listed(relations).map { "\($0); a value is tested by '\(name) is known'" }
    case .notARelation(let text, let relation, let field):
      "test the field inside: 'has \(relation) where \(field) is known' for '\(text)'"
    case .relationInGroup: "count or sum them before the group, in 'show' of the group itself"
    case .relationsDiffer(let function, _, _):
      "compute each in a '\(function)(…)' of its own"
    case .outerWithoutRow: "in a plain condition the field's name alone is the row's"
    case .outerInGroup: "use it before the group, or leave 'outer' out"
    case .usualNeedsRelation: "for example 'usual(invoices.days_late before 90 days ago)'"
    case .quantityExpected: "for example 'has at least 3 orders'"
    case .sequenceOverReference:
      "name the records directly, such as 'has complaints followed by orders'"
    case .sequenceNeedsTime: nil
    case .withinExpected(let clause, _): "for example '\(clause) 30 days'"
    case .noLastAnswer: "ask with 'find' first"
    case .lastAnswerAsValue: "for example 'count(it)' or 'max(it.value)'"
    case .allOutsideAggregate(let text): "for example 'median(\(text))'"
    case .lastAnswerOfGroups: "ask for the records first, without 'group by'"
    case .parameterNotOfType(let name, _, _): "give another value with '--param \(name)=…'"
    case .noHistory(_, _, let tracked): Self.fields(tracked)
    case .wasNeedsDay(let text): "for example '\(text) was intensive_care on 2026-01-31'"
    case .wasOnPeriod(let text): "write 'in \(text)'"
    case .historyChoiceExpected(_, _, let choices):
      "it is one of \(choices.joined(separator: ", "))"
    case .asOfNeedsDay: "for example 'as of 2026-01-31'"
    case .asOfInside: "move it behind the source of the first 'find'"
    }
  }

  private static func listed(_ relations: [String]) -> String? {
    relations.isEmpty ? nil : "there are \(relations.joined(separator: ", "))"
  }

  private static func close(_ near: [String]) -> String {
    near.count == 1
      ? "a close name is '\(near[0])'"
      : "close names are \(near.map { "'\($0)'" }.joined(separator: ", "))"
  }

  private static func fields(_ tracked: [String]) -> String? {
    tracked.isEmpty ? nil : "there is one of \(tracked.joined(separator: ", "))"
  }
}
