import Store
import Syntax

/// Carries out `profile`: everything about one record as facts, a row each, and all that happened to
/// it over all channels as a timeline.
///
/// What is asked is written as it would be typed, so that a profile says what the questions say. All
/// is seen as of one day, so records of the future are left out; what there is nothing to say about
/// has no rows. No entity is known by name here: roles, types and relations tell what can be said.
struct Profile {
  /// Everything as of the day.
  let inquiry: Inquiry
  /// The record's own fields: as they are, or as of the day where one is named.
  let ownInquiry: Inquiry
  /// The record.
  let id: EntityID
  let key: Scalar
  /// The day it is seen on.
  let day: Int

  var entity: Entity { inquiry.catalog[id] }

  /// The relations of the record.
  var relations: [Store.Relation] { inquiry.catalog.relations(of: id) }

  /// All topics and the timeline; `seen` gives the facts as they may be seen.
  func section(
    seen: ([ProfileFact]) -> [ProfileFact] = { $0 }
  ) throws(Failure) -> Section {
    var facts = try fieldFacts()
    for topic in [
      stageFacts, orderFacts, forecastFacts, riskFacts, peopleFacts, complaintFacts, momentFacts,
      standardFacts, actionFacts,
    ] {
      try Cancellation.poll()
      facts += try topic()
    }
    let order = ProfileTopic.allCases
    let sorted = order.flatMap { topic in facts.filter { $0.topic == topic } }
    let drawing = try timeline().map(Drawing.timeline)
    var section = ProfileFact.rows(seen(sorted)).section()
    section.hint = .profile
    if let rows = try section.cursor.next() {
      section.cursor = FixedCursor(rows, drawing: drawing)
    }
    return section
  }

  // MARK: questions

  /// Asks what is written.
  func ask(_ text: String, _ inquiry: Inquiry? = nil) throws(Failure) -> ProfileRows {
    guard case .find(let query) = try Parser.parse(text).kind else {
      preconditionFailure("a profile asks for rows")
    }
    let found = try (inquiry ?? self.inquiry).answer(query)
    return ProfileRows(columns: found.columns, rows: found.rows)
  }

  /// The same, and nil where it cannot be asked of this catalog.
  func askIfPossible(_ text: String, _ inquiry: Inquiry? = nil) throws(Failure) -> ProfileRows? {
    do throws(Failure) {
      return try ask(text, inquiry)
    } catch {
      guard error.kind == .statement else { throw error }
      return nil
    }
  }

  /// The key as it is written.
  var keyText: String { ProfileSubject.literalText(key, entity[entity.key].type) }

  /// `find customers where id = 42`
  var recordText: String {
    "find \(Formatter.name(entity.name)) where \(Formatter.name(entity[entity.key].name)) = \(keyText)"
  }

  /// `find orders where customer = 42`, and whatever makes them count.
  func relatedText(_ relation: Store.Relation) -> String {
    let other = inquiry.catalog[relation.entity]
    let valid = other.validWhen.map { " and \(Formatter.name($0))" } ?? ""
    return "find \(Formatter.name(other.name)) where \(Formatter.name(other[relation.field].name))"
      + " = \(keyText)\(valid)"
  }

  /// The first relation whose records mean something.
  func relation(_ role: EntityRole) -> Store.Relation? {
    relations.first { inquiry.catalog[$0.entity].role == role }
  }

  /// A stored field of that name.
  func stored(_ name: String, of other: Entity) -> FieldID? {
    other.field(named: name).flatMap { other[$0].isComputed ? nil : $0 }
  }

  // MARK: the record itself

  /// The fields of the record: who, rung and value.
  private func fieldFacts() throws(Failure) -> [ProfileFact] {
    let fields = entity.fields.indices.map { FieldID($0) }
    let stored = fields.filter { !entity[$0].isComputed }
    var facts = [ProfileFact(.who, "entity", text: entity.singular)]
    facts.append(ProfileFact(.who, "as_of", date: day))
    facts += try self.facts(of: stored, ownInquiry)
    // What is computed from other records leaves out those of the future; a record of the future
    // itself is as it is.
    for field in fields where entity[field].isComputed {
      let seen = try self.facts(of: [field], inquiry)
      facts += try seen.isEmpty ? self.facts(of: [field], ownInquiry) : seen
    }
    return facts + (try shareFacts())
  }

  private func facts(
    of fields: [FieldID], _ inquiry: Inquiry
  ) throws(Failure) -> [ProfileFact] {
    let names = fields.map { Formatter.name(entity[$0].name) }
    guard
      let row = try askIfPossible("\(recordText) show \(names.joined(separator: ", "))", inquiry),
      row.count == 1
    else { return [] }
    return fields.indices.compactMap { fact(of: fields[$0], row, $0) }
  }

  private func fact(of field: FieldID, _ row: ProfileRows, _ column: Int) -> ProfileFact? {
    let tracked = TrackedField(of: id, in: inquiry.catalog)
    guard row[0, column].isKnown, field != tracked?.field, field != tracked?.since else {
      return nil
    }
    let name = entity[field].name
    switch entity[field].type {
    case .reference:
      return row.person(0, column).map { ProfileFact(.people, name, figure: $0.key, text: $0.name) }
    case .choice where entity[field].isRung:
      return row.text(0, column).map { ProfileFact(.rung, $0) }
    case .money where hasValue: return ProfileFact(.value, name, amount: row.amount(0, column))
    default:
      let item = field == entity.key ? "key" : field == entity.labelField ? "name" : name
      return ProfileFact(
        .who, item, date: row.day(0, column), figure: row.figure(0, column),
        amount: row.amount(0, column), text: row.text(0, column))
    }
  }

  // MARK: stage

  /// The history of the tracked field, the present value last.
  private func stageFacts() throws(Failure) -> [ProfileFact] {
    guard let tracked = TrackedField(of: id, in: inquiry.catalog) else { return [] }
    let history = tracked.history
    let changes = inquiry.catalog[history.entity]
    let names = [history.to, history.time, history.because].compactMap(\.self)
      .map { Formatter.name(changes[$0].name) }
    let rows = try ask(
      "find \(Formatter.name(changes.name)) where \(Formatter.name(changes[history.record].name))"
        + " = \(keyText) show \(names.joined(separator: ", "))"
        + " order by \(names[1]), \(Formatter.name(changes[changes.key].name))")
    var facts: [ProfileFact] = []
    for row in 0..<rows.count {
      guard let value = rows.text(row, 0), let since = rows.day(row, 1) else { continue }
      let end = row + 1 < rows.count ? rows.day(row + 1, 1) ?? day : day
      facts.append(
        ProfileFact(
          .stage, value, date: since, figure: Double(end - since),
          text: names.count > 2 ? rows.text(row, 2) : nil))
    }
    guard facts.isEmpty else { return facts }
    let fields = [tracked.field, tracked.since].compactMap(\.self)
    let own = try ask(
      "\(recordText) show "
        + fields.map { Formatter.name(entity[$0].name) }.joined(separator: ", "), ownInquiry)
    guard own.count == 1, let value = own.text(0, 0) else { return [] }
    let since = fields.count > 1 ? own.day(0, 1) : nil
    return [ProfileFact(.stage, value, date: since, figure: since.map { Double(day - $0) })]
  }
}
