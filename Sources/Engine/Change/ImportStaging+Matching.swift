import Store
import Syntax

extension ImportStaging {
  /// Finds the records that staged ones change: those of the same value in `field`. What cannot be
  /// taken is left out; the others get the keys they will have.
  func match(by field: FieldID, at range: SourceRange) throws {
    guard let present, present.rowCount > 0 else { return }
    let all = Rows.run(base: 0, count: table.rowCount)
    let values = table.column(field).load(all)
    let isKey = field == definition.key
    let (rows, shared) =
      isKey
      ? (present.rows(withKeys: values), nil) : try ValueRows(present, field).rows(of: values)
    if let shared {
      throw Failure(
        ImportReason.ambiguousMatch(text(values[shared]), field: definition[field].name),
        at: range)
    }
    for (row, first) in try RowSelection.earlierEqual(rows).enumerated() where first >= 0 {
      reject(
        row, code: "duplicate-match",
        "the record on line \(line(of: Int(first))) matches the same \(definition.singular)",
        layout.targets.first { $0.field == field })
    }
    matches = rows
    if let target = layout.key {
      compareKeys(rows, present, target)
    } else {
      try number(rows, present)
    }
  }

  /// A record that is there keeps its key, and a new one has a key that nobody has.
  private func compareKeys(_ rows: [Int32], _ present: Table, _ target: ImportLayout.Target) {
    let all = Rows.run(base: 0, count: table.rowCount)
    let keys = table.column(definition.key).load(all)
    let own = present.column(definition.key).load(.list(rows))
    var isSame = Mask(count: rows.count)
    own.keep(.equalExactly, keys, in: &isSame)
    let taken = present.rows(withKeys: keys)
    for row in rows.indices where !table.isDead(row) {
      if rows[row] >= 0, isSame.bytes[row] == 0 {
        reject(
          row, code: "key-changed",
          "the \(definition.singular) that matches has the key '\(text(own[row]))',"
            + " and keys never change", target)
      } else if rows[row] < 0, taken[row] >= 0 {
        reject(
          row, code: "duplicate-key",
          "key '\(text(keys[row]))' is that of a record of \(definition.name) already", target)
      }
    }
  }

  /// Gives new records the next numbers, and matched ones the keys of the records they change.
  private func number(_ rows: [Int32], _ present: Table) throws(StoreError) {
    let own = present.column(definition.key).load(.list(rows))
    guard case .words(var keys) = own.values else { return }
    var next = present.nextKey
    for row in rows.indices where rows[row] < 0 {
      keys[row] = next
      if !table.isDead(row) { next += 1 }
    }
    try table.fill(definition.key, with: Vector(words: keys))
  }
}
