import Store

/// The median of whole days: the mean of the middle two where their count is even, as a number; nil of
/// none. The days are sorted in place.
func median(ofDays days: inout [Int32]) -> Double? {
  guard !days.isEmpty else { return nil }
  days.sort()
  let middle = days.count / 2
  if days.count % 2 == 1 { return Double(days[middle]) }
  return (Double(days[middle - 1]) + Double(days[middle])) / 2
}
