import Store
import Syntax

/// The signals of `risk`: each compares a customer with the customer's own past.
package enum RiskSignal: Int, CaseIterable, Hashable, Sendable {
  case overdue, slowerPayments, lowBalance, spendDown, waiting, disappointed, quiet
  case satisfactionDown

  /// The column's name.
  package var name: String {
    switch self {
    case .overdue: "overdue"
    case .slowerPayments: "slower_payments"
    case .lowBalance: "low_balance"
    case .spendDown: "spend_down"
    case .waiting: "waiting"
    case .disappointed: "disappointed"
    case .quiet: "quiet"
    case .satisfactionDown: "satisfaction_down"
    }
  }

  /// Its figure: times the own usual gap, days late, an amount, a share, days.
  var column: AnalysisColumn {
    switch self {
    case .overdue, .slowerPayments, .quiet, .satisfactionDown: AnalysisColumn(name, .number)
    case .lowBalance: AnalysisColumn(name, .money)
    case .spendDown: AnalysisColumn(name, .number, .percent)
    case .waiting, .disappointed: AnalysisColumn(name, .integer)
    }
  }
}

/// The thresholds of the signals, from `settings`.
struct RiskThresholds: Sendable {
  var overdueFactor: Double
  var overdueOccasionsMin: Int
  var slowerFactor: Double
  var slowerInvoicesMin: Int
  var lowBalanceShare: Ratio
  var lowBalancesMin: Int
  var spendDownShare: Double
  /// A complaint open for more days waits: the strictest standard, else the setting.
  var waitingDays: Double
  var quietFactor: Double
  var quietContactsMin: Int
  var satisfactionDrop: Double
  var answersMin: Int
  /// What is recent, in days.
  var recentDays: Int
  /// What came before it, in months.
  var priorMonths: Int

  init(_ rules: HouseRules, waitingDays: Double?) {
    overdueFactor = rules.setting(.overdueFactor)
    overdueOccasionsMin = Int(rules.setting(.overdueOccasionsMin))
    slowerFactor = rules.setting(.slowerPaymentsFactor)
    slowerInvoicesMin = Int(rules.setting(.slowerPaymentsInvoicesMin))
    lowBalanceShare = Ratio(rules.setting(.lowBalancePercentile)) ?? Ratio(1, 10)
    lowBalancesMin = Int(rules.setting(.lowBalanceBalancesMin))
    spendDownShare = rules.setting(.spendDownShare)
    self.waitingDays = waitingDays ?? rules.setting(.waitingDays)
    quietFactor = rules.setting(.quietFactor)
    quietContactsMin = Int(rules.setting(.quietContactsMin))
    satisfactionDrop = rules.setting(.satisfactionDrop)
    answersMin = Int(rules.setting(.satisfactionAnswersMin))
    recentDays = Int(rules.setting(.recentDays))
    priorMonths = Int(rules.setting(.priorMonths))
  }
}

/// One signal over some customers that follow one another.
struct RiskFigures {
  /// The figure of who can be judged; not a number elsewhere.
  private(set) var values: [Double]
  /// Who shows the signal.
  private(set) var isShown: [Bool]
  private(set) var judgedCount = 0
  private(set) var shownCount = 0

  /// Judges each subject: `judge` gives the figure and whether it is a signal, or nil where there is
  /// not enough past.
  init(count: Int, _ judge: (_ subject: Int) -> (figure: Double, isSignal: Bool)?) {
    values = [Double](repeating: .nan, count: count)
    isShown = [Bool](repeating: false, count: count)
    for subject in 0..<count {
      guard let (figure, isSignal) = judge(subject) else { continue }
      values[subject] = figure
      judgedCount += 1
      guard isSignal else { continue }
      isShown[subject] = true
      shownCount += 1
    }
  }
}

extension RiskFigures {
  /// Days since the last occasion ÷ the median of the gaps between occasions.
  ///
  /// - Parameter amounts: Which of the events' values holds the amount; refunds are no occasions. Nil
  ///   where every event is one.
  static func silence(
    _ events: SubjectEvents, amounts: Int?, asOf: Int, factor: Double, occasionsMin: Int
  ) -> RiskFigures {
    let starts = events.starts.span
    let days = events.days.span
    let words = amounts.map { events.values[$0] } ?? []
    let values = words.span
    let hasAmounts = amounts != nil
    var gaps: [Int32] = []
    var figures = RiskFigures(count: events.count) { _ in nil }
    for subject in 0..<events.count {
      gaps.removeAll(keepingCapacity: true)
      var last = Int32.min
      var occasions = 0
      for place in Int(starts[subject])..<Int(starts[subject + 1]) {
        if hasAmounts, values[place] < 0, values[place] != SubjectEvents.unknown { continue }
        let day = days[place]
        guard day != last else { continue }
        if occasions > 0 { gaps.append(day - last) }
        last = day
        occasions += 1
      }
      guard occasions >= max(2, occasionsMin) else { continue }
      let silence = Double(Int32(truncatingIfNeeded: asOf) - last)
      let usual = median(&gaps)
      figures.set(subject, hundredths(silence / usual), isSignal: silence > factor * usual)
    }
    return figures
  }

  /// Takes in the judgement of a subject that had none.
  mutating func set(_ subject: Int, _ figure: Double, isSignal: Bool) {
    values[subject] = figure
    judgedCount += 1
    guard isSignal else { return }
    isShown[subject] = true
    shownCount += 1
  }

  /// The median of at least one gap: the mean of the middle two.
  private static func median(_ gaps: inout [Int32]) -> Double {
    // Gaps are few: insertion beats a general sort.
    var place = 1
    while place < gaps.count {
      let gap = gaps[place]
      var hole = place
      while hole > 0, gaps[hole - 1] > gap {
        gaps[hole] = gaps[hole - 1]
        hole -= 1
      }
      gaps[hole] = gap
      place += 1
      if place == Self.insertedCountMax {
        gaps.sort()
        break
      }
    }
    let middle = gaps.count / 2
    return gaps.count % 2 == 1
      ? Double(gaps[middle]) : Double(gaps[middle - 1] + gaps[middle]) / 2
  }

  private static let insertedCountMax = 64

  /// Rounded to two decimals, as figures are shown.
  static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  /// The mean days late of recent invoices against those before.
  ///
  /// - Parameter events: Days are those of issue; the first of the values are days late.
  static func slowerPayments(
    _ events: SubjectEvents, asOf: Int, _ thresholds: RiskThresholds
  ) -> RiskFigures {
    compareMeans(
      events, value: 0, asOf: asOf, thresholds, countsMin: (1, thresholds.slowerInvoicesMin)
    ) { recent, prior in (hundredths(recent), recent > thresholds.slowerFactor * prior)
    }
  }

  /// The mean perception of recent answers against those before.
  static func satisfactionDown(
    _ events: SubjectEvents, asOf: Int, _ thresholds: RiskThresholds
  ) -> RiskFigures {
    compareMeans(
      events, value: 0, asOf: asOf, thresholds,
      countsMin: (thresholds.answersMin, thresholds.answersMin)
    ) { recent, prior in
      (hundredths(prior - recent), prior - recent >= thresholds.satisfactionDrop)
    }
  }

  /// Compares the mean of a value in the recent days with that of the months before.
  private static func compareMeans(
    _ events: SubjectEvents, value: Int, asOf: Int, _ thresholds: RiskThresholds,
    countsMin: (recent: Int, prior: Int),
    _ judge: (_ recent: Double, _ prior: Double) -> (figure: Double, isSignal: Bool)
  ) -> RiskFigures {
    let recentFrom = asOf - thresholds.recentDays + 1
    let priorFrom = Day.add(months: -thresholds.priorMonths, to: recentFrom)
    let values = events.values[value]
    return RiskFigures(count: events.count) { subject in
      var (recentSum, recentCount, priorSum, priorCount) = (Int64(0), 0, Int64(0), 0)
      for place in events[subject] where values[place] != SubjectEvents.unknown {
        let day = Int(events.days[place])
        if day >= recentFrom {
          recentSum += values[place]
          recentCount += 1
        } else if day >= priorFrom {
          priorSum += values[place]
          priorCount += 1
        }
      }
      guard recentCount >= countsMin.recent, priorCount >= countsMin.prior else { return nil }
      return judge(
        Double(recentSum) / Double(recentCount), Double(priorSum) / Double(priorCount))
    }
  }

  /// The last balance against the own percentile (nearest rank) of the months before it.
  static func lowBalance(
    _ events: SubjectEvents, asOf: Int, _ thresholds: RiskThresholds
  ) -> RiskFigures {
    let from = Day.add(months: -thresholds.priorMonths, to: asOf) + 1
    let amounts = events.values[0]
    return RiskFigures(count: events.count) { subject in
      var known = events[subject].filter {
        amounts[$0] != SubjectEvents.unknown && Int(events.days[$0]) >= from
      }.map { amounts[$0] }
      guard let last = known.popLast(), known.count >= thresholds.lowBalancesMin else {
        return nil
      }
      known.sort()
      let rank = max(1, thresholds.lowBalanceShare.roundedUp(of: known.count))
      return (Double(last), last < known[rank - 1])
    }
  }

  /// The part by which the last whole months bring less than the same months a year before.
  static func spendDown(
    _ events: SubjectEvents, asOf: Int, _ thresholds: RiskThresholds
  ) -> RiskFigures {
    let (year, month, _) = Day.date(asOf)
    let end = Day.number(year: year, month: month, day: 1)
    let monthCount = max(1, (thresholds.recentDays + 15) / 30)
    let start = Day.add(months: -monthCount, to: end)
    let (earlierStart, earlierEnd) = (
      Int32(Day.add(months: -12, to: start)), Int32(Day.add(months: -12, to: end))
    )
    let (recentStart, recentEnd) = (Int32(start), Int32(end))
    let amounts = events.values[0]
    return RiskFigures(count: events.count) { subject in
      // Exact up to nine times the largest amount of money.
      var (recent, earlier) = (0.0, 0.0)
      for place in events[subject].reversed() {
        let day = events.days[place]
        if day < earlierStart { break }
        guard amounts[place] != SubjectEvents.unknown else { continue }
        if day >= recentStart, day < recentEnd {
          recent += Double(amounts[place])
        } else if day < earlierEnd {
          earlier += Double(amounts[place])
        }
      }
      guard earlier > 0 else { return nil }
      let share = 1 - recent / earlier
      return (max(0, share), share >= thresholds.spendDownShare)
    }
  }

  /// How long the oldest open complaint has been open; who has complained can be judged.
  ///
  /// - Parameter events: Days are those of opening; the first value is the day of resolution.
  static func waiting(
    _ events: SubjectEvents, asOf: Int, _ thresholds: RiskThresholds
  ) -> RiskFigures {
    let resolved = events.values[0]
    return RiskFigures(count: events.count) { subject in
      guard !events[subject].isEmpty else { return nil }
      let oldest = events[subject].first {
        resolved[$0] == SubjectEvents.unknown || resolved[$0] > asOf
      }
      let days = oldest.map { asOf - Int(events.days[$0]) } ?? 0
      return (Double(days), Double(days) > thresholds.waitingDays)
    }
  }

  /// Days since the last disappointed moment that no exceeded one has followed; 0 where one has, or
  /// none was.
  ///
  /// - Parameters:
  ///   - value: Which of the values is the outcome.
  ///   - bad: Its code for a disappointed moment.
  ///   - good: Its code for an exceeded one.
  static func disappointed(
    _ events: SubjectEvents, value: Int, bad: Int64, good: Int64, asOf: Int
  ) -> RiskFigures {
    let outcomes = events.values[value]
    return RiskFigures(count: events.count) { subject in
      var isJudged = false
      for place in events[subject].reversed() where outcomes[place] != SubjectEvents.unknown {
        isJudged = true
        if outcomes[place] == good { break }
        // The last of them tells how long it has gone without amends.
        if outcomes[place] == bad { return (Double(asOf - Int(events.days[place])), true) }
      }
      return isJudged ? (0, false) : nil
    }
  }
}
