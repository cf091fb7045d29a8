import Store
import Syntax

/// Cover: how many customers, and how much value, each employee of a group has.
///
/// Customers are the records that come in, by group. Employees are the records that the reference
/// `owner` leads to. One counts in each group in which he or she owns a customer; and, where the
/// group is something that employees have too (`by region`) or that only they have
/// (`by owner.job_family`), in the group of the own value, with a customer or without. So groups that
/// have none on one side are shown: customers nobody covers, and employees without a customer. Per
/// head is by the employees of the group, unknown where there are none; an employee of two groups
/// counts in both, in the headline once.
///
/// - Source: span of account management per head, as in Peelen, Customer Relationship Management, 2005.
struct Cover: Analysis {
  var grouping: VerbGroups
  /// The reference to whoever owns a record, as written.
  var ownerText: String
  /// What is added up as value, as written.
  var valueText: String
  /// What the records that come in are called.
  var plural: String
  /// What those who own them are called.
  var ownersPlural: String
  /// What employees have of their own that makes the groups, as written; nil where they have none.
  var ownText: String?

  var columns: [AnalysisColumn] { [AnalysisColumn("group", grouping.type)] + Self.figures }

  var summaryColumns: [AnalysisColumn] {
    [AnalysisColumn("groups", .integer)] + Self.figures
      + [AnalysisColumn("uncovered", .integer), AnalysisColumn("idle", .integer)]
  }

  private static let figures: [AnalysisColumn] = [
    .subjectCount(), AnalysisColumn("employees", .integer),
    AnalysisColumn("per_head", .number), AnalysisColumn("value_per_head", .money),
  ]

  var detail: String { grouping.detail }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let table = GroupTable(keyTypes: [grouping.type], domains: [nil], budget: input.budget)
    let claim = BudgetClaim(input.budget)
    try claim.cover((input.count + (input.others.first?.rows.count ?? 0)) * Pair.byteCount)
    let groups = try table.ids(of: [input.values[0]], in: Mask(count: input.count))
    var pairs: [Pair] = []
    if let others = input.others.first {
      let own = try table.ids(of: [others.values[0]], in: Mask(count: others.rows.count))
      pairs = zip(own, others.rows).map { Pair(group: $0 - 1, employee: $1) }
    }
    let keys = try table.keys()[0]
    var tallies = [Tally](repeating: Tally(), count: keys.count)
    guard case .words(let owners) = input.values[1].values,
      case .words(let amounts) = input.values[2].values
    else { preconditionFailure("owners and amounts are words") }
    var unowned = 0
    for subject in 0..<input.count {
      if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
      let group = groups[subject] - 1
      tallies[Int(group)].customers += 1
      // An unknown amount is 0 in its vector.
      tallies[Int(group)].value += Int128(amounts[subject])
      if input.values[1].known[subject] == 0 {
        unowned += 1
      } else {
        pairs.append(Pair(group: group, employee: Int32(truncatingIfNeeded: owners[subject])))
      }
    }
    let employees = try Pair.distinct(pairs)
    for pair in employees { tallies[Int(pair.group)].employees += 1 }
    var total = Tally()
    for tally in tallies { total.add(tally) }
    total.employees = Set(employees.map(\.employee)).count
    // Without a customer nothing comes in, whoever might own one.
    let order = input.count == 0 ? [] : try grouping.order(of: keys, input.database)
    let shown = order.map { tallies[Int($0)] }
    let uncovered = shown.filter { $0.employees == 0 }
    let idle = shown.filter { $0.customers == 0 }
    var result = AnalysisResult(
      columns: [keys.gathered(order)] + (try columns(shown)),
      summary: [Scalar(shown.count)] + (try total.figures)
        + [
          Scalar(uncovered.reduce(0) { $0 + $1.customers }),
          Scalar(idle.reduce(0) { $0 + $1.employees }),
        ],
      drawing: try drawing(shown, keys.gathered(order), input.database))
    result.facts = facts(uncovered: uncovered, idle: idle, unowned: unowned)
    return result
  }

  private func columns(_ tallies: [Tally]) throws(StoreError) -> [Vector] {
    let rows = try tallies.map { tally throws(StoreError) in try tally.figures }
    return Self.figures.indices.map { column in
      Vector(rows.map { $0[column] }, as: Self.figures[column].type)
    }
  }

  private func drawing(
    _ tallies: [Tally], _ keys: Vector, _ database: Database
  ) throws(StoreError) -> Drawing? {
    guard tallies.contains(where: { $0.employees > 0 }), tallies.count <= VerbGroups.barCountMax
    else { return nil }
    var bars: [Drawing.Bars.Bar] = []
    for (place, tally) in tallies.enumerated() {
      var bar = Drawing.Bars.Bar(label: grouping.label(of: keys[place], database), value: nil)
      if tally.employees > 0 {
        bar.value = Double(tally.customers) / Double(tally.employees)
        if case .word(let value) = try tally.valuePerHead { bar.remark = (Double(value), .money) }
      }
      bars.append(bar)
    }
    return .bars(
      Drawing.Bars(
        title: "\(plural) per head, and \(valueText) per head", bars: bars, form: .number))
  }

  private func facts(uncovered: [Tally], idle: [Tally], unowned: Int) -> [VerbFact] {
    var facts: [CoverFact] = [
      .rule(
        plural: plural, owners: ownersPlural, owner: ownerText, value: valueText,
        group: ownText)
    ]
    if !uncovered.isEmpty {
      facts.append(
        .uncovered(
          groupCount: uncovered.count, count: uncovered.reduce(0) { $0 + $1.customers },
          plural: plural, owners: ownersPlural))
    }
    if !idle.isEmpty {
      facts.append(
        .idle(
          groupCount: idle.count, count: idle.reduce(0) { $0 + $1.employees }, plural: plural,
          owners: ownersPlural))
    }
    if unowned > 0 { facts.append(.unowned(count: unowned, plural: plural, owner: ownerText)) }
    return facts.map(VerbFact.cover)
  }
}

/// A fact under the answer of `cover`.
package enum CoverFact: Hashable, Sendable {
  /// Who counts: what customers and employees are called, the reference and the value as written, and
  /// what employees have of their own, if the groups are made of such.
  case rule(plural: String, owners: String, owner: String, value: String, group: String?)
  /// Groups without an employee, and the customers in them.
  case uncovered(groupCount: Int, count: Int, plural: String, owners: String)
  /// Groups without a customer, and the employees in them.
  case idle(groupCount: Int, count: Int, plural: String, owners: String)
  /// Customers that nobody owns.
  case unowned(count: Int, plural: String, owner: String)
}

/// An employee in a group.
private struct Pair: Equatable {
  var group: Int32
  var employee: Int32

  /// Bytes that a pair takes until it is known to be one of several, its group and its word included.
  static let byteCount = 36

  /// Each once, by group.
  static func distinct(_ pairs: [Pair]) throws(StoreError) -> [Pair] {
    let words = pairs.map { Int64($0.group) << 32 | Int64(UInt32(bitPattern: $0.employee)) }
    var distinct: [Pair] = []
    for (place, word) in try RowOrder.sorted(words, isDescending: false).enumerated() {
      if place & 0xFFFF == 0 { try Cancellation.check() }
      let pair = Pair(
        group: Int32(truncatingIfNeeded: word >> 32), employee: Int32(truncatingIfNeeded: word))
      if distinct.last != pair { distinct.append(pair) }
    }
    return distinct
  }
}

/// Both sides of a group.
private struct Tally {
  var customers = 0
  var employees = 0
  var value: Int128 = 0

  /// The columns after the group.
  var figures: [Scalar] {
    get throws(StoreError) {
      let perHead: Scalar =
        employees == 0 ? .unknown : .real(Double(customers) / Double(employees))
      return [Scalar(customers), Scalar(employees), perHead, try valuePerHead]
    }
  }

  /// Rounded half away from zero to minor units.
  var valuePerHead: Scalar {
    get throws(StoreError) {
      guard employees > 0 else { return .unknown }
      let share = DecimalForm.quotient(value, Int128(employees))
      return try .amount(share.map { Int128($0) } ?? Int128.max)
    }
  }

  mutating func add(_ other: Tally) {
    customers += other.customers
    value += other.value
  }
}

extension Scalar {
  /// A sum of money in minor units.
  ///
  /// - Throws: `amountOutOfRange`.
  static func amount(_ minor: Int128) throws(StoreError) -> Scalar {
    guard minor.magnitude <= Int128(Limits.moneyMinorMax).magnitude else { throw .amountOutOfRange }
    return .word(Int64(minor))
  }
}

extension Binder {
  /// `cover S by EXPR`
  mutating func bindCover(_ call: VerbCall, by: Expression) -> BoundAnalysis? {
    clause = .order
    guard let group = bindValue(by), let owner = bindOwner(of: call),
      let value = bindOwnValue(of: call)
    else { return nil }
    let plural = catalog[query.entity].name
    var cover = Cover(
      grouping: VerbGroups(form: .subjects(value: 0), type: group.type, text: text(by)),
      ownerText: owner.name, valueText: value.text, plural: plural,
      ownersPlural: catalog[owner.entity].name, ownText: nil)
    var others: BoundOthers?
    if let own = ownExpression(by, of: owner) {
      enter(owner.entity)
      defer { leave() }
      clause = .order
      guard let bound = bindValue(own) else { return nil }
      if bound.type == group.type {
        cover.ownText = text(own)
        others = BoundOthers(
          entity: owner.entity, present: isPresent(owner.entity), values: [bound])
      }
    }
    var bound = folding(call, cover, values: [group, owner.expression, value.expression])
    bound.others = others.map { [$0] } ?? []
    return bound
  }

  /// Who owns the records that come in.
  private struct Owner {
    var expression: BoundExpression
    var name: String
    var entity: EntityID
  }

  /// The reference `owner`, else the only one.
  private mutating func bindOwner(of call: VerbCall) -> Owner? {
    let definition = catalog[query.entity]
    let references = definition.fields.filter {
      if case .reference = $0.type { true } else { false }
    }
    let range = sourceRange(of: call)
    guard
      let field = references.first(where: { same($0.name, "owner") })
        ?? (references.count == 1 ? references[0] : nil), case .reference(let entity) = field.type,
      let id = definition.field(named: field.name)
    else {
      report(
        .fieldNeeded(
          verb: call.verb, plural: definition.name, what: "a reference 'owner'",
          hint: "'with reference owner to employees' of an import makes one"),
        at: range)
      return nil
    }
    let name = Name(field.name, isQuoted: true, range: range)
    guard var owner = bindValue(Expression(.path([name]), range: range)) else { return nil }
    // As of a day before someone was there, nobody is owned by them.
    if let present = isPresent(entity, over: [FieldPath.Hop(field: id, target: entity)]) {
      owner = .call(.choose, [present, owner, .constant(.unknown, field.type)], field.type)
    }
    return Owner(expression: owner, name: field.name, entity: entity)
  }

  /// What makes the groups, over an owner: `region` where owners have such a field too, but for what
  /// tells them apart, key and label; `owner.job_family` without the reference; nil where it is
  /// something that owners do not have.
  private func ownExpression(_ by: Expression, of owner: Owner) -> Expression? {
    by.movingPaths { names in
      if names.count > 1, same(names[0].text, owner.name) { return Array(names.dropFirst()) }
      let owners = catalog[owner.entity]
      guard names.count == 1, catalog[query.entity].field(named: names[0].text) != nil,
        let id = owners.field(named: names[0].text), id != owners.key, id != owners.labelField
      else { return nil }
      return names
    }
  }
}
