/// An automaton's states worked out in advance: one look-up a character.
///
/// - Source: Rabin, Scott: Finite automata and their decision problems, IBM Journal 3(2), 1959.
struct PatternTable: Sendable {
  private static let stateCountMax = 200
  private static let classCountMax = 100
  /// The most work, in steps of the automaton, that the table may cost.
  private static let workMax = 300_000
  private static let foundState: UInt8 = 255

  /// The class of each ASCII byte: characters that no set and no edge tells apart share one.
  private var asciiClasses = [UInt8](repeating: 0, count: 128)
  /// Beyond ASCII: where a range of some set begins or has ended, ascending from 0x80.
  private var bounds: [UInt32]
  /// Per part between two bounds the class of a letter or digit, a space and another character.
  private var classes: [UInt8] = []
  /// Whether letters and spaces beyond ASCII need telling apart.
  private let needsProperties: Bool
  private var classCount = 0
  /// Per state and class the next state; `foundState` when the pattern is found.
  private var next: [UInt8] = []
  private var isFoundAtEnd: [Bool] = []

  /// Nil when the table would be large.
  init?(_ automaton: PatternAutomaton) {
    guard automaton.steps.count <= 2_000 else { return nil }
    let ends = automaton.sets.flatMap { $0.ranges }.flatMap {
      [$0.lowerBound, $0.upperBound + 1]
    }
    bounds = Set(ends.filter { $0 > 0x80 } + [0x80]).sorted()
    needsProperties =
      automaton.steps.contains { if case .edge = $0 { true } else { false } }
      || automaton.sets.contains {
        $0.hasWords || $0.hasNonWords || $0.hasSpaces || $0.hasNonSpaces
      }
    guard let samples = classify(automaton), fill(automaton, samples) else { return nil }
  }

  /// Whether the pattern is found.
  func matches(_ bytes: Span<UInt8>) -> Bool {
    var state: UInt8 = 0
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      var number = 0
      if byte < 0x80 {
        number = Int(asciiClasses[Int(byte)])
        i &+= 1
      } else {
        let scalar = UTF8Scalar(bytes, at: i)
        number = classNumber(scalar)
        i &+= scalar.byteCount
      }
      state = next[Int(state) &* classCount &+ number]
      if state == Self.foundState { return true }
    }
    return isFoundAtEnd[Int(state)]
  }

  private func classNumber(_ scalar: UTF8Scalar) -> Int {
    var (lower, upper) = (0, bounds.count)
    while upper - lower > 1 {
      let middle = (lower + upper) / 2
      if bounds[middle] <= scalar.value { lower = middle } else { upper = middle }
    }
    let kind = !needsProperties ? 2 : scalar.isLetterOrDigit ? 0 : scalar.isSpace ? 1 : 2
    return Int(classes[3 * lower + kind])
  }

  /// Works out the states; false when they are too many.
  private mutating func fill(
    _ automaton: PatternAutomaton, _ samples: [PatternCharacter]
  ) -> Bool {
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
        guard work <= Self.workMax else { return false }
        states.current = key.steps
        let after: PatternAutomaton.Neighbour = sample.isWord ? .word : .other
        if states.expand(automaton, before: key.before, after: after) {
          next.append(Self.foundState)
          continue
        }
        states.advance(automaton) { $0.contains(sample) }
        let new = Key(steps: states.current.sorted(), before: after)
        if numbers[new] == nil {
          guard keys.count < Self.stateCountMax else { return false }
          numbers[new] = UInt8(keys.count)
          keys.append(new)
        }
        next.append(numbers[new] ?? 0)
      }
      state += 1
    }
    return true
  }

  private struct Key: Hashable {
    var steps: [Int32]
    var before: PatternAutomaton.Neighbour
  }

  /// Fills the classes and gives one character of each; nil when they are too many.
  private mutating func classify(_ automaton: PatternAutomaton) -> [PatternCharacter]? {
    var samples: [PatternCharacter] = []
    var numbers: [[Bool]: UInt8] = [:]
    func number(_ character: PatternCharacter) -> UInt8 {
      let signature =
        [needsProperties && character.isWord] + automaton.sets.map { $0.contains(character) }
      if let number = numbers[signature] { return number }
      let number = UInt8(clamping: samples.count)
      numbers[signature] = number
      samples.append(character)
      return number
    }
    for byte in UInt8(0)..<128 {
      let bytes = [byte]
      asciiClasses[Int(byte)] = number(PatternCharacter(UTF8Scalar(bytes.span, at: 0)))
    }
    for bound in bounds {
      classes.append(number(PatternCharacter(value: bound, isWord: true, isSpace: false)))
      classes.append(number(PatternCharacter(value: bound, isWord: false, isSpace: true)))
      classes.append(number(PatternCharacter(value: bound, isWord: false, isSpace: false)))
    }
    classCount = samples.count
    return classCount <= Self.classCountMax ? samples : nil
  }
}
