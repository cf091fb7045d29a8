import Foundation
import Synchronization
import Syntax
import Testing

/// The canonical form of a text, or its first error.
func formatted(_ text: String, atPrompt: Bool = false) -> String {
  do {
    return Formatter.format(try Parser.parse(text, allowsBareRefinement: atPrompt))
  } catch {
    return error.diagnostics.map { "error[\($0.code)] \($0.message)" }.joined(separator: "; ")
  }
}

@Suite("The parser reads and the formatter prints")
struct ParserTests {
  @Test(
    "Each text has one canonical form, which stays as it is",
    arguments: [
      ("find customers", "find customers"),
      ("FIND Customers;", "find Customers"),
      (
        "find customers where stage = intensive_care order by value",
        "find customers where stage = intensive_care order by value"
      ),
      (
        "find customers order by value desc , name show name,value where a=1",
        "find customers where a = 1 show name, value order by value desc, name"
      ),
      ("find orders in 2025 where status = paid", "find orders in 2025 where status = paid"),
      ("find orders since 2025-01-31T08:05", "find orders since 2025-01-31T08:05"),
      ("find orders between 2024 and q3 2025", "find orders between 2024 and Q3 2025"),
      (
        "find orders before start of last quarter limit 5 offset 10",
        "find orders before start of last quarter limit 5 offset 10"
      ),
      ("find orders after 2 months ago", "find orders after 2 months ago"),
      ("find orders on 2026-01", "find orders on 2026-01"),
      ("find orders in last 3 whole months", "find orders in last 3 whole months"),
      ("find orders in next 14 days", "find orders in next 14 days"),
      ("find orders until start of month - 5 days", "find orders until start of month - 5 days"),
      (
        "find (customers in 2025 where a = 1) show name",
        "find (customers in 2025 where a = 1) show name"
      ),
      (
        "find customers top 20 by value per owner.region, stage then group by owner.name show count()",
        "find customers top 20 by value per owner.region, stage then group by owner.name show count()"
      ),
      ("find customers bottom $n by value", "find customers bottom $n by value"),
      ("find customers sample 10% seed 7", "find customers sample 10% seed 7"),
      (
        "find customers into 'a \"b\".csv' replace",
        "find customers into \"a \\\"b\\\".csv\" replace"
      ),
      (
        "find customers where (a = 1 or b = 2) and (c = 3)",
        "find customers where (a = 1 or b = 2) and c = 3"
      ),
      ("find c where (a and b) and c", "find c where a and b and c"),
      ("find c where not (a or b) or not not d", "find c where not (a or b) or not not d"),
      ("find c where (a+b)*c > -d/(2-e)", "find c where (a + b) * c > -d / (2 - e)"),
      ("find c where a-(b-c) = - - 5", "find c where a - (b - c) = - -5"),
      (
        "find c where x in (1,2) and y not in (\"a\", b)",
        "find c where x in (1, 2) and y not in (\"a\", b)"
      ),
      ("find c where x between 1 and 2 and y", "find c where x between 1 and 2 and y"),
      ("find c where joined in last 90 days", "find c where joined in last 90 days"),
      (
        "find c where joined in 2025 or x in Q1 2024", "find c where joined in 2025 or x in Q1 2024"
      ),
      ("find c where joined since 2025", "find c where joined since 2025"),
      ("find c where a is known and b is unknown", "find c where a is known and b is unknown"),
      (
        "find c where a contains 'x' and b starts with \"y\" and c ends with “z”",
        "find c where a contains \"x\" and b starts with \"y\" and c ends with \"z\""
      ),
      (
        "find c where a has word \"x\" or b like \"a*b?\"",
        "find c where a has word \"x\" or b like \"a*b?\""
      ),
      ("find c where a matches \"\\d+\\\\n\"", "find c where a matches \"\\d+\\\\n\""),
      ("find c where in top 20% by value per owner", "find c where in top 20% by value per owner"),
      (
        "find c where not in bottom 5% by value per a + b and c",
        "find c where not in bottom 5% by value per a + b and c"
      ),
      ("find c where rank(value per owner) = 2", "find c where rank(value per owner) = 2"),
      (
        "find c show count(where status = returned), count(distinct x), percentile(x, 90%)",
        "find c show count(where status = returned), count(distinct x), percentile(x, 90%)"
      ),
      (
        "find c show sum(amount in last 12 months where status = paid) as paid",
        "find c show sum(amount in last 12 months where status = paid) as paid"
      ),
      (
        "find c show rank((in top 5% by a) per b), in top 5% by a per b, d, f(x where in top 5% by a per b per d)",
        "find c show rank((in top 5% by a) per b), in top 5% by a per b, d, f(x where in top 5% by a per b per d)"
      ),
      ("find c show if(a in 2025, 1, 2)", "find c show if(a in 2025, 1, 2)"),
      ("find c show max((a in 2025))", "find c show max((a in 2025))"),
      ("find c show first_known(a, unknown)", "find c show first_known(a, unknown)"),
      (
        "find c show today - joined as age, today + 1 day",
        "find c show today - joined as age, today + 1 day"
      ),
      ("find c show 12k, 1.5m, 20%, 12_000", "find c show 12k, 1.5m, 20%, 12_000"),
      ("find `order lines` where `unit price` > 5", "find `order lines` where `unit price` > 5"),
      ("find c where from != `to` and `a`.`b c` = 1", "find c where from != `to` and a.`b c` = 1"),
      ("find c where a = $region -- comment", "find c where a = $region"),
      ("#! rapport\nfind c", "find c"),
      ("count customers by stage", "count customers by stage"),
      (
        "count orders in 2025 by channel as way where amount > 5 then show count",
        "count orders in 2025 where amount > 5 by channel as way then show count"
      ),
      (
        "calc count(customers where stage = dissociation) as gone, sum(orders.revenue in 2025)",
        "calc count(customers where stage = dissociation) as gone, sum(orders.revenue in 2025)"
      ),
      ("describe", "describe"),
      ("describe customers.stage", "describe customers.stage"),
      ("describe functions", "describe functions"),
      ("explain analyze find c where a", "explain analyze find c where a"),
      ("explain count c", "explain count c"),
      ("then where count > 3 then limit 5", "then where count > 3 then limit 5"),
      ("import customers from \"new.csv\"", "import customers from \"new.csv\""),
      (
        """
        import c from 'n.csv' on error skip matching email
          map "E-mail" to email, "Status" to stage ("Lead" = recruitment, "Old one" = "left us")
          with reference owner_ref to employees adding unknown "N/A", "?"
          encoding "windows-1252" decimal comma dates month_first
        """,
        "import c from \"n.csv\" matching email map \"E-mail\" to email, \"Status\" to stage "
          + "(\"Lead\" = recruitment, \"Old one\" = \"left us\") "
          + "with reference owner_ref to employees adding on error skip unknown \"N/A\", \"?\" "
          + "encoding \"windows-1252\" dates month_first decimal comma"
      ),
      (
        "ADD Customer name='Acme' , region = \"north\"",
        "add Customer name = \"Acme\", region = \"north\""
      ),
      (
        "update customers where (a = 1 or b = 2) set f = (value*1.1), g = UNKNOWN, h = (a = b)",
        "update customers where a = 1 or b = 2 set f = value * 1.1, g = unknown, h = (a = b)"
      ),
      (
        "update all customers set a = ((unknown)), `b c` = -1",
        "update all customers set a = unknown, `b c` = -1"
      ),
      (
        "update customer 42\n  set stage_since = today - 5 days,\n  name = upper(name) + '!'",
        "update customer 42 set stage_since = today - 5 days, name = upper(name) + \"!\""
      ),
      ("update product 'A-1' set price = $p", "update product \"A-1\" set price = $p"),
      (
        "move customers where to = set and with to intensive_care anyway because 'late'",
        "move customers where to = set and with to intensive_care because \"late\" anyway"
      ),
      ("move customer -42 to \"left us\"", "move customer -42 to \"left us\""),
      ("move all `all` to `to` because $why", "move all all to `to` because $why"),
      ("move `all` $k to $s", "move `all` $k to $s"),
      (
        "delete customers where name starts with 'A' with related",
        "delete customers where name starts with \"A\" with related"
      ),
      ("delete customer 42;", "delete customer 42"), ("delete all orders", "delete all orders"),
      ("merge customer 42 into 41", "merge customer 42 into 41"),
      ("merge product 'a' into \"b\"", "merge product \"a\" into \"b\""),
      ("Undo", "undo"), ("begin;", "begin"), ("commit", "commit"), ("ROLLBACK", "rollback"),
      ("save", "save"), ("save 'f.rapport' replace", "save \"f.rapport\" replace"),
      ("backup to 'f'", "backup to \"f\""),
      ("import all from 'x.db'", "import all from \"x.db\""),
      ("import `all` from 'x.csv'", "import `all` from \"x.csv\""),
      ("export all to 'folder' REPLACE", "export all to \"folder\" replace"),
      ("find c where 'it''s' = a", "find c where \"it's\" = a"),
      ("find c where a = \"x\ny\"", "find c where a = \"x\\ny\""),
      ("find c show Å, naïve, 名前", "find c show Å, naïve, 名前"),
    ] as [(String, String)])
  func canonical(_ text: String, _ expected: String) {
    #expect(formatted(text) == expected, "of \(text)")
    #expect(formatted(expected) == expected, "again")
  }

  @Test("Every contextual word may be a field's name")
  func contextualWords() {
    var wrong: [String] = []
    for keyword in Keyword.allCases where !keyword.isReserved && !keyword.isValue {
      let word = keyword.rawValue
      let alias = keyword == .of ? "`of`" : word
      for text in [
        "find c show \(word)", "find c where \(word) = 1", "find c where a = \(word)",
        "find c where \(word) and \(word) in (\(word), 1)", "find c order by \(word) desc, \(word)",
        "find c group by \(word) as \(alias) show sum(\(word)), max(distinct \(word))",
        "find \(word) where \(word).\(word) is known", "find c show \(word) limit 3",
        "find c show \(word) order by \(word)", "find c where a top 5 by \(word) per \(word)",
        "find c where \(word) + 1 > \(word) - 1 show \(word)", "find c where \(word)",
        "find c where \(word) in last 30 days and \(word) since 2025",
        "find c show rank(\(word) per \(word)), \(word), count(\(word))",
        "import c from \"f\" matching \(word) map \"h\" to \(word) with reference \(word) to \(word)",
        "add \(word) \(word) = \(word), \(word) = 1",
        "update c where \(word) set \(word) = \(word), \(word) = 1",
        "update \(word == "all" ? "`all`" : word) where a = \(word) set a = \(word)",
        "update all \(word) set \(word) = \(word)", "merge \(word) 1 into 2",
        "move c where \(word) = \(word) to \(word) because \"x\" anyway",
        "delete c where \(word) = \(word) with related", "delete all \(word)",
        "count \(word) by \(word)", "describe \(word).\(word)", "calc sum(\(word).\(word) in 2025)",
      ] where formatted(text) != text {
        wrong.append("\(text) → \(formatted(text))")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
  }

  @Test("Reserved words and values are names in backticks only")
  func reservedWords() {
    var wrong: [String] = []
    for keyword in Keyword.allCases where keyword.isReserved || keyword.isValue {
      let quoted = "find c where `\(keyword.rawValue)` = 1 show x as `\(keyword.rawValue)`"
      if formatted(quoted) != quoted { wrong.append(quoted) }
      let bare = "find c show x as \(keyword.rawValue)"
      if !formatted(bare).hasPrefix("error") { wrong.append(bare) }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    #expect(Keyword.allCases.count(where: \.isReserved) == 12)
  }

  @Test(
    "A bare clause refines at the prompt only",
    arguments: [
      ("where a = 1", "then where a = 1"),
      ("show name then limit 3", "then show name then limit 3"),
      ("top 5 by value", "then top 5 by value"), ("limit 3", "then limit 3"),
    ])
  func bareRefinement(_ text: String, _ expected: String) {
    #expect(formatted(text, atPrompt: true) == expected)
    #expect(formatted(text).hasPrefix("error[bare-clause]"))
  }

  @Test("Deep nesting is an error, on a small stack too, and what is accepted can be printed")
  func depth() {
    let failures = Mutex<[String]>([])
    let isDone = DispatchSemaphore(value: 0)
    let thread = Thread {
      failures.withLock { $0 = Self.depthFailures() }
      isDone.signal()
    }
    thread.stackSize = 512 * 1024
    thread.start()
    isDone.wait()
    #expect(failures.withLock { $0 }.isEmpty)
  }

  private static func depthFailures() -> [String] {
    var failures: [String] = []
    for (opening, closing) in [
      ("(", ")"), ("not ", ""), ("- ", ""), ("f(", ")"), ("a + ", ""), ("a + (", ")"),
      ("a = (", ")"), ("(a and ", ")"), ("x in (", ")"), ("count(where ", ")"), ("- (", ")"),
      ("f(a, b where a = (", "))"), ("(a + b + c + ", ")"),
    ] {
      for count in [10, 45, 90, 10_000] {
        let text =
          "find c where " + String(repeating: opening, count: count) + "a"
          + String(repeating: closing, count: count)
        let result = formatted(text)
        if result.hasPrefix("error") {
          let isAlone = !result.contains(";")
          if !result.hasPrefix("error[too-deep]") || !isAlone || count < 45 {
            failures.append("\(opening) \(count): \(result.prefix(99))")
          }
        } else if formatted(result) != result || count > 100 {
          failures.append("\(opening) \(count): \(result.prefix(99))")
        }
      }
    }
    let open = String(repeating: "(", count: 10_000)
    for text in ["find \(open)c" + String(repeating: ")", count: 10_000), "find \(open)"] {
      let result = formatted(text)
      if !result.hasPrefix("error[too-deep]") { failures.append("\(result.prefix(99))") }
    }
    return failures
  }
}
