import Store

/// What the statistics of columns show of a verb's events before any is read.
struct EventStatistics: Hashable, Sendable {
  /// No event is on another day; nil where there are none.
  var days: ClosedRange<Int>?
  /// Whether every event surely has a day.
  var hasEveryDay: Bool
  /// For each value whether it is surely not negative.
  var isNeverNegative: [Bool]
}

extension EventStatistics {
  /// Those of events at hand.
  init(_ events: SubjectEvents) {
    days = events.firstDay.flatMap { first in events.newestDay.map { first...$0 } }
    hasEveryDay = true
    isNeverNegative = events.values.map { $0.allSatisfy { $0 >= 0 } }
  }

  /// Those of events that have not been read.
  init(_ events: BoundEvents, in database: Database) {
    isNeverNegative = events.values.map { value in
      guard case .field(let path) = value, path.hops.isEmpty,
        let bounds = database.table(events.entity).column(path.field).wordBounds
      else { return false }
      return bounds.lowerBound >= 0
    }
    days = .min ... .max
    hasEveryDay = false
    let isTime = if case .convert(.timeToDate, .field) = events.day { true } else { false }
    guard let path = events.day.fields.first, isTime || events.day == .field(path) else { return }
    let column = database.table(path.hops.last?.target ?? events.entity).column(path.field)
    days = column.wordBounds.map { bounds in
      guard isTime else { return Int(bounds.lowerBound)...Int(bounds.upperBound) }
      return Day.number(ofTime: bounds.lowerBound)...Day.number(ofTime: bounds.upperBound)
    }
    hasEveryDay = path.hops.isEmpty && !column.hasUnknown
  }

  /// Whether every event surely has a day, up to this one.
  func areAll(through day: Int) -> Bool {
    hasEveryDay && (days.map { $0.upperBound <= day } ?? true)
  }
}
