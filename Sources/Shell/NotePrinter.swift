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
  static func lines(for notes: [Note]) -> [Line] {
    var summary: [Int: [String]] = [:]
    var lines: [Line] = []
    for note in notes {
      switch note {
      case .rowCount: summary[0, default: []].append(words(for: note))
      case .order(let keys):
        if !keys.isEmpty { summary[1, default: []].append(words(for: note)) }
      case .tieCut: summary[2, default: []].append(words(for: note))
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
    case .includesUnknown(let count, let fields, let plural):
      let names = fields.map(quoted).joined(separator: " or ")
      return count == 1
        ? "includes 1 of the \(quoted(plural)), whose \(names) is unknown"
        : "includes \(ValueText.grouped(count)) \(quoted(plural)) whose \(names) is unknown"
    case .leftOutUnknown(let count, let field):
      return "leaves out \(ValueText.grouped(count)) whose \(quoted(field)) is unknown"
    case .tookShare(let text, let taken, let whole, let hasTies):
      let share = whole == 0 ? 0 : Double(taken) / Double(whole)
      return "\(quoted(text)) = \(ValueText.grouped(taken)) of \(ValueText.grouped(whole))"
        + " (\(ValueText.percent(share)))" + (hasTies ? ": ties" : "")
    case .population(let text, let count, let plural):
      return "\(quoted(text)) is over \(ValueText.grouped(count)) \(quoted(plural))"
    case .seed(let seed): return "drawn with seed \(seed)"
    case .rewrites(let names):
      return "rewrites: " + (names.isEmpty ? "none" : names.map(quoted).joined(separator: ", "))
    case .wroteFile(let path, let count):
      return "wrote \(counted(count, "row", "rows")) to '\(quoted(path))'"
    case .valueNotFound, .groupsDifferByCase, .cutPeriod, .countsInvalid: return warning(note)
    case .imported, .importedColumn, .unknownMarks, .rejected, .addedRecords, .updatedRecords,
      .unusedColumn:
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
    case .unusedColumn(let header): return "no field takes column '\(quoted(header))'"
    default: preconditionFailure("a note without words: \(note.code)")
    }
  }

  private static func isWarning(_ note: Note) -> Bool {
    switch note {
    case .includesUnknown, .leftOutUnknown, .valueNotFound, .groupsDifferByCase, .cutPeriod,
      .countsInvalid, .rejected, .unusedColumn, .unknownMarks:
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

  private static func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
    "\(ValueText.grouped(count)) \(quoted(count == 1 ? singular : plural))"
  }

  private static func quoted(_ text: String) -> String { VisibleText.of(text) }
}
