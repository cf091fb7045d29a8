import Store
import Syntax

/// Which field each column of a file becomes, and how it is read.
struct ImportLayout {
  /// One column that is taken.
  struct Target {
    /// Position in the file.
    var source: Int
    /// The header as it stands in the file.
    var header: String
    /// The field it becomes, of `definition`.
    var field: FieldID
    /// What the reader is asked for: a reference as its key.
    var request: ColumnRequest
    /// For a reference: where it leads.
    var reference: EntityID?
    /// Whether a key that is not found becomes a bare record.
    var isAdding = false
  }

  /// The entity as it will be.
  var definition: Entity
  /// The columns taken, in file order.
  var targets: [Target]
  /// Facts about the columns, for the type note each column ends with.
  var notes: [Note]

  /// The target that gives the records' keys; nil when they are numbered.
  var key: Target? { targets.first { $0.field == definition.key } }
}

/// Decides the layout of an import from the file's columns, the statement and the catalog.
struct ImportPlanner {
  let database: Database
  let statement: ImportStatement
  let columns: [SourceColumn]

  /// The layout, for an entity that is there or a new one.
  func layout(
    of entity: EntityID?, checkingKeys areFound: (Int, EntityID) throws(Failure) -> Bool
  ) throws(Failure) -> ImportLayout {
    var definition = entity.map { database.catalog[$0] } ?? newEntity()
    var isEmpty = true
    if let entity { isEmpty = try isUntouched(entity) }
    try checkNames()
    var layout = ImportLayout(definition: definition, targets: [], notes: [])
    for (source, column) in columns.enumerated() {
      if let reason = column.leftOut {
        layout.notes.append(.leftOut(name: column.header, reason: reason))
        continue
      }
      guard
        let target = try target(
          source, column, &definition, isNew: entity == nil, isEmpty: isEmpty, areFound)
      else {
        layout.notes.append(.unusedColumn(header: column.header))
        continue
      }
      if let other = layout.targets.first(where: { $0.field == target.field }) {
        throw Failure(
          ImportReason.fieldTwice(
            definition[target.field].name, headers: [other.header, column.header]),
          at: statement.pathRange)
      }
      layout.targets.append(target)
      layout.notes += notes(for: column, target, definition)
    }
    if let matching = statement.matching {
      guard let field = definition.field(named: matching.text),
        layout.targets.contains(where: { $0.field == field })
      else {
        throw Failure(
          ImportReason.matchingMissing(matching.text, entity: definition.name),
          at: matching.range)
      }
    }
    layout.definition = definition
    // A first import may just have given the entity keys of text, which its own references are, too.
    if let entity {
      for index in layout.targets.indices where layout.targets[index].reference == entity {
        layout.targets[index].request.type = definition[definition.key].type
      }
    }
    return layout
  }

  // MARK: names

  /// Every name in `map` and `with reference` has to be a column of the file.
  private func checkNames() throws(Failure) {
    let headers = columns.map(\.header)
    for mapping in statement.mappings where column(named: mapping.header) == nil {
      throw Failure(
        ImportReason.unknownColumn(
          mapping.header, near: NearNames.nearest(to: mapping.header, among: headers)),
        at: mapping.headerRange)
    }
    for reference in statement.references where column(named: reference.field.text) == nil {
      throw Failure(
        ImportReason.unknownColumn(
          reference.field.text, near: NearNames.nearest(to: reference.field.text, among: headers)),
        at: reference.field.range)
    }
  }

  /// The column a statement means by a header, a field's name, or a reference without its `_id`.
  private func column(named name: String) -> Int? {
    columns.firstIndex { $0.header.utf8.elementsEqual(name.utf8) }
      ?? columns.firstIndex { isSame($0.header, name) || isSame($0.fieldName, name) }
      ?? columns.firstIndex { isSame($0.fieldName, name + "_id") }
  }

  private func isSame(_ a: String, _ b: String) -> Bool {
    Folding.fold(a).utf8.elementsEqual(Folding.fold(b).utf8)
  }

  // MARK: one column

  private func target(
    _ source: Int, _ column: SourceColumn, _ definition: inout Entity, isNew: Bool,
    isEmpty: Bool, _ areFound: (Int, EntityID) throws(Failure) -> Bool
  ) throws(Failure) -> ImportLayout.Target? {
    let mapping = statement.mappings.first { self.column(named: $0.header) == source }
    let reference = statement.references.first { self.column(named: $0.field.text) == source }
    let name = mapping?.field.text ?? column.fieldName
    var field = definition.field(named: name)
    if field == nil, mapping == nil, let base = withoutID(name),
      let known = definition.field(named: base), case .reference = definition[known].type
    {
      field = known
    }
    if field == nil, mapping == nil, !definition.fields.isEmpty,
      isKeyName(name, of: definition), !columns.contains(where: { isSame($0.fieldName, "id") })
    {
      field = definition.key
    }
    if let field, definition[field].isComputed {
      guard mapping != nil else { return nil }
      throw Failure(ImportReason.computedField(name), at: mapping?.field.range)
    }
    if let reference {
      return try declaredReference(source, column, reference, field, &definition)
    }
    if let field {
      return try known(source, column, field, mapping, &definition, isEmpty: isEmpty)
    }
    return try new(source, column, name, &definition, isMapped: mapping != nil, areFound)
  }

  /// `customer_id` without its `_id`.
  private func withoutID(_ name: String) -> String? {
    name.utf8.count > 3 && Folding.fold(name).hasSuffix("_id") ? String(name.dropLast(3)) : nil
  }

  /// Whether a column such as `customer_id` of customers holds their keys.
  private func isKeyName(_ name: String, of definition: Entity) -> Bool {
    isSame(name, definition.singular + "_id")
  }

  /// A column that becomes a field that is there.
  private func known(
    _ source: Int, _ column: SourceColumn, _ field: FieldID,
    _ mapping: ImportStatement.Mapping?, _ definition: inout Entity, isEmpty: Bool
  ) throws(Failure) -> ImportLayout.Target? {
    if field == definition.key, isEmpty { definition.fields[field.index].type = keyType(column) }
    let type = definition[field].type
    if let target = referenceTarget(type) {
      return ImportLayout.Target(
        source: source, header: column.header, field: field,
        request: ColumnRequest(source: source, type: keyType(of: target)), reference: target)
    }
    var request = ColumnRequest(source: source, type: type)
    if let mapping, !mapping.choices.isEmpty {
      guard case .choice(let list) = type else {
        throw Failure(ImportReason.notAChoice(definition[field].name), at: mapping.field.range)
      }
      for (spelling, choice) in mapping.choices {
        guard let code = list.code(of: choice.text) else {
          throw Failure(
            ImportReason.unknownChoice(
              choice.text, field: definition[field].name, names: list.names),
            at: choice.range)
        }
        request.choiceSpellings[spelling] = code
      }
    }
    try checkAmbiguity(column, as: type)
    return ImportLayout.Target(
      source: source, header: column.header, field: field, request: request)
  }

  /// A column that `with reference` makes a reference.
  private func declaredReference(
    _ source: Int, _ column: SourceColumn, _ reference: ImportStatement.Reference,
    _ field: FieldID?, _ definition: inout Entity
  ) throws(Failure) -> ImportLayout.Target? {
    guard let target = database.catalog.entity(named: reference.entity.text) else {
      throw Failure(
        ImportReason.unknownEntity(
          reference.entity.text,
          near: NearNames.nearest(
            to: reference.entity.text, among: database.catalog.entities.map(\.name))),
        at: reference.entity.range)
    }
    let isTargetEmpty = try isUntouched(target)
    let type = reference.isAdding && isTargetEmpty ? keyType(column) : keyType(of: target)
    var id = field
    if id.map({ referenceTarget(definition[$0].type) != target }) ?? true {
      let name = withoutID(column.fieldName) ?? column.fieldName
      id = add(Field(name, .reference(target), inverse: definition.name), to: &definition)
    }
    guard let id else { return nil }
    return ImportLayout.Target(
      source: source, header: column.header, field: id,
      request: ColumnRequest(source: source, type: type), reference: target,
      isAdding: reference.isAdding)
  }

  /// A column that becomes a new field.
  private func new(
    _ source: Int, _ column: SourceColumn, _ name: String, _ definition: inout Entity,
    isMapped: Bool, _ areFound: (Int, EntityID) throws(Failure) -> Bool
  ) throws(Failure) -> ImportLayout.Target? {
    if let base = withoutID(name), let target = entityOfRecord(base),
      definition.field(named: base) == nil,
      column.type == .integer || keyType(of: target) == .text, try !isUntouched(target),
      try areFound(source, target)
    {
      let field = add(Field(base, .reference(target), inverse: definition.name), to: &definition)
      return ImportLayout.Target(
        source: source, header: column.header, field: field,
        request: ColumnRequest(source: source, type: keyType(of: target)), reference: target)
    }
    try checkAmbiguity(column, as: column.type)
    let field = add(Field(name, column.type), to: &definition)
    return ImportLayout.Target(
      source: source, header: column.header, field: field,
      request: ColumnRequest(source: source, type: column.type))
  }

  private func add(_ field: Field, to definition: inout Entity) -> FieldID {
    definition.fields.append(field)
    return FieldID(definition.fields.count - 1)
  }

  /// The entity whose record `customer` or `customers` names.
  private func entityOfRecord(_ name: String) -> EntityID? {
    database.catalog.entities.firstIndex { isSame($0.singular, name) || isSame($0.name, name) }
      .map(EntityID.init)
  }

  private func checkAmbiguity(
    _ column: SourceColumn, as type: ValueType
  ) throws(Failure) {
    guard let ambiguity = column.ambiguity else { return }
    switch type {
    case .money, .number, .integer, .date, .time:
      throw Failure(ImportReason.cell(ambiguity), at: statement.pathRange)
    case .text, .choice, .flag, .reference: break
    }
  }

  /// Whether an entity has never had a record, so that its keys may still become text.
  private func isUntouched(_ entity: EntityID) throws(Failure) -> Bool {
    do throws(StoreError) {
      try database.load([entity])
    } catch {
      throw Failure(error, at: statement.pathRange)
    }
    return database.isUntouched(entity)
  }

  // MARK: types

  private func referenceTarget(_ type: ValueType) -> EntityID? {
    if case .reference(let target) = type { return target }
    return nil
  }

  /// Keys are integers or text, decided by the first import.
  private func keyType(_ column: SourceColumn) -> ValueType {
    column.type == .integer ? .integer : .text
  }

  private func keyType(of entity: EntityID) -> ValueType {
    let definition = database.catalog[entity]
    return definition[definition.key].type
  }

  /// The entity a new name becomes: its key is the column `id`, or one that numbers the records.
  private func newEntity() -> Entity {
    let name = statement.entity.text
    return Entity(name: name, singular: Entity.singular(of: name), fields: [Field("id", .integer)])
  }

  private func notes(
    for column: SourceColumn, _ target: ImportLayout.Target, _ definition: Entity
  ) -> [Note] {
    let type = definition[target.field].type
    var text = type.name
    if case .reference(let entity) = type {
      text = "a reference to \(database.catalog[entity].name)"
    }
    if type == .time, let zone = column.zone { text += " by the clock of \(zone)" }
    var notes: [Note] = [
      .importedColumn(
        header: column.header, field: definition[target.field].name, type: text,
        unknownCount: 0)
    ]
    if column.unknownMarkCount > 0, type != .text {
      notes.append(.unknownMarks(header: column.header, count: column.unknownMarkCount))
    }
    return notes
  }
}

extension Entity {
  /// The definition with the marks a new entity gets from its fields: the first date or time is its
  /// own time field, `name` its label, and the first six fields are shown.
  var completed: Entity {
    var entity = self
    entity.timeField = fields.firstIndex { $0.type == .date || $0.type == .time }
      .map(FieldID.init)
    entity.labelField = fields.firstIndex {
      $0.type == .text && Folding.fold($0.name) == "name"
    }.map(FieldID.init)
    entity.defaultFields = fields.indices.prefix(6).map(FieldID.init)
    return entity
  }
}
