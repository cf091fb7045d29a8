import Store

/// The values of a column that a verb made: one a subject, or one a row of the verb's own.
///
/// A verb that judges each of a million subjects keeps what it found in the narrowest form, and values
/// are made of it where somebody reads them: of all of them a terminal reads forty.
struct AnalysisValues {
  /// How many there are.
  let count: Int
  /// Between which words they lie, as far as the verb knows.
  let bounds: ClosedRange<Int64>?
  private let whole: Vector?
  private let make: (_ places: [Int32]) -> Vector

  /// Values that are made where they are read.
  ///
  /// - Parameters:
  ///   - bounds: Holds every known word.
  ///   - make: Makes the values at these places, each within 0 ..< `count`; two workers may call it at
  ///     once.
  init(
    count: Int, bounds: ClosedRange<Int64>? = nil,
    _ make: @escaping (_ places: [Int32]) -> Vector
  ) {
    self.count = count
    self.bounds = bounds
    self.make = make
    whole = nil
  }

  /// Values at hand.
  init(_ vector: Vector) {
    count = vector.count
    bounds = nil
    whole = vector
    make = { vector.gathered($0) }
  }

  /// The values at these places; -1 gives unknown.
  func values(at places: [Int32]) -> Vector {
    guard places.contains(where: { $0 < 0 }) else { return make(places) }
    var kept: Int32 = -1
    let order = places.map { place -> Int32 in
      guard place >= 0 else { return -1 }
      kept += 1
      return kept
    }
    return make(places.filter { $0 >= 0 }).gathered(order)
  }

  /// One value, for what reads few.
  subscript(_ place: Int) -> Scalar { values(at: [Int32(truncatingIfNeeded: place)])[0] }

  /// All values.
  var all: Vector { whole ?? make(Array(0..<Int32(truncatingIfNeeded: count))) }
}
