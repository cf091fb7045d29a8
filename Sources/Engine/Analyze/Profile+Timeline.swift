import Store
import Syntax

// All that happened to a record over all channels, as lanes.

extension Profile {
  /// How far back it goes, in months.
  private static let monthCount = 24

  /// The lanes that have events: purchases, one for each channel, what else is recorded with a time,
  /// and the changes of the tracked field; nil where there are none.
  func timeline() throws(Failure) -> Drawing.Timeline? {
    let first = Day.add(months: -Self.monthCount, to: day) + 1
    let history = TrackedField(of: id, in: inquiry.catalog)?.history.entity
    let relations = relations.filter { relation in
      let other = inquiry.catalog[relation.entity]
      return relation.entity != id && other.timeField != nil && other.role != .balances
    }.enumerated().sorted { a, b in
      let (left, right) = (rank(of: a.element, history), rank(of: b.element, history))
      return left == right ? a.offset < b.offset : left < right
    }.map(\.element)
    var lanes: [Drawing.Timeline.Lane] = []
    for relation in relations {
      try Cancellation.poll()
      lanes += try self.lanes(of: relation, from: first, isHistory: relation.entity == history)
    }
    guard !lanes.isEmpty else { return nil }
    return Drawing.Timeline(title: "", days: first...day, lanes: lanes)
  }

  /// Where the lanes of a relation stand.
  private func rank(of relation: Store.Relation, _ history: EntityID?) -> Int {
    switch inquiry.catalog[relation.entity].role {
    case .purchases: 0
    case .interactions: 1
    case .complaints: 2
    case .invoices: 4
    case .surveys: 5
    default: relation.entity == history ? 6 : 3
    }
  }

  private func lanes(
    of relation: Store.Relation, from first: Int, isHistory: Bool
  ) throws(Failure) -> [Drawing.Timeline.Lane] {
    let other = inquiry.catalog[relation.entity]
    guard let time = other.timeField.map({ Formatter.name(other[$0].name) }) else { return [] }
    let start = ExpressionText.text(.word(Int64(first)), .date)
    let channel = other.role == .interactions ? stored("channel", of: other) : nil
    var kinds: [String]?
    if let channel, case .choice(let list) = other[channel].type { kinds = list.names }
    let kindName = kinds == nil ? nil : channel.map { Formatter.name(other[$0].name) }
    let names = [time] + [kindName].compactMap(\.self)
    let rows = try ask(
      "\(relatedText(relation)) and \(time) since \(start)"
        + " show \(names.joined(separator: ", ")) order by \(time)")
    var days: [String: [Int]] = [:]
    var label = relation.name
    if isHistory, let tracked = TrackedField(of: id, in: inquiry.catalog) {
      label = entity[tracked.field].name
    }
    for row in 0..<rows.count {
      guard let day = rows.day(row, 0) else { continue }
      days[(kindName == nil ? nil : rows.text(row, 1)) ?? label, default: []].append(day)
    }
    return ((kinds ?? []) + [label]).compactMap { name in
      days[name].map { Drawing.Timeline.Lane(label: name, days: $0) }
    }
  }
}
