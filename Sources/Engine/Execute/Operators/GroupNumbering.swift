import Store
import Syntax

/// Gives each row the number of its group: by the codes of a single key that has few, else by a
/// table of keys.
struct GroupNumbering {
  private enum Form {
    /// Group = code, the last group for unknown; groups may have no rows.
    case codes(Column, codeCount: Int)
    case table(GroupTable, [KeySource])
  }

  /// The most codes that number groups directly.
  private static let codeCountMax = 200

  private let form: Form

  init(_ keys: [BoundExpression], over relation: Relation, _ execution: Execution) {
    if keys.count == 1, case .field(let path) = keys[0], path.hops.isEmpty, relation.isOfRecords,
      let codeCount = relation.column(path.field).groupCodeCount, codeCount <= Self.codeCountMax
    {
      form = .codes(relation.column(path.field), codeCount: codeCount)
      return
    }
    let sources = keys.map { KeySource($0, relation, execution) }
    form = .table(
      GroupTable(
        keyTypes: sources.map(\.type), domains: sources.map(\.domain),
        budget: execution.database.budget), sources)
  }

  /// Whether some groups may have no rows and are to be left out.
  var hasEmptyGroups: Bool {
    if case .codes = form { return true }
    return false
  }

  /// Groups so far.
  var groupCount: Int {
    switch form {
    case .codes(_, let codeCount): codeCount + 1
    case .table(let table, _): table.groupCount
    }
  }

  /// For each row 1 + its group; 0 for rows that are out.
  func ids(_ batch: Batch, _ evaluator: Evaluator) throws(StoreError) -> [Int32] {
    switch form {
    case .codes(let column, let codeCount):
      return column.groupIDs(batch.rows, in: batch.mask, codeCount: codeCount)
    case .table(let table, let sources):
      var keys: [Vector] = []
      for source in sources { keys.append(try source.values(batch, evaluator)) }
      return try table.ids(of: keys, in: batch.mask)
    }
  }

  /// The keys of all groups, as values of their own types.
  func keys() throws(StoreError) -> [Vector] {
    switch form {
    case .codes(let column, let codeCount):
      let codes = (0...Int32(codeCount)).map { $0 == codeCount ? -1 : $0 }
      if let texts = column.dictionary { return [Vector(texts: texts).gathered(codes)] }
      return [Vector(words: (0..<Int64(codeCount)).map { $0 }).gathered(codes)]
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
