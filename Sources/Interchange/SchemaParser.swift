import Store

/// Reads the schemas that `SchemaWriter` writes, and nothing else: every word is checked.
struct SchemaParser {
  private var tokens: SchemaTokens

  /// Reads a whole `schema.sql`.
  static func parse(_ bytes: [UInt8]) throws(SchemaMistake) -> Schema {
    let first = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
    guard first == SchemaWriter.firstLine else {
      throw SchemaMistake(
        line: 1,
        message: "expected '\(SchemaWriter.firstLine)', found \(CellRefusal.quoted(first))")
    }
    var parser = SchemaParser(tokens: try SchemaTokens(bytes))
    var schema = Schema()
    while true {
      while parser.tokens.current == .comment {
        if parser.tokens.isBefore(" defined ") {
          schema.definitions.append(try parser.definition(of: schema))
        } else {
          try parser.skipComment()
        }
      }
      if parser.tokens.current == .end { break }
      let line = parser.tokens.line
      let table = try parser.table()
      try parser.take(.sign(0x3B), "';'")
      guard table.fields.contains(where: \.isKey) else {
        throw SchemaMistake(line: line, message: "table '\(table.name)' has no key")
      }
      if schema.tables.contains(where: { Self.isSame($0.name, table.name) }) {
        throw SchemaMistake(line: line, message: "there are two tables '\(table.name)'")
      }
      schema.tables.append(table)
    }
    try parser.checkReferences(of: schema)
    return schema
  }

  /// Reads one statement, as SQLite keeps it; nil when it is none of ours.
  static func table(from sql: String) -> SchemaTable? {
    guard let tokens = try? SchemaTokens(Array(sql.utf8)) else { return nil }
    var parser = SchemaParser(tokens: tokens)
    guard let table = try? parser.table(), parser.tokens.current == .end else { return nil }
    return table
  }

  // MARK: definitions

  /// What the line of a segment, a standard or an action begins with.
  static let definitionMark = "-- defined"

  /// Reads the comment of a segment, a standard or an action, which comes after all tables.
  private mutating func definition(of schema: Schema) throws(SchemaMistake) -> Definition {
    let line = tokens.line
    try tokens.advance()
    try take(word: "defined")
    guard let kind = Definition.Kind(rawValue: try word("segment, frozen, standard or action"))
    else { throw SchemaMistake(line: line, message: "there is no such kind of definition") }
    let name = try commentName()
    var entity: String?
    if tokens.current == .word("of") {
      try tokens.advance()
      let plural = try commentName()
      guard schema.tables.contains(where: { Self.isSame($0.name, plural) }) else {
        throw SchemaMistake(line: line, message: "there is no table '\(plural)'")
      }
      entity = plural
    }
    try take(word: "on")
    guard let created = Int(try word("a day")), (entity == nil) == (kind == .standard) else {
      throw SchemaMistake(line: line, message: "the definition '\(name)' is not whole")
    }
    try take(word: "is")
    var definition = Definition(
      kind, name, text: try commentName(), entity: entity, created: created)
    if kind == .frozen { definition.members = try keys(line) }
    try take(.endOfLine, "the end of the line")
    let isTwice = schema.definitions.contains { $0.hasName(of: definition) }
    if isTwice { throw SchemaMistake(line: line, message: "'\(name)' is defined twice") }
    return definition
  }

  private mutating func keys(_ line: Int) throws(SchemaMistake) -> RecordKeys {
    var numbers: [Int64] = []
    var texts: [String] = []
    while true {
      if case .word(let word) = tokens.current, let number = Int64(word) {
        numbers.append(number)
      } else if case .name(let text) = tokens.current {
        texts.append(text)
      } else {
        break
      }
      try tokens.advance()
    }
    guard numbers.isEmpty || texts.isEmpty else {
      throw SchemaMistake(line: line, message: "keys are numbers or texts, not both")
    }
    return texts.isEmpty ? .integers(numbers) : .texts(texts)
  }

  // MARK: tables

  private mutating func table() throws(SchemaMistake) -> SchemaTable {
    try take(word: "CREATE")
    try take(word: "TABLE")
    var table = SchemaTable(name: try name("the name of a table"), singular: "", fields: [])
    try take(.sign(0x28), "'('")
    try take(.comment, "a comment about the table")
    try readHead(&table)
    var isLast = false
    while tokens.current != .sign(0x29) {
      let line = tokens.line
      let field: SchemaField
      if tokens.current == .comment {
        field = try computedField()
      } else {
        guard !isLast else { throw tokens.mistake("')'") }
        (field, isLast) = try storedField()
      }
      if table.fields.contains(where: { Self.isSame($0.name, field.name) }) {
        throw SchemaMistake(line: line, message: "there are two fields '\(field.name)'")
      }
      table.fields.append(field)
    }
    try tokens.advance()
    try take(word: "STRICT")
    try check(table)
    return table
  }

  private mutating func readHead(_ table: inout SchemaTable) throws(SchemaMistake) {
    try take(word: "one")
    table.singular = try commentName()
    while tokens.current == .sign(0x2C) {
      try tokens.advance()
      switch try word("what a table has") {
      case "time": table.timeField = try commentName()
      case "label": table.labelField = try commentName()
      case "shown":
        repeat { table.shown.append(try commentName()) } while isCommentName
      case "role": table.role = try commentName()
      case "valid":
        try take(word: "when")
        table.validWhen = try commentName()
      case "file": table.file = try commentName()
      default: throw tokens.mistake("time, label, shown, role, valid when or file")
      }
    }
    try take(.endOfLine, "',' or the end of the line")
  }

  private func check(_ table: SchemaTable) throws(SchemaMistake) {
    func refuse(_ message: String) -> SchemaMistake {
      SchemaMistake(line: tokens.line, message: "table '\(table.name)': \(message)")
    }
    let keys = table.fields.filter(\.isKey)
    guard keys.count <= 1, keys.allSatisfy({ $0.type == .integer || $0.type == .text }) else {
      throw refuse("expected one key, an integer or a text")
    }
    for name in [table.timeField, table.labelField].compactMap(\.self) + table.shown
    where !table.fields.contains(where: { Self.isSame($0.name, name) }) {
      throw refuse("there is no field '\(name)'")
    }
    if let role = table.role, EntityRole(rawValue: role) == nil {
      throw refuse("there is no role '\(role)'")
    }
    var columns: Set<[UInt8]> = []
    for column in table.fields.compactMap(\.column)
    where !columns.insert(Array(Folding.fold(column).utf8)).inserted {
      throw refuse("there are two columns '\(column)'")
    }
  }

  private func checkReferences(of schema: Schema) throws(SchemaMistake) {
    for table in schema.tables {
      for field in table.fields {
        guard case .reference(let to, let key, let isText) = field.type else { continue }
        let target = schema.tables.first { $0.name.utf8.elementsEqual(to.utf8) }
        let targetKey = target?.fields.first(where: \.isKey)
        let isGood =
          field.column == nil
          ? target != nil
          : targetKey?.column.map { $0.utf8.elementsEqual(key.utf8) } == true
            && (targetKey?.type == .text) == isText
        guard isGood else {
          throw SchemaMistake(
            line: tokens.line,
            message: "table '\(table.name)': '\(field.name)' refers to no key of a table here")
        }
      }
    }
  }

  // MARK: fields

  /// `"name" TEXT, -- text`; and whether no comma follows.
  private mutating func storedField() throws(SchemaMistake) -> (SchemaField, isLast: Bool) {
    let column = try name("the name of a column")
    let storage = try word("a type")
    var field = SchemaField(name: column, column: column, type: .text)
    var reference: (table: String, key: String)?
    var choices: [String]?
    var isFlag = false
    if accept(word: "PRIMARY") {
      try take(word: "KEY")
      if storage == "TEXT" {
        try take(word: "NOT")
        try take(word: "NULL")
      }
      field.isKey = true
    } else if accept(word: "REFERENCES") {
      let table = try name("the name of a table")
      try take(.sign(0x28), "'('")
      reference = (table, try name("the name of a key"))
      try take(.sign(0x29), "')'")
    } else if accept(word: "CHECK") {
      try take(.sign(0x28), "'('")
      guard try name("the column's name") == column else { throw tokens.mistake("'\(column)'") }
      if accept(word: "IN") {
        try take(.sign(0x28), "'('")
        (choices, isFlag) = try list()
        try take(.sign(0x29), "')'")
      } else {
        try take(word: "BETWEEN")
        let lower = try integer()
        try take(word: "AND")
        let upper = try integer()
        guard lower <= upper else { throw tokens.mistake("a larger number") }
        field.bounds = lower...upper
      }
      try take(.sign(0x29), "')'")
    }
    let hasComma = tokens.current == .sign(0x2C)
    if hasComma { try tokens.advance() }
    try take(.comment, "a comment with the type")
    try readComment(&field, choices: choices, reference: reference, isFlag: isFlag)
    if case .reference(let table, let key, _) = field.type {
      field.type = .reference(to: table, key: key, isText: storage == "TEXT")
    }
    guard field.type.storage == storage else {
      throw SchemaMistake(
        line: tokens.line, message: "'\(column)' is \(field.type.word), but its column \(storage)")
    }
    return (field, !hasComma)
  }

  /// `-- computed profit money, is "value - cost"`
  private mutating func computedField() throws(SchemaMistake) -> SchemaField {
    try tokens.advance()
    try take(word: "computed")
    var field = SchemaField(name: try commentName(), column: nil, type: .text)
    try readComment(&field, choices: nil, reference: nil, isFlag: false)
    guard field.expression != nil else { throw tokens.mistake("what the field is") }
    return field
  }

  /// The type in a comment and what follows it, to the end of the line.
  private mutating func readComment(
    _ field: inout SchemaField, choices: [String]?, reference: (table: String, key: String)?,
    isFlag: Bool
  ) throws(SchemaMistake) {
    let type = try word("a type")
    var choices = choices
    var isOrdered = false
    var target = reference?.table
    if reference != nil, field.column?.hasSuffix("_id") == true {
      field.name = String(field.name.dropLast(3))
    }
    while tokens.current == .sign(0x2C) {
      try tokens.advance()
      switch try word("what a field has") {
      case "ordered": isOrdered = true
      case "of":
        var names: [String] = []
        repeat { names.append(try commentName()) } while isCommentName
        choices = names
      case "field": field.name = try commentName()
      case "to": target = try commentName()
      case "event": field.isEvent = true
      case "inverse": field.inverse = try commentName()
      case "tracked":
        try take(word: "by")
        field.trackedBy = try commentName()
      case "moves": field.usualMoves = try moves()
      case "is": field.expression = try commentName()
      default: throw tokens.mistake("what a field has")
      }
    }
    field.type = try self.type(
      type, choices: choices, isOrdered: isOrdered, target: target, key: reference?.key)
    let isTyped = field.column != nil
    guard !isTyped || isFlag == (field.type == .flag),
      field.bounds == nil || field.type == .integer,
      (field.expression != nil) == (field.column == nil),
      reference == nil || type == "reference", choices == nil || type == "choice"
    else { throw tokens.mistake("a comment that fits the column") }
    try checkMoves(of: field)
    try take(.endOfLine, "',' or the end of the line")
  }

  private func type(
    _ word: String, choices: [String]?, isOrdered: Bool, target: String?, key: String?
  ) throws(SchemaMistake) -> SchemaType {
    switch word {
    case "text": return .text
    case "money": return .money
    case "number": return .number
    case "integer": return .integer
    case "date": return .date
    case "time": return .time
    case "flag": return .flag
    case "choice":
      guard let choices, choices.count <= ChoiceList.nameCountMax else {
        throw tokens.mistake("the names of the choice, at most \(ChoiceList.nameCountMax)")
      }
      return .choice(ChoiceList(choices, isOrdered: isOrdered))
    case "reference":
      guard let target else { throw tokens.mistake("where the reference leads") }
      return .reference(to: target, key: key ?? "", isText: false)
    default: throw SchemaMistake(line: tokens.line, message: "there is no type '\(word)'")
    }
  }

  private mutating func moves() throws(SchemaMistake) -> [UInt8: Set<UInt8>] {
    var moves: [UInt8: Set<UInt8>] = [:]
    while case .word = tokens.current {
      guard let from = UInt8(exactly: try integer()) else { throw tokens.mistake("a code") }
      try take(.sign(0x3E), "'>'")
      guard let to = UInt8(exactly: try integer()) else { throw tokens.mistake("a code") }
      moves[from, default: []].insert(to)
    }
    return moves
  }

  private func checkMoves(of field: SchemaField) throws(SchemaMistake) {
    guard let moves = field.usualMoves else { return }
    var count = 0
    if case .choice(let list) = field.type { count = list.names.count }
    for (from, to) in moves where from >= count || to.contains(where: { $0 >= count }) {
      throw tokens.mistake("codes of the choice's names")
    }
  }

  // MARK: tokens

  /// `'a', 'b')`, or `0, 1)` for a flag.
  private mutating func list() throws(SchemaMistake) -> ([String]?, isFlag: Bool) {
    if case .word = tokens.current {
      try take(word: "0")
      try take(.sign(0x2C), "','")
      try take(word: "1")
      return (nil, true)
    }
    var names: [String] = []
    while true {
      guard case .literal(let name) = tokens.current else { throw tokens.mistake("a name") }
      names.append(name)
      try tokens.advance()
      if tokens.current != .sign(0x2C) { return (names, false) }
      try tokens.advance()
    }
  }

  fileprivate mutating func skipComment() throws(SchemaMistake) {
    try tokens.skipComment()
    if tokens.current == .endOfLine { try tokens.advance() }
  }

  private mutating func take(
    _ token: SchemaTokens.Token, _ words: String
  ) throws(SchemaMistake) {
    guard tokens.current == token else { throw tokens.mistake(words) }
    try tokens.advance()
  }

  private mutating func take(word: String) throws(SchemaMistake) {
    try take(.word(word), word)
  }

  private mutating func accept(word: String) -> Bool {
    guard tokens.current == .word(word) else { return false }
    return (try? tokens.advance()) != nil
  }

  private mutating func word(_ words: String) throws(SchemaMistake) -> String {
    guard case .word(let word) = tokens.current else { throw tokens.mistake(words) }
    try tokens.advance()
    return word
  }

  private mutating func integer() throws(SchemaMistake) -> Int64 {
    guard case .word(let word) = tokens.current, let number = Int64(word) else {
      throw tokens.mistake("a whole number")
    }
    try tokens.advance()
    return number
  }

  private mutating func name(_ words: String) throws(SchemaMistake) -> String {
    guard case .name(let name) = tokens.current, !name.isEmpty else {
      throw tokens.mistake(words)
    }
    try tokens.advance()
    return name
  }

  /// A name in a comment, bare or in quotes.
  private mutating func commentName() throws(SchemaMistake) -> String {
    switch tokens.current {
    case .word(let name), .name(let name):
      try tokens.advance()
      return name
    default: throw tokens.mistake("a name")
    }
  }

  private var isCommentName: Bool {
    switch tokens.current {
    case .word, .name: true
    default: false
    }
  }

  private static func isSame(_ a: String, _ b: String) -> Bool {
    Folding.fold(a).utf8.elementsEqual(Folding.fold(b).utf8)
  }
}
