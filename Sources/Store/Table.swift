/// The records of one entity: columns, a main part with indexes, a delta of appended rows, and a
/// bitmap of dead rows.
///
/// Main and delta are one run of rows in the same columns: rows below `mainRowCount` are covered by
/// the indexes, rows from there on are scanned. References hold row numbers of the target's table.
package final class Table {
  /// Which entity.
  package let entity: EntityID
  /// The most rows the delta holds before a merge.
  package static let deltaRowCountMax = 65_536

  /// Makes an empty table with a column for each stored field of `definition`.
  package init(entity: EntityID, definition: Entity, budget: Budget) {
    preconditionFailure("contract only")
  }

  /// All rows, dead ones included.
  package var rowCount: Int { preconditionFailure("contract only") }

  /// Rows that are not dead.
  package var liveRowCount: Int { preconditionFailure("contract only") }

  /// Rows covered by the indexes.
  package var mainRowCount: Int { preconditionFailure("contract only") }

  /// The column of a stored field. A column without a known value takes no memory.
  package func column(_ field: FieldID) -> Column { preconditionFailure("contract only") }

  /// Adds a column for a field added to the entity, all unknown.
  package func addColumn(_ field: FieldID, type: ValueType) throws(StoreError) {
    preconditionFailure("contract only")
  }

  /// Appends rows: one vector per stored field, nil where all are unknown; all of `count` rows.
  ///
  /// All or nothing: on a throw the table is as before.
  /// - Throws: `duplicateKey`, `memoryLimit`.
  package func append(_ vectors: [FieldID: Vector], count: Int) throws(StoreError) {
    preconditionFailure("contract only")
  }

  /// Whether live rows stand in ascending order of their keys.
  package var isInKeyOrder: Bool { preconditionFailure("contract only") }

  /// Whether a sorted order of the field is there, or is built now because this is its second use.
  package func hasSortedOrder(by field: FieldID) -> Bool {
    preconditionFailure("contract only")
  }

  /// The first `countMax` rows in the order of the field, how many rows have a known value, and
  /// whether the rows left out begin with one equal to the last.
  package func firstSortedRows(
    by field: FieldID, isDescending: Bool, countMax: Int
  ) throws(StoreError) -> (rows: [Int32], knownCount: Int, isTieCut: Bool)? {
    guard let rows = try sortedRows(by: field, isDescending: isDescending) else { return nil }
    let first = Array(rows.prefix(countMax))
    var isTieCut = false
    if let last = first.last, rows.count > countMax {
      isTieCut = column(field)[Int(last)] == column(field)[Int(rows[countMax])]
    }
    return (first, rows.count, isTieCut)
  }

  /// Marks a row dead.
  package func kill(_ row: Int) { preconditionFailure("contract only") }

  /// Clears in `mask` the rows that are dead.
  package func keepLive(_ rows: Rows, in mask: inout Mask) {
    preconditionFailure("contract only")
  }

  /// The live row with this key, by a hash index built when first asked.
  package func row(withKey key: Scalar) -> Int? { preconditionFailure("contract only") }

  /// The live row of each key, -1 where there is none.
  package func rows(withKeys keys: Vector) -> [Int32] { preconditionFailure("contract only") }

  /// The largest integer key, 0 when there is none.
  package var largestKey: Int64 { preconditionFailure("contract only") }

  /// The rows that pass `test` on `field` by an index (postings of a choice or flag, hash of a key
  /// or unique text, sorted order of money, dates, integers), ascending, dead ones left out and the
  /// delta scanned; nil where no index can answer. Builds the index when it is first useful.
  package func indexedRows(_ test: ColumnTest, on field: FieldID) throws(StoreError) -> [Int32]? {
    preconditionFailure("contract only")
  }

  /// Whether `indexedRows` would answer, and by which kind of index; builds nothing.
  package func indexKind(for test: ColumnTest, on field: FieldID) -> IndexKind? {
    preconditionFailure("contract only")
  }

  /// All live rows with a known value in the order of the field, ties by row ascending in either
  /// direction; built at the second use and kept. Nil for types without a sorted index.
  package func sortedRows(by field: FieldID, isDescending: Bool) throws(StoreError) -> [Int32]? {
    preconditionFailure("contract only")
  }
}

/// The kinds of index.
package enum IndexKind: String, Sendable {
  case postings, hash, sorted
}

/// The catalog and a table for each entity. One statement sees one version of it.
package final class Database {
  /// The entities and their fields.
  package private(set) var catalog: Catalog
  /// What all tables ask before they grow.
  package let budget: Budget
  private var tables: [Table]

  /// Makes an empty table for each entity of the catalog.
  package init(catalog: Catalog, budget: Budget) {
    self.catalog = catalog
    self.budget = budget
    self.tables = catalog.entities.indices.map {
      Table(entity: EntityID($0), definition: catalog.entities[$0], budget: budget)
    }
  }

  /// The table of an entity.
  package func table(_ entity: EntityID) -> Table { tables[entity.index] }

  /// Adds an entity with an empty table.
  package func add(_ entity: Entity) -> EntityID {
    let id = catalog.add(entity)
    tables.append(Table(entity: id, definition: entity, budget: budget))
    return id
  }

  /// Replaces an entity's table and definition: how a finished import is published. Cannot fail.
  package func publish(_ table: Table, as definition: Entity) {
    catalog[table.entity] = definition
    tables[table.entity.index] = table
  }
}
