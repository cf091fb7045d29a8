import Store
import Syntax

/// Who brings most: subjects by a measure, largest first, with their shares and classes A, B, C and D.
///
/// A subject is in A while the share before it is below 80%, so the one that crosses the border is in
/// A; in B below 95%; else in C; equal values always share the class of the first of them. Losses are
/// in D, and all shares are of the total of what is no loss. Running shares are compared exactly where
/// the measure is money or whole.
///
/// - Source: Pareto, Cours d'économie politique, 1896; classes: Dickie, ABC Inventory Analysis Shoots
///   for Dollars, Factory Management and Maintenance, 1951; Gini, Variabilità e mutabilità, 1912.
struct Pareto: Analysis {
  /// The measure's type: money, an integer or a number.
  var type: ValueType
  /// As written.
  var text: String
  /// Where A ends and where B does.
  var borders: (a: Ratio, b: Ratio)
  /// The top whose part of the whole is told.
  var top: Ratio

  static let classes = ChoiceList(["A", "B", "C", "D"], isOrdered: true)

  var columns: [AnalysisColumn] {
    [
      AnalysisColumn("measure", type), AnalysisColumn("share", .number, .percent),
      AnalysisColumn("running_share", .number, .percent),
      AnalysisColumn("class", .choice(Self.classes)),
    ]
  }

  var summaryColumns: [AnalysisColumn] {
    [
      .subjectCount(), AnalysisColumn("total", type),
      AnalysisColumn("class_a", .integer), AnalysisColumn("class_b", .integer),
      AnalysisColumn("class_c", .integer), AnalysisColumn("class_d", .integer),
      AnalysisColumn("top_share", .number, .percent), AnalysisColumn("makers", .integer),
      AnalysisColumn("gini", .number),
    ]
  }

  var order: [AnalysisOrder] { [AnalysisOrder(column: "measure", isDescending: true)] }

  var detail: String { "by \(text) at \(borders.a.percent)" }

  /// The measure, the order, the values in order, and the sums down to each.
  var byteCountPerSubject: Int { 45 }

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let measure = input.values[0]
    // The headline is over all subjects, and it does not matter who brings what.
    if input.wantedColumns?.isEmpty == true, case .words = measure.values {
      let known = measure.compacted(by: Mask(knownIn: measure))
      return run(sorted: try RowOrder.sorted(known.words, isDescending: true), measure, input)
    }
    guard case .reals(let reals) = measure.values else {
      let (order, words) = try RowOrder.ranked(measure, isDescending: true)
      var result = run(sorted: words, measure, input)
      result.order = order
      return result
    }
    let order = try RowOrder.sorted(
      count: input.count, by: [SortKey(measure, isDescending: true)])
    let knownCount = measure.known.reduce(0) { $0 + ($1 == 0 ? 0 : 1) }
    var result = standings(
      sorted: order.prefix(knownCount).map { reals[Int($0)] }, measure, input)
    result.order = order
    return result
  }

  private func run(
    sorted words: [Int64], _ measure: Vector, _ input: AnalysisInput
  ) -> AnalysisResult {
    // Half of what an Int64 holds leaves room for every sum.
    Self.fit(words)
      ? standings(sorted: words, measure, input)
      : standings(sorted: words.map { Int128($0) }, measure, input)
  }

  /// Whether any sum of these, which descend, takes less than half of what an `Int64` holds.
  private static func fit(_ words: [Int64]) -> Bool {
    let largest = max((words.first ?? 0).magnitude, (words.last ?? 0).magnitude)
    return Int128(largest) * Int128(words.count) < Int128(Int64.max / 2)
  }

  /// Shares, classes and the curve of subjects from the largest value down.
  private func standings<Amount: Summable>(
    sorted: [Amount], _ measure: Vector, _ input: AnalysisInput
  ) -> AnalysisResult {
    let gainCount = sorted.lastIndex { $0 >= .zero }.map { $0 + 1 } ?? 0
    let gains = sorted[..<gainCount]
    let total = gains.reduce(.zero, +)
    let losses = sorted[gainCount...].reduce(.zero, +)
    let ends = (a: total.end(of: borders.a), b: total.end(of: borders.b))
    var standings = ParetoStandings<Amount>(
      total: total, hasRunningSums: total > .zero && input.isWanted(2), capacity: gainCount)
    var counts = [0, 0, 0, sorted.count - gainCount]
    var before = Amount.zero
    var moved = 0
    var place = 0
    while place < gainCount {
      let value = sorted[place]
      var end = place + 1
      while end < gainCount, sorted[end] == value { end += 1 }
      let through = before.adding(value, times: end - place)
      let code = code(after: before, of: total, ends)
      counts[code] += end - place
      if end - place > 1 {
        moved += movedCount(from: before, value, end - place, code, of: total, ends)
      }
      standings.add(value, class: code, through: through)
      before = through
      place = end
    }
    let headline = Headline(gains, total: total, top: top, a: ends.a)
    var result = AnalysisResult(
      columns: standings.columns(of: measure),
      summary: [Scalar(sorted.count), total.scalar(as: type)] + counts.map { Scalar($0) }
        + headline.scalars,
      drawing: headline.curve(text, input.plural))
    result.facts = [
      .pareto(.rule(a: borders.a.value, b: borders.b.value, text: text)),
      .pareto(
        .headline(
          top: top.value, topCount: headline.topCount, topShare: headline.topShare,
          a: borders.a.value, makerCount: headline.makerCount, of: gainCount,
          gini: headline.gini)),
    ]
    if moved > 0 { result.facts.append(.pareto(.tiesMoved(count: moved))) }
    if sorted.count > gainCount {
      result.facts.append(
        .pareto(.losses(count: sorted.count - gainCount, amount: losses.scalar(as: type), type)))
    }
    if sorted.count < input.count {
      result.facts.append(.pareto(.unknown(count: input.count - sorted.count, text: text)))
    }
    return result
  }

  /// 0 for A, 1 for B, 2 for C.
  @inline(__always)
  private func code<Amount: Summable>(
    after before: Amount, of total: Amount, _ ends: (a: Amount, b: Amount)
  ) -> Int {
    guard total > .zero else { return 2 }
    return before < ends.a ? 0 : before < ends.b ? 1 : 2
  }

  /// How many of equal values would be in a lower class if each stood by itself.
  private func movedCount<Amount: Summable>(
    from before: Amount, _ value: Amount, _ count: Int, _ code: Int, of total: Amount,
    _ ends: (a: Amount, b: Amount)
  ) -> Int {
    guard value > .zero else { return 0 }
    // The last of them decides whether any is moved; which is the first is found by halving.
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self.code(after: before.adding(value, times: middle), of: total, ends) == code {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return count - low
  }
}

/// What a value says of the subjects that have it: equal values have equal shares and one class.
private struct ParetoStandings<Amount: Summable> {
  private let total: Amount
  private let hasRunningSums: Bool
  /// For A and for B the least value that is in it.
  private var least: (a: Amount?, b: Amount?)
  /// The distinct values that are no losses, descending, and the sum of all subjects down to each.
  private var values: [Amount] = []
  private var sums: [Amount] = []

  /// - Parameter capacity: The most values there may be.
  init(total: Amount, hasRunningSums: Bool, capacity: Int) {
    self.total = total
    self.hasRunningSums = hasRunningSums
    guard hasRunningSums else { return }
    values.reserveCapacity(capacity)
    sums.reserveCapacity(capacity)
  }

  /// Takes in the next smaller value that is no loss.
  @inline(__always)
  mutating func add(_ value: Amount, class code: Int, through sum: Amount) {
    if code == 0 { least.a = value }
    if code == 1 { least.b = value }
    guard hasRunningSums else { return }
    values.append(value)
    sums.append(sum)
  }

  /// The measure, shares, running shares and classes of subjects whose measure is known; those in
  /// class D have no share.
  func columns(of measure: Vector) -> [AnalysisValues] {
    [
      AnalysisValues(measure),
      AnalysisValues(count: measure.count) { shares(of: measure.gathered($0)) },
      AnalysisValues(count: measure.count) { runningShares(of: measure.gathered($0)) },
      AnalysisValues(count: measure.count, bounds: 0...3) { classes(of: measure.gathered($0)) },
    ]
  }

  private func shares(of measure: Vector) -> Vector {
    guard total > .zero else { return Vector(unknown: .number, count: measure.count) }
    let amounts = Amount.amounts(of: measure)
    let isKnown = isGain(amounts, measure)
    return Vector(
      reals: amounts.indices.map { isKnown[$0] == 0 ? 0 : amounts[$0].ratio(to: total) },
      known: isKnown)
  }

  private func runningShares(of measure: Vector) -> Vector {
    guard hasRunningSums else { return Vector(unknown: .number, count: measure.count) }
    let amounts = Amount.amounts(of: measure)
    let isKnown = isGain(amounts, measure)
    var reals = [Double](repeating: 0, count: amounts.count)
    // Subjects often come from the largest down: the next value is looked for beside the last one.
    var place = 0
    for offset in amounts.indices where isKnown[offset] != 0 {
      place = self.place(of: amounts[offset], near: place)
      reals[offset] = sums[place].ratio(to: total)
    }
    return Vector(reals: reals, known: isKnown)
  }

  private func classes(of measure: Vector) -> Vector {
    let codes = Amount.amounts(of: measure).map { amount -> Int64 in
      if amount < .zero { return 3 }
      if let least = least.a, amount >= least { return 0 }
      if let least = least.b, amount >= least { return 1 }
      return 2
    }
    return Vector(
      words: codes.indices.map { measure.known[$0] == 0 ? 0 : codes[$0] }, known: measure.known)
  }

  /// 0x80 for a known amount that is no loss.
  private func isGain(_ amounts: [Amount], _ measure: Vector) -> [UInt8] {
    amounts.indices.map { amounts[$0] >= .zero ? measure.known[$0] : 0 }
  }

  /// Where a value stands among all, found in steps that double from a place near it.
  private func place(of value: Amount, near start: Int) -> Int {
    var (low, high) = (start, start)
    var step = 1
    while low > 0, values[low] < value {
      high = low
      low = max(0, low - step)
      step *= 2
    }
    step = 1
    while high < values.count - 1, values[high] > value {
      low = high
      high = min(values.count - 1, high + step)
      step *= 2
    }
    while low < high {
      let middle = (low + high) / 2
      if values[middle] > value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Facts under the answer of `pareto`.
package enum ParetoFact: Hashable, Sendable {
  /// The borders of A and B as shares, and the measure as written.
  case rule(a: Double, b: Double, text: String)
  /// What the top bring of those who lose nothing, how many of them make class A's share, and how
  /// unequal the values are.
  case headline(
    top: Double, topCount: Int, topShare: Double?, a: Double, makerCount: Int?, of: Int,
    gini: Double?)
  /// Equal values were kept together, which moved a border.
  case tiesMoved(count: Int)
  /// Class D: how many, and what they lose.
  case losses(count: Int, amount: Scalar, ValueType)
  /// Subjects whose measure is unknown: outside of it all.
  case unknown(count: Int, text: String)
}

/// The figures over all subjects.
private struct Headline<Amount: Summable> {
  let topCount: Int
  /// Nil when nobody brings anything.
  let topShare: Double?
  /// How many, from the largest down, bring the share of class A.
  let makerCount: Int?
  /// The population form: 0 when all are equal, (n − 1) ÷ n when one brings all.
  let gini: Double?
  private let points: [(x: Double, y: Double)]

  /// - Parameters:
  ///   - gains: Descending, none below 0.
  ///   - a: Where class A ends.
  init(_ gains: ArraySlice<Amount>, total: Amount, top: Ratio, a: Amount) {
    topCount = top.roundedUp(of: gains.count)
    guard total > .zero else {
      (topShare, makerCount, gini, points) = (nil, nil, nil, [])
      return
    }
    var sum = Amount.zero
    var (topSum, makers) = (Amount.zero, gains.count)
    var weighted = 0.0
    var points = [(x: 1.0, y: 1.0)]
    let step = max(1, gains.count / 200)
    var nextPoint = step
    for (place, value) in gains.enumerated() {
      if place == topCount { topSum = sum }
      // From the largest down the share left out is the share of those below.
      if place == nextPoint {
        points.append(
          (1 - Double(place) / Double(gains.count), 1 - sum.ratio(to: total)))
        nextPoint += step
      }
      if makers == gains.count, !(sum < a) { makers = place }
      weighted += Double(gains.count - place) * value.number
      sum = sum + value
    }
    weighted /= total.number
    if topCount >= gains.count { topSum = total }
    points.append((0, 0))
    topShare = topSum.ratio(to: total)
    makerCount = makers
    let n = Double(gains.count)
    gini = max(0, 2 * weighted / n - (n + 1) / n)
    self.points = points.reversed()
  }

  var scalars: [Scalar] {
    [
      topShare.map(Scalar.real) ?? .unknown, makerCount.map { Scalar($0) } ?? .unknown,
      gini.map(Scalar.real) ?? .unknown,
    ]
  }

  func curve(_ text: String, _ plural: String) -> Drawing? {
    guard !points.isEmpty else { return nil }
    return .curve(
      Drawing.Curve(
        title: "Lorenz curve of \(text)", xTitle: "share of \(plural), smallest first",
        yTitle: "share of the whole", points: points, xForm: .share, yForm: .share,
        hasDiagonal: true))
  }
}

/// What can be added up and compared with a share of a total: whole numbers exactly, others as they
/// are.
private protocol Summable: Comparable {
  /// The amounts of a measure; of an unknown one 0.
  static func amounts(of measure: Vector) -> [Self]
  static var zero: Self { get }
  static func + (a: Self, b: Self) -> Self
  func adding(_ value: Self, times: Int) -> Self
  /// The least amount that is not below a share of this total.
  func end(of share: Ratio) -> Self
  var number: Double { get }
  func scalar(as type: ValueType) -> Scalar
}

extension Summable {
  fileprivate func ratio(to total: Self) -> Double { number / total.number }
}

extension Int64: Summable {
  fileprivate static func amounts(of measure: Vector) -> [Int64] { measure.words }

  fileprivate func adding(_ value: Int64, times: Int) -> Int64 { self &+ value &* Int64(times) }

  fileprivate func end(of share: Ratio) -> Int64 {
    Int64(truncatingIfNeeded: Int128(self).end(of: share))
  }

  fileprivate var number: Double { Double(self) }

  fileprivate func scalar(as type: ValueType) -> Scalar { .word(self) }
}

extension Int128: Summable {
  fileprivate static func amounts(of measure: Vector) -> [Int128] {
    measure.words.map { Int128($0) }
  }

  fileprivate func adding(_ value: Int128, times: Int) -> Int128 { self + value * Int128(times) }

  fileprivate func end(of share: Ratio) -> Int128 {
    // Amounts are below 10¹⁵, so a million million of them times a share's terms still fit.
    let product = self * Int128(share.numerator)
    return (product + Int128(share.denominator) - 1) / Int128(share.denominator)
  }

  fileprivate var number: Double { Double(self) }

  fileprivate func scalar(as type: ValueType) -> Scalar {
    Int64(exactly: self).map(Scalar.word) ?? .unknown
  }
}

extension Double: Summable {
  fileprivate static func amounts(of measure: Vector) -> [Double] { measure.reals }

  fileprivate func adding(_ value: Double, times: Int) -> Double { self + value * Double(times) }

  fileprivate func end(of share: Ratio) -> Double { self * share.value }

  fileprivate var number: Double { self }

  fileprivate func scalar(as type: ValueType) -> Scalar { .real(self) }
}

extension Ratio {
  /// As a number.
  var value: Double { Double(numerator) / Double(denominator) }

  /// As written: `80%`.
  var percent: String {
    let percent = value * 100
    return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
  }
}

extension Binder {
  /// `pareto S by EXPR [at P%]`
  mutating func bindPareto(
    _ call: VerbCall, by: Expression, at share: Expression?
  ) -> BoundAnalysis? {
    clause = .order
    guard let measure = bindValue(by) else { return nil }
    switch measure.type {
    case .money, .integer, .number: break
    default:
      report(
        .measureExpected(verb: call.verb, text: text(by), type: measure.type.name), at: by.range)
      return nil
    }
    let rules = catalog.rules
    var a = Ratio(rules.setting(.paretoAShare)) ?? Ratio(4, 5)
    if let share {
      guard let written = bindPart(share, option: "at") else { return nil }
      a = written
    }
    let b = Ratio(rules.setting(.paretoBShare)) ?? Ratio(19, 20)
    return judging(
      call,
      Pareto(
        type: measure.type, text: text(by), borders: (a, b.value < a.value ? a : b),
        top: Ratio(rules.setting(.paretoTopShare)) ?? Ratio(1, 5)),
      values: [measure])
  }
}
