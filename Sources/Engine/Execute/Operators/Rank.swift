import Store
import Syntax

/// Computes values that depend on all rows (rank, ntile, shares) and hands the rows on.
final class Rank: Operator {
  private let input: any Operator
  private let indexes: [Int]
  private let execution: Execution
  private let relation: Relation
  private let claim: BudgetClaim
  private var list: RowList?

  init(
    _ input: any Operator, _ indexes: [Int], _ execution: Execution, over relation: Relation
  ) {
    self.input = input
    self.indexes = indexes
    self.execution = execution
    self.relation = relation
    claim = BudgetClaim(execution.database.budget)
  }

  var isAscending: Bool { input.isAscending }

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = RowList(try run(), claim) }
    return try list?.next()
  }

  private func run() throws(StoreError) -> [Int32] {
    // The rows stay in their order: a running sum goes by it.
    let rows = try input.collect(claim)
    for index in indexes {
      try PerRowComputation(execution, over: relation).run(index, over: rows)
    }
    return rows
  }
}

/// Computes values that depend on all rows of a population.
struct PerRowComputation {
  private let execution: Execution
  private let relation: Relation
  private let evaluator: Evaluator

  init(_ execution: Execution, over relation: Relation) {
    self.execution = execution
    self.relation = relation
    evaluator = Evaluator(execution, over: relation)
  }

  /// Computes one of the query's computations over these rows and keeps its values.
  func run(_ index: Int, over rows: [Int32]) throws(StoreError) {
    let perRow = execution.query.perRow[index]
    let claim = BudgetClaim(execution.database.budget)
    try claim.cover(rows.count * Ranking.byteCountPerRow)
    let argument = try evaluator.values(of: perRow.argument, at: rows)
    var parts: [(values: Vector, type: ValueType)] = []
    for part in perRow.per {
      parts.append((try evaluator.values(of: part, at: rows), part.type))
    }
    let values = try compute(perRow, argument, parts, count: rows.count)
    let column = Column(type: perRow.type, budget: execution.database.budget)
    try column.append(RowSelection.scatter(values, at: rows, rowCount: relation.rowCount))
    execution.perRow[index] = .column(column)
  }

  private func compute(
    _ perRow: BoundPerRow, _ argument: Vector, _ parts: [(values: Vector, type: ValueType)],
    count: Int
  ) throws(StoreError) -> Vector {
    switch perRow.kind {
    case .runningSum:
      return try Ranking.runningSums(
        argument, as: perRow.argument.type, order: Array(0..<Int32(count)))
    case .stay:
      return try Ranking.stays(argument, per: parts.map(\.values))
    default:
      break
    }
    let ranking = try Ranking(
      argument, as: perRow.argument.type, per: parts, budget: execution.database.budget)
    switch perRow.kind {
    case .inTop(let isTop, let numerator, let denominator):
      let taken = try ranking.inTop(Ratio(numerator, denominator), isTop: isTop)
      noteTaken(perRow, taken.countIn, of: ranking.populationCount, numerator, denominator)
      return Vector(flags: taken)
    default:
      execution.notes.append(
        .population(
          text: perRow.text, count: ranking.populationCount,
          plural: relation.table.map { execution.database.catalog[$0.entity].name } ?? "rows"))
    }
    switch perRow.kind {
    case .rank: return try ranking.ranks()
    case .ntile(let tileCount): return try ranking.tiles(tileCount)
    case .percentileRank: return try ranking.percentileRanks()
    case .share: return try ranking.shares()
    case .runningShare: return try ranking.runningShares()
    case .runningSum, .stay, .inTop: preconditionFailure("handled above")
    case .analyzed: preconditionFailure("a verb computes its own columns")
    }
  }

  /// Ties never split, so a share may take more or fewer rows than it says.
  private func noteTaken(
    _ perRow: BoundPerRow, _ taken: Int, of population: Int, _ numerator: Int64,
    _ denominator: Int64
  ) {
    // Without ties so many have enough others behind them.
    let wanted = Int64(Int128(population) * Int128(numerator) / Int128(denominator))
    execution.notes.append(
      .tookShare(
        text: perRow.text, taken: taken, of: population,
        hasTies: perRow.per.isEmpty && Int64(taken) != wanted))
  }
}

extension Evaluator {
  /// The values of an expression for any number of rows, all of which must be valid; where that is
  /// much work, two workers share it. The values count as held as long as the evaluator is.
  func values(of expression: BoundExpression, at rows: [Int32]) throws(StoreError) -> Vector {
    guard Cost.of(expression) * Double(rows.count) > Cost.parallelNanoseconds else {
      return try values(of: expression, at: rows[...])
    }
    let middle = rows.count / 2
    let other = twin
    var (first, second) = try onBothHalves(
      { () throws(StoreError) in try values(of: expression, at: rows[..<middle]) },
      { () throws(StoreError) in try other.values(of: expression, at: rows[middle...]) })
    try claim.add(second.byteCount)
    first.append(second)
    second = Vector(unknown: expression.type, count: 0)
    return first
  }

  private func values(
    of expression: BoundExpression, at rows: ArraySlice<Int32>
  ) throws(StoreError) -> Vector {
    var result = Vector(unknown: expression.type, count: 0)
    var position = rows.startIndex
    while position < rows.endIndex {
      try Cancellation.check()
      let end = min(position + Limits.batchRowCount, rows.endIndex)
      let part = Rows(rows[position..<end])
      let values = try values(of: expression, part, in: Mask(count: part.count))
      try claim.add(values.byteCount)
      result.append(values)
      position = end
    }
    return result
  }
}
