import Syntax
import Testing

/// The errors of a text, each as `code |what the caret marks| corrected line`.
func slips(_ text: String, atPrompt: Bool = false) -> [String] {
  do {
    _ = try Parser.parse(text, allowsBareRefinement: atPrompt)
    return []
  } catch {
    return error.diagnostics.map { diagnostic in
      let bytes = Array(text.utf8)
      let range = diagnostic.range ?? SourceRange(0, 0)
      let marked = String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
      var line = "\(diagnostic.code) |\(marked)|"
      if !diagnostic.fixes.isEmpty { line += " " + diagnostic.fixes.applied(to: text) }
      for reading in diagnostic.readings { line += " // " + reading.applied(to: text) }
      return line
    }
  }
}

@Suite("Slips are met with a caret and a corrected line")
struct SlipTests {
  @Test(
    "Each slip has its code, its place and its corrected line",
    arguments: [
      ("find c where a == 1", ["foreign-operator |==| find c where a = 1"]),
      ("find c where a <> 1", ["foreign-operator |<>| find c where a != 1"]),
      ("find c where a => 1", ["foreign-operator |=>| find c where a >= 1"]),
      (
        "find c where a && b||d",
        [
          "mixed-and-or |a && b||d| // find c where (a && b)||d // find c where a && (b||d)",
          "foreign-operator |&&| find c where a and b||d",
          "foreign-operator |||| find c where a && b or d",
        ]
      ),
      ("find c where !a", ["foreign-operator |!| find c where not a"]),
      ("find c where a !=null", ["unknown-compared |!=null| find c where a is known"]),
      ("find c where a=NULL and b", ["unknown-compared |=NULL| find c where a is unknown and b"]),
      ("find c where a is null", ["unknown-compared |is null| find c where a is unknown"]),
      ("find c where a is not null", ["unknown-compared |is not null| find c where a is known"]),
      (
        "find c where a is not known", ["unknown-compared |is not known| find c where a is unknown"]
      ),
      ("find c where a = unknown", ["unknown-compared |= unknown| find c where a is unknown"]),
      ("find c where a is 5", ["foreign-operator |is| find c where a = 5"]),
      ("find c where a is not b", ["foreign-operator |is not| find c where a != b"]),
      (
        "select name, count(*) from customers where a = 1;",
        [
          "sql-statement |select name, count(*) from| find customers where a = 1 show name, count();"
        ]
      ),
      ("SELECT * FROM customers", ["sql-statement |SELECT * FROM| find customers"]),
      ("select 1", ["sql-statement |select|"]),
      ("find c where a like \"%x%\"", ["like-percent |\"%x%\"| find c where a like \"*x*\""]),
      ("find c during 2025", ["window-word |during| find c in 2025"]),
      ("find c where joined during 2025", ["window-word |during| find c where joined in 2025"]),
      (
        "find c where joined in last 30 day",
        ["duration-unit |day| find c where joined in last 30 days"]
      ),
      ("find c in last 1 months", ["duration-unit |months| find c in last 1 month"]),
      ("find c in last months", ["duration-unit |months| find c in last month"]),
      ("find c since 3 dayz ago", ["duration-unit |dayz| find c since 3 days ago"]),
      ("find c show a + 2 quarters", ["duration-unit |quarters| find c show a + 6 months"]),
      ("find c since 5days ago", ["bad-number |5days| find c since 5 days ago"]),
      (
        "find c group by a show count() having count() > 3",
        ["having |having| find c group by a show count() then where count > 3"]
      ),
      (
        "find c where a = 1 in 2025 show b",
        ["misplaced-window |in 2025| find c in 2025 where a = 1 show b"]
      ),
      (
        "find c where since 2025-01-01 and a = 1",
        ["misplaced-window |since 2025-01-01| find c since 2025-01-01 where a = 1"]
      ),
      ("find c where in last month", ["misplaced-window |in last month| find c in last month"]),
      (
        "find c show sum(x where a = 1 in 2025)",
        ["misplaced-window |in 2025| find c show sum(x in 2025 where a = 1)"]
      ),
      ("find c where a = 1 where b = 2", ["clause-twice |where| find c where a = 1 and b = 2"]),
      (
        "find c where a or d where b = 2",
        ["clause-twice |where| find c where (a or d) and b = 2"]
      ),
      ("find c show a show b", ["clause-twice |show| find c show a, b"]),
      ("find c order by a order by b desc", ["clause-twice |order| find c order by a, b desc"]),
      ("find c order by a top 5 by b", ["clause-twice |top|"]),
      ("find c where a = \"x", ["missing-quote |\"| find c where a = \"x\""]),
      (
        "find c where a = 'x y show b, d",
        ["missing-quote |'| find c where a = 'x y' show b, d"]
      ),
      ("find c where (a = \"x) ", ["missing-quote |\"| find c where (a = \"x\") "]),
      ("find c where `a b = 1", ["missing-backtick |`a b = 1| find c where `a b` = 1"]),
      ("find c wehre a = 1", ["unknown-word |wehre| find c where a = 1"]),
      ("find c oder by a", ["unknown-word |oder| find c order by a"]),
      (
        "find c where stage = a oder by b",
        ["unknown-word |oder| find c where stage = a order by b"]
      ),
      ("fnd c where a", ["unknown-word |fnd| find c where a"]),
      ("customers where a = 1", ["unknown-statement |customers| find customers where a = 1"]),
      ("1 + 2", ["unknown-statement |1|"]),
      ("by a", ["bare-clause |by|"]),
      ("where a = 1", ["bare-clause |where| then where a = 1"]),
      ("find c limit 10, 20", ["limit-pair |limit 10, 20| find c limit 20 offset 10"]),
      ("find c order by a asc, b", ["order-direction |asc| find c order by a, b"]),
      ("find c order by a descending", ["order-direction |descending| find c order by a desc"]),
      ("find c; where a = 1", ["stray-semicolon |;| find c where a = 1"]),
      ("find c group a", ["missing-word |a| find c group by a"]),
      ("find c order a desc", ["missing-word |a| find c order by a desc"]),
      ("find c top by value", ["missing-word |by| find c top 10 by value"]),
      ("find c bottom 5 value", ["missing-word |value| find c bottom 5 by value"]),
      ("find c where (a = 1 or b = 2", ["unbalanced-bracket |(| find c where (a = 1 or b = 2)"]),
      (
        "find c where (a = 1 show b order by d",
        ["unbalanced-bracket |(| find c where (a = 1) show b order by d"]
      ),
      ("find c where a = 1) show b", ["unbalanced-bracket |)| find c where a = 1 show b"]),
      (
        "find c where a = 1 or b = 2 and d = 3",
        [
          "mixed-and-or |a = 1 or b = 2 and d = 3| // find c where a = 1 or (b = 2 and d = 3)"
            + " // find c where (a = 1 or b = 2) and d = 3"
        ]
      ),
      (
        "find c where a not contains \"x\"",
        ["misplaced-not |not| find c where not a contains \"x\""]
      ),
      ("find c where a not in 2025", ["misplaced-not |not| find c where not a in 2025"]),
      ("find c where a < b < d", ["chained-comparison |<|"]),
      (
        "find c where stage in welcoming",
        ["in-without-brackets |welcoming| find c where stage in (welcoming)"]
      ),
      (
        "find c where d in 2026-01-31", ["window-word |in 2026-01-31| find c where d on 2026-01-31"]
      ),
      (
        "find c where d = last month",
        ["period-compared |= last month| find c where d in last month"]
      ),
      ("find c where d!=Q1 2025", ["period-compared |!=Q1 2025| find c where not d in Q1 2025"]),
      ("find c where d >= 2026-01", ["period-compared |>= 2026-01| find c where d since 2026-01"]),
      ("find c show last 30 days", ["period-compared |last 30 days|"]),
      (
        "find c where name = Acme Corp show a",
        ["needs-quotes |Acme Corp| find c where name = \"Acme Corp\" show a"]
      ),
      ("find c where a > 12,000 show b", ["bad-number |12,000| find c where a > 12_000 show b"]),
      ("find c where a > 1,000,000", ["bad-number |1,000,000| find c where a > 1_000_000"]),
      ("find c top value", ["missing-word |value| find c top 10 by value"]),
      ("find c orderby a", ["unknown-word |orderby| find c order by a"]),
      ("find c where a = 'O'Brien'", ["missing-quote |'|"]),
      ("find c where a = 2025-01-01 14:30", ["unexpected-character |:|"]),
      ("find c show count(*)", ["unexpected |*| find c show count()"]),
      (
        "find c show count(stage = welcoming and a)",
        ["unexpected |=| find c show count(where stage = welcoming and a)"]
      ),
      ("find (find c where a)", ["unexpected |find| find (c where a)"]),
      ("find (c into \"f\")", ["clause-not-allowed |into|"]),
      ("count c group by a", ["clause-not-allowed |group| count c by a"]),
      ("find c where in top 20 by a", ["not-percent |20| find c where in top 20% by a"]),
      ("find c where in top 0.2 by a", ["not-percent |0.2| find c where in top 20% by a"]),
      ("find c where in top 0.055 by a", ["not-percent |0.055| find c where in top 5.5% by a"]),
      ("find c where in top 0.0005 by a", ["not-percent |0.0005| find c where in top 0.05% by a"]),
      ("find c where in top 12.5 by a", ["not-percent |12.5| find c where in top 12.5% by a"]),
      ("find c limit 1.5", ["not-whole |1.5|"]),
      ("find c show x as in", ["reserved-name |in| find c show x as `in`"]),
      ("find c show a.today", ["reserved-name |today| find c show a.`today`"]),
      ("find c where d = 2026-02-30", ["impossible-date |2026-02-30|"]),
      (
        "find c where d = 2026-13",
        ["impossible-date |2026-13|"]
      ),
      ("find c where d = 2026-1-5", ["bad-date |2026-1-5| find c where d = 2026-01-05"]),
      ("find c where d = 31/01/2026", ["bad-date |31/01/2026| find c where d = 2026-01-31"]),
      ("find c where d = 01/02/2026", ["bad-date |01/02/2026|"]),
      ("find c where d = 2026-01-31T25:00", ["impossible-date |2026-01-31T25:00|"]),
      ("find c where a = 99999999999999999999", ["number-out-of-range |99999999999999999999|"]),
      ("find c since 9999999999 days ago", ["number-out-of-range |9999999999|"]),
      ("find c where a = 12kg", ["bad-number |12kg|"]),
      ("find c where a = 1\u{0}", ["control-character |\u{0}|"]),
      ("find c where a \u{1} = 1", ["control-character |\u{1}|"]),
      ("find c where a @ 1 limit 2 limit 3", ["unexpected-character |@|", "clause-twice |limit|"]),
      ("find c where a ≥ 1", ["unexpected-character |≥| find c where a >= 1"]),
      ("find", ["incomplete ||"]), ("", ["empty-statement ||"]), (" -- x", ["empty-statement ||"]),
      ("find c where", ["incomplete ||"]), ("find c where order by a", ["unexpected |order|"]),
      ("find c then", ["incomplete ||"]), ("find where a", ["unexpected |where|"]),
      ("find c show", ["incomplete ||"]), ("find c where a =", ["incomplete ||"]),
      ("import c \"f\"", ["missing-word |\"f\"| import c from \"f\""]),
      ("import c from f", ["needs-quotes |f| import c from \"f\""]),
      (
        "import c from \"f\" mathcing a", ["unknown-word |mathcing| import c from \"f\" matching a"]
      ),
      ("explain import c from \"f\"", ["unexpected |import|"]),
      ("calc 1 + 1 where a", ["unexpected |where|"]),
      ("find c where a = b by d", ["unexpected |by|"]),
      ("find c where a in today", ["window-word |in today| find c where a on today"]),
      ("find c top a by b", ["missing-word |a| find c top 10 by b"]),
      (
        "find c wehre a == 1 show b, , c order by d limit x",
        [
          "unknown-word |wehre| find c where a == 1 show b, , c order by d limit x",
          "foreign-operator |==| find c wehre a = 1 show b, , c order by d limit x",
          "unexpected |,|", "unexpected |x|",
        ]
      ),
    ])
  func slip(_ text: String, _ expected: [String]) throws {
    #expect(slips(text) == expected)
    guard expected.count == 1, case let line = expected[0],
      let marks = line.dropFirst(line.prefix { $0 != "|" }.count + 1).firstIndex(of: "|")
    else { return }
    for corrected in line[marks...].dropFirst().split(separator: "//") {
      let text = String(corrected.drop { $0 == " " })
      if text.isEmpty { continue }
      #expect(formatted(text).hasPrefix("error") == false, "the corrected line: \(text)")
    }
  }

  @Test(
    "Each slip in a change has its code, its place and its corrected line",
    arguments: [
      ("update customers set a = 1", ["missing-where |customers|"]),
      ("update `a b` set a = 1", ["missing-where |`a b`|"]),
      ("delete customers", ["missing-where |customers|"]),
      ("delete customers with related", ["missing-where |customers|"]),
      ("move customers to welcoming", ["missing-where |customers|"]),
      ("update", ["incomplete ||"]), ("update all", ["incomplete ||"]),
      ("delete customers where", ["incomplete ||"]),
      ("update customers where set a = 1", ["unexpected |set|"]),
      ("move customers where to welcoming", ["unexpected |to|"]),
      (
        "update customers set a = 1, b = (c) where d = 2 and e;",
        ["where-behind-set |where| update customers where d = 2 and e set a = 1, b = (c);"]
      ),
      (
        "update all customers set a = 1 where b = 2",
        ["where-behind-set |where| update customers where b = 2 set a = 1"]
      ),
      ("update customer 42 set a = 1 where b = 2", ["where-behind-set |where|"]),
      ("update customers where b = 2 set a = 1 where c", ["clause-twice |where|"]),
      (
        "update customers where b == 2 set a == 1 and c = 3",
        [
          "foreign-operator |==| update customers where b = 2 set a == 1 and c = 3",
          "foreign-operator |==| update customers where b == 2 set a = 1 and c = 3",
          "foreign-operator |and| update customers where b == 2 set a == 1, c = 3",
        ]
      ),
      (
        "update customer 42 set a = 1 and `b c` = 2",
        ["foreign-operator |and| update customer 42 set a = 1, `b c` = 2"]
      ),
      (
        "update customer 42 set a = b and c",
        ["unexpected |b and c| update customer 42 set a = (b and c)"]
      ),
      ("add customer a = b = c", ["unexpected |b = c| add customer a = (b = c)"]),
      ("add customer a = not b, c = 1", ["unexpected |not b| add customer a = (not b), c = 1"]),
      (
        "add customer a = b > 5, c = d is known",
        [
          "unexpected |b > 5| add customer a = (b > 5), c = d is known",
          "unexpected |d is known| add customer a = b > 5, c = (d is known)",
        ]
      ),
      ("add customer a = 1 b = 2", ["missing-word |b| add customer a = 1, b = 2"]),
      ("add customer a = null", ["foreign-operator |null| add customer a = unknown"]),
      (
        "add customer name = Acme Corp, a = 1",
        ["needs-quotes |Acme Corp| add customer name = \"Acme Corp\", a = 1"]
      ),
      ("add customer", ["incomplete ||"]), ("add customer 42", ["unexpected |42|"]),
      ("add customer owner.name = 1", ["unexpected |.|"]),
      ("add customer in = 1", ["reserved-name |in| add customer `in` = 1"]),
      (
        "update customer 42 stage = welcoming",
        ["missing-word |stage| update customer 42 set stage = welcoming"]
      ),
      (
        "update customers where a = 1 b = 2",
        ["missing-word |b| update customers where a = 1 set b = 2"]
      ),
      (
        "update customers where name = Acme Corp set a = 1",
        ["needs-quotes |Acme Corp| update customers where name = \"Acme Corp\" set a = 1"]
      ),
      (
        "update customer 42 set stage to welcoming",
        ["foreign-operator |to| update customer 42 set stage = welcoming"]
      ),
      (
        "update customer ACME set a = 1", ["needs-quotes |ACME| update customer \"ACME\" set a = 1"]
      ),
      (
        "update customers wehre a = 1 set b = 2",
        ["unknown-word |wehre| update customers where a = 1 set b = 2"]
      ),
      ("update customers in 2025 set a = 1", ["unexpected |in|"]),
      ("update customer 4.5 set a = 1", ["not-whole |4.5|"]),
      ("move customer 42 welcoming", ["missing-word |welcoming| move customer 42 to welcoming"]),
      (
        "move customer 42 to welcoming because late delivery anyway",
        [
          "needs-quotes |late delivery| "
            + "move customer 42 to welcoming because \"late delivery\" anyway"
        ]
      ),
      ("move customer 42 to welcoming anyway anyway", ["clause-twice |anyway|"]),
      ("move customer 42 to welcoming 5", ["unexpected |5|"]),
      (
        "move customer 42 to welcoming becuase 'x'",
        ["unknown-word |becuase| move customer 42 to welcoming because 'x'"]
      ),
      (
        "insert into customers (name, `a b`) values ('it''s', 1 + 2);",
        ["sql-statement |insert into customers| add customer name = 'it''s', `a b` = 1 + 2;"]
      ),
      (
        "insert into companies (a) values (1)",
        ["sql-statement |insert into companies| add company a = 1"]
      ),
      ("insert into customers values (1, 2)", ["sql-statement |insert into customers|"]),
      ("insert into c (a, b) values (1)", ["sql-statement |insert into c|"]),
      ("insert into c (a, b", ["sql-statement |insert into c|"]),
      ("insert", ["sql-statement |insert|"]),
      (
        "delete from customers where a = 1",
        ["sql-statement |delete from| delete customers where a = 1"]
      ),
      (
        "delete from customers",
        ["sql-statement |delete from|", "missing-where |customers|"]
      ),
      (
        "delete customers where a = 1 cascade",
        ["sql-statement |cascade| delete customers where a = 1 with related"]
      ),
      ("drop table customers", ["sql-statement |drop|"]),
      ("merge customer 42 with 41", ["foreign-operator |with| merge customer 42 into 41"]),
      ("merge 42 into 41", ["unexpected |42|"]), ("merge customer 42", ["incomplete ||"]),
      ("begin transaction", ["unexpected |transaction| begin"]),
      ("save as 'f'", ["unexpected |as| save 'f'"]), ("save f", ["needs-quotes |f| save \"f\""]),
      ("backup 'f'", ["missing-word |'f'| backup to 'f'"]),
      ("import all 'f'", ["missing-word |'f'| import all from 'f'"]),
      ("export all 'f'", ["missing-word |'f'| export all to 'f'"]),
      (
        "export customers to 'f.csv'",
        ["unexpected |export customers| find customers into 'f.csv'"]
      ),
      ("export", ["incomplete ||"]), ("undo 3", ["unexpected |3|"]),
      ("explain merge customer 1 into 2", ["unexpected |merge|"]),
      ("explain in sql delete all customers", ["unexpected |delete|"]),
      ("explain in find customers", ["unexpected |find|"]),
      ("updte customer 42 set a = 1", ["unknown-word |updte| update customer 42 set a = 1"]),
    ] as [(String, [String])])
  func changeSlip(_ text: String, _ expected: [String]) throws {
    try slip(text, expected)
  }

  @Test(
    "Each slip about relations, history and segments has its code, its place and its corrected line",
    arguments: [
      (
        "find c where has a where b and d",
        [
          "open-inner-where |b and d| // find c where has a where (b and d)"
            + " // find c where has a where (b) and d"
        ]
      ),
      (
        "find c where not has a in 2025 where (b + 1) > 2 or d show e",
        [
          "open-inner-where |(b + 1) > 2 or d|"
            + " // find c where not has a in 2025 where ((b + 1) > 2 or d) show e"
            + " // find c where not has a in 2025 where ((b + 1) > 2) or d show e"
        ]
      ),
      (
        "find c where has a where b and d not followed by e",
        [
          "open-inner-where |b and d| find c where has a where (b and d) not followed by e"
        ]
      ),
      (
        "find c where has a where has b followed by d",
        [
          "open-inner-where |has b followed by d|"
            + " // find c where has a where (has b followed by d)"
            + " // find c where has a where (has b) followed by d"
        ]
      ),
      (
        "find c where has no a followed by b",
        [
          "quantity-in-sequence |no| // find c where has a not followed by b"
            + " // find c where not has a followed by b"
        ]
      ),
      ("find c where has at least 2 a not followed by b", ["quantity-in-sequence |at least 2|"]),
      (
        "find c where has 3 orders",
        [
          "bare-quantity |3| // find c where has at least 3 orders"
            + " // find c where has exactly 3 orders"
        ]
      ),
      ("find c where has >= 3 a", ["foreign-operator |>=| find c where has at least 3 a"]),
      (
        "find c where has a in 2025 > 3 and b",
        ["unexpected |> 3| find c where has more than 3 a in 2025 and b"]
      ),
      ("find c where has not a", ["foreign-operator |not| find c where has no a"]),
      ("find c where has not any a", ["foreign-operator |not any| find c where has no a"]),
      (
        "find c where has less than 3 a",
        ["foreign-operator |less| find c where has fewer than 3 a"]
      ),
      ("find c where has any orders", ["unexpected |any| find c where has orders"]),
      ("find c where has", ["incomplete ||"]), ("find c where has at least", ["incomplete ||"]),
      ("find c where has a followed by", ["incomplete ||"]),
      (
        "find c where has a where b = 1 in 2025",
        ["misplaced-window |in 2025| find c where has a in 2025 where b = 1"]
      ),
      (
        "find c where has a during 2025", ["window-word |during| find c where has a in 2025"]
      ),
      ("find c where has a followed by b within today", ["unexpected |today|"]),
      ("find c show outer", ["unexpected |outer|"]),
      ("find c show usual(a)", ["missing-word |usual| find c show usual(a before today)"]),
      ("find c show usual(a in 2025)", ["missing-word |usual|"]),
      ("find c where stage was a", ["missing-word |stage was a|"]),
      ("find c where stage was on 2025-01-01", ["unexpected |on|"]),
      (
        "find c where stage was a on last month",
        ["window-word |on last month| find c where stage was a in last month"]
      ),
      (
        "find c where stage was a in 2025-01-01",
        ["window-word |in 2025-01-01| find c where stage was a on 2025-01-01"]
      ),
      ("find c where stage was a since 2025", ["window-word |since 2025|"]),
      (
        "find c where stage changed to a from b in 2025",
        ["unexpected |to a from b| find c where stage changed from b to a in 2025"]
      ),
      ("find c where was in segment vip", ["missing-word |vip|"]),
      (
        "find c where was in segment vip on 2025",
        ["period-compared |2025| find c where was in segment vip on 2025-12-31"]
      ),
      ("find c where entered segment vip", ["missing-word |vip|"]),
      (
        "find c where left segment vip during 2025",
        ["window-word |during| find c where left segment vip in 2025"]
      ),
      (
        "find c as of last month where a",
        ["period-compared |last month| find c as of end of last month where a"]
      ),
      ("find c as of Q1 2025", ["period-compared |Q1 2025| find c as of 2025-03-31"]),
      ("find c as of", ["incomplete ||"]),
      ("find c where a as of today as of today", ["clause-twice |as|"]),
      ("find c then as of today show a", ["clause-not-allowed |as|"]),
      ("find (c as of today) show a", ["clause-not-allowed |as|"]),
      ("as of today", ["bare-clause |as|"]),
      ("find c show a with total", ["clause-not-allowed |with total|"]),
      ("find c group by a across", ["incomplete ||"]),
    ] as [(String, [String])])
  func relationSlip(_ text: String, _ expected: [String]) throws {
    try slip(text, expected)
  }

  @Test(
    "Each slip in a definition or a script has its code, its place and its corrected line",
    arguments: [
      ("define vip as c where a", ["missing-word |vip|"]), ("drop vip", ["missing-word |vip|"]),
      ("rename vip to gold", ["missing-word |vip|"]), ("define", ["incomplete ||"]),
      ("define segmnt vip as c", ["unknown-word |segmnt| define segment vip as c"]),
      ("define segment vip c where a", ["missing-word |c| define segment vip as c where a"]),
      ("define segment vip = c", ["foreign-operator |=| define segment vip as c"]),
      (
        "define segment vip as find c where a",
        ["unexpected |find| define segment vip as c where a"]
      ),
      ("define segment vip as c into \"f\"", ["clause-not-allowed |into|"]),
      ("define segment vip as c as of today", ["clause-not-allowed |as|"]),
      ("define field margin as a - b", ["unexpected |as|"]),
      ("define field c.a varchar", ["foreign-operator |varchar| define field c.a text"]),
      ("define field c.a int", ["foreign-operator |int| define field c.a integer"]),
      ("define field c.a mony", ["unknown-word |mony| define field c.a money"]),
      ("define field c.a", ["incomplete ||"]), ("define field c.a choice", ["incomplete ||"]),
      ("define entity deals", ["incomplete ||"]),
      (
        "define entity deals (a text, b to c",
        ["unbalanced-bracket |(| define entity deals (a text, b to c)"]
      ),
      ("define standard a as b by today", ["unexpected |by|"]),
      ("define standard a as b <= 5", ["incomplete ||"]),
      (
        "define standard a as b => 5 by 2025",
        [
          "foreign-operator |=>| define standard a as b >= 5 by 2025",
          "period-compared |2025| define standard a as b => 5 by 2025-12-31",
        ]
      ),
      (
        "define action a when b = Acme Corp priority 1 say 'x'",
        [
          "needs-quotes |Acme Corp| define action a when b = \"Acme Corp\" priority 1 say 'x'"
        ]
      ),
      ("define action a when b say 'x'", ["unexpected |say|"]),
      (
        "define action a when b priority 1 say call",
        [
          "needs-quotes |call| "
            + "define action a when b priority 1 say \"call\""
        ]
      ),
      ("freeze vip as v", ["missing-word |vip| freeze segment vip as v"]),
      ("compare a to b", ["foreign-operator |to| compare a with b"]),
      ("compare a", ["incomplete ||"]),
      ("check standard", ["unknown-word |standard| check standards"]),
      ("list segment", ["unknown-word |segment| list segments"]), ("list", ["incomplete ||"]),
      ("drop segments vip", ["unknown-word |segments| drop segment vip"]),
      ("let $x = 5", ["foreign-operator |$x| let x = 5"]), ("let x", ["incomplete ||"]),
      ("include f.crm", ["needs-quotes |f.crm| include \"f.crm\""]),
      ("expect count(c) = 5", ["incomplete ||"]), ("expect count(c)", ["incomplete ||"]),
      (
        "expect count(c) == 5 because 'x'",
        ["foreign-operator |==| expect count(c) = 5 because 'x'"]
      ),
      ("sql for postgre find c", ["unknown-word |postgre| sql for postgres find c"]),
      ("sql drop segment a", ["unexpected |drop|"]),
      ("update it where a set b = 1", ["unexpected |where|"]),
      ("drop table c", ["sql-statement |drop|"]),
    ] as [(String, [String])])
  func definitionSlip(_ text: String, _ expected: [String]) throws {
    try slip(text, expected)
  }

  @Test("At most five errors are shown, in the order of the text")
  func fiveErrors() {
    let text =
      "find c where a == 1 == 2 show + order by + limit x sample y top z by a where b where d"
    let found = slips(text)
    #expect(found.count == 5, "\(found)")
  }

  @Test(
    "A near name lies within a third of the word's length",
    arguments: [
      ("stge", ["stage", "state", "since"], ["stage"]), ("ab", ["ba", "abcd"], ["ba"]),
      ("xyz", ["abc"], []), ("intensive_car", ["intensive_care", "welcoming"], ["intensive_care"]),
      ("Ärger", ["ärger"], ["ärger"]), ("", ["a", "ab"], ["a"]),
    ])
  func nearNames(_ word: String, _ names: [String], _ expected: [String]) {
    #expect(NearNames.nearest(to: word, among: names) == expected)
  }
}
