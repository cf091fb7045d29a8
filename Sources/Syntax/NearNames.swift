/// Names close to a mistyped one: one rule for keywords, fields, choices and commands.
package enum NearNames {
  /// The largest distance at which a name is offered for a word of `length` characters.
  package static func distanceMax(forLength length: Int) -> Int {
    max(1, length / 3)
  }

  /// The names nearest to `word`, all at the same smallest distance, in the order given; empty
  /// when none is near. A name that differs only by case is at distance 0.
  package static func nearest(to word: String, among names: some Sequence<String>) -> [String] {
    let typed = Array(word.lowercased().unicodeScalars)
    var limit = distanceMax(forLength: typed.count)
    var nearest: [String] = []
    for name in names {
      let scalars = Array(name.lowercased().unicodeScalars)
      guard let distance = distance(typed, scalars, atMost: limit) else { continue }
      if distance < limit { nearest.removeAll() }
      limit = distance
      nearest.append(name)
    }
    return nearest
  }

  /// The edits that turn one word into the other: insert, delete, replace, swap two neighbours.
  /// Nil when there are more than `limit`.
  ///
  /// - Source: optimal string alignment (Damerau 1964), three rows.
  package static func distance(
    _ left: [Unicode.Scalar], _ right: [Unicode.Scalar], atMost limit: Int
  ) -> Int? {
    guard abs(left.count - right.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        let isEqual = left[row] == right[column]
        var best = min(last[column + 1] + 1, current[column] + 1, last[column] + (isEqual ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      if let smallest = current.min(), smallest > limit + 1 { return nil }
      beforeLast = last
      last = current
    }
    let distance = last[right.count]
    return distance <= limit ? distance : nil
  }
}
