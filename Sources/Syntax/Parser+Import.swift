// The `import` statement.

extension Parser {
  /// `import`: `import NAME from "file"` and its options in any order, each at most once.
  mutating func parseImport() throws(Halt) -> Statement {
    let start = index
    advance()
    notePlace(.entity)
    note([.all])
    let entity = try parseName("the name of an entity after 'import'")
    try requireFrom()
    notePlace(.file)
    let (path, pathRange) = try literalText("a file name in quotes after 'from'")
    var statement = ImportStatement(entity: entity, path: path, pathRange: pathRange)
    var seen: Set<Keyword> = []
    while current.kind != .end, current.kind != .semicolon {
      try readOption(of: &statement, seen: &seen)
    }
    note(Self.importWords.filter { !seen.contains($0) })
    return Statement(.importFile(statement), range: range(from: start))
  }

  /// The words that open the options of `import`.
  static let importWords: [Keyword] = [
    .matching, .map, .with, .on, .unknown, .encoding, .dates, .decimal,
  ]

  private mutating func readOption(
    of statement: inout ImportStatement, seen: inout Set<Keyword>
  ) throws(Halt) {
    if current.kind == .word, current.keyword.map(Self.importWords.contains) != true {
      mendKeyword(among: Self.importWords)
    }
    guard let keyword = current.keyword, Self.importWords.contains(keyword) else {
      throw unexpected("an option of import")
    }
    if !seen.insert(keyword).inserted {
      report(.clauseTwice(keyword.rawValue, keyword.rawValue), at: current.range)
    }
    switch keyword {
    case .matching: statement.matching = try parseMatching()
    case .map: statement.mappings = try parseMap()
    case .with: statement.references = try parseReferences()
    case .on: statement.errorPolicy = try parseErrorPolicy()
    case .unknown: statement.unknownMarks = try parseUnknownMarks()
    case .encoding: (statement.encoding, statement.encodingRange) = try parseEncoding()
    case .dates: statement.dateOrder = try parseDates()
    default: statement.decimalMark = try parseDecimal()
    }
  }

  /// `matching`: `matching FIELD`.
  mutating func parseMatching() throws(Halt) -> Name {
    advance()
    notePlace(.field(of: sourceName?.text, prefix: []))
    return try parseName("the name of a field after 'matching'")
  }

  /// `map`: `map MAPPING, …`.
  mutating func parseMap() throws(Halt) -> [ImportStatement.Mapping] {
    advance()
    var mappings = [try parseMapping()]
    while accept(.comma) {
      mappings.append(try parseMapping())
    }
    return mappings
  }

  /// `mapping`: `"Header" to FIELD [("spelling" = CHOICE, …)]`.
  mutating func parseMapping() throws(Halt) -> ImportStatement.Mapping {
    let (header, headerRange) = try literalText("a header of the file in quotes")
    try require(.to)
    let field = try parseName("the name of a field after 'to'")
    var mapping = ImportStatement.Mapping(
      header: header, headerRange: headerRange, field: field, choices: [])
    guard current.kind == .open else { return mapping }
    let bracket = index
    advance()
    openBrackets += 1
    repeat {
      mapping.choices.append(try parseChoiceMapping(of: field))
    } while accept(.comma)
    try requireClose(of: bracket)
    return mapping
  }

  /// `choiceMapping`: `"spelling" = CHOICE`.
  mutating func parseChoiceMapping(
    of field: Name
  ) throws(Halt) -> (spelling: String, choice: Name) {
    let (spelling, _) = try literalText("a spelling in the file, in quotes")
    if current.kind == .doubleEqual { reportOperatorSlip("=") }
    if !accept(.equal), !accept(.doubleEqual) { throw unexpected("'='") }
    notePlace(.choiceValue(of: [field.text]))
    if current.kind == .text {
      let token = current
      advance()
      return (spelling, Name(text(of: token), isQuoted: true, range: token.range))
    }
    return (spelling, try parseName("the name of a choice"))
  }

  /// `references`: `with reference REFERENCE, …`.
  mutating func parseReferences() throws(Halt) -> [ImportStatement.Reference] {
    advance()
    try require(.reference)
    var references = [try parseReference()]
    while accept(.comma) {
      references.append(try parseReference())
    }
    return references
  }

  /// `reference`: `FIELD to ENTITY [adding]`.
  mutating func parseReference() throws(Halt) -> ImportStatement.Reference {
    let field = try parseName("the name of a column or field after 'reference'")
    try require(.to)
    notePlace(.entity)
    let entity = try parseName("the name of an entity after 'to'")
    return ImportStatement.Reference(field: field, entity: entity, isAdding: accept(.adding))
  }

  /// `errorPolicy`: `on error stop` or `on error skip`.
  mutating func parseErrorPolicy() throws(Halt) -> ImportStatement.ErrorPolicy {
    advance()
    try require(.error)
    if accept(.stop) { return .stop }
    if accept(.skip) { return .skip }
    throw unexpected("'stop' or 'skip'")
  }

  /// `unknownMarks`: `unknown "N/A", …`.
  mutating func parseUnknownMarks() throws(Halt) -> [String] {
    advance()
    var marks: [String] = []
    repeat {
      marks.append(try literalText("a text in quotes after 'unknown'").0)
    } while accept(.comma)
    return marks
  }

  /// `encoding`: `encoding "windows-1252"`.
  mutating func parseEncoding() throws(Halt) -> (String, SourceRange) {
    advance()
    return try literalText("the name of an encoding in quotes")
  }

  /// `dates`: `dates day_first` or `dates month_first`.
  mutating func parseDates() throws(Halt) -> ImportStatement.DateOrder {
    advance()
    if accept(.dayFirst) { return .dayFirst }
    if accept(.monthFirst) { return .monthFirst }
    throw unexpected("'day_first' or 'month_first'")
  }

  /// `decimal`: `decimal point` or `decimal comma`.
  mutating func parseDecimal() throws(Halt) -> ImportStatement.DecimalMark {
    advance()
    if accept(.point) { return .point }
    if accept(.commaWord) { return .comma }
    throw unexpected("'point' or 'comma'")
  }
}
