/// The kinds of index.
package enum IndexKind: String, Sendable {
  case postings, hash, sorted
  /// Of a reference, by the row it names.
  case adjacency
}

/// The indexes a table has so far, by field. All cover the main part, but for stale rows.
struct TableIndexes {
  var postings: [FieldID: Postings] = [:]
  var texts: [FieldID: TextIndex] = [:]
  var orders: [FieldID: SortedOrder] = [:]
  /// Orders of the delta and the stale rows, and the column's version they were made for.
  var deltaOrders: [FieldID: (version: Int, order: SortedOrder)] = [:]
  /// Rows of the main part edited since the field's index was built.
  var stale: [FieldID: SparseRowSet] = [:]
  /// By the field that refers.
  var adjacencies: [FieldID: Adjacency] = [:]
  /// How often the order of a field without one was asked for.
  var orderUseCounts: [FieldID: Int] = [:]
}

extension Table {
  /// The most members of a set that are looked up one by one.
  private static let memberCountMax = 1_024
  /// Known rows for ten distinct values up to which a text counts as nearly unique.
  private static let rowsPerTenDistinctMax = 11

  /// The rows that pass `test` on `field` by an index (postings of a choice or flag, hash of a key
  /// or unique text, sorted order of money, dates, times, integers, numbers), ascending, dead ones
  /// left out and the delta and edited rows tested one by one; nil where no index can answer. Builds
  /// the index when it is first useful.
  package func indexedRows(_ test: ColumnTest, on field: FieldID) throws(StoreError) -> [Int32]? {
    guard let kind = indexKind(for: test, on: field) else { return nil }
    switch kind {
    case .hash where field == key:
      // A text key is also found by its fold, through the other hash.
      if let rows = keyRows(test) { return rows }
      return try current(textRows(test, field), test, field)
    case .hash: return try current(textRows(test, field), test, field)
    case .postings: return try current(postedRows(test, field), test, field)
    case .sorted: return try current(rangeRows(test, field), test, field)
    case .adjacency: return try childRows(test, field)
    }
  }

  /// The rows that name one row, ascending.
  private func childRows(_ test: ColumnTest, _ field: FieldID) throws(StoreError) -> [Int32] {
    guard case .words(let range) = test else { return [] }
    var found = Neighbours()
    try adjacency(of: field).appendChildren(
      of: .list([Int32(truncatingIfNeeded: range.lowerBound)]), in: Mask(count: 1), to: &found)
    return found.rows.sorted()
  }

  /// What an index gave, with what has changed since it was built.
  private func current(
    _ found: [Int32], _ test: ColumnTest, _ field: FieldID
  ) throws(StoreError) -> [Int32] {
    let delta = try deltaRows(test, field)
    let stale = staleRows(of: field)
    if stale.isEmpty { return live(delta.isEmpty ? found : found + delta) }
    let edited = try passing(test, field, among: stale)
    return live(Self.replacing(stale, in: found, by: edited) + delta)
  }

  /// An ascending list without those of `stale` but for the ones among these that passed.
  private static func replacing(
    _ stale: [Int32], in found: [Int32], by passed: [Int32]
  ) -> [Int32] {
    var rows: [Int32] = []
    rows.reserveCapacity(found.count + passed.count)
    var (from, next) = (0, 0)
    for row in stale {
      let place = found.partitioningIndex(from: from) { $0 >= row }
      rows += found[from..<place]
      from = place < found.count && found[place] == row ? place + 1 : place
      if next < passed.count && passed[next] == row {
        rows.append(row)
        next += 1
      }
    }
    return rows + found[from...]
  }

  /// Whether `indexedRows` would answer, and by which kind of index; builds nothing.
  package func indexKind(for test: ColumnTest, on field: FieldID) -> IndexKind? {
    let column = column(field)
    if field == key && keyWords(test) != nil { return .hash }
    if field == key, case .text(let text) = test, case .equalsExactly = text.kind { return .hash }
    guard mainRowCount > 0 else { return nil }
    switch (column.type, test) {
    case (.choice, .words), (.choice, .wordSet), (.choice, .unknown): return .postings
    case (.flag, .words), (.flag, .wordSet), (.flag, .unknown): return .postings
    case (.text, .text(let text)):
      return text.kind.wholeTexts != nil && isNearlyUnique(column) ? .hash : nil
    case (.money, .words), (.date, .words), (.time, .words), (.integer, .words): return .sorted
    case (.money, .wordSet(let words)), (.date, .wordSet(let words)),
      (.time, .wordSet(let words)), (.integer, .wordSet(let words)):
      return words.count <= Self.memberCountMax ? .sorted : nil
    case (.reference, .words(let range)):
      return range.lowerBound == range.upperBound && range.lowerBound >= 0 ? .adjacency : nil
    case (.number, .reals): return .sorted
    case (.number, .realSet(let reals)):
      return reals.count <= Self.memberCountMax ? .sorted : nil
    default: return nil
    }
  }

  /// Whether the index that would answer is there already, so that asking costs no building.
  package func isIndexBuilt(for test: ColumnTest, on field: FieldID) -> Bool {
    switch indexKind(for: test, on: field) {
    case .none: false
    case .postings: indexes.postings[field] != nil
    case .hash: indexes.texts[field] != nil || field == key
    case .sorted: indexes.orders[field] != nil || column(field).isAscending
    case .adjacency: isAdjacencyBuilt(of: field)
    }
  }

  /// Whether it is time for the index that would answer: it is there, costs little to build (postings,
  /// keys), or was wanted before. Each call counts as a wish.
  package func isIndexDue(for test: ColumnTest, on field: FieldID) -> Bool {
    if isIndexBuilt(for: test, on: field) { return true }
    if indexKind(for: test, on: field) == .postings { return true }
    indexes.orderUseCounts[field, default: 0] += 1
    return indexes.orderUseCounts[field, default: 0] > 1
  }

  /// Gives up every index and everything else that is kept only so that queries are answered sooner.
  /// What was wished for stays wished for.
  func giveUpIndexes() {
    let wishes = indexes.orderUseCounts
    indexes = TableIndexes()
    indexes.orderUseCounts = wishes
    keyMap = nil
  }

  /// Builds the indexes there were anew over the main part; one for which there is no memory or no
  /// time is given up.
  ///
  /// - Parameter staleOnly: Only those with stale rows: the main part has not grown.
  func rebuildIndexes(staleOnly: Bool) {
    let old = indexes
    let fields = Set(old.postings.keys).union(old.texts.keys).union(old.orders.keys)
    for field in fields where !staleOnly || old.stale[field] != nil {
      indexes.giveUp(field)
      if old.postings[field] != nil { _ = try? postings(field) }
      if old.texts[field] != nil { _ = try? textIndex(field) }
      if old.orders[field] != nil { _ = try? mainOrder(field) }
    }
    indexes.deltaOrders = [:]
    rebuildAdjacencies()
  }

  /// The order of the main part by a field, stale rows where they were.
  func mainOrder(_ field: FieldID) throws(StoreError) -> SortedOrder {
    if let order = indexes.orders[field] { return order }
    let order = try SortedOrder(column(field), covering: 0..<mainRowCount)
    indexes.orders[field] = order
    return order
  }

  /// The order of the delta and the stale rows by a field, nil when there are none.
  func deltaOrder(_ field: FieldID) throws(StoreError) -> SortedOrder? {
    let column = column(field)
    if let (version, order) = indexes.deltaOrders[field], version == column.version {
      return order
    }
    let stale = staleRows(of: field)
    guard mainRowCount < rowCount || !stale.isEmpty else { return nil }
    let order = try SortedOrder(column, covering: mainRowCount..<rowCount, and: stale)
    indexes.deltaOrders[field] = (column.version, order)
    return order
  }

  private func postings(_ field: FieldID) throws(StoreError) -> Postings {
    if let postings = indexes.postings[field] { return postings }
    let postings = try Postings(column(field), rowCount: mainRowCount)
    indexes.postings[field] = postings
    return postings
  }

  private func textIndex(_ field: FieldID) throws(StoreError) -> TextIndex {
    if let index = indexes.texts[field] { return index }
    let index = try TextIndex(column(field), rowCount: mainRowCount)
    indexes.texts[field] = index
    return index
  }

  /// The words a test of a key asks for one by one; nil when it asks for a range.
  private func keyWords(_ test: ColumnTest) -> [Int64]? {
    switch test {
    case .words(let range) where range.lowerBound == range.upperBound: [range.lowerBound]
    case .wordSet(let words) where words.count <= Self.memberCountMax: Array(words)
    default: nil
    }
  }

  /// The live rows of the keys a test names, from the map of keys, which covers the delta too.
  private func keyRows(_ test: ColumnTest) -> [Int32]? {
    if let words = keyWords(test) {
      return rows(withKeys: Vector(words: words)).filter { $0 >= 0 }.sorted()
    }
    guard case .text(let text) = test, case .equalsExactly(let key) = text.kind else { return nil }
    return row(withKey: .text(key)).map { [Int32($0)] } ?? []
  }

  private func textRows(_ test: ColumnTest, _ field: FieldID) throws(StoreError) -> [Int32] {
    guard case .text(let text) = test, let wanted = text.kind.wholeTexts else { return [] }
    let index = try textIndex(field)
    let search = HeapSearch(text)
    let found = wanted.map { index.rows(of: $0, in: column(field), passing: search) }
    guard found.count > 1 else { return found.first ?? [] }
    return Set(found.joined()).sorted()
  }

  private func postedRows(_ test: ColumnTest, _ field: FieldID) throws(StoreError) -> [Int32] {
    let postings = try postings(field)
    return switch test {
    case .words(let range): postings.rows { range.contains($0) }
    case .wordSet(let words): postings.rows { words.contains($0) }
    case .unknown: postings.unknownRows()
    default: []
    }
  }

  private func rangeRows(_ test: ColumnTest, _ field: FieldID) throws(StoreError) -> [Int32] {
    let order = try mainOrder(field)
    switch test {
    case .words(let range):
      return rows(
        of: order,
        order.places(from: Column.sortKey(range.lowerBound), to: Column.sortKey(range.upperBound)))
    case .wordSet(let words):
      return words.flatMap {
        order.rows(at: order.places(from: Column.sortKey($0), to: Column.sortKey($0)))
      }.sorted()
    case .reals(let lower, let isLowerOpen, let upper, let isUpperOpen):
      if isLowerOpen && lower == .infinity || isUpperOpen && upper == -.infinity { return [] }
      let first = isLowerOpen ? lower.nextUp : lower
      let last = isUpperOpen ? upper.nextDown : upper
      guard first <= last else { return [] }
      return rows(
        of: order, order.places(from: Column.sortKey(first), to: Column.sortKey(last)))
    case .realSet(let reals):
      return reals.filter { !$0.isNaN }.flatMap {
        order.rows(at: order.places(from: Column.sortKey($0), to: Column.sortKey($0)))
      }.sorted()
    default: return []
    }
  }

  /// The rows at some places of an order, ascending.
  private func rows(of order: SortedOrder, _ places: Range<Int>) -> [Int32] {
    let rows = order.rows(at: places)
    if order.isRowOrder { return rows }
    guard rows.count > 64 else { return rows.sorted() }
    var found = RowSet(rowCount: mainRowCount)
    for row in rows { found.insert(row) }
    return found.rows()
  }

  /// The rows of the delta that pass, ascending.
  private func deltaRows(_ test: ColumnTest, _ field: FieldID) throws(StoreError) -> [Int32] {
    guard mainRowCount < rowCount else { return [] }
    let column = column(field)
    let prepared = column.prepare(test)
    var passing: [Int32] = []
    var base = mainRowCount
    while base < rowCount {
      try Cancellation.check()
      let rows = Rows.run(base: base, count: min(Limits.batchRowCount, rowCount - base))
      var mask = Mask(count: rows.count)
      column.keep(prepared, of: rows, in: &mask)
      rows.collect(in: mask, into: &passing)
      base += rows.count
    }
    return passing
  }

  /// Those of some rows that pass, in the same order.
  private func passing(
    _ test: ColumnTest, _ field: FieldID, among rows: [Int32]
  ) throws(StoreError) -> [Int32] {
    let column = column(field)
    let prepared = column.prepare(test)
    var passing: [Int32] = []
    var base = 0
    while base < rows.count {
      try Cancellation.check()
      let part = Rows.list(Array(rows[base..<min(rows.count, base + Limits.batchRowCount)]))
      var mask = Mask(count: part.count)
      column.keep(prepared, of: part, in: &mask)
      part.collect(in: mask, into: &passing)
      base += part.count
    }
    return passing
  }

  /// Whether a text column keeps a heap and nearly all its values differ.
  private func isNearlyUnique(_ column: Column) -> Bool {
    guard column.dictionaryCount == nil else { return false }
    let knownCount = column.rowCount - column.unknownCount
    return knownCount > 0 && knownCount * 10 <= column.distinctCount * Self.rowsPerTenDistinctMax
  }
}

extension TextTest.Kind {
  /// The whole texts a test asks for; nil when it asks for anything else.
  fileprivate var wholeTexts: [String]? {
    switch self {
    case .equals(let text), .equalsExactly(let text): [text]
    case .isOneOf(let texts): texts
    default: nil
    }
  }
}

extension [Int32] {
  /// The first index from `start` on for which `isBehind` holds; it holds for all after that.
  fileprivate func partitioningIndex(from start: Int, _ isBehind: (Int32) -> Bool) -> Int {
    var (low, high) = (start, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
