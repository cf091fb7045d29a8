import Engine
import Store
import Syntax

/// What Tab offers: what the parser would accept at the cursor, filled in from the catalog, the data
/// and the folder.
struct Completion {
  /// The most values of a field that are offered.
  static let valueCountMax = 200

  let session: Session
  /// The query behind the last answer, which a bare clause refines.
  let lastQuery: String?
  /// Which files may be named.
  var permissions = Permissions()
  /// Whether values may be counted: for Tab, not for each key.
  var mayCount = true

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
    guard let asked = Asked(statement, completion: self) else {
      return Completions(start: cursor, candidates: [])
    }
    return Completions(start: base + asked.start, candidates: candidates(asked))
  }

  /// Whether nothing has the name that a statement ends in, as far as can be told.
  func isUnknown(_ name: String, endingIn statement: String) -> Bool {
    guard let asked = Asked(statement, completion: self), !asked.expected.isInQuotes,
      asked.typed == name, !asked.expected.places.isEmpty, isJudgeable(asked)
    else { return false }
    let wanted = Folding.fold(Self.unspelled(name))
    if isReachable(Self.unspelled(name), asked) { return false }
    return !candidates(asked, isExhaustive: true).contains {
      Folding.fold(Self.unspelled($0.text)) == wanted
    }
  }

  /// Whether a path of relations and references leads to what has the name: places that want a
  /// field may take records too.
  private func isReachable(_ name: String, _ asked: Asked) -> Bool {
    asked.expected.places.contains { place in
      guard case .field(let entity, let prefix) = place else { return false }
      if prefix.isEmpty, self.entity(named: name) != nil { return true }
      let sources: [(String?, [String])] = [
        (entity ?? source(of: asked.expected), prefix),
        (prefix.first, Array(prefix.dropFirst())),
      ]
      return sources.contains { source, prefix in
        guard let id = entityReached(from: source, by: prefix) else { return false }
        let catalog = session.database.catalog
        return catalog[id].field(named: name) != nil || catalog.relation(named: name, of: id) != nil
      }
    }
  }

  /// What is asked about the end of a statement.
  struct Asked {
    var expected: Expectations
    /// What names mean by the answer that is gone on from.
    var earlier: RoundNames?
    /// The part of the word that is there.
    var typed: String
    /// Whether the word is the statement's first.
    var isFirst: Bool
    /// UTF-8 offset of the word.
    var start: Int
    /// The quote that is open.
    var quote: String

    init?(_ statement: String, completion: Completion) {
      let bytes = Array(statement.utf8)
      expected = Parser.expectations(in: statement, at: bytes.count)
      start = expected.range.lowerBound
      guard expected.range.upperBound <= bytes.count else { return nil }
      typed = String(decoding: bytes[start..<expected.range.upperBound], as: UTF8.self)
      isFirst = bytes[..<start].allSatisfy { $0 <= 0x20 }
      quote = "\""
      if expected.isInQuotes, let opening = String(decoding: bytes[..<start], as: UTF8.self).last {
        quote = ["'": "'", "“": "”", "„": "“", "‘": "’", "‚": "’"][opening] ?? "\""
      }
      func text(_ range: SourceRange) -> String {
        String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
      }
      switch expected.earlier {
      case .query(let range): earlier = completion.session.names(after: text(range))
      case .last(let rounds):
        earlier = completion.session.namesAfterLast(refinedBy: rounds.map(text))
      case nil: break
      }
    }
  }

  /// Where a value is compared, its field's values come alone, unless everything is wanted.
  private func candidates(
    _ asked: Asked, isExhaustive: Bool = false
  ) -> [Completions.Candidate] {
    let (expected, typed) = (asked.expected, asked.typed)
    var places: [Completions.Candidate] = []
    for case .choiceValue(let path) in expected.places {
      let values = matching(typed, values(of: path, asked))
      if !values.isEmpty, !isExhaustive { return values }
      places += values
    }
    for place in expected.places where !expected.isInQuotes || place.isWrittenInQuotes {
      places += candidates(for: place, asked)
    }
    if expected.isInQuotes { return matching(typed, places) }
    places += expected.aliases.map { .init(Self.spelled($0), .fields) }
    if !typed.isEmpty {
      for entry in Functions.all {
        let isPlace = expected.places.contains(entry.kind == .function ? .function : .aggregate)
        if isPlace { places.append(.init(entry.name, .functions, suffix: "(")) }
      }
    }
    places += words(of: expected, isFirst: asked.isFirst).map { .init($0, .words) }
    var seen: Set<String> = []
    return matching(typed, places).filter { seen.insert($0.text).inserted }
  }

  private func candidates(
    for place: Expectations.Place, _ asked: Asked
  ) -> [Completions.Candidate] {
    let expected = asked.expected
    let catalog = session.database.catalog
    switch place {
    case .entity:
      return catalog.entities.map { .init(Self.spelled($0.name), .entities) }
        + definitions(.segment)
    case .defined(let kind): return definitions(kind)
    case .field(let entity, let prefix):
      if let earlier = asked.earlier { return names(of: earlier, after: prefix) }
      return fields(of: entity ?? source(of: expected), after: prefix)
    case .column: return asked.earlier.map(columns) ?? []
    case .record: return catalog.entities.map { .init(Self.spelled($0.singular), .entities) }
    case .storedField(let entity, let isNew): return storedFields(of: entity, isNew: isNew)
    case .trackedChoice(let entity): return trackedChoices(of: entity)
    case .file: return fileNames(asked.typed, isInQuotes: expected.isInQuotes)
    case .relation(let entity, let prefix):
      return relations(of: entity ?? source(of: expected), after: prefix)
    case .parameter: return session.parameterNames.map { .init("$" + $0, .parameters) }
    case .function, .aggregate, .choiceValue: return []
    }
  }

  /// Whether all names that could stand somewhere are known here.
  private func isJudgeable(_ asked: Asked) -> Bool {
    if asked.expected.earlier != nil, asked.earlier == nil { return false }
    return asked.expected.places.allSatisfy { place in
      switch place {
      case .file: false
      // Alone it may be a name that is given here.
      case .defined: asked.expected.places.count > 1
      case .column: asked.earlier != nil
      case .field(let entity, let prefix):
        asked.earlier != nil
          || entityReached(from: entity ?? source(of: asked.expected), by: prefix) != nil
      case .relation(let entity, let prefix):
        entityReached(from: entity ?? source(of: asked.expected), by: prefix) != nil
      case .storedField(let entity, _), .trackedChoice(let entity):
        self.entity(named: entity) != nil
      default: true
      }
    }
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

  /// The entity that is read: the statement's, or that of the last answer when it refines it.
  func source(of expected: Expectations) -> String? {
    if let source = expected.source { return source }
    guard let lastQuery else { return nil }
    let text = lastQuery + " "
    return Parser.expectations(in: text, at: text.utf8.count).source
  }

  /// Where the statement that the text ends in begins.
  private static func statementStart(in bytes: [UInt8]) -> Int {
    let pieces = StatementReader.pieces(of: String(decoding: bytes, as: UTF8.self))
    guard let last = pieces.last else { return 0 }
    if !last.isForced { return last.range.lowerBound }
    return bytes[last.range.upperBound...].firstIndex { $0 > 0x20 && $0 != UInt8(ascii: ";") }
      ?? bytes.count
  }

  /// Those that begin with what is typed, case folded; a value in quotes also by what is in them.
  func matching(
    _ typed: String, _ candidates: [Completions.Candidate]
  ) -> [Completions.Candidate] {
    let folded = Array(Folding.fold(typed).utf8)
    return candidates.filter { candidate in
      let text = Folding.fold(candidate.text).utf8
      return text.starts(with: folded)
        || candidate.group == .values && text.first == UInt8(ascii: "\"")
          && text.dropFirst().starts(with: folded)
    }
  }
}

extension Expectations.Place {
  /// Whether what stands there may be written in quotes, as a text.
  fileprivate var isWrittenInQuotes: Bool {
    switch self {
    case .file, .trackedChoice: true
    default: false
    }
  }
}
