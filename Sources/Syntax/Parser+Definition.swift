// The statements that define something.

extension Parser {
  /// `define`: `define` or `redefine`, a kind, a name, and what it stands for.
  mutating func parseDefine() throws(Halt) -> Statement {
    let start = index
    let isRedefinition = current.keyword == .redefine
    advance()
    let definition: DefineStatement.Definition
    switch try definedKind(of: isRedefinition ? "redefine" : "define") {
    case .segment: definition = .segment(try parseSegmentDefinition())
    case .field: definition = try parseFieldDefinition()
    case .standard: definition = .standard(try parseStandardDefinition())
    case .action: definition = .action(try parseActionDefinition())
    case .entity: definition = .entity(try parseEntityDefinition())
    }
    return Statement(
      .define(DefineStatement(isRedefinition: isRedefinition, definition)),
      range: range(from: start))
  }

  /// `segmentDefinition`: `NAME as QUERY`.
  mutating func parseSegmentDefinition() throws(Halt) -> SegmentDefinition {
    notePlace(.defined(.segment))
    let name = try parseName("the name of the segment")
    try requireAs()
    if current.keyword == .find, following.kind != .end, following.keyword != .where {
      let rest = SourceRange(current.range.lowerBound, following.range.lowerBound)
      report(.findInDefinition, at: current.range, [Fix(rest, "")])
      advance()
    }
    let query = try parseInnerQuery()
    return SegmentDefinition(name: name, query: query, text: spelling(query.range))
  }

  /// `fieldDefinition`: `ENTITY.NAME as E`, or `ENTITY.NAME TYPE`.
  mutating func parseFieldDefinition() throws(Halt) -> DefineStatement.Definition {
    let (entity, name) = try fieldName()
    sourceName = entity
    note([.as])
    note(Self.typeWords)
    let start = index
    if current.keyword == .as || current.kind == .equal {
      try requireAs()
      let expression = try parseExpression()
      return .computedField(
        ComputedFieldDefinition(
          entity: entity, name: name, expression: expression, text: spelling(expression.range)))
    }
    let type = try parseFieldType()
    return .storedField(
      StoredFieldDefinition(entity: entity, name: name, type: type, typeRange: range(from: start)))
  }

  /// The two names of a field.
  mutating func fieldName() throws(Halt) -> (entity: Name, field: Name) {
    notePlace(.entity)
    let entity = try parseName("the name of an entity, as in 'customers.margin'")
    guard accept(.dot) else { throw unexpected("'.' and the name of a field") }
    notePath(after: [])
    return (entity, try parseName("the name of a field after '.'"))
  }

  /// The words of the types of stored fields.
  static let typeWords: [Keyword] = [
    .text, .money, .number, .integer, .date, .time, .flag, .choice, .to,
  ]

  /// `fieldType`: `text`, `money`, …, `choice(a, b) [ordered]` or `to ENTITY`.
  mutating func parseFieldType() throws(Halt) -> WrittenType {
    note(Self.typeWords)
    mendType()
    let word = current.keyword
    guard let word, Self.typeWords.contains(word) else { throw unexpected("the type of the field") }
    advance()
    switch word {
    case .text: return .text
    case .money: return .money
    case .number: return .number
    case .integer: return .integer
    case .date: return .date
    case .time: return .time
    case .flag: return .flag
    case .choice: return try choiceType()
    default:
      notePlace(.entity)
      return .reference(try parseName("the name of an entity after 'to'"))
    }
  }

  private mutating func choiceType() throws(Halt) -> WrittenType {
    let bracket = index
    guard accept(.open) else { throw unexpected("the choices in brackets after 'choice'") }
    openBrackets += 1
    var names: [Name] = []
    repeat {
      names.append(try parseChoiceName())
    } while accept(.comma)
    try requireClose(of: bracket)
    return .choice(names, isOrdered: accept(.ordered))
  }

  /// `choiceName`: a choice, a bare name or a text.
  mutating func parseChoiceName() throws(Halt) -> Name {
    let token = current
    guard token.kind == .text else { return try parseName("the name of a choice") }
    advance()
    return Name(text(of: token), isQuoted: true, range: token.range)
  }

  /// `entityDefinition`: `NAME (FIELD TYPE, …)`.
  mutating func parseEntityDefinition() throws(Halt) -> EntityDefinition {
    let name = try parseName("what all records are called, such as 'deals'")
    let bracket = index
    guard accept(.open) else { throw unexpected("the fields in brackets") }
    openBrackets += 1
    var fields: [EntityDefinition.Field] = []
    repeat {
      fields.append(try parseEntityField())
    } while accept(.comma)
    try requireClose(of: bracket)
    return EntityDefinition(name: name, fields: fields)
  }

  /// `entityField`: `FIELD TYPE`.
  mutating func parseEntityField() throws(Halt) -> EntityDefinition.Field {
    let name = try parseName("the name of a field")
    let start = index
    let type = try parseFieldType()
    return EntityDefinition.Field(name: name, type: type, typeRange: range(from: start))
  }

  /// `standardDefinition`: `NAME as E OP E by DATE [agreed "who"]`.
  mutating func parseStandardDefinition() throws(Halt) -> StandardDefinition {
    notePlace(.defined(.standard))
    let name = try parseName("the name of the standard")
    try requireAs()
    let start = index
    let (measure, comparison, target) = try comparedSides()
    try require(.by)
    let by = try parseDay(after: "by")
    let agreed = accept(.agreed) ? try textOrParameter("who agreed, in quotes") : nil
    return StandardDefinition(
      name: name, measure: measure, comparison: comparison, target: target, by: by,
      agreed: agreed, text: spelling(range(from: start)))
  }

  /// Two values and one of `= != < <= > >=` between them.
  mutating func comparedSides() throws(Halt) -> (Expression, ComparisonOperator, Expression) {
    let left = try parseSum()
    note(words: ComparisonOperator.allCases.map(\.rawValue))
    switch current.kind {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .doubleEqual,
      .lessGreater, .equalLess, .equalGreater:
      break
    default: throw unexpected("a comparison such as '<= 5'")
    }
    let comparison = comparisonOperator(current)
    advance()
    return (left, comparison, try opposite(left))
  }

  /// `actionDefinition`: `NAME [for ENTITY] when C priority N say "…"`.
  mutating func parseActionDefinition() throws(Halt) -> ActionDefinition {
    notePlace(.defined(.action))
    let name = try parseName("the name of the action")
    let start = index
    var entity: Name?
    if accept(.forWord) {
      notePlace(.entity)
      entity = try parseName("the name of an entity after 'for'")
    }
    sourceName = entity ?? Name("customers", range: name.range)
    try require(.when)
    try requireContent(of: "when", "a condition")
    let condition = try parseExpression()
    mendBareText(before: [.priority, .say])
    try require(.priority)
    let priority = try countOrParameter("a whole number after 'priority'")
    try require(.say)
    let say = try textOrParameter("what to do, in quotes after 'say'")
    return ActionDefinition(
      name: name, entity: entity, condition: condition, priority: priority, say: say,
      text: spelling(range(from: start)))
  }

  /// A text in quotes, or a parameter.
  mutating func textOrParameter(_ expected: String) throws(Halt) -> Expression {
    if current.kind == .parameter { return try parsePrimary() }
    let (content, place) = try literalText(expected)
    return Expression(.text(content), range: place)
  }
}
