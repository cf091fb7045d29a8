import Store
import Syntax

/// Carries out `compare vip since D`: who came, who went, who stayed since the day before D, and which
/// of the conditions turned.
struct Turnover {
  let inquiry: Inquiry

  private static let turnedName = "the records that turned"

  /// A condition of the source and the segment that stands for it alone.
  private struct Condition {
    var text: String
    var segment: Definition
  }

  /// Counts, then the records that came or went; these alone for a file.
  func answer(
    _ source: Source, at range: SourceRange, since day: Int, isFiled: Bool
  ) throws(Failure) -> Answer {
    let now = try inquiry.records(of: source, orElse: .recordsExpected, at: range)
    let place = SourceRange(0, 0)
    var earlier = Query(source: source, window: nil, rounds: [Round()], range: range)
    earlier.asOf = AsOfClause(day: .date(day - 1), range: place)
    let before = try inquiry.records(
      of: earlier.datedInside, orElse: .recordsExpected, at: range)
    let (old, new) = (Set(before.rows), Set(now.rows))
    let turned = old.symmetricDifference(new).sorted()
    let records = try table(turned, now.entity, source, entered: new, since: day)
    let notes = [Note.asOf(day: day - 1)]
    if isFiled { return Answer(sections: [records.section(notes: notes)]) }
    let entity = inquiry.catalog[now.entity]
    var counts = FixedRows([("change", .text), (entity.name, .integer)])
    let changes = [
      ("entered", new.subtracting(old).count), ("left", old.subtracting(new).count),
      ("stayed", old.intersection(new).count),
    ]
    let all = old.union(new).count
    for (change, count) in changes { counts.append([.text(change), Scalar(count)]) }
    return Answer(sections: [
      counts.section(
        title: "changes", notes: notes,
        drawing: all == 0
          ? nil : .bars(Drawing.Bars(title: "changes", counts: changes, sharesOf: all))),
      records.section(title: "records"),
    ])
  }

  private func table(
    _ rows: [Int32], _ entity: EntityID, _ source: Source, entered: Set<Int32>, since day: Int
  ) throws(Failure) -> FixedRows {
    let record = inquiry.catalog[entity]
    var table = FixedRows([
      OutputColumn(
        name: record.singular, type: .reference(entity), keyType: record[record.key].type),
      OutputColumn(name: "change", type: .text), OutputColumn(name: "turned", type: .text),
    ])
    guard !rows.isEmpty else { return table }
    let conditions = try conditions(of: source, entity)
    var asked = inquiry.adding(Self.turnedName, rows, of: entity)
    for condition in conditions { asked.catalog.replace(nil, by: condition.segment) }
    let columns =
      [Expression.field(record[record.key].name)]
      + (record.labelField.map { [.field(record[$0].name)] } ?? [])
      + conditions.map { .isIn(segment: $0.segment.name) }
    let now = try asked.answer(
      .records(of: record.name, where: [.isIn(segment: Self.turnedName)], show: columns))
    let before = try asked.answer(
      .records(
        of: record.name, asOf: day - 1, where: [.isIn(segment: Self.turnedName)], show: columns))
    var places: [Scalar: Int] = [:]
    for row in 0..<before.rows.count { places[before.rows.vectors[0][row]] = row }
    let first = columns.count - conditions.count
    for row in 0..<now.rows.count {
      let key = now.rows.vectors[0][row]
      let hasEntered = database(entity, key).map(entered.contains) ?? false
      var turned: [String] = []
      if let place = places[key] {
        for (offset, condition) in conditions.enumerated() {
          let column = first + offset
          let was = before.rows.vectors[column][place] == .word(1)
          let holds = now.rows.vectors[column][row] == .word(1)
          if was != holds { turned.append(condition.text) }
        }
      } else {
        turned.append("new")
      }
      var label: String?
      if record.labelField != nil, case .text(let text) = now.rows.vectors[1][row] { label = text }
      table.append(
        [key, .text(hasEntered ? "entered" : "left"), .text(turned.joined(separator: "; "))],
        label: label)
    }
    return table
  }

  private func database(_ entity: EntityID, _ key: Scalar) -> Int32? {
    inquiry.database.table(entity).row(withKey: key).map { Int32($0) }
  }

  // MARK: the conditions

  /// The conditions that the source's segments and its own first `where` join by `and`, each as a
  /// segment of its own, so that what ranks goes over the entity.
  private func conditions(
    of source: Source, _ entity: EntityID
  ) throws(Failure) -> [Condition] {
    var conditions: [Condition] = []
    func add(_ text: String, _ definition: String) {
      let name = "condition \(conditions.count)"
      let plural = inquiry.catalog[entity].name
      conditions.append(
        Condition(
          text: text,
          segment: Definition(
            .segment, name, text: "\(Formatter.name(plural)) \(definition)", entity: plural,
            created: inquiry.today)))
    }
    func collect(_ source: Source) throws(Failure) {
      switch source {
      case .named(let name):
        guard inquiry.catalog.entity(named: name.text) == nil,
          let segment = inquiry.catalog.definition(.segment, named: name.text),
          segment.kind == .segment, case .segment(let definition) = try segment.parsed()
        else { return }
        try collect(definition.query)
      case .query(let query): try collect(query)
      case .it, .verb: return
      }
    }
    func collect(_ query: Query) throws(Failure) {
      try collect(query.source)
      if let window = query.window {
        let words = Formatter.format(window)
        add(words, words)
      }
      for conjunct in query.rounds.first?.filter?.condition.conjuncts ?? [] {
        let words = Formatter.format(conjunct)
        add(words, "where \(words)")
      }
    }
    try collect(source)
    return conditions
  }
}

extension Query {
  /// The same with its `as of` in the first round of the innermost source.
  fileprivate var datedInside: Query {
    guard case .query(var inner) = source, inner.asOf == nil, let asOf else { return self }
    inner.asOf = asOf
    var query = self
    query.asOf = nil
    query.source = .query(inner.datedInside)
    return query
  }
}
