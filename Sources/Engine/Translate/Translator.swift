import Store
import Syntax

/// Turns a bound query into one statement of SQL over the tables of a data file: documentation, an
/// exit, and the oracle that the language is tested against.
///
/// A condition is plain where it is asserted, `(…) IS NOT TRUE` where it is denied and `(…) IS TRUE`
/// where it is a value, for SQL's logic has three values and the language's two. Related records are
/// correlated subqueries, so rows are never multiplied.
package struct Translator {
  private let catalog: Catalog
  private let dialect: SQLDialect
  private let tables: TableNames

  /// Makes a translator into a dialect.
  ///
  /// - Parameter names: What tables and columns are called, one an entity; nil for those that a new
  ///   data file would have.
  package init(
    catalog: Catalog, dialect: SQLDialect,
    names: [(table: String, columns: [String?])]? = nil
  ) {
    self.catalog = catalog
    self.dialect = dialect
    tables = TableNames(catalog, known: names ?? [])
  }

  /// The statement, its lines indented, with `;` and a line end.
  ///
  /// - Parameter range: Where the query stands, for the error.
  /// - Throws: `Failure` with `not-in-sql` for what cannot be said.
  package func statement(
    _ query: BoundQuery, at range: SourceRange?
  ) throws(Failure) -> String {
    let translation = Translation(
      catalog: catalog, dialect: Dialect.named(dialect), tables: tables)
    do throws(TranslateReason) {
      return try translation.statement(query)
    } catch {
      throw Failure(error, at: range)
    }
  }
}

/// One statement under construction: its dialect, the names it has used and the subqueries before it.
final class Translation {
  let catalog: Catalog
  let dialect: Dialect
  /// Whether two texts are compared without literals, where only A–Z are folded.
  var foldsOnlyASCII = false
  private let tables: TableNames
  private var taken: Set<String> = []
  private var subqueries: [(name: String, text: String)] = []
  private var isRecursive = false
  private var roundCount = 0
  /// Values that rank all records of an entity, each computed once.
  var rankings: [BoundPerRow: SQLRanking] = [:]

  init(catalog: Catalog, dialect: Dialect, tables: TableNames) {
    self.catalog = catalog
    self.dialect = dialect
    self.tables = tables
    // A subquery must not hide a table.
    for index in catalog.entities.indices {
      taken.insert(tables.table(EntityID(index)).lowercased())
    }
  }

  fileprivate func statement(_ query: BoundQuery) throws(TranslateReason) -> String {
    let body = try QueryTranslation(self, query).select().text
    var text = ""
    if foldsOnlyASCII {
      text += "-- ignores the case of A–Z only where two texts of the store are compared\n"
    }
    if !subqueries.isEmpty {
      let named = subqueries.map { "\($0.name) AS \(SQL.subquery($0.text))" }
      text += (isRecursive ? "WITH RECURSIVE " : "WITH ") + named.joined(separator: ",\n") + "\n"
    }
    return text + body + ";\n"
  }

  // MARK: names

  /// Puts a statement before the main one; gives its name.
  func define(_ text: String, named name: String? = nil) -> String {
    let name = name ?? unused("r\(nextRound())")
    subqueries.append((name, text))
    return name
  }

  /// Puts a statement before the main one that reads its own rows; gives its name.
  func defineRecursive(_ name: String, _ text: (_ name: String) -> String) -> String {
    isRecursive = true
    let name = unused(name)
    return define(text(name), named: name)
  }

  private func nextRound() -> Int {
    roundCount += 1
    return roundCount
  }

  /// A name that stands nowhere else in the statement, as it is written.
  func unused(_ wanted: String) -> String {
    var name = wanted
    var number = 2
    while !taken.insert(name.lowercased()).inserted {
      name = "\(wanted)_\(number)"
      number += 1
    }
    return written(name)
  }

  /// A name as it is written.
  func written(_ name: String) -> String { SQLName.text(name, quote: dialect.quote) }

  /// The rows of an entity's table, which becomes the source of a `SELECT`.
  func records(
    of entity: EntityID, in select: Select, parent: SQLRow? = nil
  ) -> SQLRow {
    let table = tables.table(entity)
    let alias = alias(of: table, within: parent)
    select.source = alias == written(table) ? alias : "\(written(table)) AS \(alias)"
    return SQLRow(select, alias: alias, .records(entity), parent: parent)
  }

  /// Whether the rows are those of a table, as they stand there.
  func isTable(_ row: SQLRow) -> Bool {
    guard case .records(let entity) = row.kind, row.select.isBare else { return false }
    return row.select.source == written(tables.table(entity))
  }

  /// A table by its own name, unless a row around has it.
  private func alias(of table: String, within parent: SQLRow?) -> String {
    var around = parent
    while let row = around {
      if row.alias == written(table) { return unused(table) }
      around = row.parent
    }
    return written(table)
  }

  /// A stored field of a row, by the row's alias.
  func column(_ field: FieldID, of entity: EntityID, in alias: String) -> String {
    "\(alias).\(written(tables.column(field, of: entity)))"
  }

  /// The key of a row.
  func key(of entity: EntityID, in alias: String) -> String {
    column(catalog[entity].key, of: entity, in: alias)
  }

  /// Joins the record that a reference of `alias` leads to; gives its alias.
  func join(
    _ hops: ArraySlice<FieldPath.Hop>, from row: SQLRow, _ entity: EntityID
  ) -> (alias: String, entity: EntityID) {
    guard let hop = hops.last else { return (row.alias, entity) }
    let before = join(hops.dropLast(), from: row, entity)
    let words = hops.reduce(into: (entity, [String]())) { place, hop in
      place.1.append(catalog[place.0][hop.field].name)
      place.0 = hop.target
    }.1
    let alias = row.select.join("\(row.alias) " + words.joined(separator: " ")) {
      let alias = unused(words.joined(separator: "_").lowercased())
      let own = key(of: hop.target, in: alias)
      let other = column(hop.field, of: before.entity, in: before.alias)
      return (alias, "\(written(tables.table(hop.target))) AS \(alias) ON \(own) = \(other)")
    }
    return (alias, hop.target)
  }

  /// Columns of a record's table that a computed column must not be called like.
  func isColumn(_ name: String, of entity: EntityID) -> Bool {
    catalog[entity].fields.indices.contains {
      !catalog[entity].fields[$0].isComputed
        && tables.column(FieldID($0), of: entity).lowercased() == name.lowercased()
    }
  }
}

/// How the tables and columns of a data file are called.
struct TableNames {
  private let names: [(table: String, columns: [String?])]

  /// The names in a data file, as far as they are known, and those that a new one gives: a reference
  /// stands under `FIELD_id`, unless another field has that name.
  init(_ catalog: Catalog, known: [(table: String, columns: [String?])]) {
    names =
      known
      + catalog.entities.dropFirst(known.count).map { entity in
        var taken = Set(
          entity.fields.filter { !$0.isComputed && !$0.type.isReference }.map {
            $0.name.lowercased()
          })
        let columns = entity.fields.map { field -> String? in
          if field.isComputed { return nil }
          guard field.type.isReference else { return field.name }
          var name = field.name + "_id"
          var number = 2
          while !taken.insert(name.lowercased()).inserted {
            name = "\(field.name)_id_\(number)"
            number += 1
          }
          return name
        }
        return (entity.name, columns)
      }
  }

  func table(_ entity: EntityID) -> String { names[entity.index].table }

  func column(_ field: FieldID, of entity: EntityID) -> String {
    names[entity.index].columns[field.index] ?? ""
  }
}

extension ValueType {
  fileprivate var isReference: Bool {
    if case .reference = self { true } else { false }
  }
}
