// The statements that scripts are made of.

extension Parser {
  /// `let`: `let NAME = E`, or a period.
  mutating func parseLet() throws(Halt) -> Statement {
    let start = index
    advance()
    let name = try letName()
    if current.kind == .doubleEqual || current.keyword == .as {
      reportOperatorSlip("=")
      advance()
    } else if !accept(.equal) {
      throw unexpected("'=' after the name of the parameter")
    }
    notePeriods()
    let value = isAtPeriod ? try parsePeriod() : try parseExpression()
    return Statement(
      .letParameter(LetStatement(name: name, value: value)), range: range(from: start))
  }

  private mutating func letName() throws(Halt) -> Name {
    guard current.kind == .parameter else { return try parseName("the name of a parameter") }
    let name = parameterName(current)
    report(
      .operatorSlip(spelling(current.range), right: name.text), at: current.range,
      [Fix(current.range, name.text)])
    advance()
    return name
  }

  /// `include`: `include "common.crm"`.
  mutating func parseInclude() throws(Halt) -> Statement {
    let start = index
    advance()
    notePlace(.file)
    let (path, place) = try literalText("a file name in quotes after 'include'")
    return Statement(.include(FileTarget(path: path, range: place)), range: range(from: start))
  }

  /// `expect`: `expect E OP E because "…"`.
  mutating func parseExpect() throws(Halt) -> Statement {
    let start = index
    advance()
    let (left, comparison, right) = try comparedSides()
    note([.because])
    guard current.keyword == .because else { throw unexpected("'because' and why, in quotes") }
    let because = try parseBecause()
    return Statement(
      .expect(
        ExpectStatement(left: left, comparison: comparison, right: right, because: because)),
      range: range(from: start))
  }

  /// `sql`: `sql [for DIALECT]` and a statement that gives rows.
  mutating func parseSql() throws(Halt) -> Statement {
    let start = index
    advance()
    let dialect = accept(.forWord) ? try parseDialect() : nil
    let statement = try plannedStatement()
    return Statement(.sql(dialect, statement), range: range(from: start))
  }

  /// `dialect`: `sqlite`, `duckdb`, `postgres` or `spark`.
  mutating func parseDialect() throws(Halt) -> SQLDialect {
    let names = SQLDialect.allCases.map(\.rawValue)
    note(words: names)
    let typed = spelling(current.range)
    if let dialect = SQLDialect(rawValue: typed.lowercased()) {
      advance()
      return dialect
    }
    let near = NearNames.nearest(to: typed, among: names)
    guard current.kind == .word, let first = near.first, let dialect = SQLDialect(rawValue: first)
    else { throw unexpected("'sqlite', 'duckdb', 'postgres' or 'spark' after 'for'") }
    report(.unknownWord(typed, near: near), at: current.range, [Fix(current.range, first)])
    advance()
    return dialect
  }

  /// A statement that has a plan: one that reads, or one that `others` begin.
  mutating func plannedStatement(or others: [Keyword] = []) throws(Halt) -> Statement {
    note(Self.readingWords + others + [.then])
    let isOther =
      current.keyword.map { keyword in
        Self.statementWords.contains(keyword) && !Self.readingWords.contains(keyword)
          && !others.contains(keyword)
      } ?? current.kind.isEnd
    if isOther {
      let more = others.map { "'\($0.rawValue)', " }.joined()
      throw unexpected("'find', 'count', 'calc', \(more)an analytic verb or 'then'")
    }
    return try parseStatement()
  }
}
