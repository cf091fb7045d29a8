import Engine
import Store
import Syntax

/// The rows of a section that are shown: all of them, or the first and last 20 and how many there are.
///
/// Keeps whole batches and turns values into text only for rows that are printed.
struct ShownRows {
  /// Rows kept at either end when rows are limited.
  static let edgeRowCount = 20
  /// Rows kept at either end where the screen has room for fewer.
  static let edgeRowCountMin = 4

  /// The columns.
  let columns: [OutputColumn]
  /// Whether the last row holds the totals.
  let hasTotal: Bool
  /// Rows there are.
  private(set) var totalCount = 0
  /// Where rows were left out, as a position among the shown ones; nil when none were.
  var gap: Int? { totalCount > head.count + tail.count ? head.count : nil }
  /// Rows shown.
  var count: Int { head.count + tail.count }

  private var head: [RowPlace] = []
  private var tail: [RowPlace] = []

  private struct RowPlace {
    let batch: Batch
    let offset: Int
  }

  /// Rows that are loaded once it is known that some of them are shown.
  private final class Batch {
    private let deferred: DeferredBatch
    private var loaded: OutputBatch?

    init(_ deferred: DeferredBatch) { self.deferred = deferred }

    func load() throws(Failure) { if loaded == nil { loaded = try deferred.load() } }

    var rows: OutputBatch {
      guard let loaded else { preconditionFailure("rows are loaded before they are shown") }
      return loaded
    }
  }

  /// Pulls every batch of `section`. `isLimited` keeps the first and last 20 rows.
  init(_ section: Section, isLimited: Bool) throws(Failure) {
    columns = section.columns
    hasTotal = section.hasTotal
    while let rows = try section.cursor.nextDeferred() {
      totalCount += rows.count
      let batch = Batch(rows)
      if !isLimited {
        head += (0..<rows.count).map { RowPlace(batch: batch, offset: $0) }
        continue
      }
      let headCount = min(rows.count, Self.edgeRowCount - head.count)
      head += (0..<headCount).map { RowPlace(batch: batch, offset: $0) }
      let from = max(headCount, rows.count - Self.edgeRowCount)
      tail += (from..<rows.count).map { RowPlace(batch: batch, offset: $0) }
      if tail.count > Self.edgeRowCount { tail.removeFirst(tail.count - Self.edgeRowCount) }
    }
    for place in head { try place.batch.load() }
    for place in tail { try place.batch.load() }
  }

  /// Leaves out more rows in the middle until at most so many are shown, but never all but a few.
  mutating func fit(into rowCountMax: Int) {
    let edge = max(Self.edgeRowCountMin, rowCountMax / 2)
    guard totalCount > max(rowCountMax, 2 * edge) else { return }
    // What stands before the gap, where there is none yet, may hold the last rows too.
    let all = head + tail
    head = Array(all.prefix(edge))
    tail = Array(all.suffix(edge))
  }

  /// The value in row `row` of the shown ones, for eyes; nil when unknown.
  func text(_ row: Int, _ column: Int) -> String? {
    if hasTotal, row == count - 1, column == 0 { return "total" }
    let (rows, offset) = place(row)
    let label = rows.labels[column].map { $0[offset] } ?? .unknown
    return ValueText.of(rows.vectors[column][offset], label: label, in: columns[column])
  }

  /// The value in row `row` of the shown ones.
  func value(_ row: Int, _ column: Int) -> Scalar {
    let (rows, offset) = place(row)
    return rows.vectors[column][offset]
  }

  private func place(_ row: Int) -> (OutputBatch, Int) {
    let place = row < head.count ? head[row] : tail[row - head.count]
    return (place.batch.rows, place.offset)
  }
}
