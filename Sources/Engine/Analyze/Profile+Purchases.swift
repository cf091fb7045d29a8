import Store
import Syntax

// What a record is worth and what it may bring: value, orders, forecast and risk.

extension Profile {
  /// The field that tells what a record is worth.
  private static let valueField = "value"
  /// How far the forecast looks.
  private static let horizon = "12 months"

  /// Whether the records have a value.
  var hasValue: Bool {
    entity.field(named: Self.valueField).map { entity[$0].type == .money } ?? false
  }

  /// What the record brings of all positive value, and where it stands among those with a value.
  func shareFacts() throws(Failure) -> [ProfileFact] {
    guard hasValue else { return [] }
    let own = try ask("\(recordText) show \(Self.valueField)", ownInquiry)
    guard own.count == 1, case .word(let minor) = own[0, 0] else { return [] }
    let all = "find \(Formatter.name(entity.name))"
    let value = ExpressionText.text(.word(minor), .money)
    let above = try ask("\(all) where \(Self.valueField) > \(value) show count()").count(0)
    let known = try ask("\(all) where \(Self.valueField) is known show count()").count(0)
    var facts = [
      ProfileFact(.value, "place", count: above + 1), ProfileFact(.value, "of", count: known),
    ]
    let total = try ask("\(all) where \(Self.valueField) > 0 show sum(\(Self.valueField))")
    if minor > 0, total.count == 1, case .word(let sum) = total[0, 0], sum > 0 {
      facts.insert(ProfileFact(.value, "share", figure: Double(minor) / Double(sum)), at: 0)
    }
    return facts
  }

  /// Whether the record is one that buys: the first reference of a purchase tells who did.
  private var isBuyer: Bool {
    guard let relation = relation(.purchases) else { return false }
    let purchases = inquiry.catalog[relation.entity]
    let first = purchases.fields.firstIndex {
      if case .reference = $0.type { !$0.isComputed } else { false }
    }
    return first == relation.field.index
  }

  /// The purchases that count.
  func orderFacts() throws(Failure) -> [ProfileFact] {
    guard let relation = relation(.purchases) else { return [] }
    let purchases = inquiry.catalog[relation.entity]
    guard let time = purchases.timeField.map({ Formatter.name(purchases[$0].name) }),
      let amount = purchases.fields.first(where: { $0.type == .money && !$0.isComputed })
    else { return [] }
    let money = Formatter.name(amount.name)
    let text = relatedText(relation)
    let all = try ask("\(text) show count(), min(\(time)), max(\(time)), sum(\(money))")
    let count = all.count(0)
    guard count > 0, let first = all.day(0, 1), let last = all.day(0, 2) else { return [] }
    var facts = [
      ProfileFact(.orders, "count", count: count), ProfileFact(.orders, "first", date: first),
    ]
    let key = Formatter.name(purchases[purchases.key].name)
    let newest = try ask(
      "\(text) show \(time), \(money) order by \(time) desc, \(key) desc limit 1")
    facts.append(
      ProfileFact(
        .orders, "last", date: last, amount: newest.count > 0 ? newest.amount(0, 1) : nil))
    facts.append(ProfileFact(.orders, "revenue", amount: all.amount(0, 3)))
    let year = ExpressionText.text(.word(Int64(Day.add(months: -12, to: day) + 1)), .date)
    let recent = try ask("\(text) and \(time) since \(year) show sum(\(money))")
    facts.append(ProfileFact(.orders, "last_12_months", amount: recent.amount(0, 0) ?? 0))
    let occasions = try ask("\(text) and \(money) >= 0 group by \(time) show \(time)").count
    if isBuyer, occasions > 1, last > first {
      facts.append(
        ProfileFact(.orders, "mean_gap", figure: Double(last - first) / Double(occasions - 1)))
    }
    return facts
  }

  /// The record's row of the forecast over all records; the reason where it cannot be fitted.
  func forecastFacts() throws(Failure) -> [ProfileFact] {
    guard isBuyer else { return [] }
    do throws(Failure) {
      let rows = try ask(
        "forecast \(Formatter.name(entity.name)) over \(Self.horizon) then where"
          + " \(Formatter.name(entity.singular)) = \(keyText)")
      let facts = verbFacts(.forecast, rows)
      return facts.isEmpty
        ? [] : [ProfileFact(.forecast, "horizon", text: Self.horizon)] + facts
    } catch {
      guard error.kind == .statement else { throw error }
      guard let refusal = error.diagnostics.first(where: { $0.code == "too-little-data" }) else {
        return []
      }
      return [ProfileFact(.forecast, "refused", text: refusal.message)]
    }
  }

  /// Each signal that can be judged, and their number.
  func riskFacts() throws(Failure) -> [ProfileFact] {
    guard isBuyer,
      let rows = try askIfPossible(
        "risk \(Formatter.name(entity.name)) where \(Formatter.name(entity[entity.key].name))"
          + " = \(keyText)"), rows.count == 1
    else { return [] }
    let names = rows.columns.map(\.name)
    let shown = names.firstIndex(of: "signals").flatMap { rows.text(0, $0) } ?? ""
    let signals = shown.split(separator: ",").map { $0.drop { $0 == " " } }
    return verbFacts(.risk, rows).map { fact in
      var fact = fact
      if RiskSignal.allCases.contains(where: { $0.name == fact.item }) {
        fact.text = signals.contains { $0 == fact.item } ? "signal" : "usual"
      }
      return fact
    }.filter { $0.item != "signals" || $0.text == "no signal" }
  }

  /// The columns of a verb's one row that are known, the record itself left out.
  private func verbFacts(_ topic: ProfileTopic, _ rows: ProfileRows) -> [ProfileFact] {
    guard rows.count == 1 else { return [] }
    return rows.columns.indices.compactMap { column in
      guard rows[0, column].isKnown, rows.columns[column].keyType == nil else { return nil }
      return ProfileFact(
        topic, rows.columns[column].name, date: rows.day(0, column),
        figure: rows.figure(0, column), amount: rows.amount(0, column),
        text: rows.text(0, column))
    }
  }
}
