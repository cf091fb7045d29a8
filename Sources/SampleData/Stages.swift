/// Turns a life into the history of its stages.
struct Stages {
  /// A row of `stage_changes`.
  struct Row: Dated {
    var customer: Int32
    var day: Int32
    /// `unknownCode` in the opening change.
    var from: UInt8
    var to: UInt8
    /// Index into `Sentences.reasons`.
    var reason: UInt8
  }

  /// A move that happens on its day if the customer is then in one of the stages `from`.
  private struct Intent {
    var day: Int
    var from: [Stage]
    var to: Stage
    var reason: Int?
  }

  private var intents: [Intent] = []

  /// Appends the changes of one customer to `rows` and returns the stage they end in, and since when.
  ///
  /// All that could move the customer is put in order of days; each move then happens only if
  /// it begins where the customer is, on a later day than the one before. So the history is a chain
  /// whatever the life was, and ends at the stage returned.
  mutating func record(
    _ life: Life, customer: Int, in rows: inout [Row], _ random: inout Random
  ) -> (stage: Stage, since: Int) {
    gather(life, &random)
    var stage = life.isWalkIn ? Stage.welcoming : Stage.recruitment
    var since = life.joined
    rows.append(
      Row(
        customer: Int32(customer), day: Int32(since), from: unknownCode, to: stage.rawValue,
        reason: reason(to: stage, nil, &random)))
    for intent in intents
    where intent.day > since && intent.day <= Timeline.lastDay && intent.from.contains(stage) {
      rows.append(
        Row(
          customer: Int32(customer), day: Int32(intent.day), from: stage.rawValue,
          to: intent.to.rawValue, reason: reason(to: intent.to, intent.reason, &random)))
      stage = intent.to
      since = intent.day
    }
    return (stage, since)
  }

  /// Collects the intents by day.
  private mutating func gather(_ life: Life, _ random: inout Random) {
    intents.removeAll(keepingCapacity: true)
    for beginning in life.beginnings {
      let first = Int(life.orderDays[beginning])
      add(first, [.recruitment], .welcoming)
      let known = first + random.between(30, 170)
      add(known, [.welcoming], .gettingToKnow)
      if beginning + 1 < life.orderDays.count {
        let second = Int(life.orderDays[beginning + 1])
        let secure = max(known + random.between(30, 150), second + random.between(3, 30))
        // Now and then a customer is secure without having been got to know.
        add(
          secure, random.chance(0.04) ? [.gettingToKnow, .welcoming] : [.gettingToKnow],
          .accountManagement)
      }
    }
    for complaint in life.complaints {
      guard let care = complaint.care else { continue }
      let isEarly = random.chance(0.4)
      add(
        care.from,
        isEarly ? [.accountManagement, .gettingToKnow, .welcoming] : [.accountManagement],
        .intensiveCare)
      if let until = care.until {
        add(until, [.intensiveCare], .accountManagement, Sentences.solvedReason)
      }
    }
    if let departure = life.departure, departure.isRecorded {
      add(departure.day, Self.all, .dissociation)
    }
    if let comeback = life.comeback {
      add(
        comeback.day, [.dissociation], comeback.isRecruitment ? .recruitment : .accountManagement,
        comeback.isRecruitment ? nil : Sentences.wonBackReason)
    }
  }

  private static let all: [Stage] = [
    .recruitment, .welcoming, .gettingToKnow, .accountManagement, .intensiveCare,
  ]

  /// Inserts an intent at its place; there are few.
  private mutating func add(_ day: Int, _ from: [Stage], _ to: Stage, _ reason: Int? = nil) {
    var place = intents.count
    while place > 0 && intents[place - 1].day > day { place -= 1 }
    intents.insert(Intent(day: day, from: from, to: to, reason: reason), at: place)
  }

  /// The given reason or one that fits the stage; about a third of the moves have none.
  private func reason(to stage: Stage, _ given: Int?, _ random: inout Random) -> UInt8 {
    if random.chance(0.3) { return unknownCode }
    if let given { return UInt8(given) }
    let range = Sentences.reasons(to: stage)
    let drawn = range.lowerBound + random.below(range.count)
    let isForReturns = drawn == Sentences.solvedReason || drawn == Sentences.wonBackReason
    return UInt8(isForReturns ? range.lowerBound : drawn)
  }
}
