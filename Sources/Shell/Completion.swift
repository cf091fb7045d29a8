import Engine
import Store
import Syntax

/// What Tab offers: what the parser would accept at the cursor, filled in from the catalog, the data
/// and the folder.
struct Completion {
  /// The most values of a field that are offered.
  static let valueCountMax = 40

  let session: Session
  /// The query behind the last answer, which a bare clause refines.
  let lastQuery: String?

  /// What can stand at byte `cursor` of `text`.
  func completions(of text: String, at cursor: Int) -> Completions {
    let before = Array(text.utf8.prefix(cursor))
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let line = String(decoding: before[lineStart...], as: UTF8.self)
    if LineEvent.isCommand(line) || line == "." {
      return commandCompletions(line, lineStart: lineStart)
    }
    let base = Self.statementStart(in: before)
    let statement = String(decoding: before[base...], as: UTF8.self)
    let expected = Parser.expectations(in: statement, at: statement.utf8.count)
    let range = expected.range.lowerBound..<expected.range.upperBound
    let bytes = Array(statement.utf8)
    guard range.upperBound <= bytes.count else {
      return Completions(start: cursor, candidates: [])
    }
    let typed = String(decoding: bytes[range], as: UTF8.self)
    let isFirst = bytes[..<range.lowerBound].allSatisfy { $0 <= 0x20 }
    return Completions(
      start: base + range.lowerBound,
      candidates: candidates(
        expected, after: names(before: expected, in: bytes), typed: typed, isFirst: isFirst))
  }

  /// What names mean by the answer that is gone on from.
  private func names(before expected: Expectations, in bytes: [UInt8]) -> RoundNames? {
    func text(_ range: SourceRange) -> String {
      String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
    }
    return switch expected.earlier {
    case .query(let range): session.names(after: text(range))
    case .last(let rounds): session.namesAfterLast(refinedBy: rounds.map(text))
    case nil: nil
    }
  }

  private func candidates(
    _ expected: Expectations, after earlier: RoundNames?, typed: String, isFirst: Bool
  ) -> [Completions.Candidate] {
    var places: [Completions.Candidate] = []
    for case .choiceValue(let path) in expected.places {
      let found = values(of: path, in: expected)
      let values = Self.matching(
        typed, found.isEmpty ? choices(of: path, after: earlier, in: expected) : found)
      if !values.isEmpty { return values }
    }
    for place in expected.places {
      switch place {
      case .entity:
        places += session.database.catalog.entities.map { .init(Self.spelled($0.name)) }
        places += definitions(.segment)
      case .defined(let kind): places += definitions(kind)
      case .field(let entity, let prefix):
        if let earlier {
          places += names(of: earlier, after: prefix)
        } else {
          places += fields(of: entity ?? source(of: expected), after: prefix)
        }
      case .column: places += earlier.map(columns) ?? []
      case .record:
        places += session.database.catalog.entities.map { .init(Self.spelled($0.singular)) }
      case .storedField(let entity, let isNew): places += storedFields(of: entity, isNew: isNew)
      case .trackedChoice(let entity): places += trackedChoices(of: entity)
      case .file: places += FileNames.candidates(typed, isInQuotes: expected.isInQuotes)
      case .relation(let entity, let prefix):
        places += relations(of: entity ?? source(of: expected), after: prefix)
      case .parameter: places += session.parameterNames.map { .init("$" + $0) }
      case .function, .aggregate, .choiceValue: break
      }
    }
    if expected.isInQuotes { return Self.matching(typed, places) }
    places += expected.aliases.map { .init(Self.spelled($0)) }
    places += words(of: expected, isFirst: isFirst).map { .init($0) }
    if !typed.isEmpty {
      for entry in Functions.all {
        let isPlace = expected.places.contains(entry.kind == .function ? .function : .aggregate)
        if isPlace { places.append(.init(entry.name, suffix: "(")) }
      }
    }
    var seen: Set<String> = []
    return Self.matching(typed, places).filter { seen.insert($0.text).inserted }
  }

  /// Signs are not completed, nor a clause where a value is due, nor at a fresh prompt what would
  /// refine an answer that is not there.
  private func words(of expected: Expectations, isFirst: Bool) -> [String] {
    let isValueDue = expected.places.contains { if case .field = $0 { true } else { false } }
    return expected.words.filter { word in
      guard let first = word.utf8.first, first >= UInt8(ascii: "a"),
        let head = word.split(separator: " ").first
      else { return false }
      guard let keyword = Keyword(word: String(head)) else { return true }
      if isFirst, lastQuery == nil { return !keyword.opensRefinement && keyword != .then }
      return isFirst || !isValueDue || !keyword.isClauseWord
    }
  }

  private func columns(of earlier: RoundNames) -> [Completions.Candidate] {
    earlier.columns.map { .init(Self.spelled($0.name)) }
  }

  /// The columns, and the fields where the rows are still records.
  private func names(
    of earlier: RoundNames, after prefix: [String]
  ) -> [Completions.Candidate] {
    let isOfRecord = prefix.first.map { Self.isSame($0, earlier.record) } ?? false
    return (prefix.isEmpty ? columns(of: earlier) : [])
      + fields(of: earlier.entity, after: isOfRecord ? Array(prefix.dropFirst()) : prefix)
  }

  /// The choices of a column of an earlier answer.
  private func choices(
    of path: [String], after earlier: RoundNames?, in expected: Expectations
  ) -> [Completions.Candidate] {
    guard path.count == 1,
      let column = earlier?.columns.last(where: { Self.isSame($0.name, path[0]) }),
      case .choice(let list) = column.type
    else { return [] }
    return list.names.map { choice($0, isInQuotes: expected.isInQuotes) }
  }

  private func values(of path: [String], in expected: Expectations) -> [Completions.Candidate] {
    let catalog = session.database.catalog
    guard let name = entity(named: source(of: expected))?.name,
      let entity = catalog.entity(named: name), let type = type(of: path, in: entity)
    else { return [] }
    var isChoice = false
    if case .choice(let list) = type {
      isChoice = true
      // The names are in the catalog; only their counts need the records.
      if !session.database.isLoaded(entity) {
        return list.names.map { choice($0, isInQuotes: expected.isInQuotes) }
      }
    }
    guard isChoice || type == .text else { return [] }
    let values = session.commonValues(of: path, in: name, countMax: Self.valueCountMax)
    return values.map { value, count in
      if expected.isInQuotes {
        return .init(value.replacing("\"", with: "\"\""), count: count, suffix: "\" ")
      }
      let isBare = isChoice && Self.isPlainName(value)
      return .init(isBare ? value : Self.quoted(value), count: count)
    }
  }

  /// The names of what is defined.
  private func definitions(_ kind: DefinedKind) -> [Completions.Candidate] {
    let catalog = session.database.catalog
    let names: [String] =
      switch kind {
      case .segment: catalog.definitions(of: .segment).map(\.name)
      case .standard: catalog.definitions(of: .standard).map(\.name)
      case .action: catalog.definitions(of: .action).map(\.name)
      case .field, .entity: []
      }
    return names.map { .init(Self.spelled($0)) }
  }

  private func choice(_ name: String, isInQuotes: Bool) -> Completions.Candidate {
    if isInQuotes { return .init(name.replacing("\"", with: "\"\""), suffix: "\" ") }
    return .init(Self.isPlainName(name) ? name : Self.quoted(name))
  }

  private func fields(of entity: String?, after prefix: [String]) -> [Completions.Candidate] {
    let catalog = session.database.catalog
    guard let entity = self.entity(named: entity), var id = catalog.entity(named: entity.name)
    else {
      return []
    }
    for name in prefix {
      guard let field = catalog[id].field(named: name),
        case .reference(let target) = catalog[id][field].type
      else { return [] }
      id = target
    }
    return catalog[id].fields.map { .init(Self.spelled($0.name)) }
  }

  /// What may follow in the way to related records: relations, and references that lead to some.
  private func relations(of entity: String?, after prefix: [String]) -> [Completions.Candidate] {
    let catalog = session.database.catalog
    guard let entity = self.entity(named: entity), var id = catalog.entity(named: entity.name)
    else { return [] }
    for name in prefix {
      if let relation = catalog.relation(named: name, of: id) {
        id = relation.entity
      } else if let field = catalog[id].field(named: name),
        case .reference(let target) = catalog[id][field].type
      {
        id = target
      } else {
        return []
      }
    }
    let references = catalog[id].fields.compactMap { field -> Completions.Candidate? in
      guard case .reference = field.type, !field.isComputed else { return nil }
      return .init(Self.spelled(field.name), suffix: ".")
    }
    return catalog.relations(of: id).map { .init(Self.spelled($0.name)) } + references
  }

  /// The fields of an entity, named in the singular or plural, that a change can set: in a record
  /// that is there neither the key nor what `move` changes.
  private func storedFields(of name: String?, isNew: Bool) -> [Completions.Candidate] {
    guard let entity = entity(named: name) else { return [] }
    return entity.fields.enumerated().filter { place, field in
      !field.isComputed && (isNew || field.trackedBy == nil && place != entity.key.index)
    }.map { .init(Self.spelled($0.element.name)) }
  }

  /// The choices of an entity's tracked field.
  private func trackedChoices(of name: String?) -> [Completions.Candidate] {
    guard let field = entity(named: name)?.fields.first(where: { $0.trackedBy != nil }),
      case .choice(let list) = field.type
    else { return [] }
    return list.names.map { choice($0, isInQuotes: false) }
  }

  /// The entity of this name, singular or plural.
  private func entity(named name: String?) -> Entity? {
    guard let name else { return nil }
    return session.database.catalog.entities.first { entity in
      Self.isSame(entity.name, name) || Self.isSame(entity.singular, name)
    }
  }

  private static func isSame(_ name: String, _ other: String?) -> Bool {
    guard let other else { return false }
    return Folding.fold(name).utf8.elementsEqual(Folding.fold(other).utf8)
  }

  private func type(of path: [String], in entity: EntityID) -> ValueType? {
    let catalog = session.database.catalog
    var id = entity
    var type: ValueType?
    for name in path {
      if case .reference(let target)? = type { id = target }
      guard let field = catalog[id].field(named: name) else { return nil }
      type = catalog[id][field].type
    }
    return type
  }

  /// The entity that is read: the statement's, or that of the last answer when it refines it.
  private func source(of expected: Expectations) -> String? {
    if let source = expected.source { return source }
    guard let lastQuery else { return nil }
    let text = lastQuery + " "
    return Parser.expectations(in: text, at: text.utf8.count).source
  }

  private func commandCompletions(_ line: String, lineStart: Int) -> Completions {
    guard let space = line.firstIndex(of: " ") else {
      let names = DotCommand.all.map { Completions.Candidate($0.name) }
      return Completions(start: lineStart, candidates: Self.matching(line, names))
    }
    let argument = String(line[line.index(after: space)...])
    let start = lineStart + line.utf8.count - argument.utf8.count
    let offered: [Completions.Candidate]
    switch line[..<space] {
    case ".chart": offered = Chart.Kind.allCases.map { .init($0.rawValue) }
    case ".mode": offered = OutputMode.allCases.map { .init($0.rawValue, suffix: "") }
    case ".timing", ".mask", ".pager": offered = ["on", "off"].map { .init($0, suffix: "") }
    case ".read", ".record", ".verify", ".output", ".once", ".open", ".save", ".backup":
      offered = FileNames.candidates(argument, isInQuotes: true).map { candidate in
        .init(candidate.text, suffix: candidate.suffix == "\" " ? "" : candidate.suffix)
      }
    default: offered = []
    }
    return Completions(start: start, candidates: Self.matching(argument, offered))
  }

  /// Where the statement that the text ends in begins.
  private static func statementStart(in bytes: [UInt8]) -> Int {
    let pieces = StatementReader.pieces(of: String(decoding: bytes, as: UTF8.self))
    guard let last = pieces.last else { return 0 }
    if !last.isForced { return last.range.lowerBound }
    return bytes[last.range.upperBound...].firstIndex { $0 > 0x20 && $0 != UInt8(ascii: ";") }
      ?? bytes.count
  }

  /// Those that begin with what is typed, case folded.
  private static func matching(
    _ typed: String, _ candidates: [Completions.Candidate]
  ) -> [Completions.Candidate] {
    let folded = Array(Folding.fold(typed).utf8)
    return candidates.filter { Folding.fold($0.text).utf8.starts(with: folded) }
  }

  /// A name as it is written: in backticks where it is no plain one.
  static func spelled(_ name: String) -> String {
    isPlainName(name) ? name : "`\(name.replacing("`", with: "``"))`"
  }

  static func quoted(_ value: String) -> String {
    "\"" + value.replacing("\\", with: "\\\\").replacing("\"", with: "\"\"") + "\""
  }

  private static func isPlainName(_ name: String) -> Bool {
    if let keyword = Keyword(word: name), keyword.isReserved || keyword.isValue { return false }
    guard let first = name.unicodeScalars.first, first == "_" || first.properties.isAlphabetic
    else { return false }
    return name.unicodeScalars.allSatisfy {
      $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
  }
}
