import Store
import Syntax

// The one place where answers are masked: on their way out of the engine, before anything shows them
// or writes them to a file.

extension Session {
  /// A cursor as it may be seen.
  func seen(_ cursor: any Cursor, _ columns: [OutputColumn]) -> any Cursor {
    guard masksPersons else { return cursor }
    return DisguisedCursor(cursor, columns, standIns) { [self] in seen($0) }
  }

  /// An answer of small tables as it may be seen.
  func seen(_ answer: Answer) -> Answer {
    guard masksPersons else { return answer }
    var answer = answer
    for place in answer.sections.indices {
      for column in answer.sections[place].columns.indices {
        // Who agreed to a standard.
        if answer.sections[place].columns[column].name == "agreed" {
          answer.sections[place].columns[column].personal = .name
        }
        guard case .reference(let target) = answer.sections[place].columns[column].type else {
          continue
        }
        answer.sections[place].columns[column].personal = database.catalog.personalLabel(of: target)
      }
      let section = answer.sections[place]
      // A definition quotes what somebody wrote.
      answer.sections[place].cursor = DisguisedCursor(
        section.cursor, section.columns, standIns,
        disguiseQuotations: { [self] in seen(quoted: $0) }, disguiseNotes: { [self] in seen($0) })
    }
    return answer
  }

  /// A profile of a record of `entity` as it may be seen.
  func seen(_ facts: [ProfileFact], of entity: Entity) -> [ProfileFact] {
    guard masksPersons else { return facts }
    return facts.map { fact in
      guard let text = fact.text, let kind = Self.kind(of: fact, in: entity) else { return fact }
      var fact = fact
      fact.text = standIns.text(for: text, kind)
      return fact
    }
  }

  private static func kind(of fact: ProfileFact, in entity: Entity) -> PersonalText? {
    switch fact.topic {
    case .who:
      if fact.text?.utf8.contains(UInt8(ascii: "@")) == true { return .mail }
      return entity.field(named: fact.item).flatMap { entity.personalText(of: $0) }
    case .people: return .name
    case .stage, .complaints, .moments: return .words
    case .rung, .value, .orders, .forecast, .risk, .standards, .actions: return nil
    }
  }

  /// Facts for the footer as they may be seen.
  func seen(_ notes: [Note]) -> [Note] {
    guard masksPersons else { return notes }
    return notes.map { note in
      switch note {
      case .valueNotFound(let plural, let field, let literal, _)
      where isPersonal(field, of: plural):
        return .valueNotFound(plural: plural, field: field, literal: literal, others: [])
      case .groupsDifferByCase(let field, let example, let other):
        return .groupsDifferByCase(
          field: field, example: standIns.text(for: example, .words),
          other: standIns.text(for: other, .words))
      case .emptied(var empty):
        // What a text field has may be of persons; which condition left nothing is not.
        if case .commonest(_, .text, _, _) = empty.nearest { empty.nearest = nil }
        if case .values(_, .text, _, _) = empty.nearest { empty.nearest = nil }
        return .emptied(empty)
      default: return note
      }
    }
  }

  /// A statement of earlier as it may be seen: its texts say what somebody typed.
  package func seen(statement: String) -> String {
    masksPersons ? withoutTexts(statement) { _ in true } : statement
  }

  /// The same of a text that may be a definition as it is written out: an apostrophe is no quote.
  private func seen(quoted text: String) -> String {
    withoutTexts(text) { $0 == UInt8(ascii: "\"") }
  }

  private func withoutTexts(_ statement: String, where isQuote: (UInt8) -> Bool) -> String {
    var bytes = Array(statement.utf8)
    for token in Lexer.scan(bytes).tokens.reversed()
    where token.kind == .text && isQuote(bytes[token.range.lowerBound]) {
      bytes.replaceSubrange(
        token.range.lowerBound..<token.range.upperBound, with: "\"…\"".utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// An error as it may be seen: an import quotes cells of the file, which the statement does not hold,
  /// and names of records that are near to one that is not there are theirs.
  func seen(_ failure: Failure, of statement: Statement?) -> Failure {
    guard masksPersons else { return failure }
    var failure = failure
    for place in failure.diagnostics.indices
    where failure.diagnostics[place].code == "record-not-found" {
      failure.diagnostics[place].hint = nil
      failure.diagnostics[place].fixes = []
      failure.diagnostics[place].readings = []
    }
    switch statement?.kind {
    case .importFile?, .importAll?: break
    default: return failure
    }
    for place in failure.diagnostics.indices {
      var parts = failure.diagnostics[place].message.split(
        separator: "'", omittingEmptySubsequences: false)
      for part in parts.indices where part % 2 == 1 { parts[part] = "…" }
      failure.diagnostics[place].message = parts.joined(separator: "'")
    }
    return failure
  }

  /// Whether a field's values may not be seen: a text that says something of persons, or a path that
  /// may lead to one.
  func isPersonal(_ field: String, of plural: String) -> Bool {
    let catalog = database.catalog
    guard let entity = catalog.entity(named: plural), let id = catalog[entity].field(named: field)
    else { return true }
    return catalog[entity].personalText(of: id) != nil
  }
}
