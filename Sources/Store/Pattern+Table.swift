/// An automaton's states for ASCII texts, worked out in advance: one look-up a byte.
///
/// - Source: Rabin, Scott: Finite automata and their decision problems, IBM Journal 3(2), 1959.
struct PatternTable: Sendable {
  private static let stateCountMax = 200
  /// The most work, in steps of the automaton, that the table may cost.
  private static let workMax = 200_000

  /// The class of each ASCII byte: bytes that no set and no edge tells apart share one.
  private var classes = [UInt8](repeating: 0, count: 128)
  private var classCount = 0
  /// Per state and class the next state; `foundState` when the pattern is found.
  private var next: [UInt8] = []
  private var isFoundAtEnd: [Bool] = []
  private static let foundState: UInt8 = 255

  /// Nil when the table would be large.
  init?(_ automaton: PatternAutomaton) {
    guard automaton.steps.count <= 2_000 else { return nil }
    let samples = classify(automaton)
    var states = PatternStates(stepCount: automaton.steps.count)
    var keys = [Key(steps: [], before: .none)]
    var numbers = [keys[0]: UInt8(0)]
    var work = 0
    var state = 0
    while state < keys.count {
      let key = keys[state]
      states.current = key.steps
      isFoundAtEnd.append(states.expand(automaton, before: key.before, after: .none))
      for sample in samples {
        work += automaton.steps.count
        guard work <= Self.workMax else { return nil }
        states.current = key.steps
        let after: PatternAutomaton.Neighbour = sample.isWord ? .word : .other
        if states.expand(automaton, before: key.before, after: after) {
          next.append(Self.foundState)
          continue
        }
        states.advance(automaton) { $0.contains(sample) }
        let new = Key(steps: states.current.sorted(), before: after)
        if let number = numbers[new] {
          next.append(number)
        } else {
          guard keys.count < Self.stateCountMax else { return nil }
          next.append(UInt8(keys.count))
          numbers[new] = UInt8(keys.count)
          keys.append(new)
        }
      }
      state += 1
    }
  }

  /// Whether the pattern is found; nil when a byte beyond ASCII comes first.
  func matches(_ bytes: Span<UInt8>) -> Bool? {
    var state: UInt8 = 0
    for i in bytes.indices {
      let byte = bytes[i]
      guard byte < 0x80 else { return nil }
      state = next[Int(state) &* classCount &+ Int(classes[Int(byte)])]
      if state == Self.foundState { return true }
    }
    return isFoundAtEnd[Int(state)]
  }

  private struct Key: Hashable {
    var steps: [Int32]
    var before: PatternAutomaton.Neighbour
  }

  /// Fills `classes` and gives one byte of each.
  private mutating func classify(_ automaton: PatternAutomaton) -> [UTF8Scalar] {
    var samples: [UTF8Scalar] = []
    var numbers: [[Bool]: UInt8] = [:]
    for byte in UInt8(0)..<128 {
      let bytes = [byte]
      let scalar = UTF8Scalar(bytes.span, at: 0)
      let signature = [scalar.isWord] + automaton.sets.map { $0.contains(scalar) }
      if let number = numbers[signature] {
        classes[Int(byte)] = number
      } else {
        classes[Int(byte)] = UInt8(samples.count)
        numbers[signature] = UInt8(samples.count)
        samples.append(scalar)
      }
    }
    classCount = samples.count
    return samples
  }
}
