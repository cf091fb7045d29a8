/// Rows as a multiset: the same however they are ordered.
///
/// Numbers that print alike are the same, so rows cannot be told apart by hashing alone: they are
/// sorted into buckets by their other values, and matched within.
struct ResultRows {
  private let columns: [ResultSet.Column]
  private let rowCount: Int

  /// Takes the columns of some rows.
  init(_ columns: [ResultSet.Column]) {
    self.columns = columns
    rowCount = columns.first?.values.count ?? 0
  }

  /// Whether `other`, with as many columns, has the same rows as often.
  func isSame(as other: ResultRows) -> Bool {
    guard rowCount == other.rowCount else { return false }
    let unmatched = matched(with: other).unmatched
    return unmatched.missing.isEmpty && unmatched.extra.isEmpty
  }

  /// Which rows are the same as which others, and which have no such partner.
  struct Matching {
    var pairs: [(row: Int, other: Int)] = []
    /// The rows of these that the others lack, and those they have too many.
    var unmatched: (missing: [Int], extra: [Int]) = ([], [])
  }

  /// Finds for each row one of `other` that is the same, each but once.
  func matched(with other: ResultRows) -> Matching {
    let isNumber = zip(columns, other.columns).map { $0.isMeasure && $1.isMeasure }
    let isName = zip(columns, other.columns).map { $0.hasText || $1.hasText }
    let pairing = ResultRowPairing(columns, other.columns, isNumber: isNumber)
    var buckets = other.buckets(without: isNumber, named: isName)
    var matching = Matching()
    for (bucket, rows) in self.buckets(without: isNumber, named: isName) {
      pairing.match(rows, with: buckets.removeValue(forKey: bucket) ?? [], into: &matching)
    }
    matching.unmatched.missing.sort()
    matching.unmatched.extra += buckets.values.flatMap(\.self)
    matching.unmatched.extra.sort()
    return matching
  }

  /// Rows by what is exact in them, each bucket's by their numbers.
  private func buckets(without isNumber: [Bool], named isName: [Bool]) -> [String: [Int]] {
    var buckets: [String: [Int]] = [:]
    for row in 0..<rowCount {
      var bucket = ""
      for column in columns.indices where !isNumber[column] {
        bucket += columns[column].values[row].exactText(isName: isName[column]) + "\u{1F}"
      }
      buckets[bucket, default: []].append(row)
    }
    let numbers = columns.indices.filter { isNumber[$0] }.map { columns[$0].numbers }
    guard !numbers.isEmpty else { return buckets }
    return buckets.mapValues { rows in
      rows.sorted { first, second in
        for column in numbers where column[first] != column[second] {
          return column[first] < column[second]
        }
        return false
      }
    }
  }
}

extension ResultSet.Column {
  /// Whether a value is a text, so that records stand opposite it by their names.
  var hasText: Bool {
    values.contains { if case .text = $0 { true } else { false } }
  }

  /// Each value as a number to sort by, unknown last.
  var numbers: [Double] {
    values.map { if case .number(let number) = $0 { number } else { .infinity } }
  }

  /// Whether another column has the same values, in any order.
  func hasValues(of other: ResultSet.Column) -> Bool {
    ResultRows([self]).isSame(as: ResultRows([other]))
  }
}

extension ResultValue {
  /// What is the same for values that are the same, numbers aside.
  fileprivate func exactText(isName: Bool) -> String {
    switch self {
    case .unknown: "?"
    case .text(let text): "t" + text
    case .number(let number): "k\(number)"
    case .day(let day): "d\(day)"
    case .time(let seconds): "s\(seconds)"
    case .flag(let isOn): isOn ? "yes" : "no"
    case .reference(let key, let label):
      isName ? "t" + (label ?? key) : Double(key).map { "k\($0)" } ?? "r" + key
    }
  }
}
