import Store

/// Gathers the events of a verb's subjects: over a relation by walking from each subject to its
/// records, else by sorting the records that came in by whose they are.
struct EventCollection {
  let execution: Execution
  /// Events later than this day are left out.
  let asOf: Int
  /// Whether the work is worth two workers.
  let isShared: Bool

  /// The events of records, reached over a relation.
  ///
  /// - Parameter rows: The subjects, all valid rows of `relation`.
  func events(
    _ events: BoundEvents, along path: RelatedPath, of rows: [Int32], in relation: Relation
  ) throws(StoreError) -> SubjectEvents {
    let middle = rows.count / 2
    // Groups are numbered by one worker.
    guard isShared, events.group == nil, rows.count > 2 * Limits.batchRowCount else {
      return try walk(events, path, rows[...], relation)
    }
    var (first, second) = try onBothHalves(
      { () throws(StoreError) in try walk(events, path, rows[..<middle], relation) },
      { () throws(StoreError) in try walk(events, path, rows[middle...], relation) })
    first.append(second)
    second = SubjectEvents(valueCount: 0)
    return first
  }

  private func walk(
    _ events: BoundEvents, _ path: RelatedPath, _ rows: ArraySlice<Int32>, _ relation: Relation
  ) throws(StoreError) -> SubjectEvents {
    let walk = RelatedWalk(execution)
    let outside = Evaluator(execution, over: relation)
    var gathered = Gathering(events, subjectCount: rows.count, budget: execution.database.budget)
    var position = rows.startIndex
    while position < rows.endIndex {
      try Cancellation.check()
      let end = min(position + Limits.batchRowCount, rows.endIndex)
      let part = Rows.list(Array(rows[position..<end]))
      let mask = Mask(count: part.count)
      let found = try walk.neighbours(along: path, part, in: mask, from: relation)
      try walk.batches(of: found, on: path.entity, outside: (outside, part)) {
        batch, owners, evaluator throws(StoreError) in
        try gathered.add(batch, owners, evaluator, asOf: events.through ?? asOf)
      }
      gathered.endSubjects(part.count)
      position = end
    }
    return gathered.finish()
  }

  /// The events of the values of a field of the records that came in, and these values.
  func events(
    _ events: BoundEvents, by key: BoundExpression, at rows: [Int32], in relation: Relation
  ) throws(StoreError) -> (keys: Vector, events: SubjectEvents) {
    let evaluator = Evaluator(execution, over: relation)
    let numbering = GroupNumbering([key], over: relation, budget: execution.database.budget)
    var gathered = Gathering(events, subjectCount: 0, budget: execution.database.budget)
    var ids: [Int32] = []
    // A value of few is numbered even if no record has it, and is no subject then.
    var isThere = [Bool](repeating: false, count: numbering.groupCount)
    var position = 0
    while position < rows.count {
      try Cancellation.check()
      let end = min(position + Limits.batchRowCount, rows.count)
      let part = Rows.list(Array(rows[position..<end]))
      let batch = Batch(rows: part, mask: Mask(count: part.count))
      var owners = try numbering.ids(batch, evaluator)
      let known = Mask(knownIn: try evaluator.values(of: key, part, in: batch.mask))
      for offset in owners.indices {
        // Records of nobody are left out and counted.
        owners[offset] = known.bytes[offset] == 0 ? -1 : owners[offset] - 1
      }
      isThere += repeatElement(false, count: max(0, numbering.groupCount - isThere.count))
      for owner in owners where owner >= 0 { isThere[Int(owner)] = true }
      try gathered.add(batch, owners, evaluator, asOf: events.through ?? asOf)
      ids.append(contentsOf: gathered.takeOwners())
      position = end
    }
    let keys = numbering.keys()[0]
    let subjects = Mask(knownIn: keys).offsets.filter { isThere[Int($0)] }
    return try bySubject(gathered, ids, keys, subjects, as: key.type)
  }

  /// Sorts gathered events by their subjects, in the order of the keys of these: not in that in which
  /// they happened to come.
  ///
  /// - Parameter subjects: The groups that are subjects.
  private func bySubject(
    _ gathered: Gathering, _ ids: [Int32], _ keys: Vector, _ subjects: [Int32], as type: ValueType
  ) throws(StoreError) -> (keys: Vector, events: SubjectEvents) {
    let order = try RowOrder.sorted(
      count: subjects.count, by: [SortKey(sortable(keys.gathered(subjects), as: type))])
    let kept = RowSelection.rows(subjects, at: order)
    var numbers = [Int32](repeating: -1, count: keys.count)
    for (number, id) in kept.enumerated() {
      numbers[Int(id)] = Int32(truncatingIfNeeded: number)
    }
    let events = gathered.sorted(by: ids.map { numbers[Int($0)] }, subjectCount: kept.count)
    return (keys.gathered(kept), events)
  }

  /// What keys are sorted by: references by the keys of their records.
  private func sortable(_ keys: Vector, as type: ValueType) -> Vector {
    guard case .reference(let target) = type else { return keys }
    let field = execution.database.catalog[target].key
    return execution.database.table(target).column(field).load(Rows(following: keys))
  }
}

/// Events on their way from batches into lists.
private struct Gathering {
  private let bound: BoundEvents
  private var events: SubjectEvents
  /// Numbers the groups of events, where they are in groups.
  private let groups: GroupTable?
  /// What the events of a subject are sorted by, when they do not come in that order.
  private var keys: [Int64] = []
  /// The subjects of the events since `endSubjects` or `takeOwners`.
  private var owners: [Int32] = []

  init(_ bound: BoundEvents, subjectCount: Int, budget: Budget) {
    self.bound = bound
    groups = bound.group.map { GroupTable(keyTypes: [$0.type], domains: [nil], budget: budget) }
    events = SubjectEvents(valueCount: bound.values.count + (groups == nil ? 0 : 1))
    events.starts.reserveCapacity(subjectCount + 1)
  }

  /// Takes in the events of a batch that count. An owner of -1 is nobody.
  mutating func add(
    _ batch: Batch, _ owners: [Int32], _ evaluator: Evaluator, asOf: Int
  ) throws(StoreError) {
    var mask = batch.mask
    if let filter = bound.filter { try evaluator.keep(filter, batch.rows, in: &mask) }
    if mask.isNoneIn { return }
    var isValid = mask
    if let valid = bound.valid { try evaluator.keep(valid, batch.rows, in: &isValid) }
    let days = try evaluator.values(of: bound.day, batch.rows, in: mask)
    guard case .words(let dayWords) = days.values else {
      preconditionFailure("the day of an event is a date")
    }
    for offset in owners.indices where mask.bytes[offset] != 0 {
      if isValid.bytes[offset] == 0 {
        events.leftOut.invalid += 1
      } else if owners[offset] < 0 {
        events.leftOut.withoutSubject += 1
      } else if days.known[offset] == 0 {
        events.leftOut.withoutDay += 1
      } else if dayWords[offset] > asOf {
        events.leftOut.later += 1
      } else {
        continue
      }
      isValid.bytes[offset] = 0
    }
    let offsets = isValid.offsets
    events.days.append(
      contentsOf: offsets.lazy.map { Int32(truncatingIfNeeded: dayWords[Int($0)]) })
    self.owners.append(contentsOf: offsets.lazy.map { owners[Int($0)] })
    for (index, expression) in bound.values.enumerated() {
      let values = try evaluator.values(of: expression, batch.rows, in: isValid)
      append(values, at: offsets, to: &events.values[index])
    }
    if let group = bound.group, let groups {
      let keys = try evaluator.values(of: group, batch.rows, in: isValid)
      let ids = try groups.ids(of: [keys], in: isValid)
      let last = events.values.count - 1
      for offset in offsets { events.values[last].append(Int64(ids[Int(offset)]) - 1) }
    }
    if let time = bound.time {
      let values = try evaluator.values(of: time, batch.rows, in: isValid)
      append(values, at: offsets, to: &keys)
    } else if !bound.isByOwnTime {
      keys.append(contentsOf: offsets.map { dayWords[Int($0)] })
    }
  }

  private func append(_ values: Vector, at offsets: [Int32], to words: inout [Int64]) {
    guard case .words(let source) = values.values else {
      preconditionFailure("what a verb reads of events are words")
    }
    let known = values.known
    words.append(
      contentsOf: offsets.lazy.map { offset in
        known[Int(offset)] == 0 ? SubjectEvents.unknown : source[Int(offset)]
      })
  }

  /// Closes the lists of the next `count` subjects; owners count from the first of them.
  mutating func endSubjects(_ count: Int) {
    let base = Int32(truncatingIfNeeded: events.days.count - owners.count)
    var place = 0
    for subject in 0..<count {
      while place < owners.count, Int(owners[place]) == subject { place += 1 }
      events.starts.append(base + Int32(truncatingIfNeeded: place))
    }
    owners.removeAll(keepingCapacity: true)
  }

  /// The subjects of the events added since they were last taken.
  mutating func takeOwners() -> [Int32] {
    defer { owners.removeAll(keepingCapacity: true) }
    return owners
  }

  /// The events, each subject's in order.
  consuming func finish() -> SubjectEvents {
    if !keys.isEmpty { events.sortWithinSubjects(by: keys) }
    events.groupKeys = groups?.keys()[0]
    return events
  }

  /// The events by subject, each subject's in order.
  func sorted(by subjects: [Int32], subjectCount: Int) -> SubjectEvents {
    var result = SubjectEvents(valueCount: events.values.count)
    result.leftOut = events.leftOut
    result.groupKeys = groups?.keys()[0]
    var starts = [Int32](repeating: 0, count: subjectCount + 1)
    for subject in subjects { starts[Int(subject) + 1] += 1 }
    for subject in 0..<subjectCount { starts[subject + 1] += starts[subject] }
    var next = starts
    var order = [Int32](repeating: 0, count: subjects.count)
    for (event, subject) in subjects.enumerated() {
      order[Int(next[Int(subject)])] = Int32(truncatingIfNeeded: event)
      next[Int(subject)] += 1
    }
    result.starts = starts
    result.days = order.map { events.days[Int($0)] }
    for index in events.values.indices {
      result.values[index] = order.map { events.values[index][Int($0)] }
    }
    let sortKeys = keys.isEmpty ? result.days.map(Int64.init) : order.map { keys[Int($0)] }
    result.sortWithinSubjects(by: sortKeys)
    return result
  }
}
