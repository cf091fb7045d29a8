import Store
import Syntax

/// Moments of truth: how many contacts exceeded, met or disappointed what was expected, and whether a
/// disappointment was made good.
///
/// The unit is one interaction whose outcome is known, within the window asked for. Net is exceeded
/// less disappointed. A disappointed one has recovered when the same customer has an exceeded one
/// later and within the days of recovery, and is repeated when it has a disappointed one so; it may be
/// both. Later is by the time of day where the events have one, equal times are not later; days are
/// calendar days. What follows may lie after the window, up to the as-of date, and in any group. A
/// disappointment whose days have not passed counts by what has happened.
///
/// - Source: moments of truth: Normann, Service Management, 1984; the recovery effect: McCollough and
///   Bharadwaj, The Recovery Paradox, in Marketing Theory and Applications, AMA, 1992.
struct Moments: Analysis {
  var grouping: VerbGroups
  /// What the codes of an outcome mean.
  var outcomes: Outcomes
  /// Days within which what follows counts.
  var recoveryDays: Int
  /// Which of the values read of an event says that it lies in the window; nil is all.
  var windowPlace: Int?
  /// Which of the values is its time of day in seconds; nil where events have days only.
  var timePlace: Int?
  /// What the events are called.
  var plural: String

  /// Codes of outcomes.
  struct Outcomes: Hashable, Sendable {
    var exceeded: Int64
    var met: Int64
    var disappointed: Int64
  }

  var columns: [AnalysisColumn] { [AnalysisColumn("group", grouping.type)] + Self.figures }

  var summaryColumns: [AnalysisColumn] {
    [AnalysisColumn("moments", .integer)] + Self.figures + [AnalysisColumn("undecided", .integer)]
  }

  private static let figures = [
    AnalysisColumn("exceeded", .integer), AnalysisColumn("met", .integer),
    AnalysisColumn("disappointed", .integer),
    AnalysisColumn("exceeded_share", .number, .percent),
    AnalysisColumn("met_share", .number, .percent),
    AnalysisColumn("disappointed_share", .number, .percent), AnalysisColumn("net", .integer),
    AnalysisColumn("recovered", .integer), AnalysisColumn("repeated", .integer),
  ]

  var detail: String {
    let within = "recovery within \(recoveryDays) days"
    return grouping.detail.isEmpty ? within : "\(grouping.detail), \(within)"
  }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let events = try input.events.all(0)
    let groups = try grouping.number(input, events)
    var tallies = [Tally](repeating: Tally(), count: groups.keys.count)
    let lanes = Lanes(events, windowPlace: windowPlace, timePlace: timePlace, grouping.form)
    for subject in 0..<events.count {
      if subject % Limits.batchRowCount == 0 { try Cancellation.check() }
      let group = groups.subjects.isEmpty ? 0 : Int(groups.subjects[subject])
      judge(events[subject], lanes, group, asOf: input.asOf, into: &tallies)
    }
    let order = groups.order.filter { grouping.form == .none || tallies[Int($0)].isSeen }
    var total = Tally()
    for tally in tallies { total.add(tally) }
    let shown = order.map { tallies[Int($0)] }
    var result = AnalysisResult(
      columns: [groups.keys.gathered(order)] + columns(shown),
      summary: [Scalar(total.known)] + total.figures + [Scalar(total.undecided)],
      drawing: drawing(shown, order.map { groups.keys[Int($0)] }, input.database))
    result.facts = facts(total)
    let silentCount = groups.order.count - order.count
    if grouping.form != .events, silentCount > 0 {
      result.facts.append(.moments(.silent(groupCount: silentCount, plural: plural)))
    }
    return result
  }

  /// What is read of the events, one list each.
  private struct Lanes {
    let days: [Int32]
    let outcomes: [Int64]
    /// 1 for those in the window; nil is all.
    let isInWindow: [Int64]?
    /// Seconds; nil where events have days only.
    let times: [Int64]?
    /// The group of each; nil where subjects are in groups, or all are in one.
    let groups: [Int64]?

    init(_ events: SubjectEvents, windowPlace: Int?, timePlace: Int?, _ form: VerbGroups.Form) {
      days = events.days
      outcomes = events.values[0]
      isInWindow = windowPlace.map { events.values[$0] }
      times = timePlace.map { events.values[$0] }
      groups = form == .events ? events.values.last : nil
    }

    func isSameTime(_ a: Int, _ b: Int) -> Bool {
      times.map { $0[a] == $0[b] } ?? (days[a] == days[b])
    }
  }

  /// Counts the events of a subject from the last back, so that what follows is known.
  private func judge(
    _ places: Range<Int>, _ lanes: Lanes, _ group: Int, asOf: Int, into tallies: inout [Tally]
  ) {
    var next = (exceeded: Int32.max, disappointed: Int32.max)
    var end = places.upperBound
    while end > places.lowerBound {
      // Events of one time do not follow each other.
      var start = end - 1
      while start > places.lowerBound, lanes.isSameTime(start - 1, end - 1) { start -= 1 }
      for place in start..<end where lanes.isInWindow.map({ $0[place] == 1 }) ?? true {
        let group = lanes.groups.map { Int($0[place]) } ?? group
        count(lanes.outcomes[place], on: lanes.days[place], next, asOf, into: &tallies[group])
      }
      for place in start..<end {
        let outcome = lanes.outcomes[place]
        if outcome == outcomes.exceeded { next.exceeded = lanes.days[place] }
        if outcome == outcomes.disappointed { next.disappointed = lanes.days[place] }
      }
      end = start
    }
  }

  /// Counts one moment, of which the next exceeded and disappointed ones are known.
  private func count(
    _ outcome: Int64, on day: Int32, _ next: (exceeded: Int32, disappointed: Int32), _ asOf: Int,
    into tally: inout Tally
  ) {
    tally.isSeen = true
    switch outcome {
    case outcomes.exceeded: tally.exceeded += 1
    case outcomes.met: tally.met += 1
    case outcomes.disappointed:
      tally.disappointed += 1
      let isRecovered = isWithin(next.exceeded, of: day)
      let isRepeated = isWithin(next.disappointed, of: day)
      if isRecovered { tally.recovered += 1 }
      if isRepeated { tally.repeated += 1 }
      if !isRecovered, !isRepeated, asOf - Int(day) < recoveryDays { tally.undecided += 1 }
    default: tally.unknown += 1
    }
  }

  @inline(__always)
  private func isWithin(_ next: Int32, of day: Int32) -> Bool {
    next != Int32.max && Int(next) - Int(day) <= recoveryDays
  }

  private func columns(_ tallies: [Tally]) -> [Vector] {
    let rows = tallies.map(\.figures)
    return Self.figures.indices.map { column in
      Vector(rows.map { $0[column] }, as: Self.figures[column].type)
    }
  }

  /// What all moments were; or the net of each group and the share that disappointed.
  private func drawing(
    _ tallies: [Tally], _ keys: [Scalar], _ database: Database
  ) -> Drawing? {
    guard tallies.contains(where: { $0.known > 0 }), tallies.count <= VerbGroups.barCountMax else {
      return nil
    }
    if grouping.form == .none, let all = tallies.first {
      return .bars(
        Drawing.Bars(
          title: "moments of truth",
          counts: [
            ("exceeded", all.exceeded), ("met", all.met), ("disappointed", all.disappointed),
          ], sharesOf: all.known))
    }
    return .bars(
      Drawing.Bars(
        title: "net by \(grouping.text), and the share that disappointed",
        bars: zip(tallies, keys).map { tally, key in
          Drawing.Bars.Bar(
            label: grouping.label(of: key, database),
            value: tally.known == 0 ? nil : Double(tally.net),
            remark: tally.known == 0
              ? nil : (Double(tally.disappointed) / Double(tally.known), .share))
        }, form: .count))
  }

  private func facts(_ total: Tally) -> [VerbFact] {
    var facts: [MomentsFact] = [
      .rule(
        plural: plural, days: recoveryDays, hasTimes: timePlace != nil,
        hasWindow: windowPlace != nil)
    ]
    if total.unknown > 0 { facts.append(.unknownOutcome(count: total.unknown, plural: plural)) }
    if total.undecided > 0 {
      facts.append(.undecided(count: total.undecided, days: recoveryDays))
    }
    return facts.map(VerbFact.moments)
  }
}

/// A fact under the answer of `moments`.
package enum MomentsFact: Hashable, Sendable {
  /// What is counted, within how many days what follows counts, whether the time of day tells what is
  /// later, and whether a window restricts what is counted.
  case rule(plural: String, days: Int, hasTimes: Bool, hasWindow: Bool)
  /// How many have no known outcome: they are in no count.
  case unknownOutcome(count: Int, plural: String)
  /// Groups of subjects that have no events in the window: they have no row.
  case silent(groupCount: Int, plural: String)
  /// Disappointments that may still be recovered or repeated.
  case undecided(count: Int, days: Int)
}

/// The moments of a group.
private struct Tally {
  var exceeded = 0
  var met = 0
  var disappointed = 0
  var recovered = 0
  var repeated = 0
  var undecided = 0
  var unknown = 0
  /// Whether it has an event in the window.
  var isSeen = false

  /// Those with a known outcome.
  var known: Int { exceeded + met + disappointed }
  var net: Int { exceeded - disappointed }

  /// The columns after the group.
  var figures: [Scalar] {
    let counts = [exceeded, met, disappointed]
    let shares = counts.map { known == 0 ? Scalar.unknown : .real(Double($0) / Double(known)) }
    return counts.map { Scalar($0) } + shares
      + [Scalar(net), Scalar(recovered), Scalar(repeated)]
  }

  mutating func add(_ other: Tally) {
    exceeded += other.exceeded
    met += other.met
    disappointed += other.disappointed
    recovered += other.recovered
    repeated += other.repeated
    undecided += other.undecided
    unknown += other.unknown
  }
}

extension Binder {
  /// `moments S [in PERIOD] [by EXPR]`
  mutating func bindMoments(_ call: VerbCall, by: Expression?) -> BoundAnalysis? {
    let need = EventNeed(
      role: .interactions, what: "interactions", fields: [.outcome], needsTime: true,
      readsTime: true)
    guard var found = bindEvents(need, of: call), areOfOne(found.events, call) else { return nil }
    let outcomes: Moments.Outcomes
    if case .choice(let list) = found.events.values[0].type,
      let exceeded = list.code(of: "exceeded"), let met = list.code(of: "met"),
      let disappointed = list.code(of: "disappointed")
    {
      outcomes = Moments.Outcomes(
        exceeded: Int64(exceeded), met: Int64(met), disappointed: Int64(disappointed))
    } else {
      outcomes = Self.outcomesOfText
    }
    // The window says what is counted; what follows may lie after it, so all events are read.
    let timePlace = found.events.values.count > 1 ? 1 : nil
    var windowPlace: Int?
    if let window = found.events.filter {
      windowPlace = found.events.values.count
      found.events.values.append(window)
      found.events.filter = nil
    }
    var grouping = VerbGroups()
    var values: [BoundExpression] = []
    if let by {
      guard let bound = bindGrouping(by, over: &found, values: &values) else { return nil }
      grouping = bound
    }
    return folding(
      call,
      Moments(
        grouping: grouping, outcomes: outcomes,
        recoveryDays: Int(catalog.rules.setting(.recoveryDays)), windowPlace: windowPlace,
        timePlace: timePlace, plural: catalog[found.events.entity].name),
      [found], values: values)
  }

  /// Whether the events follow one whose they are, and not someone else who had a part in them: what
  /// follows a disappointment is the same customer's, whoever saw to it.
  private mutating func areOfOne(_ events: BoundEvents, _ call: VerbCall) -> Bool {
    guard call.events == nil, case .down(let entity, let field)? = events.path?.steps.first,
      let owner = owner(of: entity), owner != field
    else { return true }
    let names = [catalog[entity].name, catalog[entity][field].name].map(spelled)
    report(
      .eventsOfSeveral(
        verb: call.verb, plural: catalog[query.entity].name, events: catalog[entity].name,
        owner: catalog[entity][owner].name,
        example: "\(call.verb.rawValue) \(names[0]) by \(names[1])"),
      at: sourceRange(of: call))
    return false
  }

  /// What stands for the outcomes where they are text.
  private static let outcomesOfText = Moments.Outcomes(exceeded: 2, met: 1, disappointed: 0)

  /// How a moment went: a choice that has the three outcomes, or a text that is one of them.
  mutating func bindOutcome(_ expression: Expression) -> BoundExpression? {
    guard let bound = bindValue(expression) else { return nil }
    let names = ["exceeded", "met", "disappointed"]
    switch bound.type {
    case .choice(let list) where names.allSatisfy { list.code(of: $0) != nil }: return bound
    case .text:
      let type = ValueType.integer
      let outcomes = Self.outcomesOfText
      let codes = [outcomes.exceeded, outcomes.met, outcomes.disappointed]
      var operands: [BoundExpression] = []
      for (name, code) in zip(names, codes) {
        operands.append(.comparison(.equal, bound, .constant(.text(name), .text)))
        operands.append(.constant(.word(code), type))
      }
      return .call(.choose, operands + [.constant(.unknown, type)], type)
    default:
      report(.outcomeExpected(text: text(expression), type: bound.type.name), at: expression.range)
      return nil
    }
  }
}
