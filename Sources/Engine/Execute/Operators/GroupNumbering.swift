import Store
import Syntax

/// Gives each row the number of its group: by its place among all there may be, where these are few,
/// else by a table of keys.
struct GroupNumbering {
  private enum Form {
    /// Group = place of the first key × how many the second has + …; groups may have no rows.
    case places([KeySource])
    case table(GroupTable, [KeySource])
  }

  /// The most groups that there may be for rows to be numbered by place: sums over these are added up
  /// straight from the columns.
  private static let placeCountMax = 255

  private let form: Form
  /// Groups that there may be, where they are numbered by place.
  private let placeCount: Int

  init(_ keys: [BoundExpression], over relation: Relation, _ execution: Execution) {
    let sources = keys.map { KeySource($0, relation, execution) }
    placeCount = sources.reduce(1) { product, source in
      let (count, isOver) = product.multipliedReportingOverflow(by: source.placeCount ?? .max)
      return isOver ? .max : count
    }
    if !keys.isEmpty, placeCount <= Self.placeCountMax {
      form = .places(sources)
    } else {
      form = .table(
        GroupTable(
          keyTypes: sources.map(\.type), domains: sources.map(\.domain),
          budget: execution.database.budget), sources)
    }
  }

  /// Whether some groups may have no rows and are to be left out.
  var hasEmptyGroups: Bool {
    if case .places = form { return true }
    return false
  }

  /// Groups so far.
  var groupCount: Int {
    switch form {
    case .places: placeCount
    case .table(let table, _): table.groupCount
    }
  }

  /// For each row 1 + its group; 0 for rows that are out.
  func ids(_ batch: Batch, _ evaluator: Evaluator) throws(StoreError) -> [Int32] {
    switch form {
    case .places(let sources):
      var ids = try sources[0].ids(batch, evaluator)
      for source in sources.dropFirst() {
        ids = GroupIDs.combined(
          ids, try source.ids(batch, evaluator), count: source.placeCount ?? 1)
      }
      return ids
    case .table(let table, let sources):
      var keys: [Vector] = []
      for source in sources { keys.append(try source.values(batch, evaluator)) }
      return try table.ids(of: keys, in: batch.mask)
    }
  }

  /// The keys of all groups, as values of their own types.
  func keys() throws(StoreError) -> [Vector] {
    switch form {
    case .places(let sources):
      var (groups, each) = ([Int](0..<placeCount), placeCount)
      return sources.map { source in
        let count = source.placeCount ?? 1
        each /= count
        let places = groups.map { $0 / each }
        groups = groups.map { $0 % each }
        return source.keys(at: places)
      }
    case .table(let table, let sources):
      return zip(try table.keys(), sources).map { values, source in source.restored(values) }
    }
  }

  /// Takes another worker's groups in and says which number each of its numbers has here.
  func merge(_ other: GroupNumbering) throws(StoreError) -> [Int32] {
    switch (form, other.form) {
    case (.table(let mine, _), .table(let theirs, _)): try mine.merge(theirs)
    default: Array(0...Int32(groupCount))
    }
  }
}
