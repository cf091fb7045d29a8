import Store
import Syntax

/// Why a name that was, or is to be, defined cannot be used so, with the words.
enum DefinitionReason: Reason {
  case unknownSegment(name: String, near: [String], hasAny: Bool)
  case unknownStandard(name: String, near: [String], hasAny: Bool)
  case unknownAction(name: String, near: [String], hasAny: Bool)
  /// A segment of other records than those of the row; a reference that leads to them, if one does.
  case segmentOfOthers(name: String, plural: String, row: String, example: String?)
  case segmentSubject(text: String, name: String, plural: String)
  case segmentInGroup(name: String)
  case segmentDay(text: String)
  case segmentWindow(word: String)
  /// `compare … since` something that is not one day, or is a day after today.
  case sinceDay(text: String, isLate: Bool)
  /// `compare it since …`: the records of an answer do not come and go.
  case sinceOfAnswer
  /// A clause that a segment cannot have, and the statement that keeps its records instead.
  case tooMuchForSegment(clause: String, example: String?)
  case cycle(path: [String])
  case brokenDefinition(name: String, problem: String)
  case nameTaken(kind: String, name: String, by: String, example: String?)
  case nothingToRedefine(kind: String, name: String, example: String)
  case builtIn(kind: String, name: String, verb: String)
  case keyField(name: String, verb: String)
  case inUse(kind: String, name: String, verb: String, users: [String])
  case hasRecords(name: String, count: Int)
  case notNewest(name: String, last: String)
  case storedField(name: String, verb: String)
  case standardNeedsNumber(text: String, type: String)
  case targetNotFixed(text: String)
  case priorityOutOfRange(text: String)
  case choiceTwice(name: String)
  case tooManyChoices(count: Int)
  case keyNotUsable(field: String, type: String)
  case recordsExpected
  case nothingToFreeze
  case sourcesDiffer(first: String, second: String)

  var code: String {
    switch self {
    case .unknownSegment: "unknown-segment"
    case .unknownStandard: "unknown-standard"
    case .unknownAction: "unknown-action"
    case .segmentOfOthers, .segmentSubject, .segmentInGroup: "segment-of-others"
    case .segmentDay, .segmentWindow, .sinceDay, .sinceOfAnswer: "segment-window"
    case .tooMuchForSegment: "not-a-segment"
    case .cycle: "definition-cycle"
    case .brokenDefinition: "broken-definition"
    case .nameTaken: "name-taken"
    case .nothingToRedefine: "nothing-to-redefine"
    case .builtIn, .keyField: "built-in"
    case .inUse: "in-use"
    case .hasRecords: "entity-has-records"
    case .notNewest: "entity-not-newest"
    case .storedField: "stored-field"
    case .standardNeedsNumber: "standard-needs-number"
    case .targetNotFixed: "standard-day"
    case .priorityOutOfRange: "priority-expected"
    case .choiceTwice, .tooManyChoices: "wrong-choices"
    case .keyNotUsable: "wrong-key"
    case .recordsExpected: "records-expected"
    case .nothingToFreeze: "no-answer"
    case .sourcesDiffer: "sources-differ"
    }
  }

  var message: String {
    switch self {
    case .unknownSegment(let name, _, _): "there is no segment '\(name)'"
    case .unknownStandard(let name, _, _): "there is no standard '\(name)'"
    case .unknownAction(let name, _, _): "there is no action '\(name)'"
    case .segmentOfOthers(let name, let plural, let row, _):
      "'\(name)' is a segment of \(plural), not of \(row)"
    case .segmentSubject(let text, let name, let plural):
      "'\(name)' is a segment of \(plural), and '\(text)' is no reference to one of them"
    case .segmentInGroup(let name):
      "after 'group by' there are columns, and none of them is in segment '\(name)'"
    case .segmentDay(let text): "'was in segment' takes one day for all, but '\(text)' is none"
    case .segmentWindow(let word):
      "'\(word) segment' takes a period with a first day, the same for all"
    case .sinceDay(let text, let isLate):
      isLate
        ? "'since' goes back to a day up to today, but '\(text)' is later"
        : "'since' takes one day for all, but '\(text)' is none"
    case .sinceOfAnswer: "'it' is the same records on any day, so that none comes or goes"
    case .tooMuchForSegment(let clause, _):
      "a segment is an entity or a segment, a window and a condition, without '\(clause)'"
    case .cycle(let path): "a definition needs itself: \(path.joined(separator: " → "))"
    case .brokenDefinition(let name, let problem):
      "the definition of '\(name)' does not hold any more: \(problem)"
    case .nameTaken(_, let name, let other, _): "'\(name)' is \(other) already"
    case .nothingToRedefine(let kind, let name, _): "there is no \(kind) '\(name)' to redefine"
    case .builtIn(let kind, let name, let verb):
      "the \(kind) '\(name)' came with rapport and cannot be \(verb)"
    case .keyField(let name, let verb): "'\(name)' is the key and cannot be \(verb)"
    case .inUse(let kind, let name, let verb, let users):
      "the \(kind) '\(name)' cannot be \(verb): \(Self.listed(users))"
        + (users.count == 1 ? " uses it" : " use it")
    case .hasRecords(let name, let count):
      "\(name) have \(count) record\(count == 1 ? "" : "s")"
    case .notNewest(let name, let last): "'\(last)' was defined after '\(name)' and has to go first"
    case .storedField(let name, let verb):
      "'\(name)' holds values of its own, and cannot be \(verb) as another field"
    case .standardNeedsNumber(let text, let type):
      "a standard is about a number, but '\(text)' is \(type)"
    case .targetNotFixed(let text): "a standard is due on one day, but '\(text)' is none"
    case .priorityOutOfRange(let text):
      "a priority is a whole number from 1 on, but '\(text)' is none"
    case .choiceTwice(let name): "the choice '\(name)' stands there twice"
    case .tooManyChoices(let count): "a choice has at most 255 names, and \(count) are too many"
    case .keyNotUsable(let field, let type):
      "the key '\(field)' is an integer or a text, and cannot be \(type)"
    case .recordsExpected: "records are expected, but this gives groups"
    case .nothingToFreeze: "there is no answer yet whose records 'it' could be"
    case .sourcesDiffer(let first, let second):
      "\(first) and \(second) are different records and have nothing in common"
    }
  }

  var hint: String? {
    switch self {
    case .unknownSegment(_, let near, let hasAny): Self.close(near, hasAny, "list segments")
    case .unknownStandard(_, let near, let hasAny): Self.close(near, hasAny, "list standards")
    case .unknownAction(_, let near, let hasAny): Self.close(near, hasAny, "list actions")
    case .segmentOfOthers(let name, _, _, let path):
      path.map { "follow a reference: '\($0) in segment \(name)'" }
    case .segmentSubject: nil
    case .segmentInGroup: "test it in 'where', before the group"
    case .segmentDay(let text): "for example 'on 2026-01-31' in place of '\(text)'"
    case .segmentWindow(let word): "for example '\(word) segment vip in last month'"
    case .sinceDay: "for example 'since start of month'"
    case .sinceOfAnswer: "compare (customers where value >= 10k) since start of month"
    case .tooMuchForSegment(_, let example): example.map { "keep the records of now: '\($0)'" }
    case .cycle: "leave one of them out"
    case .brokenDefinition: nil
    case .nameTaken(_, _, _, let example): example.map { "change it by '\($0)'" }
    case .nothingToRedefine(_, _, let example): example
    case .builtIn(let kind, _, _): kind == "field" ? "define field customers.nick text" : nil
    case .keyField: nil
    case .inUse(_, _, _, let users): users.first.map { "describe \($0)" }
    case .hasRecords(let name, _): "delete them first: 'delete all \(name)'"
    case .notNewest(_, let last): "drop entity \(last)"
    case .storedField: "drop it first, then define it anew"
    case .standardNeedsNumber: "count them: 'count(customers where stage = dissociation) <= 10'"
    case .targetNotFixed: "by 2026-12-31"
    case .priorityOutOfRange: "priority 1"
    case .choiceTwice, .tooManyChoices: nil
    case .keyNotUsable(let field, _): "\(field) integer"
    case .recordsExpected: "leave the group out"
    case .nothingToFreeze: "ask first, such as 'find customers top 50 by value'"
    case .sourcesDiffer: nil
    }
  }

  private static func close(_ near: [String], _ hasAny: Bool, _ list: String) -> String? {
    if near.isEmpty { return hasAny ? list : nil }
    return near.count == 1
      ? "a close name is '\(near[0])'"
      : "close names are \(near.map { "'\($0)'" }.joined(separator: ", "))"
  }

  private static func listed(_ users: [String]) -> String {
    guard users.count > 1 else { return users.first ?? "" }
    return users.dropLast().joined(separator: ", ") + " and " + users[users.count - 1]
  }
}
