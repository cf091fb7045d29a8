import Store
import Syntax

/// Answers `describe`: what there is to ask about, from the catalog and the tables' counts.
struct Describe {
  let database: Database
  let inquiry: Inquiry

  var catalog: Catalog { database.catalog }

  /// The answer to `describe`, `describe functions`, `describe ENTITY`, `describe ENTITY.FIELD` and
  /// `describe segment NAME`, or any other kind.
  func answer(_ kind: DefinedKind?, _ names: [Name]) throws(Failure) -> Answer {
    guard let first = names.first else { return answer(try entities()) }
    switch kind {
    case .segment, .standard, .action:
      return answer(try definition(catalog.definition(kind ?? .segment, first)))
    case .field, .entity, nil: break
    }
    if kind == nil, names.count == 1, catalog.entity(named: first.text) == nil,
      let definition = catalog.definitions.first(where: {
        Folding.fold($0.name).utf8.elementsEqual(Folding.fold(first.text).utf8)
      })
    {
      return answer(try self.definition(definition))
    }
    guard let entity = catalog.entity(named: first.text) else {
      if names.count == 1, first.text.lowercased() == "entities" {
        return answer(try entities())
      }
      if names.count == 1, first.text.lowercased() == "functions" { return answer(functions) }
      throw refusal(
        first,
        among: catalog.entities.map(\.name) + catalog.definitions.map(\.name)
          + ["functions", "entities"])
    }
    guard names.count > 1 else { return answer(fields(of: entity)) }
    guard let field = catalog[entity].field(named: names[1].text) else {
      let near = NearNames.nearest(
        to: names[1].text, among: catalog[entity].fields.map(\.name))
      throw Failure(
        BindReason.unknownField(
          plural: catalog[entity].name, name: names[1].text, near: near),
        at: names[1].range, fixes: fixes(names[1], near))
    }
    if names.count > 2 {
      throw Failure(
        BindReason.notAReference(
          path: "\(catalog[entity].name).\(names[1].text)",
          type: catalog[entity][field].type.name, next: names[2].text),
        at: names[2].range)
    }
    return answer(properties(of: field, in: entity))
  }

  private func refusal(_ name: Name, among names: [String]) -> Failure {
    let near = NearNames.nearest(to: name.text, among: names)
    return Failure(
      BindReason.unknownEntity(name: name.text, near: near), at: name.range,
      fixes: fixes(name, near))
  }

  private func fixes(_ name: Name, _ near: [String]) -> [Fix] {
    near.count == 1 ? [Fix(name.range, Formatter.name(near[0]))] : []
  }

  // MARK: The four tables

  /// Every entity: records, fields, the own time field and what refers to what.
  func entities() throws(Failure) -> DescribedRows {
    var rows = DescribedRows("name", "records", "fields", "time", "refers_to")
    for (index, entity) in catalog.entities.enumerated() {
      let targets = entity.fields.compactMap { target(of: $0.type) }
      rows.append(
        .text(entity.name), .count(try recordCount(of: EntityID(index))),
        .count(entity.fields.count), .text(entity.timeField.map { entity[$0].name }),
        .text(targets.isEmpty ? nil : unique(targets).joined(separator: ", ")))
    }
    return rows
  }

  private func recordCount(of entity: EntityID) throws(Failure) -> Int {
    do {
      return try database.recordCount(of: entity)
    } catch {
      throw Failure(error)
    }
  }

  /// Every field of an entity: type, target, how many records have no value, and its choices or
  /// expression; then its relations.
  private func fields(of id: EntityID) -> DescribedRows {
    let entity = catalog[id]
    var rows = DescribedRows("name", "type", "refers_to", "unknown", "values")
    for (index, field) in entity.fields.enumerated() {
      rows.append(
        .text(field.name), .text(typeWords(FieldID(index), of: entity)),
        .text(target(of: field.type)),
        field.isComputed ? .text(nil) : .count(unknownCount(FieldID(index), of: id)),
        .text(values(of: field)))
    }
    for relation in catalog.relations(of: id) {
      let other = catalog[relation.entity]
      rows.append(
        .text(relation.name), .text("related records"), .text(other.name), .text(nil),
        .text("by \(other.name).\(other[relation.field].name)"))
    }
    return rows
  }

  /// One field, a property a row.
  private func properties(of id: FieldID, in entityID: EntityID) -> DescribedRows {
    let entity = catalog[entityID]
    let field = entity[id]
    var rows = DescribedRows("property", "value")
    func add(_ name: String, _ value: String?) {
      if let value { rows.append(.text(name), .text(value)) }
    }
    add("field", "\(entity.name).\(field.name)")
    add("type", typeWords(id, of: entity))
    add("refers to", target(of: field.type))
    add("inverse", field.inverse.flatMap { name in target(of: field.type).map { "\($0).\(name)" } })
    if case .choice(let list) = field.type {
      add("choices", list.names.map(Formatter.name).joined(separator: ", "))
      add("ordered", list.isOrdered ? "yes" : "no")
    }
    add("expression", field.expression)
    add("history", field.trackedBy)
    if entity.timeField == id { add("time field", "windows of \(entity.name) go by it") }
    let users = users(of: .field(entityID, id))
    if !users.isEmpty { add("used by", users.joined(separator: ", ")) }
    if !field.isComputed {
      let unknown = unknownCount(id, of: entityID)
      add("known", String(database.table(entityID).liveRowCount - unknown))
      add("unknown", String(unknown))
    }
    return rows
  }

  /// Every function, with an example that runs.
  private var functions: DescribedRows {
    var rows = DescribedRows("name", "kind", "call", "result", "meaning", "example")
    for entry in Functions.all {
      rows.append(
        .text(entry.name), .text(entry.kind.rawValue), .text(entry.signature), .text(entry.result),
        .text(entry.meaning), .text(entry.example))
    }
    return rows
  }

  // MARK: Words

  /// The type, and what the field is besides: `key`, `computed`, `own time field`.
  func typeWords(_ id: FieldID, of entity: Entity) -> String {
    let field = entity[id]
    var name = field.type.name
    for article in ["an ", "a "] where name.hasPrefix(article) {
      name = String(name.dropFirst(article.count))
      break
    }
    if case .choice(let list) = field.type, list.isOrdered { name = "ordered \(name)" }
    if entity.key == id { name += ", key" }
    if entity.timeField == id { name += ", own time field" }
    if field.isComputed { name += ", computed" }
    return name
  }

  private func target(of type: ValueType) -> String? {
    if case .reference(let entity) = type { catalog[entity].name } else { nil }
  }

  private func values(of field: Field) -> String? {
    if let expression = field.expression { return "= \(expression)" }
    guard case .choice(let list) = field.type else { return nil }
    let shown = list.names.prefix(20).map(Formatter.name).joined(separator: ", ")
    return list.names.count > 20 ? "\(shown) and \(list.names.count - 20) more" : shown
  }

  private func unique(_ names: [String]) -> [String] {
    names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element)
  }

  func answer(_ rows: DescribedRows) -> Answer {
    Answer(sections: [Section(columns: rows.columns, cursor: FixedCursor(rows.batch))])
  }

  /// Records whose field is unknown.
  private func unknownCount(_ field: FieldID, of entity: EntityID) -> Int {
    database.table(entity).unknownCount(of: field)
  }
}

/// A small table of texts and counts.
struct DescribedRows {
  enum Cell {
    case text(String?)
    case count(Int)
  }

  private let names: [String]
  private var cells: [[Cell]] = []

  init(_ names: String...) { self.names = names }

  mutating func append(_ row: Cell...) { cells.append(row) }

  var columns: [OutputColumn] {
    names.indices.map { OutputColumn(name: names[$0], type: isCount($0) ? .integer : .text) }
  }

  var batch: OutputBatch {
    let vectors = names.indices.map { column -> Vector in
      let known: [UInt8] = cells.map { isKnown($0[column]) ? 0x80 : 0 }
      if isCount(column) {
        return Vector(words: cells.map { count($0[column]) }, known: known)
      }
      return Vector(texts: TextBlock(cells.map { text($0[column]) }), known: known)
    }
    return OutputBatch(
      vectors: vectors, labels: names.map { _ in nil }, count: cells.count)
  }

  private func isCount(_ column: Int) -> Bool {
    cells.contains { if case .count = $0[column] { true } else { false } }
  }

  private func isKnown(_ cell: Cell) -> Bool {
    if case .text(nil) = cell { false } else { true }
  }

  private func count(_ cell: Cell) -> Int64 {
    if case .count(let count) = cell { Int64(count) } else { 0 }
  }

  private func text(_ cell: Cell) -> String {
    if case .text(let text?) = cell { text } else { "" }
  }
}
