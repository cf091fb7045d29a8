/// Numbers distinct tuples of words by open addressing with linear probing.
struct TupleTable {
  /// Words of a tuple.
  let width: Int
  /// The tuples one after the other, in the order of their numbers.
  private(set) var words: [Int64] = []
  private(set) var count = 0
  /// The high half of the tuple's hash, then 1 + its number; 0 is free.
  private var slots: [UInt64]
  private let claim: BudgetClaim

  init(width: Int, budget: Budget) {
    self.width = width
    claim = BudgetClaim(budget)
    slots = [UInt64](repeating: 0, count: 64)
  }

  /// 1 + the number of each row's tuple, new ones numbered on; 0 for rows that are out.
  mutating func ids(of rows: [Int64], in mask: Mask) throws(StoreError) -> [Int32] {
    var ids = [Int32](repeating: 0, count: mask.count)
    for i in ids.indices where mask.bytes[i] != 0 {
      ids[i] = try id(of: rows, at: i &* width)
    }
    return ids
  }

  /// 1 + the number of the tuple that starts at `start` in `rows`.
  mutating func id(of rows: [Int64], at start: Int) throws(StoreError) -> Int32 {
    var hash: UInt64 = 0
    for i in start..<start &+ width { hash = mixed(hash ^ UInt64(bitPattern: rows[i])) }
    var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
    let tag = hash & 0xFFFF_FFFF_0000_0000
    while slots[slot] != 0 {
      let entry = slots[slot]
      if (entry ^ tag) >> 32 == 0 {
        let id = Int32(truncatingIfNeeded: entry)
        if isEqual(rows, start, Int(id &- 1) &* width) { return id }
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    if (count &+ 1) &* 2 > slots.count {
      try grow()
      return try id(of: rows, at: start)
    }
    words.append(contentsOf: rows[start..<start &+ width])
    count &+= 1
    slots[slot] = tag | UInt64(count)
    return Int32(truncatingIfNeeded: count)
  }

  private func isEqual(_ rows: [Int64], _ start: Int, _ mine: Int) -> Bool {
    for i in 0..<width where rows[start &+ i] != words[mine &+ i] { return false }
    return true
  }

  private mutating func grow() throws(StoreError) {
    try Cancellation.check()
    let newCount = slots.count * 4
    try claim.cover(newCount * (8 + 4 * width))
    var fresh = [UInt64](repeating: 0, count: newCount)
    words.reserveCapacity(newCount / 2 * width)
    for number in 0..<count {
      var hash: UInt64 = 0
      for i in number * width..<(number + 1) * width {
        hash = mixed(hash ^ UInt64(bitPattern: words[i]))
      }
      var slot = Int(truncatingIfNeeded: hash) & (newCount - 1)
      while fresh[slot] != 0 { slot = (slot + 1) & (newCount - 1) }
      fresh[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(number + 1)
    }
    slots = fresh
  }

  @inline(__always)
  private func mixed(_ value: UInt64) -> UInt64 {
    let (high, low) = (value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: 0xD6E8_FEB8_6659_FD93)
    return high ^ low
  }
}

/// Numbers distinct texts, by their exact bytes.
struct TextInterner {
  /// The texts in the order of their numbers.
  private(set) var texts = TextBlock()
  private var slots = [UInt64](repeating: 0, count: 64)
  private let claim: BudgetClaim

  init(budget: Budget) { claim = BudgetClaim(budget) }

  /// The bytes of a numbered text.
  func bytes(of code: Int) -> ArraySlice<UInt8> { texts.bytes[texts.range(of: code)] }

  /// The number of a text, a new one if it was never seen.
  mutating func code(of text: Span<UInt8>) throws(StoreError) -> Int64 {
    let hash = Self.hash(text)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count &- 1)
    let tag = hash & 0xFFFF_FFFF_0000_0000
    while slots[slot] != 0 {
      let entry = slots[slot]
      if (entry ^ tag) >> 32 == 0 {
        let code = Int(entry & 0xFFFF_FFFF) &- 1
        let range = texts.range(of: code)
        if range.count == text.count,
          TextSearch.isAt(range.lowerBound, in: texts.bytes.span, exactly: text)
        {
          return Int64(code)
        }
      }
      slot = (slot &+ 1) & (slots.count &- 1)
    }
    if (texts.count &+ 1) &* 2 > slots.count {
      try grow()
      return try code(of: text)
    }
    for i in text.indices { texts.bytes.append(text[i]) }
    texts.ends.append(texts.bytes.count)
    slots[slot] = tag | UInt64(texts.count)
    return Int64(texts.count &- 1)
  }

  private mutating func grow() throws(StoreError) {
    try Cancellation.check()
    let newCount = slots.count * 4
    try claim.cover(newCount * 12 + texts.bytes.count * 2)
    var fresh = [UInt64](repeating: 0, count: newCount)
    for code in 0..<texts.count {
      let hash = Self.hash(texts.bytes.span.extracting(texts.range(of: code)))
      var slot = Int(truncatingIfNeeded: hash) & (newCount - 1)
      while fresh[slot] != 0 { slot = (slot + 1) & (newCount - 1) }
      fresh[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(code + 1)
    }
    slots = fresh
  }

  private static func hash(_ text: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
    for i in text.indices { hash = (hash ^ UInt64(text[i])) &* 0x0000_0100_0000_01B3 }
    let (high, low) = hash.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return high ^ low
  }
}
