/// Prints a tree in canonical form: clauses in the order they apply, one space, small keywords,
/// double quotes, backticks and brackets only where they are needed.
///
/// What it prints parses to the same tree, so formatting twice changes nothing.
package struct Formatter {
  var output = ""
  /// Whether an `and` or `or` follows what is being written, not in its brackets.
  var isBeforeLogical = false

  /// A statement on one line.
  package static func format(_ statement: Statement) -> String {
    var formatter = Formatter()
    formatter.write(statement)
    return formatter.output
  }

  /// A query, without `find`.
  package static func format(_ query: Query) -> String {
    var formatter = Formatter()
    formatter.write(query, countsBy: false)
    return formatter.output
  }

  /// What a query reads, a query in its brackets.
  package static func format(_ source: Source) -> String {
    var formatter = Formatter()
    formatter.write(source)
    return formatter.output
  }

  /// An expression.
  package static func format(_ expression: Expression) -> String {
    var formatter = Formatter()
    formatter.write(expression)
    return formatter.output
  }

  /// A window, such as `in last 30 days`.
  package static func format(_ window: Window) -> String {
    var formatter = Formatter()
    formatter.write(window)
    return formatter.output
  }

  /// Rounds as they stand after `then`, the first one without it.
  package static func format(_ rounds: [Round]) -> String {
    var formatter = Formatter()
    for (place, round) in rounds.enumerated() {
      if place > 0 { formatter.word("then") }
      formatter.write(round, countsBy: false)
    }
    return formatter.output
  }

  /// A name, in backticks if it needs them.
  package static func name(_ text: String) -> String {
    let keyword = Keyword(word: text)
    let isPlain = Lexer.isPlainName(text) && keyword?.isReserved != true && keyword?.isValue != true
    return isPlain ? text : "`\(text)`"
  }

  /// A text literal.
  package static func quoted(_ text: String) -> String {
    var bytes: [UInt8] = [UInt8(ascii: "\"")]
    let content = Array(text.utf8)
    for (place, byte) in content.enumerated() {
      switch byte {
      case UInt8(ascii: "\""): bytes += "\\\"".utf8
      case 0x0A: bytes += "\\n".utf8
      case 0x09: bytes += "\\t".utf8
      case 0x0D: bytes += "\\r".utf8
      case UInt8(ascii: "\\"): bytes += needsEscape(content, place) ? "\\\\".utf8 : "\\".utf8
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the backslash at `place` would escape what follows it.
  private static func needsEscape(_ content: [UInt8], _ place: Int) -> Bool {
    guard place + 1 < content.count else { return true }
    switch content[place + 1] {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "n"),
      UInt8(ascii: "t"), UInt8(ascii: "r"), 0x0A, 0x09, 0x0D, 0xE2:
      return true
    default: return false
    }
  }
}

extension Formatter {
  /// Writes words with a space before them.
  mutating func word(_ text: String) {
    if let last = output.utf8.last, last != UInt8(ascii: "("), last != UInt8(ascii: " ") {
      output += " "
    }
    output += text
  }

  /// Writes a statement.
  mutating func write(_ statement: Statement) {
    switch statement.kind {
    case .find(let query):
      if case .verb = query.source {} else { word("find") }
      write(query, countsBy: false)
    case .count(let count):
      word("count")
      write(count.query, countsBy: true)
    case .calc(let columns):
      word("calc")
      write(columns)
    case .describe(let kind, let names):
      word("describe")
      if let kind { word(kind.rawValue) }
      if !names.isEmpty { word(names.map { Self.name($0.text) }.joined(separator: ".")) }
    case .explain(let explanation):
      word(explanation.isAnalyze ? "explain analyze" : "explain")
      if let sql = explanation.sql {
        word("in sql")
        if let dialect = sql.dialect { word("for \(dialect.rawValue)") }
      }
      write(explanation.statement)
    case .importFile(let statement): write(statement)
    case .importAll, .exportAll, .save, .backup: writeCarrying(statement)
    case .add, .update, .move, .delete, .merge: writeChange(statement)
    case .undo: word("undo")
    case .begin: word("begin")
    case .commit: word("commit")
    case .rollback: word("rollback")
    case .refine(let rounds):
      for round in rounds {
        word("then")
        write(round, countsBy: false)
      }
    case .define, .rename, .drop, .freeze, .compare, .checkStandards, .suggestActions, .list:
      writeDefinition(statement)
    case .letParameter, .include, .expect, .sql: writeScripted(statement)
    case .profile(let profile): write(profile)
    }
  }

  /// Writes what a query reads.
  mutating func write(_ source: Source) {
    switch source {
    case .named(let name): word(Self.name(name.text))
    case .it: word("it")
    case .query(let inner):
      word("(")
      write(inner, countsBy: false)
      output += ")"
    case .verb(let call): write(call)
    }
  }

  /// Writes a query; with `by` for `group by` in its first round, if so asked.
  mutating func write(_ query: Query, countsBy: Bool) {
    write(query.source)
    if let window = query.window { write(window) }
    if let asOf = query.asOf {
      word("as of")
      writeValue(asOf.day)
    }
    for (place, round) in query.rounds.enumerated() {
      if place > 0 { word("then") }
      write(round, countsBy: countsBy && place == 0)
    }
  }

  private mutating func write(_ round: Round, countsBy: Bool) {
    if let filter = round.filter {
      word("where")
      write(filter.condition)
    }
    if let group = round.group {
      word(countsBy ? "by" : "group by")
      write(group.keys)
      if let across = group.across {
        word("across")
        write([across])
      }
    }
    if let show = round.show {
      word("show")
      write(show.columns)
      if show.totalRange != nil { word("with total") }
    }
    if let order = round.order { write(order) }
    if let sample = round.sample {
      word("sample")
      write(sample.amount)
      if let seed = sample.seed {
        word("seed")
        write(seed)
      }
    }
    if let limit = round.limit {
      word("limit")
      write(limit.count)
      if let offset = limit.offset {
        word("offset")
        write(offset)
      }
    }
    if let into = round.into { write(into) }
  }

  /// Writes `into "file" [replace|append]`.
  mutating func write(_ into: IntoClause) {
    word("into \(Self.quoted(into.path))")
    if into.mode == .replace { word("replace") }
    if into.mode == .append { word("append") }
  }

  private mutating func write(_ order: OrderClause) {
    switch order.kind {
    case .by(let keys):
      word("order by")
      for (place, key) in keys.enumerated() {
        if place > 0 { output += "," }
        write(key.expression)
        if key.isDescending { word("desc") }
      }
    case .ranked(let isTop, let count, let by, let per):
      word(isTop ? "top" : "bottom")
      write(count)
      word("by")
      writeValue(by)
      if !per.isEmpty {
        word("per")
        writeListed(per)
      }
    }
  }

  private mutating func write(_ columns: [NamedExpression]) {
    for (place, column) in columns.enumerated() {
      if place > 0 { output += "," }
      write(column.expression)
      if let alias = column.alias { word("as \(Self.spelled(alias: alias.text))") }
    }
  }

  private mutating func write(_ statement: ImportStatement) {
    word("import \(Self.spelled(entity: statement.entity)) from \(Self.quoted(statement.path))")
    if let field = statement.matching { word("matching \(Self.name(field.text))") }
    if !statement.mappings.isEmpty {
      word("map " + statement.mappings.map(Self.spelled).joined(separator: ", "))
    }
    if !statement.references.isEmpty {
      let references = statement.references.map { reference in
        "\(Self.name(reference.field.text)) to \(Self.name(reference.entity.text))"
          + (reference.isAdding ? " adding" : "")
      }
      word("with reference " + references.joined(separator: ", "))
    }
    if statement.errorPolicy == .skip { word("on error skip") }
    if !statement.unknownMarks.isEmpty {
      word("unknown " + statement.unknownMarks.map(Self.quoted).joined(separator: ", "))
    }
    if let encoding = statement.encoding { word("encoding \(Self.quoted(encoding))") }
    if let order = statement.dateOrder {
      word(order == .dayFirst ? "dates day_first" : "dates month_first")
    }
    if let mark = statement.decimalMark {
      word(mark == .point ? "decimal point" : "decimal comma")
    }
  }

  /// An alias; `as of` is always the clause.
  static func spelled(alias text: String) -> String {
    Keyword(word: text) == .of ? "`\(text)`" : name(text)
  }

  private static func spelled(_ mapping: ImportStatement.Mapping) -> String {
    let head = "\(quoted(mapping.header)) to \(name(mapping.field.text))"
    guard !mapping.choices.isEmpty else { return head }
    let choices = mapping.choices.map { pair in
      "\(quoted(pair.spelling)) = \(spelledChoice(pair.choice.text))"
    }
    return "\(head) (\(choices.joined(separator: ", ")))"
  }

  /// A choice, in quotes where it is no plain word: unlike backticks they take any text.
  static func spelledChoice(_ text: String) -> String {
    name(text) == text ? text : quoted(text)
  }
}
