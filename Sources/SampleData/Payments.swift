import Store

/// Invoices and balances of some customers: both show who is about to leave.
enum Payments {
  /// A row of `invoices`; customer and amount are the order's.
  struct Invoice: Dated {
    /// Index of the order before orders are put in order of days.
    var order: Int32
    /// The day it was issued.
    var day: Int32
    var due: Int32
    /// `unknownDay` while it is not paid.
    var paid: Int32
  }

  /// A row of `balances`.
  struct Balance: Dated {
    var customer: Int32
    var day: Int32
    var amount: Int
  }

  /// The invoice of an order, or nil when it would be issued after the end of the data.
  ///
  /// A customer pays around their own usual lateness; one who is fading pays two to four weeks
  /// later than that, and one invoice in ten never.
  static func invoice(
    order: Int, on day: Int, life: Life, traits: Traits, _ random: inout Random
  ) -> Invoice? {
    let issued = Timeline.workday(day + random.below(4))
    guard issued <= Timeline.lastDay else { return nil }
    var late = Int(traits.daysLate + 2 * random.noise() + 0.5)
    var isPaid = true
    if life.isFading(on: day) {
      late = late * 3 / 2 + random.between(14, 36)
      isPaid = !random.chance(0.1)
    }
    let paid = max(issued + 1, issued + traits.paymentTerm + late)
    return Invoice(
      order: Int32(order), day: Int32(issued), due: Int32(issued + traits.paymentTerm),
      paid: isPaid && paid <= Timeline.lastDay ? Int32(paid) : unknownDay)
  }

  /// The last days of the last eighteen months.
  static let monthEnds = (1...18).reversed().map {
    Day.add(months: 1 - $0, to: Timeline.lastDay + 1) - 1
  }

  /// Appends the balances of one customer and returns the last; nil for a customer without any.
  ///
  /// A balance grows slowly from its own level, and falls month by month on the way out.
  static func addBalances(
    customer: Int, life: Life, traits: Traits, to rows: inout [Balance], _ random: inout Random
  ) -> Int? {
    guard let first = life.firstOrder, random.chance(0.2) else { return nil }
    let level = random.logNormal(median: 2.5 * traits.orderSize, sigma: 0.8)
    var last: Int?
    for (month, day) in monthEnds.enumerated() where day >= first {
      if let departure = life.departure, departure.isRecorded, day > departure.day { break }
      var amount = level * ExpLog.exp(0.02 * Double(month) + 0.1 * random.noise())
      if let departure = life.departure, day >= departure.fadesFrom, life.comeback == nil {
        let span = Double(departure.day - departure.fadesFrom)
        let way = min(1, Double(day - departure.fadesFrom) / span)
        amount *= 0.85 - 0.6 * way
      }
      let minor = Int(amount)
      rows.append(Balance(customer: Int32(customer), day: Int32(day), amount: minor))
      last = minor
    }
    return last ?? 0
  }
}
