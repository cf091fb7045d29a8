import Store

/// Rows in the terms of the file, one vector a stored field: a reference is the key it names, a
/// choice its code.
struct StoredRows {
  /// How many rows.
  var count: Int
  /// In the order of the layout's fields.
  var cells: [Vector]

  /// The sum of each row.
  func sums(_ layout: TableLayout) -> [UInt64] {
    let keys = cells[layout.key].keySums
    var sums = [UInt64](repeating: 0, count: count)
    for (field, cells) in zip(layout.fields, cells) {
      field.addSums(of: cells, keys: keys, to: &sums)
    }
    return sums
  }
}

extension TableLayout {
  /// Some rows of a database's table as the file holds them.
  func stored(_ rows: Rows, of database: Database) -> StoredRows {
    StoredRows(
      count: rows.count, cells: fields.map { $0.stored(rows, of: entity, in: database) })
  }

  /// The keys of some rows.
  func keys(of rows: Rows, in database: Database) -> Vector {
    database.table(entity).column(keyField.id).load(rows)
  }
}

extension StoredField {
  /// The cells of some rows as the file holds them.
  func stored(_ rows: Rows, of entity: EntityID, in database: Database) -> Vector {
    stored(database.table(entity).column(id).load(rows), in: database)
  }

  /// A field's values as the file holds them: rows of a target become their keys.
  func stored(_ values: Vector, in database: Database) -> Vector {
    guard case .reference(let target, _) = form else { return values }
    return database.table(target).column(database.catalog[target].key)
      .load(Rows(following: values))
  }
}
