import Store

/// The definitions of a file that may be damaged.
enum SalvageCatalog {
  /// Reads the definitions as they are kept, and reports what is wrong with them.
  ///
  /// - Returns: Nil when they cannot be read.
  static func read(
    _ connection: Connection, _ report: inout StoreReport
  ) throws(StoreError) -> (catalog: Catalog, layout: FileLayout)? {
    do throws(StoreError) {
      return try Opening.verified(connection)
    } catch .store(let problem) where SalvageReading.isUnreadable(problem) {
      report.add(.catalog, problem.message)
    }
    let whole = try SalvageReading.attempt { () throws(StoreError) in
      try CatalogCodec.read(connection)
    }
    if let whole { return whole }
    let entities = try SalvageReading.attempt { () throws(StoreError) in
      try CatalogCodec.read(connection, hasDefinitions: false)
    }
    if entities != nil {
      report.add(.catalog, "segments, standards and actions cannot be read and are lost")
    }
    return entities
  }

  /// Finds the definitions: as they are kept, if they are as they were written or if what made the
  /// tables says the same; else from the built-in ones and from what made the tables.
  static func find(
    _ connection: Connection, _ report: inout StoreReport
  ) throws(StoreError) -> (catalog: Catalog, layout: FileLayout) {
    let before = report.findings.count
    if let found = try read(connection, &report) {
      if report.findings.count == before { return found }
      if try isBorneOut(found.layout, connection) { return found }
    }
    report.add(
      .catalog, "the definitions are made anew from the tables: names and types may differ")
    var entities = SalvageDefinitions(connection)
    var (catalog, layout) = try entities.make(&report)
    let definitions = try SalvageReading.attempt { () throws(StoreError) in
      try DefinitionCodec.read(connection)
    }
    for definition in definitions ?? [] { catalog.replace(nil, by: definition) }
    try tellMissing(layout, connection, &report)
    return (catalog, layout)
  }

  /// Names the tables that the file speaks of and that are in no list of tables; or says that there
  /// may have been some, where that list ends early and nothing else names them.
  private static func tellMissing(
    _ layout: FileLayout, _ connection: Connection, _ report: inout StoreReport
  ) throws(StoreError) {
    let known = Set(layout.tables.map { SQLText.folded($0.name) })
    var missing: Set<String> = []
    var isListed = false
    for query in [
      "SELECT name FROM \"_rapport_tables\"", "SELECT \"table\" FROM \"_rapport_entities\"",
      "SELECT DISTINCT \"table\" FROM \"_rapport_sums\"",
    ] {
      let names = try SalvageReading.attempt { () throws(StoreError) in
        try texts(query, connection)
      }
      isListed = isListed || names != nil
      missing.formUnion((names ?? []).filter { !known.contains(SQLText.folded($0)) })
    }
    for name in missing.sorted() {
      report.add(.missingTable, name, "the table is in no list of tables that can be read")
    }
    guard !isListed else { return }
    report.add(
      .missingTable, "the list of tables cannot be read to its end: some may be lost altogether")
  }

  private static func texts(
    _ query: String, _ connection: Connection
  ) throws(StoreError) -> [String] {
    var texts: [String] = []
    let statement = try connection.prepare(query)
    while try statement.step() { texts.append(statement.text(0) ?? "") }
    return texts
  }

  /// Whether the statements that made the tables say what the definitions say.
  private static func isBorneOut(
    _ layout: FileLayout, _ connection: Connection
  ) throws(StoreError) -> Bool {
    let texts = Dictionary(
      try SalvageDefinitions.tables(connection).map { (SQLText.folded($0.name), $0.text) },
      uniquingKeysWith: { first, _ in first })
    for table in layout.tables {
      guard let text = texts[SQLText.folded(table.name)] else { continue }
      let bytes = Array(text.utf8)
      for (place, field) in table.fields.enumerated() {
        let column = Schema.column(field, isKey: place == table.key, in: layout)
        guard bytes.contains(Array(column.utf8)) else { return false }
      }
    }
    return true
  }
}
