import Store
import Syntax

/// Members, events and money of each cohort in each period since it began.
struct CohortCounts {
  /// The counts that grow with periods.
  private struct Lists {
    var sizes: [Int32] = []
    var members: [Int32] = []
    var events: [Int64] = []
    var money: [Int64] = []
    /// For each cohort and period whose last active period it is, for activity "or later".
    var lastMembers: [Int32] = []
  }

  private var lists = Lists()
  /// Subjects who began before the first period.
  private(set) var early = 0
  /// Events that are no activity.
  private(set) var refundCount = 0
  /// The first day of all; nil without events.
  private(set) var firstDay: Int?
  /// Whether a sum of money was beyond what 64 bits hold.
  private var isBeyond = false

  private var periods: CalendarPeriods
  private let amount: Int?
  init(amount: Int?, _ periods: CalendarPeriods, hasSums: Bool) {
    self.periods = periods
    self.amount = amount
    let count = periods.count
    lists.sizes = [Int32](repeating: 0, count: count)
    lists.members = [Int32](repeating: 0, count: count * count)
    lists.lastMembers = lists.members
    if hasSums {
      lists.events = [Int64](repeating: 0, count: count * count)
      lists.money = lists.events
    }
  }

  /// New subjects of each period.
  var sizes: [Int32] { lists.sizes }
  /// For cohort *c* and period *k* at `c * sizes.count + k` who is active.
  var members: [Int32] { lists.members }
  /// The same of events, where they are asked for.
  var events: [Int64] { lists.events }
  /// The same of money.
  var money: [Int64] { lists.money }

  /// Counts subjects in.
  ///
  /// - Throws: `amountOutOfRange` for a sum of money beyond 64 bits; `interrupted`.
  mutating func count(in source: SubjectEvents) throws(StoreError) {
    if let day = source.firstDay { firstDay = min(day, firstDay ?? day) }
    for start in stride(from: 0, to: source.count, by: 65_536) {
      try Cancellation.check()
      let subjects = start..<min(start + 65_536, source.count)
      if let amount {
        count(source, subjects, amounts: source.values[amount])
      } else {
        count(source, subjects)
      }
      if isBeyond { throw .amountOutOfRange }
    }
  }

  /// Subjects all of whose events are activity.
  private mutating func count(_ source: SubjectEvents, _ subjects: Range<Int>) {
    let width = sizes.count
    let starts = source.starts.span
    let days = source.days.span
    let (list, origin) = (periods.places, periods.firstDay)
    let places = list.span
    let hasSums = !events.isEmpty
    // In variables of their own the counts are not checked for other owners at every step.
    var (size, member, lastMember, event) = (sizes, members, lists.lastMembers, events)
    (lists.sizes, lists.members, lists.lastMembers, lists.events) = ([], [], [], [])
    defer {
      (lists.sizes, lists.members, lists.lastMembers, lists.events) =
        (size, member, lastMember, event)
    }
    var sizes = size.mutableSpan
    var members = member.mutableSpan
    var lastMembers = lastMember.mutableSpan
    var events = event.mutableSpan
    for subject in subjects {
      let (start, end) = (Int(starts[subject]), Int(starts[subject + 1]))
      guard start < end else { continue }
      let cohort = Int(places[Int(days[start]) - origin])
      guard cohort >= 0 else {
        early += 1
        continue
      }
      sizes[cohort] &+= 1
      let row = cohort * width - cohort
      var last = -1
      for place in start..<end {
        let period = Int(places[Int(days[place]) &- origin])
        // No branch: whether the next event is of the same period cannot be foretold.
        members[row &+ period] &+= period == last ? 0 : 1
        last = period
      }
      lastMembers[row + last] &+= 1
      guard hasSums else { continue }
      for place in start..<end { events[row + Int(places[Int(days[place]) - origin])] &+= 1 }
    }
  }

  /// Subjects whose events have amounts: a negative one is money but no activity.
  private mutating func count(
    _ source: SubjectEvents, _ subjects: Range<Int>, amounts: [Int64]
  ) {
    let width = sizes.count
    let starts = source.starts.span
    let days = source.days.span
    let amounts = amounts.span
    let (list, origin) = (periods.places, periods.firstDay)
    let places = list.span
    let hasSums = !events.isEmpty
    var (early, refundCount, isBeyond) = (0, 0, false)
    var (size, member, lastMember) = (sizes, members, lists.lastMembers)
    var (event, amount) = (events, money)
    lists = Lists()
    defer {
      lists = Lists(
        sizes: size, members: member, events: event, money: amount, lastMembers: lastMember)
    }
    var sizes = size.mutableSpan
    var members = member.mutableSpan
    var lastMembers = lastMember.mutableSpan
    var events = event.mutableSpan
    var money = amount.mutableSpan
    for subject in subjects {
      let (all, end) = (Int(starts[subject]), Int(starts[subject + 1]))
      var place = all
      while place < end, amounts[place] < 0, amounts[place] != SubjectEvents.unknown { place += 1 }
      refundCount += place - all
      guard place < end else { continue }
      let cohort = Int(places[Int(days[place]) - origin])
      guard cohort >= 0 else {
        early += 1
        continue
      }
      sizes[cohort] &+= 1
      let row = cohort * width - cohort
      var last = -1
      // A refund before the first purchase is money of its first period.
      if hasSums {
        for refund in all..<place { money[row + cohort].add(amounts[refund], &isBeyond) }
      }
      while place < end {
        let period = Int(places[Int(days[place]) - origin])
        let word = amounts[place]
        place += 1
        let isUnknown = word == SubjectEvents.unknown
        if hasSums, !isUnknown { money[row + period].add(word, &isBeyond) }
        if word < 0, !isUnknown {
          refundCount += 1
          continue
        }
        if hasSums { events[row + period] &+= 1 }
        guard period != last else { continue }
        members[row + period] &+= 1
        last = period
      }
      lastMembers[row + last] &+= 1
    }
    self.early += early
    self.refundCount += refundCount
    if isBeyond { self.isBeyond = true }
  }

  /// Adds what was counted of other subjects, over the same periods.
  ///
  /// - Throws: `amountOutOfRange` for a sum of money beyond 64 bits.
  mutating func add(_ other: CohortCounts) throws(StoreError) {
    lists.sizes.add(other.lists.sizes, &isBeyond)
    lists.members.add(other.lists.members, &isBeyond)
    lists.lastMembers.add(other.lists.lastMembers, &isBeyond)
    lists.events.add(other.lists.events, &isBeyond)
    lists.money.add(other.lists.money, &isBeyond)
    if isBeyond { throw .amountOutOfRange }
    early += other.early
    refundCount += other.refundCount
    firstDay = [firstDay, other.firstDay].compactMap { $0 }.min()
  }

  /// Leaves out periods at the beginning, in which nothing happened.
  ///
  /// - Parameter periods: The last of those there are.
  mutating func begin(with periods: CalendarPeriods) {
    let cut = self.periods.count - periods.count
    let width = self.periods.count
    self.periods = periods
    guard cut > 0 else { return }
    lists.sizes.removeFirst(cut)
    lists.members = lists.members.withoutFirst(cut, of: width)
    lists.lastMembers = lists.lastMembers.withoutFirst(cut, of: width)
    lists.events = lists.events.withoutFirst(cut, of: width)
    lists.money = lists.money.withoutFirst(cut, of: width)
  }

  /// Makes of what happened in each period what happened in it or later.
  ///
  /// - Throws: `amountOutOfRange` for a sum of money beyond 64 bits.
  mutating func accumulate() throws(StoreError) {
    let width = sizes.count
    lists.members = lists.lastMembers
    for cohort in 0..<width {
      let row = cohort * width
      for period in stride(from: width - cohort - 2, through: 0, by: -1) {
        lists.members[row + period] += lists.members[row + period + 1]
        guard !events.isEmpty else { continue }
        lists.events[row + period] &+= lists.events[row + period + 1]
        lists.money[row + period].add(lists.money[row + period + 1], &isBeyond)
      }
    }
    if isBeyond { throw .amountOutOfRange }
  }
}

extension FixedWidthInteger {
  /// Adds a number, and says when the sum is beyond what the type holds.
  @inline(__always)
  fileprivate mutating func add(_ other: Self, _ isBeyond: inout Bool) {
    let (sum, hasOverflown) = addingReportingOverflow(other)
    self = sum
    isBeyond = isBeyond || hasOverflown
  }
}

extension Array where Element: FixedWidthInteger {
  /// Adds the numbers of a list of the same length.
  fileprivate mutating func add(_ other: [Element], _ isBeyond: inout Bool) {
    for place in indices { self[place].add(other[place], &isBeyond) }
  }
}

extension Array {
  /// A square of rows of so many cells without its first rows and the last cells of the others; an
  /// empty one as it is.
  fileprivate func withoutFirst(_ cut: Int, of width: Int) -> [Element] {
    guard !isEmpty else { return self }
    return (cut..<width).flatMap { self[$0 * width..<($0 + 1) * width - cut] }
  }
}

/// The counts as rows, and the weighted means.
struct CohortTable {
  let counts: CohortCounts
  let periods: CalendarPeriods
  /// Whether the last period is not over.
  let isLastRunning: Bool
  /// For each period the mean over the cohorts that have completed it; nil where none has.
  private(set) var means: [Double?]
  private let measure: CohortOptions.Measure

  init(
    _ counts: CohortCounts, _ periods: CalendarPeriods, asOf: Int, _ measure: CohortOptions.Measure
  ) {
    self.counts = counts
    self.periods = periods
    self.measure = measure
    isLastRunning = asOf + 1 < CalendarPeriods.firstDay(of: periods.last + 1, periods.unit)
    means = []
    let count = periods.count
    let complete = count - (isLastRunning ? 1 : 0)
    for period in 0..<count {
      var (size, sum) = (0.0, 0.0)
      for cohort in 0..<max(0, complete - period) {
        size += Double(counts.sizes[cohort])
        sum += amount(cohort * count + period)
      }
      means.append(size > 0 ? sum / size : nil)
    }
  }

  /// What is divided by the size.
  private func amount(_ place: Int) -> Double {
    switch measure {
    case .members: Double(counts.members[place])
    case .orders: Double(counts.events[place])
    case .revenue: Double(counts.money[place])
    }
  }

  /// A cell; nil for one that has not begun or whose cohort is empty.
  func value(cohort: Int, period: Int) -> Double? {
    let size = counts.sizes[cohort]
    guard cohort + period < periods.count, size > 0 else { return nil }
    return amount(cohort * periods.count + period) / Double(size)
  }

  /// Money for each member, in minor units, half of one away from zero.
  private func money(cohort: Int, period: Int) throws(StoreError) -> Int64 {
    let money = counts.money[cohort * periods.count + period]
    guard let share = DecimalForm.quotient(Int128(money), Int128(counts.sizes[cohort])),
      share.magnitude <= Limits.moneyMinorMax.magnitude
    else { throw .amountOutOfRange }
    return share
  }

  /// The long form: of each cohort the periods that have begun.
  ///
  /// - Throws: `amountOutOfRange` for an amount that is no money.
  func columns() throws(StoreError) -> [Vector] {
    let count = periods.count
    let rowCount = count * (count + 1) / 2
    var words = (0..<4).map { _ in [Int64]() }
    for place in words.indices { words[place].reserveCapacity(rowCount) }
    var reals: [Double] = []
    var amounts: [Int64] = []
    var known: [UInt8] = []
    for cohort in 0..<count {
      let day = Int64(periods.firstDay(at: cohort))
      for period in 0..<(count - cohort) {
        words[0].append(day)
        words[1].append(Int64(counts.sizes[cohort]))
        words[2].append(Int64(period))
        words[3].append(Int64(counts.members[cohort * count + period]))
        let isOver = cohort + period < count - 1 || !isLastRunning
        let isKnown = isOver && counts.sizes[cohort] > 0
        known.append(isKnown ? 0x80 : 0)
        if measure == .revenue {
          amounts.append(isKnown ? try money(cohort: cohort, period: period) : 0)
        } else {
          reals.append(isKnown ? value(cohort: cohort, period: period) ?? 0 : 0)
        }
      }
    }
    let values =
      measure == .revenue
      ? Vector(words: amounts, known: known)
      : Vector(reals: reals, known: known)
    return words.map { Vector(words: $0) } + [values]
  }
}
