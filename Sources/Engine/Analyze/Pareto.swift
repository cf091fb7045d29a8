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

  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult {
    let measure = input.values[0]
    if input.wantedColumns?.isEmpty == true, case .words = measure.values {
      return try headline(of: measure, input)
    }
    let order = try RowOrder.sorted(
      count: input.count, by: [SortKey(measure, isDescending: true)])
    let ranked = order.prefix(measure.known.reduce(0) { $0 + ($1 == 0 ? 0 : 1) })
    var made =
      switch measure.values {
      case .words(let words): run(sorted: ranked.map { words[Int($0)] }, ranked, input)
      case .reals(let reals):
        run(ranked, sorted: ranked.map { reals[Int($0)] }, input)
      case .texts: preconditionFailure("what is summed up is no text")
      }
    made.result.columns.insert(measure, at: 0)
    made.result.order = order
    made.result.summary.insert(contentsOf: [Scalar(ranked.count), made.total], at: 0)
    return made.result
  }

  /// The figures over all subjects, for which it does not matter who brings what.
  private func headline(
    of measure: Vector, _ input: AnalysisInput
  ) throws(StoreError) -> AnalysisResult {
    let sorted = try RowOrder.sorted(
      measure.compacted(by: Mask(knownIn: measure)).words, isDescending: true)
    var made = run(sorted: sorted, [], input)
    made.result.columns = []
    made.result.summary.insert(contentsOf: [Scalar(sorted.count), made.total], at: 0)
    return made.result
  }

  private func run(
    sorted words: [Int64], _ ranked: ArraySlice<Int32>, _ input: AnalysisInput
  ) -> (result: AnalysisResult, total: Scalar) {
    // Half of what an Int64 holds leaves room for every sum.
    Self.fit(words)
      ? run(ranked, sorted: words, input) : run(ranked, sorted: words.map { Int128($0) }, input)
  }

  /// Whether any sum of these takes less than half of what an `Int64` holds.
  private static func fit(_ words: [Int64]) -> Bool {
    let largest = max((words.max() ?? 0).magnitude, (words.min() ?? 0).magnitude)
    return Int128(largest) * Int128(words.count) < Int128(Int64.max / 2)
  }

  /// Shares, classes and the curve of subjects from the largest value down.
  private func run<Amount: Summable>(
    _ ranked: ArraySlice<Int32>, sorted: [Amount], _ input: AnalysisInput
  ) -> (result: AnalysisResult, total: Scalar) {
    let (plural, count) = (input.plural, input.count)
    let gainCount = sorted.lastIndex { $0 >= .zero }.map { $0 + 1 } ?? 0
    let total = sorted[..<gainCount].reduce(.zero, +)
    let losses = sorted[gainCount...].reduce(.zero, +)
    let ends = (a: total.end(of: borders.a), b: total.end(of: borders.b))
    var sheet = ParetoSheet(
      count: count, hasShares: total > .zero && input.isWanted(1),
      hasRunningShares: total > .zero && input.isWanted(2), hasClasses: input.isWanted(3))
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
      if !ranked.isEmpty {
        sheet.set(
          ranked[(ranked.startIndex + place)..<(ranked.startIndex + end)], code: code,
          share: { value.ratio(to: total) }, running: { through.ratio(to: total) })
      }
      before = through
      place = end
    }
    sheet.setLosses(ranked.dropFirst(gainCount))
    let headline = Headline(sorted[..<gainCount], total: total, top: top, a: ends.a)
    var result = AnalysisResult(
      columns: sheet.columns,
      summary: counts.map { Scalar($0) } + headline.scalars, drawing: headline.curve(text, plural))
    result.facts = [
      .pareto(.rule(a: borders.a.value, b: borders.b.value, text: text)),
      .pareto(
        .headline(
          top: top.value, topCount: headline.topCount, topShare: headline.topShare,
          a: borders.a.value, makerCount: headline.makerCount, of: sorted.count,
          gini: headline.gini)),
    ]
    if moved > 0 { result.facts.append(.pareto(.tiesMoved(count: moved))) }
    if sorted.count > gainCount {
      result.facts.append(
        .pareto(.losses(count: sorted.count - gainCount, amount: losses.scalar(as: type), type)))
    }
    if sorted.count < count {
      result.facts.append(.pareto(.unknown(count: count - sorted.count, text: text)))
    }
    return (result, total.scalar(as: type))
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

/// The columns that are wanted, of subjects in the order they came in.
private struct ParetoSheet {
  private let hasClasses: Bool
  private let hasShares: Bool
  private let hasRunningShares: Bool
  private let count: Int
  private var isClassKnown: [UInt8] = []
  private var codes: [Int64] = []
  private var isShareKnown: [UInt8] = []
  private var shares: [Double] = []
  private var running: [Double] = []

  init(count: Int, hasShares: Bool, hasRunningShares: Bool, hasClasses: Bool) {
    self.count = count
    self.hasShares = hasShares
    self.hasRunningShares = hasRunningShares
    self.hasClasses = hasClasses
    if hasClasses {
      isClassKnown = [UInt8](repeating: 0, count: count)
      codes = [Int64](repeating: 0, count: count)
    }
    if hasShares || hasRunningShares { isShareKnown = [UInt8](repeating: 0, count: count) }
    if hasShares { shares = [Double](repeating: 0, count: count) }
    if hasRunningShares { running = [Double](repeating: 0, count: count) }
  }

  /// Takes in subjects of equal values.
  @inline(__always)
  mutating func set(
    _ subjects: ArraySlice<Int32>, code: Int, share: () -> Double, running: () -> Double
  ) {
    if hasClasses {
      for subject in subjects {
        isClassKnown[Int(subject)] = 0x80
        codes[Int(subject)] = Int64(code)
      }
    }
    guard hasShares || hasRunningShares else { return }
    for subject in subjects { isShareKnown[Int(subject)] = 0x80 }
    if hasShares {
      let share = share()
      for subject in subjects { shares[Int(subject)] = share }
    }
    guard hasRunningShares else { return }
    let whole = running()
    for subject in subjects { self.running[Int(subject)] = whole }
  }

  /// Takes in those of class D, who have no share.
  mutating func setLosses(_ subjects: ArraySlice<Int32>) {
    guard hasClasses else { return }
    for subject in subjects {
      isClassKnown[Int(subject)] = 0x80
      codes[Int(subject)] = 3
    }
  }

  /// Shares, running shares and classes.
  var columns: [Vector] {
    [
      hasShares
        ? Vector(reals: shares, known: isShareKnown) : Vector(unknown: .number, count: count),
      hasRunningShares
        ? Vector(reals: running, known: isShareKnown) : Vector(unknown: .number, count: count),
      hasClasses
        ? Vector(words: codes, known: isClassKnown) : Vector(unknown: .integer, count: count),
    ]
  }
}

/// Facts under the answer of `pareto`.
package enum ParetoFact: Hashable, Sendable {
  /// The borders of A and B as shares, and the measure as written.
  case rule(a: Double, b: Double, text: String)
  /// What the top bring, how many make class A's share, and how unequal the values are.
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
  fileprivate func adding(_ value: Int64, times: Int) -> Int64 { self &+ value &* Int64(times) }

  fileprivate func end(of share: Ratio) -> Int64 {
    Int64(truncatingIfNeeded: Int128(self).end(of: share))
  }

  fileprivate var number: Double { Double(self) }

  fileprivate func scalar(as type: ValueType) -> Scalar { .word(self) }
}

extension Int128: Summable {
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
