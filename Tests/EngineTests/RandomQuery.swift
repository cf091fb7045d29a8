import Store

/// Writes random statements over the entities of `RandomStore`, all of them correct.
struct RandomQuery {
  var random: SplitMix64

  init(_ random: SplitMix64) { self.random = random }

  /// A `find` or a `count`.
  mutating func statement() -> String {
    switch pick(12) {
    case 0: "count things\(window())\(filter())"
    case 1: "count things\(window())\(filter()) by \(key()), s.t as other"
    case 2, 3: "find things\(window())\(filter()) \(aggregates())"
    case 4, 5, 6: grouped()
    case 7: "find owners where \(ownerCondition()) order by \(one(["t", "m", "c desc", "boss"])), d"
    default: records()
    }
  }

  /// A condition on things.
  mutating func condition(_ depth: Int = 2) -> String {
    if depth > 0, chance(3) {
      let word = one(["and", "or"])
      let parts = (0...1 + pick(2)).map { _ in part(depth - 1) }
      return parts.joined(separator: " \(word) ")
    }
    return test(depth)
  }

  private mutating func part(_ depth: Int) -> String {
    switch pick(4) {
    case 0: "(\(condition(depth)))"
    case 1: "not (\(condition(depth)))"
    case 2: "not \(test(depth))"
    default: test(depth)
    }
  }

  // MARK: statements

  private mutating func records() -> String {
    var text = "find things\(window())\(filter()) show id, \(value()) as v0, "
    text += "\(value()) as v1, \(perRow()) as v2" + order()
    if chance(4) {
      text += "\n  then where \(condition(1))"
      if chance(2) { text += " order by \(orderKey()) limit \(1 + pick(9)) offset \(pick(4))" }
      text += " show id, v1, \(value()) as v3"
    }
    return text
  }

  private mutating func grouped() -> String {
    var text = "find things\(window())\(filter()) group by \(key()) as k0"
    if chance(2) { text += ", \(one(["r.code", "s.c", "day(w)", "i * 2"])) as k1" }
    text += " \(aggregates()), share(count()) as part, rank(sum(m)) as place"
    switch pick(4) {
    case 0: text += " order by a0 desc, k0"
    case 1: text += " top \(1 + pick(5)) by a0"
    case 2: text += " limit \(1 + pick(6))"
    default: break
    }
    switch pick(4) {
    case 0: text += "\n  then where a0 > \(pick(5)) or k0 is unknown"
    case 1: text += "\n  then group by k0 show count() as n, max(a0) as most"
    case 2: text += "\n  then order by a1 desc show k0, a1, running_sum(a0) as running"
    default: break
    }
    return text
  }

  private mutating func aggregates() -> String {
    let numeric = one(["m", "n", "i", "r.m", "m - r.m", "i * 2", "m * 0.5", "abs(n)"])
    let measures = [
      "count()", "count(\(one(["t", "u", "f", "s"])))", "count(distinct (\(key())))",
      "sum(\(numeric))", "avg(\(numeric))", "median(\(one([numeric, "d", "w"])))",
      "median_gap(\(one(["d", "w"])))",
      "percentile(\(one([numeric, "d"])), \(one(["0%", "10%", "50%", "90%", "100%"])))",
      "min(\(one([numeric, "d", "t", "c", "w"])))", "max(\(one([numeric, "d", "u", "c"])))",
      "mode(\(one(["t", "k", "c", "i", "f"])))", "first(\(one(["m", "t", "k", "d"])))",
      "last(\(one(["m", "u", "id", "f"])))", "sum(m) / count()", "max(d) - min(d)",
    ]
    let inner = [
      "sum(m where \(condition(1)))", "count(where \(condition(1)))", "count(m in last 90 days)",
      "avg(n since 2025-06-01 where f)",
    ]
    return "show \(one(["count()", "sum(i)", "count(m)"])) as a0, \(one(measures)) as a1, "
      + "\(one(measures)) as a2, \(one(inner)) as a3"
  }

  private mutating func order() -> String {
    switch pick(7) {
    case 0: " order by \(orderKey()), \(orderKey())"
    case 1: " order by \(orderKey()) limit \(1 + pick(20)) offset \(pick(5))"
    case 2: " top \(1 + pick(12)) by \(one(["m", "n", "d", "i", "v2", "m - r.m", "w"]))"
    case 3: " bottom \(1 + pick(12)) by \(one(["m", "d", "c", "t"]))"
    case 4:
      " \(one(["top", "bottom"])) \(1 + pick(3)) by \(one(["m", "d", "i"]))"
        + " per \(one(["c", "r", "k", "r.t", "month_of(d)", "f"]))"
    case 5: " limit \(pick(15))"
    default: ""
    }
  }

  private mutating func orderKey() -> String {
    one(["t", "u", "c", "k", "m", "n", "i", "d", "w", "f", "r", "r.t", "s.m", "m / 3", "id"])
      + one(["", " desc"])
  }

  private mutating func key() -> String {
    one([
      "t", "c", "k", "f", "r", "r.c", "r.boss", "s.k", "i", "month_of(d)", "year(d)", "weekday(w)",
      "bucket(m, 500)", "quarter_of(r.d)", "if(m > 100, \"a\", i > 2, \"b\", t)", "m > 0",
      "lower(t)",
      "week_of(d)", "round(n)", "d",
    ])
  }

  private mutating func window() -> String {
    guard chance(4) else { return "" }
    return " " + windowWords()
  }

  private mutating func filter() -> String { chance(2) ? " where \(condition())" : "" }

  private mutating func perRow() -> String {
    let measure = one(["m", "i", "n", "m + 10", "d"])
    let summed = one(["m", "i", "n"])
    return one([
      "rank(\(measure))", "rank(\(measure) per \(one(["c", "r", "k"])))", "ntile(\(measure), 3)",
      "quintile(\(measure))", "decile(\(measure))", "percentile_rank(\(measure))",
      "share(abs(\(summed)))", "running_share(abs(\(summed)))", "i", "i",
    ])
  }

  // MARK: conditions

  private mutating func test(_ depth: Int) -> String {
    let sign = one(["=", "!=", "<", "<=", ">", ">="])
    switch pick(20) {
    case 0: return "\(text()) \(one(["=", "!="])) \(word())"
    case 1: return "\(text()) \(one(["<", ">"])) \(one(["\"beta\"", "\"m\"", "u", "r.t"]))"
    case 2: return "\(text()) \(one(["contains", "starts with", "ends with"])) \(fragment())"
    case 3: return "\(text()) has word \(one(["\"alpha\"", "\"ray\"", "\"10\"", "\"end\""]))"
    case 4: return "\(text()) like \(one(["\"*a*\"", "\"?lpha\"", "\"b*\"", "\"*\"", "\"å*n\""]))"
    case 5: return "\(text()) matches \(one(["\"^[A-Z]\"", "\"a$\"", "\"[0-9]{2}\"", "\"l+p\""]))"
    case 6: return "\(text()) in (\(word()), \(word()), \"nothing\")"
    case 7: return "\(one(["c", "r.c", "s.c"])) \(sign) \(one(["low", "middle", "high"]))"
    case 8: return "\(one(["k", "s.k"])) \(one(["in", "not in"])) (red, blue)"
    case 9:
      return "\(one(["m", "r.m", "m - r.m", "s.m"])) \(sign) \(one(["50", "0", "412.5", "r.m"]))"
    case 10: return "\(number()) \(sign) \(number())"
    case 11: return "\(one(["i", "r.i", "id"])) \(one(["in", "not in"])) (1, 2, 3, 30)"
    case 12: return "\(one(["m between 10 and 500", "i between 0 and 3", "n between -1 and 2.5"]))"
    case 13: return "\(one(["d", "r.d", "s.d"])) \(sign) \(date())"
    case 14: return "\(one(["d", "w", "r.d", "s.w"])) \(windowWords())"
    case 15: return "w \(sign) \(one(["2026-06-15", "2026-06-20T12:00", "today"]))"
    case 16:
      return "\(one(["t", "c", "m", "n", "i", "d", "w", "f", "r", "s", "r.boss", "r.t"]))"
        + " is \(one(["known", "unknown"]))"
    case 17: return one(["f", "f = no", "r.f", "f = r.f", "f != yes"])
    case 18: return "r \(one(["=", "!="])) \(one(["\"K1-1\"", "\"K2-2\"", "r.boss", "s.r"]))"
    default:
      return "in \(one(["top", "bottom"])) \(one(["10%", "33%", "50%", "2.5%"]))"
        + " by \(one(["m", "d", "i"]))" + one(["", " per c"])
    }
  }

  private mutating func ownerCondition() -> String {
    one([
      "t is known", "c >= middle", "boss.m > m", "not boss.boss.f", "code starts with \"k1\"",
      "d in last 12 months", "rank(m) <= 5", "m > 100 or i = 2", "t < boss.t",
    ])
  }

  private mutating func windowWords() -> String {
    one([
      "in last 90 days", "in last 12 months", "in 2025", "in Q1 2026", "in 2026-02",
      "in last 2 whole quarters", "in this year", "in next 14 days", "since 2026-01-15",
      "before 2025", "after 2025-09", "until Q3 2025", "on 2026-06-15", "in last month",
      "between 2025-03 and 2025-10-15", "since 6 months ago", "until yesterday",
      "before start of quarter", "in this week",
    ])
  }

  // MARK: values

  private mutating func value() -> String {
    switch pick(12) {
    case 0: text()
    case 1: "\(text()) + \"-\" + \(text())"
    case 2:
      one(["m", "m * 1.5", "m / 4", "m + r.m", "-m", "round(m)", "floor(m)", "ceil(m)", "abs(m)"])
    case 3: number()
    case 4: one(["m / r.m", "m / s.m", "i / 3", "n / i"])
    case 5:
      one(["d", "d + 5 days", "d - 2 months", "r.d + 1 year", "month_of(d)", "w", "week_of(w)"])
    case 6:
      one(["d - r.d", "days_since(d)", "days_between(d, r.d)", "week(d)", "weekday(d)", "day(w)"])
    case 7: one(["r", "s", "r.boss", "k", "c", "f", "s.c"])
    case 8: one(["upper(t)", "lower(t)", "length(u)", "trim(t)"])
    case 9: "if(\(condition(0)), m, \(condition(0)), r.m, 0)"
    case 10:
      one(["first_known(t, r.t, \"none\")", "first_known(m, r.m, 1)", "first_known(d, r.d)"])
    default: "(\(condition(1)))"
    }
  }

  private mutating func number() -> String {
    one([
      "i", "n", "r.i", "i + 1", "i * r.i", "n + i", "n * 2", "-i", "3", "1.25", "i - n",
      "length(t)",
      "year(d)", "bucket(i, 4)", "bucket(n, 0.5)", "quarter(d)", "abs(n)", "round(n)", "floor(n)",
      "ceil(n)", "month(w)",
    ])
  }

  private mutating func text() -> String { one(["t", "u", "r.t", "s.t", "r.boss.t", "trim(t)"]) }

  private mutating func date() -> String {
    one([
      "2026-01-31", "today", "yesterday", "90 days ago", "r.d", "r.d + 30 days", "start of year",
    ])
  }

  private mutating func word() -> String {
    "\"" + RandomStore.words[Int(random.next(below: UInt64(RandomStore.words.count)))] + "\""
  }

  private mutating func fragment() -> String {
    one(["\"a\"", "\"BETA\"", "\"Å\"", "\"10\"", "\" \"", "\"*\"", "\"\"", "r.t", "\"京\""])
  }

  // MARK: chance

  private mutating func pick(_ count: Int) -> Int { Int(random.next(below: UInt64(count))) }

  private mutating func chance(_ count: Int) -> Bool { pick(count) == 0 }

  private mutating func one(_ choices: [String]) -> String { choices[pick(choices.count)] }
}
