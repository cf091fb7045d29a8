import Glibc
import Store

/// Climbs to the maximum of a smooth function within a box by Newton's method: the polish after a
/// search without derivatives.
///
/// Where the function is not concave, the step is damped; a step that does not rise is shortened.
///
/// - Source: Levenberg 1944; Marquardt 1963, SIAM J. 11(2), 431–441; Bertsekas 1982, SIAM J. Control
///   20(2), 221–246 (coordinates that press against the box are held).
enum NewtonAscent {
  /// A function at a point: value, gradient, and second derivatives row by row.
  struct Expansion {
    /// The value.
    var value: Double
    /// First derivatives, one a coordinate.
    var gradient: [Double]
    /// Second derivatives, `gradient.count` squared, row by row.
    var curvature: [Double]

    /// The same function by the logarithms of its coordinates.
    func byLogarithms(at point: [Double]) -> Expansion {
      var result = self
      let count = point.count
      for row in 0..<count {
        result.gradient[row] *= point[row]
        for column in 0..<count {
          result.curvature[row * count + column] *= point[row] * point[column]
        }
        result.curvature[row * count + row] += result.gradient[row]
      }
      return result
    }
  }

  /// Where the climb ended.
  struct Summit {
    /// The coordinates.
    var point: [Double]
    /// The value there.
    var value: Double
    /// The coordinates that lie on the border of the box.
    var atBorder: [Bool]
  }

  /// The local maximum above `start`.
  ///
  /// - Parameters:
  ///   - box: The least and the greatest value of every coordinate.
  ///   - function: Called about once a step, five to ten times in all near a maximum.
  /// - Throws: `StoreError.interrupted`, polled at each step.
  static func summit(
    from start: [Double], within box: [ClosedRange<Double>],
    of function: ([Double]) -> Expansion
  ) throws(StoreError) -> Summit {
    var point = zip(start, box).map { min(max($0, $1.lowerBound), $1.upperBound) }
    var here = function(point)
    var damping = 0.0
    for _ in 0..<stepMax {
      try Cancellation.check()
      let isHeld = held(at: point, gradient: here.gradient, box: box)
      guard let step = step(from: here, isHeld: isHeld, damping: damping) else {
        damping = max(damping * 4, 1e-3 * scale(of: here))
        if damping > 1e30 { break }
        continue
      }
      let next = zip(zip(point, step), box).map { pair, side in
        min(max(pair.0 + pair.1, side.lowerBound), side.upperBound)
      }
      let there = function(next)
      let length = zip(next, point).map { abs($0 - $1) }.max() ?? 0
      // Near the summit a rise is smaller than the rounding of the value.
      let slack = 1e-13 * abs(here.value)
      if there.value >= here.value - (length < 1e-4 ? slack : 0) {
        point = next
        here = there
        damping = damping < 1e-9 * scale(of: here) ? 0 : damping / 10
        if length < 1e-10 { break }
      } else {
        if length < 1e-9 { break }
        damping = max(damping * 8, 1e-3 * scale(of: here))
      }
    }
    let atBorder = zip(point, box).map { $0 <= $1.lowerBound || $0 >= $1.upperBound }
    return Summit(point: point, value: here.value, atBorder: atBorder)
  }

  private static let stepMax = 100

  /// No coordinate moves further in one step; coordinates are logarithms.
  private static let lengthMax = 1.5

  /// The coordinates that the gradient presses against the border.
  private static func held(
    at point: [Double], gradient: [Double], box: [ClosedRange<Double>]
  ) -> [Bool] {
    point.indices.map {
      (point[$0] <= box[$0].lowerBound && gradient[$0] <= 0)
        || (point[$0] >= box[$0].upperBound && gradient[$0] >= 0)
    }
  }

  private static func scale(of here: Expansion) -> Double {
    let count = here.gradient.count
    var largest = 1e-12
    for row in 0..<count { largest = max(largest, abs(here.curvature[row * count + row])) }
    return largest
  }

  /// Solves (−curvature + damping · 1) step = gradient; nil where that matrix is not positive.
  private static func step(from here: Expansion, isHeld: [Bool], damping: Double) -> [Double]? {
    let free = isHeld.indices.filter { !isHeld[$0] }
    let size = isHeld.count
    var lower = [Double](repeating: 0, count: free.count * free.count)
    var solution = free.map { here.gradient[$0] }
    // Cholesky's square root, row by row, and forward substitution on the way.
    for row in free.indices {
      for column in 0...row {
        var sum = -here.curvature[free[row] * size + free[column]] + (row == column ? damping : 0)
        for inner in 0..<column {
          sum -= lower[row * free.count + inner] * lower[column * free.count + inner]
        }
        if row == column {
          guard sum > 1e-12 * scale(of: here) else { return nil }
          lower[row * free.count + row] = sum.squareRoot()
        } else {
          lower[row * free.count + column] = sum / lower[column * free.count + column]
        }
      }
      for inner in 0..<row { solution[row] -= lower[row * free.count + inner] * solution[inner] }
      solution[row] /= lower[row * free.count + row]
    }
    for row in free.indices.reversed() {
      for inner in free.indices.dropFirst(row + 1) {
        solution[row] -= lower[inner * free.count + row] * solution[inner]
      }
      solution[row] /= lower[row * free.count + row]
    }
    guard solution.allSatisfy(\.isFinite) else { return nil }
    let longest = solution.map { abs($0) }.max() ?? 0
    let factor = longest > lengthMax ? lengthMax / longest : 1
    var step = [Double](repeating: 0, count: size)
    for (index, axis) in free.enumerated() { step[axis] = factor * solution[index] }
    return step
  }
}
