// The statements that change, save and carry data. Their slips are in Parser+ChangeSlip.swift.

extension Parser {
  /// `add`: `add ENTITY f = V, …`.
  mutating func parseAdd() throws(Halt) -> Statement {
    let start = index
    advance()
    notePlace(.record)
    let entity = try parseName("what one record is called, such as 'customer', after 'add'")
    sourceName = entity
    let assignments = try assignments(isNew: true)
    return Statement(
      .add(AddStatement(entity: entity, assignments: assignments)), range: range(from: start))
  }

  /// `update`: `update TARGET set f = V, …`.
  mutating func parseUpdate() throws(Halt) -> Statement {
    let start = index
    advance()
    let target = try readTarget(of: .update, before: .set)
    try requireSet()
    let assignments = try assignments(isNew: false)
    if current.keyword == .where { try mendLateWhere(of: target) }
    return Statement(
      .update(UpdateStatement(target: target, assignments: assignments)), range: range(from: start))
  }

  /// `move`: `move TARGET to CHOICE [because "…"] [anyway]`.
  mutating func parseMove() throws(Halt) -> Statement {
    let start = index
    advance()
    let target = try readTarget(of: .move, before: .to)
    try requireTo()
    var move = MoveStatement(
      target: target, to: try parseDestination(), because: nil, anywayRange: nil)
    var seen: Set<Keyword> = []
    while let keyword = moveOption(seen) {
      if !seen.insert(keyword).inserted {
        report(.clauseTwice(keyword.rawValue, keyword.rawValue), at: current.range)
      }
      if keyword == .because {
        move.because = try parseBecause()
      } else {
        move.anywayRange = current.range
        advance()
      }
    }
    return Statement(.move(move), range: range(from: start))
  }

  /// The word here, if it opens an option of `move`.
  private mutating func moveOption(_ seen: Set<Keyword>) -> Keyword? {
    let words: [Keyword] = [.because, .anyway]
    note(words.filter { !seen.contains($0) })
    if current.kind == .word, current.keyword.map(words.contains) != true {
      mendKeyword(among: words)
    }
    return current.keyword.flatMap { words.contains($0) ? $0 : nil }
  }

  /// `because`: `because "…"`.
  mutating func parseBecause() throws(Halt) -> Expression {
    advance()
    if current.kind == .parameter { return try parsePrimary() }
    if current.kind == .word { return try mendUnquoted(before: [.anyway]) }
    let (content, place) = try literalText("a text in quotes after 'because'")
    return Expression(.text(content), range: place)
  }

  /// `destination`: the choice that `move` names after `to`.
  mutating func parseDestination() throws(Halt) -> Expression {
    notePlace(.trackedChoice(of: sourceName?.text))
    if current.kind == .text || current.kind == .parameter { return try parsePrimary() }
    let name = try parseName("the name of a choice after 'to'")
    return Expression(.path([name]), range: name.range)
  }

  /// `delete`: `delete TARGET [with related]`.
  mutating func parseDelete() throws(Halt) -> Statement {
    let start = index
    advance()
    mendDeleteFrom()
    let target = try readTarget(of: .delete, before: .with)
    mendCascade()
    let isWithRelated = accept(.with)
    if isWithRelated { try require(.related) }
    return Statement(
      .delete(DeleteStatement(target: target, isWithRelated: isWithRelated)),
      range: range(from: start))
  }

  /// `merge`: `merge ENTITY KEY into KEY`.
  mutating func parseMerge() throws(Halt) -> Statement {
    let start = index
    advance()
    notePlace(.record)
    let entity = try parseName("what one record is called, such as 'customer', after 'merge'")
    let from = try parseKey("the key of the record that goes")
    mendMergeWord()
    try require(.into)
    let into = try parseKey("the key of the record that stays, after 'into'")
    return Statement(
      .merge(MergeStatement(entity: entity, from: from, into: into)), range: range(from: start))
  }

  /// `target`: which records: `customers where C`, `all customers`, `customer KEY` or `it`.
  ///
  /// - Parameter verb: The word of the statement.
  mutating func parseTarget(of verb: Keyword) throws(Halt) -> ChangeTarget {
    let start = index
    notePlace(.record)
    notePlace(.entity)
    if accept(.it) {
      sourceName = nil
      return ChangeTarget(.it, range: range(from: start))
    }
    if accept(.all) {
      notePlace(.entity)
      let name = try parseName("the name of an entity after 'all'")
      sourceName = name
      return ChangeTarget(.all(name), range: range(from: start))
    }
    let name = try parseName("the name of an entity, or 'all', after '\(verb.rawValue)'")
    sourceName = name
    note([.where])
    if isAtMistypedWhere { mendKeyword(among: [.where]) }
    if current.keyword == .where {
      try requireCondition()
      return ChangeTarget(.matching(name, try parseFilter()), range: range(from: start))
    }
    if let target = try mendSQLOrder(of: name) { return target }
    guard isAtKey || isAtBareKey else { throw missingTarget(of: name, verb: verb.rawValue) }
    let key = try parseKey("a key")
    return ChangeTarget(.key(name, key), range: range(from: start))
  }

  /// Whether a word stands here that more follows, as it does after `where`.
  private var isAtMistypedWhere: Bool {
    guard current.kind == .word, current.keyword == nil else { return false }
    return following.kind == .word || following.kind == .quotedName || following.kind == .open
  }

  /// Whether a literal that can be a key stands here.
  var isAtKey: Bool {
    switch current.kind {
    case .number, .text, .parameter: true
    case .minus: following.kind == .number
    default: false
    }
  }

  /// `key`: a whole number, a text or a parameter.
  mutating func parseKey(_ expected: String) throws(Halt) -> Expression {
    let start = current.range.lowerBound
    switch current.kind {
    case .minus where following.kind == .number:
      advance()
      let number = try countOrParameter(expected)
      return try make(.negation(number), from: start)
    case .text: return try parsePrimary()
    case .number, .parameter: return try countOrParameter(expected)
    case .word where current.keyword == nil, .quotedName:
      let text = spelling(current.range)
      report(.needsQuotes(text), at: current.range, [Fix(current.range, Formatter.quoted(text))])
      advance()
      return try make(.text(text), from: start)
    default: throw unexpected(expected)
    }
  }

  /// The assignments of `add` and `update`, at least one.
  private mutating func assignments(isNew: Bool) throws(Halt) -> [Assignment] {
    var all: [Assignment] = []
    repeat {
      all.append(try parseAssignment(isNew: isNew))
    } while accept(.comma) || mendAssignmentComma()
    return all
  }

  /// `assignment`: `FIELD = VALUE`; a condition as a value stands in brackets.
  ///
  /// - Parameter isNew: Whether it is for a record that is added.
  mutating func parseAssignment(isNew: Bool) throws(Halt) -> Assignment {
    notePlace(.storedField(of: sourceName?.text, isNew: isNew))
    let field = try parseName("the name of a field")
    try requireEqual()
    let outer = compared
    compared = [field]
    defer { compared = outer }
    if current.keyword == .unknown || isAtSlip("null") {
      return Assignment(field: field, value: assignedUnknown())
    }
    let start = index
    if current.keyword == .not || current.keyword == .has {
      return Assignment(field: field, value: try mendCondition(start))
    }
    let value = try parseSum()
    if isAtTest { return Assignment(field: field, value: try mendCondition(start)) }
    mendBareText(before: [.where, .set])
    return Assignment(field: field, value: value)
  }

  private mutating func assignedUnknown() -> Expression {
    noteOperands()
    if current.keyword != .unknown { reportOperatorSlip("unknown") }
    let place = current.range
    advance()
    return Expression(.unknown, range: place)
  }
}

extension Parser {
  /// `undo`: takes the last change back.
  mutating func parseUndo() throws(Halt) -> Statement { bare(.undo) }

  /// `begin`: opens a transaction.
  mutating func parseBegin() throws(Halt) -> Statement { bare(.begin) }

  /// `commit`: keeps what the transaction did.
  mutating func parseCommit() throws(Halt) -> Statement { bare(.commit) }

  /// `rollback`: takes back what the transaction did.
  mutating func parseRollback() throws(Halt) -> Statement { bare(.rollback) }

  /// A statement of one word.
  private mutating func bare(_ kind: Statement.Kind) -> Statement {
    let start = index
    advance()
    mendFiller(["transaction", "work"])
    return Statement(kind, range: range(from: start))
  }

  /// `save`: `save ["file" [replace]]`.
  mutating func parseSave() throws(Halt) -> Statement {
    let start = index
    advance()
    notePlace(.file)
    if current.keyword == .to || current.keyword == .as, following.kind == .text { cutWord() }
    if current.kind == .end || current.kind == .semicolon {
      return Statement(.save(nil), range: range(from: start))
    }
    let file = try parseFileTarget("a file name in quotes")
    return Statement(.save(file), range: range(from: start))
  }

  /// `backup`: `backup to "file" [replace]`.
  mutating func parseBackup() throws(Halt) -> Statement {
    let start = index
    advance()
    try requireTo()
    let file = try parseFileTarget("a file name in quotes after 'to'")
    return Statement(.backup(file), range: range(from: start))
  }

  /// `importAll`: `import all from "file"`.
  mutating func parseImportAll() throws(Halt) -> Statement {
    let start = index
    advance()
    advance()
    try requireFrom()
    notePlace(.file)
    let (path, place) = try literalText("a file or folder in quotes after 'from'")
    return Statement(.importAll(FileTarget(path: path, range: place)), range: range(from: start))
  }

  /// `exportAll`: `export all to "folder" [replace]`.
  mutating func parseExportAll() throws(Halt) -> Statement {
    let start = index
    advance()
    if current.kind == .word, current.keyword != .all || following.kind == .dot {
      throw exportedEntity()
    }
    try require(.all)
    try requireTo()
    let folder = try parseFileTarget("a folder in quotes after 'to'")
    return Statement(.exportAll(folder), range: range(from: start))
  }

  /// `fileTarget`: `"file" [replace]`.
  mutating func parseFileTarget(_ expected: String) throws(Halt) -> FileTarget {
    notePlace(.file)
    let (path, place) = try literalText(expected)
    return FileTarget(path: path, range: place, isReplacing: accept(.replace))
  }
}
