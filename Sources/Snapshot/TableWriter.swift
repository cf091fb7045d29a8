import Store

/// Writes rows of one table and works out what that does to its sums.
struct TableWriter {
  /// What the sums of the chunks have to be changed by.
  private(set) var sums = ChunkSums()
  private let table: TableLayout
  private let database: Database
  private let connection: Connection

  /// Cells as they are in the file, by the rows they belong to, which ascend.
  private typealias OldCells = [FieldID: (rows: [Int32], cells: Vector)]

  init(_ table: TableLayout, _ database: Database, _ connection: Connection) {
    self.table = table
    self.database = database
    self.connection = connection
  }

  private var name: String { SQLText.name(table.name) }
  private var key: String { SQLText.name(table.keyField.column) }

  /// Writes what a change did to the rows.
  ///
  /// - Parameter freshFields: Fields whose cells in the file are all unknown, whatever they were.
  mutating func write(
    _ net: NetChange, freshFields: Set<FieldID>, progress: ((Int, Int) -> Void)?
  ) throws(StoreError) {
    var old: OldCells = [:]
    for field in table.fields {
      guard let (rows, values) = net.oldValues[field.id] else { continue }
      old[field.id] = (
        rows,
        freshFields.contains(field.id)
          ? field.unknown(count: rows.count) : field.stored(values, in: database)
      )
    }
    // A key that goes may come back in another row.
    try delete(net.deleted, old)
    try update(net, old)
    try insert(net.inserted, progress)
  }

  // MARK: inserting

  private mutating func insert(
    _ runs: [Range<Int>], _ progress: ((Int, Int) -> Void)?
  ) throws(StoreError) {
    guard !runs.isEmpty else { return }
    let statement = try connection.statement(Schema.insert(table))
    let total = runs.reduce(0) { $0 + $1.count }
    var done = 0
    for run in runs {
      var base = run.lowerBound
      while base < run.upperBound {
        try Cancellation.check()
        let count = min(Limits.batchRowCount, run.upperBound - base)
        try insert(.run(base: base, count: count), statement)
        base += count
        done += count
        if total > Limits.batchRowCount { progress?(done, total) }
      }
    }
  }

  /// Inserts some rows, by a statement that `Schema.insert` gave.
  mutating func insert(_ rows: Rows, _ statement: Statement) throws(StoreError) {
    let stored = table.stored(rows, of: database)
    try RowWriter(stored.cells, of: table.fields).run(statement)
    sums.add(stored.cells[table.key], sums: stored.sums(table), rowCountEach: 1)
  }

  // MARK: deleting

  private mutating func delete(_ rows: [Int32], _ old: OldCells) throws(StoreError) {
    guard !rows.isEmpty else { return }
    let statement = try connection.statement("DELETE FROM \(name) WHERE \(key) = ?")
    for rows in rows.batches {
      try Cancellation.check()
      var stored = table.stored(.list(rows), of: database)
      for (place, field) in table.fields.enumerated() {
        guard let old = old[field.id] else { continue }
        stored.cells[place].replace(at: rows, by: old.cells, of: old.rows)
      }
      let keys = stored.cells[table.key]
      try run(statement, [keys], [table.keyField])
      sums.add(keys, sums: stored.sums(table).map { 0 &- $0 }, rowCountEach: -1)
    }
  }

  // MARK: updating

  /// Gives the cells that a change replaced their values, those of the same rows in one go.
  private mutating func update(_ net: NetChange, _ old: OldCells) throws(StoreError) {
    let deleted = Set(net.deleted)
    var groups: [(rows: [Int32], fields: [StoredField])] = []
    for field in table.fields {
      guard let all = old[field.id]?.rows else { continue }
      let rows = deleted.isEmpty ? all : all.filter { !deleted.contains($0) }
      guard !rows.isEmpty else { continue }
      if let group = groups.firstIndex(where: { $0.rows == rows }) {
        groups[group].fields.append(field)
      } else {
        groups.append((rows, [field]))
      }
    }
    for group in groups {
      let names = group.fields.map { SQLText.name($0.column) + " = ?" }.joined(separator: ", ")
      let statement = try connection.statement("UPDATE \(name) SET \(names) WHERE \(key) = ?")
      for rows in group.rows.batches {
        try Cancellation.check()
        try update(rows, group.fields, old, statement)
      }
    }
  }

  private mutating func update(
    _ rows: [Int32], _ fields: [StoredField], _ old: OldCells, _ statement: Statement
  ) throws(StoreError) {
    let keys = table.keys(of: .list(rows), in: database)
    let keySums = keys.keySums
    var after = [UInt64](repeating: 0, count: rows.count)
    var before = after
    var cells: [Vector] = []
    for field in fields {
      var stored = field.stored(.list(rows), of: table.entity, in: database)
      cells.append(stored)
      field.addSums(of: stored, keys: keySums, to: &after)
      if let old = old[field.id] { stored.replace(at: rows, by: old.cells, of: old.rows) }
      field.addSums(of: stored, keys: keySums, to: &before)
    }
    try run(statement, cells + [keys], fields + [table.keyField])
    sums.add(keys, sums: zip(after, before).map { $0 &- $1 }, rowCountEach: 0)
  }

  /// Runs a statement that has to change one row each time.
  private func run(
    _ statement: Statement, _ cells: [Vector], _ fields: [StoredField]
  ) throws(StoreError) {
    try RowWriter(cells, of: fields).run(statement) { () throws(StoreError) in
      guard connection.changeCount == 1 else {
        throw Refusal.damaged("a row of \(table.name) is not there that was loaded")
          .error(connection.path)
      }
    }
  }
}

extension StoredField {
  /// Unknown cells as the file holds them.
  fileprivate func unknown(count: Int) -> Vector {
    switch form {
    case .text, .reference(_, isText: true): Vector(unknown: .text, count: count)
    case .number: Vector(unknown: .number, count: count)
    default: Vector(unknown: .integer, count: count)
    }
  }
}

extension Array where Element == Int32 {
  /// In parts of a batch's length.
  fileprivate var batches: [[Int32]] {
    stride(from: 0, to: count, by: Limits.batchRowCount).map {
      Array(self[$0..<Swift.min($0 + Limits.batchRowCount, count)])
    }
  }

  /// How many of these, which ascend, are below `limit`.
  fileprivate func count(below limit: Int32) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < limit { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension Vector {
  /// Puts the values of those of `others` that are among `rows` in their places; both ascend.
  fileprivate mutating func replace(at rows: [Int32], by values: Vector, of others: [Int32]) {
    guard let first = rows.first, let last = rows.last else { return }
    var place = others.count(below: first)
    let part = place..<Swift.max(place, others.count(below: last + 1))
    var offsets = Array(0..<Int32(count))
    for (offset, row) in rows.enumerated() {
      while place < part.upperBound, others[place] < row { place += 1 }
      guard place < part.upperBound else { break }
      if others[place] == row { offsets[offset] = Int32(count + place - part.lowerBound) }
    }
    append(values.gathered(part.map { Int32($0) }))
    self = gathered(offsets)
  }
}
