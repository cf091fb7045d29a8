/// Numbers distinct tuples of words by open addressing with linear probing.
struct TupleTable {
  /// Words of a tuple.
  let width: Int
  /// The tuples one after the other, in the order of their numbers.
  private(set) var words: [Int64] = []
  private(set) var count = 0
  private var slots = HashSlots()
  private let claim: BudgetClaim

  init(width: Int, budget: Budget) {
    self.width = width
    claim = BudgetClaim(budget)
  }

  /// Forgets all tuples, but keeps their memory.
  mutating func removeAll() {
    words.removeAll(keepingCapacity: true)
    count = 0
    slots.removeAll()
  }

  /// 1 + the number of each row's tuple, new ones numbered on; 0 for rows that are out.
  mutating func ids(of rows: [Int64], in mask: Mask) throws(StoreError) -> [Int32] {
    var ids = [Int32](repeating: 0, count: mask.count)
    var hashes = [UInt64](repeating: 0, count: mask.count)
    for i in ids.indices { hashes[i] = hash(rows, i &* width) }
    try Cancellation.forEachChunk(of: ids.indices) { chunk throws(StoreError) in
      for i in chunk where mask.bytes[i] != 0 {
        var id = find(rows, i &* width, hashes[i])
        if id == 0 { id = try add(rows, i &* width, hashes[i]) }
        ids[i] = id
      }
    }
    return ids
  }

  /// 1 + the number of the tuple that starts at `start` in `rows`.
  mutating func id(of rows: [Int64], at start: Int) throws(StoreError) -> Int32 {
    let hash = hash(rows, start)
    let id = find(rows, start, hash)
    return try id != 0 ? id : add(rows, start, hash)
  }

  private func find(_ rows: [Int64], _ start: Int, _ hash: UInt64) -> Int32 {
    var slot = slots.first(hash)
    while let entry = slots.entry(at: slot, hash) {
      if entry > 0, isEqual(rows, start, Int(entry &- 1) &* width) { return entry }
      slot = slots.after(slot)
    }
    return 0
  }

  private mutating func add(
    _ rows: [Int64], _ start: Int, _ hash: UInt64
  ) throws(StoreError) -> Int32 {
    if slots.isFull {
      try claim.cover(slots.grownByteCount + 4 * slots.capacity * width * 4)
      try slots.grow()
      words.reserveCapacity(slots.capacity / 2 * width)
    }
    for i in start..<start &+ width { words.append(rows[i]) }
    count &+= 1
    slots.add(hash)
    return Int32(truncatingIfNeeded: count)
  }

  private func isEqual(_ rows: [Int64], _ start: Int, _ mine: Int) -> Bool {
    for i in 0..<width where rows[start &+ i] != words[mine &+ i] { return false }
    return true
  }

  private func hash(_ rows: [Int64], _ start: Int) -> UInt64 {
    var hash: UInt64 = 0
    for i in start..<start &+ width {
      hash = HashSlots.mixed(hash ^ UInt64(bitPattern: rows[i]))
    }
    return hash
  }
}

/// Numbers distinct texts, by their exact bytes.
struct TextInterner {
  /// The texts in the order of their numbers.
  private(set) var texts = TextBlock()
  private var slots = HashSlots()
  private let claim: BudgetClaim

  init(budget: Budget) { claim = BudgetClaim(budget) }

  /// Forgets all texts, but keeps their memory.
  mutating func removeAll() {
    texts.bytes.removeAll(keepingCapacity: true)
    texts.ends.removeAll(keepingCapacity: true)
    slots.removeAll()
  }

  /// The bytes of a numbered text.
  func bytes(of code: Int) -> ArraySlice<UInt8> { texts.bytes[texts.range(of: code)] }

  /// The number of a text of a block, a new one if it was never seen.
  mutating func code(of block: TextBlock, at offset: Int) throws(StoreError) -> Int64 {
    let range = block.range(of: offset)
    let text = block.bytes.span.extracting(range)
    let hash = Self.hash(text)
    var slot = slots.first(hash)
    while let entry = slots.entry(at: slot, hash) {
      if entry > 0 {
        let mine = texts.range(of: Int(entry) &- 1)
        if mine.count == text.count,
          TextSearch.isAt(mine.lowerBound, in: texts.bytes.span, exactly: text)
        {
          return Int64(entry) &- 1
        }
      }
      slot = slots.after(slot)
    }
    if slots.isFull {
      try claim.cover(slots.grownByteCount + 2 * texts.bytes.count)
      try slots.grow()
    }
    texts.bytes.append(contentsOf: block.bytes[range])
    texts.ends.append(texts.bytes.count)
    slots.add(hash)
    return Int64(texts.count &- 1)
  }

  private static func hash(_ text: Span<UInt8>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(text.count)
    for i in text.indices { hash = (hash ^ UInt64(text[i])) &* 0x0000_0100_0000_01B3 }
    return HashSlots.mixed(hash)
  }
}

/// The slots of an open-addressing table of numbered things: each holds the high half of a hash and
/// 1 + a number.
private struct HashSlots {
  private static let leastCapacity = 64
  private var slots = [UInt64](repeating: 0, count: leastCapacity)
  /// By number.
  private var hashes: [UInt64] = []

  /// Slots.
  var capacity: Int { slots.count }

  /// Whether one more would fill half of the slots.
  var isFull: Bool { (hashes.count &+ 1) &* 2 > slots.count }

  /// The bytes after the next growth.
  var grownByteCount: Int { slots.count * 4 * 12 }

  /// Where the search for a hash begins.
  @inline(__always)
  func first(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count &- 1) }

  /// The next slot to search.
  @inline(__always)
  func after(_ slot: Int) -> Int { (slot &+ 1) & (slots.count &- 1) }

  /// 1 + the number in a slot if its hash is alike, 0 if it is another's, nil if the slot is free.
  @inline(__always)
  func entry(at slot: Int, _ hash: UInt64) -> Int32? {
    let entry = slots[slot]
    if entry == 0 { return nil }
    return (entry ^ hash) >> 32 == 0 ? Int32(truncatingIfNeeded: entry) : 0
  }

  /// Adds the next number under a hash.
  mutating func add(_ hash: UInt64) {
    hashes.append(hash)
    place(hashes.count)
  }

  /// Empties all slots; when most are empty already, goes back to a few.
  mutating func removeAll() {
    if hashes.count * 64 < slots.count {
      slots = [UInt64](repeating: 0, count: Self.leastCapacity)
    } else {
      for slot in slots.indices { slots[slot] = 0 }
    }
    hashes.removeAll(keepingCapacity: true)
  }

  /// Makes four times as many slots.
  mutating func grow() throws(StoreError) {
    let few = slots
    slots = [UInt64](repeating: 0, count: few.count * 4)
    do throws(StoreError) {
      try Cancellation.forEachChunk(of: 0..<hashes.count) { chunk in
        for number in chunk { place(number + 1) }
      }
    } catch {
      slots = few
      throw error
    }
  }

  /// Spreads the bits of a word over all bits.
  @inline(__always)
  static func mixed(_ value: UInt64) -> UInt64 {
    let (high, low) = (value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(
      by: 0xD6E8_FEB8_6659_FD93)
    return high ^ low
  }

  private mutating func place(_ entry: Int) {
    let hash = hashes[entry &- 1]
    var slot = first(hash)
    while slots[slot] != 0 { slot = after(slot) }
    slots[slot] = hash & 0xFFFF_FFFF_0000_0000 | UInt64(entry)
  }
}
