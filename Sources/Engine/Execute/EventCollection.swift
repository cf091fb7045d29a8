import Store

/// Gathers the events of a verb's subjects: over a relation by walking from each subject to its
/// records, else by sorting the records that came in by whose they are.
struct EventCollection {
  let execution: Execution
  /// Events later than this day are left out.
  let asOf: Int

  /// The events of the values of a field of the records that came in, and these values.
  func events(
    _ events: BoundEvents, by key: BoundExpression, at rows: [Int32], in relation: Relation
  ) throws(StoreError) -> (keys: Vector, events: SubjectEvents) {
    let evaluator = Evaluator(execution, over: relation)
    let numbering = GroupNumbering([key], over: relation, execution)
    var gathered = Gathering(events, through: events.through ?? asOf, in: execution.database)
    let claim = BudgetClaim(execution.database.budget)
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
      try gathered.add(batch, owners, evaluator)
      ids.append(contentsOf: gathered.takeOwners())
      try claim.cover(ids.capacity * MemoryLayout<Int32>.stride + isThere.capacity)
      position = end
    }
    let keys = try numbering.keys()[0]
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
    let events = try gathered.sorted(by: ids.map { numbers[Int($0)] }, subjectCount: kept.count)
    return (keys.gathered(kept), events)
  }

  /// What keys are sorted by: references by the keys of their records.
  private func sortable(_ keys: Vector, as type: ValueType) -> Vector {
    guard case .reference(let target) = type else { return keys }
    let field = execution.database.catalog[target].key
    return execution.database.table(target).column(field).load(Rows(following: keys))
  }
}

/// Walks from subjects to their events, a stretch of subjects after the other.
struct EventWalk {
  private let walk: RelatedWalk
  private let outside: Evaluator
  private let relation: Relation
  /// What is asked for memory that grows with the events.
  let budget: Budget
  private var lists: [(bound: BoundEvents, path: RelatedPath, gathered: Gathering)] = []

  /// - Parameter events: Each of them reached over a relation.
  init(
    _ events: [BoundEvents], from relation: Relation, asOf: Int, _ execution: Execution
  ) {
    walk = RelatedWalk(execution)
    outside = Evaluator(execution, over: relation)
    self.relation = relation
    budget = execution.database.budget
    for bound in events {
      guard let path = bound.path else { preconditionFailure("events reached over a relation") }
      let through = bound.through ?? asOf
      lists.append((bound, path, Gathering(bound, through: through, in: execution.database)))
    }
  }

  /// The events of some subjects, at most a batch of them, for each of the lists.
  ///
  /// - Parameter rows: The subjects, ascending.
  mutating func read(_ rows: ArraySlice<Int32>) throws(StoreError) -> [SubjectEvents] {
    try Cancellation.check()
    let part = Rows(rows)
    let mask = Mask(count: part.count)
    var read: [SubjectEvents] = []
    for place in lists.indices {
      let (bound, path, _) = lists[place]
      let found = try walk.records(
        along: path, reading: bound.expressions, part, in: mask, from: relation)
      lists[place].gathered.removeAll()
      try walk.batches(of: found, outside: (outside, part)) {
        batch, owners, evaluator throws(StoreError) in
        try lists[place].gathered.add(batch, owners, evaluator)
      }
      read.append(try lists[place].gathered.finish(subjectCount: part.count))
    }
    return read
  }
}

/// Events on their way from batches into lists.
private struct Gathering {
  private let bound: BoundEvents
  /// Later events are left out.
  private let through: Int
  /// Whether statistics show that all have a day that is not later.
  private let areAllInTime: Bool
  private var events: SubjectEvents
  /// Numbers the groups of events, where they are in groups.
  private let groups: GroupTable?
  /// What the events of a subject are sorted by, when they do not come in that order.
  private var keys: [Int64] = []
  /// The subjects of the events since `endSubjects` or `takeOwners`.
  private var owners: [Int32] = []
  private let claim: BudgetClaim
  private let budget: Budget

  init(_ bound: BoundEvents, through: Int, in database: Database) {
    self.bound = bound
    self.through = through
    areAllInTime = EventStatistics(bound, in: database).areAll(through: through)
    budget = database.budget
    claim = BudgetClaim(budget)
    groups = bound.group.map {
      GroupTable(keyTypes: [$0.type], domains: [nil], budget: database.budget)
    }
    events = bound.none
  }

  /// Forgets the events, but neither their memory nor the groups.
  mutating func removeAll() {
    events.removeAll()
    keys.removeAll(keepingCapacity: true)
    owners.removeAll(keepingCapacity: true)
  }

  /// Takes in the events of a batch that count. An owner of -1 is nobody.
  mutating func add(
    _ batch: Batch, _ owners: [Int32], _ evaluator: Evaluator
  ) throws(StoreError) {
    var mask = batch.mask
    if let filter = bound.filter { try evaluator.keep(filter, batch.rows, in: &mask) }
    if mask.isNoneIn { return }
    if let valid = bound.valid {
      events.leftOut.invalid += try lost(from: &mask) { mask throws(StoreError) in
        try evaluator.keep(valid, batch.rows, in: &mask)
      }
    }
    if bound.path == nil {
      events.leftOut.withoutSubject += try lost(from: &mask) { mask in
        for offset in owners.indices where owners[offset] < 0 { mask.clear(offset) }
      }
    }
    let days = try evaluator.values(of: bound.day, batch.rows, in: mask)
    if !areAllInTime {
      events.leftOut.withoutDay += try lost(from: &mask) { $0.formAnd(Mask(knownIn: days)) }
      events.leftOut.later += try lost(from: &mask) {
        days.keep(.words(.min...Int64(through)), in: &$0)
      }
    }
    if mask.isNoneIn { return }
    let offsets = mask.isAllIn ? nil : mask.offsets
    events.days.append(words: days.words, at: offsets)
    self.owners.append(words: owners, at: offsets)
    for (index, expression) in bound.values.enumerated() {
      let values = try evaluator.values(of: expression, batch.rows, in: mask)
      append(values, at: offsets, to: &events.values[index])
    }
    if let group = bound.group, let groups {
      let keys = try evaluator.values(of: group, batch.rows, in: mask)
      let ids = try groups.ids(of: [keys], in: mask).map { $0 - 1 }
      events.values[events.values.count - 1].append(words: ids, at: offsets)
    }
    if let time = bound.time {
      append(try evaluator.values(of: time, batch.rows, in: mask), at: offsets, to: &keys)
    } else if !bound.isByOwnTime {
      keys.append(words: days.words, at: offsets)
    }
    try claim.cover(
      events.byteCount + keys.capacity * MemoryLayout<Int64>.stride
        + self.owners.capacity * MemoryLayout<Int32>.stride)
  }

  private func append(_ values: Vector, at offsets: [Int32]?, to words: inout [Int64]) {
    words.append(
      words: values.words, known: values.known, unknown: SubjectEvents.unknown, at: offsets)
  }

  /// How many rows of a batch some work takes out.
  private func lost(
    from mask: inout Mask, _ body: (inout Mask) throws(StoreError) -> Void
  ) throws(StoreError) -> Int {
    let before = mask.countIn
    try body(&mask)
    return before - mask.countIn
  }

  /// The subjects of the events added since they were last taken.
  mutating func takeOwners() -> [Int32] {
    defer { owners.removeAll(keepingCapacity: true) }
    return owners
  }

  /// The events of so many subjects, each subject's in order; owners count from the first of them and
  /// ascend.
  mutating func finish(subjectCount: Int) throws(StoreError) -> SubjectEvents {
    // Where each subject's events end: its last one writes last. A sum would wait for the one before.
    var starts = [Int32](repeating: 0, count: subjectCount + 1)
    for place in owners.indices {
      starts[Int(owners[place]) &+ 1] = Int32(truncatingIfNeeded: place &+ 1)
    }
    for subject in 0..<subjectCount {
      starts[subject &+ 1] = max(starts[subject &+ 1], starts[subject])
    }
    events.starts = starts
    if !keys.isEmpty { try events.sortWithinSubjects(by: keys) }
    events.groupKeys = try groups?.keys()[0]
    return events
  }

  /// The events by subject, each subject's in order.
  func sorted(by subjects: [Int32], subjectCount: Int) throws(StoreError) -> SubjectEvents {
    var result = SubjectEvents(valueCount: events.values.count)
    let claim = BudgetClaim(budget)
    try claim.cover(events.byteCount + subjectCount * MemoryLayout<Int32>.stride)
    result.claim = claim
    result.leftOut = events.leftOut
    result.groupKeys = try groups?.keys()[0]
    var starts = [Int32](repeating: 0, count: subjectCount + 1)
    for subject in subjects { starts[Int(subject) + 1] += 1 }
    for subject in 0..<subjectCount { starts[subject + 1] += starts[subject] }
    var next = starts
    var order = [Int32](repeating: 0, count: subjects.count)
    try Cancellation.forEachChunk(of: subjects.indices) { chunk in
      for event in chunk {
        let subject = Int(subjects[event])
        order[Int(next[subject])] = Int32(truncatingIfNeeded: event)
        next[subject] += 1
      }
    }
    result.starts = starts
    try Cancellation.forEachChunk(of: order.indices) { chunk in
      result.days += order[chunk].lazy.map { events.days[Int($0)] }
      for index in events.values.indices {
        result.values[index] += order[chunk].lazy.map { events.values[index][Int($0)] }
      }
    }
    let sortKeys = keys.isEmpty ? result.days.map(Int64.init) : order.map { keys[Int($0)] }
    try result.sortWithinSubjects(by: sortKeys)
    return result
  }
}
