import Store
import Syntax

/// Where a key's values come from: the codes of a text column's dictionary, a table of the values that
/// a part of a date has over a small range, or the evaluator.
struct KeySource {
  private enum Form {
    case values(BoundExpression)
    /// Codes of the dictionary of a column, which references lead to.
    case codes(Column, hops: [Column])
    /// The place in `results` of each day from `lower` on.
    case table(BoundExpression, lower: Int64, places: [Int32], results: Vector)
  }

  /// The type of the values given to the group table.
  let type: ValueType
  /// The small range they lie in, when one is known.
  let domain: ClosedRange<Int64>?
  private let form: Form
  /// The column whose words, codes or days the values are, where it is one of the relation itself.
  private let plainColumn: Column?

  init(_ expression: BoundExpression, _ relation: Relation, _ execution: Execution) {
    let domains = WordDomains(relation, execution)
    if case .field(let path) = expression, path.type == .text, relation.isOfRecords,
      let textCount = Self.column(path, relation, execution).dictionaryCount, textCount > 0
    {
      form = .codes(
        Self.column(path, relation, execution), hops: Self.hops(path, relation, execution))
      (type, domain) = (.integer, 0...Int64(textCount - 1))
    } else if let (table, count) = Self.table(of: expression, domains) {
      form = table
      (type, domain) = (.integer, 0...Int64(count - 1))
    } else {
      form = .values(expression)
      (type, domain) = (expression.type, domains.domain(of: expression))
    }
    plainColumn =
      switch form {
      case .values(let expression), .table(let expression, _, _, _):
        relation.plainColumn(expression)
      case .codes(let column, let hops): hops.isEmpty ? column : nil
      }
  }

  /// The column that a path ends in.
  private static func column(
    _ path: FieldPath, _ relation: Relation, _ execution: Execution
  ) -> Column {
    guard let hop = path.hops.last else { return relation.column(path.field) }
    return execution.database.table(hop.target).column(path.field)
  }

  /// The columns of the references that a path follows.
  private static func hops(
    _ path: FieldPath, _ relation: Relation, _ execution: Execution
  ) -> [Column] {
    var column: (FieldID) -> Column = relation.column
    return path.hops.map { hop in
      let reference = column(hop.field)
      column = execution.database.table(hop.target).column
      return reference
    }
  }

  /// The widest range of days over which a part is computed beforehand.
  private static let tableCountMax: Int64 = 65_536

  /// A part of a date, computed once for each day there may be.
  private static func table(
    of expression: BoundExpression, _ domains: WordDomains
  ) -> (Form, count: Int)? {
    guard case .call(let function, let operands, _) = expression, let part = function.datePart,
      let days = domains.domain(of: operands[0]), days.upperBound - days.lowerBound < tableCountMax
    else { return nil }
    let parts = Vector(words: Array(days)).datePart(part).words
    var placeOf: [Int64: Int32] = [:]
    var results: [Int64] = []
    let places = parts.map { part in
      if let place = placeOf[part] { return place }
      placeOf[part] = Int32(results.count)
      results.append(part)
      return Int32(results.count - 1)
    }
    return (
      .table(
        operands[0], lower: days.lowerBound, places: places, results: Vector(words: results)),
      results.count
    )
  }

  /// The values of a batch, or their codes or places.
  func values(_ batch: Batch, _ evaluator: Evaluator) throws(StoreError) -> Vector {
    switch form {
    case .values(let expression):
      return try evaluator.values(of: expression, batch.rows, in: batch.mask)
    case .codes(let column, let hops):
      return column.loadCodes(hops.reduce(batch.rows) { Rows(following: $1.load($0)) })
    case .table(let operand, let lower, let places, _):
      let days = try evaluator.values(of: operand, batch.rows, in: batch.mask)
      return days.looked(up: places, from: lower)
    }
  }

  /// Places that a value may have among all of its domain, and one for an unknown value behind them;
  /// nil where no small domain is known.
  var placeCount: Int? {
    guard let domain else { return nil }
    let (width, isOver) = domain.upperBound.subtractingReportingOverflow(domain.lowerBound)
    return isOver || width >= Self.tableCountMax ? nil : Int(width) + 2
  }

  /// For each row 1 + the place of its value in the domain, 0 for rows that are out.
  func ids(_ batch: Batch, _ evaluator: Evaluator) throws(StoreError) -> [Int32] {
    guard let domain, let placeCount else { preconditionFailure("places in a small domain") }
    let unknown = Int32(placeCount)
    var (lower, places) = (domain.lowerBound, [Int32]?.none)
    if case .table(_, let day, let entries, _) = form { (lower, places) = (day, entries) }
    if let plainColumn, case .run(let base, _) = batch.rows,
      let ids = plainColumn.groupIDs(
        from: base, in: batch.mask, lower: lower, places: places, unknown: unknown)
    {
      return ids
    }
    // The values of a table's form are places already.
    return try values(batch, evaluator).groupIDs(
      in: batch.mask, lower: domain.lowerBound, places: nil, unknown: unknown)
  }

  /// The keys of some places of the domain.
  func keys(at places: [Int]) -> Vector {
    guard let domain, let placeCount else { preconditionFailure("places in a small domain") }
    return restored(
      Vector(
        words: places.map { $0 + 1 == placeCount ? 0 : domain.lowerBound + Int64($0) },
        known: places.map { $0 + 1 == placeCount ? 0 : 0x80 }))
  }

  /// The keys that the group table gives, codes and places turned into what they stand for.
  func restored(_ keys: Vector) -> Vector {
    switch form {
    case .values: return keys
    case .codes(let column, _):
      guard let texts = column.dictionary else { return keys }
      return Vector(texts: texts).gathered(Self.offsets(keys))
    case .table(_, _, _, let results): return results.gathered(Self.offsets(keys))
    }
  }

  private static func offsets(_ keys: Vector) -> [Int32] {
    let words = keys.words
    return words.indices.map { keys.known[$0] == 0 ? -1 : Int32(words[$0]) }
  }
}

/// The small ranges in which words lie, as far as statistics or types know them.
struct WordDomains {
  private let relation: Relation
  private let execution: Execution

  init(_ relation: Relation, _ execution: Execution) {
    self.relation = relation
    self.execution = execution
  }

  /// The range of an expression's words; nil where none is known.
  func domain(of expression: BoundExpression) -> ClosedRange<Int64>? {
    switch expression {
    case .convert(.timeToDate, let operand):
      guard let bounds = domain(of: operand) else { return nil }
      return (bounds.lowerBound / 86_400 - 1)...(bounds.upperBound / 86_400 + 1)
    case .field(let path)
    where path.type != .text && path.type != .number && relation.isOfRecords:
      if let hop = path.hops.last {
        return execution.database.table(hop.target).column(path.field).wordBounds
      }
      return relation.column(path.field).wordBounds
    case .perRow(let index, let type) where type != .text && type != .number:
      return execution.perRow[index]?.wordBounds
    default:
      switch expression.type {
      case .choice(let list): return 0...Int64(max(1, list.names.count) - 1)
      case .flag: return 0...1
      default: return nil
      }
    }
  }
}
