import Store
import Syntax

// Who is around a record and how they get on: people, complaints and moments of truth.

extension Profile {
  /// Of each kind so many are named one by one.
  private static let namedCountMax = 5
  /// So many moments are named.
  private static let momentCountMax = 3

  /// The labelled records that refer to this one: how many, and the first of them by name.
  func peopleFacts() throws(Failure) -> [ProfileFact] {
    var facts: [ProfileFact] = []
    let isContact = { (relation: Store.Relation) in
      inquiry.catalog[relation.entity].role == .contacts
    }
    for relation in relations.filter(isContact) + relations.filter({ !isContact($0) }) {
      let other = inquiry.catalog[relation.entity]
      guard let label = other.labelField, other.role?.isRules != true else { continue }
      let text = relatedText(relation)
      let count = try ask("\(text) show count()").count(0)
      guard count > 0 else { continue }
      facts.append(ProfileFact(.people, relation.name, count: count))
      let key = Formatter.name(other[other.key].name)
      let role = other.role == .contacts ? stored("role", of: other) : nil
      let isMain = other.role == .contacts ? stored("main", of: other) : nil
      let names =
        [key, Formatter.name(other[label].name)]
        + [role].compactMap(\.self).map {
          Formatter.name(other[$0].name)
        }
      let order = isMain.map { "\(Formatter.name(other[$0].name)) desc, " } ?? ""
      let rows = try ask(
        "\(text) show \(names.joined(separator: ", ")) order by \(order)\(key)"
          + " limit \(Self.namedCountMax)")
      for row in 0..<rows.count {
        let words = (1..<names.count).compactMap { rows.text(row, $0) }
        let keyText = rows.text(row, 0).map { [$0] } ?? []
        facts.append(
          ProfileFact(
            .people, relation.singular, figure: rows.figure(row, 0),
            text: (keyText + words).joined(separator: ", ")))
      }
    }
    return facts
  }

  /// The open complaints, the oldest first, and how many were resolved.
  func complaintFacts() throws(Failure) -> [ProfileFact] {
    guard let relation = relation(.complaints) else { return [] }
    let complaints = inquiry.catalog[relation.entity]
    guard let opened = complaints.timeField, let resolved = stored("resolved", of: complaints)
    else { return [] }
    let text = relatedText(relation)
    let end = Formatter.name(complaints[resolved].name)
    let count = try ask("\(text) and \(end) is unknown show count()").count(0)
    let past = try ask("\(text) and \(end) is known show count()").count(0)
    guard count + past > 0 else { return [] }
    let start = Formatter.name(complaints[opened].name)
    let severity = complaints.fields.first {
      if case .choice = $0.type { !$0.isComputed } else { false }
    }
    let cause = complaints.fields.first { $0.type == .text && !$0.isComputed }
    let names = [start] + [severity, cause].compactMap(\.self).map { Formatter.name($0.name) }
    let rows = try ask(
      "\(text) and \(end) is unknown show \(names.joined(separator: ", ")) order by \(start), "
        + Formatter.name(complaints[complaints.key].name)
        + " limit \(Self.namedCountMax)")
    var facts = [
      ProfileFact(.complaints, "open", count: count),
      ProfileFact(.complaints, "resolved", count: past),
    ]
    for row in 0..<rows.count {
      guard let since = rows.day(row, 0) else { continue }
      let item = severity == nil ? nil : rows.text(row, 1)
      let why = cause == nil ? nil : rows.text(row, names.count - 1)
      facts.append(
        ProfileFact(
          .complaints, item ?? "complaint", date: since, figure: Double(day - since), text: why))
    }
    return facts
  }

  /// How many moments of truth went how, and the last of them.
  func momentFacts() throws(Failure) -> [ProfileFact] {
    guard let relation = relation(.interactions) else { return [] }
    let interactions = inquiry.catalog[relation.entity]
    guard let time = interactions.timeField.map({ Formatter.name(interactions[$0].name) }),
      let outcome = stored("outcome", of: interactions).map({
        Formatter.name(interactions[$0].name)
      })
    else { return [] }
    let text = "\(relatedText(relation)) and \(outcome) is known"
    let counts = try ask("\(text) group by \(outcome) show \(outcome), count()")
    var facts: [ProfileFact] = (0..<counts.count).reversed().compactMap { row in
      counts.text(row, 0).map { ProfileFact(.moments, $0, figure: counts.figure(row, 1)) }
    }
    let words = ["channel", "purpose"].compactMap { stored($0, of: interactions) }
    let note = stored("note", of: interactions)
    let names =
      [time, outcome]
      + (words + [note].compactMap(\.self)).map { Formatter.name(interactions[$0].name) }
    let last = try ask(
      "\(text) show \(names.joined(separator: ", ")) order by \(time) desc, "
        + "\(Formatter.name(interactions[interactions.key].name)) desc"
        + " limit \(Self.momentCountMax)")
    for row in 0..<last.count {
      guard let item = last.text(row, 1) else { continue }
      let how = words.indices.compactMap { last.text(row, $0 + 2) }.joined(separator: ", ")
      let said = note == nil ? nil : last.text(row, names.count - 1)
      let parts = [how, said ?? ""].filter { !$0.isEmpty }
      facts.append(
        ProfileFact(
          .moments, item, date: last.day(row, 0),
          text: parts.isEmpty ? nil : parts.joined(separator: ": ")))
    }
    return facts
  }
}
