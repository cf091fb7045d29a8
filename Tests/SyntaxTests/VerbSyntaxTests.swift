import Syntax
import Testing

@Suite("The calls of analytic verbs")
struct VerbSyntaxTests {
  @Test(
    "Each call has one canonical form, which stays as it is",
    arguments: [
      ("rfm customers", "rfm customers"),
      (
        "RFM customers in 2025 where value > 5 summary",
        "rfm customers in 2025 where value > 5 summary"
      ),
      (
        "rfm customers counting orders bins $n nested",
        "rfm customers bins $n nested counting orders"
      ),
      (
        "rfm accounts of deals by closed_on,amount as of 2025-12-31 since 2024 bins 4",
        "rfm accounts of deals by closed_on, amount as of 2025-12-31 since 2024 bins 4"
      ),
      ("rfm `limit`", "rfm `limit`"), ("rfm it", "rfm it"), ("rfm (vip)", "rfm (vip)"),
      (
        "rfm (customers in 2025 where a = 1) bins 3 into 'f.csv' replace then where r = 5",
        "rfm (customers in 2025 where a = 1) bins 3 into \"f.csv\" replace then where r = 5"
      ),
      ("pareto customers at 80% by value - cost", "pareto customers by value - cost at 80%"),
      ("pareto customers by count(complaints)", "pareto customers by count(complaints)"),
      ("cohort customers by month", "cohort customers by month"),
      (
        "cohort customers unbounded by quarter of revenue over orders where (a and (b or c))",
        "cohort customers by quarter over orders where (a and (b or c)) of revenue unbounded"
      ),
      (
        "funnel customers within 90 days through recruitment, orders where (amount > 0), visits",
        "funnel customers through recruitment, orders where (amount > 0), visits within 90 days"
      ),
      ("funnel c through a,\nb", "funnel c through a, b"),
      (
        "transitions customers between 2024 and 2025", "transitions customers between 2024 and 2025"
      ),
      (
        "moments customers in last 12 months by employee",
        "moments customers in last 12 months by employee"
      ),
      ("risk customers checked as of 2025-12-31", "risk customers checked as of 2025-12-31"),
      (
        "risk customers as of today checked as of start of year summary",
        "risk customers as of today checked as of start of year summary"
      ),
      (
        "forecast customers check discount 10% a year with mbg over $n months",
        "forecast customers over $n months with mbg discount 10% a year check"
      ),
      (
        "forecast customers over $horizon discount $d a year",
        "forecast customers over $horizon discount $d a year"
      ),
      ("ladder customers where has orders", "ladder customers where has orders"),
      ("gap customers by dimension", "gap customers by dimension"),
      ("cover customers by region", "cover customers by region"),
      ("find (rfm customers) where r = 5", "find (rfm customers) where r = 5"),
      (
        "count (rfm customers then where r = 5) by f",
        "count (rfm customers then where r = 5) by f"
      ),
      ("rfm (pareto customers by value)", "rfm (pareto customers by value)"),
      ("find rfm where risk = gap", "find rfm where risk = gap"),
      ("find (rfm where r = 5) limit 3", "find (rfm where r = 5) limit 3"),
      ("find (rfm in 2025)", "find (rfm in 2025)"), ("find (risk)", "find (risk)"),
      ("define segment best as rfm customers", "define segment best as rfm customers"),
      (
        "define segment best as (rfm customers then where r = 5)",
        "define segment best as (rfm customers then where r = 5)"
      ),
      ("compare (rfm customers) with (rfm vip)", "compare (rfm customers) with (rfm vip)"),
      (
        "freeze (rfm customers then where r = 5) as best",
        "freeze (rfm customers then where r = 5) as best"
      ),
      ("explain rfm customers", "explain rfm customers"),
      (
        "sql for duckdb ladder customers then limit 5",
        "sql for duckdb ladder customers then limit 5"
      ),
      ("profile customer 42", "profile customer 42"),
      (
        "profile customer 'Nordlys AS' as of 2026-01-01",
        "profile customer \"Nordlys AS\" as of 2026-01-01"
      ),
      ("profile customers $who", "profile customers $who"),
      (
        "expect (rfm customers summary).customers >= 5 because \"x\"",
        "expect (rfm customers summary).customers >= 5 because \"x\""
      ),
      ("let n = (rfm customers summary).`a b`", "let n = (rfm customers summary).`a b`"),
      (
        "calc 2 * ((pareto customers by value summary).gini + 1) as x",
        "calc 2 * ((pareto customers by value summary).gini + 1) as x"
      ),
      ("calc (customers show count()).count - (1)", "calc (customers show count()).count - 1"),
      (
        "find c where (risk) = (gap + 1) and (rfm is known) and (risk contains \"x\")",
        "find c where risk = gap + 1 and rfm is known and risk contains \"x\""
      ),
    ])
  func canonical(_ text: String, _ expected: String) {
    #expect(formatted(text) == expected, "of \(text)")
    #expect(formatted(expected) == expected, "again")
  }

  @Test(
    "Each slip has its code, its place and its corrected line",
    arguments: [
      ("rfm for customers", ["unexpected |for| rfm customers"]),
      ("rfm customers binz 4", ["unknown-option |binz| rfm customers bins 4"]),
      ("rfm customers by x", ["unknown-option |by|"]),
      ("rfm customers over 3 months nested", ["unknown-option |over|"]),
      ("rfm customers wehre a = 1", ["unknown-option |wehre| rfm customers where a = 1"]),
      ("rfm customers top 5 by f", ["clause-not-allowed |top| rfm customers then top 5 by f"]),
      (
        "pareto customers by value group by region show count()",
        ["clause-not-allowed |group| pareto customers by value then group by region show count()"]
      ),
      (
        "find (rfm customers show r)",
        ["clause-not-allowed |show| find (rfm customers then show r)"]
      ),
      (
        "pareto customers in 2025 by value",
        ["misplaced-window |in 2025| pareto (customers in 2025) by value"]
      ),
      (
        "ladder customers where a during 2025",
        ["window-word |during| ladder customers where a in 2025"]
      ),
      (
        "rfm customers where a = 1 in 2025",
        ["misplaced-window |in 2025| rfm customers in 2025 where a = 1"]
      ),
      (
        "rfm customers bins 4 in 2025", ["misplaced-window |in 2025| rfm customers in 2025 bins 4"]
      ),
      (
        "rfm customers bins 4 where a = 1",
        ["clause-not-allowed |where a = 1| rfm customers where a = 1 bins 4"]
      ),
      (
        "rfm customers in 2025 as of today",
        ["clause-not-allowed |as of today| rfm customers as of today in 2025"]
      ),
      (
        "rfm accounts where a of deals by d, m",
        ["clause-not-allowed |of deals by d, m| rfm accounts of deals by d, m where a"]
      ),
      ("rfm customers bins 4 bins 5", ["clause-twice |bins|"]),
      ("rfm customers where a where b", ["clause-twice |where|"]),
      (
        "rfm customers summary bins 4",
        ["clause-not-allowed |summary| rfm customers bins 4 summary"]
      ),
      ("rfm customers bins 2.5", ["not-whole |2.5|"]),
      ("pareto customers", ["missing-option |pareto|"]),
      ("pareto customers value at 70%", ["missing-word |value| pareto customers by value at 70%"]),
      ("funnel through a, b", ["unexpected |through|"]),
      ("compare rfm customers with customers", ["unexpected |rfm|"]),
      (
        "forecast customers over 3 months with mbgg",
        ["unknown-word |mbgg| forecast customers over 3 months with mbg"]
      ),
      (
        "risk customers checked 2025-12-31",
        ["missing-word |2025-12-31| risk customers checked as of 2025-12-31"]
      ),
      ("pareto customers by value at 80", ["not-percent |80| pareto customers by value at 80%"]),
      (
        "pareto customers by value top 80%",
        ["foreign-operator |top| pareto customers by value at 80%"]
      ),
      ("pareto customers per value", ["foreign-operator |per| pareto customers by value"]),
      ("cohort customers", ["missing-option |cohort| cohort customers by month"]),
      (
        "cohort customers where a unbounded",
        ["missing-option |cohort| cohort customers where a by month unbounded"]
      ),
      ("cohort customers monthly", ["foreign-operator |monthly| cohort customers by month"]),
      ("cohort customers month", ["missing-word |month| cohort customers by month"]),
      ("cohort customers by months", ["duration-unit |months| cohort customers by month"]),
      ("cohort customers by region", ["unexpected |region|"]),
      (
        "cohort customers by month over orders where a > 0 unbounded",
        [
          "open-inner-where |a > 0| cohort customers by month over orders where (a > 0) unbounded"
        ]
      ),
      ("cohort customers by month of x", ["unexpected |x|"]),
      (
        "cohort customers of revenue by month",
        ["clause-not-allowed |of revenue by month| cohort customers by month of revenue"]
      ),
      (
        "forecast customers next 12 months",
        ["foreign-operator |next| forecast customers over 12 months"]
      ),
      (
        "forecast customers in 12 months",
        ["foreign-operator |in| forecast customers over 12 months"]
      ),
      ("rfm customers for 5", ["unknown-option |for|"]),
      ("rfm customers (bins 4) nested", ["unexpected |(|"]),
      ("gap customers by", ["incomplete ||"]),
      ("cohort customers by month over orders where", ["incomplete ||"]),
      ("risk customers checked today", ["unexpected |today|"]),
      ("rfm customers counting customers", ["unexpected |customers|"]),
      ("find (rfm customers bins 4", ["unbalanced-bracket |(| find (rfm customers bins 4)"]),
      (
        "rfm customers binz 4 then wehre a == 1",
        [
          "unknown-option |binz| rfm customers bins 4 then wehre a == 1",
          "unknown-word |wehre| rfm customers binz 4 then where a == 1",
          "foreign-operator |==| rfm customers binz 4 then wehre a = 1",
        ]
      ),
      ("funnel customers", ["missing-option |funnel|"]),
      ("funnel customers steps a, b", ["foreign-operator |steps| funnel customers through a, b"]),
      ("funnel customers through a, b within 30", ["duration-unit |30|"]),
      ("forecast customers", ["missing-option |forecast| forecast customers over 12 months"]),
      (
        "forecast customers for 12 months",
        ["foreign-operator |for| forecast customers over 12 months"]
      ),
      ("forecast customers 12 months", ["missing-word |12| forecast customers over 12 months"]),
      ("forecast customers over 12", ["duration-unit |12|"]),
      (
        "forecast customers over 12 month",
        ["duration-unit |month| forecast customers over 12 months"]
      ),
      (
        "forecast customers over 1 year discount 10%",
        ["incomplete ||"]
      ),
      (
        "forecast customers over 1 year discount 10% check",
        ["missing-word || forecast customers over 1 year discount 10% a year check"]
      ),
      (
        "forecast customers over 1 year discount 10 per year",
        [
          "not-percent |10| forecast customers over 1 year discount 10% per year",
          "foreign-operator |per year| forecast customers over 1 year discount 10 a year",
        ]
      ),
      ("cover customers", ["missing-option |cover|"]),
      (
        "cover customers group by region", ["foreign-operator |group by| cover customers by region"]
      ),
      ("find rfm customers", ["unexpected |rfm| find (rfm customers)"]),
      ("count rfm customers then limit 3", ["unexpected |rfm| count (rfm customers) then limit 3"]),
      ("find (rfm customers into \"f\")", ["clause-not-allowed |into|"]),
      ("rfm limit", ["reserved-name |limit| rfm `limit`"]), ("rfm where a", ["unexpected |where|"]),
      ("find c where (rfm customers) = 5", ["query-as-value |(rfm customers)|"]),
      ("profile for customer 42", ["unexpected |for| profile customer 42"]),
      (
        "profile customer Nordlys AS", ["needs-quotes |Nordlys AS| profile customer \"Nordlys AS\""]
      ),
      ("profile customer", ["incomplete ||"]), ("profile 42", ["unexpected |42|"]),
      ("rfm customers, orders", ["unexpected |,|"]),
      ("rfm", ["incomplete ||"]),
    ])
  func slip(_ text: String, _ expected: [String]) throws {
    #expect(slips(text) == expected)
    guard expected.count == 1, let bar = expected[0].lastIndex(of: "|") else { return }
    let corrected = expected[0][bar...].dropFirst().drop { $0 == " " }
    if corrected.isEmpty { return }
    #expect(!formatted(String(corrected)).hasPrefix("error"), "the corrected line: \(corrected)")
  }

  @Test(
    "Enter runs what is complete, and an open call says what it wants",
    arguments: [
      ("rfm customers", nil), ("pareto customers", .more(expected: "'by' and a measure")),
      ("rfm", .more(expected: "the name of an entity or a query in brackets")),
      ("funnel customers through", .more(expected: "a stage or the name of a relation")),
      ("funnel customers through a,", .operand), ("forecast customers over 3 months", nil),
      ("forecast customers", .more(expected: "'over' and a duration")),
      ("profile customer 42", nil), ("rfm customers summary", nil),
    ] as [(String, StatementReader.Want?)])
  func want(_ text: String, _ expected: StatementReader.Want?) {
    #expect(StatementReader.want(atPrompt: text) == expected)
  }

  @Test("A line that begins with a word of an option continues the call")
  func lines() {
    let text = "funnel customers\nthrough a, b\nwithin 3 days\nforecast c\nover 3 months\nrfm c"
    #expect(
      StatementReader.pieces(of: text).map(\.text) == [
        "funnel customers\nthrough a, b\nwithin 3 days", "forecast c\nover 3 months", "rfm c",
      ])
  }

  @Test("The options of a verb are offered where they may stand")
  func expectations() {
    let table: [(String, [String], [Expectations.Place], [String])] = [
      ("|", ["rfm", "cover", "profile"], [], ["bins"]), ("rfm |", ["it"], [.entity], ["where"]),
      ("explain |", ["rfm", "find"], [], []), ("find (|", ["rfm"], [.entity], ["profile"]),
      (
        "rfm customers |", ["bins", "nested", "counting", "summary", "where", "in", "as of", "of"],
        [],
        ["by", "top"]
      ),
      ("rfm customers bins 4 |", ["nested", "summary", "then"], [], ["bins", "where"]),
      ("rfm customers counting |", ["orders"], [], []),
      ("rfm customers of |", [], [.relation(of: "customers", prefix: [])], []),
      ("rfm customers of deals by |", [], [.field(of: "deals", prefix: [])], []),
      ("pareto customers |", ["by", "where", "as of"], [], ["in", "bins"]),
      ("pareto customers by |", [], [.field(of: "customers", prefix: [])], []),
      ("cohort customers by |", ["week", "month", "quarter", "year"], [], []),
      ("cohort customers by month over |", [], [.relation(of: "customers", prefix: [])], []),
      ("cohort customers by month of |", ["orders", "revenue"], [], []),
      (
        "funnel customers through |", [],
        [.relation(of: "customers", prefix: []), .trackedChoice(of: "customers")], []
      ),
      (
        "funnel customers through a, orders where (|", [], [.field(of: "orders", prefix: [])], []
      ),
      ("risk customers checked |", ["as of"], [], []),
      ("forecast customers over 3 |", ["days", "months"], [], []),
      ("forecast customers over 3 months with |", ["mbg"], [], []),
      ("forecast customers over 3 months discount 10% |", ["a year"], [], []),
      ("rfm customers summary |", ["then"], [], ["bins"]),
      ("rfm customers then where |", ["not"], [.field(of: "customers", prefix: [])], []),
      ("profile |", [], [.record], []), ("profile customer 42 |", ["as of"], [], []),
      ("expect (rfm |", [], [.entity], []),
    ]
    var wrong: [String] = []
    for (marked, words, places, absent) in table {
      let cursor = marked.utf8.count - 1
      let found = Parser.expectations(in: String(marked.dropLast()), at: cursor)
      let missing = words.filter { !found.words.contains($0) }
      let unmet = places.filter { !found.places.contains($0) }
      let extra = absent.filter(found.words.contains)
      if !missing.isEmpty || !unmet.isEmpty || !extra.isEmpty {
        wrong.append("\(marked): missing \(missing) \(unmet), extra \(extra); found \(found)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }
}
