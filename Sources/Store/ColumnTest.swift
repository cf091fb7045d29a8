/// A test of one column against constants, prepared once a statement.
package enum ColumnTest: Sendable {
  /// `lower ... upper`, both ends in. Empty when `lower > upper`. Every comparison of words with a
  /// constant is one of these: `< x` is `.min ... x - 1`.
  case words(ClosedRange<Int64>)
  /// One of these words.
  case wordSet(Set<Int64>)
  /// Numbers between two ends; an end that is not included is marked open.
  case reals(lower: Double, isLowerOpen: Bool, upper: Double, isUpperOpen: Bool)
  /// One of these numbers.
  case realSet(Set<Double>)
  /// A text test.
  case text(TextTest)
  /// The value is known.
  case known
  /// The value is unknown.
  case unknown
}

/// What chunk statistics say of a test.
package enum ChunkVerdict: Sendable {
  /// No row of the chunk passes.
  case none
  /// Some may.
  case some
  /// Every row of the chunk passes.
  case all
}

/// A test made ready for one version of one column: bounds, tables and searches are built.
///
/// `Column.keep` prepares a test anew for each batch unless it finds it in the column's small cache;
/// who tests many batches prepares once. After the column has grown it is prepared again by itself.
package struct PreparedTest: Sendable {
  /// What known values have to be.
  enum Form: Sendable {
    case nothing
    case everything
    case words(Int64, Int64)
    /// `passes[word - lower]` is 0x80 for each word that passes; all others do not.
    case table(lower: Int64, passes: [UInt8])
    case hash(WordHash)
    case reals(Double, Double)
    /// Ascending.
    case realSet([Double])
    /// The one code of the dictionary that passes.
    case code(Int64)
    /// `passes[code]` is 0x80 for each code of the dictionary that passes.
    case codes([UInt8])
    case text(HeapSearch)
    /// Not known at all.
    case unknown
  }

  /// As the caller gave it.
  let test: ColumnTest
  /// The column's version it was made for.
  let version: Int
  let form: Form

  /// What the statistics of a chunk say.
  func verdict(of chunk: ChunkStatistics) -> ChunkVerdict {
    let passing: ChunkVerdict = chunk.unknownCount == 0 ? .all : .some
    if chunk.knownCount == 0 {
      if case .unknown = form { return .all }
      return .none
    }
    switch form {
    case .nothing: return .none
    case .everything: return passing
    case .unknown: return chunk.unknownCount == 0 ? .none : .some
    case .words(let lower, let upper):
      if chunk.lower > upper || chunk.upper < lower { return .none }
      return chunk.lower >= lower && chunk.upper <= upper ? passing : .some
    case .table(let lower, let passes):
      let upper = lower + Int64(passes.count) - 1
      if chunk.lower > upper || chunk.upper < lower { return .none }
      if chunk.lower != chunk.upper { return .some }
      return passes[Int(chunk.lower - lower)] == 0 ? .none : passing
    case .hash(let hash):
      if chunk.lower > hash.upper || chunk.upper < hash.lower { return .none }
      return .some
    case .reals(let lower, let upper):
      if chunk.lowerReal > upper || chunk.upperReal < lower { return .none }
      return chunk.lowerReal >= lower && chunk.upperReal <= upper ? passing : .some
    case .realSet(let reals):
      guard let first = reals.first, let last = reals.last else { return .none }
      return chunk.lowerReal > last || chunk.upperReal < first ? .none : .some
    case .code, .codes, .text: return .some
    }
  }
}

/// A set of words as an open-addressing table.
struct WordHash: Sendable {
  /// Smallest and largest member.
  let lower: Int64
  let upper: Int64
  private let slots: [Int64]
  private let isTaken: [UInt8]
  private let shift: UInt64

  /// Makes the table of at least one word.
  init(_ words: Set<Int64>, lower: Int64, upper: Int64) {
    self.lower = lower
    self.upper = upper
    var bitCount = 2
    while 1 << bitCount < words.count * 2 { bitCount += 1 }
    shift = UInt64(64 - bitCount)
    var slots = [Int64](repeating: 0, count: 1 << bitCount)
    var isTaken = [UInt8](repeating: 0, count: 1 << bitCount)
    for word in words {
      var slot = Self.slot(word, shift)
      while isTaken[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = word
      isTaken[slot] = 1
    }
    self.slots = slots
    self.isTaken = isTaken
  }

  /// Whether the word is a member.
  func contains(_ word: Int64) -> Bool {
    var slot = Self.slot(word, shift)
    while isTaken[slot] != 0 {
      if slots[slot] == word { return true }
      slot = (slot + 1) & (slots.count - 1)
    }
    return false
  }

  private static func slot(_ word: Int64, _ shift: UInt64) -> Int {
    Int(truncatingIfNeeded: (UInt64(bitPattern: word) &* 0x9E37_79B9_7F4A_7C15) >> shift)
  }
}
