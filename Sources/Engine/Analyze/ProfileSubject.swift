import Store
import Syntax

/// Finds the record that `profile` is about: by its key, by the field it is labelled with, or by its
/// e-mail address, whole and ignoring case.
struct ProfileSubject {
  /// The field that holds an e-mail address.
  private static let mailField = "email"
  /// The most names that are offered where none fits.
  private static let nameCountMax = 3
  /// So many records are asked for by their keys.
  private static let keyCountMax = 100

  let inquiry: Inquiry
  let statement: ProfileStatement
  /// What a parameter stands for.
  let parameters: [String: ParameterValue]

  /// What was found.
  enum Found {
    case record(EntityID, key: Scalar)
    /// Several records, which a query gives, and what is to be said of them.
    case several(Query, Note)
  }

  /// Looks for the record.
  func find() throws(Failure) -> Found {
    let entity = try findEntity()
    let (text, isNumber) = try written()
    let query = query(for: text, isNumber: isNumber, of: entity)
    guard let query else { throw try notFound(text, entity) }
    let rows = try inquiry.records(
      of: query, orElse: .recordsExpected, at: statement.entity.range
    ).rows
    guard let first = rows.first else { throw try notFound(text, entity) }
    let table = inquiry.database.table(entity)
    let column = table.column(table.keyField)
    guard rows.count > 1 else { return .record(entity, key: column[Int(first)]) }
    return several(rows.map { column[Int($0)] }, entity, text, query)
  }

  /// The records of some keys, so that no note tells which of the names they have.
  private func several(_ keys: [Scalar], _ id: EntityID, _ text: String, _ query: Query) -> Found {
    let entity = inquiry.catalog[id]
    let place = statement.subject.range
    let type = entity[entity.key].type
    let literals = keys.prefix(Self.keyCountMax).compactMap { key in
      Binder.literal(Self.literalText(key, type)).map { Expression($0.kind, range: place) }
    }
    let isOne = Expression(
      .membership(.field(entity[entity.key].name), isNegated: false, literals), range: place)
    return .several(
      keys.count > Self.keyCountMax ? query : .records(of: entity.name, where: [isOne]),
      .severalMatch(
        count: keys.count, plural: entity.name, text: text,
        example: "\(entity.singular) \(Self.literalText(keys[0], type))"))
  }

  /// A key as it is written.
  static func literalText(_ key: Scalar, _ type: ValueType) -> String {
    if case .text(let text) = key { return Formatter.quoted(text) }
    return ExpressionText.text(key, type)
  }

  /// The entity by what one or several of its records are called.
  private func findEntity() throws(Failure) -> EntityID {
    let name = statement.entity
    let folded = Folding.fold(name.text)
    let entities = inquiry.catalog.entities
    let found = entities.firstIndex { entity in
      [entity.singular, entity.name].contains { Folding.fold($0).utf8.elementsEqual(folded.utf8) }
    }
    if let found { return EntityID(found) }
    let near = NearNames.nearest(to: name.text, among: entities.flatMap { [$0.singular, $0.name] })
    throw Failure(
      BindReason.unknownEntity(name: name.text, near: near), at: name.range,
      fixes: near.count == 1 ? [Fix(name.range, Formatter.name(near[0]))] : [])
  }

  /// The subject as it is written, and whether as a number.
  private func written() throws(Failure) -> (text: String, isNumber: Bool) {
    switch statement.subject.kind {
    case .text(let text): return (text, false)
    case .parameter(let name):
      switch parameters[name.folded] {
      case nil:
        throw Failure(BindReason.unknownParameter(name: name.text), at: statement.subject.range)
      case .written(let text)?: return (text, false)
      case .value(.text(let text), _)?: return (text, false)
      case .value(let value, let type)?: return (ExpressionText.text(value, type), true)
      }
    default: return (Formatter.format(statement.subject), true)
    }
  }

  /// The query for the records that a text may mean; nil where it can mean none.
  private func query(for text: String, isNumber: Bool, of id: EntityID) -> Query? {
    let entity = inquiry.catalog[id]
    let place = statement.subject.range
    func equals(_ field: FieldID, _ value: Expression) -> Expression {
      Expression(.comparison(.equal, .field(entity[field].name), value), range: place)
    }
    let literal = Expression(.text(text), range: place)
    var conditions: [Expression] = []
    if entity[entity.key].type == .text {
      conditions.append(equals(entity.key, literal))
    } else if let key = Binder.literal(text), Int64(text) != nil {
      conditions.append(equals(entity.key, Expression(key.kind, range: place)))
    }
    if !isNumber {
      let mail = entity.field(named: Self.mailField).flatMap { entity[$0].type == .text ? $0 : nil }
      for field in [entity.labelField, mail].compactMap(\.self) where field != entity.key {
        conditions.append(equals(field, literal))
      }
    }
    guard let first = conditions.first else { return nil }
    let any = conditions.count == 1 ? first : Expression(.logical(.or, conditions), range: place)
    return .records(of: entity.name, where: [any])
  }

  private func notFound(_ text: String, _ entity: EntityID) throws(Failure) -> Failure {
    let near = try nearNames(to: text, entity)
    let fixes = near.count == 1 ? [Fix(statement.subject.range, Formatter.quoted(near[0]))] : []
    return Failure(
      ProfileReason.notFound(
        singular: inquiry.catalog[entity].singular, text: text, near: near),
      at: statement.subject.range, fixes: fixes)
  }

  /// Names that hold the text, else those that are spelled like it.
  private func nearNames(to text: String, _ id: EntityID) throws(Failure) -> [String] {
    let entity = inquiry.catalog[id]
    let mail = text.contains("@") ? entity.field(named: Self.mailField) : nil
    guard Int64(text) == nil, !text.isEmpty, let field = mail ?? entity.labelField,
      entity[field].type == .text
    else { return [] }
    let column = Expression.field(entity[field].name)
    let place = statement.subject.range
    let holds = Expression(
      .textTest(.contains, column, Expression(.text(text), range: place)), range: place)
    let holding = try names(.records(of: entity.name, where: [holds], show: [column]))
    guard holding.isEmpty else { return Array(holding.prefix(Self.nameCountMax)) }
    let all = try names(.records(of: entity.name, where: [], show: [column]))
    return Array(NearNames.nearest(to: text, among: all).prefix(Self.nameCountMax))
  }

  private func names(_ query: Query) throws(Failure) -> [String] {
    let found = try inquiry.answer(query)
    let rows = ProfileRows(columns: found.columns, rows: found.rows)
    var names: [String] = []
    for row in 0..<rows.count {
      if let name = rows.text(row, 0), !names.contains(name) { names.append(name) }
      if names.count > Self.nameCountMax, row > 10_000 { break }
    }
    return names
  }
}
