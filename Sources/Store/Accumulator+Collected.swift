/// Aggregates that need all values of a group at once: median, percentile, mode, the median gap.
final class CollectedAggregate: GroupAggregate {
  enum Kind {
    case median, medianGap, mode
    case percentile(Ratio)

    /// Nil for aggregates that do not need all values.
    init?(_ kind: Accumulator.Kind) {
      switch kind {
      case .median: self = .median
      case .medianGap: self = .medianGap
      case .mode: self = .mode
      case .percentile(let share): self = .percentile(share)
      default: return nil
      }
    }
  }

  private let kind: Kind
  private let type: ValueType
  private let claim: BudgetClaim
  private var slotCount = 0
  /// The slot of each code; while there is one group, of none.
  private var slots: [Int32] = []
  /// Where the codes of each slot end, once they are sorted by slot.
  private var ends: [Int]?
  /// Words, numbers by `OrderedBits`, or texts by their number in `interner`.
  private var codes: [Int64] = []
  private var interner: TextInterner
  private var expected: [Kind] = []
  /// The values at ranks of a large group that were looked for together.
  private var found: (range: Range<Int>, values: [Int: Int64]) = (0..<0, [:])

  init(_ kind: Kind, of type: ValueType, budget: Budget) {
    self.kind = kind
    self.type = type
    claim = BudgetClaim(budget)
    interner = TextInterner(budget: budget)
  }

  func grow(to slotCount: Int) { self.slotCount = max(self.slotCount, slotCount) }

  /// Whether all codes are of one group.
  private var isOneGroup: Bool { slotCount <= 2 }

  /// Says of codes taken in while there was one group that they are of it.
  private func fillSlots() {
    slots.reserveCapacity(codes.count)
    slots.grow(to: codes.count, with: 1)
  }

  func reset() {
    slotCount = 0
    ends = nil
    found = (0..<0, [:])
    slots.removeAll(keepingCapacity: true)
    codes.removeAll(keepingCapacity: true)
    interner.removeAll()
  }

  func add(_ batch: AggregateBatch) throws(StoreError) {
    try claim.cover((codes.count + batch.ids.count) * 24)
    ends = nil
    if !isOneGroup { fillSlots() }
    let vector = batch.argument
    switch vector.values {
    case .words(let words): append(words, vector.known, batch.ids)
    case .reals(let reals):
      append(reals.map { OrderedBits.word($0) }, vector.known, batch.ids)
    case .texts(let block):
      for i in batch.ids.indices where vector.known[i] != 0 && batch.ids[i] != 0 {
        if !isOneGroup { slots.append(batch.ids[i]) }
        codes.append(try interner.code(of: block, at: i))
      }
    }
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError) {
    let other = alike(other)
    try claim.cover((codes.count + other.codes.count) * 24)
    ends = nil
    if !isOneGroup {
      fillSlots()
      other.fillSlots()
      slots.append(contentsOf: other.slots.lazy.map { mapping[Int($0)] })
    }
    guard type == .text else {
      codes.append(contentsOf: other.codes)
      return
    }
    try Cancellation.forEachChunk(of: other.codes.indices) { chunk throws(StoreError) in
      for place in chunk {
        let code = other.codes[place]
        codes.append(try interner.code(of: other.interner.texts, at: Int(code)))
      }
    }
  }

  func finish(groupCount: Int) throws(StoreError) -> Vector {
    try finish(groupCount: groupCount, as: kind)
  }

  /// The results as those of another kind over the same values.
  func finish(groupCount: Int, as kind: Kind) throws(StoreError) -> Vector {
    let ends = try currentEnds()
    var results = [Result](repeating: .none, count: groupCount)
    for group in 0..<groupCount {
      if group & 0xFFF == 0 { try Cancellation.check() }
      let range = ends[group + 1]..<ends[group + 2]
      if !range.isEmpty { results[group] = try result(in: range, as: kind) }
    }
    return vector(of: results, as: kind)
  }

  /// Where the codes of each slot end.
  private func currentEnds() throws(StoreError) -> [Int] {
    if let ends, ends.count == slotCount + 1 { return ends }
    let sorted = try sortedBySlot()
    ends = sorted
    return sorted
  }

  /// Takes note of which results are going to be asked for.
  func expect(_ kinds: [Kind]) { expected = kinds }

  /// Puts the values of each slot together; says where those of each end.
  private func sortedBySlot() throws(StoreError) -> [Int] {
    var ends = [Int](repeating: 0, count: slotCount + 1)
    guard !isOneGroup else {
      ends[slotCount] = codes.count
      return ends
    }
    fillSlots()
    try Cancellation.forEachChunk(of: slots.indices) { chunk in
      for place in chunk { ends[Int(slots[place]) + 1] += 1 }
    }
    for slot in 0..<slotCount { ends[slot + 1] += ends[slot] }
    var places = ends
    var sorted = [Int64](repeating: 0, count: codes.count)
    try Cancellation.forEachChunk(of: codes.indices) { chunk in
      for i in chunk {
        let slot = Int(slots[i])
        sorted[places[slot]] = codes[i]
        places[slot] += 1
      }
    }
    codes = sorted
    try Cancellation.forEachChunk(of: 0..<slotCount) { chunk in
      for slot in chunk {
        for place in ends[slot]..<ends[slot + 1] { slots[place] = Int32(slot) }
      }
    }
    return ends
  }

  /// Sorts the values of a group, of which there may be many.
  private func sortCodes(in range: Range<Int>) throws(StoreError) {
    guard range.count > Self.selectedCountMax else { return codes[range].sort() }
    codes.replaceSubrange(
      range, with: try RowOrder.sorted(Array(codes[range]), isDescending: false))
  }

  /// The code that is the result, or two whose mean is.
  private enum Result {
    case none
    case code(Int64)
    case mean(Int64, Int64)
  }

  private func result(in range: Range<Int>, as kind: Kind) throws(StoreError) -> Result {
    switch kind {
    case .percentile, .median:
      let found = try values(at: self.ranks(of: kind, count: range.count), in: range)
      return found.count > 1 ? .mean(found[0], found[1]) : .code(found[0])
    case .medianGap: return try medianGap(range)
    case .mode: return .code(try mode(range))
    }
  }

  /// Values up to which a group's are put in order as far as needed; the ranks of more are counted.
  private static let selectedCountMax = 8_192

  /// The values at some ranks of a group, ascending.
  private func values(
    at ranks: [Int], in range: Range<Int>
  ) throws(StoreError) -> [Int64] {
    guard range.count > Self.selectedCountMax else {
      return ranks.map { Selection.element(range.lowerBound + $0, of: &codes, in: range) }
    }
    if found.range != range || !ranks.allSatisfy({ found.values[$0] != nil }) {
      let others = expected.flatMap { self.ranks(of: $0, count: range.count) }
      let all = Set(ranks + others).sorted()
      let values = try RankedValues.values(
        at: all, of: range.count == codes.count ? codes : Array(codes[range]))
      found = (range, [Int: Int64](uniqueKeysWithValues: zip(all, values)))
    }
    return ranks.map { found.values[$0] ?? 0 }
  }

  /// The ranks, from 0, whose values make a result.
  private func ranks(of kind: Kind, count: Int) -> [Int] {
    switch kind {
    case .percentile(let share): return [max(1, share.roundedUp(of: count)) - 1]
    case .median:
      let middle = (count - 1) / 2
      let hasMean = count % 2 == 0 && (type == .money || type == .number || type == .integer)
      return hasMean ? [middle, middle + 1] : [middle]
    case .medianGap, .mode: return []
    }
  }

  private func medianGap(_ range: Range<Int>) throws(StoreError) -> Result {
    try sortCodes(in: range)
    func day(_ place: Int) -> Int64 {
      type == .time
        ? Vector.flooredQuotient(codes[place], Vector.secondsOfDay) : codes[place]
    }
    var gaps: [Int64] = []
    for place in range.dropFirst() {
      let gap = day(place) - day(place - 1)
      if gap != 0 { gaps.append(gap) }
    }
    guard !gaps.isEmpty else { return .none }
    gaps = try RowOrder.sorted(gaps, isDescending: false)
    return .mean(gaps[(gaps.count - 1) / 2], gaps[gaps.count / 2])
  }

  private func mode(_ range: Range<Int>) throws(StoreError) -> Int64 {
    try sortCodes(in: range)
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

  private func vector(of results: [Result], as kind: Kind) -> Vector {
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
    if hasMeans(kind) {
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
  private func hasMeans(_ kind: Kind) -> Bool {
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

  private func append(_ words: [Int64], _ known: [UInt8], _ ids: [Int32]) {
    var isAllIn = true
    for i in ids.indices { isAllIn = isAllIn && known[i] != 0 && ids[i] != 0 }
    if isAllIn {
      if !isOneGroup { slots.append(contentsOf: ids) }
      codes.append(contentsOf: words)
      return
    }
    for i in ids.indices where known[i] != 0 && ids[i] != 0 {
      if !isOneGroup { slots.append(ids[i]) }
      codes.append(words[i])
    }
  }
}
