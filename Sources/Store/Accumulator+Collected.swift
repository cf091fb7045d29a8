/// Aggregates that need all values of a group at once: median, percentile, mode, the median gap.
final class CollectedAggregate: GroupAggregate {
  enum Kind {
    case median, medianGap, mode
    case percentile(Ratio)
  }

  private let kind: Kind
  private let type: ValueType
  private let claim: BudgetClaim
  private var slotCount = 0
  private var slots: [Int32] = []
  /// Words, numbers by `OrderedBits`, or texts by their number in `interner`.
  private var codes: [Int64] = []
  private var interner: TextInterner

  init(_ kind: Kind, of type: ValueType, budget: Budget) {
    self.kind = kind
    self.type = type
    claim = BudgetClaim(budget)
    interner = TextInterner(budget: budget)
  }

  func grow(to slotCount: Int) { self.slotCount = max(self.slotCount, slotCount) }

  func reset() {
    slotCount = 0
    slots.removeAll(keepingCapacity: true)
    codes.removeAll(keepingCapacity: true)
    interner.removeAll()
  }

  func add(_ batch: AggregateBatch) throws(StoreError) {
    try claim.cover((slots.count + batch.ids.count) * 24)
    let vector = batch.argument
    switch vector.values {
    case .words(let words): Self.append(words, vector.known, batch.ids, &slots, &codes)
    case .reals(let reals):
      let words = reals.map { OrderedBits.word($0) }
      Self.append(words, vector.known, batch.ids, &slots, &codes)
    case .texts(let block):
      for i in batch.ids.indices where vector.known[i] != 0 && batch.ids[i] != 0 {
        slots.append(batch.ids[i])
        codes.append(
          try interner.code(of: block, at: i))
      }
    }
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError) {
    let other = alike(other)
    try claim.cover((slots.count + other.slots.count) * 24)
    slots.append(contentsOf: other.slots.lazy.map { mapping[Int($0)] })
    guard type == .text else {
      codes.append(contentsOf: other.codes)
      return
    }
    for code in other.codes {
      codes.append(try interner.code(of: other.interner.texts, at: Int(code)))
    }
  }

  func finish(groupCount: Int) throws(StoreError) -> Vector {
    var ends = [Int](repeating: 0, count: slotCount + 1)
    for slot in slots { ends[Int(slot) + 1] += 1 }
    for slot in 0..<slotCount { ends[slot + 1] += ends[slot] }
    var places = ends
    var sorted = [Int64](repeating: 0, count: codes.count)
    for i in codes.indices {
      let slot = Int(slots[i])
      sorted[places[slot]] = codes[i]
      places[slot] += 1
    }
    var results = [Result](repeating: .none, count: groupCount)
    for group in 0..<groupCount {
      if group & 0xFFF == 0 { try Cancellation.check() }
      let range = ends[group + 1]..<ends[group + 2]
      if !range.isEmpty { results[group] = result(of: &sorted, in: range) }
    }
    return vector(of: results)
  }

  /// The code that is the result, or two whose mean is.
  private enum Result {
    case none
    case code(Int64)
    case mean(Int64, Int64)
  }

  private func result(of codes: inout [Int64], in range: Range<Int>) -> Result {
    switch kind {
    case .percentile(let share):
      let rank = max(1, share.roundedUp(of: range.count))
      return .code(Selection.element(range.lowerBound + rank - 1, of: &codes, in: range))
    case .median:
      let middle = range.lowerBound + (range.count - 1) / 2
      let low = Selection.element(middle, of: &codes, in: range)
      guard range.count % 2 == 0, type == .money || type == .number || type == .integer else {
        return .code(low)
      }
      return .mean(low, codes[middle + 1..<range.upperBound].min() ?? low)
    case .medianGap: return medianGap(&codes, range)
    case .mode: return .code(mode(&codes, range))
    }
  }

  /// The gaps between days take the places of the days.
  private func medianGap(_ codes: inout [Int64], _ range: Range<Int>) -> Result {
    if type == .time {
      for place in range {
        codes[place] = Vector.flooredQuotient(codes[place], Vector.secondsOfDay)
      }
    }
    codes[range].sort()
    var end = range.lowerBound
    for place in range.dropFirst() where codes[place] != codes[place - 1] {
      codes[end] = codes[place] - codes[place - 1]
      end += 1
    }
    let count = end - range.lowerBound
    guard count > 0 else { return .none }
    let gaps = codes[range.lowerBound..<end].sorted()
    return .mean(gaps[(count - 1) / 2], gaps[count / 2])
  }

  private func mode(_ codes: inout [Int64], _ range: Range<Int>) -> Int64 {
    codes[range].sort()
    var (best, bestCount) = (codes[range.lowerBound], 0)
    var start = range.lowerBound
    while start < range.upperBound {
      let code = codes[start]
      var end = start
      while end < range.upperBound, codes[end] == code { end += 1 }
      if end - start > bestCount || end - start == bestCount && isBefore(code, best) {
        (best, bestCount) = (code, end - start)
      }
      start = end
    }
    return best
  }

  private func isBefore(_ a: Int64, _ b: Int64) -> Bool {
    guard type == .text else { return a < b }
    let (x, y) = (interner.bytes(of: Int(a)), interner.bytes(of: Int(b)))
    return TextOrder.compare(x.span, y.span) < 0
  }

  private func vector(of results: [Result]) -> Vector {
    let known: [UInt8] = results.map { if case .none = $0 { 0 } else { 0x80 } }
    if type == .text {
      var block = TextBlock()
      for result in results {
        if case .code(let code) = result {
          block.append(interner.bytes(of: Int(code)))
        } else {
          block.append([])
        }
      }
      return Vector(texts: block, known: known)
    }
    if type == .number {
      return Vector(reals: results.map(Self.real), known: known)
    }
    if hasMeans {
      return Vector(
        reals: results.map {
          switch $0 {
          case .none: 0
          case .code(let word): Double(word)
          case .mean(let a, let b): Double(Int128(a) + Int128(b)) / 2
          }
        }, known: known)
    }
    return Vector(
      words: results.map {
        switch $0 {
        case .none: 0
        case .code(let word): word
        case .mean(let a, let b): DecimalForm.quotient(Int128(a) + Int128(b), 2) ?? 0
        }
      }, known: known)
  }

  /// Whether the mean of two whole numbers is a number.
  private var hasMeans: Bool {
    switch kind {
    case .median: type == .integer
    case .medianGap: true
    case .mode, .percentile: false
    }
  }

  private static func real(_ result: Result) -> Double {
    switch result {
    case .none: return 0
    case .code(let code): return OrderedBits.real(code)
    case .mean(let a, let b):
      let (x, y) = (OrderedBits.real(a), OrderedBits.real(b))
      return (x + y).isFinite ? (x + y) / 2 : x / 2 + y / 2
    }
  }

  private static func append(
    _ words: [Int64], _ known: [UInt8], _ ids: [Int32], _ slots: inout [Int32],
    _ codes: inout [Int64]
  ) {
    for i in ids.indices where known[i] != 0 && ids[i] != 0 {
      slots.append(ids[i])
      codes.append(words[i])
    }
  }
}

/// Counts the distinct known values of each group.
final class DistinctAggregate: GroupAggregate {
  private let type: ValueType
  private var tuples: TupleTable
  private var interner: TextInterner
  private var slotCount = 0

  init(_ type: ValueType, budget: Budget) {
    self.type = type
    tuples = TupleTable(width: 2, budget: budget)
    interner = TextInterner(budget: budget)
  }

  func grow(to slotCount: Int) { self.slotCount = max(self.slotCount, slotCount) }

  func reset() {
    slotCount = 0
    tuples.removeAll()
    interner.removeAll()
  }

  func add(_ batch: AggregateBatch) throws(StoreError) {
    let vector = batch.argument
    var pairs = [Int64](repeating: 0, count: 2 * batch.ids.count)
    var mask = Mask(vector.known)
    for i in batch.ids.indices {
      pairs[2 * i] = Int64(batch.ids[i])
      mask.bytes[i] &= batch.ids[i] == 0 ? 0 : 0x80
    }
    switch vector.values {
    case .words(let words): for i in words.indices { pairs[2 * i + 1] = words[i] }
    case .reals(let reals):
      for i in reals.indices { pairs[2 * i + 1] = OrderedBits.word(reals[i]) }
    case .texts(let block):
      for i in batch.ids.indices where mask.bytes[i] != 0 {
        pairs[2 * i + 1] = try interner.code(of: block, at: i)
      }
    }
    _ = try tuples.ids(of: pairs, in: mask)
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError) {
    let other = alike(other)
    var pair: [Int64] = [0, 0]
    for i in 0..<other.tuples.count {
      pair[0] = Int64(mapping[Int(other.tuples.words[2 * i])])
      pair[1] = other.tuples.words[2 * i + 1]
      if type == .text {
        pair[1] = try interner.code(of: other.interner.texts, at: Int(pair[1]))
      }
      _ = try tuples.id(of: pair, at: 0)
    }
  }

  func finish(groupCount: Int) -> Vector {
    var counts = [Int64](repeating: 0, count: max(slotCount, groupCount + 1))
    for i in 0..<tuples.count { counts[Int(tuples.words[2 * i])] += 1 }
    return Vector(words: Array(counts[1..<groupCount + 1]))
  }
}
