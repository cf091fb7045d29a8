import Engine
import Store

/// Counts numbers in bins with round borders, about as many as Sturges' rule asks for.
///
/// Each bin holds its lower border, the last one its upper border too. Bins of whole numbers are
/// named by the first and last number in them, those of dates by days, months or years.
/// - Source: Sturges, The Choice of a Class Interval, JASA 21 (1926).
struct Histogram {
  /// One bin.
  struct Bin: Hashable {
    /// What it holds.
    var label: String
    /// How many numbers are in it.
    var count: Int
  }

  /// Ascending; empty for no numbers.
  private(set) var bins: [Bin] = []

  private static let binCounts = 5...20

  /// Counts numbers that can be drawn.
  init(_ values: [Double], _ form: Drawing.Form, isWhole: Bool) {
    guard let low = values.min(), let high = values.max() else { return }
    let bits = Int.bitWidth - values.count.leadingZeroBitCount
    let wanted = min(max(bits + 1, Self.binCounts.lowerBound), Self.binCounts.upperBound)
    if form == .date, abs(low) < 3_000_000, abs(high) < 3_000_000 {
      countDates(values, from: Int(low.rounded(.down)), through: Int(high.rounded(.down)), wanted)
    } else {
      count(values, low, high, form, isWhole: isWhole, wanted)
    }
  }

  private mutating func count(
    _ values: [Double], _ low: Double, _ high: Double, _ form: Drawing.Form, isWhole: Bool,
    _ wanted: Int
  ) {
    let unit = form == .money ? 100.0 : 1
    let width = (high / Double(wanted) - low / Double(wanted)) / unit
    let step = DrawingAxis.roundStep(width, isWhole ? .count : form) * unit
    let first = (low / step).rounded(.down)
    let last = isWhole ? (high / step).rounded(.down) : (high / step).rounded(.up) - 1
    // Numbers so close to each other, for their size, that no round borders lie between them.
    guard abs(first) < 1e15, last - first < 100 else {
      bins = [Bin(label: DrawingNumber.text(low, form, .full), count: values.count)]
      return
    }
    var counts = [Int](repeating: 0, count: max(1, Int(last - first) + 1))
    for value in values {
      counts[min(counts.count - 1, max(0, Int((value / step).rounded(.down) - first)))] += 1
    }
    let borders = (0...counts.count).map { (first + Double($0)) * step }
    let starts = Self.aligned(Self.texts(Array(borders.dropLast()), form))
    // The last whole number of a bin is the one before the next bin's first.
    let ends = Self.aligned(Self.texts(borders.dropFirst().map { isWhole ? $0 - 1 : $0 }, form))
    for (place, count) in counts.enumerated() {
      let isOne = isWhole && step == 1
      let label = isOne ? starts[place] : starts[place] + " to " + ends[place]
      bins.append(Bin(label: label, count: count))
    }
  }

  private static func aligned(_ texts: [String]) -> [String] {
    let width = texts.map(\.utf8.count).max() ?? 0
    return texts.map { DisplayWidth.pad($0, to: width, isRight: true) }
  }

  /// Borders without decimals where none has any.
  private static func texts(_ borders: [Double], _ form: Drawing.Form) -> [String] {
    let isWhole =
      form == .money && borders.allSatisfy { $0.truncatingRemainder(dividingBy: 100) == 0 }
    return borders.map { DrawingNumber.text($0, form, isWhole ? .whole : .full) }
  }

  private mutating func countDates(
    _ values: [Double], from first: Int, through last: Int, _ wanted: Int
  ) {
    let dayCount = last - first + 1
    if dayCount <= wanted {
      addBins(values, starts: Array(first...last)) { day in ValueText.date(day) }
      return
    }
    if dayCount <= 7 * wanted {
      let monday = first - (Day.weekday(first) - 1)
      addBins(values, starts: Array(stride(from: monday, through: last, by: 7))) { day in
        ValueText.date(day) + " to " + ValueText.date(day + 6)
      }
      return
    }
    let months = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 2_400, 12_000].first {
      dayCount / ($0 * 30) <= wanted
    }
    let step = months ?? 120_000
    let (year, month, _) = Day.date(first)
    let index = 12 * year + month - 1
    let origin = Day.number(year: 0, month: 1, day: 1)
    var next = index - ((index % step) + step) % step
    var starts: [Int] = []
    while Day.add(months: next, to: origin) <= last {
      starts.append(Day.add(months: next, to: origin))
      next += step
    }
    let isYear = step % 12 == 0
    addBins(values, starts: starts) { day in
      let from = ValueText.date(day).dropLast(isYear ? 6 : 3)
      if step == 1 || step == 12 { return String(from) }
      let end = Day.add(months: step, to: day) - 1
      return from + " to " + ValueText.date(end).dropLast(isYear ? 6 : 3)
    }
  }

  private mutating func addBins(
    _ values: [Double], starts: [Int], _ label: (_ day: Int) -> String
  ) {
    var counts = [Int](repeating: 0, count: starts.count)
    for value in values {
      let day = Int(value.rounded(.down))
      var (low, high) = (0, starts.count - 1)
      while low < high {
        let middle = (low + high + 1) / 2
        if starts[middle] <= day { low = middle } else { high = middle - 1 }
      }
      if !counts.isEmpty { counts[low] += 1 }
    }
    bins = zip(starts.indices, counts).map { Bin(label: label(starts[$0]), count: $1) }
  }
}
