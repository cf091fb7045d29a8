import Store
import Syntax

// What scripts are made of: parameters, expectations, and `it`.

extension Session {
  // MARK: parameters

  /// Gives a parameter a value from outside, which `let` does not change.
  package func give(_ value: String, toParameter name: String) {
    let folded = name.lowercased()
    parameters[folded] = .written(value)
    givenParameters.insert(folded)
  }

  /// Gives a parameter the value it has when nobody gives it one.
  package func giveDefault(_ value: String, toParameter name: String) {
    let folded = name.lowercased()
    if parameters[folded] == nil { parameters[folded] = .written(value) }
  }

  /// The names of the parameters that have a value, sorted.
  package var parameterNames: [String] { parameters.keys.sorted() }

  /// Whether a parameter has a value.
  package func hasParameter(_ name: String) -> Bool { parameters[name.lowercased()] != nil }

  /// What a parameter was given from outside, as written.
  package func writtenParameter(_ name: String) -> String? {
    if case .written(let text)? = parameters[name.lowercased()] { text } else { nil }
  }

  /// The value of a parameter as text; nil when it has none.
  package func parameterText(_ name: String) -> String? {
    switch parameters[name.lowercased()] {
    case .written(let text)?:
      let mayBeSeen = ["number", "date", "flag", "period"].contains { canRead(text, as: $0) }
      return masksPersons && !mayBeSeen ? "…" : text
    case .value(let scalar, let type)?:
      return masksPersons && type == .text ? "…" : ExpressionText.text(scalar, type)
    case nil: return nil
    }
  }

  /// Takes a parameter's value away.
  package func forgetParameter(_ name: String) {
    parameters[name.lowercased()] = nil
    givenParameters.remove(name.lowercased())
  }

  /// Runs `body` with these values of parameters; they, and what it lets others be, end with it.
  package func withParameters<Result>(
    _ values: [(name: String, value: String)], _ body: () -> Result
  ) -> Result {
    let (outer, outerGiven) = (parameters, givenParameters)
    defer { (parameters, givenParameters) = (outer, outerGiven) }
    for (name, value) in values { give(value, toParameter: name) }
    return body()
  }

  /// Whether a text reads as a value of a declared type.
  package func canRead(_ text: String, as type: String) -> Bool {
    let literal = Binder.literal(text)
    switch (type, literal?.kind) {
    case ("text", _): return true
    case ("number", .number), ("number", .negation), ("money", .number), ("money", .negation):
      return true
    case ("integer", .number(let number)): return number.decimals == 0 && !number.isPercent
    case ("integer", .negation): return !text.contains(".")
    case ("date", .date), ("date", .point): return true
    case ("flag", .flag): return true
    case ("period", .period), ("duration", .duration): return true
    case ("period", .number(let number)): return number.decimals == 0
    default: return false
    }
  }

  /// `let name = EXPR`
  func define(_ statement: LetStatement) throws(Failure) -> Answer {
    let name = statement.name.folded
    if givenParameters.contains(name) {
      return Answer(notes: [.keptParameter(statement.name.text)])
    }
    switch statement.value.kind {
    case .period, .number, .negation, .duration, .counted:
      // What a literal means depends on its place, as where it is written out.
      var literal = statement.value
      if case .counted(let time) = literal.kind {
        let statement = Statement(.letParameter(statement), range: literal.range)
        var binder = binder(for: try asked(statement))
        if let kind = binder.countedKind(time, at: literal.range) { literal.kind = kind }
        try binder.finish()
      }
      let written = Formatter.format(literal)
      if Binder.literal(written) != nil {
        parameters[name] = .written(written)
        return Answer(sections: [])
      }
      fallthrough
    default:
      let (value, type) = try value(of: statement.value)
      parameters[name] = .value(value, type)
    }
    return Answer(sections: [])
  }

  /// Asks for the parameters of a statement that have no value.
  func askForParameters(of text: String) {
    guard let askParameter else { return }
    let bytes = Array(text.utf8)
    for token in Lexer.scan(bytes).tokens where token.kind == .parameter {
      let range = token.range.lowerBound + 1..<token.range.upperBound
      let name = String(decoding: bytes[range], as: UTF8.self)
      guard !hasParameter(name), let value = askParameter(name, text) else { continue }
      parameters[name.lowercased()] = .written(value)
    }
  }

  /// The text of a definition with the values of its parameters in their place: what is defined means
  /// the same when they have others.
  ///
  /// - Throws: `Failure` for a parameter without a value.
  func withValues(_ text: String) throws(Failure) -> String {
    var bytes = Array(text.utf8)
    for token in Lexer.scan(bytes).tokens.reversed() where token.kind == .parameter {
      let range = token.range.lowerBound..<token.range.upperBound
      let name = String(decoding: bytes[range.dropFirst()], as: UTF8.self)
      let value: String
      switch parameters[name.lowercased()] {
      case nil: throw Failure(BindReason.unknownParameter(name: name), at: token.range)
      case .written(let written)?:
        value =
          Binder.literal(written) != nil ? written : ExpressionText.text(.text(written), .text)
      case .value(let scalar, let type)?: value = ExpressionText.text(scalar, type)
      }
      bytes.replaceSubrange(range, with: value.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The value of an expression over the whole store.
  private func value(of expression: Expression) throws(Failure) -> (Scalar, ValueType) {
    let statement = Statement(.calc([NamedExpression(expression)]), range: expression.range)
    let binder = binder(for: try asked(statement))
    let query = BoundQuery(try binder.bindCalc([NamedExpression(expression)]))
    try load(reading: query)
    let cursor = try Executor(database: database, today: clock.today).run(try plan(query))
    guard let batch = try cursor.next(), let vector = batch.vectors.first, vector.count > 0 else {
      return (.unknown, query.columns[0].expression.type)
    }
    return (vector[0], query.columns[0].expression.type)
  }

  // MARK: expectations

  /// `expect EXPR OP EXPR because "…"`
  func expect(
    _ expectation: ExpectStatement, at range: SourceRange
  ) throws(Failure) -> Answer {
    let comparison = Expression(
      .comparison(expectation.comparison, expectation.left, expectation.right),
      range: SourceRange(
        expectation.left.range.lowerBound, expectation.right.range.upperBound))
    if isDryRun { return try rehearse(comparison, because: expectation.because) }
    let (held, _) = try value(of: comparison)
    if held == .word(1) { return Answer(sections: []) }
    let because =
      if case .text(let text) = try value(of: expectation.because).0 { text } else { "" }
    let sides = [expectation.left, expectation.right]
    var found: [String] = []
    for side in sides where !side.isLiteral {
      // A side that means something opposite the other only has no value of its own.
      guard let (value, type) = try? value(of: side) else { continue }
      let shown = masksPersons && type == .text ? "…" : ExpressionText.text(value, type)
      found.append("\(Formatter.format(side)) is \(shown)")
    }
    throw Failure(
      EngineReason.expectationFailed(
        text: Formatter.format(comparison), found: found, because: because),
      at: comparison.range)
  }

  // MARK: it

  /// A binder for one statement, with what parameters and `it` mean in it.
  func binder(for asked: AskedStatement) -> Binder {
    Binder(
      catalog: database.catalog, today: asked.today, drawnSeed: asked.seed,
      parameters: parameters, lastAnswer: asked.it)
  }

  /// What `it` means, for a statement that says it.
  func lastAnswer(for statement: Statement) throws(Failure) -> LastAnswer? {
    guard let last, statement.saysIt else { return nil }
    try keepLastRecords()
    guard let (entity, rows) = lastRecords else {
      switch last.statement.kind {
      case .find(let query): return .columns(query, it: last.it)
      case .count(let count): return .columns(count.query, it: last.it)
      default: return nil
      }
    }
    let key = database.table(entity).column(database.catalog[entity].key)
    return .records(entity, keys: rows.map { key[Int($0)] })
  }

  /// Sees to it that the records of the last answer are known by their rows, which changes keep.
  func keepLastRecords() throws(Failure) {
    guard let last, lastRecords == nil else { return }
    var query = try bind(last)
    guard query.isOfRecords, !query.isCalculation else { return }
    query.columns = []
    query.into = nil
    try load(reading: query)
    let records = try Executor(database: database, today: last.today).records(try plan(query))
    lastRecords = (query.entity, records.rows)
  }
}

extension Expression {
  /// Whether it is written as a value.
  fileprivate var isLiteral: Bool {
    switch kind {
    case .number, .text, .date, .flag, .unknown, .duration: true
    case .negation(let inner): inner.isLiteral
    default: false
    }
  }
}

/// A statement with what it meant when it was asked, so that it means the same when asked again.
struct AskedStatement {
  /// The statement.
  var statement: Statement
  /// The day number that `today` was.
  var today: Int
  /// The seed of samples that name none.
  var seed: UInt64
  /// What `it` was; nil where the statement does not say it, or there was no answer.
  var it: LastAnswer?
  /// The whole query that `it` was the answer of.
  var itsStatement: Statement?
  /// What verbs have told under its answer, and under those that refine it.
  var told = ToldFacts()
}

extension Statement {
  /// Whether `it` stands in it.
  var saysIt: Bool {
    let bytes = Array(Formatter.format(self).utf8)
    return Lexer.scan(bytes).tokens.contains { token in
      token.kind == .word
        && bytes[token.range.lowerBound..<token.range.upperBound].elementsEqual("it".utf8)
    }
  }
}
