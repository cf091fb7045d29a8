import Store

/// Walks from rows to their related records and makes one value a row of them.
///
/// Each evaluator has a walk of its own, which holds what is prepared for the records it reaches.
final class RelatedWalk {
  private let execution: Execution
  /// Evaluators over the relations reached, made at first use.
  private var evaluators: [EvaluatorKey: Evaluator] = [:]
  /// Covers the records of a batch, of which one row may have any number.
  private let claim: BudgetClaim

  /// Of values seen before the stretch of time in their condition.
  private var windows: [BoundRelated: RelatedWindow?] = [:]

  private struct EvaluatorKey: Hashable {
    let entity: EntityID
    let clustered: ObjectIdentifier?
  }

  init(_ execution: Execution) {
    self.execution = execution
    claim = BudgetClaim(execution.database.budget)
  }

  // MARK: one value a row

  /// A value of the related records of each row that is in.
  ///
  /// - Parameter outside: Evaluates what a condition says of the row itself.
  func values(
    of related: BoundRelated, _ rows: Rows, in mask: Mask, from relation: Relation,
    outside: Evaluator
  ) throws(StoreError) -> Vector {
    if let values = passed(related, rows, in: mask, from: relation) { return values }
    if let values = try countedAtOnce(related, rows, in: mask) { return values }
    let window = window(of: related)
    let windows = try window.map { window throws(StoreError) in
      try timeWindows(window, rows, in: mask, outside)
    }
    let found = try records(
      along: related.path, reading: related.expressions, within: windows, rows, in: mask,
      from: relation)
    if related.path.steps.allSatisfy({ !$0.isDown }) {
      return try carried(related, found, rowCount: rows.count, outside: (outside, rows))
    }
    let aggregates = RelatedAggregate(
      related.aggregate, knownCountMin: related.knownCountMin,
      filter: window == nil ? related.filter : window?.rest,
      rowCount: rows.count, budget: execution.database.budget)
    try batches(of: found, outside: (outside, rows)) {
      batch, owners, evaluator throws(StoreError) in
      try aggregates.add(batch, owners, evaluator)
    }
    return try aggregates.finish()
  }

  /// How many related records of each row surely meet the condition, and how many may, whatever
  /// values are unknown.
  func countBounds(
    of related: BoundRelated, _ rows: Rows, in mask: Mask, from relation: Relation,
    outside: Evaluator
  ) throws(StoreError) -> (least: [Int64], most: [Int64]) {
    let found = try records(along: related.path, reading: nil, rows, in: mask, from: relation)
    var least = [Int64](repeating: 0, count: rows.count)
    var most = least
    try batches(of: found, outside: (outside, rows)) {
      batch, owners, evaluator throws(StoreError) in
      var sure = batch.mask
      var never = Mask(count: 0)
      if let filter = related.filter {
        never = batch.mask
        try evaluator.keepSurely(filter, isTrue: true, batch.rows, in: &sure)
        try evaluator.keepSurely(filter, isTrue: false, batch.rows, in: &never)
      }
      for offset in owners.indices {
        if sure.bytes[offset] != 0 { least[Int(owners[offset])] += 1 }
        if never.count == 0 || never.bytes[offset] == 0 { most[Int(owners[offset])] += 1 }
      }
    }
    return (least, most)
  }

  /// The values where they were computed for all records at once.
  private func passed(
    _ related: BoundRelated, _ rows: Rows, in mask: Mask, from relation: Relation
  ) -> Vector? {
    guard let values = execution.passed[related] else { return nil }
    var reached = rows
    var column: (FieldID) -> Column = relation.column
    for case .up(let hop) in related.path.steps {
      reached = Rows(following: column(hop.field).load(reached), in: mask)
      column = execution.database.table(hop.target).column
    }
    guard case .list(var places) = reached else { return values.load(reached) }
    // Behind the last record stands the value of one without related records.
    let none = Int32(truncatingIfNeeded: values.rowCount - 1)
    for offset in places.indices where places[offset] < 0 { places[offset] = none }
    return values.load(.list(places))
  }

  /// The stretch of time that a condition of related records bounds, where they stand by time.
  private func window(of related: BoundRelated) -> RelatedWindow? {
    guard !related.path.mayRepeat, case .down(let entity, _)? = related.path.steps.last else {
      return nil
    }
    if let known = windows[related] { return known }
    let made = RelatedWindow(related.filter, by: execution.database.catalog[entity].timeField)
    windows[related] = .some(made)
    return made
  }

  private func timeWindows(
    _ window: RelatedWindow, _ rows: Rows, in mask: Mask, _ outside: Evaluator
  ) throws(StoreError) -> TimeWindows {
    func bounds(_ expression: BoundExpression?) throws(StoreError) -> Vector? {
      try expression.map { expression throws(StoreError) in
        try outside.values(of: expression, rows, in: mask)
      }
    }
    return TimeWindows(
      lower: try bounds(window.lower), upper: try bounds(window.upper),
      isOfDays: window.isOfDays, count: rows.count)
  }

  /// How many children each row has, where nothing else is asked.
  private func countedAtOnce(
    _ related: BoundRelated, _ rows: Rows, in mask: Mask
  ) throws(StoreError) -> Vector? {
    guard related.filter == nil, related.aggregate.kind == .count,
      related.aggregate.argument == nil, related.path.steps.count == 1,
      case .down(let entity, let field) = related.path.steps[0]
    else { return nil }
    let adjacency = try execution.database.table(entity).adjacency(of: field)
    return Vector(words: adjacency.childCounts(of: rows, in: mask))
  }

  /// A value of the one record that references lead to.
  private func carried(
    _ related: BoundRelated, _ found: ReachedRecords, rowCount: Int, outside: (Evaluator, Rows)
  ) throws(StoreError) -> Vector {
    guard let argument = related.aggregate.argument else {
      preconditionFailure("what is carried over references is a value")
    }
    var values = Vector(unknown: argument.type, count: 0)
    var places = [Int32](repeating: -1, count: rowCount)
    try batches(of: found, outside: outside) {
      batch, owners, evaluator throws(StoreError) in
      for (offset, owner) in owners.enumerated() {
        places[Int(owner)] = Int32(truncatingIfNeeded: values.count + offset)
      }
      values.append(try evaluator.values(of: argument, batch.rows, in: batch.mask))
    }
    return values.gathered(places)
  }

  // MARK: the records

  /// The records that a path leads to from each row that is in, each once.
  ///
  /// - Parameter expressions: What is to be read of them, so that they may be read clustered; nil
  ///   where their own rows are wanted.
  /// - Parameter windows: For each row the times between which those reached in the end must lie.
  func records(
    along path: RelatedPath, reading expressions: [BoundExpression]?,
    within windows: TimeWindows? = nil, _ rows: Rows, in mask: Mask, from relation: Relation
  ) throws(StoreError) -> ReachedRecords {
    let clustered = expressions.flatMap { self.clustered(path, reading: $0) }
    var found = Neighbours(rows, in: mask)
    var isClustered = false
    var column: (FieldID) -> Column = relation.column
    for (index, step) in path.steps.enumerated() {
      switch step {
      case .up(let hop):
        try found.follow(column(hop.field))
        column = execution.database.table(hop.target).column
      case .down(let entity, let field):
        let table = execution.database.table(entity)
        let adjacency = try table.adjacency(of: field)
        let parents = index == 0 ? rows : .list(found.rows)
        let isIn = index == 0 ? mask : Mask(count: found.count)
        var next = Neighbours()
        if index == path.steps.count - 1 {
          let own = index == 0 ? windows : windows?.gathered(found.owners)
          isClustered =
            clustered != nil && append(placesIn: adjacency, parents, isIn, own, to: &next)
          if !isClustered { append(childrenIn: adjacency, parents, isIn, own, to: &next) }
        } else {
          adjacency.appendChildren(of: parents, in: isIn, to: &next)
        }
        try claim.cover(found.byteCount + next.byteCount)
        if index > 0 { next.takeOwners(from: found) }
        found = next
        column = table.column
      }
    }
    if path.mayRepeat { try found.removeRepeats() }
    return ReachedRecords(
      list: found, relation: isClustered ? clustered : nil, entity: path.entity)
  }

  private func append(
    placesIn adjacency: Adjacency, _ parents: Rows, _ mask: Mask, _ windows: TimeWindows?,
    to list: inout Neighbours
  ) -> Bool {
    guard let windows else { return adjacency.appendPlaces(of: parents, in: mask, to: &list) }
    return adjacency.appendPlaces(of: parents, in: mask, within: windows, to: &list)
  }

  private func append(
    childrenIn adjacency: Adjacency, _ parents: Rows, _ mask: Mask, _ windows: TimeWindows?,
    to list: inout Neighbours
  ) {
    guard let windows else { return adjacency.appendChildren(of: parents, in: mask, to: &list) }
    adjacency.appendChildren(of: parents, in: mask, within: windows, to: &list)
  }

  /// The relation in which the records a path leads to can be read side by side.
  private func clustered(
    _ path: RelatedPath, reading expressions: [BoundExpression]
  ) -> Relation? {
    guard let last = path.steps.last, let clustered = execution.clustered[last],
      let fields = RelatedChoice.fields(of: expressions),
      fields.allSatisfy(clustered.fields.contains)
    else { return nil }
    return clustered.relation
  }

  /// Gives the records in batches, with the offset of the row that each is related to.
  func batches(
    of found: ReachedRecords, outside: (Evaluator, Rows),
    _ body: (Batch, [Int32], Evaluator) throws(StoreError) -> Void
  ) throws(StoreError) {
    let evaluator = evaluator(over: found)
    defer { evaluator.outside = nil }
    let list = found.list
    var position = 0
    while position < list.count {
      try Cancellation.check()
      let end = min(position + Limits.batchRowCount, list.count)
      let owners = Array(list.owners[position..<end])
      evaluator.outside = (outside.0, outside.1, owners)
      try body(
        Batch(rows: Rows(list.rows[position..<end]), mask: Mask(count: end - position)), owners,
        evaluator)
      position = end
    }
  }

  private func evaluator(over found: ReachedRecords) -> Evaluator {
    let key = EvaluatorKey(
      entity: found.entity, clustered: found.relation.map { ObjectIdentifier($0) })
    if let evaluator = evaluators[key] { return evaluator }
    let relation = found.relation ?? Relation(execution.database.table(found.entity))
    let evaluator = Evaluator(execution, over: relation)
    evaluators[key] = evaluator
    return evaluator
  }
}

/// Records that a walk has reached.
struct ReachedRecords {
  /// Their rows, in the table or in the clustered relation.
  var list: Neighbours
  /// The clustered relation; nil where the rows are those of the table.
  var relation: Relation?
  /// Their entity.
  var entity: EntityID
}
