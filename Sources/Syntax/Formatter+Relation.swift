extension Formatter {
  /// Writes a condition about related records.
  mutating func write(_ test: HasTest) {
    word("has")
    if case .none = test.quantity { word("no") }
    if let (words, count) = Self.counted(test.quantity) {
      word(words)
      write(count)
    }
    guard let next = test.next else { return write(test.first, before: .end) }
    write(test.first, before: .sequence)
    word(next.isNegated ? "not followed by" : "followed by")
    write(next.records, before: next.within == nil ? .end : .within)
    if let within = next.within {
      word("within")
      write(within)
    }
  }

  private static func counted(_ quantity: Quantity) -> (String, Expression)? {
    switch quantity {
    case .some, .none: nil
    case .atLeast(let count): ("at least", count)
    case .atMost(let count): ("at most", count)
    case .exactly(let count): ("exactly", count)
    case .moreThan(let count): ("more than", count)
    case .fewerThan(let count): ("fewer than", count)
    }
  }

  /// What follows the related records of a test.
  private enum RelatedEnd {
    case end, sequence, within
  }

  /// Writes related records. Their condition stands in brackets where it would read two ways
  /// without: where it joins several, where an `and` or `or` behind it is not meant for it, and
  /// where a sequence may belong to it or to what is around it.
  private mutating func write(_ records: RelatedRecords, before next: RelatedEnd) {
    word(records.path.map { Self.name($0.text) }.joined(separator: "."))
    if let window = records.window { write(window) }
    guard let filter = records.filter else { return }
    word("where")
    var needsBrackets = next == .end && isBeforeLogical
    if case .logical = filter.kind { needsBrackets = true }
    if let test = filter.openTest, test.next != nil || next == .sequence { needsBrackets = true }
    if needsBrackets { bracket(filter) } else { write(filter) }
  }

  /// Writes what a field changed from and to, and when.
  mutating func write(_ test: ChangedTest) {
    writeValue(test.subject)
    word("changed")
    if let from = test.from {
      word("from")
      writeValue(from)
    }
    if let to = test.to {
      word("to")
      writeValue(to)
    }
    if let window = test.window { write(window) }
  }

  /// Writes who is, was, came into or left a segment.
  mutating func write(_ test: SegmentTest) {
    if let subject = test.subject { writeValue(subject) }
    let name = Self.name(test.segment.text)
    switch test.kind {
    case .member: word("in segment \(name)")
    case .was(let day):
      word("was in segment \(name) on")
      writeValue(day)
    case .entered(let window):
      word("entered segment \(name)")
      write(window)
    case .left(let window):
      word("left segment \(name)")
      write(window)
    }
  }

  /// Writes a name in a place where a word that the language knows would not be read as one.
  static func spelled(plain text: String) -> String {
    Keyword(word: text) == nil ? name(text) : "`\(text)`"
  }

  /// A time whose count is a parameter.
  static func spelled(_ time: CountedTime) -> String {
    let unit = "\(time.unit.rawValue)s"
    return switch time.kind {
    case .duration: "$\(time.count.text) \(unit)"
    case .ago: "$\(time.count.text) \(unit) ago"
    case .fromNow: "$\(time.count.text) \(unit) from now"
    case .last(let isWhole): "last $\(time.count.text) \(isWhole ? "whole " : "")\(unit)"
    case .next: "next $\(time.count.text) \(unit)"
    }
  }

  /// Whether an expression ends in `changed`, which takes a `to` that follows.
  static func takesTo(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .changed(let test): test.to == nil && test.window == nil
    case .has(let test): test.lastFilter.map(takesTo) ?? false
    case .not(let operand): takesTo(operand)
    case .logical(_, let operands): operands.last.map(takesTo) ?? false
    default: false
    }
  }
}

extension Expression {
  /// The test of related records that the expression is, or negates.
  fileprivate var openTest: HasTest? {
    switch kind {
    case .not(let operand): operand.openTest
    case .has(let test): test
    default: nil
    }
  }
}

extension HasTest {
  /// The condition that the test ends with, if it ends with one.
  var lastFilter: Expression? {
    guard let next else { return first.filter }
    return next.within == nil ? next.records.filter : nil
  }
}
