import Store
import Syntax

/// What names mean at one place of a query.
struct Scope {
  /// What a bare name is looked up in, after the names given by `as`.
  enum Relation: Equatable {
    /// No source could be bound.
    case nothing
    /// The records of an entity, reached over the hops (inside a computed field).
    case records(EntityID, hops: [FieldPath.Hop], prefix: String)
    /// The columns of a group: the names alone.
    case columns
    /// The whole store, inside `calc`: an aggregate names its entity.
    case store
    /// A record of an entity that `add` is about to make: it has no values yet.
    case newRecord(EntityID)
  }

  /// A name given by `as`, or a column's name.
  struct Binding {
    var name: String
    var expression: BoundExpression
    /// Nodes of the expression, counted again wherever the name is used.
    var nodeCount: Int
  }

  var relation: Relation
  /// Names that win over fields; the newest last.
  var aliases: [Binding] = []
  /// Unnamed columns shown before: looked up when there is no such field.
  var columns: [Binding] = []
  /// After a verb that judged the records: its columns.
  var verb: VerbScope?
  /// Inside an aggregate of `calc`: paths may begin with this entity's name.
  var storeEntity: EntityID?
  /// Inside such an aggregate's argument they must.
  var needsStorePrefix = false

  init(_ relation: Relation) { self.relation = relation }

  /// The entity whose fields bare names are.
  var entity: EntityID? {
    if case .records(let entity, _, _) = relation { entity } else { nil }
  }
}

/// A field read in an expression, and where.
struct FieldUse {
  var path: FieldPath
  var name: String
  var range: SourceRange
}

extension Binder {
  /// Finds the source's entity.
  mutating func bindEntity(_ name: Name) -> Bool {
    guard let id = catalog.entity(named: name.text) else {
      let offered = entityNear(name.text)
      report(
        .unknownEntity(name: name.text, near: offered), at: name.range,
        fixes: fix(name.range, offered))
      return false
    }
    mention(.entity(id), at: name.range)
    query.entity = id
    scope = Scope(.records(id, hops: [], prefix: ""))
    return true
  }

  /// Finds the source's entity, or that of the segment it names.
  mutating func bindSource(_ name: Name) -> Bool {
    guard catalog.entity(named: name.text) == nil,
      let segment = catalog.definition(.segment, named: name.text),
      let id = segment.entity.flatMap(catalog.entity(named:))
    else { return bindEntity(name) }
    query.entity = id
    scope = Scope(.records(id, hops: [], prefix: ""))
    return true
  }

  /// Leaves out of the source what is not in the segment it names.
  mutating func bindSourceSegment(_ name: Name) {
    guard catalog.entity(named: name.text) == nil, scope.relation != .nothing,
      let segment = segment(name), let members = members(of: segment, at: name.range)
    else { return }
    round.window = round.window.map { .and($0.conjuncts + members.conjuncts) } ?? members
    round.windowParts.append(
      BoundCondition(origin: .segment(segment.name), expression: members))
  }

  /// Entities near a name; a singular offers its plural.
  private func entityNear(_ name: String) -> [String] {
    let singular = catalog.entities.filter { same($0.singular, name) }.map(\.name)
    return singular.isEmpty
      ? NearNames.nearest(
        to: name,
        among: catalog.entities.map(\.name) + catalog.definitions(of: .segment).map(\.name))
      : singular
  }

  /// Whether two names are the same: case is ignored, as in `Folding`.
  func same(_ a: String, _ b: String) -> Bool {
    Folding.fold(a).utf8.elementsEqual(Folding.fold(b).utf8)
  }

  /// The edit that writes the one near name.
  func fix(_ range: SourceRange, _ near: [String]) -> [Fix] {
    near.count == 1 ? [Fix(range, spelled(near[0]))] : []
  }

  /// A name as it must be typed, in backticks where it needs them.
  func spelled(_ name: String) -> String { Formatter.name(name) }

  /// Whether the first name of a path means something here, without a report.
  func canResolve(_ name: Name) -> Bool {
    if let argumentRelation {
      if same(argumentRelation[0].text, name.text) { return true }
      var outside = self
      outside.leave()
      return outside.canResolve(name)
    }
    if isBroken(name.text) { return true }
    if scope.aliases.contains(where: { same($0.name, name.text) }) { return true }
    return isOfRows(name)
  }

  /// Of columns bound before those that may stand here: an aggregate takes in rows, of which a column
  /// that is an aggregate itself has no value.
  private func usable(_ bindings: [Scope.Binding]) -> [Scope.Binding] {
    guard isInAggregate else { return bindings }
    return bindings.filter { !$0.expression.perRowIndexes.contains { $0 < 0 } }
  }

  /// Whether a name means something of the rows themselves, names given by `as` aside.
  private func isOfRows(_ name: Name) -> Bool {
    if scope.verb?.explains(name.text, same: same) == true { return true }
    if scope.needsStorePrefix { return false }
    if let entity = scope.entity, catalog[entity].field(named: name.text) != nil { return true }
    return usable(scope.columns).contains { same($0.name, name.text) }
  }

  /// Whether it names a column that could not be bound.
  func isBroken(_ name: String) -> Bool { brokenNames.contains { same($0, name) } }

  /// Remembers a column that could not be bound.
  mutating func markBroken(_ column: NamedExpression) {
    brokenNames.append(
      column.alias?.text ?? ColumnName.make(column.expression, Formatter.format))
  }

  /// Binds a path: a name given by `as`, a field reached over references, or a group's column.
  mutating func bindPath(_ names: [Name], at range: SourceRange) -> BoundExpression? {
    let bound = lookUp(names, at: range)
    let isPlain = !isInlining && frames.isEmpty && !isInAggregate
    if let bound, isPlain, clause == .filter || clause == .order {
      namedFields.append((columnName(of: names, bound), bound))
    }
    return bound
  }

  /// What a field is called as a column.
  private func columnName(of names: [Name], _ bound: BoundExpression) -> String {
    if case .field(let path) = bound { return String(path.text.map { $0 == "." ? "_" : $0 }) }
    return names.map(\.text).joined(separator: "_")
  }

  private mutating func lookUp(_ names: [Name], at range: SourceRange) -> BoundExpression? {
    if let relation = argumentRelation { return lookUp(names, over: relation, at: range) }
    let first = names[0]
    if isBroken(names.map(\.text).joined(separator: "_")) { return nil }
    if let alias = usable(scope.aliases).last(where: { same($0.name, first.text) }) {
      return bindAlias(alias, then: names, at: range)
    }
    let isAggregate = (scope.aliases + scope.columns).contains { column in
      same(column.name, first.text) && usable([column]).isEmpty
    }
    if isAggregate, !isOfRows(first) {
      report(.aggregateNotHere(text: first.text, place: "inside another one"), at: range)
      return nil
    }
    if let found = bindVerbPath(names, at: range) { return found }
    if let key = keyNamed(names) { return key }
    switch scope.relation {
    case .nothing: return nil
    case .columns: return bindColumnName(names, at: range)
    case .store:
      reportStorePath(names, at: range)
      return nil
    case .newRecord(let entity):
      report(
        change: .fieldInAdd(name: first.text, singular: catalog[entity].singular, quoted: nil),
        at: range)
      return nil
    case .records(let entity, let hops, let prefix):
      return bindRecordPath(names, of: entity, over: hops, prefix: prefix, at: range)
    }
  }

  /// The key of this round's group that is written so: a computed field made of related records is
  /// then the key, and not one over all records of the group.
  private func keyNamed(_ names: [Name]) -> BoundExpression? {
    guard let grouping, clause.takesGroups, !isInAggregate, frames.isEmpty else { return nil }
    let written = names.map(\.text).joined(separator: ".")
    return grouping.keyTexts.firstIndex { same($0, written) }.map { grouping.keys[$0] }
  }

  /// A path in the argument of an aggregate over related records: theirs where it begins with the
  /// relation's names, else the enclosing row's.
  private mutating func lookUp(
    _ names: [Name], over relation: [Name], at range: SourceRange
  ) -> BoundExpression? {
    let isTheirs =
      names.count > relation.count && zip(names, relation).allSatisfy { same($0.text, $1.text) }
    guard isTheirs else {
      return bindOutside(at: range) { $0.lookUp(names, at: range) }
    }
    argumentRelation = nil
    defer { argumentRelation = relation }
    return lookUp(Array(names.dropFirst(relation.count)), at: range)
  }

  /// A path whose first name is a field of the records.
  private mutating func bindRecordPath(
    _ names: [Name], of entity: EntityID, over hops: [FieldPath.Hop], prefix: String,
    at range: SourceRange
  ) -> BoundExpression? {
    var names = names[...]
    if let store = scope.storeEntity, names.count > 1, same(catalog[store].name, names[0].text) {
      mention(.entity(store), at: names[0].range)
      names = names.dropFirst()
    } else if scope.needsStorePrefix {
      reportStorePath(Array(names), at: range)
      return nil
    }
    let first = names[names.startIndex]
    if catalog[entity].field(named: first.text) == nil {
      if names.count == 1,
        let column = usable(scope.columns).last(where: { same($0.name, first.text) })
      {
        return use(column, at: range)
      }
      let joined = names.map(\.text).joined(separator: "_")
      if let column = usable(scope.columns).last(where: { same($0.name, joined) }) {
        return use(column, at: range)
      }
    }
    return follow(names, of: entity, over: hops, prefix: prefix, at: range)
  }

  /// Follows references from `entity` to the field in the end.
  mutating func follow(
    _ names: ArraySlice<Name>, of entity: EntityID, over hops: [FieldPath.Hop], prefix: String,
    at range: SourceRange
  ) -> BoundExpression? {
    var entity = entity
    var hops = hops
    var written = prefix
    for (index, name) in zip(names.indices, names) {
      guard let id = catalog[entity].field(named: name.text) else {
        reportUnknownField(name, in: entity, path: names, index: index)
        return nil
      }
      mention(.field(entity, id), at: name.range)
      let field = catalog[entity][id]
      written = written.isEmpty ? field.name : "\(written).\(field.name)"
      if index == names.endIndex - 1 {
        let path = FieldPath(hops: hops, field: id, type: field.type, text: written)
        return bindField(path, of: entity, at: range)
      }
      guard case .reference(let target) = field.type, !field.isComputed else {
        report(
          .notAReference(path: written, type: field.type.name, next: names[index + 1].text),
          at: name.range.union(names[index + 1].range))
        return nil
      }
      hops.append(FieldPath.Hop(field: id, target: target))
      entity = target
    }
    return nil
  }

  /// A field at the end of a path: stored, or computed and then inlined.
  private mutating func bindField(
    _ path: FieldPath, of entity: EntityID, at range: SourceRange
  ) -> BoundExpression? {
    if catalog[entity][path.field].isComputed {
      return inline(path, of: entity, at: range)
    }
    uses.append(FieldUse(path: path, name: path.text, range: range))
    return pinned(path, of: entity)
  }

  /// Says that an entity has no such field, and what comes near.
  ///
  /// - Parameter orRelation: Whether related records could stand there too, as in an aggregate.
  mutating func reportUnknownField(
    _ name: Name, in entity: EntityID, path: ArraySlice<Name>, index: Int, orRelation: Bool = false
  ) {
    let definition = catalog[entity]
    let isFirst = index == path.startIndex
    if isFirst, path.count == 1, reportColumnAhead(name) { return }
    if isFirst, same(name.text, definition.name) || same(name.text, definition.singular),
      path.count > 1
    {
      let next = path[index + 1]
      report(
        .needlessPrefix(plural: definition.name, name: name.text, field: next.text),
        at: name.range, fixes: [Fix(SourceRange(name.range.lowerBound, next.range.lowerBound), "")])
      return
    }
    let candidates =
      definition.fields.map(\.name)
      + (isFirst ? (scope.aliases + scope.columns).map(\.name) : [])
      + (isFirst ? scope.verb?.columns.map(\.name) ?? [] : [])
      + (orRelation ? catalog.relations(of: entity).map(\.name) : [])
    let near = distinct(NearNames.nearest(to: name.text, among: candidates))
    if near.isEmpty, catalog.entity(named: name.text) != nil {
      report(.entityAsField(plural: definition.name, name: name.text), at: name.range)
      return
    }
    report(
      .unknownField(plural: definition.name, name: name.text, near: near), at: name.range,
      fixes: fix(name.range, near))
  }

  private func distinct(_ names: [String]) -> [String] {
    var seen = Set<String>()
    return names.filter { seen.insert(Folding.fold($0)).inserted }
  }

  /// A name given by `as`; as a reference it may begin a path.
  private mutating func bindAlias(
    _ alias: Scope.Binding, then names: [Name], at range: SourceRange
  ) -> BoundExpression? {
    if names.count == 1 { return use(alias, at: range) }
    guard case .field(let path) = alias.expression, case .reference(let target) = path.type,
      scope.entity != nil
    else {
      if let column = column(named: names) { return use(column, at: range) }
      report(
        .notAReference(
          path: alias.name, type: alias.expression.type.name, next: names[1].text),
        at: range)
      return nil
    }
    let hops = path.hops + [FieldPath.Hop(field: path.field, target: target)]
    return follow(names.dropFirst(), of: target, over: hops, prefix: path.text, at: range)
  }

  /// The column that a path finds after a group: `owner.name` finds `owner_name`.
  private func column(named names: [Name]) -> Scope.Binding? {
    let joined = names.map(\.text).joined(separator: "_")
    return usable(scope.aliases + scope.columns).last { same($0.name, joined) }
  }

  /// A column of a group.
  private mutating func bindColumnName(_ names: [Name], at range: SourceRange) -> BoundExpression? {
    if let column = column(named: names) { return use(column, at: range) }
    let written = names.map(\.text).joined(separator: ".")
    let columns = (scope.columns + scope.aliases).map(\.name)
    let joined = names.map(\.text).joined(separator: "_")
    let near = distinct(NearNames.nearest(to: joined, among: columns))
    let isField = catalog[query.entity].field(named: names[0].text) != nil
    if isField && near.isEmpty {
      report(.notInGroup(name: written, keys: []), at: range)
    } else {
      report(
        .unknownColumn(name: written, near: near, columns: columns), at: range,
        fixes: fix(range, near))
    }
    return nil
  }

  /// Counts nodes that stand for a name rather than in the text, which alone could be without end.
  mutating func isWithinBounds(adding count: Int, at range: SourceRange) -> Bool {
    nodeCount += count
    if nodeCount <= Self.nodeCountMax { return true }
    report(.inlinedTooMuch(countMax: Self.nodeCountMax), at: range)
    return false
  }

  /// The expression a name stands for, and where it was used.
  private mutating func use(_ binding: Scope.Binding, at range: SourceRange) -> BoundExpression? {
    guard isWithinBounds(adding: binding.nodeCount, at: range) else { return nil }
    for path in binding.expression.fields {
      uses.append(FieldUse(path: path, name: binding.name, range: range))
    }
    return binding.expression
  }

  /// A path in `calc` that is not under an aggregate, or without its entity there.
  private mutating func reportStorePath(_ names: [Name], at range: SourceRange) {
    let entity = catalog.entity(named: names[0].text).map { catalog[$0].name }
    let written = names.map(\.text).joined(separator: ".")
    if let store = scope.storeEntity, entity != nil {
      report(
        .calcMixesEntities(first: catalog[store].name, second: names[0].text), at: range)
    } else if let store = scope.storeEntity,
      catalog[store].field(named: names[0].text) == nil
    {
      let near = NearNames.nearest(to: names[0].text, among: catalog[store].fields.map(\.name))
      report(
        .unknownField(plural: catalog[store].name, name: names[0].text, near: near),
        at: names[0].range, fixes: fix(names[0].range, near))
    } else {
      let candidate = scope.storeEntity.map { catalog[$0].name } ?? entity
      report(.calcNeedsAggregate(name: written, entity: candidate), at: range)
    }
  }
}
