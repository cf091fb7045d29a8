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

  /// `explain`: `explain [analyze]` and a statement that gives rows.
  mutating func parseExplain() throws(Halt) -> Statement {
    let start = index
    advance()
    let isAnalyze = accept(.analyze)
    let statement = try plannedStatement()
    return Statement(.explain(isAnalyze: isAnalyze, statement), range: range(from: start))
  }

  /// `refine`: rounds that begin with a written `then`.
  mutating func parseRefine() throws(Halt) -> Statement {
    let start = index
    var rounds: [Round] = []
    while accept(.then) {
      rounds.append(try parseRound())
    }
    return Statement(.refine(rounds), range: range(from: start))
  }

  /// A refinement whose first `then` was left out.
  mutating func readBareRefine() throws(Halt) -> Statement {
    let start = index
    var rounds = [try parseRound()]
    while accept(.then) {
      rounds.append(try parseRound())
    }
    return Statement(.refine(rounds), range: range(from: start))
  }
}
