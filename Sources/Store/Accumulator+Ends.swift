/// The smallest or largest word or number of each group.
final class ExtremeAggregate: GroupAggregate {
  private let isReal: Bool
  private let isMin: Bool
  private var words: [Int64] = []
  private var reals: [Double] = []
  private var known: [UInt8] = []

  init(_ type: ValueType, isMin: Bool) {
    isReal = type == .number
    self.isMin = isMin
  }

  func grow(to slotCount: Int) {
    known.grow(to: slotCount, with: 0)
    if isReal {
      reals.grow(to: slotCount, with: isMin ? .infinity : -.infinity)
    } else {
      words.grow(to: slotCount, with: isMin ? .max : .min)
    }
  }

  func reset() {
    words.removeAll(keepingCapacity: true)
    reals.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
  }

  func add(_ batch: AggregateBatch) { add(batch.argument, batch.ids) }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) {
    let other = alike(other)
    let count = mapping.count
    let seen = Array(other.known[..<count])
    if isReal {
      add(Vector(reals: Array(other.reals[..<count]), known: seen), mapping)
    } else {
      add(Vector(words: Array(other.words[..<count]), known: seen), mapping)
    }
  }

  func finish(groupCount: Int) -> Vector {
    let groups = 1..<groupCount + 1
    let known = Array(known[groups])
    if isReal {
      return Vector(reals: zip(reals[groups], known).map { $1 == 0 ? 0 : $0 }, known: known)
    }
    return Vector(words: zip(words[groups], known).map { $1 == 0 ? 0 : $0 }, known: known)
  }

  private func add(_ vector: Vector, _ ids: [Int32]) {
    var seen = known.mutableSpan
    for i in ids.indices { seen[Int(ids[i])] |= vector.known[i] }
    switch (vector.values, isMin) {
    case (.words(let values), true):
      Self.add(values, vector.known, ids, &words, none: .max) { $0 < $1 }
    case (.words(let values), false):
      Self.add(values, vector.known, ids, &words, none: .min) { $0 > $1 }
    case (.reals(let values), true):
      Self.add(values, vector.known, ids, &reals, none: .infinity) { $0 < $1 }
    case (.reals(let values), false):
      Self.add(values, vector.known, ids, &reals, none: -.infinity) { $0 > $1 }
    case (.texts, _): preconditionFailure("texts have an aggregate of their own")
    }
  }

  @inline(__always)
  private static func add<Value>(
    _ values: [Value], _ known: [UInt8], _ ids: [Int32], _ best: inout [Value], none: Value,
    isBetter: (Value, Value) -> Bool
  ) {
    var slots = best.mutableSpan
    for i in ids.indices {
      let slot = Int(ids[i])
      let value = known[i] != 0 ? values[i] : none
      let old = slots[slot]
      slots[slot] = isBetter(value, old) ? value : old
    }
  }
}

/// The smallest or largest text of each group, by the order of texts.
final class TextExtremeAggregate: GroupAggregate {
  private let isMin: Bool
  private var best: [[UInt8]] = []
  private var known: [UInt8] = []

  init(isMin: Bool) { self.isMin = isMin }

  func grow(to slotCount: Int) {
    best.grow(to: slotCount, with: [])
    known.grow(to: slotCount, with: 0)
  }

  func reset() {
    best.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
  }

  func add(_ batch: AggregateBatch) {
    let vector = batch.argument
    let block = vector.texts
    for i in batch.ids.indices where vector.known[i] != 0 && batch.ids[i] != 0 {
      take(block.bytes.span.extracting(block.range(of: i)), Int(batch.ids[i]))
    }
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError) {
    let other = alike(other)
    try Cancellation.forEachChunk(of: mapping.indices) { chunk in
      for slot in chunk where other.known[slot] != 0 {
        let text = other.best[slot]
        take(text.span, Int(mapping[slot]))
      }
    }
  }

  func finish(groupCount: Int) throws(StoreError) -> Vector {
    var block = TextBlock()
    try Cancellation.forEachChunk(of: 1..<groupCount + 1) { chunk in
      for text in best[chunk] { block.append(text[...]) }
    }
    return Vector(texts: block, known: Array(known[1..<groupCount + 1]))
  }

  private func take(_ text: Span<UInt8>, _ slot: Int) {
    let old = best[slot]
    let order = TextOrder.compare(text, old.span)
    guard known[slot] == 0 || (isMin ? order < 0 : order > 0) else { return }
    known[slot] = 0x80
    best[slot] = text.indices.map { text[$0] }
  }
}

/// The value of the first or last row of each group, unknown or not.
final class EndAggregate: GroupAggregate {
  private let type: ValueType
  private let isFirst: Bool
  private var orders: [Int64] = []
  private var rows: [Int64] = []
  /// Words, or the bits of numbers.
  private var words: [Int64] = []
  private var texts: [[UInt8]] = []
  private var known: [UInt8] = []

  init(_ type: ValueType, isFirst: Bool) {
    self.type = type
    self.isFirst = isFirst
  }

  func grow(to slotCount: Int) {
    orders.grow(to: slotCount, with: isFirst ? .max : .min)
    rows.grow(to: slotCount, with: isFirst ? .max : .min)
    words.grow(to: slotCount, with: 0)
    known.grow(to: slotCount, with: 0)
    if type == .text { texts.grow(to: slotCount, with: []) }
  }

  func reset() {
    orders.removeAll(keepingCapacity: true)
    rows.removeAll(keepingCapacity: true)
    words.removeAll(keepingCapacity: true)
    texts.removeAll(keepingCapacity: true)
    known.removeAll(keepingCapacity: true)
  }

  func add(_ batch: AggregateBatch) {
    guard let rows = batch.rows else { preconditionFailure("first and last need row numbers") }
    let vector = batch.argument
    let winners = winners(of: batch, rows)
    for (slot, row) in winners {
      known[slot] = vector.known[row]
      switch vector.values {
      case .words(let values): words[slot] = values[row]
      case .reals(let values): words[slot] = Int64(bitPattern: values[row].bitPattern)
      case .texts(let block): texts[slot] = Array(block.bytes[block.range(of: row)])
      }
    }
  }

  /// The slots whose first or last row changes, each with the offset of its new one.
  private func winners(of batch: AggregateBatch, _ rows: Rows) -> [(slot: Int, offset: Int)] {
    let ids = batch.ids
    var keys = [Int64](repeating: 0, count: ids.count)
    if let order = batch.order {
      let missing: Int64 = isFirst ? .max : .min
      let words = order.words
      for i in keys.indices { keys[i] = order.known[i] != 0 ? words[i] : missing }
    }
    var numbers = [Int64](repeating: 0, count: ids.count)
    switch rows {
    case .run(let base, _): for i in numbers.indices { numbers[i] = Int64(base &+ i) }
    case .list(let list): for i in numbers.indices { numbers[i] = Int64(list[i]) }
    }
    var offsets: [Int32] = []
    var slotOrders = orders.mutableSpan
    var slotRows = self.rows.mutableSpan
    for i in ids.indices where ids[i] != 0 {
      let slot = Int(ids[i])
      let (old, new) = (slotOrders[slot], keys[i])
      let isNearer = isFirst ? numbers[i] < slotRows[slot] : numbers[i] > slotRows[slot]
      guard new == old ? isNearer : isFirst == (new < old) else { continue }
      slotOrders[slot] = new
      slotRows[slot] = numbers[i]
      offsets.append(Int32(truncatingIfNeeded: i))
    }
    return offsets.compactMap { offset in
      let (slot, i) = (Int(ids[Int(offset)]), Int(offset))
      return self.rows[slot] == numbers[i] ? (slot, i) : nil
    }
  }

  func merge(_ other: any GroupAggregate, mapping: [Int32]) throws(StoreError) {
    let other = alike(other)
    try Cancellation.forEachChunk(of: mapping.indices) { chunk in
      for slot in chunk {
        let target = Int(mapping[slot])
        guard isBetter(other.orders[slot], other.rows[slot], than: target) else { continue }
        (orders[target], rows[target]) = (other.orders[slot], other.rows[slot])
        (words[target], known[target]) = (other.words[slot], other.known[slot])
        if type == .text { texts[target] = other.texts[slot] }
      }
    }
  }

  func finish(groupCount: Int) throws(StoreError) -> Vector {
    let groups = 1..<groupCount + 1
    let known = Array(known[groups])
    switch type {
    case .text:
      var block = TextBlock()
      try Cancellation.forEachChunk(of: groups) { chunk in
        for text in texts[chunk] { block.append(text[...]) }
      }
      return Vector(texts: block, known: known)
    case .number:
      return Vector(
        reals: words[groups].map { Double(bitPattern: UInt64(bitPattern: $0)) }, known: known)
    default: return Vector(words: Array(words[groups]), known: known)
    }
  }

  private func isBetter(_ order: Int64, _ row: Int64, than slot: Int) -> Bool {
    let old = orders[slot]
    if order != old { return isFirst == (order < old) }
    return isFirst ? row < rows[slot] : row > rows[slot]
  }
}
