import Testing

/// What is wrong with each query: the code, the marked text and the corrected statement.
@Suite struct BinderErrorTests {
  @Test("A mistake has a code, a place and a correction", arguments: Self.mistakes)
  func mistake(in text: String, is expected: String) {
    #expect(BinderDump().dump(text) == expected)
  }

  static let mistakes: [(String, String)] = [
    (
      #"find customers into "a.csv" then where value > 5"#,
      #"into-not-last at 'into "a.csv"'"#
    ),
    (
      #"find customers where count(ordrs) > 5"#,
      #"unknown-field at 'ordrs' → find customers where count(orders) > 5"#
    ),
    (
      #"find customers where sum(ordrs.amount) > 5"#,
      #"unknown-field at 'ordrs' → find customers where sum(orders.amount) > 5"#
    ),
    (
      #"find customers show sum(valu + cost)"#,
      #"unknown-field at 'valu' → find customers show sum(value + cost)"#
    ),
    (
      #"find customers where count(orders where amount > avg(ordrs.amount)) > 5"#,
      #"unknown-field at 'ordrs'"#
    ),
    (
      #"find custmers"#,
      #"unknown-entity at 'custmers' → find customers"#
    ),
    (
      #"find customer"#,
      #"unknown-entity at 'customer' → find customers"#
    ),
    (
      #"find customers where stge = intensive_care show valu order by joind"#,
      #"""
      unknown-field at 'stge' → find customers where stage = intensive_care show valu order by \#
      joind | unknown-field at 'valu' → find customers where stge = intensive_care show value \#
      order by joind | unknown-field at 'joind' → find customers where stge = intensive_care show \#
      valu order by joined
      """#
    ),
    (
      #"find customers where owner.nam = "x""#,
      #"unknown-field at 'nam' → find customers where owner.name = "x""#
    ),
    (
      #"find customers where orders > 5"#,
      #"unknown-field at 'orders'"#
    ),
    (
      #"find orders where orders.amount > 5"#,
      #"unknown-field at 'orders' → find orders where amount > 5"#
    ),
    (
      #"find customers group by stage then where cuont > 5"#,
      #"unknown-column at 'cuont' → find customers group by stage then where count > 5"#
    ),
    (
      #"find customers group by stage then where zzz > 5"#,
      #"unknown-column at 'zzz'"#
    ),
    (
      #"find customers where stage = intensive_car"#,
      #"unknown-choice at 'intensive_car' → find customers where stage = intensive_care"#
    ),
    (
      #"find customers where stage = "intensive_car""#,
      #"unknown-choice at '"intensive_car"' → find customers where stage = "intensive_care""#
    ),
    (
      #"find customers where stage = xyz"#,
      #"unknown-choice at 'xyz'"#
    ),
    (
      #"find customers where contactable = true"#,
      #"unknown-choice at 'true' → find customers where contactable = yes"#
    ),
    (
      #"find customers where stage = `intensive_care`"#,
      #"unknown-choice at '`intensive_care`' → find customers where stage = "intensive_care""#
    ),
    (
      #"find stage_changes where from != to"#,
      #"unknown-choice at 'to'"#
    ),
    (
      #"find customers show rond(value)"#,
      #"unknown-function at 'rond' → find customers show round(value)"#
    ),
    (
      #"find customers where region = $r"#,
      #"unknown-parameter at '$r'"#
    ),
    (
      #"find customers top $n by value"#,
      #"unknown-parameter at '$n'"#
    ),
    (
      #"find customers where country = ES"#,
      #"text-needs-quotes at 'ES' → find customers where country = "ES""#
    ),
    (
      #"find customers where name.x = "a""#,
      #"not-a-reference at 'name.x'"#
    ),
    (
      #"find customers show name as a, value as a"#,
      #"duplicate-column at 'a'"#
    ),
    (
      #"find customers group by stage show count() as stage"#,
      #"duplicate-column at 'stage'"#
    ),
    (
      #"find customers group by stage, stage"#,
      #"duplicate-key at 'stage'"#
    ),
    (
      #"find customers where value > "12k""#,
      #"type-mismatch at '"12k"' → find customers where value > 12k"#
    ),
    (
      #"find customers where phone = 555"#,
      #"type-mismatch at '555' → find customers where phone = "555""#
    ),
    (
      #"find customers where joined = "2025-01-01""#,
      #"type-mismatch at '"2025-01-01"' → find customers where joined = 2025-01-01"#
    ),
    (
      #"find customers where joined > 5"#,
      #"type-mismatch at '5'"#
    ),
    (
      #"find customers where stage = owner.name"#,
      #"type-mismatch at 'owner.name'"#
    ),
    (
      #"find customers where owner = campaign"#,
      #"type-mismatch at 'campaign'"#
    ),
    (
      #"find customers where stage contains "x""#,
      #"wrong-argument at 'stage'"#
    ),
    (
      #"find customers show name + value"#,
      #"type-mismatch at 'name + value'"#
    ),
    (
      #"find customers show joined + joined"#,
      #"type-mismatch at 'joined + joined'"#
    ),
    (
      #"find customers show -name"#,
      #"type-mismatch at '-name'"#
    ),
    (
      #"find customers show days_since(value)"#,
      #"wrong-argument at 'value'"#
    ),
    (
      #"find customers show median(name)"#,
      #"wrong-argument at 'name'"#
    ),
    (
      #"find customers show if(value > 5, name, 3)"#,
      #"wrong-argument at '3'"#
    ),
    (
      #"find customers show round(value, 1, 2)"#,
      #"wrong-argument-count at 'round(value, 1, 2)'"#
    ),
    (
      #"find customers show bucket(value, satisfaction)"#,
      #"argument-not-constant at 'satisfaction'"#
    ),
    (
      #"find customers show ntile(value, 0)"#,
      #"argument-not-constant at '0'"#
    ),
    (
      #"find customers show round(value, 2.5)"#,
      #"argument-not-constant at '2.5'"#
    ),
    (
      #"find customers show lower(name where stage = welcoming)"#,
      #"word-not-here at 'stage = welcoming'"#
    ),
    (
      #"find customers where kind > person"#,
      #"not-ordered-choice at 'kind'"#
    ),
    (
      #"find customers top 5 by kind"#,
      #"not-ordered-choice at 'kind'"#
    ),
    (
      #"find customers show max(kind)"#,
      #"not-ordered-choice at 'kind'"#
    ),
    (
      #"find customers where satisfaction > 50%"#,
      #"percent-of-integer at '50%' → find customers where satisfaction > 50"#
    ),
    (
      #"find customers where owner = "Ana Ruiz""#,
      #"""
      reference-by-name at 'owner = "Ana Ruiz"' → find customers where owner.name = "Ana Ruiz"
      """#
    ),
    (
      #"find customers show value + 1.5 * satisfaction"#,
      #"money-and-number at 'value + 1.5 * satisfaction'"#
    ),
    (
      #"find customers where region in (unknown, "a")"#,
      #"unknown-compared at 'unknown'"#
    ),
    (
      #"find customers show unknown"#,
      #"unknown-alone at 'unknown'"#
    ),
    (
      #"find customers where value"#,
      #"not-a-condition at 'value'"#
    ),
    (
      #"find customers where value and stage = welcoming"#,
      #"not-a-condition at 'value'"#
    ),
    (
      #"find customers show if(value, 1, 2)"#,
      #"condition-expected at 'value'"#
    ),
    (
      #"find customers where value > 100000000000000"#,
      #"amount-out-of-range at '100000000000000'"#
    ),
    (
      #"find customers where name matches "a(b""#,
      #"invalid-pattern at '('"#
    ),
    (
      #"find customers where name matches email"#,
      #"pattern-not-constant at 'email'"#
    ),
    (
      #"find customers where value between 10 and 5"#,
      #"between-backwards at '10 and 5' → find customers where value between 5 and 10"#
    ),
    (
      #"find customers where joined between 2025-02-01 and 2025-01-01"#,
      #"""
      between-backwards at '2025-02-01 and 2025-01-01' → find customers where joined between \#
      2025-01-01 and 2025-02-01
      """#
    ),
    (
      #"find interactions where outcome between exceeded and met"#,
      #"""
      between-backwards at 'exceeded and met' → find interactions where outcome between met and \#
      exceeded
      """#
    ),
    (
      #"find customers where joined = 2025"#,
      #"period-compared at '2025' → find customers where joined in 2025"#
    ),
    (
      #"find customers where joined != 2025"#,
      #"period-compared at '2025' → find customers where not joined in 2025"#
    ),
    (
      #"find customers where joined in (2025, 2026-01-01)"#,
      #"period-compared at '2025'"#
    ),
    (
      #"find customers where joined since value"#,
      #"point-expected at 'value'"#
    ),
    (
      #"find customers where value in last 30 days"#,
      #"window-needs-date at 'value'"#
    ),
    (
      #"find customers since stage_since"#,
      #"window-not-constant at 'since stage_since'"#
    ),
    (
      #"find products in 2025"#,
      #"no-time-field at 'in 2025'"#
    ),
    (
      #"find (customers group by stage) in 2025"#,
      #"no-time-field at 'in 2025'"#
    ),
    (
      #"find customers show joined + 5"#,
      #"date-needs-duration at '5' → find customers show joined + 5 days"#
    ),
    (
      #"find customers where joined > 90 days"#,
      #"date-against-duration at '90 days' → find customers where joined > 90 days ago"#
    ),
    (
      #"find customers show 5 days"#,
      #"duration-alone at '5 days'"#
    ),
    (
      #"find customers where stage_since - joined > 3 months"#,
      #"month-duration at '3 months' → find customers where stage_since - joined > 90 days"#
    ),
    (
      #"find customers where joined after 9999 years from now"#,
      #"date-out-of-range at '9999 years from now'"#
    ),
    (
      #"find customers in last 0 days"#,
      #"empty-period at 'last 0 days'"#
    ),
    (
      #"find customers show name, count()"#,
      #"aggregate-needs-group at 'name' → find customers group by name show name, count()"#
    ),
    (
      #"find customers where count() > 5 group by stage"#,
      #"""
      aggregate-not-here at 'count()' → find customers group by stage then where count() > 5
      """#
    ),
    (
      #"find customers where sum(value) > 5"#,
      #"aggregate-not-here at 'sum(value)'"#
    ),
    (
      #"find customers order by count()"#,
      #"aggregate-not-here at 'count()'"#
    ),
    (
      #"find customers show count(sum(value))"#,
      #"aggregate-not-here at 'sum(value)'"#
    ),
    (
      #"find customers group by stage show name, count()"#,
      #"not-in-group at 'name' → find customers group by stage, name show name, count()"#
    ),
    (
      #"find customers group by stage show stage, count() then where name = "x""#,
      #"not-in-group at 'name'"#
    ),
    (
      #"find customers where in top 20% by running_sum(value)"#,
      #"running-sum-not-here at 'running_sum(value)'"#
    ),
    (
      #"find customers show running_sum(value) as r order by r"#,
      #"running-sum-not-here at 'r'"#
    ),
    (
      #"find customers show percentile(value, 90)"#,
      #"not-percent at '90' → find customers show percentile(value, 90%)"#
    ),
    (
      #"find customers where in top 120% by value"#,
      #"not-percent at '120%'"#
    ),
    (
      #"find customers limit 3000000000"#,
      #"count-too-large at '3000000000'"#
    ),
    (
      #"find customers sample 120%"#,
      #"sample-too-large at '120%'"#
    ),
    (
      #"calc value"#,
      #"calc-needs-aggregate at 'value'"#
    ),
    (
      #"calc count()"#,
      #"calc-needs-entity at 'count()'"#
    ),
    (
      #"calc sum(orders)"#,
      #"calc-needs-field at 'orders'"#
    ),
    (
      #"calc sum(amount)"#,
      #"calc-needs-entity at 'amount'"#
    ),
    (
      #"calc count(customer)"#,
      #"unknown-entity at 'customer' → calc count(customers)"#
    ),
    (
      #"calc orders.amount"#,
      #"calc-needs-aggregate at 'orders.amount'"#
    ),
    (
      #"calc sum(orders.amount - invoices.amount)"#,
      #"calc-mixes-entities at 'invoices.amount'"#
    ),
    (
      #"calc rank(5)"#,
      #"per-row-not-here at 'rank(5)'"#
    ),
    (
      #"find customers show vlaue as v order by v then where v > 5"#,
      #"""
      unknown-field at 'vlaue' → find customers show value as v order by v then where v > 5
      """#
    ),
    (
      #"""
      find customers where joined > 5 and value > "x" and stge = a and owner = "x" and \#
      satisfaction > 5% and region = north
      """#,
      #"""
      type-mismatch at '5' | type-mismatch at '"x"' | unknown-field at 'stge' → find customers \#
      where joined > 5 and value > "x" and stage = a and owner = "x" and satisfaction > 5% and \#
      region = north | reference-by-name at 'owner = "x"' → find customers where joined > 5 and \#
      value > "x" and stge = a and owner.name = "x" and satisfaction > 5% and region = north | \#
      percent-of-integer at '5%' → find customers where joined > 5 and value > "x" and stge = a \#
      and owner = "x" and satisfaction > 5 and region = north
      """#
    ),
  ]
}
