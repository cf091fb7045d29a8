import Glibc

/// Points and weights to integrate over the probability to stop of customers with a given number of
/// repeat purchases, who are alive: p ~ Beta(a, b + n).
///
/// What such a customer is expected to buy within a time t is, with τ = t/(α+T) and c = r + x,
///
///     ∫₀¹ (1 − (1 + pτ)^−c) / p · Beta(p; a, b+n) dp
///
/// It comes from (1 − e^−λpt)/p, the expectation given λ and p, by λ ~ Gamma(c, α+T), and is finite
/// for every a, b, n. The closed form by ₂F₁ divides by a − 1 and loses its digits near a = 1, for
/// a+b+x ≤ 1 and for large x.
///
/// With p = 1/(1+e^−y) and y = y₀ + w·sinh v the integrand falls off doubly exponentially on both
/// sides, whatever a and b + n are, and the trapezoidal rule converges exponentially. The weights are
/// divided by their own sum, so no beta function is needed and errors cancel.
///
/// - Source: Takahasi & Mori 1974, Publ. RIMS 9, 721–741; Trefethen & Weideman 2014, SIAM Review
///   56(3), 385–458 (trapezoidal rule).
struct DropoutRule {
  private var points: [Double] = []
  private var weights: [Double] = []
  /// r + x.
  private let power: Double

  /// The rule for customers with `repeats` repeat purchases.
  init(model: PurchaseModel, repeats: Int) {
    self.init(
      a: model.a, rest: model.b + Double(model.kind.passedChances(repeats)),
      power: model.r + Double(repeats))
  }

  /// The rule for p ~ Beta(a, rest) and c = `power`.
  init(a: Double, rest: Double, power: Double) {
    self.power = power
    let middle = log(a / rest)
    let width = min((1 / a + 1 / rest).squareRoot(), 1)
    let top = Self.logDensity(a: a, rest: rest, y: middle)
    for direction in [-1.0, 1.0] {
      var step = direction < 0 ? 0.0 : 1.0
      while true {
        let v = direction * step * Self.spacing
        let y = middle + width * sinh(v)
        let height = Self.logDensity(a: a, rest: rest, y: y) - top + log(cosh(v))
        guard height > -36, step < 2_000 else { break }
        points.append(1 / (1 + exp(-y)))
        weights.append(exp(height))
        step += 1
      }
    }
    let sum = weights.reduce(0, +)
    for place in weights.indices { weights[place] /= sum }
  }

  /// The purchases expected within τ = t/(α+T) of a customer who is alive.
  func expectedOrders(within tau: Double) -> Double {
    var sum = 0.0
    for place in points.indices {
      let product = points[place] * tau
      // (1 − (1+pτ)^−c)/p tends to cτ.
      let perTau = product < 1e-290 ? power : -expm1(-power * log1p(product)) / product
      sum += weights[place] * perTau
    }
    return sum * tau
  }

  private static let spacing = 0.04

  /// log p^a (1−p)^rest: the density by y without its constant factor.
  private static func logDensity(a: Double, rest: Double, y: Double) -> Double {
    -a * SpecialFunctions.softPlus(-y) - rest * SpecialFunctions.softPlus(y)
  }
}
