import Glibc

/// A smooth function on an interval as a polynomial, cheap to evaluate.
///
/// - Source: Clenshaw 1955, MTAC 9, 118–120 (evaluation); Trefethen 2013, Approximation Theory and
///   Approximation Practice, chapters 3 and 4 (interpolation in Chebyshev points).
struct ChebyshevSeries {
  private var coefficients: [Double]
  private let middle: Double
  private let perUnit: Double

  /// Interpolates `function`, in more points until the last coefficients are below `error`, or 129
  /// points are used.
  init(on interval: ClosedRange<Double>, error: Double, _ function: (Double) -> Double) {
    middle = (interval.lowerBound + interval.upperBound) / 2
    // An interval of no length is widened; the function must be defined around it.
    let half = max((interval.upperBound - interval.lowerBound) / 2, 1e-3)
    perUnit = 1 / half
    coefficients = []
    for count in [9, 17, 33, 65, 129] {
      let angle = Double.pi / Double(count)
      let values = (0..<count).map { function(middle + half * cos((Double($0) + 0.5) * angle)) }
      // cos(i·π/(2·count)) for all i that occur, so that a transform takes no cosine a term.
      let cosines = (0..<4 * count).map { cos(Double($0) * angle / 2) }
      coefficients = (0..<count).map { order in
        var sum = 0.0
        for place in 0..<count {
          sum += values[place] * cosines[order * (2 * place + 1) % (4 * count)]
        }
        return sum * (order == 0 ? 1 : 2) / Double(count)
      }
      if coefficients.suffix(3).allSatisfy({ abs($0) < error }) { break }
    }
    while let last = coefficients.last, abs(last) < error / 10, coefficients.count > 1 {
      coefficients.removeLast()
    }
  }

  /// The value at a place of the interval.
  func callAsFunction(_ place: Double) -> Double {
    let x = (place - middle) * perUnit
    var next = 0.0
    var afterNext = 0.0
    var order = coefficients.count - 1
    while order > 0 {
      (next, afterNext) = (2 * x * next - afterNext + coefficients[order], next)
      order -= 1
    }
    return x * next - afterNext + coefficients[0]
  }
}
