import Store
import Syntax

/// A condition in English, as it stands behind the records that meet it: `in intensive care`,
/// `whose value is over 10k`, `without orders in the last 60 days`. What has no phrase of its own
/// stays as written, behind `where`.
struct ConditionPhrase {
  let catalog: Catalog
  /// The entity of the rows; nil for groups.
  let entity: EntityID?
  /// What the condition is otherwise called.
  let words: RowFunnelWords

  /// The phrase of a condition.
  func phrase(of condition: BoundCondition) -> String {
    switch condition.origin {
    case .filter(let written): phrase(of: written)
    case .window(let window): phrase(of: window)
    case .segment(let name): "in segment \(Formatter.name(name))"
    case .presence(let day):
      "that were there on \(ExpressionText.text(.word(Int64(day)), .date))"
    case .last: "of the last answer"
    case nil: words.clause(condition)
    }
  }

  /// The phrase of a written condition.
  func phrase(of expression: Expression) -> String {
    own(expression) ?? "where \(Formatter.format(expression))"
  }

  private func own(_ expression: Expression) -> String? {
    switch expression.kind {
    case .comparison(let sign, let left, let right): return compared(left, sign, right)
    case .textTest(let operation, let tested, let sought):
      return whose(tested).map { "\($0) \(verb(operation)) \(Formatter.format(sought))" }
    case .membership(let tested, let isNegated, let items):
      let list = items.map(value).joined(separator: isNegated ? " nor " : " or ")
      if isTracked(tested) { return isNegated ? "neither in \(list)" : "in \(list)" }
      return whose(tested).map { "\($0) is \(isNegated ? "neither " : "")\(list)" }
    case .between(let tested, let low, let high):
      return whose(tested).map { "\($0) is between \(value(low)) and \(value(high))" }
    case .knownTest(let tested, let isKnown):
      return whose(tested).map { "\($0) is \(isKnown ? "known" : "unknown")" }
    case .windowTest(let tested, let window):
      return whose(tested).map { "\($0) is \(phrase(of: window))" }
    case .path(let names): return flag(names).map { "that are \($0)" }
    case .not(let operand):
      guard case .path(let names) = operand.kind else { return nil }
      return flag(names).map { "that are not \($0)" }
    case .logical(let operation, let operands):
      // Mixed with another operator the brackets say more than any phrase.
      let isFlat = operands.allSatisfy { if case .logical = $0.kind { false } else { true } }
      guard isFlat else { return nil }
      let phrases = operands.compactMap(own)
      guard phrases.count == operands.count else { return nil }
      return phrases.joined(separator: operation == .and ? " and " : ", or ")
    case .has(let test): return has(test)
    case .rankTest(let test):
      let per = test.per.isEmpty ? "" : " of each \(listed(test.per.map(name), "and"))"
      return "in the \(test.isTop ? "top" : "bottom") \(Formatter.format(test.share)) by"
        + " \(name(test.by))\(per)"
    case .was(let tested, let was, let window):
      return whose(tested).map { "\($0) was \(value(was)) \(phrase(of: window))" }
    case .segmentTest(let test) where test.subject == nil: return segment(test)
    default: return nil
    }
  }

  // MARK: comparisons

  private func compared(
    _ left: Expression, _ sign: ComparisonOperator, _ right: Expression
  ) -> String? {
    if isTracked(left), case .path = right.kind {
      if sign == .equal { return "in \(value(right))" }
      if sign == .notEqual { return "not in \(value(right))" }
    }
    return whose(left).map { whose in
      "\(whose) is \(words(for: sign, isMoment: isMoment(right)))\(value(right))"
    }
  }

  private func words(for sign: ComparisonOperator, isMoment: Bool) -> String {
    switch sign {
    case .equal: ""
    case .notEqual: "not "
    case .less: isMoment ? "before " : "below "
    case .lessOrEqual: isMoment ? "not after " : "at most "
    case .greater: isMoment ? "after " : "over "
    case .greaterOrEqual: isMoment ? "not before " : "at least "
    }
  }

  private func isMoment(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .date, .point, .counted: true
    default: false
    }
  }

  private func verb(_ operation: TextOperator) -> String {
    switch operation {
    case .contains: "contains"
    case .startsWith: "starts with"
    case .endsWith: "ends with"
    case .hasWord: "has the word"
    case .like: "is like"
    case .matches: "matches"
    }
  }

  // MARK: related records

  private func has(_ test: HasTest) -> String? {
    guard test.next == nil, let records = related(test.first) else { return nil }
    switch test.quantity {
    case .some: return "with \(records)"
    case .none: return "without \(records)"
    case .atLeast(let count): return "with at least \(value(count)) \(records)"
    case .atMost(let count): return "with at most \(value(count)) \(records)"
    case .exactly(let count): return "with exactly \(value(count)) \(records)"
    case .moreThan(let count): return "with more than \(value(count)) \(records)"
    case .fewerThan(let count): return "with fewer than \(value(count)) \(records)"
    }
  }

  private func related(_ records: RelatedRecords) -> String? {
    var phrase = records.path.map(\.text).joined(separator: ".")
    if let window = records.window { phrase += " \(self.phrase(of: window))" }
    if let filter = records.filter {
      let inner = ConditionPhrase(catalog: catalog, entity: nil, words: words)
      phrase += " \(inner.phrase(of: filter))"
    }
    return phrase
  }

  private func segment(_ test: SegmentTest) -> String {
    let name = "segment \(Formatter.name(test.segment.text))"
    switch test.kind {
    case .member: return "in \(name)"
    case .was(let day): return "that were in \(name) on \(value(day))"
    case .entered(let window): return "that entered \(name) \(phrase(of: window))"
    case .left(let window): return "that left \(name) \(phrase(of: window))"
    }
  }

  // MARK: names and values

  /// A window, with the article of its period: `in the last 60 days`.
  func phrase(of window: Window) -> String {
    switch window.kind {
    case .inside(let period): "in \(value(period))"
    case .since(let point): "since \(value(point))"
    case .before(let point): "before \(value(point))"
    case .after(let point): "after \(value(point))"
    case .until(let point): "until \(value(point))"
    case .on(let point): "on \(value(point))"
    case .between(let low, let high): "between \(value(low)) and \(value(high))"
    }
  }

  /// `whose value`; nil for what is more than a name or a call.
  private func whose(_ tested: Expression) -> String? {
    switch tested.kind {
    case .path, .call: "whose \(name(tested))"
    default: nil
    }
  }

  /// A flag as an adjective: `contactable`, `open` for `is_open`.
  private func flag(_ names: [Name]) -> String? {
    guard names.count == 1, let first = names.first else { return nil }
    let word = first.text.hasPrefix("is_") ? String(first.text.dropFirst(3)) : first.text
    return spaced(word)
  }

  private func name(_ expression: Expression) -> String { Formatter.format(expression) }

  /// A value as one says it: the names of choices with spaces, periods with their article.
  private func value(_ expression: Expression) -> String {
    switch expression.kind {
    case .path(let names) where names.count == 1 && !names[0].isQuoted: return spaced(names[0].text)
    case .period(.last), .period(.next): return "the \(Formatter.format(expression))"
    default: return Formatter.format(expression)
    }
  }

  private func spaced(_ name: String) -> String {
    name.split(separator: "_").joined(separator: " ")
  }

  private func listed(_ names: [String], _ word: String) -> String {
    EnglishList.text(names, word)
  }

  /// Whether it is the choice whose changes are recorded: a record is in it.
  private func isTracked(_ expression: Expression) -> Bool {
    guard case .path(let names) = expression.kind, names.count == 1, let entity,
      let tracked = TrackedField(of: entity, in: catalog)
    else { return false }
    return Folding.fold(names[0].text) == catalog[entity][tracked.field].name
  }
}

/// Words in a row.
enum EnglishList {
  /// `a`, `a and b`, `a, b and c`
  static func text(_ words: [String], _ last: String = "and") -> String {
    guard let end = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(last) " + end
  }

  /// A small number as a word.
  static func count(_ number: Int) -> String {
    let words = [
      "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ]
    return words.indices.contains(number) ? words[number] : "\(number)"
  }
}
