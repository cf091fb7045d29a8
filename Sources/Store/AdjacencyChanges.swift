/// What has happened to the children of each parent since an adjacency was built.
///
/// Changes are noted as they are made, without a look at more than the row itself, and brought in
/// when the adjacency is next asked for.
struct AdjacencyChanges {
  /// Covered rows whose place in the list counts no more: dead, or with another parent or time.
  private(set) var leftOut = SparseRowSet()
  /// For each parent 0 where nothing happened, 1 where covered children were left out only, else 2 +
  /// the last link of the chain of its added children.
  private var heads = SparseRowMap()
  /// The added children: appended rows and live ones of those left out.
  private var rows: [Int32] = []
  private var parents: [Int32] = []
  /// For each the entry of `heads` before it.
  private var nexts: [Int32] = []
  /// Rows left out that no chain has had yet.
  private var waiting: [Int32] = []
  /// Rows from the covered ones up to here have been brought in.
  private var seenRowCount: Int
  /// Whether a row that was brought in has changed again, so that all chains are made anew.
  private var isBroken = false
  private let coveredRowCount: Int
  private let claim: BudgetClaim

  /// Nothing has happened yet.
  init(from coveredRowCount: Int, budget: Budget) {
    self.coveredRowCount = coveredRowCount
    seenRowCount = coveredRowCount
    claim = BudgetClaim(budget)
  }

  /// Whether nothing has happened to any parent.
  var isNone: Bool { leftOut.isEmpty && rows.isEmpty }

  /// Added children.
  var addedCount: Int { rows.count }

  /// Takes note that a row lives no more, lives again, or has another parent or time.
  ///
  /// - Parameter parent: The row it referred to before, nil for none.
  mutating func note(_ row: Int32, parent: Int32?) {
    guard Int(row) < coveredRowCount else {
      if Int(row) < seenRowCount { isBroken = true }
      return
    }
    guard leftOut.insert(row) else {
      isBroken = true
      return
    }
    waiting.append(row)
    if let parent, heads[parent] == 0 { heads[parent] = 1 }
  }

  /// Takes note that the rows from `rowCount` on are no more.
  mutating func noteRollBack(to rowCount: Int) {
    if rowCount < seenRowCount { isBroken = true }
  }

  /// Brings in what has happened.
  ///
  /// - Throws: `memoryLimit`, `interrupted`; the changes may not be used after.
  /// - Complexity: O(*n*) in the rows changed since the last time; in all of them when one of those
  ///   changed again.
  mutating func catchUp(with table: Table, _ references: Column) throws(StoreError) {
    if isBroken { unlinkAll() }
    if !waiting.isEmpty {
      try link(.list(waiting), table, references)
      waiting = []
    }
    for base in stride(from: seenRowCount, to: table.rowCount, by: Limits.chunkRowCount) {
      let count = min(Limits.chunkRowCount, table.rowCount - base)
      try link(.run(base: base, count: count), table, references)
      seenRowCount = base + count
    }
  }

  private mutating func unlinkAll() {
    for parent in parents { heads[parent] = 1 }
    rows.removeAll(keepingCapacity: true)
    parents.removeAll(keepingCapacity: true)
    nexts.removeAll(keepingCapacity: true)
    waiting = leftOut.rows
    seenRowCount = coveredRowCount
    isBroken = false
  }

  private mutating func link(
    _ added: Rows, _ table: Table, _ references: Column
  ) throws(StoreError) {
    try Cancellation.check()
    try claim.cover((rows.count + added.count) * 16 + heads.byteCount)
    let loaded = references.load(added)
    guard case .words(let words) = loaded.values else { return }
    var mask = Mask(knownIn: loaded)
    table.keepLive(added, in: &mask)
    for offset in words.indices where mask.bytes[offset] != 0 {
      let parent = Int32(truncatingIfNeeded: words[offset])
      nexts.append(heads[parent])
      heads[parent] = Int32(truncatingIfNeeded: rows.count + 2)
      rows.append(Int32(truncatingIfNeeded: added[offset]))
      parents.append(parent)
    }
    try claim.cover(rows.count * 16 + heads.byteCount)
  }

  /// Whether something happened to a parent.
  @inline(__always)
  func isTouched(_ parent: Int32) -> Bool { parent >= 0 && heads[parent] != 0 }

  /// The offsets of the parents to which something happened, ascending.
  func touched(among parents: Rows) -> [Int] {
    if isNone { return [] }
    var offsets: [Int] = []
    switch parents {
    case .run(let base, let count): heads.collect(in: base..<base + count, into: &offsets)
    case .list(let rows):
      for offset in rows.indices where isTouched(rows[offset]) { offsets.append(offset) }
    }
    return offsets
  }

  /// The added children of a parent, first added first.
  func added(to parent: Int32) -> [Int32] {
    guard isTouched(parent) else { return [] }
    var found: [Int32] = []
    var head = heads[parent]
    while head > 1 {
      found.append(rows[Int(head) - 2])
      head = nexts[Int(head) - 2]
    }
    found.reverse()
    return found
  }
}
