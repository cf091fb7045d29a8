import Store

/// The events of one relation, or of the history of stages, that may be steps of a funnel: by subject,
/// each subject's in order.
struct FunnelEvents {
  /// Bytes that an event takes here and, with its days, among the steps that were come to.
  static let byteCountPerEvent = 32

  /// The events of subject *s* are at `starts[s] ..< starts[s + 1]`.
  private(set) var starts: [Int32] = [0]
  /// What events of several relations are compared by: days, or seconds where all have a time of day.
  private(set) var moments: [Int64] = []
  /// When each happened, a day.
  private(set) var days: [Int32] = []
  /// For each the steps that it may be, as bits.
  private(set) var steps: [UInt32] = []
  /// For each the steps whose stage it only passes, as bits.
  private(set) var passed: [UInt32] = []
  /// Subjects whose history begins at a later stage than the first.
  private(set) var lateOpenings = 0
  /// Subjects without a recorded opening, whose stage counts since the day they say themselves.
  private(set) var assumedOpenings = 0
  /// Those among them who say no day: their stage is left out.
  private(set) var undatedOpenings = 0

  /// Where a subject's events stand.
  subscript(_ subject: Int) -> Range<Int> { Int(starts[subject])..<Int(starts[subject + 1]) }

  /// The events of a relation.
  ///
  /// - Parameters:
  ///   - flags: For each step of the relation which of the values says that an event may be it; nil
  ///     where each may.
  ///   - moment: Which of the values is compared by; nil for the day.
  /// - Throws: `interrupted`.
  init(
    _ events: SubjectEvents, _ flags: [(step: Int, value: Int?)], moment: Int?
  ) throws(StoreError) {
    starts = events.starts
    days = events.days
    moments = moment.map { events.values[$0] } ?? events.days.map(Int64.init)
    steps = [UInt32](repeating: 0, count: days.count)
    passed = steps
    for (step, value) in flags {
      try Cancellation.check()
      let bit = UInt32(1) << UInt32(step)
      guard let value else {
        for place in steps.indices { steps[place] |= bit }
        continue
      }
      for (place, word) in events.values[value].enumerated() where word == 1 {
        steps[place] |= bit
      }
    }
  }

  /// The changes of a history of stages: the values of each are the code before and the one after.
  ///
  /// - Parameters:
  ///   - stages: The stage of each step that is one.
  ///   - now: Of each subject its stage, since when, and when the subject itself began.
  /// - Throws: `interrupted`.
  init(
    _ events: SubjectEvents, _ stages: [(step: Int, code: UInt8)], _ ways: StageWays,
    now: (stage: Vector, since: Vector?, began: Vector?)?, moment: Int?
  ) throws(StoreError) {
    starts.reserveCapacity(events.count + 1)
    for subject in 0..<events.count {
      if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
      let range = events[subject]
      open(subject, events, range, now, hasTime: moment != nil, stages, ways)
      for place in range {
        let (from, to) = (events.values[0][place], events.values[1][place])
        guard to != SubjectEvents.unknown else { continue }
        let before = from == SubjectEvents.unknown ? nil : UInt8(truncatingIfNeeded: from)
        let after = UInt8(truncatingIfNeeded: to)
        if before == nil, after > 0 { lateOpenings += 1 }
        append(
          ways.stages(from: before, to: after), before == nil ? nil : after, events.days[place],
          moment.map { events.values[$0][place] } ?? Int64(events.days[place]), stages)
      }
      starts.append(Int32(truncatingIfNeeded: days.count))
    }
  }

  /// A history without an opening begins with what was before its first change, and no history at all
  /// with the stage there is now.
  private mutating func open(
    _ subject: Int, _ events: SubjectEvents, _ range: Range<Int>,
    _ now: (stage: Vector, since: Vector?, began: Vector?)?, hasTime: Bool,
    _ stages: [(step: Int, code: UInt8)], _ ways: StageWays
  ) {
    func day(_ vector: Vector?) -> Int32? {
      guard let vector, case .word(let day) = vector[subject] else { return nil }
      return Int32(truncatingIfNeeded: day)
    }
    var opening: (code: UInt8, day: Int32?)?
    if let first = range.first {
      let from = events.values[0][first]
      guard from != SubjectEvents.unknown else { return }
      let day = min(day(now?.began) ?? events.days[first], events.days[first])
      opening = (UInt8(truncatingIfNeeded: from), day)
    } else if let now, case .word(let code) = now.stage[subject] {
      opening = (UInt8(truncatingIfNeeded: code), day(now.since) ?? day(now.began))
    }
    guard let opening else { return }
    guard let day = opening.day else {
      undatedOpenings += 1
      return
    }
    assumedOpenings += 1
    if opening.code > 0 { lateOpenings += 1 }
    append(
      ways.stages(from: nil, to: opening.code), nil, day,
      hasTime ? Int64(day) * 86_400 : Int64(day), stages)
  }

  /// Adds an event that is a step.
  ///
  /// - Parameter entered: The stage that a move leads to, which passes the others; nil at an opening.
  private mutating func append(
    _ reached: Set<UInt8>, _ entered: UInt8?, _ day: Int32, _ moment: Int64,
    _ stages: [(step: Int, code: UInt8)]
  ) {
    var bits: (steps: UInt32, passed: UInt32) = (0, 0)
    for (step, code) in stages where reached.contains(code) {
      bits.steps |= 1 << UInt32(step)
      if let entered, code != entered { bits.passed |= 1 << UInt32(step) }
    }
    guard bits.steps != 0 else { return }
    steps.append(bits.steps)
    passed.append(bits.passed)
    days.append(day)
    moments.append(moment)
  }
}
