/// How a forecast made at an earlier date compares with what was bought since.
///
/// - Source: Fader, Hardie & Lee 2005, Marketing Science 24(2), figure 4 (conditional expectations by
///   the number of repeat purchases up to the date, 7 and more in one class).
struct HoldoutCheck: Equatable {
  /// The customers of one number of repeat purchases.
  struct Class: Equatable {
    /// Number of repeats up to the date; in the last class, that or more.
    var repeats: Int
    /// How many customers.
    var customers = 0
    /// The purchases they were expected to make, all together.
    var predicted = 0.0
    /// The purchases they made.
    var actual = 0
  }

  /// All customers together; `repeats` is 0.
  private(set) var total = Class(repeats: 0)
  /// 0, 1, … 6, and 7 and more; also those without customers.
  private(set) var classes = (0...classMax).map { Class(repeats: $0) }
  /// The mean of |predicted − actual| a customer; nil without customers.
  private(set) var meanAbsoluteError: Double?
  /// The mean of |actual − the mean|, had every customer been forecast the mean that was bought: what
  /// a forecast that knows no customers, but the total, would have missed.
  private(set) var meanAbsoluteErrorOfMean: Double?

  /// The last class is this number and more.
  static let classMax = 7

  /// Compares customers given in three lists of equal length.
  ///
  /// - Parameters:
  ///   - repeats: Purchase days after the first, up to the date.
  ///   - predicted: E[Y(t)] at the date, over the time since.
  ///   - actual: Purchase days since the date.
  init(repeats: [Int32], predicted: [Double], actual: [Int32]) {
    precondition(repeats.count == predicted.count && repeats.count == actual.count)
    var errors = 0.0
    for row in repeats.indices {
      let place = min(Int(repeats[row]), Self.classMax)
      classes[place].customers += 1
      classes[place].predicted += predicted[row]
      classes[place].actual += Int(actual[row])
      errors += abs(predicted[row] - Double(actual[row]))
    }
    for part in classes {
      total.customers += part.customers
      total.predicted += part.predicted
      total.actual += part.actual
    }
    guard total.customers > 0 else { return }
    let mean = Double(total.actual) / Double(total.customers)
    meanAbsoluteError = errors / Double(total.customers)
    meanAbsoluteErrorOfMean =
      actual.reduce(0.0) { $0 + abs(Double($1) - mean) } / Double(total.customers)
  }
}
