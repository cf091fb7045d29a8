// The statements but `import`.

extension Parser {
  /// `find`: `find QUERY`.
  mutating func parseFind() throws(Halt) -> Statement {
    let start = index
    advance()
    let query = try parseQuery()
    return Statement(.find(query), range: range(from: start))
  }

  /// `count`: `count SOURCE [window]` with its own clauses, then rounds as in a query.
  mutating func parseCount() throws(Halt) -> Statement {
    let start = index
    advance()
    let query = try readQuery(.countRound, .round)
    return Statement(.count(CountStatement(query: query)), range: range(from: start))
  }

  /// `calc`: expressions over the whole store.
  mutating func parseCalc() throws(Halt) -> Statement {
    let start = index
    advance()
    var columns: [NamedExpression] = []
    repeat {
      columns.append(try parseNamedExpression())
    } while accept(.comma)
    if current.kind != .end, current.kind != .semicolon {
      throw unexpected("',' or the end of the statement")
    }
    return Statement(.calc(columns), range: range(from: start))
  }

  /// `describe`: `describe [NAME[.NAME]]`, where `functions` and `entities` are names too, or
  /// `describe KIND NAME`.
  mutating func parseDescribe() throws(Halt) -> Statement {
    let start = index
    advance()
    notePlace(.entity)
    note(words: ["entities", "functions"])
    note(Self.kindWords)
    if DefinedKind(keyword: current.keyword) != nil,
      following.kind.isName || index + 1 == probe
    {
      let target = try parseDefinedName(of: "describe")
      let names = [target.entity, target.name].compactMap { $0 }
      return Statement(.describe(target.kind, names), range: range(from: start))
    }
    let names = current.kind.isEnd ? [] : try parsePath()
    return Statement(.describe(nil, names), range: range(from: start))
  }

  /// `explain`: `explain [analyze] [in sql [for DIALECT]]` and a statement that finds records.
  mutating func parseExplain() throws(Halt) -> Statement {
    let start = index
    advance()
    let isAnalyze = accept(.analyze)
    var sql: ExplainStatement.SQLForm?
    if accept(.in) {
      note([.sql])
      guard accept(.sql) else { throw unexpected("'sql' after 'in'") }
      sql = ExplainStatement.SQLForm(dialect: accept(.forWord) ? try parseDialect() : nil)
    }
    let statement = try plannedStatement(or: sql == nil ? Self.changingWords : [])
    return Statement(
      .explain(ExplainStatement(isAnalyze: isAnalyze, sql: sql, statement)),
      range: range(from: start))
  }

  /// `refine`: rounds that begin with a written `then`.
  mutating func parseRefine() throws(Halt) -> Statement {
    let start = index
    var rounds: [Round] = []
    while accept(.then) {
      noteLastAnswer(rounds.isEmpty ? nil : start + 1)
      rounds.append(try parseRound())
    }
    return Statement(.refine(rounds), range: range(from: start))
  }

  /// Notes that names may be columns of the last answer, refined by the rounds from the token
  /// `first` to the `then` that has just been read.
  private mutating func noteLastAnswer(_ first: Int?) {
    let end = tokens[max(0, index - 1)].range.lowerBound
    names.earlier = .last(rounds: first.map { SourceRange(tokens[$0].range.lowerBound, end) })
  }

  /// A refinement whose first `then` was left out.
  mutating func readBareRefine() throws(Halt) -> Statement {
    let start = index
    noteLastAnswer(nil)
    var rounds = [try parseRound()]
    while accept(.then) {
      noteLastAnswer(start)
      rounds.append(try parseRound())
    }
    return Statement(.refine(rounds), range: range(from: start))
  }
}
