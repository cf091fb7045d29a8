import Engine
import Store

// What is said about each topic of a profile.

extension ProfileWords {
  /// Fields whose value says by itself what it is.
  private static let plainFields: Set<String> = [
    "email", "phone", "country", "region", "city", "industry", "category", "job_family", "skills",
    "channel", "role",
  ]
  /// So many records of one kind are named; of more only their number is said.
  private static let namedCountMax = 5
  /// So many stages are shown, the last ones.
  private static let stageCountMax = 3

  func who(_ facts: [Fact]) -> [String] {
    let parts = facts.filter {
      !["entity", "key", "name", "kind", "as_of"].contains($0.item)
    }.map { fact in
      let name = ProfileFigures.spaced(fact.item)
      if let date = fact.date { return "\(name) \(ValueText.date(date))" }
      if let number = number(fact) { return "\(name) \(number)" }
      switch fact.text {
      case "yes": return name
      case "no": return "not \(name)"
      case let text?: return Self.plainFields.contains(fact.item) ? text : "\(name) \(text)"
      case nil: return name
      }
    }
    // A city that is its own region is said once.
    return parts.enumerated().filter { $0.offset == 0 || parts[$0.offset - 1] != $0.element }
      .map(\.element)
  }

  /// The way through the stages, back from the present one.
  func stages(_ facts: [Fact]) -> [String] {
    guard facts.count > 1 || facts.last?.text != nil else { return [] }
    let steps = facts.suffix(Self.stageCountMax).reversed().map { fact in
      fact.item + (fact.date.map { " \(ValueText.date($0))" } ?? "")
        + (fact.text.map { " (\($0))" } ?? "")
    }
    return steps + (steps.count < facts.count ? [isUnicode ? "…" : "..."] : [])
  }

  func value(_ facts: [Fact]) -> [String] {
    func figure(_ item: String) -> Double? { facts.first { $0.item == item }?.figure }
    var parts: [String] = []
    if let value = facts.first(where: { $0.item == "value" })?.amount {
      parts.append(ValueText.money(value))
    }
    if let share = figure("share") {
      parts.append("\(share < 0.0005 ? "under 0.1%" : ValueText.percent(share)) of all")
    }
    if let place = figure("place"), let count = figure("of") {
      parts.append("\(ProfileFigures.ordinal(Int(place))) of \(ValueText.grouped(Int(count)))")
    }
    // What it costs is the difference of the value and the profit.
    let said: Set = ["value", "share", "place", "of"]
    let others = facts.filter { fact in
      !said.contains(fact.item) && !(fact.item == "cost" && facts.contains { $0.item == "profit" })
    }
    let profitFirst = others.filter { $0.item == "profit" } + others.filter { $0.item != "profit" }
    return parts
      + profitFirst.compactMap { fact in
        fact.amount.map { "\(ProfileFigures.spaced(fact.item)) \(ValueText.money($0))" }
      }
  }

  func orders(_ facts: [Fact]) -> [String] {
    func fact(_ item: String) -> Fact? { facts.first { $0.item == item } }
    guard let count = fact("count")?.figure, let last = fact("last") else { return [] }
    var parts: [String] = []
    if count > 1, let first = fact("first")?.date {
      parts.append(
        "\(ValueText.grouped(Int(count))) since \(ValueText.date(first))"
          + ((count > 2 ? fact("mean_gap")?.figure : nil).map {
            ", every \(ProfileFigures.span($0.rounded()))"
          } ?? ""))
    }
    if let date = last.date {
      parts.append(
        (count > 1 ? "last " : "one, ") + ValueText.date(date)
          + (last.amount.map { " for \(ValueText.money($0))" } ?? ""))
    }
    guard count > 1 else { return parts }
    if let recent = fact("last_12_months")?.amount {
      parts.append("\(recent == 0 ? "nothing" : ValueText.money(recent)) in 12 months")
    }
    let value = self.facts[.value]?.first { $0.item == "value" }?.amount
    if let revenue = fact("revenue")?.amount, revenue != value {
      parts.append("\(ValueText.money(revenue)) in all")
    }
    return parts
  }

  func forecast(_ facts: [Fact]) -> [String] {
    func fact(_ item: String) -> Fact? { facts.first { $0.item == item } }
    if let refusal = fact("refused")?.text { return ["not possible: \(refusal)"] }
    var parts: [String] = []
    if let orders = fact("expected_orders")?.figure {
      let count = Int((orders * 10).rounded())
      parts.append(
        "about \(ValueText.grouped(count)) per 10 such in \(fact("horizon")?.text ?? "")")
    }
    if let alive = fact("p_alive")?.figure {
      parts.append("\(ValueText.percent(alive)) active")
    } else if fact("repeat_orders")?.figure == 0 {
      parts.append("no repeat yet")
    }
    if let next = fact("next_order")?.date { parts.append("next \(ValueText.date(next))") }
    if let worth = fact("clv")?.amount { parts.append("worth \(ValueText.money(worth))") }
    return parts
  }

  func risk(_ facts: [Fact]) -> [String] {
    guard let score = facts.first(where: { $0.item == "score" })?.figure else {
      return facts.isEmpty ? [] : ["no signal: too short a past"]
    }
    let judged = facts.filter { $0.text == "signal" || $0.text == "usual" }
    guard score > 0 else { return ["no signal; \(judged.count) judged"] }
    let shown = judged.filter { $0.text == "signal" }.map(signal)
    let others = judged.count - shown.count
    return shown + (others > 0 ? ["\(others) as usual"] : [])
  }

  /// The amount or the figure of a fact.
  private func number(_ fact: Fact) -> String? {
    fact.amount.map { ValueText.money($0) } ?? fact.figure.map(ProfileFigures.number)
  }

  /// A signal with its figure: `overdue 2.4× the usual gap`.
  private func signal(_ fact: Fact) -> String {
    let name = ProfileFigures.spaced(fact.item)
    if let amount = fact.amount { return "\(name) \(ValueText.money(amount))" }
    guard let figure = fact.figure else { return name }
    let number = ValueText.number((figure * 10).rounded() / 10)
    switch RiskSignal.allCases.first(where: { $0.name == fact.item }) {
    case .overdue, .quiet: return "\(name) \(number)\(isUnicode ? "×" : "x") the usual gap"
    case .slowerPayments: return "\(name), \(number) days late"
    case .spendDown: return "\(name) \(ValueText.percent(figure))"
    case .waiting: return "\(name) \(ProfileFigures.span(figure))"
    case .disappointed: return "\(name) \(ProfileFigures.span(figure)) ago"
    case .satisfactionDown, .lowBalance, nil: return "\(name) \(number)"
    }
  }

  func people(_ facts: [Fact]) -> [String] {
    var parts: [String] = []
    var isNamed = true
    for fact in facts {
      let figure = fact.figure.map(ProfileFigures.plain)
      if let text = fact.text {
        if isNamed {
          parts.append(
            [ProfileFigures.spaced(fact.item), figure, text].compactMap(\.self).joined(
              separator: " "))
        }
      } else if let count = fact.figure {
        isNamed = Int(count) <= Self.namedCountMax
        if !isNamed {
          parts.append("\(ValueText.grouped(Int(count))) \(ProfileFigures.spaced(fact.item))")
        }
      }
    }
    return parts
  }

  func complaints(_ facts: [Fact]) -> [String] {
    func count(_ item: String) -> Int {
      Int(facts.first { $0.item == item && $0.date == nil }?.figure ?? 0)
    }
    guard !facts.isEmpty else { return [] }
    let open = count("open")
    let counts =
      (open == 0 ? "none" : ValueText.grouped(open)) + " open, "
      + "\(ValueText.grouped(count("resolved"))) resolved"
    return [counts]
      + facts.filter { $0.date != nil }.map { fact in
        "\(fact.item), \(fact.figure.map(ProfileFigures.span) ?? "")"
          + (fact.text.map { ": \($0)" } ?? "")
      }
  }

  func moments(_ facts: [Fact]) -> [String] {
    let counts = facts.filter { $0.date == nil }.compactMap { fact in
      fact.figure.map { "\(ValueText.grouped(Int($0))) \(fact.item)" }
    }
    guard !counts.isEmpty else { return [] }
    return [counts.joined(separator: ", ")]
      + facts.filter { $0.date != nil }.map { fact in
        [fact.date.map(ValueText.date), fact.item].compactMap(\.self).joined(separator: " ")
          + (fact.text.map { ", \($0)" } ?? "")
      }
  }

  func standard(_ fact: Fact) -> String {
    fact.item + (number(fact).map { " \($0)" } ?? "")
      + (fact.text.map { " \($0)" } ?? "")
      + (fact.date.map { " by \(ValueText.date($0))" } ?? "")
  }
}
