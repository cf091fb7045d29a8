/// Finds the rows that are the same among those that are equal in all but their numbers.
struct ResultRowPairing {
  /// A column of one side, and the one of the other that it is compared with.
  private struct Pair {
    var column: ResultSet.Column
    var other: ResultSet.Column
    var isPercent: Bool
  }

  private let pairs: [Pair]
  /// The numbers of both, which the rows are in the order of.
  private let numbers: [(column: [Double], other: [Double])]
  /// The most rows times others that are tried each with each.
  private static let trialCountMax = 4_000_000

  /// Takes the columns of both sides, and which of them are numbers.
  init(_ columns: [ResultSet.Column], _ others: [ResultSet.Column], isNumber: [Bool]) {
    pairs = zip(columns, others).map {
      Pair(column: $0, other: $1, isPercent: $0.isPercent || $1.isPercent)
    }
    numbers = zip(pairs, isNumber).filter { $1 }.map { ($0.0.column.numbers, $0.0.other.numbers) }
  }

  /// Matches rows with others, both in the order of their numbers: side by side, then what is left,
  /// as numbers that print alike may stand in another order, each with each.
  func match(_ rows: [Int], with others: [Int], into matching: inout ResultRows.Matching) {
    var missing: [Int] = []
    var extra: [Int] = []
    var place = 0
    for row in rows {
      while place < others.count, isBefore(others[place], row), !isSame(row, others[place]) {
        extra.append(others[place])
        place += 1
      }
      if place < others.count, isSame(row, others[place]) {
        matching.pairs.append((row, others[place]))
        place += 1
      } else {
        missing.append(row)
      }
    }
    extra += others[place...]
    if missing.count * extra.count <= Self.trialCountMax {
      missing.removeAll { row in
        guard let place = extra.firstIndex(where: { isSame(row, $0) }) else { return false }
        matching.pairs.append((row, extra.remove(at: place)))
        return true
      }
    }
    matching.unmatched.missing += missing
    matching.unmatched.extra += extra
  }

  private func isSame(_ row: Int, _ other: Int) -> Bool {
    pairs.allSatisfy {
      $0.column.values[row].isSame(as: $0.other.values[other], isPercent: $0.isPercent)
    }
  }

  /// Whether another row stands before one.
  private func isBefore(_ other: Int, _ row: Int) -> Bool {
    for numbers in numbers where numbers.other[other] != numbers.column[row] {
      return numbers.other[other] < numbers.column[row]
    }
    return false
  }
}
