/// The catalog and a table for each entity. One statement sees one version of it.
package final class Database {
  /// The entities and their fields.
  package private(set) var catalog: Catalog
  /// What all tables ask before they grow.
  package let budget: Budget
  private var tables: [Table]

  /// Makes an empty table for each entity of the catalog.
  package init(catalog: Catalog, budget: Budget) {
    self.catalog = catalog
    self.budget = budget
    self.tables = catalog.entities.indices.map {
      Table(entity: EntityID($0), definition: catalog.entities[$0], budget: budget)
    }
  }

  /// The table of an entity.
  package func table(_ entity: EntityID) -> Table { tables[entity.index] }

  /// Brings every delta that is full under the indexes; called between statements.
  package func mergeFullDeltas() {
    for table in tables where table.isDeltaFull { table.merge() }
  }

  /// Adds an entity with an empty table.
  package func add(_ entity: Entity) -> EntityID {
    let id = catalog.add(entity)
    tables.append(Table(entity: id, definition: entity, budget: budget))
    return id
  }

  /// Replaces an entity's table and definition: how a finished import is published. Cannot fail.
  package func publish(_ table: Table, as definition: Entity) {
    catalog[table.entity] = definition
    tables[table.entity.index] = table
  }
}
