/// For each parent of a walk the times between which its children must lie: days or seconds, as their
/// own time field has them, both ends included.
package struct TimeWindows: Sendable {
  /// The least times.
  let lowers: [Int64]
  /// The largest times.
  let uppers: [Int64]

  private static let secondsPerDay: Int64 = 86_400

  /// Windows between two vectors of words; where one is unknown nothing lies in the window.
  ///
  /// - Parameters:
  ///   - lower: The least times, nil for none.
  ///   - upper: The largest times, nil for none.
  ///   - isOfDays: Whether these are days and the children's times seconds.
  package init(lower: Vector?, upper: Vector?, isOfDays: Bool, count: Int) {
    var lowers = [Int64](repeating: .min, count: count)
    var uppers = [Int64](repeating: .max, count: count)
    if let lower { Self.fill(&lowers, lower, unknown: .max, isOfDays, added: 0) }
    if let upper {
      Self.fill(&uppers, upper, unknown: .min, isOfDays, added: Self.secondsPerDay - 1)
    }
    self.lowers = lowers
    self.uppers = uppers
  }

  private init(lowers: [Int64], uppers: [Int64]) {
    self.lowers = lowers
    self.uppers = uppers
  }

  /// The windows at some offsets, in this order.
  package func gathered(_ offsets: [Int32]) -> TimeWindows {
    TimeWindows(
      lowers: offsets.map { lowers[Int($0)] }, uppers: offsets.map { uppers[Int($0)] })
  }

  private static func fill(
    _ times: inout [Int64], _ bounds: Vector, unknown: Int64, _ isOfDays: Bool, added: Int64
  ) {
    let words = bounds.words
    for offset in times.indices {
      guard bounds.known[offset] != 0 else {
        times[offset] = unknown
        continue
      }
      guard isOfDays else {
        times[offset] = words[offset]
        continue
      }
      let (start, isOut) = words[offset].multipliedReportingOverflow(by: secondsPerDay)
      let (end, isPast) = start.addingReportingOverflow(added)
      times[offset] = isOut ? (words[offset] < 0 ? .min : .max) : isPast ? .max : end
    }
  }
}
