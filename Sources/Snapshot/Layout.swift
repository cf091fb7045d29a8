import Store

/// Where each entity and field stands in the file.
struct FileLayout: Sendable {
  /// One an entity, in catalog order.
  private(set) var tables: [TableLayout]

  /// The table of an entity.
  subscript(_ entity: EntityID) -> TableLayout { tables[entity.index] }

  /// The tables and columns as the file's catalog names them.
  ///
  /// - Parameter names: For each entity its table and, for each field, its column; nil for a computed
  ///   one.
  init(_ catalog: Catalog, names: [(table: String, columns: [String?])]) {
    tables = catalog.entities.indices.map { index in
      TableLayout(
        EntityID(index), in: catalog, name: names[index].table, columns: names[index].columns)
    }
  }

  /// The layout of a catalog: what is in `kept` keeps its name, other things are given one.
  ///
  /// - Parameters:
  ///   - kept: For each entity its table now, nil for a new one. Its fields keep their columns where
  ///     `keepsColumn` says so.
  ///   - taken: Further names of tables that are in the file.
  init(
    _ catalog: Catalog, keeping kept: [TableLayout?] = [], taken: [String] = [],
    keepsColumn: (EntityID, FieldID) -> Bool = { _, _ in true }
  ) {
    var tableNames = NameGiver(taken: taken + kept.compactMap { $0?.name })
    let names = catalog.entities.enumerated().map { index, entity in
      let known = index < kept.count ? kept[index] : nil
      let columns = (known?.fields ?? []).filter { keepsColumn(EntityID(index), $0.id) }
      return (
        table: known?.name ?? tableNames.table(entity.name),
        columns: Self.columnNames(entity, columns)
      )
    }
    self.init(catalog, names: names)
  }

  /// A reference stands under `FIELD_id`, unless a field has that name: other fields come first.
  private static func columnNames(_ entity: Entity, _ known: [StoredField]) -> [String?] {
    var names = [String?](repeating: nil, count: entity.fields.count)
    for field in known { names[field.id.index] = field.column }
    var giver = NameGiver(taken: names.compactMap { $0 })
    for wantsReferences in [false, true] {
      for (index, field) in entity.fields.enumerated()
      where names[index] == nil && !field.isComputed && field.type.isReference == wantsReferences {
        names[index] = giver.column(wantsReferences ? field.name + "_id" : field.name)
      }
    }
    return names
  }
}

/// Where the records of one entity stand in the file.
struct TableLayout: Sendable {
  /// Which entity.
  let entity: EntityID
  /// The table's name in SQL.
  let name: String
  /// The stored fields in catalog order.
  let fields: [StoredField]
  /// The place of the key in `fields`.
  let key: Int
  /// Whether keys are texts; else they are the table's row numbers.
  let isTextKeyed: Bool

  private init(
    _ entity: EntityID, name: String, fields: [StoredField], key: Int, isTextKeyed: Bool
  ) {
    self.entity = entity
    self.name = name
    self.fields = fields
    self.key = key
    self.isTextKeyed = isTextKeyed
  }

  /// The same table under another name.
  func renamed(to name: String) -> TableLayout {
    TableLayout(entity, name: name, fields: fields, key: key, isTextKeyed: isTextKeyed)
  }

  /// The same table, of which only the key and some fields are looked at.
  func reduced(to fields: [StoredField]) -> TableLayout {
    TableLayout(
      entity, name: name, fields: [keyField] + fields, key: 0, isTextKeyed: isTextKeyed)
  }

  fileprivate init(_ entity: EntityID, in catalog: Catalog, name: String, columns: [String?]) {
    let definition = catalog[entity]
    self.entity = entity
    self.name = name
    fields = definition.fields.indices.compactMap { index in
      guard let column = columns[index] else { return nil }
      return StoredField(
        FieldID(index), column: column, type: definition.fields[index].type, catalog)
    }
    key = fields.firstIndex { $0.id == definition.key } ?? 0
    isTextKeyed = catalog.isTextKeyed(entity)
  }

  /// The key.
  var keyField: StoredField { fields[key] }

  /// The place of a field in `fields`.
  func place(of field: FieldID) -> Int? { fields.firstIndex { $0.id == field } }
}

/// Where and how a field is stored.
struct StoredField: Sendable {
  /// What a column holds.
  enum Form: Sendable {
    case text, money, number, integer, date, time, flag
    case choice(ChoiceNames)
    /// The key of a record of that entity.
    case reference(EntityID, isText: Bool)
  }

  /// Which field.
  let id: FieldID
  /// The column's name in SQL.
  let column: String
  /// What it holds.
  let form: Form

  fileprivate init(_ id: FieldID, column: String, type: ValueType, _ catalog: Catalog) {
    self.id = id
    self.column = column
    form =
      switch type {
      case .text: .text
      case .money: .money
      case .number: .number
      case .integer: .integer
      case .date: .date
      case .time: .time
      case .flag: .flag
      case .choice(let list):
        .choice(ChoiceNames(list, seed: CellSum.seed(id, CellSum.choiceTag)))
      case .reference(let target):
        .reference(target, isText: catalog.isTextKeyed(target))
      }
  }

  /// Whether two fields are stored alike.
  func isStored(like other: StoredField) -> Bool {
    switch (form, other.form) {
    case (.text, .text), (.money, .money), (.number, .number), (.integer, .integer),
      (.date, .date), (.time, .time), (.flag, .flag):
      true
    case (.choice(let a), .choice(let b)):
      a.names.elementsEqual(b.names) { $0.elementsEqual($1) }
    case (.reference(let a, let isText), .reference(let b, let isOtherText)):
      a == b && isText == isOtherText
    default: false
    }
  }
}

/// The names of a choice as bytes.
struct ChoiceNames: Sendable {
  /// By code.
  let names: [[UInt8]]
  /// What each name, as a value of its field, adds to a row's sum before the key comes in.
  let sums: [UInt64]

  init(_ list: ChoiceList, seed: UInt64) {
    names = list.names.map { Array($0.utf8) }
    sums = names.map { CellSum.value(CellSum.text($0, 0..<$0.count), seed) }
  }
}

extension Catalog {
  /// Whether an entity's keys are texts.
  func isTextKeyed(_ entity: EntityID) -> Bool {
    if case .text = self[entity][self[entity].key].type { return true }
    return false
  }
}

extension ValueType {
  /// Whether it is a reference.
  var isReference: Bool {
    if case .reference = self { return true }
    return false
  }
}
