/// Sorts the rows of a table by the row they refer to, those of one in order of time.
struct AdjacencyBuild {
  let children: Memory<Int32>
  let starts: Memory<Int32>
  /// One more than the largest row referred to.
  let parentCount: Int

  private let table: Table
  private let references: Column
  private let times: Column?
  private let rowCount: Int

  /// Counts the children of each parent, then writes them, in order of time, where its own begin.
  /// - Throws: `memoryLimit`, `interrupted`.
  init(
    _ table: Table, _ references: Column, _ times: Column?, rowCount: Int
  ) throws(StoreError) {
    self.table = table
    self.references = references
    self.times = times
    self.rowCount = rowCount
    parentCount = Int(references.wordBounds?.upperBound ?? -1) + 1
    children = Memory(budget: table.budget)
    starts = Memory(budget: table.budget)
    try starts.append(repeating: 0, count: parentCount + 2)
    try countChildren()
    let count = Int(starts[parentCount + 1])
    try children.reserve(count)
    children.setCount(count)
    if try standInTimeOrder() {
      try write(inOrder: nil)
    } else {
      try write(inOrder: timeOrder())
    }
  }

  /// Leaves at *p* + 1 where the children of parent *p* begin.
  private func countChildren() throws(StoreError) {
    let starts = starts.elements
    try forEachChild(inOrder: nil) { _, parent in starts[parent &+ 2] &+= 1 }
    for place in 1..<parentCount + 2 {
      starts[place] &+= starts[place &- 1]
    }
  }

  /// Leaves at *p* + 1 where the children of parent *p* end, which is where the next one's begin.
  private func write(inOrder order: Memory<Int32>?) throws(StoreError) {
    let (starts, children) = (starts.elements, children.elements)
    try forEachChild(inOrder: order) { row, parent in
      children[Int(starts[parent &+ 1])] = row
      starts[parent &+ 1] &+= 1
    }
  }

  /// Whether the children of each parent stand in order of time as they stand in the table.
  private func standInTimeOrder() throws(StoreError) -> Bool {
    guard let times, !times.isAscending, times.unknownCount < times.rowCount else { return true }
    let lasts = Memory<Int64>(budget: table.budget)
    try lasts.append(repeating: .min, count: parentCount)
    let last = lasts.elements
    var words: [Int64] = []
    var known: [UInt8] = []
    for part in parts(inOrder: nil) {
      var isInOrder = true
      times.loadWords(part, into: &words, known: &known)
      try forEachChild(of: part) { offset, _, parent in
        let time = known[offset] == 0 ? Int64.max : words[offset]
        if time < last[parent] { isInOrder = false }
        last[parent] = time
      }
      if !isInOrder { return false }
    }
    return true
  }

  /// All rows in order of time, those without one at the end.
  private func timeOrder() throws(StoreError) -> Memory<Int32>? {
    guard let times else { return nil }
    let order = try times.sortedPermutation(of: 0..<rowCount, and: [])
    guard order.count < rowCount else { return order }
    try order.reserve(rowCount)
    var known: [UInt8] = []
    for part in parts(inOrder: nil) {
      times.loadKnown(part, into: &known)
      var count = order.count
      for offset in known.indices where known[offset] == 0 {
        order.elements[count] = Int32(truncatingIfNeeded: part[offset])
        count += 1
      }
      order.setCount(count)
    }
    return order
  }

  /// Calls `body` for each live row with a known reference.
  @inline(__always)
  private func forEachChild(
    inOrder order: Memory<Int32>?, _ body: (_ row: Int32, _ parent: Int) -> Void
  ) throws(StoreError) {
    for part in parts(inOrder: order) {
      try forEachChild(of: part) { _, row, parent in body(row, parent) }
    }
  }

  @inline(__always)
  private func forEachChild(
    of part: Rows, _ body: (_ offset: Int, _ row: Int32, _ parent: Int) -> Void
  ) throws(StoreError) {
    try Cancellation.check()
    let references = references.load(part)
    guard case .words(let words) = references.values else { return }
    var mask = Mask(knownIn: references)
    table.keepLive(part, in: &mask)
    switch part {
    case .run(let base, let count):
      for offset in 0..<count where mask.bytes[offset] != 0 {
        body(offset, Int32(truncatingIfNeeded: base &+ offset), Int(words[offset]))
      }
    case .list(let rows):
      for offset in rows.indices where mask.bytes[offset] != 0 {
        body(offset, rows[offset], Int(words[offset]))
      }
    }
  }

  /// The rows cut into pieces, as they stand or in another order.
  private func parts(inOrder order: Memory<Int32>?) -> some Sequence<Rows> {
    let rowCount = rowCount
    return stride(from: 0, to: rowCount, by: Limits.chunkRowCount).lazy.map { base in
      let end = min(rowCount, base + Limits.chunkRowCount)
      guard let order else { return .run(base: base, count: end - base) }
      return .list((base..<end).map { order.elements[$0] })
    }
  }
}
