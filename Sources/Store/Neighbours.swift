/// Rows that belong to the rows of a batch: two parallel lists, as a walk over an `Adjacency` fills
/// them.
package struct Neighbours: Sendable {
  /// The rows.
  package var rows: [Int32] = []
  /// For each row the offset in the batch of the one it belongs to; ascending.
  package var owners: [Int32] = []

  /// Makes empty lists.
  package init() {}

  /// The rows of a batch that are in, each its own owner: where a walk begins.
  package init(_ batch: Rows, in mask: Mask) {
    owners = mask.offsets
    batch.collect(in: mask, into: &rows)
  }

  /// Goes from each row to the one its reference names; a row whose reference is unknown is left out.
  ///
  /// - Throws: `interrupted`.
  package mutating func follow(_ column: Column) throws(StoreError) {
    var position = 0
    var length = 0
    while position < count {
      try Cancellation.check()
      let end = min(position + Limits.batchRowCount, count)
      let named = column.load(Rows(rows[position..<end]))
      let words = named.words
      // What is written stands before what is still to be read.
      for offset in words.indices {
        rows[length] = Int32(truncatingIfNeeded: words[offset])
        owners[length] = owners[position + offset]
        length += Int(named.known[offset] >> 7)
      }
      position = end
    }
    rows.removeLast(count - length)
    owners.removeLast(owners.count - length)
  }

  /// Rows in the list.
  package var count: Int { rows.count }

  /// Bytes that the lists take.
  package var byteCount: Int { (rows.capacity + owners.capacity) * MemoryLayout<Int32>.stride }

  /// Empties the lists.
  package mutating func removeAll(keepingCapacity: Bool = false) {
    rows.removeAll(keepingCapacity: keepingCapacity)
    owners.removeAll(keepingCapacity: keepingCapacity)
  }

  /// Makes the owners those of an earlier walk: these lists were filled for the rows of `first`, and
  /// get the owners these have.
  package mutating func takeOwners(from first: Neighbours) {
    let outer = first.owners.span
    for index in owners.indices { owners[index] = outer[Int(owners[index])] }
  }

  /// For each row 1 + its owner, 0 where it is out: what `Accumulator.add` takes as ids, the rows of
  /// the batch being the groups.
  package func ids(in mask: Mask) -> [Int32] {
    precondition(mask.count == count, "one byte a row")
    var ids = [Int32](repeating: 0, count: count)
    for index in ids.indices { ids[index] = mask.bytes[index] == 0 ? 0 : owners[index] &+ 1 }
    return ids
  }

  /// Leaves of rows that one owner has several times the first, as walks over paths make them. What
  /// stays keeps its order.
  ///
  /// - Throws: `interrupted`.
  package mutating func removeRepeats() throws(StoreError) {
    var kept = 0
    var start = 0
    while start < owners.count {
      var end = start + 1
      while end < owners.count, owners[end] == owners[start] { end += 1 }
      try keepFirst(of: start..<end, at: &kept)
      start = end
    }
    rows.removeLast(rows.count - kept)
    owners.removeLast(owners.count - kept)
  }

  /// Rows of one owner up to which each is compared with all before it.
  private static let comparedCountMax = 16

  /// Moves the rows of one owner, each once, to `place`.
  private mutating func keepFirst(
    of run: Range<Int>, at place: inout Int
  ) throws(StoreError) {
    let first = place
    let isRepeated = run.count > Self.comparedCountMax ? try repeats(in: run) : []
    for index in run {
      let row = rows[index]
      if isRepeated.isEmpty ? rows[first..<place].contains(row) : isRepeated[index - run.lowerBound]
      {
        continue
      }
      rows[place] = row
      owners[place] = owners[index]
      place += 1
    }
  }

  /// Which rows of a run stand in it before.
  private func repeats(in run: Range<Int>) throws(StoreError) -> [Bool] {
    var pairs = [UInt64](repeating: 0, count: run.count)
    for offset in pairs.indices {
      let row = UInt32(bitPattern: rows[run.lowerBound + offset])
      pairs[offset] = UInt64(row) << 32 | UInt64(offset)
    }
    if pairs.count > Limits.batchRowCount {
      try RadixSort.sort(&pairs)
    } else {
      pairs.sort()
    }
    var isRepeated = [Bool](repeating: false, count: run.count)
    for index in 1..<pairs.count where pairs[index] >> 32 == pairs[index - 1] >> 32 {
      isRepeated[Int(pairs[index] & 0xFFFF_FFFF)] = true
    }
    return isRepeated
  }
}
