import Store
import Syntax

/// Why an analytic verb cannot be bound, with the words.
enum VerbReason: Reason {
  case recordsExpected(verb: Verb)
  /// No events of the kind; a call that names a relation which could be, if there is one.
  case noEvents(verb: Verb, plural: String, what: String, candidate: String?)
  case severalEvents(verb: Verb, plural: String, what: String, relations: [String], example: String)
  case unknownEvents(plural: String, name: String, near: [String], relations: [String])
  case eventFields(verb: Verb, found: Int, expected: [String])
  case dayExpected(text: String, type: String)
  case amountExpected(text: String, type: String)
  case noEventField(verb: Verb, plural: String, field: String)
  case measureExpected(verb: Verb, text: String, type: String)
  case noTrackedField(verb: Verb, plural: String)
  case optionOutOfRange(option: String, found: String, expected: String)
  case fieldOrColumn(name: String, verb: Verb, record: String)
  case columnAhead(name: String, verb: Verb)
  case asOfTwice
  /// `of` beside `over`.
  case eventsTwice(verb: Verb, name: String, over: String)
  case stageExpected(text: String, type: String)
  /// The stages before and after are of different choices.
  case stagesDiffer(from: String, to: String)
  /// No tracked choice; a call that names a history, or judges what has one.
  case noStages(verb: Verb, plural: String, example: String?)
  case unknownStep(
    name: String, plural: String, near: [String], stages: [String], relations: [String])
  case stageOrRelation(name: String)
  case stageCondition(name: String, plural: String)
  case eventsOfSeveral(
    verb: Verb, plural: String, events: String, owner: String, example: String)
  case fieldOfEvents(plural: String, name: String, events: String, moved: String)
  case eventFieldNeeded(verb: Verb, plural: String, field: String, written: String)
  case outcomeExpected(text: String, type: String)
  case answerExpected(text: String, type: String)
  case fieldNeeded(verb: Verb, plural: String, what: String, hint: String?)

  /// Stable name of the kind of error.
  var code: String {
    switch self {
    case .recordsExpected: "verb-needs-records"
    case .noEvents, .severalEvents, .eventFields, .noEventField: "verb-needs-events"
    case .noTrackedField, .noStages: "no-history"
    case .eventsTwice: "verb-needs-events"
    case .unknownEvents, .unknownStep: "unknown-relation"
    case .eventsOfSeveral: "verb-needs-events"
    case .dayExpected, .amountExpected, .measureExpected: "wrong-argument"
    case .stageExpected, .stagesDiffer, .stageCondition: "wrong-argument"
    case .optionOutOfRange: "option-out-of-range"
    case .columnAhead: "unknown-field"
    case .fieldOrColumn, .stageOrRelation: "ambiguous-name"
    case .asOfTwice: "as-of-day"
    case .eventFieldNeeded, .fieldNeeded: "verb-needs-field"
    case .fieldOfEvents: "unknown-field"
    case .outcomeExpected, .answerExpected: "wrong-argument"
    }
  }

  /// What was found and what was expected.
  var message: String {
    switch self {
    case .recordsExpected(let verb):
      "'\(verb.rawValue)' judges records, and its source has groups or a verb's rows"
    case .noEvents(let verb, let plural, let what, _):
      "'\(verb.rawValue)' looks for \(what) of \(plural), and no relation of theirs is known as such"
    case .severalEvents(let verb, let plural, let what, let relations, _):
      "'\(verb.rawValue)' looks for \(what) of \(plural), and several relations are such: "
        + relations.joined(separator: ", ")
    case .unknownEvents(let plural, let name, _, let relations):
      "\(plural) have no relation or field '\(name)'"
        + (relations.isEmpty ? "" : "; relations are \(relations.joined(separator: ", "))")
    case .eventFields(let verb, let found, let expected):
      "'\(verb.rawValue)' reads \(expected.joined(separator: " and ")) of its events, found"
        + " \(found == 0 ? "none" : "\(found)") after 'by'"
    case .dayExpected(let text, let type):
      "the first field after 'by' says when an event happened, a date or a time; '\(text)' is \(type)"
    case .amountExpected(let text, let type):
      "the second field after 'by' is added up, money or a number; '\(text)' is \(type)"
    case .measureExpected(let verb, let text, let type):
      "'\(verb.rawValue)' adds up money or a number; '\(text)' is \(type)"
    case .noEventField(let verb, let plural, let field):
      "'\(verb.rawValue)' reads the field '\(field)' of \(plural), which have none"
    case .noTrackedField(let verb, let plural):
      "'\(verb.rawValue)' looks for a choice of \(plural) whose changes are recorded, and finds none"
    case .optionOutOfRange(let option, let found, let expected):
      "'\(option)' takes \(expected), found '\(found)'"
    case .fieldOrColumn(let name, let verb, let record):
      "'\(name)' is a column of '\(verb.rawValue)' and a field of the \(record)"
    case .columnAhead(let name, let verb):
      "'\(name)' is a column that '\(verb.rawValue)' makes of the records its 'where' keeps"
    case .asOfTwice: "'as of' stands twice"
    case .eventsTwice(let verb, let name, let over):
      "'\(verb.rawValue)' has its events from 'of \(name)' and from 'over \(over)'"
    case .stageExpected(let text, let type):
      "a change is from a choice to a choice; '\(text)' is \(type)"
    case .stagesDiffer(let from, let to):
      "'\(from)' and '\(to)' have different choices, and a change is within one"
    case .noStages(let verb, let plural, _):
      "'\(verb.rawValue)' reads the history of a tracked choice, and \(plural) have none"
    case .unknownStep(let name, let plural, _, let stages, let relations):
      "'\(name)' is no step of \(plural)"
        + (stages.isEmpty ? "" : "; stages are \(stages.joined(separator: ", "))")
        + (relations.isEmpty ? "" : "; relations are \(relations.joined(separator: ", "))")
    case .stageOrRelation(let name): "'\(name)' is a stage and a relation"
    case .stageCondition(let name, let plural):
      "'\(name)' is a stage of \(plural), and a stage has no condition"
    case .eventsOfSeveral(let verb, let plural, let events, let owner, _):
      "'\(verb.rawValue)' follows each \(owner), and the \(events) of \(plural) are of several"
    case .fieldOfEvents(let plural, let name, let events, _):
      "\(plural) have no field '\(name)', and their \(events) have one"
    case .eventFieldNeeded(let verb, let plural, let field, _):
      "'\(verb.rawValue)' looks for a field '\(field)' of \(plural), which have none"
    case .outcomeExpected(let text, let type):
      "an outcome is a choice or a text of exceeded, met and disappointed; '\(text)' is \(type)"
    case .answerExpected(let text, let type): "an answer is a number; '\(text)' is \(type)"
    case .fieldNeeded(let verb, let plural, let what, _):
      "'\(verb.rawValue)' looks for \(what) of \(plural), which have none"
    }
  }

  /// Something to type instead.
  var hint: String? {
    switch self {
    case .recordsExpected(let verb): "'\(verb.example)'"
    case .noEvents(let verb, _, _, let candidate):
      candidate.map { "name them: '\($0)'" } ?? "'\(verb.example)'"
    case .severalEvents(_, _, _, _, let example): "name one: '\(example)'"
    case .unknownEvents(_, _, let near, _):
      near.isEmpty ? nil : "a close name is \(near.map { "'\($0)'" }.joined(separator: " or "))"
    case .eventFields(_, _, let expected): "'by \(expected.joined(separator: ", "))'"
    case .noTrackedField(let verb, _): "'\(verb.example)'"
    case .dayExpected, .amountExpected, .measureExpected, .noEventField, .optionOutOfRange: nil
    case .fieldOrColumn(let name, let verb, let record):
      "'\(verb.rawValue).\(name)' or '\(record).\(name)'"
    case .columnAhead(let name, let verb):
      "ask for it behind 'then': '\(verb.rawValue) … then where \(name) …'"
    case .asOfTwice: "leave one out"
    case .eventsTwice: "leave one out"
    case .noStages(_, _, let example): example.map { "'\($0)'" }
    case .unknownStep(_, _, let near, _, _):
      near.isEmpty ? nil : "a close name is \(near.map { "'\($0)'" }.joined(separator: " or "))"
    case .stageOrRelation(let name): "'\(name) where (yes)' is the relation"
    case .stageExpected, .stagesDiffer: nil
    case .stageCondition: "a condition on the records stands before 'through'"
    case .eventsOfSeveral(_, _, _, _, let example): "'\(example)'"
    case .fieldOfEvents(_, _, _, let moved): "'\(moved)'"
    case .eventFieldNeeded(_, _, _, let written): "name it: '\(written)'"
    case .outcomeExpected, .answerExpected: nil
    case .fieldNeeded(_, _, _, let hint): hint
    }
  }
}
