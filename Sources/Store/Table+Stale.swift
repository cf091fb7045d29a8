// Rows of the main part whose value of one field was edited since the field's index was built. An
// index gives them no more; a look-up tests them one by one, like the rows of the delta.

extension Table {
  /// The rows that are scanned beside an index before it is built anew: 1% of the main part, but 1,024
  /// at least and `deltaRowCountMax` at most.
  var deltaLimit: Int { min(Self.deltaRowCountMax, max(1_024, mainRowCount / 100)) }

  /// Whether the session should merge before the next statement: the delta, or the stale rows of some
  /// field, are over 1% of the table (at least 1,024 rows) or `deltaRowCountMax`.
  package var isDeltaFull: Bool {
    let limit = deltaLimit
    return rowCount - mainRowCount >= limit || indexes.stale.contains { $0.value.count >= limit }
  }

  /// The stale rows of a field, ascending.
  func staleRows(of field: FieldID) -> [Int32] {
    guard let stale = indexes.stale[field], !stale.isEmpty else { return [] }
    return stale.rows
  }

  /// Takes note that rows of a field have other values than `before`. An index of which too much is
  /// stale is given up, to be built anew when it is next wanted.
  func noteStale(_ rows: [Int32], of field: FieldID, before: Vector) {
    noteNeighbours(rows, of: field, before: before)
    guard indexes.isThere(for: field), let first = rows.first, first < mainRowCount else { return }
    let count = rows.firstIndex { $0 >= mainRowCount } ?? rows.count
    var stale = indexes.stale.removeValue(forKey: field) ?? SparseRowSet()
    guard stale.count + count <= 2 * deltaLimit else { return indexes.giveUp(field) }
    let order = indexes.orders[field]
    for offset in 0..<count where stale.insert(rows[offset]) {
      order?.keepKey(of: rows[offset], value: before[offset])
    }
    indexes.stale[field] = stale
  }
}

extension TableIndexes {
  /// Whether a field has an index over the main part, the map of keys left aside.
  func isThere(for field: FieldID) -> Bool {
    postings[field] != nil || texts[field] != nil || orders[field] != nil
  }

  /// Forgets all that goes by the values of a field.
  mutating func giveUpAll(by field: FieldID) {
    giveUp(field)
    adjacencies = adjacencies.filter { !$0.value.isBy(field) }
    for adjacency in adjacencies.values { adjacency.clustered[field] = nil }
  }

  /// Forgets the index of a field.
  mutating func giveUp(_ field: FieldID) {
    postings[field] = nil
    texts[field] = nil
    orders[field] = nil
    deltaOrders[field] = nil
    stale[field] = nil
  }
}
