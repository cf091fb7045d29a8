// Windows, periods, points in time and durations.

extension Parser {
  /// `window`: `in PERIOD`, `since P`, `before P`, `after P`, `until P`, `on P` or
  /// `between P and P`.
  ///
  /// - Parameter tested: The expression the window is said of, for the wording of an error.
  mutating func parseWindow(testing tested: Expression? = nil) throws(Halt) -> Window {
    let start = index
    let word = current.keyword
    advance()
    let kind: Window.Kind
    switch word {
    case .since: kind = .since(try parseWindowOperand())
    case .before: kind = .before(try parseWindowOperand())
    case .after: kind = .after(try parseWindowOperand())
    case .until: kind = .until(try parseWindowOperand())
    case .on: kind = .on(try parseWindowOperand())
    case .between:
      let lower = try parseWindowOperand()
      try require(.and)
      kind = .between(lower, try parseWindowOperand())
    default: kind = .inside(try parseInside(testing: tested))
    }
    return Window(kind, range: range(from: start))
  }

  /// `inside`: what may follow `in` in a window: a period, a year or a parameter.
  mutating func parseInside(testing tested: Expression? = nil) throws(Halt) -> Expression {
    notePeriods()
    if isAtPeriod { return try parsePeriod() }
    let token = current
    if let year = year(of: token) {
      advance()
      return try make(.period(.year(year)), from: token.range.lowerBound)
    }
    if token.kind == .parameter { return try parsePrimary() }
    throw notPeriod(tested)
  }

  /// `windowOperand`: a period, or a point as a date expression; four digits are a year.
  mutating func parseWindowOperand() throws(Halt) -> Expression {
    notePeriods()
    if isAtPeriod { return try parsePeriod() }
    let token = current
    let operand = try parseSum()
    if case .number = operand.kind, let year = year(of: token) {
      return Expression(.period(.year(year)), range: operand.range)
    }
    return operand
  }

  /// `period`: `2026-01`, `Q3 2025`, `last 30 days`, `last 3 whole months`, `next 14 days`,
  /// `last month`, `this quarter`, `next week`.
  mutating func parsePeriod() throws(Halt) -> Expression {
    let token = current
    let start = token.range.lowerBound
    advance()
    if token.kind == .month { return try make(.period(month(of: token)), from: start) }
    if let quarter = token.keyword?.quarter {
      let year = year(of: current) ?? 1
      advance()
      return try make(.period(.quarter(quarter, year: year)), from: start)
    }
    let shift: PeriodShift =
      token.keyword == .last ? .last : token.keyword == .next ? .next : .this
    guard shift != .this, current.kind == .number || current.kind == .parameter else {
      let unit = try singularUnit(after: shift.rawValue)
      return try make(.period(.unit(shift, unit)), from: start)
    }
    if current.kind == .parameter { return try countedPeriod(shift, from: start) }
    let count = try unitCount()
    let isWhole = shift == .last && accept(.whole)
    let unit = try unit(for: count, allowsQuarters: true)
    let period: Period = shift == .last ? .last(count, unit, isWhole: isWhole) : .next(count, unit)
    return try make(.period(period), from: start)
  }

  /// `last $n days`, `next $n months`, from the parameter on.
  private mutating func countedPeriod(
    _ shift: PeriodShift, from start: Int
  ) throws(Halt) -> Expression {
    let count = parameterName(current)
    advance()
    let isWhole = shift == .last && accept(.whole)
    let unit = try unit(for: 2, allowsQuarters: true)
    let kind: CountedTime.Kind = shift == .last ? .last(isWhole: isWhole) : .next
    return try make(.counted(CountedTime(kind, count: count, unit: unit)), from: start)
  }

  /// `duration`: `5 days`; with `ago` or `from now` behind it, a point.
  mutating func parseDuration() throws(Halt) -> Expression {
    let span = try parseSpan()
    if isAt(.ago) || current.keyword == .from && following.keyword == .now {
      return try parseRelativePoint(span)
    }
    note(words: ["from now"])
    return span
  }

  /// `span`: `5 days`, `1 week`, `$n months`.
  mutating func parseSpan() throws(Halt) -> Expression {
    let start = current.range.lowerBound
    if current.kind == .parameter {
      let count = parameterName(current)
      advance()
      let unit = try unit(for: 2, allowsQuarters: false)
      return try make(.counted(CountedTime(.duration, count: count, unit: unit)), from: start)
    }
    let count = try unitCount()
    let unit = try unit(for: count, allowsQuarters: false)
    return try make(.duration(count, unit), from: start)
  }

  /// Whether a parameter with a unit behind it stands at the token `place`.
  func isAtCountedTime(_ place: Int) -> Bool {
    let next = tokens[min(place + 1, tokens.count - 1)]
    return tokens[place].kind == .parameter && (next.keyword?.unit != nil || isSlipUnit(next))
  }

  /// `relativePoint`: `ago` or `from now` after a duration.
  mutating func parseRelativePoint(_ span: Expression) throws(Halt) -> Expression {
    let isAgo = accept(.ago)
    if !isAgo {
      advance()
      advance()
    }
    let start = span.range.lowerBound
    switch span.kind {
    case .duration(let count, let unit):
      return try make(.point(isAgo ? .ago(count, unit) : .fromNow(count, unit)), from: start)
    case .counted(var time):
      time.kind = isAgo ? .ago : .fromNow
      return try make(.counted(time), from: start)
    default: return span
    }
  }

  /// `day`: a date expression; a period is an error that offers a day of it.
  mutating func parseDay(after word: String) throws(Halt) -> Expression {
    let operand = try parseWindowOperand()
    if case .period(let period) = operand.kind {
      let day = period.lastDaySpelling
      let fixes = day.map { [Fix(operand.range, $0)] } ?? []
      report(.periodAsDay(word, spelling(operand.range), day: day), at: operand.range, fixes)
    } else if case .counted(let time) = operand.kind, time.isPeriod {
      report(.periodAsDay(word, spelling(operand.range), day: nil), at: operand.range)
    }
    return operand
  }

  /// `point`: `today`, `yesterday`, `start of month`, `end of last quarter`.
  mutating func parsePoint() throws(Halt) -> Expression {
    let token = current
    let start = token.range.lowerBound
    advance()
    if token.keyword == .today { return try make(.point(.today), from: start) }
    if token.keyword == .yesterday { return try make(.point(.yesterday), from: start) }
    advance()
    var shift = PeriodShift.this
    note([.last, .next, .this])
    switch current.keyword {
    case .last: shift = .last
    case .next: shift = .next
    case .this: break
    default:
      let unit = try singularUnit(after: "of")
      return try make(.point(.edge(isStart: token.keyword == .start, .this, unit)), from: start)
    }
    advance()
    let unit = try singularUnit(after: shift.rawValue)
    return try make(.point(.edge(isStart: token.keyword == .start, shift, unit)), from: start)
  }

  /// Whether a window begins here.
  var isAtWindow: Bool {
    switch current.keyword {
    case .in: isPeriodAhead(at: index + 1) || following.kind != .open
    case .since, .before, .after, .until, .on, .between: true
    default: false
    }
  }

  /// Whether a period other than a bare year begins here.
  var isAtPeriod: Bool { isPeriodAhead(at: index) }

  /// Whether a period other than a bare year begins at the token `place`.
  func isPeriodAhead(at place: Int) -> Bool {
    let token = tokens[min(place, tokens.count - 1)]
    let next = tokens[min(place + 1, tokens.count - 1)]
    if token.kind == .month { return true }
    switch token.keyword {
    case .last, .next:
      if next.kind == .parameter { return isAtCountedPeriod(place + 1) }
      return next.kind == .number || next.keyword?.unit != nil || isSlipUnit(next)
    case .this: return next.keyword?.unit != nil || isSlipUnit(next)
    case .q1, .q2, .q3, .q4: return year(of: next) != nil
    default: return false
    }
  }

  /// Whether a parameter with a unit, or with `whole` and a unit, stands at the token `place`.
  private func isAtCountedPeriod(_ place: Int) -> Bool {
    let next = min(place + 1, tokens.count - 1)
    return isAtCountedTime(place) || tokens[next].keyword == .whole
  }

  /// The year that four plain digits spell.
  func year(of token: Token) -> Int? {
    guard token.kind == .number, token.range.upperBound - token.range.lowerBound == 4 else {
      return nil
    }
    var year = 0
    for byte in bytes[token.range.lowerBound..<token.range.upperBound] {
      guard byte.isASCIIDigit else { return nil }
      year = year * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return year > 0 ? year : nil
  }

  private func month(of token: Token) -> Period {
    let start = token.range.lowerBound
    let digits = bytes[start..<token.range.upperBound].filter(\.isASCIIDigit)
    let value = digits.prefix(6).reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return .month(min(max(value % 100, 1), 12), year: value / 100)
  }

  /// The count before a calendar unit.
  private mutating func unitCount() throws(Halt) -> Int64 {
    let token = current
    advance()
    let literal = number(of: token)
    if literal.decimals != 0 {
      report(.notWhole(spelling(token.range)), at: token.range)
    } else if literal.unscaled > Self.unitCountMax {
      report(.countOutOfRange(spelling(token.range), max: Self.unitCountMax), at: token.range)
    }
    return literal.unscaled
  }

  /// The largest count of days, weeks, months or years: the days from year 1 to year 9999.
  package static let unitCountMax: Int64 = 3_652_059

  /// The unit that follows a count, in the number the count asks for.
  private mutating func unit(
    for count: Int64, allowsQuarters: Bool
  ) throws(Halt) -> DurationUnit {
    let words: [Keyword] =
      count == 1 ? [.day, .week, .month, .year] : [.days, .weeks, .months, .years]
    note(words)
    if allowsQuarters { note([count == 1 ? .quarter : .quarters]) }
    let token = current
    guard let (unit, isPlural) = token.keyword?.unit ?? slipUnit(token) else {
      throw unexpected("'\(words.map(\.rawValue).joined(separator: "', '"))'")
    }
    advance()
    let right = unit.rawValue + (count == 1 ? "" : "s")
    if unit == .quarter, !allowsQuarters {
      let months = "\(count * 3) months"
      let whole = tokens[index - 2].range.union(token.range)
      report(.quarterDuration(months), at: token.range, [Fix(whole, months)])
    } else if isPlural == (count == 1) || token.keyword?.unit == nil {
      report(
        .unitNumber(spelling(token.range), right: right), at: token.range,
        [Fix(token.range, right)])
    }
    return unit
  }

  /// The unit after `last`, `this`, `next` or `of`, in the singular.
  private mutating func singularUnit(after word: String) throws(Halt) -> DurationUnit {
    note([.day, .week, .month, .quarter, .year])
    let token = current
    guard let (unit, isPlural) = token.keyword?.unit ?? slipUnit(token) else {
      throw unexpected("'day', 'week', 'month', 'quarter' or 'year' after '\(word)'")
    }
    advance()
    if isPlural || token.keyword?.unit == nil {
      report(
        .unitNumber(spelling(token.range), right: unit.rawValue), at: token.range,
        [Fix(token.range, unit.rawValue)])
    }
    return unit
  }

  /// Whether a word is a mistyped calendar unit.
  func isSlipUnit(_ token: Token) -> Bool {
    slipUnit(token) != nil
  }

  /// The unit that a word is a slip for; only words that are no keyword, and long enough not to be
  /// near by chance.
  private func slipUnit(_ token: Token) -> (unit: DurationUnit, isPlural: Bool)? {
    guard token.kind == .word, token.keyword == nil,
      token.range.upperBound - token.range.lowerBound >= 4
    else { return nil }
    let near = NearNames.nearest(to: spelling(token.range), among: Self.unitWords)
    return near.first.flatMap { Keyword(word: $0)?.unit }
  }

  private static let unitWords = Keyword.allCases.filter { $0.unit != nil }.map(\.rawValue)
}

extension Period {
  /// The last day of the period as it may be written, where that is plain.
  fileprivate var lastDaySpelling: String? {
    switch self {
    case .year(let year): "\(DateLiteral.padded(year, 4))-12-31"
    case .quarter(let quarter, let year):
      "\(DateLiteral.padded(year, 4))-\(["03-31", "06-30", "09-30", "12-31"][(quarter - 1) & 3])"
    case .unit(let shift, let unit):
      "end of " + (shift == .this ? "" : "\(shift.rawValue) ") + unit.rawValue
    case .month, .last, .next: nil
    }
  }
}
