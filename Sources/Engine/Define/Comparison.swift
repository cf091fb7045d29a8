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

  /// `compare A with B`, `compare A since D`: of the latter the records alone where they go to a file.
  func answer(_ statement: CompareStatement) throws(Failure) -> Answer {
    switch statement.other {
    case .source(let other, let range):
      if let into = statement.into {
        let reason = EngineReason.severalTables(
          count: 3, hint: "'--output FILE' takes all of them")
        throw Failure(reason, at: into.range)
      }
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
      if case .it = statement.source {
        throw Failure(DefinitionReason.sinceOfAnswer, at: statement.sourceRange)
      }
      return try Turnover(inquiry: inquiry).answer(
        statement.source, at: statement.sourceRange, since: try firstDay(day),
        isFiled: statement.into != nil)
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
    guard let day, day <= inquiry.today else {
      throw Failure(
        DefinitionReason.sinceDay(text: Formatter.format(expression), isLate: day != nil),
        at: expression.range)
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
    let (leftName, rightName) = names(left, right)
    let parts = [
      ("only \(leftName)", one.count - both), ("both", both),
      ("only \(rightName)", other.count - both),
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

  /// What the sides are called, told apart.
  private func names(_ left: Side, _ right: Side) -> (String, String) {
    left.name == right.name ? ("first", "second") : (left.name, right.name)
  }

  /// The means of numbers and the commonest choices that are not the same on both sides.
  private func differences(_ left: Side, _ right: Side) throws(Failure) -> [Section] {
    let entity = inquiry.catalog[left.entity]
    let fields = entity.fields.indices.map(FieldID.init).filter { $0 != entity.key }
    let numbers = fields.filter { entity[$0].type.isMeasure || entity[$0].type == .flag }
    let choices = fields.filter { if case .choice = entity[$0].type { true } else { false } }
    return [
      try means(of: numbers.map { entity[$0] }, left, right).section(title: "means"),
      try modes(of: choices.map { entity[$0] }, left, right).section(title: "commonest values"),
    ]
  }

  private func means(
    of fields: [Field], _ left: Side, _ right: Side
  ) throws(Failure) -> FixedRows {
    let (leftName, rightName) = names(left, right)
    var means = FixedRows([
      ("field", .text), (leftName, .number), (rightName, .number), ("difference", .number),
    ])
    let lefts = try values(of: left, fields.map(mean))
    let rights = try values(of: right, fields.map(mean))
    for (place, field) in fields.enumerated() where lefts[place] != rights[place] {
      var difference = Scalar.unknown
      if case .real(let one) = lefts[place], case .real(let other) = rights[place] {
        // Amounts are whole cents, which their difference as a double may not be.
        let exact = field.type == .money ? ((one - other) * 100).rounded() / 100 : one - other
        difference = .real(exact)
      }
      means.append([.text(field.name), lefts[place], rights[place], difference])
    }
    return means
  }

  /// The mean of a field; of a flag the share that has it.
  private func mean(of field: Field) -> Expression {
    let value = Expression.field(field.name)
    guard field.type == .flag else { return .call("avg", [value]) }
    let digits = [1, 0].map { (digit: Int64) in
      Expression(
        .number(
          NumberLiteral(
            spelling: String(digit), unscaled: digit, decimals: 0, isPercent: false)),
        range: SourceRange(0, 0))
    }
    return .call("avg", [.call("if", [value] + digits)])
  }

  private func modes(
    of fields: [Field], _ left: Side, _ right: Side
  ) throws(Failure) -> FixedRows {
    let (leftName, rightName) = names(left, right)
    var modes = FixedRows([("field", .text), (leftName, .text), (rightName, .text)])
    let mode = { (field: Field) -> Expression in .call("mode", [.field(field.name)]) }
    let lefts = try values(of: left, fields.map(mode))
    let rights = try values(of: right, fields.map(mode))
    for (place, field) in fields.enumerated() where lefts[place] != rights[place] {
      modes.append([.text(field.name), lefts[place], rights[place]])
    }
    return modes
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
