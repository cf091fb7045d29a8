import Glibc

/// How customers without a contract buy and stop: each buys at a rate of their own until they stop
/// for good, and after each purchase they may stop, with a probability of their own.
///
/// Rates λ are Gamma(r, α) and probabilities p Beta(a, b) over the customers. Of one customer the
/// model needs x (repeat purchases), t_x (age at the last) and T (age now). With n chances to stop
/// that were let pass (x for BG/NBD, x + 1 for MBG/NBD), the likelihood is
///
///     B(a, b+n)/B(a, b) · Γ(r+x)/Γ(r) · α^r · [(α+T)^−(r+x) + [n > 0] · a/(b+n−1) · (α+t_x)^−(r+x)]
///
/// - Source: Fader, Hardie & Lee 2005, Marketing Science 24(2), 275–284 (BG/NBD); Batislam, Denizel &
///   Filiztekin 2007, Int. J. of Research in Marketing 24(3), 201–209, and Hoppe & Wagner 2007,
///   Marketing JRM 3(2), 75–90 (the modified form, MBG/NBD).
struct PurchaseModel: Equatable {
  /// Which of the two models.
  enum Kind: Hashable, CaseIterable {
    /// Stopping is possible after each repeat purchase: who never repeated is alive for certain.
    case bgnbd
    /// Stopping is possible after the first purchase too.
    case mbgnbd

    /// How often a customer with `repeats` repeat purchases did not stop where they might have.
    func passedChances(_ repeats: Int) -> Int {
      switch self {
      case .bgnbd: repeats
      case .mbgnbd: repeats + 1
      }
    }
  }

  /// A parameter.
  enum Parameter: String, CaseIterable {
    case r
    case alpha
    case a
    case b
  }

  /// Which model.
  var kind: Kind
  /// Shape of the rates.
  var r: Double
  /// Scale of the rates, in weeks: the mean rate is r/α a week.
  var alpha: Double
  /// First shape of the probabilities to stop; their mean is a/(a+b).
  var a: Double
  /// Second shape of the probabilities to stop.
  var b: Double
  /// The log-likelihood of the histories it was fitted to, ages in weeks.
  var logLikelihood: Double
  /// The parameters at the border of what the fit searches, where the data do not pin them down:
  /// each runs to nothing or beyond all bounds.
  var atBorder: [Parameter] = []

  /// Days in the unit of ages and of α.
  static let weekDays = 7.0
}

extension PurchaseModel {
  /// The probability that the customer has not stopped, 0…1; ages in weeks.
  ///
  /// 1 for BG/NBD and no repeat purchase, by construction.
  func probabilityAlive(repeats: Int, lastAge: Double, age: Double) -> Double {
    probabilityAlive(
      repeats: repeats, logLastAge: log(alpha + lastAge), logAge: log(alpha + age))
  }

  /// The same from log(α + t_x) and log(α + T).
  func probabilityAlive(repeats: Int, logLastAge: Double, logAge: Double) -> Double {
    let passed = Double(kind.passedChances(repeats))
    guard passed > 0 else { return 1 }
    let odds = a / (b + passed - 1) * exp((r + Double(repeats)) * (logAge - logLastAge))
    return 1 / (1 + odds)
  }

  /// The purchases expected in the next `weeks`, E[Y(t)], of one customer; ages in weeks.
  ///
  /// For many customers use `FutureOrders`.
  func expectedOrders(over weeks: Double, repeats: Int, lastAge: Double, age: Double) -> Double {
    let whileAlive = DropoutRule(model: self, repeats: repeats)
      .expectedOrders(within: weeks / (alpha + age))
    return probabilityAlive(repeats: repeats, lastAge: lastAge, age: age) * whileAlive
  }

  /// The weeks, from the as-of date, after which it is more likely than not that the customer has
  /// bought again: the median of the waiting time, counting those who never will.
  ///
  /// Given that the customer is alive, the wait W has P(W > w) = ((α+T)/(α+T+w))^(r+x). Its mean is
  /// infinite for r + x ≤ 1, hence the median. Those who have stopped wait for ever, so the median is
  ///
  ///     (α + T) · ((1 − 1/(2 · P(alive)))^(−1/(r+x)) − 1)
  ///
  /// and infinite where P(alive) ≤ ½: no date is promised of a customer who is more likely gone.
  func medianWait(repeats: Int, age: Double, aliveProbability: Double) -> Double {
    guard aliveProbability > 0.5 else { return .infinity }
    let stillWaiting = -log1p(-0.5 / aliveProbability)
    return (alpha + age) * expm1(stillWaiting / (r + Double(repeats)))
  }
}
