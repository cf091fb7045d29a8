/// Who refers whom: mostly advocates, who are satisfied customers with several orders.
///
/// A referrer has joined, and bought, before the day of the referral, so chains cannot close;
/// since the referred are more often satisfied, chains grow long.
struct Referrals {
  private var advocates: [Int32] = []
  /// For each customer: the days between which they would refer someone; empty when never.
  private var begins: [Int32] = []
  private var ends: [Int32] = []

  /// Remembers the next customer.
  ///
  /// - Parameters:
  ///   - begins: The day of the first order, for an advocate of the third; nil without an order.
  ///   - ends: The last day as an active customer.
  ///   - weight: How often an advocate is thought of; 0 for the others.
  mutating func add(begins first: Int?, ends last: Int, weight: Int) {
    let customer = Int32(begins.count)
    begins.append(Int32(first ?? Timeline.lastDay + 1))
    ends.append(Int32(last))
    for _ in 0..<weight { advocates.append(customer) }
  }

  /// A customer who could have referred someone on `day`; nil if chance finds none.
  func pick(on day: Int, _ random: inout Random) -> Int? {
    if !advocates.isEmpty && random.chance(0.85) {
      for _ in 0..<16 {
        let customer = Int(advocates[random.below(advocates.count)])
        if isActive(customer, on: day) { return customer }
      }
    }
    for _ in 0..<6 where !begins.isEmpty {
      let customer = random.below(begins.count)
      if isActive(customer, on: day) { return customer }
    }
    return nil
  }

  private func isActive(_ customer: Int, on day: Int) -> Bool {
    Int(begins[customer]) < day && Int(ends[customer]) > day
  }
}
