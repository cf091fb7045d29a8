/// Reads one statement into its tree: one function per rule of `grammar/rapport.ebnf`, each named
/// after its rule.
///
/// A function that cannot go on reports why and throws `Halt`; the clause loop catches it, skips to
/// the next clause word and goes on, so that independent errors show together.
package struct Parser {
  /// How deep brackets, calls and operators may nest. A tree this deep is parsed, formatted and
  /// bound by recursion well within 512 KiB of stack, in debug builds too.
  package static let depthMax = 64

  let bytes: [UInt8]
  var tokens: [Token]
  var index = 0
  var depth = 0
  /// How many brackets are open.
  var openBrackets = 0
  /// How many brackets were open where the query being read began.
  var innerBrackets = 0
  var diagnostics: [Diagnostic]
  /// What was missing exactly where the text ends, in words, if that is the only error.
  var expectedAtEnd: String?

  /// The token at which completion wants to know what is expected; -1 when it does not.
  var probe = -1
  var expectations = Expectations()
  /// What words turned out to be, by token, for colouring; nil when nobody asks.
  var wordKinds: [Int: Mark.Kind]?
  /// The field that the expression being read is compared with.
  var compared: [Name] = []
  /// What bare names of the clauses mean.
  var names = NameScope()
  /// The entity whose fields the clauses are about.
  var sourceName: Name? {
    get { names.source }
    set { names = NameScope(source: newValue) }
  }
  /// The entity around a condition about related records.
  var outerName: Name?
  /// Whether what is read belongs to an inner `where` and stands in no brackets of its own.
  var isInOpenWhere = false
  /// Where a window may stand; nil when one stands there already.
  var windowPlace: Int?

  /// Reads one statement, with or without a `;` at its end.
  ///
  /// - Parameter allowsBareRefinement: Whether a text that begins with `where`, `show` or another
  ///   clause word refines the last answer as `then` does. Only at the prompt.
  /// - Throws: `Failure` with one to five diagnostics in the order of the text.
  /// - Complexity: O(*n*) in the bytes of the text.
  package static func parse(
    _ text: String, allowsBareRefinement: Bool = false
  ) throws(Failure) -> Statement {
    var parser = Parser(Array(text.utf8), Lexer.scan(text))
    return try parser.readAll(allowsBareRefinement: allowsBareRefinement)
  }

  init(_ bytes: [UInt8], _ output: Lexer.Output) {
    self.bytes = bytes
    tokens = output.tokens
    diagnostics = output.diagnostics
  }

  /// Reads the whole text as one statement.
  mutating func readAll(allowsBareRefinement: Bool) throws(Failure) -> Statement {
    let statement = readStatement(allowsBareRefinement: allowsBareRefinement)
    if let statement, diagnostics.isEmpty { return statement }
    if diagnostics.isEmpty {
      let reason = SyntaxReason.unexpected(expected: "a statement", found: shown(current))
      diagnostics.append(Diagnostic(reason, at: current.range))
    }
    throw Failure(diagnosticsInOrder)
  }

  /// Reads the whole text; nil when it is none, or could not be read to its end.
  mutating func readStatement(allowsBareRefinement: Bool) -> Statement? {
    do {
      let statement = try parseStatement(allowsBareRefinement: allowsBareRefinement)
      try finish()
      return statement
    } catch {
      return nil
    }
  }

  private var diagnosticsInOrder: [Diagnostic] {
    let numbered = diagnostics.enumerated().sorted { left, right in
      let (one, other) = (left.element.range?.lowerBound ?? 0, right.element.range?.lowerBound ?? 0)
      return one == other ? left.offset < right.offset : one < other
    }
    return numbered.map(\.element)
  }

  /// `statement`: one of the statements, told apart by the first word.
  mutating func parseStatement(allowsBareRefinement: Bool = false) throws(Halt) -> Statement {
    note(Self.statementWords + [.then])
    if allowsBareRefinement {
      note([.where, .group, .show, .order, .top, .bottom, .sample, .limit, .into])
    }
    let keyword = current.keyword
    if let keyword, let statement = try parseStatement(of: keyword) { return statement }
    if let keyword, keyword.opensRefinement {
      if !allowsBareRefinement {
        let place = current.range.lowerBound
        report(
          .bareClause(keyword.rawValue), at: current.range,
          [Fix(SourceRange(place, place), "then ")])
      }
      return try readBareRefine()
    }
    return try mendStatement()
  }

  /// Reads the statement that the keyword opens; nil when it opens none.
  private mutating func parseStatement(of keyword: Keyword) throws(Halt) -> Statement? {
    switch keyword {
    case .find: try parseFind()
    case .count: try parseCount()
    case .calc: try parseCalc()
    case .describe: try parseDescribe()
    case .explain: try parseExplain()
    case .importing: following.keyword == .all ? try parseImportAll() : try parseImport()
    case .exporting: try parseExportAll()
    case .add: try parseAdd()
    case .update: try parseUpdate()
    case .move: try parseMove()
    case .delete: try parseDelete()
    case .merge: try parseMerge()
    case .undo: try parseUndo()
    case .begin: try parseBegin()
    case .commit: try parseCommit()
    case .rollback: try parseRollback()
    case .save: try parseSave()
    case .backup: try parseBackup()
    case .define, .redefine: try parseDefine()
    case .rename: try parseRename()
    case .drop: try parseDrop()
    case .freeze: try parseFreeze()
    case .compare: try parseCompare()
    case .check: try parseCheck()
    case .suggest: try parseSuggest()
    case .list: try parseList()
    case .letWord: try parseLet()
    case .include: try parseInclude()
    case .expect: try parseExpect()
    case .sql: try parseSql()
    case .profile: try parseProfile()
    case .rfm, .pareto, .cohort, .funnel, .transitions, .moments, .risk, .forecast, .ladder, .gap,
      .cover:
      try parseAnalysis()
    case .then: try parseRefine()
    default: nil
    }
  }

  /// The words that statements begin with, `then` aside.
  static let statementWords: [Keyword] =
    readingWords + [
      .describe, .explain, .add, .update, .move, .delete, .merge, .undo, .begin, .commit,
      .rollback, .importing, .exporting, .save, .backup, .define, .redefine, .rename, .drop,
      .freeze, .compare, .check, .suggest, .list, .letWord, .include, .expect, .sql,
      .profile,
    ]

  /// The words of the statements that have a plan, `then` aside.
  static let readingWords: [Keyword] = [.find, .count, .calc] + Verb.words

  /// The words of the statements that find records to change them.
  static let changingWords: [Keyword] = [.update, .move, .delete]

  /// Checks that nothing follows the statement but `;`.
  private mutating func finish() throws(Halt) {
    let semicolon = current
    guard semicolon.kind == .semicolon else {
      if semicolon.kind != .end {
        throw unexpected("the end of the statement")
      }
      return
    }
    advance()
    guard current.kind != .end else { return }
    report(.straySemicolon, at: semicolon.range, [Fix(semicolon.range, "")])
    throw Halt()
  }
}

/// What a parse function throws after it has reported why.
struct Halt: Error {}

extension Parser {
  /// The token to be read next.
  var current: Token { tokens[index] }

  /// The token after the next one.
  var following: Token { tokens[min(index + 1, tokens.count - 1)] }

  /// Where the last token read ends.
  var previousEnd: Int { index > 0 ? tokens[index - 1].range.upperBound : 0 }

  /// Steps over a token; the end stays.
  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  /// Whether the next token is the keyword; noted for completion.
  mutating func isAt(_ keyword: Keyword) -> Bool {
    if index == probe { note([keyword]) }
    return tokens[index].keyword == keyword
  }

  /// Steps over the keyword if it is next.
  mutating func accept(_ keyword: Keyword) -> Bool {
    guard isAt(keyword) else { return false }
    index += 1
    return true
  }

  /// Steps over a token of the kind if it is next.
  mutating func accept(_ kind: Token.Kind) -> Bool {
    guard tokens[index].kind == kind else { return false }
    index += 1
    return true
  }

  /// Steps over the keyword or reports that it is missing.
  mutating func require(_ keyword: Keyword) throws(Halt) {
    if accept(keyword) { return }
    throw unexpected("'\(keyword.rawValue)'")
  }

  /// The range from the token at `start` to the last token read.
  func range(from start: Int) -> SourceRange {
    let lower = tokens[start].range.lowerBound
    return SourceRange(lower, max(lower, previousEnd))
  }

  /// The text of a range.
  func spelling(_ range: SourceRange) -> String {
    String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
  }

  /// Notes an error. One that follows from a fault the lexer found just here is left out.
  mutating func report(_ reason: SyntaxReason, at range: SourceRange, _ fixes: [Fix] = []) {
    report(Diagnostic(reason, at: range, fixes: fixes))
  }

  /// Notes an error made elsewhere.
  mutating func report(_ diagnostic: Diagnostic) {
    if index == probe { probe = -1 }
    if isBesideFault { return }
    guard diagnostics.count < 2 * Failure.diagnosticCountMax else { return }
    diagnostics.append(diagnostic)
  }

  /// Whether the lexer has found a fault right here, from which an error would follow.
  private var isBesideFault: Bool {
    let previous = tokens[max(0, index - 1)]
    let touches =
      previous.kind == .text && previousEnd == current.range.lowerBound && index > 0
      && diagnostics.contains { $0.code == SyntaxReason.missingQuote.code }
    return current.kind == .invalid || previous.kind == .invalid || following.kind == .invalid
      || touches
  }

  /// Whether the text has ended and an error before may be why something is missing there.
  var isAfterFault: Bool { current.kind == .end && !diagnostics.isEmpty }

  /// Reports that the next token is not what is due, which is said in words.
  mutating func unexpected(_ expected: String) -> Halt {
    let token = current
    if token.kind == .end || token.kind == .semicolon {
      let end = index > 0 ? previousEnd : 0
      if isAfterFault {
        probe = -1
        return Halt()
      }
      if token.kind == .end { expectedAtEnd = expected }
      report(.incomplete(expected: expected), at: SourceRange(end, end))
    } else {
      report(.unexpected(expected: expected, found: shown(token)), at: token.range)
    }
    return Halt()
  }

  /// A token in words, quoted.
  func shown(_ token: Token) -> String {
    let text = spelling(token.range)
    guard text.utf8.count > 40 else { return token.kind == .text ? text : "'\(text)'" }
    return "'\(String(text.prefix(39)))…'"
  }

  /// Goes one level deeper, or reports that the text is nested too deeply and gives up on it.
  mutating func enter(levels: Int = 1) throws(Halt) {
    depth += levels
    if depth > Self.depthMax { throw tooDeep(at: current.range) }
  }

  /// Comes back from `enter`.
  mutating func leave(levels: Int = 1) {
    depth -= levels
  }

  /// Makes an expression that spans from the byte `start` to the last token read.
  mutating func make(_ kind: Expression.Kind, from start: Int) throws(Halt) -> Expression {
    let range = SourceRange(start, max(start, previousEnd))
    let expression = Expression(kind, range: range)
    if expression.depth > Self.depthMax { throw tooDeep(at: SourceRange(start, start)) }
    return expression
  }

  private mutating func tooDeep(at range: SourceRange) -> Halt {
    report(.tooDeep(limit: Self.depthMax), at: range)
    index = tokens.count - 1
    return Halt()
  }
}
