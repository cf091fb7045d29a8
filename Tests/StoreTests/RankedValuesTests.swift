import Store
import Testing

@Suite("Values at ranks, found without sorting")
struct RankedValuesTests {
  /// Lists of many shapes: narrow, wide, skewed, with both ends of what a word holds.
  static let shapes: [@Sendable (inout SampleRandom) -> Int64] = [
    { Int64.random(in: 0...9, using: &$0) }, { Int64.random(in: -500...500, using: &$0) },
    { Int64.random(in: .min ... .max, using: &$0) },
    { 1 << Int64.random(in: 0...62, using: &$0) },
    { Bool.random(using: &$0) ? .min : .max },
    { Int64.random(in: 0...1 << 20, using: &$0) * Int64.random(in: 0...1 << 20, using: &$0) },
  ]

  @Test("Each rank has the value that a sorted list has there", arguments: shapes.indices)
  func ranks(_ shape: Int) throws {
    var random = SampleRandom(seed: shape + 7)
    for count in [1, 2, 3, 100, 5_000] {
      let words = (0..<count).map { _ in Self.shapes[shape](&random) }
      let ranks = (0..<min(20, count)).map { _ in Int.random(in: 0..<count, using: &random) }
        .sorted()
      let sorted = words.sorted()
      #expect(try RankedValues.values(at: ranks, of: words) == ranks.map { sorted[$0] })
    }
    #expect(try RankedValues.values(at: [], of: []) == [])
  }
}
