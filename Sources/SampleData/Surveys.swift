import Store

/// SERVQUAL answers of a panel of customers, from 2022 on.
///
/// Expectations and gaps differ by dimension; before a customer leaves, perceptions fall.
/// - Source: Parasuraman, Zeithaml & Berry: SERVQUAL, Journal of Retailing 64(1), 1988.
enum Surveys {
  /// A row of `surveys`: one dimension of one questionnaire.
  struct Row: Dated {
    var customer: Int32
    var day: Int32
    var dimension: UInt8
    var expectation: UInt8
    var perception: UInt8
    /// `unknownCode` where not answered.
    var recommend: UInt8
  }

  /// What customers expect of reliability, responsiveness, assurance, empathy and tangibles, and
  /// how far perceptions stay below.
  private static let expectations = [6.4, 6.1, 5.8, 5.4, 4.9]
  private static let shortfalls = [0.7, 1.2, 0.3, 0.8, -0.1]

  /// 2022-01-01, when the panel was set up.
  private static let firstDay = Day.number(year: 2022, month: 1, day: 1)

  /// Appends the answers of one customer, if in the panel, and returns the days of asking.
  static func add(
    customer: Int, life: Life, traits: Traits, mood: Double, to rows: inout [Row],
    _ random: inout Random
  ) -> [Int] {
    guard let first = life.firstOrder, random.chance(0.065) else { return [] }
    let leaving = life.departure
    let end = min(Timeline.lastDay, leaving?.day ?? Timeline.lastDay)
    var days: [Int] = []
    var day = first + random.between(40, 120)
    while day < min(end, leaving?.fadesFrom ?? end) {
      if day >= firstDay { days.append(day) }
      day += random.between(150, 300)
    }
    // The panel is asked once more when a customer seems to drift away.
    if let leaving, life.comeback == nil {
      let asked = leaving.day - random.between(20, 130)
      let isWithin = asked > first && asked >= firstDay && asked <= Timeline.lastDay
      if isWithin && random.chance(0.8) { days.append(asked) }
    }
    for day in days { answer(customer, on: day, life, mood: mood, to: &rows, &random) }
    return days
  }

  /// One questionnaire: five rows, now and then one dimension left out.
  private static func answer(
    _ customer: Int, on day: Int, _ life: Life, mood: Double, to rows: inout [Row],
    _ random: inout Random
  ) {
    let isFading = life.isFading(on: day)
    let feeling = (mood - 68) / 22 - (isFading ? 1.5 : 0)
    let strictness = 0.5 * random.noise()
    let recommend =
      random.chance(0.85)
      ? UInt8(clamp(7.2 + 1.6 * feeling + random.noise(), 0, 10)) : unknownCode
    for dimension in 0..<expectations.count where !random.chance(0.04) {
      let expected = expectations[dimension] + strictness + 0.6 * random.noise()
      let perceived =
        expectations[dimension] - shortfalls[dimension] + feeling + 0.6 * random.noise()
      rows.append(
        Row(
          customer: Int32(customer), day: Int32(day), dimension: UInt8(dimension),
          expectation: UInt8(clamp(expected, 1, 7)), perception: UInt8(clamp(perceived, 1, 7)),
          recommend: recommend))
    }
  }

  /// The nearest integer within the bounds.
  private static func clamp(_ value: Double, _ low: Int, _ high: Int) -> Int {
    min(high, max(low, Int(value + (value < 0 ? -0.5 : 0.5))))
  }
}
