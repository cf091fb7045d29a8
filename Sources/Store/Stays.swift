extension Ranking {
  /// Whole days between each row's date and the date before it in the same part; unknown for the
  /// first of a part and where a date is unknown. Equal dates follow each other by offset.
  ///
  /// - Parameters:
  ///   - dates: Day numbers.
  ///   - parts: What the rows are told apart by; a row with an unknown part has no stay.
  package static func stays(_ dates: Vector, per parts: [Vector]) throws(StoreError) -> Vector {
    let order = try RowOrder.sorted(count: dates.count, by: (parts + [dates]).map { SortKey($0) })
    guard case .words(let days) = dates.values else {
      preconditionFailure("stays are between dates")
    }
    let words = parts.map { part -> [Int64] in
      guard case .words(let words) = part.values else {
        preconditionFailure("parts of stays are references")
      }
      return words
    }
    var stays = [Int64](repeating: 0, count: dates.count)
    var known = [UInt8](repeating: 0, count: dates.count)
    for position in order.indices.dropFirst() {
      if position & 0xFFFF == 0 { try Cancellation.check() }
      let row = Int(order[position])
      let before = Int(order[position - 1])
      guard dates.known[row] != 0, dates.known[before] != 0,
        words.allSatisfy({ $0[row] == $0[before] }),
        parts.allSatisfy({ $0.known[row] != 0 && $0.known[before] != 0 })
      else { continue }
      stays[row] = days[row] - days[before]
      known[row] = 0x80
    }
    return Vector(words: stays, known: known)
  }
}
