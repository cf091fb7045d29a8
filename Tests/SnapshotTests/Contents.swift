import Store

/// All that a database holds, however it is stored: for each entity its records by key, references
/// as the keys they name. Equal contents are equal stores.
struct Contents: Equatable {
  var entities: [Entity]
  /// By entity, then by key.
  var records: [[Scalar: [Scalar]]]

  /// Loads everything.
  init(_ database: Database) throws(StoreError) {
    try database.loadAll()
    entities = database.catalog.entities
    records = []
    for (index, entity) in entities.enumerated() {
      let table = database.table(EntityID(index))
      var rows: [Scalar: [Scalar]] = [:]
      for row in 0..<table.rowCount where !table.isDead(row) {
        var cells: [Scalar] = []
        for (place, field) in entity.fields.enumerated() where !field.isComputed {
          var cell = table.column(FieldID(place))[row]
          if case .reference(let target) = field.type, case .word(let named) = cell {
            let other = database.table(target)
            cell =
              other.isDead(Int(named))
              ? .text("dead") : other.column(entities[target.index].key)[Int(named)]
          }
          cells.append(cell)
        }
        rows[cells[entity.key.index]] = cells
      }
      precondition(rows.count == table.liveRowCount, "keys that are there twice")
      records.append(rows)
    }
  }

  /// The first differences from other contents, in words.
  func differences(from other: Contents) -> [String] {
    var found: [String] = []
    if entities.count != other.entities.count {
      return ["\(entities.count) entities and \(other.entities.count)"]
    }
    for (index, entity) in entities.enumerated() {
      if entity != other.entities[index] { found.append("definition of \(entity.name)") }
      let (mine, theirs) = (records[index], other.records[index])
      for key in Set(mine.keys).union(theirs.keys) where mine[key] != theirs[key] {
        found.append(
          "\(entity.name) \(key): \(Self.text(mine[key])) and \(Self.text(theirs[key]))")
      }
    }
    return Array(found.prefix(5))
  }

  private static func text(_ cells: [Scalar]?) -> String {
    cells.map { $0.map { "\($0)".prefix(60) }.joined(separator: "|") } ?? "none"
  }
}
