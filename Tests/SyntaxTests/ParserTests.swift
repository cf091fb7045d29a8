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
        "find c where has o where count(distinct outer.x) > 1",
        "find c where has o where count(distinct outer.x) > 1"
      ),
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
      ("explain in sql rfm c", "explain in sql rfm c"),
      (
        "explain analyze in SQL for DuckDB find c where a",
        "explain analyze in sql for duckdb find c where a"
      ),
      ("explain update c where a set b = 1", "explain update c where a set b = 1"),
      ("explain delete c 4", "explain delete c 4"),
      ("explain move it to a", "explain move it to a"),
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
      ("find it where a = 1", "find it where a = 1"), ("count it by stage", "count it by stage"),
      (
        "find c show a order by a as of 2025-12-31 where b",
        "find c as of 2025-12-31 where b show a order by a"
      ),
      ("count c by a as of end of last month", "count c as of end of last month by a"),
      ("find c show a as `of`", "find c show a as `of`"),
      (
        "find c show b, count() with total group by b across month_of(d) as m",
        "find c group by b across month_of(d) as m show b, count() with total"
      ),
      ("count c by a across b", "count c by a across b"),
      ("find c where has orders", "find c where has orders"),
      ("find c where HAS No customer.orders", "find c where has no customer.orders"),
      (
        "find c where has at least 3 orders in last 90 days where a = 1",
        "find c where has at least 3 orders in last 90 days where a = 1"
      ),
      (
        "find c where has at most $n a or has exactly 0 b or has more than 1 d or has fewer than 2 e",
        "find c where has at most $n a or has exactly 0 b or has more than 1 d or has fewer than 2 e"
      ),
      (
        "find c where has orders where (a and b) and not has no x where (y) or_else = 1",
        "error[unexpected] expected 'and', 'or' or a clause, found 'or_else'"
      ),
      (
        "find c where has orders where (a or b) and d",
        "find c where has orders where (a or b) and d"
      ),
      ("find c where has orders where (a) and d", "find c where has orders where (a) and d"),
      ("find c where has orders where (a)", "find c where has orders where a"),
      ("find c where (has orders where a) and d", "find c where has orders where (a) and d"),
      ("find c where d and (has orders where a)", "find c where d and has orders where a"),
      ("find c where not has a where (b) and d", "find c where not has a where (b) and d"),
      ("find c where has a where (b + 1) > 2 show x", "find c where has a where b + 1 > 2 show x"),
      (
        "find c where has a where (has b where (d) or e) and f",
        "find c where has a where (has b where (d) or e) and f"
      ),
      (
        "find c where has a in 2025 where x since outer.d and has b where outer.owner.name = y",
        "error[open-inner-where] 'and' behind an inner 'where' reads two ways"
      ),
      (
        "find c where has no a since outer.stage_since",
        "find c where has no a since outer.stage_since"
      ),
      (
        "find c where has a in 2025 where b not followed by d where e within 30 days and f",
        "find c where has a in 2025 where b not followed by d where e within 30 days and f"
      ),
      (
        "find c where has a where (b and d) followed by e where (f) and g",
        "find c where has a where (b and d) followed by e where (f) and g"
      ),
      (
        "find c where has a followed by b within $t or has a followed by b within $n weeks",
        "find c where has a followed by b within $t or has a followed by b within $n weeks"
      ),
      (
        "find c where has a where (has b) followed by d",
        "find c where has a where (has b) followed by d"
      ),
      (
        "find c where has a where (has b followed by d)",
        "find c where has a where (has b followed by d)"
      ),
      ("find c show has orders as active, a", "find c show has orders as active, a"),
      (
        "calc count(where has a) + count(c where b and d)",
        "calc count(where has a) + count(c where b and d)"
      ),
      (
        "find c show max(count(orders)), count(distinct orders.product)",
        "find c show max(count(orders)), count(distinct orders.product)"
      ),
      ("find c show percentile(x, 90% where c)", "find c show percentile(x, 90% where c)"),
      ("find c where stage on 2025-12-31 = a", "find c where stage on 2025-12-31 = a"),
      (
        "find c where (stage on date) != (stage on today) and a",
        "find c where stage on date != (stage on today) and a"
      ),
      (
        "find c where x.stage on date in (a, b) and stage on d not in (a) or_else",
        "error[unexpected] expected 'and', 'or' or a clause, found 'or_else'"
      ),
      ("find c where stage on d is unknown", "find c where stage on d is unknown"),
      ("find c show stage on 2025-12-31 as s", "find c show stage on 2025-12-31 as s"),
      ("find c where stage was a on today - 5 days", "find c where stage was a on today - 5 days"),
      (
        "find c where stage was a in last month or b", "find c where stage was a in last month or b"
      ),
      (
        "find c where stage changed from a to b in 2025 and x.stage changed to `d e`",
        "find c where stage changed from a to b in 2025 and x.stage changed to `d e`"
      ),
      ("find c where stage changed", "find c where stage changed"),
      ("move c where (stage changed) to b", "move c where (stage changed) to b"),
      ("move c where stage changed to a to b", "move c where stage changed to a to b"),
      ("find c where stage changed in 2025", "find c where stage changed in 2025"),
      (
        "find c where in segment vip and not in segment `a b` or_else",
        "error[unexpected] expected 'and', 'or' or a clause, found 'or_else'"
      ),
      (
        "find c where x not in segment vip and customer in segment a",
        "find c where not x in segment vip and customer in segment a"
      ),
      (
        "find c where was in segment a on 2025-12-31", "find c where was in segment a on 2025-12-31"
      ),
      (
        "find c where entered segment a in last month or x left segment b since 2025",
        "find c where entered segment a in last month or x left segment b since 2025"
      ),
      ("find c where a > standard fast_fix", "find c where a > standard fast_fix"),
      ("find c where a > standard `list`", "find c where a > standard `list`"),
      ("find c where v < median(all customers.v)", "find c where v < median(all customers.v)"),
      (
        "find c where avg(a.b in last 90 days) > 1.5 * usual(a.b before 90 days ago) + 3",
        "find c where avg(a.b in last 90 days) > 1.5 * usual(a.b before 90 days ago) + 3"
      ),
      (
        "find c show days_in(stage), days_in(welcoming)",
        "find c show days_in(stage), days_in(welcoming)"
      ),
      (
        "find c in last $n whole months where d since $m days ago and e < $k weeks",
        "find c in last $n whole months where d since $m days ago and e < $k weeks"
      ),
      ("move it to a because 'b'", "move it to a because \"b\""),
      ("update it set a = it.b", "update it set a = it.b"), ("delete it", "delete it"),
      ("describe segment vip", "describe segment vip"),
      ("describe field customers.margin", "describe field customers.margin"),
      ("describe segment", "describe segment"),
      (
        "define segment vip as customers where value >= 10k then top 3 by value",
        "define segment vip as customers where value >= 10k then top 3 by value"
      ),
      ("redefine segment a as (b in 2025)", "redefine segment a as (b in 2025)"),
      ("define field c.margin as value - cost", "define field c.margin as value - cost"),
      (
        "define field c.tier choice(low,\"very high\") ordered",
        "define field c.tier choice(low, \"very high\") ordered"
      ),
      (
        "define entity deals(name text, amount money, n number, i integer, d date, t time, f flag, customer to customers)",
        "define entity deals (name text, amount money, n number, i integer, d date, t time, f flag, customer to customers)"
      ),
      (
        "define standard f as median(x.d) <= 5 by 2026-12-31 agreed 'board'",
        "define standard f as median(x.d) <= 5 by 2026-12-31 agreed \"board\""
      ),
      (
        "define action a for orders when b and has c where d priority 1 say 'x'",
        "define action a for orders when b and has c where d priority 1 say \"x\""
      ),
      (
        "redefine action a when b = 1 priority $n say $t",
        "redefine action a when b = 1 priority $n say $t"
      ),
      ("rename segment vip to gold", "rename segment vip to gold"),
      ("rename field c.a to b", "rename field c.a to b"), ("drop standard f", "drop standard f"),
      ("drop field c.a", "drop field c.a"), ("drop entity deals;", "drop entity deals"),
      ("freeze segment vip as v", "freeze segment vip as v"), ("freeze it as v", "freeze it as v"),
      ("freeze (c where a) as v", "freeze (c where a) as v"),
      ("compare vip with (c where a)", "compare vip with (c where a)"),
      ("compare vip since start of month", "compare vip since start of month"),
      ("compare it since 2025", "compare it since 2025"),
      (
        #"compare vip since 2025 into "moved.csv" replace"#,
        #"compare vip since 2025 into "moved.csv" replace"#
      ),
      (#"check standards into "a.csv""#, #"check standards into "a.csv""#),
      (
        #"suggest actions for vip into "a.csv" append"#,
        #"suggest actions for vip into "a.csv" append"#
      ), (#"suggest actions into "a.csv""#, #"suggest actions into "a.csv""#),
      ("check standards", "check standards"), ("suggest actions", "suggest actions"),
      ("suggest actions for customer 42", "suggest actions for customer 42"),
      ("suggest actions for (c where a)", "suggest actions for (c where a)"),
      ("list segments of customer \"a\"", "list segments of customer \"a\""),
      ("list entities", "list entities"), ("list fields", "list fields"),
      ("let big = 10k", "let big = 10k"), ("let p = last 3 months", "let p = last 3 months"),
      ("include 'a.crm'", "include \"a.crm\""),
      (
        "expect count(it) >= max(it.value) because 'x'",
        "expect count(it) >= max(it.value) because \"x\""
      ),
      ("sql for DuckDB find c where a", "sql for duckdb find c where a"),
      ("sql calc 1", "sql calc 1"),
      ("sql then limit 3", "sql then limit 3"),
      ("find c where 'it''s' = a", "find c where \"it's\" = a"),
      ("find c where a = \"x\ny\"", "find c where a = \"x\\ny\""),
      ("find c show Å, naïve, 名前", "find c show Å, naïve, 名前"),
    ] as [(String, String)])
  func canonical(_ text: String, _ expected: String) {
    #expect(formatted(text) == expected, "of \(text)")
    if !expected.hasPrefix("error") { #expect(formatted(expected) == expected, "again") }
  }

  @Test("Every contextual word may be a field's name")
  func contextualWords() {
    var wrong: [String] = []
    for keyword in Keyword.allCases where !keyword.isReserved && !keyword.isValue {
      let word = keyword.rawValue
      let alias = keyword == .of ? "`of`" : word
      let member = keyword == .was ? "`was`" : word
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
        "find c where has \(word) since 2025 where (\(word) and \(word) > 1) and \(word)",
        "find c where has at least 2 \(word) not followed by \(word).\(word) within 3 days"
          .replacing("at least 2 ", with: ""),
        "find c where has no \(word) where \(word)", "find c where has exactly 3 \(word)",
        "find c where \(word) was \(word) on 2025-01-01 or \(word) changed from \(word) to \(word)",
        "find c where \(word) on \(word) = \(word) and \(member) in segment \(word)",
        "find c where \(word) entered segment \(word) in 2025 or \(word) left segment \(word) on \(word)",
        "find c where sum(all c.\(word)) > it.\(word) - outer.\(word).\(word)",
        "find c group by \(word) across \(word) show \(word), \(word) with total",
        "find \(word) as of \(word) where \(word)", "count \(word) as of today by \(word)",
        "define segment \(word) as \(word) where \(word)",
        "define field \(word).\(word) as \(word)",
        "define field \(word).\(word) text", "define entity \(word) (\(word) to \(word))",
        "define field c.\(word) choice(\(word), \(word)) ordered",
        "define standard \(word) as \(word) < \(word) by \(word)",
        "define action \(word) for \(word) when \(word) priority 1 say \"x\"",
        "rename segment \(word) to \(word)", "drop field \(word).\(word)",
        "freeze segment \(word) as \(alias)", "compare \(word) with \(word)",
        "compare \(word) since \(word)", "suggest actions for \(word)",
        "list segments of \(word) 42", "let \(word) = \(word)",
        "expect \(word) = \(word) because \"x\"", "describe standard \(word)",
        "count \(word) by \(word)", "describe \(word).\(word)", "calc sum(\(word).\(word) in 2025)",
        "rfm c of \(word) by \(word), \(word) as of \(word) where \(word) bins 4 nested",
        "pareto c where \(word) = 1 by \(word) at 80% summary then where \(word) = \(word)",
        "cohort c where \(word) = 1 by month over \(word) where (\(word) = \(word)) of orders",
        "funnel c where \(word) through \(word), \(word) where (\(word)), \(word) within 3 days",
        "forecast c where \(word) over 3 months with mbg discount 10% a year check",
        "moments c in 2025 where \(word) = 1 by \(word) + 1 summary", "gap c by \(word) summary",
        "risk c where \(word) checked as of \(word)", "cover c where \(word) = 1 by \(word)",
        "profile \(word) 42 as of \(word)", "calc (rfm c summary).\(word) + (\(word) + 1)",
        "find (\(word == "find" ? "c" : word) limit 3) where \(word)",
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
      ("f(a, b where a = (", "))"), ("has a where ", ""), ("has a where (", ")"),
      ("has a followed by b where not (", ")"), ("count(a where has b where (", "))"),
      ("(a + b + c + ", ")"),
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
