import Store
import Syntax

// What is defined: `describe segment vip`, `list segments`, `list segments of customer 42`.

extension Describe {
  // MARK: one

  /// One definition, a property a row.
  func definition(_ definition: Definition) throws(Failure) -> DescribedRows {
    var rows = DescribedRows("property", "value")
    func add(_ name: String, _ value: String?) {
      if let value { rows.append(.text(name), .text(value)) }
    }
    add(definition.shelf.rawValue, definition.name)
    add("records of", definition.entity)
    add(definition.kind == .frozen ? "frozen from" : "definition", definition.text)
    add("created", ExpressionText.text(.word(Int64(definition.created)), .date))
    if definition.shelf == .segment {
      add("members", "\(try memberCount(of: definition))")
    }
    let users: [String] =
      switch definition.shelf {
      case .standard: users(of: .standard(Folding.fold(definition.name)))
      case .action: []
      default: users(of: .segment(Folding.fold(definition.name)))
      }
    if !users.isEmpty { add("used by", users.joined(separator: ", ")) }
    return rows
  }

  /// The definitions and fields whose texts name something.
  func users(of mention: Mention) -> [String] {
    catalog.definitionTexts(today: inquiry.today)
      .filter { $0.mentions.contains { $0.mention == mention } }.map(\.label)
  }

  /// How many records are in a segment.
  private func memberCount(of segment: Definition) throws(Failure) -> Int {
    let name = Name(segment.name, isQuoted: true, range: SourceRange(0, 0))
    return try inquiry.records(of: .named(name), orElse: .recordsExpected, at: nil).rows.count
  }

  // MARK: all

  /// `list segments|fields|standards|actions|entities`, `list segments of customer 42`.
  func list(_ statement: ListStatement) throws(Failure) -> Answer {
    if let record = statement.record {
      return try segments(of: record.entity, record.key)
    }
    switch statement.kind {
    case .segment: return try segments(catalog.definitions(of: .segment))
    case .entity: return answer(try entities())
    case .field: return answer(fields())
    case .standard: return answer(standards())
    case .action: return answer(actions())
    }
  }

  private func segments(_ segments: [Definition]) throws(Failure) -> Answer {
    var rows = DescribedRows("name", "of", "members", "kind", "definition", "created")
    for segment in segments {
      rows.append(
        .text(segment.name), .text(segment.entity), .count(try memberCount(of: segment)),
        .text(segment.kind == .frozen ? "frozen" : "current"), .text(segment.text),
        .text(ExpressionText.text(.word(Int64(segment.created)), .date)))
    }
    return answer(rows)
  }

  private func fields() -> DescribedRows {
    var rows = DescribedRows("entity", "name", "type", "definition")
    for (index, entity) in catalog.entities.enumerated() {
      for (place, field) in entity.fields.enumerated()
      where catalog.isOwn(FieldID(place), of: EntityID(index)) {
        rows.append(
          .text(entity.name), .text(field.name), .text(typeWords(FieldID(place), of: entity)),
          .text(field.expression))
      }
    }
    return rows
  }

  private func standards() -> DescribedRows {
    var rows = DescribedRows("name", "measure", "target", "by", "agreed")
    for definition in catalog.definitions(of: .standard) {
      guard case .standard(let standard)? = try? definition.parsed() else { continue }
      rows.append(
        .text(definition.name), .text(Formatter.format(standard.measure)),
        .text("\(standard.comparison.rawValue) \(Formatter.format(standard.target))"),
        .text(Formatter.format(standard.by)), .text(standard.agreedText))
    }
    return rows
  }

  private func actions() -> DescribedRows {
    var rows = DescribedRows("name", "of", "when", "priority", "say")
    for definition in catalog.definitions(of: .action) {
      guard case .action(let action)? = try? definition.parsed() else { continue }
      rows.append(
        .text(definition.name), .text(definition.entity),
        .text(Formatter.format(action.condition)), .text(Formatter.format(action.priority)),
        .text(action.sayText))
    }
    return rows
  }

  // MARK: of one record

  private func segments(of entityName: Name, _ key: Expression) throws(Failure) -> Answer {
    let (entity, row) = try inquiry.record(entityName, key)
    let plural = catalog[entity].name
    let segments = catalog.definitions(of: .segment).filter { $0.entity == plural }
    guard !segments.isEmpty else { return try self.segments([]) }
    let one = inquiry.adding(Self.oneName, [row], of: entity)
    let found = try one.answer(
      .records(
        of: plural, where: [.isIn(segment: Self.oneName)],
        show: segments.map { .isIn(segment: $0.name) }))
    let members = segments.indices.filter { found.rows.vectors[$0][0] == .word(1) }
    return try self.segments(members.map { segments[$0] })
  }

  private static let oneName = "the record asked about"
}

extension Inquiry {
  /// One record by what one is called and its key.
  func record(_ name: Name, _ key: Expression) throws(Failure) -> (EntityID, row: Int32) {
    var binder = binder()
    let place = name.range.union(key.range)
    guard let (entity, value) = binder.bindRecord(name, key) else {
      try binder.finish()
      preconditionFailure("what is not bound is reported")
    }
    try binder.finish()
    try load([entity])
    guard let row = database.table(entity).row(withKey: value) else {
      throw Failure(
        ChangeReason.recordNotFound(RecordName(catalog[entity], key: value)), at: place)
    }
    return (entity, Int32(row))
  }
}

extension StandardDefinition {
  /// Who agreed, where that is written.
  var agreedText: String? { if case .text(let text)? = agreed?.kind { text } else { nil } }
}

extension ActionDefinition {
  /// What is suggested, as far as it is written.
  var sayText: String {
    if case .text(let text) = say.kind { text } else { Formatter.format(say) }
  }
}
