import Glibc

/// How much customers spend on a purchase, given how much they have spent: the Gamma-Gamma model.
///
/// A purchase of one customer is Gamma(p, ν), and ν is Gamma(q, v) over the customers; how much and
/// how often are taken to be independent, so look at `correlation`. With the mean m of x repeat
/// purchases the likelihood is
///
///     Γ(px+q) / (Γ(px) Γ(q)) · v^q · x^px · m^(px−1) / (v + xm)^(px+q)
///
/// - Source: Fader & Hardie 2013, The Gamma-Gamma Model of Monetary Value, brucehardie.com note 025;
///   Colombo & Jiang 1999, J. of Interactive Marketing 13(3), 2–12.
struct SpendModel: Equatable {
  /// A parameter.
  enum Parameter: String, CaseIterable {
    case p
    case q
    case v
  }

  /// Shape of the purchases of one customer.
  var p: Double
  /// Shape of the customers.
  var q: Double
  /// Scale of the customers, in the unit of money.
  var v: Double
  /// The log-likelihood of the histories it was fitted to.
  var logLikelihood: Double
  /// The parameters at the border of what the fit searches, where the data do not pin them down.
  var atBorder: [Parameter] = []
  /// Pearson's correlation of x and m over the customers of the fit; nil where one does not vary.
  var correlation: Double?
  /// How many customers it was fitted to: those with x > 0 and m > 0.
  var customerCount = 0

  /// E[M] of a customer of whom nothing is known, p·v/(q − 1); nil for q ≤ 1, where a few customers
  /// may spend so much that the mean is infinite.
  var populationMean: Double? { expectedSpend(repeats: 0, meanSpend: 0) }

  /// The mean spend on a purchase to expect of a customer, p(v + x·m)/(p·x + q − 1): their own mean
  /// drawn towards the population's, the more the fewer purchases there are.
  ///
  /// - Returns: Nil where it is infinite, p·x + q ≤ 1, and for customers who have repeats and
  ///   `meanSpend` ≤ 0, of whom the model does not speak.
  func expectedSpend(repeats: Int, meanSpend: Double) -> Double? {
    let x = Double(repeats)
    guard p * x + q > 1, repeats == 0 || meanSpend > 0 else { return nil }
    return p * (v + (repeats == 0 ? 0 : x * meanSpend)) / (p * x + q - 1)
  }
}
