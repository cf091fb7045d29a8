import Store

/// Writes the catalog into its tables and reads it back. Nothing that stands there is trusted: a
/// checksum over all of it is kept, and each value is looked at.
enum CatalogCodec {
  // MARK: writing

  /// Writes the entities anew. The checksum has to be written afterwards, when all tables and
  /// triggers have been made.
  static func write(
    _ catalog: Catalog, _ layout: FileLayout, to connection: Connection
  ) throws(StoreError) {
    for table in ["entities", "fields", "choices"] {
      try connection.run("DELETE FROM \"_rapport_\(table)\"")
    }
    for (index, entity) in catalog.entities.enumerated() {
      try write(entity, index, layout.tables[index], to: connection)
      for (place, field) in entity.fields.enumerated() {
        let column = layout.tables[index].place(of: FieldID(place))
          .map { layout.tables[index].fields[$0].column }
        try write(field, index, place, column, to: connection)
      }
    }
  }

  private static func write(
    _ entity: Entity, _ index: Int, _ table: TableLayout, to connection: Connection
  ) throws(StoreError) {
    let statement = try connection.statement(
      "INSERT INTO \"_rapport_entities\" VALUES(?,?,?,?,?,?,?,?,?,?,?)")
    try statement.bind(Int64(index), at: 0)
    try statement.bind(entity.name, at: 1)
    try statement.bind(entity.singular, at: 2)
    try statement.bind(table.name, at: 3)
    try statement.bind(Int64(entity.key.index), at: 4)
    try statement.bind(entity.timeField.map { Int64($0.index) }, at: 5)
    try statement.bind(entity.labelField.map { Int64($0.index) }, at: 6)
    try statement.bind(
      entity.defaultFields.map { String($0.index) }.joined(separator: " "), at: 7)
    try statement.bind(entity.role?.rawValue, at: 8)
    try statement.bind(entity.validWhen, at: 9)
    try statement.bind(Int64(entity.isBuiltIn ? 1 : 0), at: 10)
    try statement.run()
  }

  private static func write(
    _ field: Field, _ entity: Int, _ index: Int, _ column: String?, to connection: Connection
  ) throws(StoreError) {
    let statement = try connection.statement(
      "INSERT INTO \"_rapport_fields\" VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    var target: EntityID?
    var choices: ChoiceList?
    switch field.type {
    case .reference(let entity): target = entity
    case .choice(let list): choices = list
    default: break
    }
    try statement.bind(Int64(entity), at: 0)
    try statement.bind(Int64(index), at: 1)
    try statement.bind(field.name, at: 2)
    try statement.bind(column, at: 3)
    try statement.bind(TypeNames.name(of: field.type), at: 4)
    try statement.bind(target.map { Int64($0.index) }, at: 5)
    try statement.bind(Int64(choices?.isOrdered == true ? 1 : 0), at: 6)
    try statement.bind(field.expression, at: 7)
    try statement.bind(Int64(field.isEvent ? 1 : 0), at: 8)
    try statement.bind(field.trackedBy, at: 9)
    try statement.bind(field.usualMoves.map(UsualMoves.text), at: 10)
    try statement.bind(field.bounds?.lowerBound, at: 11)
    try statement.bind(field.bounds?.upperBound, at: 12)
    try statement.bind(field.inverse, at: 13)
    try statement.run()
    let choice = try connection.statement("INSERT INTO \"_rapport_choices\" VALUES(?,?,?,?)")
    for (code, name) in (choices?.names ?? []).enumerated() {
      for (place, number) in [entity, index, code].enumerated() {
        try choice.bind(Int64(number), at: place)
      }
      try choice.bind(name, at: 3)
      try choice.run()
    }
  }

  // MARK: reading

  /// Reads the catalog and where everything stands.
  ///
  /// - Parameter hasDefinitions: Whether segments, standards and actions are wanted.
  /// - Throws: `store` with `damaged` when something there cannot be.
  static func read(
    _ connection: Connection, hasDefinitions: Bool = true
  ) throws(StoreError) -> (catalog: Catalog, layout: FileLayout) {
    var reader = CatalogReader(connection)
    let read = try reader.read()
    let definitions = hasDefinitions ? try DefinitionCodec.read(connection) : []
    let catalog = Catalog(read.map(\.entity), definitions: definitions)
    let names = read.map { (table: $0.table, columns: $0.columns) }
    return (catalog, FileLayout(catalog, names: names))
  }
}

/// Names of types in the catalog.
enum TypeNames {
  private static let plain: [(ValueType, String)] = [
    (.text, "text"), (.money, "money"), (.number, "number"), (.integer, "integer"),
    (.date, "date"), (.time, "time"), (.flag, "flag"),
  ]

  /// The name of a type.
  static func name(of type: ValueType) -> String {
    switch type {
    case .choice: "choice"
    case .reference: "reference"
    default: plain.first { $0.0 == type }?.1 ?? ""
    }
  }

  /// The type of that name, but for choices and references.
  static func type(named name: String) -> ValueType? { plain.first { $0.1 == name }?.0 }
}

/// The usual moves of a tracked choice as text: `0>1 5,1>2 5`.
enum UsualMoves {
  /// The text of moves, by code.
  static func text(_ moves: [UInt8: Set<UInt8>]) -> String {
    moves.sorted { $0.key < $1.key }.map { from, to in
      "\(from)>" + to.sorted().map(String.init).joined(separator: " ")
    }.joined(separator: ",")
  }

  /// The moves that a text names; nil when it is none.
  static func moves(_ text: String) -> [UInt8: Set<UInt8>]? {
    var moves: [UInt8: Set<UInt8>] = [:]
    for part in text.split(separator: ",") {
      let sides = part.split(separator: ">", omittingEmptySubsequences: false)
      guard sides.count == 2, let from = UInt8(sides[0]), moves[from] == nil else { return nil }
      let codes = sides[1].split(separator: " ").map { UInt8($0) }
      guard !codes.contains(nil) else { return nil }
      moves[from] = Set(codes.compactMap { $0 })
    }
    return moves
  }
}
