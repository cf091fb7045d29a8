import Engine

/// The words for the facts under an answer. The engine gives facts, and only this file has words.
enum NotePrinter {
  /// One line of a footer.
  struct Line: Hashable {
    /// The words.
    var text: String
    /// Whether it is a warning, which is marked `note: ` even under a table.
    var isWarning: Bool
  }

  /// The lines for an answer's notes: the count with its order first, then the others as given.
  static func lines(for notes: [Note], isUnicode: Bool = true) -> [Line] {
    var summary: [Int: [String]] = [:]
    var lines: [Line] = []
    for note in notes {
      switch note {
      case .rowCount: summary[0, default: []].append(words(for: note))
      case .order(let keys):
        if !keys.isEmpty { summary[1, default: []].append(words(for: note)) }
      case .tieCut: summary[2, default: []].append(words(for: note))
      case .emptied(let answer):
        lines += EmptyAnswerWords.lines(for: answer, isUnicode: isUnicode).map {
          Line(text: $0, isWarning: false)
        }
      default: lines.append(Line(text: words(for: note), isWarning: isWarning(note)))
      }
    }
    let first = (0...2).flatMap { summary[$0] ?? [] }.joined(separator: ", ")
    if !first.isEmpty { lines.insert(Line(text: first, isWarning: false), at: 0) }
    return lines
  }

  /// The words for one note.
  static func words(for note: Note) -> String {
    switch note {
    case .rowCount(let count, let whole, let singular, let plural):
      return rowCount(count, of: whole, singular: singular, plural: plural)
    case .order(let keys):
      let words = keys.map {
        "\(quoted($0.text)), \($0.isDescending ? "highest" : "lowest") first"
      }
      return "by " + words.joined(separator: ", then ")
    case .tieCut: return "others equal the last"
    case .resolved(let text, let from, let through):
      return resolved(text, from: from, through: through)
    case .keptParameter(let name): return "$\(quoted(name)) keeps the value it was given"
    case .asOf(let day):
      return "as of \(ValueText.date(day)); fields without a history are as they are now"
    case .unknownPast(let count, let field, let plural, let day):
      return "the \(quoted(field)) of \(someOf(count, plural)) on"
        + " \(ValueText.date(day)) is unknown"
    case .sameDay(let count, let text):
      return "'\(quoted(text))' leaves out \(counted(count, "pair", "pairs")) on one day"
    case .undecided(let count, let text):
      return "'\(quoted(text))' leaves out \(counted(count, "record", "records"))"
        + " whose time has not passed yet"
    case .tooFew(let count, let text, let plural):
      return "\(someOf(count, plural)) \(count == 1 ? "has" : "have") too few records for"
        + " '\(quoted(text))', which takes 3"
    case .includesUnknown(let count, let fields, let plural):
      let names = fields.map(quoted).joined(separator: " or ")
      return "includes \(someOf(count, plural))\(count == 1 ? "," : "") whose \(names) is unknown"
    case .leftOutUnknown(let count, let field):
      return "leaves out \(ValueText.grouped(count)) whose \(quoted(field)) is unknown"
    case .verb(let fact): return VerbFactWords.words(for: fact)
    case .tookShare(let text, let taken, let whole, let hasTies):
      let share = whole == 0 ? 0 : Double(taken) / Double(whole)
      return "\(quoted(text)) = \(ValueText.grouped(taken)) of \(ValueText.grouped(whole))"
        + " (\(ValueText.percent(share)))" + (hasTies ? ": ties" : "")
    case .population(let text, let count, let plural):
      return "\(quoted(text)) is over "
        + (count == 1 ? "a single row" : "\(ValueText.grouped(count)) \(quoted(plural))")
    case .emptied(let answer):
      return EmptyAnswerWords.lines(for: answer, isUnicode: true).joined(separator: "; ")
    case .severalMatch(let count, let plural, let text, let example):
      return "\(ValueText.grouped(count)) \(quoted(plural)) go by '\(quoted(text))';"
        + " name one by its key: 'profile \(quoted(example))'"
    case .seed(let seed): return "drawn with seed \(seed)"
    case .rewrites(let names):
      return "rewrites: " + (names.isEmpty ? "none" : names.map(quoted).joined(separator: ", "))
    case .wroteFile(let path, let count):
      return "wrote \(counted(count, "row", "rows")) to '\(quoted(path))'"
    case .added, .updated, .moved, .deleted, .deletedRelated, .merged, .repointed, .filled,
      .historyDropped, .noneMatched, .declined:
      return changed(note)
    case .undone, .forgotChanges, .began, .committed, .rolledBack, .fileChanged, .reloaded,
      .opened, .willCreate, .saved, .backedUp:
      return stored(note)
    case .defined, .noneDefined, .dropped, .renamed, .froze: return defined(note)
    case .leftOut, .importedTable, .renamedTable, .cellsLeftOut, .referenceLeftOut, .keptAsText,
      .wroteFolder:
      return CollectionNotes.words(for: note)
    case .valueNotFound, .groupsDifferByCase, .cutPeriod, .countsInvalid: return warning(note)
    case .imported, .importedColumn, .unknownMarks, .rejected, .addedRecords, .updatedRecords,
      .recordedChanges, .keptDates, .replacedOpenings, .renumbered, .unusedColumn:
      return imported(note)
    }
  }

  private static func warning(_ note: Note) -> String {
    switch note {
    case .valueNotFound(let plural, let field, let literal, let others):
      let found = "no \(quoted(plural)) have \(quoted(field)) '\(quoted(literal))'"
      if others.isEmpty { return found }
      let names = others.map { "'\(quoted($0))'" }.joined(separator: ", ")
      return found + (others.count == 1 ? "; there is " : "; there are ") + names
    case .groupsDifferByCase(let field, let example, let other):
      return "groups of \(quoted(field)) differ only by case:"
        + " '\(quoted(example))' and '\(quoted(other))'"
    case .cutPeriod(let group, let offered):
      return "the window cuts a group of \(quoted(group)); '\(quoted(offered))' would not"
    case .countsInvalid(let plural, let field):
      return "\(quoted(plural)) here include cancelled and returned ones;"
        + " \(quoted(field.contains(".") ? field : "\(plural).\(field)")) leaves them out"
    default: preconditionFailure("a note without words: \(note.code)")
    }
  }

  private static func changed(_ note: Note) -> String {
    switch note {
    case .added(let name): return "added \(quoted(name))"
    case .updated(let count, let singular, let plural):
      return "updated \(counted(count, singular, plural))"
    case .moved(let count, let alreadyThere, let singular, let plural, let to):
      if count == 0 {
        return "moved no \(quoted(plural)): \(counted(alreadyThere, singular, plural))"
          + (alreadyThere == 1 ? " is" : " are") + " in \(quoted(to)) already"
      }
      let moved = "moved \(counted(count, singular, plural)) to \(quoted(to))"
      if alreadyThere == 0 { return moved }
      return moved + "; \(ValueText.grouped(alreadyThere)) "
        + (alreadyThere == 1 ? "was there already" : "were there already")
    case .deleted(let count, let singular, let plural):
      return "deleted \(counted(count, singular, plural))"
    case .deletedRelated(let count, let singular, let plural):
      return "deleted \(counted(count, singular, plural)) too"
    case .merged(let from, let into): return "merged \(quoted(from)) into \(quoted(into))"
    case .repointed(let count, let singular, let plural, let field, let to):
      return counted(count, singular, plural) + (count == 1 ? " now refers" : " now refer")
        + " to \(quoted(to)) by '\(quoted(field))'"
    case .filled(let fields):
      return "took over \(fields.map(quoted).joined(separator: ", "))"
    case .historyDropped(let count, let singular, let plural, let of, let kept):
      return "deleted \(counted(count, singular, plural)) of \(quoted(of)):"
        + " \(quoted(kept)) keeps its own"
    case .noneMatched(let plural): return "no \(quoted(plural)) matched; nothing was changed"
    case .declined: return "nothing was changed"
    default: preconditionFailure("a note without words: \(note.code)")
    }
  }

  private static func stored(_ note: Note) -> String {
    switch note {
    case .undone(let text): return "took back: \(quoted(onOneLine(text)))"
    case .forgotChanges(let count):
      return "\(counted(count, "statement", "statements")) can no longer be taken back:"
        + " undo keeps 100 statements or 64 MB"
    case .began: return "a transaction is open; 'commit' keeps it, 'rollback' takes it back"
    case .committed(let count): return "committed \(counted(count, "statement", "statements"))"
    case .rolledBack(let count): return "took back \(counted(count, "statement", "statements"))"
    case .fileChanged(let path): return "'\(quoted(path))' has changed: .reload"
    case .reloaded(let path): return "loaded '\(quoted(path))' again, which had changed"
    case .opened(let path): return "opened '\(quoted(path))'"
    case .willCreate(let path):
      return "there is no '\(quoted(path))' yet; the first change creates it"
    case .saved(let path): return "saved '\(quoted(path))'"
    case .backedUp(let path): return "wrote a copy to '\(quoted(path))'"
    default: preconditionFailure("a note without words: \(note.code)")
    }
  }

  private static func defined(_ note: Note) -> String {
    switch note {
    case .defined(let label, let isNew):
      return "\(isNew ? "defined" : "redefined") \(quoted(label))"
    case .noneDefined(let kind, let example): return "no \(kind) is defined: '\(example)'"
    case .dropped(let label): return "dropped \(quoted(label))"
    case .renamed(let label, let to, let followers):
      let rest = followers.map(quoted).joined(separator: ", ")
      return "renamed \(quoted(label)) to \(quoted(to))"
        + (followers.isEmpty
          ? "" : "; \(rest) \(followers.count == 1 ? "follows" : "follow")")
    case .froze(let count, let singular, let plural, let segment):
      return "froze \(counted(count, singular, plural)) as segment \(quoted(segment))"
    default: preconditionFailure("a note without words: \(note.code)")
    }
  }

  private static func imported(_ note: Note) -> String {
    switch note {
    case .imported(let count, let entity, let isNew):
      return "imported \(counted(count, "row", "rows")) into "
        + (isNew ? "the new entity " : "") + quoted(entity)
    case .importedColumn(let header, let field, let type, let unknownCount):
      let unknown = unknownCount == 0 ? "" : ", \(ValueText.grouped(unknownCount)) unknown"
      return "column '\(quoted(header))' is \(quoted(field)), \(type)\(unknown)"
    case .unknownMarks(let header, let count):
      return count == 1
        ? "1 mark such as N/A in column '\(quoted(header))' became unknown"
        : "\(ValueText.grouped(count)) marks such as N/A in column '\(quoted(header))'"
          + " became unknown"
    case .rejected(let count, let path):
      return "left out \(counted(count, "row", "rows")), listed in '\(quoted(path))'"
    case .addedRecords(let count, let entity):
      return "added \(counted(count, "row", "rows")) to \(quoted(entity)) for keys only referred to"
    case .updatedRecords(let count, let entity):
      return "updated \(counted(count, "row", "rows")) of \(quoted(entity))"
    case .recordedChanges(let count, let field):
      return "recorded \(counted(count, "change", "changes")) of \(quoted(field))"
    case .keptDates(let count, let field, let tracked):
      return
        "left out \(counted(count, field, field)) of the file: \(quoted(tracked)) did not change"
        + " there"
    case .replacedOpenings(let count, let entity):
      return "replaced \(counted(count, "opening", "openings")) of \(quoted(entity))"
    case .renumbered(let count, let entity):
      return "\(counted(count, "opening", "openings")) of \(quoted(entity)) got other keys,"
        + " which the file uses"
    case .unusedColumn(let header): return "no field takes column '\(quoted(header))'"
    default: preconditionFailure("a note without words: \(note.code)")
    }
  }

  private static func isWarning(_ note: Note) -> Bool {
    switch note {
    case .verb(let fact): VerbFactWords.isWarning(fact)
    case .includesUnknown, .leftOutUnknown, .valueNotFound, .groupsDifferByCase, .cutPeriod,
      .countsInvalid, .leftOut, .renamedTable, .cellsLeftOut, .referenceLeftOut, .keptAsText,
      .rejected, .unusedColumn, .unknownMarks, .keptDates:
      true
    default: false
    }
  }

  private static func rowCount(
    _ count: Int, of whole: Int, singular: String, plural: String
  ) -> String {
    if count < whole {
      return "\(ValueText.grouped(count)) of \(counted(whole, singular, plural))"
    }
    return count == 0 ? "no \(quoted(plural))" : counted(count, singular, plural)
  }

  private static func resolved(_ text: String, from: Int?, through: Int?) -> String {
    let days: String
    switch (from.map(ValueText.date), through.map(ValueText.date)) {
    case (let from?, let through?): days = from == through ? from : "\(from) to \(through)"
    case (let from?, nil): days = "from \(from) on"
    case (nil, let through?): days = "up to \(through)"
    case (nil, nil): days = "any day"
    }
    return "\(quoted(text)): \(days)"
  }

  /// So many of the records, where the name of one is not at hand: `12 customers`.
  private static func someOf(_ count: Int, _ plural: String) -> String {
    count == 1 ? "1 of the \(quoted(plural))" : "\(ValueText.grouped(count)) \(quoted(plural))"
  }

  private static func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
    "\(ValueText.grouped(count)) \(quoted(count == 1 ? singular : plural))"
  }

  /// A statement of several lines with single spaces in place of its line ends and margins.
  private static func onOneLine(_ statement: String) -> String {
    statement.split(whereSeparator: \.isNewline)
      .map { line in line.drop { $0 == " " } }.joined(separator: " ")
  }

  private static func quoted(_ text: String) -> String { VisibleText.of(text) }
}
