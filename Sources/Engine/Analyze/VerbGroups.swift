import Store
import Syntax

/// By what a verb makes the rows of its own: one row for all, one for each value of its subjects, or
/// one for each value of their events.
struct VerbGroups: Sendable {
  /// What the groups are made of.
  enum Form: Hashable, Sendable {
    /// All in one.
    case none
    /// The subjects, by `AnalysisInput.values` at this place.
    case subjects(value: Int)
    /// The events, by `SubjectEvents.groupKeys`.
    case events
  }

  /// The most groups that are drawn.
  static let barCountMax = 40

  var form = Form.none
  /// The type of the column `group`.
  var type = ValueType.text
  /// As written; empty where all are in one.
  var text = ""

  /// The words after the verb, for `explain`.
  var detail: String { form == .none ? "" : "by \(text)" }

  /// The groups of what has come in.
  ///
  /// - Parameter events: The events that are in groups, where these are.
  func number(
    _ input: AnalysisInput, _ events: SubjectEvents?
  ) throws(StoreError) -> NumberedGroups {
    switch form {
    case .none:
      return NumberedGroups(keys: Vector(texts: TextBlock(input.count == 0 ? [] : ["all"])))
    case .subjects(let place):
      let table = GroupTable(keyTypes: [type], domains: [nil], budget: input.budget)
      let ids = try table.ids(of: [input.values[place]], in: Mask(count: input.count))
      let keys = try table.keys()[0]
      return NumberedGroups(
        keys: keys, subjects: ids.map { $0 - 1 }, order: try order(of: keys, input.database))
    case .events:
      let keys = events?.groupKeys ?? Vector(unknown: type, count: 0)
      return NumberedGroups(
        keys: keys, subjects: [], order: try order(of: keys, input.database))
    }
  }

  /// The places of keys in the order of groups: choices as declared, references by the key of their
  /// record, all else ascending; unknown is last.
  func order(of keys: Vector, _ database: Database) throws(StoreError) -> [Int32] {
    var sortKey = SortKey(keys)
    if case .reference(let target) = type {
      let field = database.catalog[target].key
      sortKey = SortKey(database.table(target).column(field).load(Rows(following: keys)))
    }
    return try RowOrder.sorted(count: keys.count, by: [sortKey])
  }

  /// What a bar of a group is called.
  func label(of key: Scalar, _ database: Database) -> String {
    guard key.isKnown else { return "unknown" }
    guard case .reference(let target) = type, case .word(let row) = key else {
      if case .text(let text) = key { return text }
      return ExpressionText.text(key, type)
    }
    let entity = database.catalog[target]
    let rows = Rows.list([Int32(truncatingIfNeeded: row)])
    let words = [entity.key, entity.labelField ?? entity.key].map { field in
      let value = database.table(target).column(field).load(rows)[0]
      if case .text(let text) = value { return text }
      return value.isKnown ? ExpressionText.text(value, entity[field].type) : ""
    }
    return entity.labelField == nil ? words[0] : words.joined(separator: " ")
  }
}

/// Groups by number, each with its key.
struct NumberedGroups {
  /// The key of each group.
  var keys: Vector
  /// For groups of subjects the group of each.
  var subjects: [Int32]
  /// The groups in the order they are shown.
  var order: [Int32]

  /// Groups of events, or of all.
  init(keys: Vector, subjects: [Int32] = [], order: [Int32]? = nil) {
    self.keys = keys
    self.subjects = subjects
    self.order = order ?? (0..<Int32(truncatingIfNeeded: keys.count)).map { $0 }
  }
}

extension Binder {
  /// `by EXPR` over the records that come in, or over their events where its paths begin with the
  /// relation that leads to these; over the events themselves where they are what comes in.
  mutating func bindGrouping(
    _ by: Expression, over found: inout FoundEvents, values: inout [BoundExpression]
  ) -> VerbGroups? {
    clause = .order
    if found.key != nil {
      guard let bound = bindValue(by) else { return nil }
      found.events.group = bound
      return VerbGroups(form: .events, type: bound.type, text: text(by))
    }
    if let inner = below(by, relationOf: found.events) {
      enter(found.events.entity)
      defer { leave() }
      clause = .order
      guard let bound = bindValue(inner) else { return nil }
      found.events.group = bound
      return VerbGroups(form: .events, type: bound.type, text: text(by))
    }
    guard !isOfEvents(by, found.events), let bound = bindValue(by) else { return nil }
    values.append(bound)
    return VerbGroups(form: .subjects(value: values.count - 1), type: bound.type, text: text(by))
  }

  /// Reports names that only the events have, with the relation before them.
  private mutating func isOfEvents(_ by: Expression, _ events: BoundEvents) -> Bool {
    guard case .down(let entity, let field)? = events.path?.steps.first else { return false }
    let relations = catalog.relations(of: query.entity)
    guard let relation = relations.first(where: { $0.entity == entity && $0.field == field })
    else { return false }
    var found: Name?
    let moved = by.movingPaths { names in
      guard catalog[query.entity].field(named: names[0].text) == nil,
        catalog[entity].field(named: names[0].text) != nil
      else { return nil }
      found = names[0]
      return [Name(relation.name, range: names[0].range)] + names
    }
    guard let moved, let found else { return false }
    report(
      .fieldOfEvents(
        plural: catalog[query.entity].name, name: found.text, events: relation.name,
        moved: text(moved)),
      at: found.range, fixes: [Fix(by.range, text(moved))])
    return true
  }

  /// The expression without the relation's name before each of its paths; nil where a path begins
  /// with something else.
  private func below(_ expression: Expression, relationOf events: BoundEvents) -> Expression? {
    expression.movingPaths { names in
      guard names.count > 1, catalog[query.entity].field(named: names[0].text) == nil,
        let relation = catalog.relation(named: names[0].text, of: query.entity),
        case .down(relation.entity, relation.field)? = events.path?.steps.first
      else { return nil }
      return Array(names.dropFirst())
    }
  }
}

extension Expression {
  /// A path, or functions of paths and literals, with other paths in their places; nil where it is
  /// something else, has no path, or one has no other in its place.
  func movingPaths(_ move: ([Name]) -> [Name]?) -> Expression? {
    switch kind {
    case .path(let names): return move(names).map { Expression(.path($0), range: range) }
    case .call(var call):
      guard Function(rawValue: call.name.folded) != nil else { return nil }
      var isMoved = false
      for (place, argument) in call.arguments.enumerated() {
        if let moved = argument.movingPaths(move) {
          call.arguments[place] = moved
          isMoved = true
        } else if !argument.isLiteral {
          return nil
        }
      }
      return isMoved ? Expression(.call(call), range: range) : nil
    default: return nil
    }
  }

  /// Whether it stands for itself.
  fileprivate var isLiteral: Bool {
    switch kind {
    case .number, .text, .date, .duration, .flag, .unknown, .point, .parameter: true
    default: false
    }
  }
}
