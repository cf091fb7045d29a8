/// The first rows by one key, without sorting all. Unknown never enters.
///
/// One row more than asked for is kept, which tells at the end whether a tie was cut.
package struct TopRows {
  private let limit: Int
  private let isDescending: Bool
  private let isTieDescending: Bool
  private var values: Vector
  private var rows: [Int32] = []
  private var worst: ColumnTest?

  /// Makes an empty selection.
  ///
  /// - Parameters:
  ///   - isDescending: Largest first (`top`), else smallest first (`bottom`).
  ///   - isTieDescending: Equal keys go by row, ascending unless this.
  package init(
    limit: Int, of type: ValueType, isDescending: Bool, isTieDescending: Bool = false
  ) {
    precondition(limit >= 0, "a count is not negative")
    self.limit = limit
    self.isDescending = isDescending
    self.isTieDescending = isTieDescending
    values = Vector(unknown: type, count: 0)
  }

  /// Takes in the rows of one batch that are in. Batches come in the order of their rows.
  /// - Throws: `interrupted`.
  package mutating func add(
    _ batch: Vector, rows batchRows: Rows, in mask: Mask
  ) throws(StoreError) {
    var mask = mask
    batch.keep(worst ?? .known, in: &mask)
    if mask.isNoneIn { return }
    let offsets = mask.offsets
    values.append(batch.gathered(offsets))
    for offset in offsets { rows.append(Int32(truncatingIfNeeded: batchRows[Int(offset)])) }
    if rows.count > max(2 * limit, limit + 1_024) { try cut() }
  }

  /// A row whose value fails this test changes nothing any more; nil while every row may, and for
  /// texts always.
  package var threshold: ColumnTest? { worst }

  /// Bytes that the rows, their values and the sorting of both take.
  package var byteCount: Int { values.byteCount + rows.count * RowOrder.byteCountPerRow }

  /// Takes another worker's rows in.
  /// - Throws: `interrupted`.
  package mutating func merge(_ other: TopRows) throws(StoreError) {
    values.append(other.values)
    rows += other.rows
    try cut()
  }

  /// The rows in order, and whether a row with the last one's key was left out.
  /// - Throws: `interrupted`.
  package mutating func finish() throws(StoreError) -> (rows: [Int32], isTieCut: Bool) {
    try cut()
    guard limit > 0, rows.count > limit else { return (Array(rows.prefix(limit)), false) }
    let isTieCut = values[limit - 1] == values[limit]
    return (Array(rows.prefix(limit)), isTieCut)
  }

  /// Keeps the first `limit + 1`, in order.
  private mutating func cut() throws(StoreError) {
    let keys = [
      SortKey(values, isDescending: isDescending),
      SortKey(Vector(words: rows.map(Int64.init)), isDescending: isTieDescending),
    ]
    let order = try RowOrder.sorted(count: rows.count, by: keys).prefix(limit + 1)
    values = values.gathered(Array(order))
    rows = order.map { rows[Int($0)] }
    if rows.count == limit + 1 { worst = test(beating: values[limit]) }
  }

  /// Passes what is better than the worst row kept; where later rows win ties, equal ones too.
  private func test(beating scalar: Scalar) -> ColumnTest? {
    switch scalar {
    case .word(let word):
      let isEnd = isDescending ? word == .max : word == .min
      if isEnd && !isTieDescending { return .wordSet([]) }
      let step: Int64 = isTieDescending ? 0 : 1
      return .words(isDescending ? word + step ... .max : .min...word - step)
    case .real(let real):
      return isDescending
        ? .reals(
          lower: real, isLowerOpen: !isTieDescending, upper: .infinity, isUpperOpen: false)
        : .reals(
          lower: -.infinity, isLowerOpen: false, upper: real, isUpperOpen: !isTieDescending)
    case .text, .unknown: return nil
    }
  }
}
