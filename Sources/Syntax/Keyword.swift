/// Every word the language knows, in one table. All but the reserved ones and the values are
/// contextual: where no keyword can stand they are names like any other.
package enum Keyword: String, CaseIterable, Sendable {
  // Reserved: as a name each needs backticks.
  case and, or, not
  case `in`, `is`, has, `where`, then, `as`, by, between, outer
  // Values before they are names.
  case today, yesterday, yes, no, unknown, it
  // Statements.
  case find, count, calc, describe, explain, analyze
  case importing = "import"
  case exporting = "export"
  case add, update, move, delete, merge, undo, begin, commit, rollback, save, backup
  case all, related
  case define, redefine, rename, drop, freeze, compare, check, suggest, list, include, expect, sql
  case letWord = "let"
  // What is defined, one and several.
  case segment, field, standard, action, entity
  case segments, fields, standards, actions, entities
  case text, money, number, integer, date, time, flag, choice, ordered
  case when, priority, agreed
  // Clauses and their parts.
  case of, group, show, order, top, bottom, sample, limit, into
  case desc, per, seed, offset, replace, append, distinct, total
  // Clause words of statements; those that none takes yet still continue a line.
  case across, over, within, through, set, to, because, anyway
  case matching, map, with, on, say
  case forWord = "for"
  // Text operators and tests.
  case contains, starts, ends, word, like, matches, known
  // Related records and history.
  case at, least, most, exactly, more, than, fewer, followed
  case was, changed, entered, left
  // Time.
  case since, before, after, until
  case last, next, this, start, end, ago, from, now, whole
  case day, days, week, weeks, month, months, quarter, quarters, year, years
  case q1, q2, q3, q4
  // Analytic verbs and their options.
  case rfm, pareto, cohort, funnel, transitions, moments, risk, forecast, ladder, gap, cover
  case profile
  case bins, nested, counting, unbounded, checked, mbg, discount, summary
  // Import.
  case reference, adding, error, stop, skip, encoding, dates, decimal, point
  case commaWord = "comma"
  case dayFirst = "day_first"
  case monthFirst = "month_first"

  /// The twelve words that need a backtick as names.
  package var isReserved: Bool {
    switch self {
    case .and, .or, .not, .in, .is, .has, .where, .then, .as, .by, .between, .outer: true
    default: false
    }
  }

  /// The words that are values before they are names.
  package var isValue: Bool {
    switch self {
    case .today, .yesterday, .yes, .no, .unknown, .it: true
    default: false
    }
  }

  /// The words that continue a statement when a line begins with them; no statement does.
  package var isClauseWord: Bool {
    switch self {
    case .as, .where, .group, .show, .order, .top, .bottom, .sample, .limit, .into, .then: true
    case .by, .across, .over, .within, .through, .set, .to, .because, .anyway: true
    case .matching, .map, .with, .on, .forWord, .say: true
    default: false
    }
  }

  /// The clause words that, at the prompt, open a refinement of the last answer.
  package var opensRefinement: Bool {
    switch self {
    case .where, .group, .show, .order, .top, .bottom, .sample, .limit, .into: true
    default: false
    }
  }

  /// The calendar unit the word names, and whether it is the plural.
  package var unit: (unit: DurationUnit, isPlural: Bool)? {
    switch self {
    case .day: (.day, false)
    case .days: (.day, true)
    case .week: (.week, false)
    case .weeks: (.week, true)
    case .month: (.month, false)
    case .months: (.month, true)
    case .quarter: (.quarter, false)
    case .quarters: (.quarter, true)
    case .year: (.year, false)
    case .years: (.year, true)
    default: nil
    }
  }

  /// The quarter that `q1` to `q4` name.
  package var quarter: Int? {
    switch self {
    case .q1: 1
    case .q2: 2
    case .q3: 3
    case .q4: 4
    default: nil
    }
  }

  /// The keyword that the bytes spell in any case.
  package init?(_ bytes: ArraySlice<UInt8>) {
    guard let word = PackedWord(bytes), let keyword = Self.table.keyword(of: word) else {
      return nil
    }
    self = keyword
  }

  /// The keyword that `text` spells in any case.
  package init?(word text: String) {
    self.init(Array(text.utf8)[...])
  }

  private static let table = KeywordTable()
}

/// A word of at most 16 bytes, its ASCII letters made small, as two machine words.
struct PackedWord: Hashable {
  private var high: UInt64 = 0
  private var low: UInt64 = 0

  init?(_ bytes: ArraySlice<UInt8>) {
    guard bytes.count <= 16 else { return nil }
    for byte in bytes {
      let small = byte >= 65 && byte <= 90 ? byte | 0x20 : byte
      high = high << 8 | low >> 56
      low = low << 8 | UInt64(small)
    }
  }

  init?(_ text: String) {
    self.init(Array(text.utf8)[...])
  }

  /// A slot below `size`, a power of two.
  func slot(below size: Int) -> Int {
    let mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed >> 40) & (size - 1)
  }
}

/// The keywords under their packed spelling: an open-addressed table without deletions.
private struct KeywordTable {
  private static let size = 512
  private var slots: [(word: PackedWord, keyword: Keyword)?]

  init() {
    slots = Array(repeating: nil, count: Self.size)
    for keyword in Keyword.allCases {
      guard let word = PackedWord(keyword.rawValue) else { continue }
      var slot = word.slot(below: Self.size)
      while slots[slot] != nil { slot = (slot + 1) & (Self.size - 1) }
      slots[slot] = (word, keyword)
    }
  }

  func keyword(of word: PackedWord) -> Keyword? {
    var slot = word.slot(below: Self.size)
    while let entry = slots[slot] {
      if entry.word == word { return entry.keyword }
      slot = (slot + 1) & (Self.size - 1)
    }
    return nil
  }
}
