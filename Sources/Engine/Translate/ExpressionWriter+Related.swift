import Store
import Syntax

/// From where related records are reached.
enum SQLAnchor {
  /// From one row.
  case row(SQLRow)
  /// From all rows of a group: the rows, the columns that hold their keys, and the group's keys.
  case group(rows: SQLRow, keys: [String], groupKeys: [String])
}

// Values of related records: correlated subqueries. Each record counts once however often it is
// reached, because the way to it is a condition on it and no join.

extension ExpressionWriter {
  /// One value made of related records.
  func related(
    _ related: BoundRelated, from anchor: SQLAnchor, _ row: SQLRow
  ) throws(TranslateReason) -> SQL {
    let (select, inner) = try records(of: related, from: anchor, row)
    try choose(related, select, inner)
    return SQL(SQL.subquery(select.text))
  }

  /// `EXISTS (…)` where a count is asked to be at least one.
  func existence(
    _ sign: ComparisonOperator, _ a: BoundExpression, _ b: BoundExpression, _ row: SQLRow
  ) throws(TranslateReason) -> SQL? {
    guard case .related(let related) = a, related.aggregate.kind == .count,
      related.aggregate.argument == nil, case .constant(.word(let count), _) = b,
      (sign == .greaterOrEqual && count == 1) || (sign == .greater && count == 0)
    else { return nil }
    let (select, _) = try records(of: related, from: .row(row), row)
    select.columns = [("1", nil)]
    return SQL("EXISTS \(SQL.subquery(select.text))")
  }

  /// The related records that count.
  private func records(
    of related: BoundRelated, from anchor: SQLAnchor, _ row: SQLRow
  ) throws(TranslateReason) -> (Select, SQLRow) {
    let (select, inner) = try reached(related.path.steps[...], related.path.entity, anchor, row)
    if let filter = related.filter {
      for conjunct in filter.conjuncts {
        select.conditions.append(try condition(conjunct, inner))
      }
    }
    return (select, inner)
  }

  /// The records of an entity that some steps lead to.
  private func reached(
    _ steps: ArraySlice<RelatedPath.Step>, _ entity: EntityID, _ anchor: SQLAnchor, _ parent: SQLRow
  ) throws(TranslateReason) -> (Select, SQLRow) {
    let select = Select(from: nil)
    let row = translation.records(of: entity, in: select, parent: parent)
    switch steps.last {
    case .down(_, let field)?:
      let reference = translation.column(field, of: entity, in: row.alias)
      select.conditions.append(
        try membership(of: reference, steps.dropLast(), anchor, parent))
    default:
      let key = translation.key(of: entity, in: row.alias)
      select.conditions.append(try membership(of: key, steps, anchor, parent))
    }
    return (select, row)
  }

  /// That a key is one of those that some steps lead to.
  private func membership(
    of key: String, _ steps: ArraySlice<RelatedPath.Step>, _ anchor: SQLAnchor, _ parent: SQLRow
  ) throws(TranslateReason) -> SQL {
    let hops = steps.compactMap { step in if case .up(let hop) = step { hop } else { nil } }
    if hops.count == steps.count { return try start(of: hops, anchor, is: key) }
    var before = steps
    var last: FieldPath.Hop?
    if case .up(let hop)? = steps.last {
      last = hop
      before = steps.dropLast()
    }
    let entity = try entity(reachedBy: before)
    let (select, row) = try reached(before, entity, anchor, parent)
    let wanted =
      last.map { translation.column($0.field, of: entity, in: row.alias) }
      ?? translation.key(of: entity, in: row.alias)
    select.columns = [(wanted, nil)]
    return SQL("\(key) IN \(SQL.subquery(select.text))", .test)
  }

  private func entity(
    reachedBy steps: ArraySlice<RelatedPath.Step>
  ) throws(TranslateReason) -> EntityID {
    switch steps.last {
    case .down(let entity, _)?: entity
    case .up(let hop)?: hop.target
    case nil: preconditionFailure("steps that lead somewhere are asked about")
    }
  }

  /// That a key is the anchor's own, or the one that its references lead to.
  private func start(
    of hops: [FieldPath.Hop], _ anchor: SQLAnchor, is key: String
  ) throws(TranslateReason) -> SQL {
    switch anchor {
    case .row(let row): return SQL("\(key) = \(term(hops, row))", .test)
    case .group(let rows, let keys, let groupKeys):
      let select = Select(from: nil)
      let alias = translation.unused("member")
      select.source = "\(rows.alias) AS \(alias)"
      let row = SQLRow(select, alias: alias, rows.kind)
      for (own, other) in zip(keys, groupKeys) {
        let mine = "\(alias).\(own)"
        select.conditions.append(
          SQL("\(mine) = \(other) OR \(mine) IS NULL AND \(other) IS NULL", .or))
      }
      select.columns = [(term(hops, row), nil)]
      return SQL("\(key) IN \(SQL.subquery(select.text))", .test)
    }
  }

  /// The key of the row itself, or of the record that references lead to.
  private func term(_ hops: [FieldPath.Hop], _ row: SQLRow) -> String {
    guard case .records(let entity) = row.kind else {
      preconditionFailure("groups have no related records")
    }
    guard let last = hops.last else { return translation.key(of: entity, in: row.alias) }
    let (alias, target) = translation.join(hops.dropLast(), from: row, entity)
    return translation.column(last.field, of: target, in: alias)
  }

  // MARK: one value

  /// Selects the one value.
  private func choose(
    _ related: BoundRelated, _ select: Select, _ row: SQLRow
  ) throws(TranslateReason) {
    let aggregate = related.aggregate
    guard let argument = aggregate.argument else {
      select.columns = [("count(*)", nil)]
      return
    }
    if related.path.steps.allSatisfy({ !$0.isDown }) {
      select.columns = [(try value(argument, row).text, nil)]
      return
    }
    guard aggregate.isInOrder else {
      select.columns = [(try self.aggregate(aggregate, row).text, nil)]
      return
    }
    let value = try value(argument, row)
    func keepKnown() {
      select.conditions.append(SQL("\(value.operand) IS NOT NULL", .test))
    }
    select.limit = (1, 0)
    switch aggregate.kind {
    case .first, .last:
      let isLast = aggregate.kind == .last
      select.columns = [(value.text, nil)]
      if let order = aggregate.order {
        select.order += try self.order(order, row, isDescending: isLast)
      }
      if case .records(let entity) = row.kind {
        let definition = translation.catalog[entity]
        let key = SQL(translation.key(of: entity, in: row.alias))
        select.order += orderTerms(key, definition[definition.key].type)
          .map { isLast ? $0 + " DESC" : $0 }
      }
    case .mode:
      keepKnown()
      select.columns = [(value.text, nil)]
      select.keys = [value.text]
      select.order = ["count(*) DESC"] + orderTerms(value, argument.type)
    case .median, .percentile:
      keepKnown()
      select.limit = nil
      chooseMiddle(related, select, value, argument.type)
    case .medianGap:
      keepKnown()
      select.limit = nil
      chooseGaps(select, argument.type == .time ? dialect.day(value.text) : value.text)
      chooseMiddle(related, select, SQL("v"), .integer)
    default:
      keepKnown()
      select.columns = [(value.text, nil)]
      select.order = orderTerms(value, argument.type)
        .map { aggregate.kind == .maximum ? $0 + " DESC" : $0 }
    }
  }

  /// Selects the days between each day and the one before it.
  private func chooseGaps(_ select: Select, _ day: String) {
    select.columns = [(day, "d")]
    select.keys = [day]
    select.reset(to: SQL.subquery(select.text) + " AS \(translation.unused("days"))")
    select.columns = [(dialect.days(SQL("lag(d) OVER (ORDER BY d)"), SQL("d")).text, "v")]
    select.reset(to: SQL.subquery(select.text) + " AS \(translation.unused("gaps"))")
    select.conditions = [SQL("v IS NOT NULL", .test)]
  }

  /// Numbers the values in order, then selects the one, or the mean of two, in the middle.
  private func chooseMiddle(
    _ related: BoundRelated, _ select: Select, _ value: SQL, _ type: ValueType
  ) {
    select.columns = [
      (value.text, "v"), ("row_number() OVER (ORDER BY \(value.text))", "place"),
      ("count(*) OVER ()", "known"),
    ]
    let numbered = SQL.subquery(select.text) + " AS \(translation.unused("numbered"))"
    select.reset(to: numbered)
    let known = SQL("known")
    switch related.aggregate.kind {
    case .percentile(let share):
      select.columns = [("max(v)", nil)]
      select.conditions = [SQL("place = \(nearestRank(share, known))", .test)]
    case .median where type == .date || type == .time:
      select.columns = [("max(v)", nil)]
      select.conditions = [
        SQL("place = \(dialect.quotient("(known + 1)", "2").text)", .test)
      ]
    default:
      select.columns = [
        (type == .money ? mean("sum(v)", "count(v)").text : "avg(v)", nil)
      ]
      select.conditions = [SQL(middle("place", known), .test)]
    }
    if related.knownCountMin > 0 {
      select.conditions.append(SQL("known >= \(related.knownCountMin)", .test))
    }
  }
}
