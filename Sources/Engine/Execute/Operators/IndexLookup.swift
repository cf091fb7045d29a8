import Store

/// The rows that an index gives for a test of one field, ascending; where there is no memory for the
/// index, those that a look at every row finds.
final class IndexLookup: Operator {
  private enum Found {
    case nothingYet
    case rows(RowList)
    case scanned(any Operator)
  }

  private let table: Table
  private let field: FieldID
  private let test: ColumnTest
  private let scan: () -> any Operator
  private var found: Found

  /// - Parameter scan: Makes what looks at every row.
  init(_ table: Table, _ field: FieldID, _ test: ColumnTest, scan: @escaping () -> any Operator) {
    self.table = table
    self.field = field
    self.test = test
    self.scan = scan
    found = .nothingYet
  }

  private init(_ other: IndexLookup, _ list: RowList) {
    self.table = other.table
    self.field = other.field
    self.test = other.test
    self.scan = other.scan
    found = .rows(list)
  }

  let isAscending = true

  func next() throws(StoreError) -> Batch? {
    if case .nothingYet = found { found = try look() }
    switch found {
    case .nothingYet: return nil
    case .scanned(let scan): return try scan.next()
    case .rows(var list):
      // Held once only, so that it goes on in place.
      found = .nothingYet
      defer { found = .rows(list) }
      return try list.next()
    }
  }

  func split() throws(StoreError) -> (any Operator, any Operator)? {
    guard case .nothingYet = found else { return nil }
    switch try look() {
    case .nothingYet: return nil
    case .scanned(let scan): return try scan.split()
    case .rows(let list):
      let (first, second) = list.split()
      return (IndexLookup(self, first), IndexLookup(self, second))
    }
  }

  private func look() throws(StoreError) -> Found {
    do throws(StoreError) {
      guard let rows = try table.indexedRows(test, on: field) else {
        preconditionFailure("the optimizer asks only indexes that answer")
      }
      let claim = BudgetClaim(table.columnBudget)
      try claim.cover(rows.count * MemoryLayout<Int32>.stride)
      return .rows(RowList(rows, claim))
    } catch {
      guard case .memoryLimit = error else { throw error }
      return .scanned(scan())
    }
  }
}
