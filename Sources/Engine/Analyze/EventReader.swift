import Store

/// The dated events of a verb's subjects, read when the verb asks for them: all at once, or in
/// stretches of subjects that fit a processor's cache, which is faster where each subject is judged by
/// itself.
final class EventReader {
  /// Some subjects that follow one another, and their events.
  struct Stretch {
    /// Which subjects.
    var subjects: Range<Int>
    /// For each of `BoundAnalysis.events` the events, of subjects counted from the first of these.
    var events: [SubjectEvents]
  }

  private enum Source {
    /// Events gathered before.
    case gathered([SubjectEvents])
    /// Events to walk to from the rows of the subjects, ascending.
    case walk([Int32], isShared: Bool, ([Int], _ hasValues: Bool) -> EventWalk)
  }

  private let source: Source
  /// For each list the events of no subject.
  let none: [SubjectEvents]
  /// What was left out of each list, as far as it was read.
  private(set) var leftOut: [SubjectEvents.LeftOut]
  /// The newest day of all events read; nil without one.
  private(set) var newestDay: Int?
  /// For each list what is known of its events before they are read.
  let statistics: [EventStatistics]

  /// Events at hand.
  init(_ events: [SubjectEvents]) {
    source = .gathered(events)
    none = events.map { SubjectEvents(valueCount: $0.values.count) }
    leftOut = events.map(\.leftOut)
    newestDay = events.compactMap(\.newestDay).max()
    statistics = events.map(EventStatistics.init)
  }

  /// Events to walk to.
  ///
  /// - Parameters:
  ///   - rows: The subjects, ascending.
  ///   - none: For each list the events of no subject.
  ///   - statistics: For each list what is known of its events.
  ///   - isShared: Whether two workers may walk.
  ///   - walk: Makes a walk to some of the lists, with or without the values of events.
  init(
    of rows: [Int32], none: [SubjectEvents], statistics: [EventStatistics], isShared: Bool,
    walk: @escaping ([Int], _ hasValues: Bool) -> EventWalk
  ) {
    source = .walk(rows, isShared: isShared, walk)
    self.statistics = statistics
    self.none = none
    leftOut = none.map(\.leftOut)
  }

  /// Covers what was made of the events of all subjects.
  private var claims: [BudgetClaim] = []

  /// The lists, each for one of `BoundAnalysis.events`.
  var lists: Range<Int> { none.indices }

  /// All events of a list.
  func all(_ list: Int) throws(StoreError) -> SubjectEvents {
    if case .gathered(let events) = source { return events[list] }
    var halves = try read(
      [list], hasValues: true, { _ in none[list] }, byteCount: \.byteCount,
      take: { $0.append($1.events[0]) })
    // Taken out of the list, so that it is appended to in place.
    var all = halves.removeFirst()
    for half in halves { all.append(half) }
    try Cancellation.check()
    return all
  }

  /// Goes through all subjects, a stretch after the other, two workers each through one half of them.
  ///
  /// - Parameters:
  ///   - make: Makes what a half of the subjects comes to, to begin with.
  ///   - hasValues: Whether the values of events are read; without them the lists are empty.
  ///   - byteCount: The bytes that it takes, of which the budget is asked; they count as held as long
  ///     as the reader is there.
  ///   - take: Takes a stretch in.
  /// - Returns: What each half comes to, in the order of the subjects; one where there is one worker.
  func fold<State>(
    hasValues: Bool = true, _ make: (_ subjects: Range<Int>) -> State,
    byteCount: (State) -> Int = { _ in 0 },
    take: (inout State, Stretch) throws(StoreError) -> Void
  ) throws(StoreError) -> [State] {
    if case .gathered(let events) = source {
      let subjects = 0..<(events.first?.count ?? 0)
      var state = make(subjects)
      try take(&state, Stretch(subjects: subjects, events: events))
      return [state]
    }
    return try read(Array(lists), hasValues: hasValues, make, byteCount: byteCount, take: take)
  }

  private func read<State>(
    _ lists: [Int], hasValues: Bool, _ make: (_ subjects: Range<Int>) -> State,
    byteCount: (State) -> Int,
    take: (inout State, Stretch) throws(StoreError) -> Void
  ) throws(StoreError) -> [State] {
    guard case .walk(let rows, let isShared, let walk) = source else {
      preconditionFailure("gathered events are there")
    }
    func half(_ subjects: Range<Int>) throws(StoreError) -> (State, Found, BudgetClaim) {
      var walk = walk(lists, hasValues)
      let claim = BudgetClaim(walk.budget)
      var state = make(subjects)
      var found = Found(listCount: lists.count)
      var position = subjects.lowerBound
      while position < subjects.upperBound {
        let end = min(position + Limits.batchRowCount, subjects.upperBound)
        let events = try walk.read(rows[position..<end])
        found.note(events)
        try take(&state, Stretch(subjects: position..<end, events: events))
        try claim.cover(byteCount(state))
        position = end
      }
      return (state, found, claim)
    }
    guard isShared, rows.count > 2 * Limits.batchRowCount else {
      let (state, found, claim) = try half(0..<rows.count)
      note(found, of: lists)
      claims.append(claim)
      return [state]
    }
    let middle = rows.count / 2
    let (first, second) = try onBothHalves(
      { () throws(StoreError) in try half(0..<middle) },
      { () throws(StoreError) in try half(middle..<rows.count) })
    var found = first.1
    found.add(second.1)
    note(found, of: lists)
    claims += [first.2, second.2]
    return [first.0, second.0]
  }

  private func note(_ found: Found, of lists: [Int]) {
    for (place, list) in lists.enumerated() { leftOut[list] = found.leftOut[place] }
    newestDay = [newestDay, found.newestDay].compactMap { $0 }.max()
  }

  /// What a worker found beside the events.
  private struct Found {
    var leftOut: [SubjectEvents.LeftOut]
    var newestDay: Int?

    init(listCount: Int) {
      leftOut = [SubjectEvents.LeftOut](repeating: SubjectEvents.LeftOut(), count: listCount)
    }

    mutating func note(_ events: [SubjectEvents]) {
      for (place, events) in events.enumerated() {
        leftOut[place].add(events.leftOut)
        if let day = events.newestDay { newestDay = max(day, newestDay ?? day) }
      }
    }

    mutating func add(_ other: Found) {
      for place in leftOut.indices { leftOut[place].add(other.leftOut[place]) }
      newestDay = [newestDay, other.newestDay].compactMap { $0 }.max()
    }
  }
}
