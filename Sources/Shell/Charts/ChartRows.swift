import Engine
import Store
import Syntax

/// What a chart takes of an answer's rows: some labels, and the numbers of some columns.
struct ChartRows {
  /// Rows there are, that of the totals left out.
  private(set) var count = 0
  /// The texts of the first rows.
  private(set) var labels: [String] = []
  /// For each column its numbers, NaN where one is unknown; times are in days.
  private(set) var numbers: [[Double]]

  /// Pulls all rows. Without a column for labels they are the rows' positions.
  init(
    _ section: Section, label: Int?, numbers columns: [Int], labelCountMax: Int
  ) throws(Failure) {
    numbers = Array(repeating: [], count: columns.count)
    while let batch = try section.cursor.next() {
      for row in 0..<min(batch.count, max(0, labelCountMax - labels.count)) {
        labels.append(Self.label(row, label, batch, section.columns) ?? String(count + row + 1))
      }
      count += batch.count
      for (place, column) in columns.enumerated() {
        let unit = section.columns[column].type == .time ? 86_400.0 : 1
        numbers[place] += Self.numbers(batch.vectors[column], batch.count, unit: unit)
      }
    }
    if section.hasTotal, count > 0 { dropTotal() }
  }

  private mutating func dropTotal() {
    if labels.count == count { labels.removeLast() }
    for place in numbers.indices { numbers[place].removeLast() }
    count -= 1
  }

  /// The text in a column; nil when there is no column.
  private static func label(
    _ row: Int, _ column: Int?, _ batch: OutputBatch, _ columns: [OutputColumn]
  ) -> String? {
    guard let column else { return nil }
    let label = batch.labels[column].map { $0[row] } ?? .unknown
    return ValueText.of(batch.vectors[column][row], label: label, in: columns[column])
      ?? ValueText.unknown
  }

  private static func numbers(_ vector: Vector, _ count: Int, unit: Double) -> [Double] {
    var numbers = [Double](repeating: .nan, count: count)
    switch vector.values {
    case .words(let words):
      for row in 0..<count where vector.known[row] != 0 { numbers[row] = Double(words[row]) / unit }
    case .reals(let reals):
      for row in 0..<count where vector.known[row] != 0 { numbers[row] = reals[row] }
    case .texts: break
    }
    return numbers
  }
}
