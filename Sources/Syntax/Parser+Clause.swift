// The clauses of a round.

extension Parser {
  /// `asOf`: `as of D`.
  mutating func parseAsOf() throws(Halt) -> AsOfClause {
    let start = index
    advance()
    advance()
    return AsOfClause(day: try parseDay(after: "as of"), range: range(from: start))
  }

  /// `filter`: `where C`.
  mutating func parseFilter() throws(Halt) -> FilterClause {
    let start = index
    advance()
    try requireContent(of: "where", "a condition")
    let condition = try parseExpression()
    return FilterClause(condition: condition, range: range(from: start))
  }

  /// `group`: `group by K [as n], … [across K]`.
  mutating func parseGroup() throws(Halt) -> GroupClause {
    let start = index
    advance()
    requireBy()
    let keys = try namedExpressions(of: "group by", "a key")
    let across = try acrossIfAny()
    return GroupClause(keys: keys, across: across, range: range(from: start))
  }

  /// `countGroup`: `by K [as n], … [across K]` of a `count`.
  mutating func parseCountGroup() throws(Halt) -> GroupClause {
    let start = index
    advance()
    let keys = try namedExpressions(of: "by", "a key")
    let across = try acrossIfAny()
    return GroupClause(keys: keys, across: across, range: range(from: start))
  }

  private mutating func acrossIfAny() throws(Halt) -> NamedExpression? {
    isAt(.across) ? try parseAcross() : nil
  }

  /// `across`: `across K [as n]`.
  mutating func parseAcross() throws(Halt) -> NamedExpression {
    advance()
    try requireContent(of: "across", "a key")
    return try parseNamedExpression()
  }

  /// `show`: `show E [as n], … [with total]`.
  mutating func parseShow() throws(Halt) -> ShowClause {
    let start = index
    advance()
    var show = ShowClause(
      columns: try namedExpressions(of: "show", "a field or an expression"),
      range: range(from: start))
    let word = index
    note(words: ["with total"])
    if accept(.with) {
      try require(.total)
      show.totalRange = range(from: word)
      show.range = range(from: start)
    }
    return show
  }

  /// `order`: `order by K [desc], …`.
  mutating func parseOrder() throws(Halt) -> OrderClause {
    let start = index
    advance()
    requireBy()
    var keys: [OrderClause.Key] = []
    repeat {
      try requireContent(of: "order by", "a field or an expression")
      let expression = try parseExpression()
      let isDescending = accept(.desc) || mendDirection()
      keys.append(OrderClause.Key(expression, isDescending: isDescending))
    } while accept(.comma)
    return OrderClause(.by(keys), range: range(from: start))
  }

  /// `ranked`: `top N by E [per K, …]` or `bottom N by …`.
  mutating func parseRanked() throws(Halt) -> OrderClause {
    let start = index
    let isTop = current.keyword == .top
    let word = isTop ? "top" : "bottom"
    advance()
    let count = try rankedCount(word)
    if count.range.lowerBound < count.range.upperBound || current.keyword == .by { requireBy() }
    try requireContent(of: "\(word) … by", "a field or an expression")
    let by = try parseSum()
    var per: [Expression] = []
    if accept(.per) {
      per = try expressions("a key after 'per'")
    }
    return OrderClause(
      .ranked(isTop: isTop, count: count, by: by, per: per), range: range(from: start))
  }

  /// `sample`: `sample N|P% [seed S]`.
  mutating func parseSample() throws(Halt) -> SampleClause {
    let start = index
    advance()
    let amount = try countOrParameter("a number or a percentage of rows", allowsPercent: true)
    var seed: Expression?
    if accept(.seed) { seed = try countOrParameter("a whole number") }
    return SampleClause(amount: amount, seed: seed, range: range(from: start))
  }

  /// `limit`: `limit N [offset M]`.
  mutating func parseLimit() throws(Halt) -> LimitClause {
    let start = index
    advance()
    var count = try countOrParameter("a number of rows")
    var offset: Expression?
    if accept(.offset) {
      offset = try countOrParameter("a number of rows")
    } else if current.kind == .comma, following.kind == .number {
      offset = count
      advance()
      count = try countOrParameter("a number of rows")
      mendLimit(count, offset, from: start)
    }
    return LimitClause(count: count, offset: offset, range: range(from: start))
  }

  /// `into`: `into "file" [replace|append]`.
  mutating func parseInto() throws(Halt) -> IntoClause {
    let start = index
    advance()
    notePlace(.file)
    let (path, pathRange) = try literalText("a file name in quotes after 'into'")
    var mode = IntoClause.Mode.create
    if accept(.replace) {
      mode = .replace
    } else if accept(.append) {
      mode = .append
    }
    return IntoClause(path: path, pathRange: pathRange, mode: mode, range: range(from: start))
  }

  /// `namedExpression`: `E [as NAME]`.
  mutating func parseNamedExpression() throws(Halt) -> NamedExpression {
    let expression = try parseExpression()
    guard isAt(.as), following.keyword != .of else { return NamedExpression(expression) }
    advance()
    let name = try parseName("a name after 'as'")
    if probe > 0 { expectations.aliases.append(name.text) }
    return NamedExpression(expression, alias: name)
  }

  private mutating func namedExpressions(
    of clause: String, _ expected: String
  ) throws(Halt) -> [NamedExpression] {
    var all: [NamedExpression] = []
    repeat {
      try requireContent(of: clause, expected)
      all.append(try parseNamedExpression())
    } while accept(.comma)
    return all
  }

  /// Expressions with commas between them.
  mutating func expressions(_ expected: String) throws(Halt) -> [Expression] {
    var all: [Expression] = []
    repeat {
      if clauseAhead || current.kind == .end, index != probe { throw unexpected(expected) }
      all.append(try parseExpression())
    } while accept(.comma)
    return all
  }

  /// Reports a clause word that stands where a clause's content is due.
  mutating func requireContent(of clause: String, _ expected: String) throws(Halt) {
    guard clauseAhead || current.kind == .end || current.kind == .semicolon else { return }
    if index == probe { return }
    throw unexpected("\(expected) after '\(clause)'")
  }

  /// The count of `top` and `bottom`.
  private mutating func rankedCount(_ word: String) throws(Halt) -> Expression {
    if current.kind == .word, current.keyword != .by, following.keyword == .by, index != probe {
      report(.missingCount(word), at: current.range, [Fix(current.range, "10")])
      advance()
      return Expression(.unknown, range: SourceRange(previousEnd, previousEnd))
    }
    if current.kind == .word, index != probe {
      let place = SourceRange(previousEnd, previousEnd)
      let missing = current.keyword == .by ? " 10" : " 10 by"
      report(.missingCount(word), at: current.range, [Fix(place, missing)])
      return Expression(.unknown, range: place)
    }
    return try countOrParameter("a number of rows after '\(word)'")
  }

  /// A whole number or a parameter.
  mutating func countOrParameter(
    _ expected: String, allowsPercent: Bool = false
  ) throws(Halt) -> Expression {
    let token = current
    if token.kind == .parameter {
      advance()
      return try make(.parameter(parameterName(token)), from: token.range.lowerBound)
    }
    guard token.kind == .number else { throw unexpected(expected) }
    advance()
    let literal = number(of: token)
    if literal.decimals != 0, !(allowsPercent && literal.isPercent) {
      report(.notWhole(spelling(token.range)), at: token.range)
    }
    return try make(.number(literal), from: token.range.lowerBound)
  }

  /// A percentage or a parameter; a number without the sign is reported for `reason`.
  ///
  /// - Parameter ending: What the corrected line has behind it where the statement ends there.
  mutating func percentOrParameter(
    _ expected: String, ending: String = "", _ reason: (_ found: String) -> SyntaxReason
  ) throws(Halt) -> Expression {
    let token = current
    guard token.kind == .number else { return try countOrParameter(expected) }
    advance()
    let literal = number(of: token)
    if !literal.isPercent {
      let found = spelling(token.range)
      let percentage = literal.percentage ?? found + "%"
      let fix = Fix(token.range, percentage + (current.kind.isEnd ? ending : ""))
      report(reason(found), at: token.range, [fix])
    }
    return try make(.number(literal), from: token.range.lowerBound)
  }

  /// A text literal's content and place.
  mutating func literalText(_ expected: String) throws(Halt) -> (String, SourceRange) {
    let token = current
    guard token.kind == .text else {
      if token.kind == .word || token.kind == .quotedName {
        let whole = runOfTokens
        let text = spelling(whole)
        report(.needsQuotes(text), at: whole, [Fix(whole, Formatter.quoted(text))])
        throw Halt()
      }
      throw unexpected(expected)
    }
    advance()
    return (text(of: token), token.range)
  }

  /// The tokens from here on that no space parts, as in the name of a file.
  private var runOfTokens: SourceRange {
    var place = index
    while tokens[place + 1].range.lowerBound == tokens[place].range.upperBound,
      !tokens[place + 1].kind.isEnd
    {
      place += 1
    }
    return current.range.union(tokens[place].range)
  }

  /// The number a token spells; 0 when the lexer has reported it.
  func number(of token: Token) -> NumberLiteral {
    NumberLiteral(bytes[token.range.lowerBound..<token.range.upperBound])
      ?? NumberLiteral(spelling: "0", unscaled: 0, decimals: 0, isPercent: false)
  }

  /// The content of a text token.
  func text(of token: Token) -> String {
    let content = Quote.content(of: bytes[token.range.lowerBound..<token.range.upperBound])
    return String(decoding: content, as: UTF8.self)
  }

  /// The name after the `$` of a parameter.
  func parameterName(_ token: Token) -> Name {
    let range = SourceRange(token.range.lowerBound + 1, token.range.upperBound)
    return Name(spelling(range), range: token.range)
  }
}

extension NumberLiteral {
  /// A fraction as the percentage it is, `20%` for `0.2`; nil for another number.
  fileprivate var percentage: String? {
    guard decimals > 0, unscaled > 0, !isPercent else { return nil }
    let places = max(0, decimals - 2)
    let digits = String(unscaled) + String(repeating: "0", count: max(0, 2 - decimals))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let (whole, rest) = (padded.dropLast(places), padded.suffix(places))
    return whole.count > 2 ? nil : whole + (rest.isEmpty ? "" : "." + rest) + "%"
  }
}
