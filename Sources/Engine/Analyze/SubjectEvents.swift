import Store

/// The dated events of a verb's subjects, by subject, and each subject's by time.
struct SubjectEvents {
  /// Stands for an unknown value.
  static let unknown = Int64.min

  /// The events of subject *s* are at `starts[s] ..< starts[s + 1]`.
  var starts: [Int32] = [0]
  /// When each happened: days since 1970, ascending within a subject.
  var days: [Int32] = []
  /// For each of `BoundEvents.values` a word an event, or `unknown`; then, where events are in groups,
  /// the position in `groupKeys`.
  var values: [[Int64]]
  /// What each group of events has in common; nil where they are in none.
  var groupKeys: Vector?
  /// What was left out, and why.
  var leftOut = LeftOut()
  /// Covers lists that hold the events of all subjects; whoever has a copy of these has it too.
  var claim: BudgetClaim?

  /// Events that a verb does not look at.
  struct LeftOut: Hashable, Sendable {
    /// They belong to nobody.
    var withoutSubject = 0
    /// They have no date.
    var withoutDay = 0
    /// They happen after the as-of date.
    var later = 0
    /// Their entity says that they do not count: cancelled, returned.
    var invalid = 0

    /// Adds those of another part.
    mutating func add(_ other: LeftOut) {
      withoutSubject += other.withoutSubject
      withoutDay += other.withoutDay
      later += other.later
      invalid += other.invalid
    }
  }

  init(valueCount: Int) { values = Array(repeating: [], count: valueCount) }

  /// Subjects.
  var count: Int { starts.count - 1 }

  /// Bytes that the lists take.
  var byteCount: Int {
    (starts.capacity + days.capacity) * MemoryLayout<Int32>.stride
      + values.reduce(0) { $0 + $1.capacity } * MemoryLayout<Int64>.stride
  }

  /// Where a subject's events stand.
  @inline(__always)
  subscript(_ subject: Int) -> Range<Int> {
    Int(starts[subject])..<Int(starts[subject + 1])
  }

  /// The first day of all; nil without events.
  var firstDay: Int? { days.min().map(Int.init) }

  /// The newest day of all; nil without events.
  var newestDay: Int? { days.max().map(Int.init) }

  /// Forgets the subjects and their events, but not the memory.
  mutating func removeAll() {
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
    days.removeAll(keepingCapacity: true)
    for index in values.indices { values[index].removeAll(keepingCapacity: true) }
    leftOut = LeftOut()
  }

  /// Adds the subjects of another part behind these.
  mutating func append(_ other: SubjectEvents) {
    let base = starts[starts.count - 1]
    starts.append(contentsOf: other.starts.dropFirst().lazy.map { $0 &+ base })
    days.append(contentsOf: other.days)
    for index in values.indices { values[index].append(contentsOf: other.values[index]) }
    leftOut.add(other.leftOut)
    groupKeys = other.groupKeys
  }

  /// Puts the events of each subject in the order of `keys`, equal ones as they stand.
  ///
  /// - Throws: `interrupted`.
  mutating func sortWithinSubjects(by keys: [Int64]) throws(StoreError) {
    var order: [Int32] = []
    for subject in 0..<count {
      if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
      let range = self[subject]
      guard !isAscending(keys, range) else { continue }
      order = range.map { Int32(truncatingIfNeeded: $0) }
      order.sort { (keys[Int($0)], $0) < (keys[Int($1)], $1) }
      let sortedDays = order.map { days[Int($0)] }
      days.replaceSubrange(range, with: sortedDays)
      for index in values.indices {
        let sorted = order.map { values[index][Int($0)] }
        values[index].replaceSubrange(range, with: sorted)
      }
    }
  }

  private func isAscending(_ keys: [Int64], _ range: Range<Int>) -> Bool {
    var place = range.lowerBound + 1
    while place < range.upperBound {
      if keys[place] < keys[place - 1] { return false }
      place += 1
    }
    return true
  }
}

extension SubjectEvents {
  /// Calls `body` for each purchase occasion of a subject, a day with at least one event whose value
  /// is not negative: refunds are no occasions. Days come ascending, each with the sum of the values
  /// of its events that are no refunds, at most `Int64.max`.
  ///
  /// - Parameter value: Which of `values` holds the amount; unknown counts as nothing.
  @inline(__always)
  func forEachOccasion(
    of subject: Int, value: Int, _ body: (_ day: Int32, _ amount: Int64) -> Void
  ) {
    var place = Int(starts[subject])
    let end = Int(starts[subject + 1])
    while place < end {
      let day = days[place]
      var amount: Int64 = 0
      var isOccasion = false
      while place < end, days[place] == day {
        let word = values[value][place]
        if word >= 0 || word == Self.unknown {
          isOccasion = true
          if word > 0 { amount = amount.addingToLimit(word) }
        }
        place += 1
      }
      if isOccasion { body(day, amount) }
    }
  }
}

extension Int64 {
  /// The sum of two numbers that are not negative; the largest number where it is beyond that.
  @inline(__always)
  func addingToLimit(_ other: Int64) -> Int64 {
    let (sum, hasOverflown) = addingReportingOverflow(other)
    return hasOverflown ? .max : sum
  }
}
