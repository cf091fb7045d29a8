import Store
import Syntax
import Testing

@testable import Engine

/// Catalogs that people make: computed fields, text keys, names that are words of the language.
@Suite struct BinderCatalogTests {
  @Test(
    "A computed field is inlined over the path, and one that cannot be is named",
    arguments: [
      (
        "find parts where total > 5",
        "parts | where addIntegers(size, multiplyIntegers(size, 2)) > 5"
      ),
      (
        "find parts where whole.total > 5",
        "parts | where addIntegers(whole.size, multiplyIntegers(whole.size, 2)) > 5"
      ),
      ("find parts where loop_a > 5", "field-cycle at 'loop_a'"),
      ("find parts where broken > 5", "broken-field at 'broken'"),
      ("find parts where misspelt > 5", "unknown-field at 'misspelt'"),
      ("find parts where maker = \"acme\"", "parts | where key(maker) = \"acme\""),
      (
        "find parts where maker = 7",
        "reference-by-name at '7' → find parts where maker = \"7\""
      ),
      ("find parts where made since 2025", "parts | where made >= 2025-01-01"),
      ("find parts where stay_over_it > 5", "broken-field at 'stay_over_it'"),
    ])
  func computed(text: String, expected: String) {
    let dump = BinderDump(catalog: Self.catalog).dump(text)
    #expect(dump.hasPrefix(expected), "\(dump)")
  }

  @Test("Every function's example binds, and no function is missing from the table")
  func examples() {
    let dump = BinderDump()
    for entry in Functions.all {
      #expect(!dump.dump(entry.example).contains(" at '"), "\(entry.example)")
    }
    let names =
      Function.allCases.map(\.rawValue) + AggregateName.allCases.map(\.rawValue)
      + PerRowName.allCases.map(\.rawValue) + ["usual", "days_in"]
    #expect(Set(names) == Set(Functions.all.map(\.name)))
    #expect(names.count == Functions.all.count)
  }

  @Test("A field may have any name but the reserved ones, and those in backticks")
  func names() {
    let words = Keyword.allCases.map(\.rawValue) + Functions.all.map(\.name)
    let fields = [Field("id", .integer)] + words.map { Field($0, .integer) }
    let dump = BinderDump(
      catalog: Catalog([Entity(name: "things", singular: "thing", fields: fields)]))
    for word in words {
      let written = Formatter.name(word)
      let bound = dump.dump("find things where \(written) = 5 show \(written) order by \(written)")
      #expect(bound == "things | where \(word) = 5 | order \(word) | show \(word)")
    }
  }

  @Test("Names that use each other do not grow without end")
  func growth() {
    let columns = (1..<60).map { "c\($0 - 1) + c\($0 - 1) as c\($0)" }
    let text = "find customers show satisfaction as c0, \(columns.joined(separator: ", "))"
    #expect(BinderDump().dump(text).hasPrefix("too-deep at "))
  }

  @Test("The binder keeps the texts it met opposite text fields")
  func literals() throws {
    let text =
      "find customers where country = \"ES\" and owner.name in (\"a\", \"b\") and city != \"x\""
    guard case .find(let query) = try Parser.parse(text).kind else { return }
    let bound = try Binder(catalog: .builtIn, today: BinderDump.today).bind(query)
    #expect(
      bound.textLiterals.map { "\($0.path.text) \($0.literal)" } == [
        "country ES", "owner.name a", "owner.name b", "city x",
      ])
  }

  @Test("Every stored field is shown where nothing is by name, into a file anyway")
  func everyField() throws {
    for (text, isAsked) in [("find customers", true), ("find customers into \"c.csv\"", false)] {
      guard case .find(let query) = try Parser.parse(text).kind else { return }
      let bound = try Binder(catalog: .builtIn, today: BinderDump.today)
        .bind(query, showsEveryField: isAsked)
      #expect(bound.columns.count == 24)
      #expect(bound.columns.last?.name == "left_because")
    }
  }

  @Test(
    "Points and periods are the days of the calendar around today",
    arguments: [
      ("last 30 days", "2026-06-01 to 2026-06-30"), ("last 12 months", "2025-07-01 to 2026-06-30"),
      ("last 2 weeks", "2026-06-17 to 2026-06-30"), ("last 1 quarter", "2026-03-31 to 2026-06-30"),
      ("last 2 years", "2024-07-01 to 2026-06-30"),
      ("last 3 whole months", "2026-03-01 to 2026-05-31"),
      ("last 2 whole weeks", "2026-06-15 to 2026-06-28"),
      ("last 2 whole quarters", "2025-10-01 to 2026-03-31"),
      ("last 2 whole years", "2024-01-01 to 2025-12-31"),
      ("last 3 whole days", "2026-06-27 to 2026-06-29"),
      ("next 14 days", "2026-07-01 to 2026-07-14"), ("next 1 month", "2026-07-01 to 2026-07-30"),
      ("last month", "2026-05-01 to 2026-05-31"), ("this quarter", "2026-04-01 to 2026-06-30"),
      ("next week", "2026-07-06 to 2026-07-12"), ("this week", "2026-06-29 to 2026-07-05"),
      ("last year", "2025-01-01 to 2025-12-31"), ("2025", "2025-01-01 to 2025-12-31"),
      ("Q3 2025", "2025-07-01 to 2025-09-30"), ("2024-02", "2024-02-01 to 2024-02-29"),
    ])
  func period(text: String, days: String) {
    let dump = BinderDump().dump("find customers in \(text)")
    #expect(dump.hasSuffix(": \(days)>"), "\(dump)")
  }

  @Test(
    "A point is one day",
    arguments: [
      ("today", "2026-06-30"), ("yesterday", "2026-06-29"), ("90 days ago", "2026-04-01"),
      ("4 months ago", "2026-02-28"), ("14 days from now", "2026-07-14"),
      ("1 year ago", "2025-06-30"), ("start of month", "2026-06-01"),
      ("end of last quarter", "2026-03-31"), ("start of next year", "2027-01-01"),
      ("end of week", "2026-07-05"),
    ])
  func point(text: String, day: String) {
    let dump = BinderDump().dump("find customers where joined > \(text)")
    #expect(dump.contains("where joined > \(day) |"), "\(dump)")
  }

  private static let catalog = Catalog([
    Entity(
      name: "parts", singular: "part",
      fields: [
        Field("id", .integer), Field("size", .integer), Field("made", .date),
        Field("whole", .reference(EntityID(0)), inverse: "parts"),
        Field("maker", .reference(EntityID(1)), inverse: "parts"),
        Field("double", .integer, expression: "size * 2"),
        Field("total", .integer, expression: "size + double"),
        Field("loop_a", .integer, expression: "loop_b + 1"),
        Field("loop_b", .integer, expression: "loop_a + 1"),
        Field("broken", .integer, expression: "size +"),
        Field("misspelt", .integer, expression: "sise + 1"),
        Field("stay_over_it", .integer, expression: "1 + stay()"),
      ]),
    Entity(
      name: "makers", singular: "maker", fields: [Field("name", .text), Field("city", .text)]),
  ])
}
