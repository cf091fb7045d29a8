import Store

/// A small seeded generator: the same seed gives the same values everywhere.
/// - Source: Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

extension Vector {
  /// A vector of the given scalars.
  init(_ scalars: [Scalar], as type: ValueType) {
    self.init(unknown: type, count: 0)
    for scalar in scalars { append(Vector(repeating: scalar, as: type, count: 1)) }
  }

  /// All values, for comparing.
  var scalars: [Scalar] { (0..<count).map { self[$0] } }

  /// Whether every unknown value is 0, 0.0 or empty, and no number is not finite.
  var keepsItsPromise: Bool {
    (0..<count).allSatisfy { i in
      switch values {
      case .words(let words): known[i] != 0 || words[i] == 0
      case .reals(let reals): known[i] != 0 ? reals[i].isFinite : reals[i] == 0
      case .texts(let texts): known[i] != 0 || texts.range(of: i).isEmpty
      }
    }
  }
}

extension SeededGenerator {
  /// A text that meets the edges: empty, accents both ways, CJK, capitals.
  mutating func text() -> String {
    let parts = [
      "", "a", "A", "b", "Ana", "ana", "é", "É", "e\u{301}", "ß", "ẞ", "Å", "å", "株", "😀", " ", "-",
      "Ⱥ", "ⱥ",
    ]
    return (0..<Int.random(in: 0...4, using: &self)).map { _ in
      parts[Int.random(in: 0..<parts.count, using: &self)]
    }.joined()
  }

  /// Values of a type, a fifth unknown, with many ties when `isNarrow`.
  mutating func scalars(_ type: ValueType, count: Int, isNarrow: Bool = true) -> [Scalar] {
    (0..<count).map { _ in
      if Int.random(in: 0..<5, using: &self) == 0 { return .unknown }
      switch type {
      case .text: return .text(text())
      case .number:
        return .real(
          isNarrow
            ? Double(Int.random(in: -4...4, using: &self)) / 4
            : Double.random(in: -1e6...1e6, using: &self))
      default:
        return .word(
          isNarrow
            ? Int64.random(in: -6...6, using: &self)
            : Int64.random(in: -1_000_000_000_000...1_000_000_000_000, using: &self))
      }
    }
  }

  /// A mask with about two thirds in.
  mutating func mask(_ count: Int) -> Mask {
    Mask((0..<count).map { _ in Int.random(in: 0..<3, using: &self) == 0 ? 0 : 0x80 })
  }
}
