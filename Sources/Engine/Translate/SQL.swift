/// A piece of SQL and how loosely it binds.
struct SQL: Sendable {
  /// How loosely a piece binds: what stands in something tighter needs brackets.
  enum Level: Int, Sendable {
    /// A name, a literal, a call, anything in brackets.
    case atom
    case arithmetic
    /// A comparison or another test.
    case test
    case and
    case or
  }

  /// The text; later lines are indented against the first.
  var text: String
  var level: Level

  init(_ text: String, _ level: Level = .atom) {
    self.text = text
    self.level = level
  }

  /// The text as an operand: in brackets unless it is an atom.
  var operand: String { level == .atom ? text : "(\(text))" }

  /// The text where only what binds tighter than `level` needs no brackets.
  func tighter(than level: Level) -> String {
    self.level.rawValue < level.rawValue ? text : "(\(text))"
  }

  /// Lines under each other, every one but the first moved right.
  static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
  }

  /// A statement in brackets, on lines of its own.
  static func subquery(_ text: String) -> String { "(\n  \(indented(text))\n)" }
}

/// Names as they stand in SQL: bare where every dialect reads them so.
enum SQLName {
  /// The name, quoted where it must be.
  static func text(_ name: String, quote: Character) -> String {
    isBare(name) ? name : quoted(name, quote)
  }

  private static func isBare(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return !reserved.contains(name)
      && name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F
      }
  }

  private static func quoted(_ name: String, _ quote: Character) -> String {
    var result = String(quote)
    for character in name {
      result.append(character)
      if character == quote { result.append(quote) }
    }
    result.append(quote)
    return result
  }

  /// Words that one of the dialects takes for its own where a column's name is due.
  private static let reserved: Set<String> = Set(
    """
    abort action add after all alter always analyse analyze and anti any array as asc asymmetric \
    at attach authorization autoincrement before begin between binary both by cascade case cast \
    check collate collation column commit concurrently conflict constraint create cross current \
    current_catalog current_date current_role current_schema current_time current_timestamp \
    current_user database date default deferrable deferred delete desc describe detach distinct do \
    drop each else end escape except exclude exclusive exists explain fail false fetch filter \
    first following for foreign freeze from full generated glob grant group groups having if \
    ignore ilike immediate in index indexed initially inner insert instead intersect interval into \
    is isnull join key lambda last lateral leading left like limit localtime localtimestamp \
    match materialized minus natural no not nothing notnull null nulls of offset on only or order \
    others outer over overlaps partition pivot placing plan position pragma preceding primary \
    qualify query raise range recursive references regexp reindex release rename replace restrict \
    returning right rollback row rows savepoint select semi session_user set show similar some \
    summarize symmetric table tablesample temp temporary then ties time timestamp to trailing \
    transaction trigger true unbounded union unique unpivot update user using vacuum values \
    variadic verbose view virtual when where window with without year month day quarter week hour \
    minute second
    """.split(whereSeparator: \.isWhitespace).map(String.init))
}
