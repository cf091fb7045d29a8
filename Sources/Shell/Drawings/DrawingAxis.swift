import Engine
import Store

/// One side of a frame: what it stretches over, and round values along it.
struct DrawingAxis {
  /// A round value and its words.
  struct Tick {
    var value: Double
    var label: String
  }

  /// The value at the beginning.
  private(set) var low: Double
  /// The value at the end, above `low`.
  private(set) var high: Double
  /// Round values, ascending; with labels that differ where that can be.
  private(set) var ticks: [Tick] = []

  /// Makes an axis that holds all values, which are drawable; not empty.
  ///
  /// Dates end where the values do, others at the next round value. With `isHeight` zero is in it
  /// unless all values are far from it, as heights are compared with each other.
  init(_ values: [Double], _ form: Drawing.Form, tickCountMax: Int, isHeight: Bool = false) {
    low = values.min() ?? 0
    high = values.max() ?? 0
    if isHeight, form != .date, form != .key, low > 0, low <= high / 2 { low = 0 }
    if form == .date {
      if low == high { (low, high) = (low - 1, high + 1) }
      ticks = DateTicks.ticks(from: low, through: high, countMax: tickCountMax)
      return
    }
    if low == high {
      low = min(0, low)
      high = high == 0 && low == 0 ? (form == .money ? 100 : 1) : max(0, high)
    }
    setRoundTicks(form, countMax: max(1, tickCountMax - 1))
  }

  /// The place of a value among `count` places, 0 for `low`.
  func place(of value: Double, among count: Int) -> Int {
    let share = (value - low) / (high - low)
    guard share.isFinite else { return 0 }
    return Int((min(max(share, 0), 1) * Double(count - 1)).rounded())
  }

  private mutating func setRoundTicks(_ form: Drawing.Form, countMax: Int) {
    let unit = form == .money ? 100.0 : 1
    let step = Self.roundStep((high - low) / Double(countMax) / unit, form) * unit
    let first = (low / step).rounded(.down)
    let last = (high / step).rounded(.up)
    guard step > 0, abs(first) < 1e15, abs(last) < 1e15, last - first <= Double(countMax + 2)
    else {
      ticks = [low, high].map { Tick(value: $0, label: DrawingNumber.text($0, form, .short)) }
      return
    }
    (low, high) = (first * step, last * step)
    let values = stride(from: first, through: last, by: 1).map { $0 * step }
    let labels = Self.labels(of: values, form)
    ticks = zip(values, labels).map { Tick(value: $0, label: $1) }
  }

  /// The shortest words that tell the values apart; what is short in full stays so.
  private static func labels(of values: [Double], _ form: Drawing.Form) -> [String] {
    for length in [DrawingNumber.Length.whole, .short, .full] {
      let labels = values.map { DrawingNumber.text($0, form, length) }
      let isShort = labels.allSatisfy { $0.utf8.count <= 6 } || length == .full
      if isShort, Set(labels).count == values.count, !isWrong(labels, values, form, length) {
        return labels
      }
    }
    return values.map { DrawingNumber.text($0, form, .full) }
  }

  /// Whether words leave out decimals that a value has: 12.5% is not `13%`.
  private static func isWrong(
    _ labels: [String], _ values: [Double], _ form: Drawing.Form, _ length: DrawingNumber.Length
  ) -> Bool {
    guard length == .whole else { return false }
    let unit = form == .money ? 0.01 : form == .share ? 100 : 1.0
    return values.contains { abs(($0 * unit).rounded() - $0 * unit) > 1e-6 }
  }

  /// The smallest round step that is not below `step`.
  static func roundStep(_ step: Double, _ form: Drawing.Form) -> Double {
    guard step > 0, step.isFinite else { return 1 }
    var magnitude = 1.0
    while magnitude * 10 <= step { magnitude *= 10 }
    while magnitude > step, magnitude > 1e-300 { magnitude /= 10 }
    let isWhole = form == .count || form == .key
    let rounds = isWhole && magnitude < 10 ? [1.0, 2, 5, 10] : [1, 2, 2.5, 5, 10]
    let round = (rounds.first { $0 * magnitude >= step * (1 - 1e-9) } ?? 10) * magnitude
    return isWhole ? max(1, round) : round
  }
}

/// Round dates: days, beginnings of months, of quarters, of years.
enum DateTicks {
  /// At most `countMax` round dates between two days; may be none where days are far too many.
  static func ticks(from low: Double, through high: Double, countMax: Int) -> [DrawingAxis.Tick] {
    guard abs(low) < 3_000_000, abs(high) < 3_000_000 else { return [] }
    let (first, last) = (Int(low.rounded(.up)), Int(high.rounded(.down)))
    guard first <= last else { return [] }
    let countMax = max(2, countMax)
    for step in [1, 2, 7, 14] where (last - first) / step < countMax {
      return stride(from: first, through: last, by: step).map {
        DrawingAxis.Tick(value: Double($0), label: ValueText.date($0))
      }
    }
    for months in [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 6_000, 12_000] {
      let days = days(from: first, through: last, months: months)
      if days.count > countMax || days.isEmpty { continue }
      return days.map { day in
        let date = ValueText.date(day)
        return DrawingAxis.Tick(
          value: Double(day), label: String(date.dropLast(months % 12 == 0 ? 6 : 3)))
      }
    }
    return []
  }

  /// The first days of each `months`-th month, counted from the year 0.
  private static func days(from first: Int, through last: Int, months: Int) -> [Int] {
    let (year, month, _) = Day.date(first)
    let index = 12 * year + month - 1
    var next = index - ((index % months) + months) % months
    var days: [Int] = []
    while days.count <= 64 {
      let day = Day.add(months: next, to: Day.number(year: 0, month: 1, day: 1))
      if day > last { break }
      if day >= first { days.append(day) }
      next += months
    }
    return days
  }
}

/// The line under a frame and the labels under it.
struct AxisRule {
  /// Columns before the frame.
  let left: Int
  /// Columns of the frame.
  let width: Int
  /// What may be used.
  let style: DrawingStyle

  /// The rule with its corner in front of the frame, and the labels; those that would touch the one
  /// before them are left out.
  func lines(_ ticks: [(column: Int, label: String)], hasCorner: Bool) -> [DrawingLine] {
    let marked = Set(ticks.map(\.column))
    var rule = DrawingLine()
    rule.fill(to: left - 1)
    rule.add(hasCorner ? (style.isUnicode ? "└" : "+") : " ", .faint)
    rule.add(
      (0..<width).map {
        style.isUnicode ? (marked.contains($0) ? "┬" : "─") : (marked.contains($0) ? "+" : "-")
      }.joined(), .faint)
    var labels = DrawingLine()
    for (column, label) in ticks {
      let size = label.utf8.count
      let start = max(0, min(left + column - (size - 1) / 2, style.width - size))
      guard labels.width == 0 || start > labels.width else { continue }
      labels.fill(to: start)
      labels.add(label)
    }
    return [rule, labels]
  }
}
