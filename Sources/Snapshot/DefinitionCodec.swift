import Store

/// Writes segments, standards and actions into their tables and reads them back.
enum DefinitionCodec {
  /// The tables.
  static let tables = ["_rapport_definitions", "_rapport_members"]

  /// Whether the file is of a version that has them.
  static func hasTables(in connection: Connection) throws(StoreError) -> Bool {
    try connection.integer(
      "SELECT count(*) FROM pragma_table_info('_rapport_definitions') WHERE name = 'kind' AND pk = 1"
    ) > 0
  }

  // MARK: writing

  /// Takes a definition out, if there is one to take out, and writes another in its place.
  static func replace(
    _ old: Definition?, by new: Definition?, in connection: Connection
  ) throws(StoreError) {
    if let old {
      let statement = try connection.statement(
        "DELETE FROM \"_rapport_definitions\" WHERE kind = ? AND name = ?")
      try statement.bind(old.kind.rawValue, at: 0)
      try statement.bind(old.name, at: 1)
      try statement.run()
      if old.members != nil {
        let statement = try connection.statement(
          "DELETE FROM \"_rapport_members\" WHERE segment = ?")
        try statement.bind(old.name, at: 0)
        try statement.run()
      }
    }
    guard let new else { return }
    let statement = try connection.statement(
      "INSERT INTO \"_rapport_definitions\" VALUES(?,?,?,?,?)")
    var created: [UInt8] = []
    ISOText.append(day: Int64(new.created), to: &created)
    for (place, text) in [
      new.kind.rawValue, new.name, new.text, new.entity, String(decoding: created, as: UTF8.self),
    ].enumerated() {
      try statement.bind(text, at: place)
    }
    try statement.run()
    let member = try connection.statement("INSERT INTO \"_rapport_members\" VALUES(?,?)")
    for key in new.members?.scalars ?? [] {
      try member.bind(new.name, at: 0)
      switch key {
      case .word(let number): try member.bind(number, at: 1)
      case .text(let text): try member.bind(text, at: 1)
      default: continue
      }
      try member.run()
    }
  }

  // MARK: reading

  /// The definitions; none in a file of a version that has none.
  ///
  /// - Throws: `store` with `damaged` when something there cannot be.
  static func read(_ connection: Connection) throws(StoreError) -> [Definition] {
    guard try hasTables(in: connection) else { return [] }
    var members = try readMembers(connection)
    var definitions: [Definition] = []
    let statement = try connection.statement(
      "SELECT kind, name, text, entity, created FROM \"_rapport_definitions\" ORDER BY kind, name")
    var names: Set<[UInt8]> = []
    while try statement.step() {
      guard let kind = statement.text(0).flatMap(Definition.Kind.init(rawValue:)),
        let name = statement.text(1), !name.isEmpty, let text = statement.text(2),
        let created = day(statement.text(4) ?? "")
      else { throw damaged("has no definition", connection) }
      let shelf = kind == .frozen ? Definition.Kind.segment : kind
      guard names.insert(Array("\(shelf.rawValue) \(Folding.fold(name))".utf8)).inserted else {
        throw damaged("defines '\(name)' twice", connection)
      }
      let entity = statement.text(3)
      guard (entity == nil) == (kind == .standard) else {
        throw damaged("has no entity of '\(name)'", connection)
      }
      var definition = Definition(kind, name, text: text, entity: entity, created: created)
      if kind == .frozen { definition.members = members.removeValue(forKey: name) ?? .integers([]) }
      definitions.append(definition)
    }
    guard members.isEmpty else { throw damaged("has members of no segment", connection) }
    return definitions
  }

  private static func readMembers(
    _ connection: Connection
  ) throws(StoreError) -> [String: RecordKeys] {
    var members: [String: RecordKeys] = [:]
    let statement = try connection.statement(
      "SELECT segment, key FROM \"_rapport_members\" ORDER BY segment, key")
    var (segment, numbers, texts): (String?, [Int64], [String]) = (nil, [], [])
    func close() throws(StoreError) {
      guard let segment else { return }
      guard numbers.isEmpty || texts.isEmpty else {
        throw damaged("has members of two kinds", connection)
      }
      members[segment] = texts.isEmpty ? .integers(numbers) : .texts(texts)
    }
    while try statement.step() {
      let name = statement.text(0) ?? ""
      if segment.map({ !$0.utf8.elementsEqual(name.utf8) }) ?? true {
        try close()
        (segment, numbers, texts) = (name, [], [])
      }
      switch statement.kind(1) {
      case .integer: numbers.append(statement.integer(1))
      case .text: texts.append(statement.text(1) ?? "")
      default: throw damaged("has a member without a key", connection)
      }
    }
    try close()
    return members
  }

  private static func day(_ text: String) -> Int? {
    let parts = text.split(separator: "-").map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
      (1...12).contains(month), (1...31).contains(day), (1...9_999).contains(year)
    else { return nil }
    return Day.number(year: year, month: month, day: day)
  }

  private static func damaged(_ what: String, _ connection: Connection) -> StoreError {
    Refusal.damaged("its catalog \(what)").error(connection.path)
  }
}
