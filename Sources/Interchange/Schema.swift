import Store

/// The tables of a `schema.sql`: what an exported folder or a database we wrote says of its entities.
struct Schema {
  var tables: [SchemaTable] = []
  /// Segments, standards and actions.
  var definitions: [Definition] = []
}

/// One table: an entity as DDL says it, with comments for what SQL has no words for.
struct SchemaTable {
  var name: String
  var singular: String
  var fields: [SchemaField]
  /// The names of the fields that the entity marks.
  var timeField: String?
  var labelField: String?
  var shown: [String] = []
  var role: String?
  var validWhen: String?
  /// The file in the same folder that holds its records.
  var file: String?
}

/// One field.
struct SchemaField {
  var name: String
  /// The name of its column; nil for a computed field, which has none.
  var column: String?
  var type: SchemaType
  var isKey = false
  var isEvent = false
  var trackedBy: String?
  var usualMoves: [UInt8: Set<UInt8>]?
  var bounds: ClosedRange<Int64>?
  var inverse: String?
  var expression: String?
}

/// What a field holds.
enum SchemaType: Hashable {
  case text
  case choice(ChoiceList)
  case money, number, integer, date, time, flag
  /// The table it leads to, the column of its key there, and whether the key is a text.
  case reference(to: String, key: String, isText: Bool)
}

extension Schema {
  /// The schema of a catalog, with a file name for each entity.
  init(_ catalog: Catalog) {
    var fileNames = FileNaming()
    for entity in catalog.entities {
      var table = SchemaTable(entity, of: catalog)
      table.file = fileNames.next(for: entity.name)
      tables.append(table)
    }
    definitions = catalog.definitions
  }

  /// The catalog it describes; its entities stand in the order of the tables.
  ///
  /// Every reference leads to one of the tables: `SchemaParser` saw to that.
  var catalog: Catalog {
    var ids: [[UInt8]: EntityID] = [:]
    for (index, table) in tables.enumerated() { ids[Array(table.name.utf8)] = EntityID(index) }
    return Catalog(
      tables.map { table in
        let fields = table.fields.map { field in
          Field(
            field.name, Self.type(field.type, ids), expression: field.expression,
            isEvent: field.isEvent, trackedBy: field.trackedBy, usualMoves: field.usualMoves,
            bounds: field.bounds, inverse: field.inverse)
        }
        var entity = Entity(name: table.name, singular: table.singular, fields: fields)
        entity.key = FieldID(table.fields.firstIndex(where: \.isKey) ?? 0)
        entity.timeField = table.timeField.flatMap(entity.field(named:))
        entity.labelField = table.labelField.flatMap(entity.field(named:))
        entity.defaultFields = table.shown.compactMap(entity.field(named:))
        entity.role = table.role.flatMap(EntityRole.init(rawValue:))
        entity.validWhen = table.validWhen
        return entity
      }, definitions: definitions)
  }

  private static func type(_ type: SchemaType, _ ids: [[UInt8]: EntityID]) -> ValueType {
    switch type {
    case .text: .text
    case .choice(let list): .choice(list)
    case .money: .money
    case .number: .number
    case .integer: .integer
    case .date: .date
    case .time: .time
    case .flag: .flag
    case .reference(let table, _, _): .reference(ids[Array(table.utf8)] ?? EntityID(0))
    }
  }
}

extension SchemaTable {
  /// The table of an entity. References stand under `FIELD_id`, where no other column is called so.
  init(_ entity: Entity, of catalog: Catalog) {
    name = entity.name
    singular = entity.singular
    timeField = entity.timeField.map { entity[$0].name }
    labelField = entity.labelField.map { entity[$0].name }
    shown = entity.defaultFields.map { entity[$0].name }
    role = entity.role?.rawValue
    validWhen = entity.validWhen
    let columns = Self.columns(of: entity)
    fields = entity.fields.enumerated().map { index, field in
      SchemaField(
        name: field.name, column: columns[index], type: SchemaType(field.type, of: catalog),
        isKey: FieldID(index) == entity.key, isEvent: field.isEvent, trackedBy: field.trackedBy,
        usualMoves: field.usualMoves, bounds: field.bounds, inverse: field.inverse,
        expression: field.expression)
    }
  }

  /// The name of each stored field's column, unique as SQL compares names.
  private static func columns(of entity: Entity) -> [String?] {
    var used: Set<[UInt8]> = []
    func isReference(_ field: Field) -> Bool {
      if case .reference = field.type { return true }
      return false
    }
    func take(_ name: String) -> String {
      var candidate = name
      var number = 2
      while !used.insert(Array(Folding.fold(candidate).utf8)).inserted {
        candidate = "\(name)_\(number)"
        number += 1
      }
      return candidate
    }
    var columns: [String?] = entity.fields.map { _ in nil }
    for (index, field) in entity.fields.enumerated()
    where !field.isComputed && !isReference(field) {
      columns[index] = take(field.name)
    }
    for (index, field) in entity.fields.enumerated()
    where !field.isComputed && isReference(field) {
      columns[index] = take(field.name + "_id")
    }
    return columns
  }
}

extension SchemaType {
  init(_ type: ValueType, of catalog: Catalog) {
    switch type {
    case .text: self = .text
    case .choice(let list): self = .choice(list)
    case .money: self = .money
    case .number: self = .number
    case .integer: self = .integer
    case .date: self = .date
    case .time: self = .time
    case .flag: self = .flag
    case .reference(let target):
      let entity = catalog[target]
      let key = entity[entity.key]
      self = .reference(to: entity.name, key: key.name, isText: key.type == .text)
    }
  }

  /// The type of the column in a STRICT table.
  var storage: String {
    switch self {
    case .text, .choice, .date, .time: "TEXT"
    case .money, .number: "REAL"
    case .integer, .flag: "INTEGER"
    case .reference(_, _, let isText): isText ? "TEXT" : "INTEGER"
    }
  }

  /// The type in a word.
  var word: String {
    switch self {
    case .text: "text"
    case .choice: "choice"
    case .money: "money"
    case .number: "number"
    case .integer: "integer"
    case .date: "date"
    case .time: "time"
    case .flag: "flag"
    case .reference: "reference"
    }
  }
}

/// Names of files for names of entities: plain ones as they are, others spelled so that every file
/// system takes them.
private struct FileNaming {
  private static let byteCountMax = 200
  private var used: Set<[UInt8]> = []

  mutating func next(for name: String) -> String {
    var plain = ""
    for byte in name.utf8 {
      if plain.utf8.count >= Self.byteCountMax { break }
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F:
        plain.unicodeScalars.append(Unicode.Scalar(byte))
      default: plain += "%" + hexadecimal(byte)
      }
    }
    var candidate = plain
    var number = 2
    // Some file systems ignore case.
    while !used.insert(Array(Folding.fold(candidate).utf8)).inserted {
      candidate = "\(plain)_\(number)"
      number += 1
    }
    return candidate + ".csv"
  }
}
