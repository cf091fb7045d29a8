/// The automaton of a pattern: steps that take a character, fork, or test the place.
struct PatternAutomaton: Sendable {
  enum Step: Sendable {
    case take(Int)
    case fork(Int, Int)
    case jump(Int)
    case start, end
    case edge(Bool)
    case found
  }

  /// What stands on one side of a place in the text.
  enum Neighbour: UInt8, Sendable {
    /// The text begins or ends here.
    case none
    case word, other
  }

  private(set) var steps: [Step] = []
  private(set) var sets: [PatternSet] = []

  init(_ node: PatternNode) {
    emit(node)
    steps.append(.found)
  }

  /// Whether the pattern is found: one pass, with all states at once.
  func matches(_ bytes: Span<UInt8>) -> Bool {
    var states = PatternStates(stepCount: steps.count)
    var before = Neighbour.none
    var i = 0
    while i < bytes.count {
      let scalar = UTF8Scalar(bytes, at: i)
      let character = PatternCharacter(scalar)
      let after: Neighbour = character.isWord ? .word : .other
      if states.expand(self, before: before, after: after) { return true }
      states.advance(self) { $0.contains(character) }
      before = after
      i += scalar.byteCount
    }
    return states.expand(self, before: before, after: .none)
  }

  private mutating func emit(_ node: PatternNode) {
    switch node {
    case .empty: break
    case .set(let set):
      steps.append(.take(sets.count))
      sets.append(set)
    case .start: steps.append(.start)
    case .end: steps.append(.end)
    case .edge(let isEdge): steps.append(.edge(isEdge))
    case .sequence(let nodes): for node in nodes { emit(node) }
    case .either(let nodes): emitEither(nodes)
    case .several(let node, let least, let most): emitSeveral(node, least, most)
    }
  }

  private mutating func emitEither(_ nodes: [PatternNode]) {
    var jumps: [Int] = []
    for node in nodes.dropLast() {
      let fork = steps.count
      steps.append(.found)
      emit(node)
      jumps.append(steps.count)
      steps.append(.found)
      steps[fork] = .fork(fork + 1, steps.count)
    }
    if let last = nodes.last { emit(last) }
    for jump in jumps { steps[jump] = .jump(steps.count) }
  }

  private mutating func emitSeveral(_ node: PatternNode, _ least: Int, _ most: Int?) {
    for _ in 0..<least { emit(node) }
    guard let most else {
      let fork = steps.count
      steps.append(.found)
      emit(node)
      steps.append(.jump(fork))
      steps[fork] = .fork(fork + 1, steps.count)
      return
    }
    var forks: [Int] = []
    for _ in least..<max(most, least) {
      forks.append(steps.count)
      steps.append(.found)
      emit(node)
    }
    for fork in forks { steps[fork] = .fork(fork + 1, steps.count) }
  }
}

/// The steps an automaton stands at, all at once.
struct PatternStates {
  /// Before `expand`: where it arrived. After it: the steps that take a character.
  var current: [Int32] = []
  private var stack: [Int32] = []
  /// The round in which a step was last added.
  private var marks: [Int32]
  private var round: Int32 = 0

  init(stepCount: Int) { marks = [Int32](repeating: 0, count: stepCount) }

  /// Follows forks and tests from `current` and from the first step; true when the end is reached.
  mutating func expand(
    _ automaton: PatternAutomaton, before: PatternAutomaton.Neighbour,
    after: PatternAutomaton.Neighbour
  ) -> Bool {
    beginRound()
    swap(&stack, &current)
    current.removeAll(keepingCapacity: true)
    stack.append(0)
    while let step = stack.popLast() {
      guard mark(step) else { continue }
      switch automaton.steps[Int(step)] {
      case .found: return true
      case .take: current.append(step)
      case .jump(let target): stack.append(Int32(target))
      case .fork(let first, let second):
        stack.append(Int32(second))
        stack.append(Int32(first))
      case .start: if before == .none { stack.append(step + 1) }
      case .end: if after == .none { stack.append(step + 1) }
      case .edge(let isEdge):
        if ((before == .word) != (after == .word)) == isEdge { stack.append(step + 1) }
      }
    }
    return false
  }

  /// Moves on from the steps that take the character.
  mutating func advance(_ automaton: PatternAutomaton, takes: (PatternSet) -> Bool) {
    var count = 0
    for step in current {
      if case .take(let set) = automaton.steps[Int(step)], takes(automaton.sets[set]) {
        current[count] = step + 1
        count += 1
      }
    }
    current.removeLast(current.count - count)
  }

  private mutating func beginRound() {
    if round == .max {
      for i in marks.indices { marks[i] = 0 }
      round = 0
    }
    round += 1
  }

  private mutating func mark(_ step: Int32) -> Bool {
    if marks[Int(step)] == round { return false }
    marks[Int(step)] = round
    return true
  }
}
