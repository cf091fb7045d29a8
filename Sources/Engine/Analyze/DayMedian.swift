import Store

/// The median of whole days: the mean of the middle two where their count is even, as a number; nil of
/// none.
///
/// - Throws: `interrupted`.
func median(ofDays days: [Int32]) throws(StoreError) -> Double? {
  guard !days.isEmpty else { return nil }
  let ranks = days.count % 2 == 1 ? [days.count / 2] : [days.count / 2 - 1, days.count / 2]
  let found = try RankedValues.values(at: ranks, of: days.map(Int64.init))
  return found.reduce(0) { $0 + Double($1) } / Double(found.count)
}
