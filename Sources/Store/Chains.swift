/// What is wrong and what is last in histories: runs of rows of one record in order of time, each of
/// which begins where the one before it ended.
package struct Chains: Sendable {
  /// The offsets of changes whose `from` is not the `to` before it, in the order of the histories,
  /// and the offset of the change before each.
  package private(set) var breaks: [(offset: Int32, before: Int32)] = []
  /// The offset of the last change of each record, in the order of the records.
  package private(set) var lasts: [Int32] = []

  /// Looks through the changes.
  ///
  /// - Parameters:
  ///   - records: Whose change each is; all known.
  ///   - times: When; all known. Changes at one time go by `keys`.
  ///   - from: What was before, unknown at the opening of a history.
  ///   - to: What came; all known.
  /// - Throws: `interrupted`.
  package init(
    records: Vector, times: Vector, keys: Vector, from: Vector, to: Vector
  ) throws(StoreError) {
    let order = try RowOrder.sorted(
      count: records.count, by: [records, times, keys].map { SortKey($0) })
    let (owners, before, after) = (records.words, from.words, to.words)
    for (position, row) in order.enumerated() {
      if position & 0xFFFF == 0 { try Cancellation.check() }
      let offset = Int(row)
      if position > 0, owners[Int(order[position - 1])] == owners[offset] {
        let last = order[position - 1]
        let isKnown = from.known[offset] != 0 && to.known[Int(last)] != 0
        if !isKnown || before[offset] != after[Int(last)] { breaks.append((row, last)) }
      }
      let isLast =
        position + 1 == order.count || owners[Int(order[position + 1])] != owners[offset]
      if isLast { lasts.append(row) }
    }
  }
}
