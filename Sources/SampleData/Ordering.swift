import Store

/// A compact row that happened on a day.
protocol Dated {
  /// Days since 1970-01-01, within the days of the data.
  var day: Int32 { get }
}

/// Puts rows in the order in which an append-only system would have written them.
enum Ordering {
  /// The indices of the rows by day, equal days in the order given: one counting pass.
  static func byDay<Row: Dated>(_ rows: [Row]) -> [Int32] {
    order(rows, slotCount: Timeline.lastDay - Timeline.firstDay + 1, previous: nil) {
      Int($0.day) - Timeline.firstDay
    }
  }

  /// The indices of the interactions by day and minute: the minor key first, then the major one.
  static func byTime(_ rows: [Interactions.Row]) -> [Int32] {
    let byMinute = order(rows, slotCount: 1_440, previous: nil) { Int($0.minute) }
    return order(
      rows, slotCount: Timeline.lastDay - Timeline.firstDay + 1, previous: byMinute
    ) { Int($0.day) - Timeline.firstDay }
  }

  /// Where each row goes: the inverse of an order.
  static func places(_ order: [Int32]) -> [Int32] {
    var places = [Int32](repeating: 0, count: order.count)
    for (place, index) in order.enumerated() { places[Int(index)] = Int32(place) }
    return places
  }

  /// A stable counting sort of the indices in `previous` (all, as given, when nil) by `slot`.
  @inline(__always)
  private static func order<Row>(
    _ rows: [Row], slotCount: Int, previous: [Int32]?, slot: (Row) -> Int
  ) -> [Int32] {
    var starts = [Int](repeating: 0, count: slotCount + 1)
    for row in rows { starts[slot(row) + 1] += 1 }
    for slot in 0..<slotCount { starts[slot + 1] += starts[slot] }
    var order = [Int32](repeating: 0, count: rows.count)
    for position in 0..<rows.count {
      let index = previous.map { Int($0[position]) } ?? position
      let slot = slot(rows[index])
      order[starts[slot]] = Int32(index)
      starts[slot] += 1
    }
    return order
  }
}
