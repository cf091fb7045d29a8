/// The kinds of index.
package enum IndexKind: String, Sendable {
  case postings, hash, sorted
}

/// The indexes a table has so far, by field. All cover the main part.
struct TableIndexes {
  var postings: [FieldID: Postings] = [:]
  var texts: [FieldID: TextIndex] = [:]
  var orders: [FieldID: SortedOrder] = [:]
  /// Orders of the delta, made again when it has grown.
  var deltaOrders: [FieldID: SortedOrder] = [:]
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
  /// left out and the delta scanned; nil where no index can answer. Builds the index when it is
  /// first useful.
  package func indexedRows(_ test: ColumnTest, on field: FieldID) throws(StoreError) -> [Int32]? {
    guard let kind = indexKind(for: test, on: field) else { return nil }
    switch kind {
    case .hash where field == key:
      // A text key is also found by its fold, through the other hash.
      if let rows = keyRows(test) { return rows }
      return try live(textRows(test, field) + deltaRows(test, field))
    case .hash: return try live(textRows(test, field) + deltaRows(test, field))
    case .postings: return try live(postedRows(test, field) + deltaRows(test, field))
    case .sorted: return try live(rangeRows(test, field) + deltaRows(test, field))
    }
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

  /// Builds the indexes there were anew over the main part; one for which there is no memory or no
  /// time is given up.
  func rebuildIndexes() {
    let old = indexes
    indexes = TableIndexes()
    indexes.orderUseCounts = old.orderUseCounts
    for field in old.postings.keys { _ = try? postings(field) }
    for field in old.texts.keys { _ = try? textIndex(field) }
    for field in old.orders.keys { _ = try? mainOrder(field) }
  }

  /// The order of the main part by a field.
  func mainOrder(_ field: FieldID) throws(StoreError) -> SortedOrder {
    if let order = indexes.orders[field] { return order }
    let order = try SortedOrder(column(field), covering: 0..<mainRowCount)
    indexes.orders[field] = order
    return order
  }

  /// The order of the delta by a field, nil when there is none.
  func deltaOrder(_ field: FieldID) throws(StoreError) -> SortedOrder? {
    guard mainRowCount < rowCount else { return nil }
    let delta = mainRowCount..<rowCount
    if let order = indexes.deltaOrders[field], order.covered == delta { return order }
    let order = try SortedOrder(column(field), covering: delta)
    indexes.deltaOrders[field] = order
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
    var rows: [Int32] = []
    var base = mainRowCount
    while base < rowCount {
      try Cancellation.check()
      let count = min(Limits.batchRowCount, rowCount - base)
      var mask = Mask(count: count)
      column.keep(prepared, of: .run(base: base, count: count), in: &mask)
      for offset in 0..<count where mask.bytes[offset] != 0 { rows.append(Int32(base + offset)) }
      base += count
    }
    return rows
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
