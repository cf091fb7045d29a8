import Store

/// Rows of one table that were changed after what is in memory, as the file has them now.
struct ChangedRows {
  /// As they are in the file.
  var present: StoredRows
  /// Keys that are not in the file.
  var absent: Vector

  /// Reads the rows with these keys.
  ///
  /// - Throws: `store` with `bad-value`.
  init(_ keys: Vector, of table: TableLayout, in connection: Connection) throws(StoreError) {
    let key = SQLText.name(table.keyField.column)
    let statement = try connection.statement(Schema.select(table, "WHERE \(key) = ?"))
    let reader = RowReader(table, expecting: keys.count)
    var absent: [Int32] = []
    for offset in 0..<keys.count {
      switch keys[offset] {
      case .word(let word): try statement.bind(word, at: 0)
      case .text(let text): try statement.bind(text, at: 0)
      default: continue
      }
      if try statement.step() { reader.take(statement) } else { absent.append(Int32(offset)) }
      statement.reset()
    }
    if let cell = reader.badCells.first {
      let field = table.fields[cell.field]
      throw Refusal.badValue(table.words(for: cell.found, in: field, key: reader.key(cell.row)))
        .error(connection.path)
    }
    present = reader.finish()
    self.absent = keys.gathered(absent)
  }
}
