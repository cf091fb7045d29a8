import Store

/// The first and the last day of the data.
enum Timeline {
  /// 2019-01-01: the first customers join.
  static let firstDay = Day.number(year: 2019, month: 1, day: 1)
  /// 2026-06-30: nothing but planned dates is later.
  static let lastDay = Day.number(year: 2026, month: 6, day: 30)

  /// The day itself, or the Monday after a weekend.
  static func workday(_ day: Int) -> Int {
    switch Day.weekday(day) {
    case 6: day + 2
    case 7: day + 1
    default: day
    }
  }
}
