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
    if keys.count == 1, case .field(let path) = keys[0], path.hops.isEmpty, relation.table != nil,
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
  func keys() -> [Vector] {
    switch form {
    case .codes(let column, let codeCount):
      let codes = (0...Int32(codeCount)).map { $0 == codeCount ? -1 : $0 }
      if let texts = column.dictionary { return [Vector(texts: texts).gathered(codes)] }
      return [Vector(words: (0..<Int64(codeCount)).map { $0 }).gathered(codes)]
    case .table(let table, let sources):
      return zip(table.keys(), sources).map { values, source in source.restored(values) }
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

/// Where a key's values come from: the codes of a text column's dictionary, or the evaluator.
private struct KeySource {
  /// The type of the values given to the group table.
  let type: ValueType
  /// The small range they lie in, when one is known.
  let domain: ClosedRange<Int64>?
  private let expression: BoundExpression
  private let coded: Column?

  init(_ expression: BoundExpression, _ relation: Relation, _ execution: Execution) {
    self.expression = expression
    if case .field(let path) = expression, path.hops.isEmpty, path.type == .text,
      relation.table != nil, let textCount = relation.column(path.field).dictionaryCount,
      textCount > 0
    {
      coded = relation.column(path.field)
      type = .integer
      domain = 0...Int64(textCount - 1)
    } else {
      coded = nil
      type = expression.type
      domain = Self.domain(of: expression, relation, execution)
    }
  }

  /// The values of a batch, or their codes.
  func values(_ batch: Batch, _ evaluator: Evaluator) throws(StoreError) -> Vector {
    if let coded { return coded.loadCodes(batch.rows) }
    return try evaluator.values(of: expression, batch.rows, in: batch.mask)
  }

  /// The keys that the group table gives, codes turned into their texts.
  func restored(_ keys: Vector) -> Vector {
    guard let coded, let texts = coded.dictionary, case .words(let codes) = keys.values else {
      return keys
    }
    let offsets = codes.indices.map { keys.known[$0] == 0 ? -1 : Int32(codes[$0]) }
    return Vector(texts: texts).gathered(offsets)
  }

  /// The small range a key's words lie in, when the statistics or the type know one.
  private static func domain(
    of key: BoundExpression, _ relation: Relation, _ execution: Execution
  ) -> ClosedRange<Int64>? {
    switch key {
    case .call(.monthOf, let operands, _), .call(.weekOf, let operands, _),
      .call(.quarterOf, let operands, _):
      guard let bounds = operands.first.flatMap({ domain(of: $0, relation, execution) }) else {
        return nil
      }
      // The first day of a quarter lies at most 91 days before a date in it.
      return (bounds.lowerBound - 92)...bounds.upperBound
    case .convert(.timeToDate, let operand):
      guard let bounds = domain(of: operand, relation, execution) else { return nil }
      return (bounds.lowerBound / 86_400 - 1)...(bounds.upperBound / 86_400 + 1)
    case .field(let path)
    where path.hops.isEmpty && path.type != .text && path.type != .number
      && relation.table != nil:
      return relation.column(path.field).wordBounds
    case .perRow(let index, let type) where type != .text && type != .number:
      return execution.perRow[index]?.wordBounds
    default:
      switch key.type {
      case .choice(let list): return 0...Int64(max(1, list.names.count) - 1)
      case .flag: return 0...1
      default: return nil
      }
    }
  }
}
