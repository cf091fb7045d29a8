import Store
import Syntax

/// Carries out `compare`: two sources with each other, or one with what it was.
struct Comparison {
  let inquiry: Inquiry
  /// The records of the last answer.
  let last: (SourceRange) throws(Failure) -> (entity: EntityID, rows: [Int32])

  init(
    inquiry: Inquiry,
    last: @escaping (SourceRange) throws(Failure) -> (entity: EntityID, rows: [Int32])
  ) {
    self.inquiry = inquiry
    self.last = last
  }

  /// Some records of an entity and what they are called.
  private struct Side {
    var entity: EntityID
    var rows: [Int32]
    var name: String
  }

  /// `compare A with B`, `compare A since D`.
  func answer(_ statement: CompareStatement) throws(Failure) -> Answer {
    switch statement.other {
    case .source(let other, let range):
      let left = try side(statement.source, statement.sourceRange, name: "first")
      let right = try side(other, range, name: "second")
      guard left.entity == right.entity else {
        throw Failure(
          DefinitionReason.sourcesDiffer(
            first: inquiry.catalog[left.entity].name, second: inquiry.catalog[right.entity].name),
          at: range)
      }
      return try answer(left, right)
    case .since(let day):
      return try Turnover(inquiry: inquiry).answer(
        statement.source, at: statement.sourceRange, since: try firstDay(day))
    }
  }

  private func side(
    _ source: Source, _ range: SourceRange, name: String
  ) throws(Failure) -> Side {
    switch source {
    case .it:
      let (entity, rows) = try last(range)
      return Side(entity: entity, rows: rows, name: "it")
    case .named(let name):
      let found = try inquiry.records(of: source, orElse: .recordsExpected, at: range)
      return Side(entity: found.entity, rows: found.rows, name: name.text)
    case .query, .verb:
      let found = try inquiry.records(of: source, orElse: .recordsExpected, at: range)
      return Side(entity: found.entity, rows: found.rows, name: name)
    }
  }

  /// The day a comparison goes back to: a period's first.
  private func firstDay(_ expression: Expression) throws(Failure) -> Int {
    var binder = inquiry.binder()
    let anyDay = BoundExpression.field(FieldPath(field: FieldID(0), type: .date, text: ""))
    let window = Window(.since(expression), range: expression.range)
    let day = binder.bindWindow(window, on: anyDay, written: nil)?.windowDays.from
    try binder.finish()
    guard let day else {
      throw Failure(
        DefinitionReason.segmentDay(text: Formatter.format(expression)), at: expression.range)
    }
    return day
  }

  // MARK: two sources

  private func answer(_ left: Side, _ right: Side) throws(Failure) -> Answer {
    let (one, other) = (Set(left.rows), Set(right.rows))
    let both = one.intersection(other).count
    let all = one.union(other).count
    var overlap = FixedRows([
      OutputColumn(name: "part", type: .text),
      OutputColumn(name: inquiry.catalog[left.entity].name, type: .integer),
      OutputColumn(name: "share", type: .number, display: .percent),
    ])
    let parts = [
      ("only \(left.name)", one.count - both), ("both", both),
      ("only \(right.name)", other.count - both),
    ]
    for (part, count) in parts {
      overlap.append([
        .text(part), Scalar(count), all == 0 ? .unknown : .real(Double(count) / Double(all)),
      ])
    }
    let drawing: Drawing? =
      all == 0 ? nil : .bars(Drawing.Bars(title: "overlap", counts: parts, sharesOf: all))
    var sections = [overlap.section(title: "overlap", drawing: drawing)]
    if !one.isEmpty, !other.isEmpty { sections += try differences(left, right) }
    return Answer(sections: sections)
  }

  /// The means of numbers and the commonest choices that are not the same on both sides.
  private func differences(_ left: Side, _ right: Side) throws(Failure) -> [Section] {
    let entity = inquiry.catalog[left.entity]
    let fields = entity.fields.indices.map(FieldID.init).filter { $0 != entity.key }
    let numbers = fields.filter { entity[$0].type.isMeasure || entity[$0].type == .flag }
    let choices = fields.filter { if case .choice = entity[$0].type { true } else { false } }
    let (leftName, rightName) =
      left.name == right.name ? ("first", "second") : (left.name, right.name)
    var means = FixedRows([
      ("field", .text), (leftName, .number), (rightName, .number), ("difference", .number),
    ])
    let meanOf = { (field: FieldID) -> Expression in
      let value = Expression.field(entity[field].name)
      guard entity[field].type == .flag else { return .call("avg", [value]) }
      let place = SourceRange(0, 0)
      let one = NumberLiteral(spelling: "1", unscaled: 1, decimals: 0, isPercent: false)
      let zero = NumberLiteral(spelling: "0", unscaled: 0, decimals: 0, isPercent: false)
      return .call(
        "avg",
        [
          .call(
            "if",
            [
              value, Expression(.number(one), range: place),
              Expression(.number(zero), range: place),
            ])
        ])
    }
    let leftMeans = try values(of: left, numbers.map(meanOf))
    let rightMeans = try values(of: right, numbers.map(meanOf))
    for (place, field) in numbers.enumerated() where leftMeans[place] != rightMeans[place] {
      var difference = Scalar.unknown
      if case .real(let one) = leftMeans[place], case .real(let other) = rightMeans[place] {
        difference = .real(one - other)
      }
      means.append([
        .text(entity[field].name), leftMeans[place], rightMeans[place], difference,
      ])
    }
    var commonest = FixedRows([("field", .text), (leftName, .text), (rightName, .text)])
    let modeOf = { (field: FieldID) -> Expression in
      .call("mode", [.field(entity[field].name)])
    }
    let leftModes = try values(of: left, choices.map(modeOf))
    let rightModes = try values(of: right, choices.map(modeOf))
    for (place, field) in choices.enumerated() where leftModes[place] != rightModes[place] {
      commonest.append([.text(entity[field].name), leftModes[place], rightModes[place]])
    }
    return [means.section(title: "means"), commonest.section(title: "commonest values")]
  }

  private static let sideName = "the records compared"

  /// Aggregates over one side; amounts are numbers, choices their names.
  private func values(
    of side: Side, _ aggregates: [Expression]
  ) throws(Failure) -> [Scalar] {
    guard !aggregates.isEmpty else { return [] }
    let asked = inquiry.adding(Self.sideName, side.rows, of: side.entity)
    let found = try asked.answer(
      .records(
        of: inquiry.catalog[side.entity].name, where: [.isIn(segment: Self.sideName)],
        show: aggregates))
    return found.columns.indices.map { column in
      let value = found.rows.vectors[column][0]
      switch found.columns[column].type {
      case .choice:
        return value.isKnown ? .text(ExpressionText.text(value, found.columns[column].type)) : value
      default: return value.number(of: found.columns[column].type)
      }
    }
  }
}
