import Store

/// Writes random queries over the built-in entities, with everything that can be said in SQL.
struct RandomDraft {
  private let catalog: Catalog
  private let samples: [String: [String]]
  private var random: SplitMix64

  /// Makes a writer.
  ///
  /// - Parameter samples: Texts that occur, by `entity.field`.
  init(_ catalog: Catalog, samples: [String: [String]], seed: UInt64) {
    self.catalog = catalog
    self.samples = samples
    random = SplitMix64(seed)
  }

  // MARK: queries

  /// A `find`, `count` or `calc`.
  mutating func draft() -> Draft {
    if chance(25) { return calculation() }
    let entity = pickEntity()
    var draft = Draft(head: "find \(catalog[entity].name)", rounds: [])
    if chance(8), catalog[entity].timeField != nil { draft.window = words(windows) }
    if chance(10) {
      draft.asOf = "as of " + one(["2025-12-31", "2024-06-30", "start of year", "2026-03-15"])
    }
    let first = chance(3) ? groupRound(entity) : recordRound(entity)
    draft.rounds = [first]
    if chance(3) { draft.rounds += laterRounds(after: first, entity) }
    return draft
  }

  /// A condition on the records of an entity.
  mutating func condition(on entity: EntityID) -> String { condition(entity, 2).text }

  /// `has` over a relation of an entity, its quantity and the rest; nil where it has no relation.
  mutating func relatedCondition(on entity: EntityID) -> String? {
    guard let (name, target) = relation(entity) else { return nil }
    return chance(2) ? name : "\(name) where (\(condition(target, 1, outer: entity).text))"
  }

  /// An entity, every second time the first.
  mutating func pickEntity() -> EntityID {
    // The house rules have few records, and other keys.
    let places = catalog.entities.indices.filter { catalog.entities[$0].role?.isRules != true }
    return chance(2) ? EntityID(0) : EntityID(places[pick(places.count)])
  }

  private mutating func calculation() -> Draft {
    let columns = (0...pick(2)).map { index -> String in
      let entity = pickEntity()
      let name = catalog[entity].name
      let filter = chance(2) ? " where \(condition(entity, 1).text)" : ""
      let window = catalog[entity].timeField != nil && chance(3) ? " " + words(windows) : ""
      let numeric = stored(entity) { $0 == .money || $0 == .integer }
      let text =
        chance(2) || numeric.isEmpty
        ? "count(\(name)\(window)\(filter))"
        : "\(one(["sum", "avg", "max", "median"]))(\(name).\(one(numeric))\(window)\(filter))"
      return "\(text) as c\(index)"
    }
    return Draft(head: "calc " + columns.joined(separator: ", "), rounds: [])
  }

  private mutating func recordRound(_ entity: EntityID) -> Draft.Round {
    var round = Draft.Round()
    if chance(4, 5) { round.filter = (0..<1 + pick(2)).map { _ in condition(entity, 2) } }
    round.columns = ["id"] + (0..<pick(4)).map { "\(value(entity)) as v\($0)" }
    if chance(3) { round.columns.append("\(perRow(entity)) as p0") }
    switch pick(6) {
    case 0: round.order = "order by \(orderKey(entity))\(words(["", " desc"])), \(orderKey(entity))"
    case 1:
      round.order = "\(one(["top", "bottom"])) \(1 + pick(9)) by \(ranked(entity))"
      if chance(2) { round.order += " per \(key(entity))" }
    case 2:
      round.order = "order by \(orderKey(entity)) desc"
      if chance(2) {
        round.columns.append("running_sum(\(numeric(entity, 1))) as total")
      }
    default: break
    }
    if chance(4) { round.limit = "limit \(1 + pick(12))" + (chance(2) ? " offset \(pick(5))" : "") }
    return round
  }

  private mutating func groupRound(_ entity: EntityID) -> Draft.Round {
    var round = Draft.Round()
    if chance(2) { round.filter = [condition(entity, 2)] }
    let keyCount = pick(3)
    round.keys = (0..<keyCount).map { "\(key(entity)) as k\($0)" }
    round.columns = (0...pick(3)).map { "\(aggregate(entity)) as a\($0)" }
    if keyCount > 0 {
      if chance(4) { round.columns.append("share(count()) as part") }
      if chance(4) { round.columns.append("\(one(["rank", "quintile"]))(count()) as place") }
      switch pick(5) {
      case 0: round.order = "order by count() desc"
      case 1: round.order = "top \(1 + pick(4)) by count()"
      case 2: round.order = "bottom \(1 + pick(4)) by \(aggregate(entity, isOrdered: true))"
      default: break
      }
    }
    if chance(5) { round.limit = "limit \(1 + pick(6))" }
    return round
  }

  private mutating func laterRounds(
    after first: Draft.Round, _ entity: EntityID
  ) -> [Draft.Round] {
    var round = Draft.Round()
    if first.columns.contains("id") {
      if chance(2) { return [groupRound(entity)] }
      round = recordRound(entity)
      return chance(3) ? [round, groupRound(entity)] : [round]
    }
    guard !first.keys.isEmpty else { return [] }
    switch pick(4) {
    case 0: round.filter = [.leaf("a0 is known"), .leaf("k0 is known")]
    case 1: round.columns = ["k0", "a0", "rank(k1_or(k0)) as r"]
    case 2:
      round.keys = ["k0"]
      round.columns = ["count() as n", "count(a0) as m", "mode(a0) as o"]
    default:
      round.order = "order by k0 desc"
      round.columns = ["k0", "a0", "first_known(a0, a0) as b"]
    }
    if round.columns.contains("rank(k1_or(k0)) as r") { round.columns = ["k0", "a0"] }
    return [round]
  }

  // MARK: conditions

  private mutating func condition(
    _ entity: EntityID, _ depth: Int, outer: EntityID? = nil
  ) -> Draft.Condition {
    if depth > 0 {
      switch pick(6) {
      case 0: return .not(condition(entity, depth - 1, outer: outer))
      case 1:
        return .joined(
          (0...1).map { _ in condition(entity, depth - 1, outer: outer) }, by: one(["and", "or"]))
      case 2, 3: if let has = has(entity, depth - 1) { return has }
      default: break
      }
    }
    return .leaf(test(entity, depth, outer: outer))
  }

  private mutating func has(_ entity: EntityID, _ depth: Int) -> Draft.Condition? {
    guard let (name, target) = relation(entity) else { return nil }
    let quantity = one([
      "", "", "no ", "at least 2 ", "at most 1 ", "exactly 1 ", "more than 3 ", "fewer than 3 ",
    ])
    let window = catalog[target].timeField != nil && chance(2) ? " " + words(windows) : ""
    if quantity.isEmpty, chance(4), catalog[target].timeField != nil,
      let (other, next) = relation(entity, hops: false), catalog[next].timeField != nil,
      !name.contains(".")
    {
      let word = one(["followed by", "not followed by"])
      let isWithin = chance(2) || word.hasPrefix("not")
      let within = isWithin ? " within \(one(["30 days", "2 months"]))" : ""
      return .around(
        "has \(name)\(window) where (", condition(target, 0), ") \(word) \(other)\(within)")
    }
    guard chance(2) else { return .leaf("has \(quantity)\(name)\(window)") }
    return .around(
      "has \(quantity)\(name)\(window) where (", condition(target, depth, outer: entity), ")")
  }

  private mutating func test(_ entity: EntityID, _ depth: Int, outer: EntityID?) -> String {
    for _ in 0..<3 { if let test = drawnTest(entity, depth, outer: outer) { return test } }
    return "id \(one(["<", ">", ">=", "!="])) \(1 + pick(120))"
  }

  private mutating func drawnTest(
    _ entity: EntityID, _ depth: Int, outer: EntityID?
  ) -> String? {
    let sign = one(["=", "!=", "<", "<=", ">", ">="])
    switch pick(13) {
    case 0:
      if let name = field(entity, where: { $0 == .money }) {
        if let outer, chance(2), let other = field(outer, hops: false, where: { $0 == .money }) {
          return "\(name) \(sign) outer.\(other)"
        }
        return "\(name) \(sign) \(one(["100", "0", "500", "999.99", "50.5", "cost_or(0)"]))"
          .replacing("cost_or(0)", with: "250")
      }
    case 1:
      if let name = field(entity, where: { $0 == .integer }) {
        return "\(name) \(sign) \(one(["1", "3", "50", "7", "80"]))"
      }
    case 2:
      if let name = field(entity, where: { $0 == .integer }) {
        return one([
          "\(name) in (1, 2, 5, 50)", "\(name) not in (3, 4)", "\(name) between 2 and 40",
        ])
      }
    case 3, 4: if let test = choiceTest(entity, sign) { return test }
    case 5, 6: if let test = textTest(entity) { return test }
    case 7:
      if let name = field(entity, where: { $0 == .date || $0 == .time }) {
        if let outer, chance(3), let other = field(outer, hops: false, where: { $0 == .date }) {
          return "\(name) \(sign) outer.\(other)"
        }
        return chance(2)
          ? "\(name) \(words(windows))"
          : "\(name) \(sign) \(one(["2025-06-30", "today", "90 days ago", "2026-02-28"]))"
      }
    case 8:
      if let name = field(entity, where: { _ in true }) {
        return "\(name) is \(one(["known", "unknown"]))"
      }
    case 9: if let name = field(entity, where: { $0 == .flag }) { return name }
    case 10:
      if depth > 0 {
        return "in \(one(["top", "bottom"])) \(one(["20%", "33%", "2.5%", "50%"])) by"
          + " \(ranked(entity))" + (chance(2) ? " per \(key(entity))" : "")
      }
    case 11:
      if depth > 0, let text = relatedNumber(entity) {
        return "\(text) \(sign) \(one(["0", "2", "5"]))"
      }
    default:
      if entity == EntityID(0) {
        return one([
          "stage was account_management on 2025-12-31", "stage was welcoming in 2025",
          "stage changed in last 12 months", "stage changed to dissociation",
          "stage changed from welcoming since 2024-01-01", "stage on 2025-06-30 = welcoming",
          "days_in(stage) > 200", "days_in(account_management) > 300",
          "stage on joined != recruitment", "not stage was intensive_care in Q1 2026",
        ])
      }
    }
    return nil
  }

  private mutating func choiceTest(_ entity: EntityID, _ sign: String) -> String? {
    guard let (name, type) = typedField(entity, where: { $0.isChoice }),
      case .choice(let list) = type
    else { return nil }
    let value = one(list.names.map { "\"\($0)\"" })
    let other = one(list.names.map { "\"\($0)\"" })
    if chance(4) { return "\(name) \(one(["in", "not in"])) (\(value), \(other))" }
    return "\(name) \(list.isOrdered ? sign : one(["=", "!="])) \(value)"
  }

  private mutating func textTest(_ entity: EntityID) -> String? {
    guard let (name, owner) = textField(entity) else { return nil }
    let known = samples[owner] ?? []
    guard !known.isEmpty else { return nil }
    let sample = known[pick(known.count)]
    let part = fragment(of: sample)
    switch pick(9) {
    case 0: return "\(name) \(one(["=", "!="])) \(quoted(recased(sample)))"
    case 1: return "\(name) contains \(quoted(recased(part)))"
    case 2: return "\(name) starts with \(quoted(recased(String(sample.prefix(1 + pick(3))))))"
    case 3: return "\(name) ends with \(quoted(recased(String(sample.suffix(1 + pick(3))))))"
    case 4: return "\(name) like \(quoted("*" + recased(part) + one(["*", "?*", "?"])))"
    case 5:
      return "\(name) \(one(["in", "not in"])) (\(quoted(recased(sample))), \(quoted(one(known))))"
    case 6: return "\(name) \(one(["<", ">=", ">", "<="])) \(quoted(sample))"
    case 7: return "length(\(name)) > \(4 + pick(12))"
    default:
      return entity == EntityID(0)
        ? one(["email contains source", "country = country", "email < source", "source != country"])
        : "\(name) contains \(quoted(""))"
    }
  }

  // MARK: values

  private mutating func value(_ entity: EntityID) -> String {
    switch pick(12) {
    case 0: return "(\(condition(entity, 1).text))"
    case 1: return numeric(entity, 2)
    case 2: return relatedValue(entity) ?? "id"
    case 3: return relatedNumber(entity) ?? "id"
    case 4:
      guard let date = field(entity, where: { $0 == .date || $0 == .time }) else { return "id" }
      return one([
        "\(date) + 1 month", "\(date) - 3 months", "month_of(\(date))", "week_of(\(date))",
        "quarter_of(\(date))", "week(\(date))", "weekday(\(date))", "\(date) + 45 days",
        "days_since(\(date))", "year(\(date))", "quarter(\(date))", "day(\(date))",
        "\(date) + 2 years", "month(\(date))",
      ])
    case 5:
      return "if(\(condition(entity, 1).text), \(numeric(entity, 1)), 0)"
    case 6:
      guard let (name, _) = textField(entity) else { return "id" }
      return one([
        "trim(\(name))", "length(\(name))", "\(name) + \"-\" + \(name)",
        "first_known(\(name), \"none\")",
      ])
    case 7:
      return entity == EntityID(0)
        ? one([
          "stage on 2025-12-31", "days_in(stage)", "days_in(welcoming)", "stage on joined",
          "upper(country)", "lower(source)",
        ]) : "id"
    default: return field(entity, where: { _ in true }) ?? "id"
    }
  }

  /// A number or money.
  private mutating func numeric(_ entity: EntityID, _ depth: Int) -> String {
    let money = field(entity, where: { $0 == .money })
    let integer = field(entity, where: { $0 == .integer }) ?? "id"
    if let money, chance(2) {
      return depth == 0
        ? money
        : one([
          money, "\(money) * 1.5", "\(money) / 3", "\(money) + 10.5", "\(money) - \(money)",
          "round(\(money))", "floor(\(money))", "ceil(\(money))", "abs(\(money) - 300)",
          "bucket(\(money), 250)", "bucket(\(money), 0.25)", "-\(money)", "round(\(money), 1)",
          "first_known(\(money), 7)",
        ])
    }
    return depth == 0
      ? integer
      : one([
        integer, "\(integer) + 1", "\(integer) * 2", "\(integer) / 7", "\(integer) * 0.1",
        "-\(integer)", "bucket(\(integer), 10)", "round(\(integer) / 7, 2)",
        "floor(\(integer) / 4)", "\(integer) / (\(integer) - 5)", "ceil(\(integer) * 0.3)",
      ])
  }

  /// What rows are ranked by.
  private mutating func ranked(_ entity: EntityID) -> String {
    switch pick(5) {
    case 0: relatedNumber(entity) ?? "id"
    case 1: field(entity, where: { $0 == .date }) ?? "id"
    default: numeric(entity, 1)
    }
  }

  private mutating func orderKey(_ entity: EntityID) -> String {
    chance(4)
      ? relatedValue(entity) ?? "id" : field(entity, where: { _ in true }) ?? "id"
  }

  private mutating func key(_ entity: EntityID) -> String {
    switch pick(7) {
    case 0:
      if let date = field(entity, where: { $0 == .date }) {
        return one(["month_of(\(date))", "year(\(date))", "quarter(\(date))"])
      }
    case 1: return "bucket(\(numeric(entity, 0)), 100)"
    case 2: if let number = relatedNumber(entity) { return "\(number)" }
    case 3: return "(\(condition(entity, 1).text))"
    default: break
    }
    return field(entity, where: { $0.isChoice || $0 == .flag || $0 == .text || $0.isReference })
      ?? "id"
  }

  private mutating func perRow(_ entity: EntityID) -> String {
    let by = ranked(entity)
    let sum = numeric(entity, 0)
    return one([
      "rank(\(by))", "rank(\(by) per \(key(entity)))", "quintile(\(by))", "ntile(\(by), 3)",
      "decile(\(by))", "percentile_rank(\(by))", "share(abs(\(sum)))",
      "running_share(abs(\(sum)))", "share(abs(\(sum)) per \(key(entity)))",
    ])
  }

  // MARK: aggregates

  private mutating func aggregate(_ entity: EntityID, isOrdered: Bool = false) -> String {
    let number = numeric(entity, 1)
    let filter = chance(3) ? " where \(condition(entity, 1).text)" : ""
    let plain = [
      "count()", "sum(\(number)\(filter))", "avg(\(number)\(filter))",
      "median(\(number)\(filter))", "min(\(number)\(filter))", "max(\(number)\(filter))",
      "percentile(\(number), \(one(["90%", "10%", "50%", "33.3%"])))",
    ]
    if isOrdered { return one(plain) }
    if filter != "", chance(4) { return "count(" + filter.dropFirst() + ")" }
    switch pick(6) {
    case 0: return relatedAggregate(entity) ?? one(plain)
    case 1:
      let any = field(entity, where: { _ in true }) ?? "id"
      return one([
        "count(\(any))", "count(distinct \(any))", "mode(\(any)\(filter))",
        "first(\(any)\(filter))", "last(\(any)\(filter))",
      ])
    case 2:
      let any =
        field(entity, where: { $0 == .date || $0 == .text || $0 == .money || $0 == .integer })
        ?? "id"
      return one(["min(\(any))", "max(\(any)\(filter))"])
    default: return one(plain)
    }
  }

  private mutating func relatedNumber(_ entity: EntityID) -> String? {
    guard let (name, target) = relation(entity) else { return nil }
    let inside = insideOfAggregate(target, outer: entity)
    let numeric = stored(target) { $0 == .money || $0 == .integer }
    if chance(2) || numeric.isEmpty { return "count(\(name)\(inside))" }
    let field = "\(name).\(one(numeric))"
    if chance(8), catalog[target].timeField != nil {
      return "usual(\(field) before \(one(["today", "2025-12-31", "90 days ago"])))"
    }
    if chance(8), let time = catalog[target].timeField {
      return "median_gap(\(name).\(catalog[target][time].name)\(inside))"
    }
    return one([
      "sum(\(field)\(inside))", "avg(\(field)\(inside))", "max(\(field)\(inside))",
      "median(\(field)\(inside))", "min(\(field)\(inside))",
      "percentile(\(field)\(inside), 90%)".replacing(inside + ", 90%", with: ", 90%"),
    ])
  }

  private mutating func relatedValue(_ entity: EntityID) -> String? {
    guard let (name, target) = relation(entity) else { return nil }
    let inside = insideOfAggregate(target, outer: entity)
    guard let field = field(target, where: { _ in true }) else { return nil }
    return one([
      "first(\(name).\(field)\(inside))", "last(\(name).\(field)\(inside))",
      "mode(\(name).\(field)\(inside))", "count(distinct \(name).\(field)\(inside))",
      "count(\(name).\(field)\(inside))",
    ])
  }

  private mutating func relatedAggregate(_ entity: EntityID) -> String? {
    guard let (name, target) = relation(entity) else { return nil }
    let filter = chance(2) ? " where \(condition(target, 0).text)" : ""
    let numeric = stored(target) { $0 == .money || $0 == .integer }
    if numeric.isEmpty { return "count(\(name)\(filter))" }
    let field = "\(name).\(one(numeric))"
    return one([
      "count(\(name)\(filter))", "sum(\(field)\(filter))", "median(\(field)\(filter))",
      "avg(\(field)\(filter))", "last(\(field)\(filter))", "mode(\(field)\(filter))",
    ])
  }

  private mutating func insideOfAggregate(_ target: EntityID, outer: EntityID) -> String {
    let window = catalog[target].timeField != nil && chance(3) ? " " + words(windows) : ""
    let filter = chance(3) ? " where (\(condition(target, 0, outer: outer).text))" : ""
    return window + filter
  }

  // MARK: names

  /// A relation, sometimes over a reference or another relation.
  private mutating func relation(
    _ entity: EntityID, hops: Bool = true
  ) -> (name: String, target: EntityID)? {
    var prefix = ""
    var start = entity
    if hops, chance(5) {
      let references = catalog[entity].fields.filter { $0.type.isReference }
      if !references.isEmpty {
        let field = references[pick(references.count)]
        if case .reference(let target) = field.type { (prefix, start) = (field.name + ".", target) }
      }
    }
    let all = catalog.relations(of: start)
    guard !all.isEmpty else { return nil }
    let first = all[pick(all.count)]
    if hops, chance(6) {
      let more = catalog.relations(of: first.entity)
      if !more.isEmpty {
        let second = more[pick(more.count)]
        return (prefix + first.name + "." + second.name, second.entity)
      }
      let up = catalog[first.entity].fields.filter { $0.type.isReference }
      if chance(2), !up.isEmpty, case .reference(let target) = up[0].type,
        let back = catalog.relations(of: target).first
      {
        return ("\(prefix)\(first.name).\(up[0].name).\(back.name)", back.entity)
      }
    }
    return (prefix + first.name, first.entity)
  }

  private func stored(_ entity: EntityID, where isWanted: (ValueType) -> Bool) -> [String] {
    catalog[entity].fields.filter { isWanted($0.type) }.map { Self.spelled($0.name) }
  }

  private mutating func field(
    _ entity: EntityID, hops: Bool = true, where isWanted: (ValueType) -> Bool
  ) -> String? {
    typedField(entity, hops: hops, where: isWanted)?.name
  }

  /// A field of a wanted type, sometimes over references.
  private mutating func typedField(
    _ entity: EntityID, hops: Bool = true, where isWanted: (ValueType) -> Bool
  ) -> (name: String, type: ValueType)? {
    if hops, chance(4) {
      let references = catalog[entity].fields.filter { $0.type.isReference }
      if !references.isEmpty {
        let reference = references[pick(references.count)]
        if case .reference(let target) = reference.type,
          let rest = typedField(target, hops: chance(3), where: isWanted)
        {
          return ("\(reference.name).\(rest.name)", rest.type)
        }
      }
    }
    let fields = catalog[entity].fields.filter { isWanted($0.type) }
    guard !fields.isEmpty else { return nil }
    let field = fields[pick(fields.count)]
    return (Self.spelled(field.name), field.type)
  }

  private mutating func textField(_ entity: EntityID) -> (name: String, owner: String)? {
    let texts = catalog[entity].fields.filter { $0.type == .text }
    guard !texts.isEmpty else {
      guard let reference = catalog[entity].fields.first(where: { $0.type.isReference }),
        case .reference(let target) = reference.type
      else { return nil }
      let inner = catalog[target].fields.filter { $0.type == .text }
      guard !inner.isEmpty else { return nil }
      let field = inner[pick(inner.count)]
      return ("\(reference.name).\(field.name)", "\(catalog[target].name).\(field.name)")
    }
    let field = texts[pick(texts.count)]
    return (field.name, "\(catalog[entity].name).\(field.name)")
  }

  private static func spelled(_ name: String) -> String {
    ["from", "to", "by", "at", "on", "in", "as", "where", "is", "it", "then"].contains(name)
      ? "`\(name)`" : name
  }

  // MARK: texts

  private let windows = [
    "in last 90 days", "in last 12 months", "in 2025", "in Q1 2026", "in 2026-02",
    "in last 2 whole quarters", "in this year", "since 2025-01-15", "before 2025",
    "after 2025-09", "until Q3 2025", "on 2026-06-15", "in last month",
    "between 2024-03 and 2025-10-15", "since 6 months ago", "before start of quarter",
  ]

  private mutating func fragment(of text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count > 2 else { return text }
    let start = pick(scalars.count - 1)
    let end = min(scalars.count, start + 1 + pick(3))
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[start..<end])
    return String(view).replacing("*", with: "").replacing("?", with: "")
  }

  private mutating func recased(_ text: String) -> String {
    switch pick(3) {
    case 0: return Folding.fold(text)
    case 1:
      var bytes: [UInt8] = []
      Folding.raise(text.utf8.span, into: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    default: return text
    }
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\"\"") + "\""
  }

  // MARK: chance

  private mutating func pick(_ count: Int) -> Int { Int(random.next(below: UInt64(count))) }

  private mutating func chance(_ count: Int) -> Bool { pick(count) == 0 }

  private mutating func chance(_ part: Int, _ count: Int) -> Bool { pick(count) < part }

  private mutating func one(_ choices: [String]) -> String { choices[pick(choices.count)] }

  private mutating func words(_ choices: [String]) -> String { one(choices) }
}

extension ValueType {
  fileprivate var isChoice: Bool { if case .choice = self { true } else { false } }

  fileprivate var isReference: Bool { if case .reference = self { true } else { false } }
}
