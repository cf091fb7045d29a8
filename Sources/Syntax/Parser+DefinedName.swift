// The statements that deal with what has been defined.

extension Parser {
  /// The kind that the next word names, which is stepped over.
  ///
  /// - Parameter verb: The word of the statement.
  mutating func definedKind(of verb: String) throws(Halt) -> DefinedKind {
    note(Self.kindWords)
    if current.kind == .word, current.keyword.map(Self.kindWords.contains) != true {
      // A plural is nearer to its singular than anything else is.
      guard mendKeyword(among: Self.kindWords) else { throw missingKind(of: verb) }
    }
    guard let kind = DefinedKind(keyword: current.keyword) else { throw missingKind(of: verb) }
    advance()
    return kind
  }

  /// The words of the kinds, in the singular.
  static let kindWords: [Keyword] = [.segment, .field, .standard, .action, .entity]

  private static let pluralWords: [Keyword] = [
    .segments, .fields, .standards, .actions, .entities,
  ]

  /// `rename`: `rename KIND NAME to NAME`.
  mutating func parseRename() throws(Halt) -> Statement {
    let start = index
    advance()
    let target = try parseDefinedName(of: "rename")
    try requireTo()
    let to = try parseName("the new name after 'to'")
    return Statement(.rename(RenameStatement(target: target, to: to)), range: range(from: start))
  }

  /// `drop`: `drop KIND NAME`.
  mutating func parseDrop() throws(Halt) -> Statement {
    let start = index
    if isSlip(following, "table") || isSlip(following, "view") || isSlip(following, "index") {
      report(.sqlStatement(spelling(current.range)), at: current.range)
      throw Halt()
    }
    advance()
    let target = try parseDefinedName(of: "drop")
    return Statement(.drop(target), range: range(from: start))
  }

  /// `definedName`: a kind and a name; of a field, `ENTITY.FIELD`.
  mutating func parseDefinedName(of verb: String) throws(Halt) -> DefinedName {
    let kind = try definedKind(of: verb)
    if kind == .field {
      let (entity, field) = try fieldName()
      return DefinedName(.field, entity: entity, name: field)
    }
    notePlace(kind == .entity ? .entity : .defined(kind))
    return DefinedName(kind, name: try parseName("the name of the \(kind.rawValue)"))
  }

  /// `freeze`: `freeze segment S as NAME`, `freeze it as NAME` or `freeze (QUERY) as NAME`.
  mutating func parseFreeze() throws(Halt) -> Statement {
    let start = index
    advance()
    note([.segment, .it])
    let place = index
    let source: Source
    if current.keyword == .it || current.kind == .open {
      source = try parseSource()
    } else {
      if current.keyword == .segment, following.keyword != .as {
        advance()
      } else if current.kind.isName {
        let start = SourceRange(current.range.lowerBound, current.range.lowerBound)
        report(.missingWord("segment"), at: current.range, [Fix(start, "segment ")])
      } else {
        throw unexpected("'segment' and its name, 'it' or a query in brackets")
      }
      notePlace(.defined(.segment))
      source = .named(try parseName("the name of a segment"))
    }
    let sourceRange = range(from: place)
    try requireAs()
    let name = try parseName("the name of the new segment after 'as'")
    return Statement(
      .freeze(FreezeStatement(source: source, sourceRange: sourceRange, name: name)),
      range: range(from: start))
  }

  /// `compare`: `compare SOURCE with SOURCE` or `compare SOURCE since D`, and a file.
  mutating func parseCompare() throws(Halt) -> Statement {
    let start = index
    advance()
    let (source, sourceRange) = try rangedSource()
    let other: CompareStatement.Other
    note([.with, .since])
    if accept(.since) {
      other = .since(try parseWindowOperand())
    } else {
      mendCompareWord()
      guard accept(.with) else { throw unexpected("'with' or 'since'") }
      let (source, range) = try rangedSource()
      other = .source(source, range: range)
    }
    let into = try acceptInto()
    try reportCompareTail()
    return Statement(
      .compare(
        CompareStatement(source: source, sourceRange: sourceRange, other: other, into: into)),
      range: range(from: start))
  }

  private mutating func acceptInto() throws(Halt) -> IntoClause? {
    isAt(.into) ? try parseInto() : nil
  }

  private mutating func rangedSource() throws(Halt) -> (Source, SourceRange) {
    let start = index
    let source = try parseSource()
    return (source, range(from: start))
  }

  /// `check`: `check standards`, and a file.
  mutating func parseCheck() throws(Halt) -> Statement {
    let start = index
    advance()
    if current.kind == .word, current.keyword != .standards { mendKeyword(among: [.standards]) }
    try require(.standards)
    let into = try acceptInto()
    return Statement(.checkStandards(into: into), range: range(from: start))
  }

  /// `suggest`: `suggest actions [for customer 42]`, or `for` a source, and a file.
  mutating func parseSuggest() throws(Halt) -> Statement {
    let start = index
    advance()
    if current.kind == .word, current.keyword != .actions { mendKeyword(among: [.actions]) }
    try require(.actions)
    let subject = accept(.forWord) ? try suggestionSubject() : nil
    let into = try acceptInto()
    return Statement(.suggestActions(subject, into: into), range: range(from: start))
  }

  /// A record by its key, or a source.
  private mutating func suggestionSubject() throws(Halt) -> SuggestionSubject {
    notePlace(.record)
    let place = index
    let source = try parseSource()
    if case .named(let name) = source, isAtKey {
      let key = try parseKey("a key")
      return .record(RecordName(entity: name, key: key, range: range(from: place)))
    }
    return .source(source, range: range(from: place))
  }

  /// `list`: `list segments [of customer 42]`, `list fields`, `list standards`, `list actions` or
  /// `list entities`.
  mutating func parseList() throws(Halt) -> Statement {
    let start = index
    advance()
    note(Self.pluralWords)
    if current.kind == .word, current.keyword.map(Self.pluralWords.contains) != true {
      mendKeyword(among: Self.pluralWords)
    }
    guard let place = Self.pluralWords.firstIndex(where: { $0 == current.keyword }),
      let kind = DefinedKind(keyword: Self.kindWords[place])
    else { throw unexpected("'segments', 'fields', 'standards', 'actions' or 'entities'") }
    advance()
    let record = kind == .segment && accept(.of) ? try parseRecordName() : nil
    return Statement(
      .list(ListStatement(kind: kind, record: record)), range: range(from: start))
  }

  /// `recordName`: `customer 42`.
  mutating func parseRecordName() throws(Halt) -> RecordName {
    let start = index
    notePlace(.record)
    let entity = try parseName("what one record is called, such as 'customer'")
    let key = try parseKey("the key of the record")
    return RecordName(entity: entity, key: key, range: range(from: start))
  }
}

extension DefinedKind {
  /// The kind that a word names in the singular.
  init?(keyword: Keyword?) {
    switch keyword {
    case .segment: self = .segment
    case .field: self = .field
    case .standard: self = .standard
    case .action: self = .action
    case .entity: self = .entity
    default: return nil
    }
  }
}

extension Parser {
  /// Steps over `as`, or reports what stands for it.
  mutating func requireAs() throws(Halt) {
    if accept(.as) { return }
    if current.kind == .equal {
      reportOperatorSlip("as")
      return advance()
    }
    guard current.kind.isName || current.kind == .open, current.keyword?.isReserved != true else {
      throw unexpected("'as'")
    }
    reportMissing("as")
  }

  /// Reports a statement that does not say what kind of thing it is about.
  private mutating func missingKind(of verb: String) -> Halt {
    let isAsked = current.kind.isName && index != probe
    guard isAsked else { return unexpected(Self.kindsInWords) }
    report(.missingKind(verb, spelling(current.range)), at: current.range)
    return Halt()
  }

  private static let kindsInWords = "'segment', 'field', 'standard', 'action' or 'entity'"

  /// Reports `to` and `and` in place of `with`.
  private mutating func mendCompareWord() {
    switch current.keyword {
    case .to, .and:
      reportOperatorSlip("with")
      tokens[index].keyword = .with
    default: return
    }
  }

  /// Reports what stands behind `compare` as it would behind a verb or a query.
  private mutating func reportCompareTail() throws(Halt) {
    let token = current
    guard let keyword = token.keyword else { return }
    let isClause = keyword == .then || clause(at: index) != nil
    guard keyword == .summary || isClause, keyword != .into else { return }
    let gap = SourceRange(previousEnd, token.range.upperBound)
    report(
      .clauseInCompare(keyword.rawValue), at: token.range,
      keyword == .summary && following.kind.isEnd ? [Fix(gap, "")] : [])
    throw Halt()
  }

  /// Reports the name that another language has for a type, or a mistyped one.
  mutating func mendType() {
    guard current.kind == .word, current.keyword.map(Self.typeWords.contains) != true else {
      return
    }
    for (word, right) in Self.foreignTypes where isAtSlip(word) {
      reportOperatorSlip(right.rawValue)
      tokens[index].keyword = right
      return
    }
    mendKeyword(among: Self.typeWords)
  }

  private static let foreignTypes: [(StaticString, Keyword)] = [
    ("string", .text), ("varchar", .text), ("char", .text), ("int", .integer),
    ("bigint", .integer), ("bool", .flag), ("boolean", .flag), ("float", .number),
    ("double", .number), ("real", .number), ("decimal", .number), ("datetime", .time),
    ("timestamp", .time), ("enum", .choice),
  ]
}
