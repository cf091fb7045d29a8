extension Formatter {
  /// How tightly an expression binds; one in a tighter place needs brackets.
  private enum Binding: Int, Comparable {
    case expression, logical, negation, condition, sum, product, factor, primary

    static func < (left: Binding, right: Binding) -> Bool { left.rawValue < right.rawValue }
  }

  /// Writes an expression, with a space before it.
  mutating func write(_ expression: Expression) {
    write(expression, in: .expression)
  }

  /// Writes a value: a condition stands in brackets.
  mutating func writeValue(_ expression: Expression) {
    write(expression, in: .sum)
  }

  /// Writes expressions with commas between them.
  mutating func writeListed(_ expressions: [Expression]) {
    for (place, expression) in expressions.enumerated() {
      if place > 0 { output += "," }
      write(expression)
    }
  }

  /// Writes a window.
  mutating func write(_ window: Window) {
    switch window.kind {
    case .inside(let period): write("in", period)
    case .since(let point): write("since", point)
    case .before(let point): write("before", point)
    case .after(let point): write("after", point)
    case .until(let point): write("until", point)
    case .on(let point): write("on", point)
    case .between(let lower, let upper):
      write("between", lower)
      write("and", upper)
    }
  }

  private mutating func write(_ word: String, _ operand: Expression) {
    self.word(word)
    write(operand, in: .sum)
  }

  private mutating func write(_ expression: Expression, in place: Binding) {
    if Self.binding(of: expression) < place {
      bracket(expression)
    } else {
      writePlain(expression)
    }
  }

  /// Writes an expression in brackets.
  mutating func bracket(_ expression: Expression) {
    word("(")
    inBrackets { $0.writePlain(expression) }
    output += ")"
  }

  /// Writes what stands in brackets, which no `and` behind them reaches.
  private mutating func inBrackets(_ body: (inout Formatter) -> Void) {
    let outer = isBeforeLogical
    isBeforeLogical = false
    body(&self)
    isBeforeLogical = outer
  }

  /// Writes what a condition is said of; what a field was on a day needs no brackets there.
  mutating func writeTested(_ expression: Expression) {
    if case .windowTest(let field, let window) = expression.kind, case .on = window.kind {
      write(field, in: .sum)
      write(window)
    } else {
      write(expression, in: .sum)
    }
  }

  private static func binding(of expression: Expression) -> Binding {
    switch expression.kind {
    case .unknown: .expression
    case .logical: .logical
    case .not: .negation
    case .comparison, .textTest, .membership, .between, .knownTest, .windowTest, .rankTest, .has,
      .was, .changed, .segmentTest:
      .condition
    case .arithmetic(.add, _, _), .arithmetic(.subtract, _, _): .sum
    case .arithmetic: .product
    case .negation: .factor
    case .number, .text, .date, .duration, .flag, .point, .period, .parameter, .path, .call,
      .outer, .it, .all, .standard, .counted, .columnOfQuery:
      .primary
    }
  }

  private mutating func writePlain(_ expression: Expression) {
    switch expression.kind {
    case .number(let literal): word(literal.spelling)
    case .text(let text): word(Self.quoted(text))
    case .date(let date): word(date.spelling)
    case .duration(let count, let unit): word(Self.counted(count, unit))
    case .flag(let flag): word(flag ? "yes" : "no")
    case .unknown: word("unknown")
    case .point(let point): word(Self.spelled(point))
    case .period(let period): word(Self.spelled(period))
    case .parameter(let name): word("$\(name.text)")
    case .path(let names): word(Self.spelled(path: names))
    case .negation(let operand):
      word("-")
      let rest = Self.format { $0.write(operand, in: .factor) }
      output += rest.utf8.first == UInt8(ascii: "-") ? " " + rest : rest
    case .arithmetic(let operation, let left, let right):
      let isSum = operation == .add || operation == .subtract
      write(left, in: isSum ? .sum : .product)
      word(operation.rawValue)
      write(right, in: isSum ? .product : .factor)
    case .call(let call): inBrackets { $0.write(call) }
    case .outer(let names): word(Self.spelled(path: names, after: "outer"))
    case .it(let names): word(Self.spelled(path: names, after: "it"))
    case .all(let entity, let names):
      word("all \(Self.spelled(path: names, after: Self.spelled(plain: entity.text)))")
    case .standard(let name): word("standard \(Self.spelled(plain: name.text))")
    case .counted(let time): word(Self.spelled(time))
    case .columnOfQuery(let query, let column):
      word("(")
      inBrackets { $0.write(query, countsBy: false) }
      output += ").\(Self.name(column.text))"
    default: writeCondition(expression)
    }
  }

  private mutating func writeCondition(_ expression: Expression) {
    switch expression.kind {
    case .comparison(let operation, let left, let right):
      writeTested(left)
      word(operation.rawValue)
      write(right, in: .sum)
    case .textTest(let operation, let left, let right):
      writeTested(left)
      word(operation.rawValue)
      write(right, in: .sum)
    case .membership(let operand, let isNegated, let values):
      writeTested(operand)
      word(isNegated ? "not in (" : "in (")
      inBrackets { $0.writeListed(values) }
      output += ")"
    case .between(let operand, let lower, let upper):
      writeTested(operand)
      write("between", lower)
      write("and", upper)
    case .knownTest(let operand, let isKnown):
      writeTested(operand)
      word(isKnown ? "is known" : "is unknown")
    case .windowTest(let operand, let window):
      write(operand, in: .sum)
      write(window)
    case .rankTest(let test):
      word(test.isTop ? "in top" : "in bottom")
      write(test.share)
      write("by", test.by)
      for key in test.per { write("per", key) }
    case .not(let operand):
      word("not")
      write(operand, in: .negation)
    case .has(let test): write(test)
    case .was(let operand, let value, let window):
      write(operand, in: .sum)
      word("was")
      write(value, in: .sum)
      write(window)
    case .changed(let test): write(test)
    case .segmentTest(let test): write(test)
    case .logical(let operation, let operands):
      let outer = isBeforeLogical
      for (place, operand) in operands.enumerated() {
        if place > 0 { word(operation.rawValue) }
        isBeforeLogical = outer || place + 1 < operands.count
        write(operand, in: .negation)
      }
      isBeforeLogical = outer
    default: break
    }
  }

  private mutating func write(_ call: Call) {
    word("\(call.name.text)(")
    if call.isDistinct { word("distinct") }
    for (place, argument) in call.arguments.enumerated() {
      if place > 0 { output += "," }
      if place == 0, Parser.takesWindow(call.name.text) {
        writeValue(argument)
      } else {
        write(argument, before: place == call.arguments.count - 1 ? call.per : [])
      }
      if place == 0, let window = call.window { write(window) }
    }
    if let filter = call.filter {
      word("where")
      write(filter, before: call.per)
    }
    if !call.per.isEmpty {
      word("per")
      writeListed(call.per)
    }
    output += ")"
  }

  /// Writes an expression that keys follow after `per`, in brackets if it would take them.
  private mutating func write(_ expression: Expression, before per: [Expression]) {
    if !per.isEmpty, Self.takesPer(expression) {
      bracket(expression)
    } else {
      write(expression)
    }
  }

  /// Whether an expression ends in a rank test, which takes a `per` that follows.
  private static func takesPer(_ expression: Expression) -> Bool {
    switch expression.kind {
    case .rankTest(let test): test.per.isEmpty
    case .has(let test): test.lastFilter.map(takesPer) ?? false
    case .not(let operand): takesPer(operand)
    case .logical(_, let operands): operands.last.map(takesPer) ?? false
    default: false
    }
  }

  private static func format(_ body: (inout Formatter) -> Void) -> String {
    var formatter = Formatter()
    body(&formatter)
    return formatter.output
  }

  /// A path. A single name keeps its backticks: they make it a field where a bare word would be a
  /// choice.
  private static func spelled(path names: [Name]) -> String {
    if names.count == 1, names[0].isQuoted { return "`\(names[0].text)`" }
    return names.map { name($0.text) }.joined(separator: ".")
  }

  private static func spelled(path names: [Name], after first: String) -> String {
    ([first] + names.map { name($0.text) }).joined(separator: ".")
  }

  private static func counted(_ count: Int64, _ unit: DurationUnit) -> String {
    "\(count) \(unit.rawValue)" + (count == 1 ? "" : "s")
  }

  private static func spelled(_ point: Point) -> String {
    switch point {
    case .today: "today"
    case .yesterday: "yesterday"
    case .ago(let count, let unit): "\(counted(count, unit)) ago"
    case .fromNow(let count, let unit): "\(counted(count, unit)) from now"
    case .edge(let isStart, let shift, let unit):
      (isStart ? "start of " : "end of ") + (shift == .this ? "" : "\(shift.rawValue) ")
        + unit.rawValue
    }
  }

  private static func spelled(_ period: Period) -> String {
    switch period {
    case .year(let year): return DateLiteral.padded(year, 4)
    case .quarter(let quarter, let year): return "Q\(quarter) \(DateLiteral.padded(year, 4))"
    case .month(let month, let year):
      return "\(DateLiteral.padded(year, 4))-\(DateLiteral.padded(month, 2))"
    case .last(let count, let unit, let isWhole):
      let words = counted(count, unit)
      guard isWhole, let space = words.firstIndex(of: " ") else { return "last \(words)" }
      return "last \(words[..<space]) whole\(words[space...])"
    case .next(let count, let unit): return "next \(counted(count, unit))"
    case .unit(let shift, let unit): return "\(shift.rawValue) \(unit.rawValue)"
    }
  }
}
