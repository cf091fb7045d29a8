extension Adjacency {
  /// Adds, for each parent that is in, its live children in the order of their time, ties by row. A
  /// parent of -1, as a reference that is unknown gives it, has none.
  ///
  /// - Parameters:
  ///   - parents: Rows of the target's table.
  ///   - list: `rows` gets the children, `owners` the offset in `parents` of each.
  /// - Complexity: About 1 ns a parent and a child; more for parents whose children have changed since
  ///   the adjacency was built.
  package func appendChildren(of parents: Rows, in mask: Mask, to list: inout Neighbours) {
    precondition(mask.count == parents.count, "one byte a parent")
    let children = UnsafeRawPointer(children.elements.baseAddress)
    func child(_ place: Int) -> SIMD8<Int32> {
      children?.loadUnaligned(fromByteOffset: place &* 4, as: SIMD8<Int32>.self) ?? SIMD8()
    }
    var start = 0
    for offset in changes.touched(among: parents) {
      appendCovered(parents, mask, start..<offset, to: &list, elements: child)
      if mask.bytes[offset] != 0 {
        list.append(currentChildren(of: parents[offset])[...], owner: offset)
      }
      start = offset + 1
    }
    appendCovered(parents, mask, start..<parents.count, to: &list, elements: child)
  }

  /// How many live children each parent has that is in; 0 for one that is out.
  package func childCounts(of parents: Rows, in mask: Mask) -> [Int64] {
    precondition(mask.count == parents.count, "one byte a parent")
    var counts = [Int64](repeating: 0, count: mask.count)
    for offset in counts.indices where mask.bytes[offset] != 0 {
      counts[offset] = Int64(places(of: parents[offset]).count)
    }
    for offset in changes.touched(among: parents) where mask.bytes[offset] != 0 {
      counts[offset] = Int64(currentChildren(of: parents[offset]).count)
    }
    return counts
  }

  /// The children of a parent to which something happened.
  func currentChildren(of parent: Int) -> [Int32] {
    let places = places(of: parent)
    var covered: [Int32] = []
    covered.reserveCapacity(places.count)
    for place in places where !changes.leftOut.contains(children.elements[place]) {
      covered.append(children.elements[place])
    }
    let added = changes.added(to: Int32(truncatingIfNeeded: parent))
      .map { (key: timeKey($0), row: $0) }
      .sorted { $0.key != $1.key ? $0.key < $1.key : $0.row < $1.row }
    guard !added.isEmpty else { return covered }
    var merged: [Int32] = []
    merged.reserveCapacity(covered.count + added.count)
    var next = 0
    for (key, row) in added {
      let end = firstPlace(in: next..<covered.count) {
        let other = timeKey(covered[$0])
        return other != key ? other > key : covered[$0] > row
      }
      merged += covered[next..<end]
      merged.append(row)
      next = end
    }
    return merged + covered[next...]
  }

  /// The first place of a run for which `isBehind` holds, as it does for all after that.
  @inline(__always)
  func firstPlace(in run: Range<Int>, _ isBehind: (Int) -> Bool) -> Int {
    var (low, high) = (run.lowerBound, run.upperBound)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

// Parents to which nothing happened.
extension Adjacency {
  /// Children written at once, whether there are so many or not.
  private static var step: Int { 8 }

  /// Adds, for each parent, the element of each of its places.
  ///
  /// - Parameter elements: Those of a place and of the seven after it.
  @inline(__always)
  func appendCovered(
    _ parents: Rows, _ mask: Mask, _ offsets: Range<Int>, to list: inout Neighbours,
    elements: (_ place: Int) -> SIMD8<Int32>
  ) {
    let none = UInt32(truncatingIfNeeded: coveredParentCount)
    let bytes = mask.bytes
    switch parents {
    case .run(let base, _):
      appendCovered(offsets, to: &list, elements: elements) { offset in
        let known = UInt32(truncatingIfNeeded: base &+ offset)
        return Int(bytes[offset] == 0 ? none : min(known, none))
      }
    case .list(let rows):
      // A row of -1 is the largest of all without its sign.
      appendCovered(offsets, to: &list, elements: elements) { offset in
        Int(bytes[offset] == 0 ? none : min(UInt32(bitPattern: rows[offset]), none))
      }
    }
  }

  /// Writes the elements of each parent eight at a time; what is written too much is written over.
  @inline(__always)
  private func appendCovered(
    _ offsets: Range<Int>, to list: inout Neighbours,
    elements: (_ place: Int) -> SIMD8<Int32>, parent: (Int) -> Int
  ) {
    let starts = starts.elements
    var total = 0
    for offset in offsets {
      let parent = parent(offset)
      total &+= Int(starts[parent &+ 1] &- starts[parent])
    }
    guard total > 0 else { return }
    list.write(total, slack: Self.step) { rows, owners in
      var place = 0
      for offset in offsets {
        let parent = parent(offset)
        let (start, end) = (Int(starts[parent]), Int(starts[parent &+ 1]))
        let owner = SIMD8<Int32>(repeating: Int32(truncatingIfNeeded: offset))
        var from = start
        repeat {
          let target = (place &+ from &- start) &* 4
          rows.storeBytes(of: elements(from), toByteOffset: target, as: SIMD8<Int32>.self)
          owners.storeBytes(of: owner, toByteOffset: target, as: SIMD8<Int32>.self)
          from &+= Self.step
        } while from < end
        place &+= end &- start
      }
    }
  }
}

extension Neighbours {
  private static let zeros = [Int32](repeating: 0, count: 4_096)

  /// Adds `added` rows that `body` writes, which may write over `slack` more behind them.
  @inline(__always)
  fileprivate mutating func write(
    _ added: Int, slack: Int,
    _ body: (_ rows: UnsafeMutableRawPointer, _ owners: UnsafeMutableRawPointer) -> Void
  ) {
    let first = count
    Self.grow(&rows, by: added + slack)
    Self.grow(&owners, by: added + slack)
    rows.withUnsafeMutableBytes { rows in
      owners.withUnsafeMutableBytes { owners in
        guard let rowStart = rows.baseAddress, let ownerStart = owners.baseAddress else { return }
        body(rowStart + first * 4, ownerStart + first * 4)
      }
    }
    rows.removeLast(slack)
    owners.removeLast(slack)
  }

  private static func grow(_ list: inout [Int32], by added: Int) {
    var left = added
    while left > 0 {
      list.append(contentsOf: zeros.prefix(left))
      left -= min(left, zeros.count)
    }
  }

  mutating func append(_ children: ArraySlice<Int32>, owner: Int) {
    rows.append(contentsOf: children)
    let owner = Int32(truncatingIfNeeded: owner)
    for _ in children { owners.append(owner) }
  }

  @inline(__always)
  mutating func append(run: Range<Int>, owner: Int) {
    guard !run.isEmpty else { return }
    rows.append(
      contentsOf: Int32(
        truncatingIfNeeded: run.lowerBound)..<Int32(truncatingIfNeeded: run.upperBound))
    owners.append(
      contentsOf: repeatElement(Int32(truncatingIfNeeded: owner), count: run.count))
  }

  @inline(__always)
  mutating func append(_ child: Int32, owner: Int) {
    rows.append(child)
    owners.append(Int32(truncatingIfNeeded: owner))
  }
}
