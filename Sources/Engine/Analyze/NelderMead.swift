import Store

/// The downhill simplex of Nelder and Mead: finds the neighbourhood of a minimum without
/// derivatives, from starts that may be far off.
///
/// - Source: Nelder & Mead 1965, The Computer Journal 7(4), 308–313, with their coefficients:
///   reflection 1, expansion 2, contraction ½, shrinkage ½.
struct NelderMead {
  /// The corners, best first.
  private var corners: [Corner]
  private let objective: ([Double]) -> Double

  private struct Corner {
    var point: [Double]
    var value: Double
  }

  /// The lowest point found from `start`.
  ///
  /// - Parameters:
  ///   - step: How far the other corners of the first simplex lie from `start`, one along each axis.
  ///   - tolerance: Ends the search when worst and best corner differ by no more in value.
  ///   - stepMax: Ends the search in any case.
  ///   - objective: Not a number counts as infinitely high. Called one to two times a step.
  /// - Throws: `StoreError.interrupted`, polled at each step.
  static func minimum(
    from start: [Double], step: Double, tolerance: Double, stepMax: Int,
    of objective: @escaping ([Double]) -> Double
  ) throws(StoreError) -> (point: [Double], value: Double) {
    var search = NelderMead(start: start, step: step, objective: objective)
    for _ in 0..<stepMax {
      try Cancellation.check()
      search.sort()
      if search.spread <= tolerance { break }
      search.advance()
    }
    search.sort()
    return (search.corners[0].point, search.corners[0].value)
  }

  private init(start: [Double], step: Double, objective: @escaping ([Double]) -> Double) {
    self.objective = objective
    corners = []
    corners.append(corner(at: start))
    for axis in start.indices {
      var point = start
      point[axis] += step
      corners.append(corner(at: point))
    }
  }

  private var last: Int { corners.count - 1 }

  private var spread: Double { corners[last].value - corners[0].value }

  /// Stable, so equal values keep their order and the search is the same each time.
  private mutating func sort() { corners.sort { $0.value < $1.value } }

  /// Replaces the worst corner, or draws all corners towards the best.
  private mutating func advance() {
    let reflected = corner(beyond: 1)
    if reflected.value < corners[0].value {
      let expanded = corner(beyond: 2)
      corners[last] = expanded.value < reflected.value ? expanded : reflected
    } else if reflected.value < corners[last - 1].value {
      corners[last] = reflected
    } else {
      let isOutside = reflected.value < corners[last].value
      let contracted = corner(beyond: isOutside ? 0.5 : -0.5)
      if contracted.value < min(reflected.value, corners[last].value) {
        corners[last] = contracted
      } else {
        shrink()
      }
    }
  }

  private mutating func shrink() {
    let best = corners[0].point
    for index in corners.indices.dropFirst() {
      corners[index] = corner(at: zip(best, corners[index].point).map { ($0 + $1) / 2 })
    }
  }

  /// The point on the line from the worst corner through the middle of the others, `share` of their
  /// distance beyond the middle.
  private func corner(beyond share: Double) -> Corner {
    var point = corners[last].point
    for axis in point.indices {
      var middle = 0.0
      for corner in corners.dropLast() { middle += corner.point[axis] }
      middle /= Double(last)
      point[axis] = middle + share * (middle - point[axis])
    }
    return corner(at: point)
  }

  private func corner(at point: [Double]) -> Corner {
    let value = objective(point)
    return Corner(point: point, value: value.isNaN ? .infinity : value)
  }
}
