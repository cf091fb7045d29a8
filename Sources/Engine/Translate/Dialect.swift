import Syntax

/// What one dialect of SQL says in its own way. Everything else is the same text in all of them.
///
/// In SQLite the tables are those of a data file: amounts and numbers REAL, dates and times as ISO
/// text, flags 0 and 1. In the others a table has real types: `numeric(17, 2)` amounts, `double
/// precision` numbers, `date`, `timestamp` and `boolean`.
struct Dialect: Sendable {
  /// A part of a date that has a number.
  enum DatePart: Sendable { case year, quarter, month, week, weekday, day }
  /// A unit of time whose first day is asked for.
  enum Unit: String, Sendable { case month, week, quarter, year }

  /// The quote of names.
  var quote: Character = "\""
  /// The type of numbers.
  var realType: String
  var integerType: String
  /// Literals of days (`2026-01-31`) and times (`2026-01-31T14:30:00`).
  var date: @Sendable (String) -> String
  var time: @Sendable (String) -> String
  /// A line end in a text.
  var lineEnd: String
  /// A text with A–Z, and the given capitals, made small.
  var folded: @Sendable (_ text: String, _ capitals: [(capital: String, small: String)]) -> String
  /// What texts are ordered by as bytes.
  var bytes: @Sendable (String) -> String
  /// The place of a text in another one, from 1; 0 where it is not there.
  var place: @Sendable (_ part: String, _ whole: String) -> String
  /// The day of a time, and the first second of a day.
  var day: @Sendable (String) -> String
  var midnight: @Sendable (String) -> String
  /// Whole days from one day to another.
  var days: @Sendable (_ from: SQL, _ to: SQL) -> SQL
  var part: @Sendable (DatePart, String) -> SQL
  var firstDay: @Sendable (Unit, String) -> SQL
  /// A day, or a time, moved by months (clamped to the month's end), then days.
  var shifted: @Sendable (_ value: SQL, _ isTime: Bool, _ months: Int, _ days: Int) -> SQL
  /// A number rounded to a whole one, half away from zero.
  var rounded: @Sendable (String) -> String
  /// The quotient of whole numbers, rounded down.
  var quotient: @Sendable (_ a: String, _ b: String) -> SQL
  var smaller: @Sendable (_ a: String, _ b: String) -> String
  var larger: @Sendable (_ a: String, _ b: String) -> String
  /// The one known flag of some.
  var anyFlag: String
  /// What stands after `like` to say that `\` takes a sign's meaning away.
  var escape = "ESCAPE '\\'"

  /// The dialect of a name.
  static func named(_ name: SQLDialect) -> Dialect {
    switch name {
    case .sqlite: sqlite
    case .duckdb: duckdb
    case .postgres: postgres
    case .spark: spark
    }
  }
}

extension Dialect {
  static let sqlite = Dialect(
    realType: "REAL", integerType: "INTEGER",
    date: { "'\($0)'" }, time: { "'\($0)'" }, lineEnd: "char(10)",
    folded: { text, capitals in
      capitals.reduce("lower(\(text))") { "replace(\($0), '\($1.capital)', '\($1.small)')" }
    },
    bytes: { $0 },
    place: { "instr(\($1), \($0))" },
    day: { "date(\($0))" },
    midnight: { "(\($0) || 'T00:00:00')" },
    days: { SQL("CAST(julianday(\($1.text)) - julianday(\($0.text)) AS INTEGER)") },
    part: { part, day in
      func number(_ letter: String, of day: String) -> String {
        "CAST(strftime('%\(letter)', \(day)) AS INTEGER)"
      }
      return switch part {
      case .year: SQL(number("Y", of: day))
      case .quarter: SQL("(\(number("m", of: day)) + 2) / 3", .arithmetic)
      case .month: SQL(number("m", of: day))
      case .week:
        // The week belongs to the year of its Thursday.
        SQL(
          "(\(number("j", of: "date(\(day), '-3 days', 'weekday 4')")) - 1) / 7 + 1", .arithmetic)
      case .weekday: SQL("(\(number("w", of: day)) + 6) % 7 + 1", .arithmetic)
      case .day: SQL(number("d", of: day))
      }
    },
    firstDay: { unit, day in
      switch unit {
      case .month: SQL("date(\(day), 'start of month')")
      case .year: SQL("date(\(day), 'start of year')")
      case .week: SQL("date(\(day), '-6 days', 'weekday 1')")
      case .quarter:
        SQL(
          "date(\(day), 'start of month', "
            + "'-' || ((CAST(strftime('%m', \(day)) AS INTEGER) - 1) % 3) || ' months')")
      }
    },
    shifted: { value, isTime, months, days in
      func signed(_ number: Int) -> String { (number < 0 ? "" : "+") + "\(number)" }
      let whole = isTime ? "date(\(value.text))" : value.text
      var day = whole
      if months != 0 {
        day =
          "min(date(\(whole), '\(signed(months)) month'), "
          + "date(\(whole), 'start of month', '\(signed(months + 1)) month', '-1 day'))"
      }
      if days != 0 { day = "date(\(day), '\(signed(days)) day')" }
      return isTime ? SQL("\(day) || substr(\(value.text), 11)", .arithmetic) : SQL(day)
    },
    rounded: { "round(\($0))" },
    quotient: { SQL("\($0) / \($1)", .arithmetic) },
    smaller: { "min(\($0), \($1))" }, larger: { "max(\($0), \($1))" },
    anyFlag: "max")

  static let duckdb = typed(
    realType: "DOUBLE", lineEnd: "chr(10)",
    bytes: { $0 },
    place: { "instr(\($1), \($0))" },
    days: { SQL("date_diff('day', \($0.text), \($1.text))") },
    rounded: { "round(\($0))" },
    quotient: { SQL("\($0) // \($1)", .arithmetic) })

  static let postgres: Dialect = {
    var dialect = typed(
      realType: "double precision", lineEnd: "chr(10)",
      bytes: { "\($0) COLLATE \"C\"" },
      place: { "strpos(\($1), \($0))" },
      days: { SQL("\($1.operand) - \($0.operand)", .arithmetic) },
      rounded: { "round(CAST(\($0) AS numeric))" },
      quotient: { SQL("\($0) / \($1)", .arithmetic) })
    dialect.folded = { text, capitals in
      capitals.isEmpty
        ? "lower(\(text) COLLATE \"C\")"
        : capitals.reduce("lower(\(text) COLLATE \"C\")") {
          "replace(\($0), '\($1.capital)', '\($1.small)')"
        }
    }
    return dialect
  }()

  static let spark: Dialect = {
    var dialect = typed(
      realType: "DOUBLE", lineEnd: "char(10)",
      bytes: { $0 },
      place: { "instr(\($1), \($0))" },
      days: { SQL("datediff(\($1.text), \($0.text))") },
      rounded: { "round(\($0))" },
      quotient: { SQL("\($0) div \($1)", .arithmetic) })
    dialect.quote = "`"
    dialect.escape = "ESCAPE '\\\\'"
    return dialect
  }()

  /// What the dialects with types of their own for dates and times have in common.
  private static func typed(
    realType: String, lineEnd: String, bytes: @escaping @Sendable (String) -> String,
    place: @escaping @Sendable (String, String) -> String,
    days: @escaping @Sendable (SQL, SQL) -> SQL,
    rounded: @escaping @Sendable (String) -> String,
    quotient: @escaping @Sendable (String, String) -> SQL
  ) -> Dialect {
    Dialect(
      realType: realType, integerType: "BIGINT",
      date: { "DATE '\($0)'" },
      time: { "TIMESTAMP '\($0.replacing("T", with: " "))'" },
      lineEnd: lineEnd,
      folded: { text, capitals in
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        return "translate(\(text), '\(letters)\(capitals.map(\.capital).joined())', "
          + "'\(letters.lowercased())\(capitals.map(\.small).joined())')"
      },
      bytes: bytes, place: place,
      day: { "CAST(\($0) AS date)" }, midnight: { "CAST(\($0) AS timestamp)" },
      days: days,
      part: { part, day in
        let field =
          switch part {
          case .year: "year"
          case .quarter: "quarter"
          case .month: "month"
          case .week: "week"
          case .weekday: "isodow"
          case .day: "day"
          }
        return SQL("CAST(extract(\(field) FROM \(day)) AS BIGINT)")
      },
      firstDay: { unit, day in SQL("CAST(date_trunc('\(unit.rawValue)', \(day)) AS date)") },
      shifted: { value, isTime, months, days in
        var sum = value.operand
        if months != 0 { sum += " + INTERVAL '\(months)' month" }
        if days != 0 { sum += " + INTERVAL '\(days)' day" }
        return isTime ? SQL(sum, .arithmetic) : SQL("CAST(\(sum) AS date)")
      },
      rounded: rounded, quotient: quotient,
      smaller: { "least(\($0), \($1))" }, larger: { "greatest(\($0), \($1))" },
      anyFlag: "bool_or")
  }
}
