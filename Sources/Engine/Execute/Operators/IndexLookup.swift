import Store

/// The rows that an index gives for a test of one field, ascending.
final class IndexLookup: Operator {
  private let table: Table
  private let field: FieldID
  private let test: ColumnTest
  private var list: RowList?

  init(_ table: Table, _ field: FieldID, _ test: ColumnTest) {
    self.table = table
    self.field = field
    self.test = test
  }

  private init(_ other: IndexLookup, _ list: RowList) {
    self.table = other.table
    self.field = other.field
    self.test = other.test
    self.list = list
  }

  let isAscending = true

  func next() throws(StoreError) -> Batch? {
    if list == nil { list = try look() }
    return try list?.next()
  }

  func split() throws(StoreError) -> (any Operator, any Operator)? {
    guard list == nil, let found = try? look() else { return nil }
    let (first, second) = found.split()
    return (IndexLookup(self, first), IndexLookup(self, second))
  }

  private func look() throws(StoreError) -> RowList {
    guard let rows = try table.indexedRows(test, on: field) else {
      preconditionFailure("the optimizer asks only indexes that answer")
    }
    return RowList(rows)
  }
}
