/// What the analytic verbs go by: thresholds, the groups of `rfm` and the rungs of the ladder, as the
/// rows of the entities `settings`, `rfm_groups` and `ladder_rungs` say it.
package struct HouseRules: Hashable, Sendable {
  /// A group of `rfm`: of several whose conditions hold for a cell, the first.
  package struct Group: Hashable, Sendable {
    /// What it is called.
    package var name: String
    /// Over the scores r, f and m, 1 to 5, and fm, the mean of f and m.
    package var condition: String
  }

  /// A rung of the ladder: of several whose conditions hold for a customer, the highest.
  package struct Rung: Hashable, Sendable {
    /// Its key: rungs stand in the order of their positions, the lowest first.
    package var position: Int64
    /// What it is called.
    package var name: String
    /// Over a customer.
    package var condition: String
  }

  private var values: [Setting: Double]
  /// The groups of `rfm`, in the order in which they are tried.
  package private(set) var groups: [Group]
  /// The rungs of the ladder, the lowest first.
  package private(set) var rungs: [Rung]

  /// The value of a setting; its default where the store has none that can be.
  package func setting(_ setting: Setting) -> Double {
    values[setting] ?? setting.defaultValue
  }

  /// The names of the rungs, in order, as a choice.
  package var rungNames: ChoiceList {
    ChoiceList(rungs.prefix(ChoiceList.nameCountMax).map(\.name), isOrdered: true)
  }

  /// What every store begins with.
  package static let standard = HouseRules()

  private init() {
    values = Dictionary(
      uniqueKeysWithValues: Setting.allCases.map { ($0, $0.defaultValue) })
    groups = [
      Group(name: "champions", condition: "r >= 4 and fm >= 4"),
      Group(name: "loyal", condition: "r >= 3 and fm >= 3"),
      Group(name: "promising", condition: "r >= 4 and fm >= 2"),
      Group(name: "new", condition: "r >= 4 and fm < 2"),
      Group(name: "needs_attention", condition: "r = 3 and fm >= 2"),
      Group(name: "about_to_sleep", condition: "r = 3 and fm < 2"),
      Group(name: "cannot_lose", condition: "r <= 2 and fm >= 4"),
      Group(name: "at_risk", condition: "r <= 2 and fm >= 2.5"),
      Group(name: "hibernating", condition: "r = 2 and fm < 2.5"),
      Group(name: "lost", condition: "r = 1 and fm < 2.5"),
    ]
    // A refund is no occasion; an order of an unknown amount is one.
    let occasions = "where is_valid and not amount < 0"
    let isLoyal = """
      count(distinct orders.date \(occasions)) >= 3 \
      and days_since(max(orders.date \(occasions))) <= 2 * median_gap(orders.date \(occasions))
      """
    rungs = [
      Rung(position: 1, name: "contact", condition: "yes"),
      Rung(
        position: 2, name: "prospect", condition: "stage = recruitment and has interactions"),
      Rung(position: 3, name: "partner", condition: "has orders where is_valid"),
      Rung(position: 4, name: "loyal", condition: isLoyal),
      Rung(
        position: 5, name: "advocate",
        condition: isLoyal + " and has referrals where (has orders where is_valid)"),
    ]
  }

  /// The rules that the records of a database say, which are here.
  init(_ database: Database) {
    self = .standard
    for entity in database.ruleEntities {
      let rows = database.ruleRows(of: entity)
      switch database.catalog[entity].role {
      case .settings:
        for row in rows {
          guard let setting = row.name.flatMap(Setting.init(rawValue:)), let value = row.value,
            setting.accepts(value)
          else { continue }
          values[setting] = value
        }
      case .rfmGroups:
        groups = rows.map { Group(name: $0.name ?? "", condition: $0.condition ?? "") }
      case .ladderRungs:
        rungs = rows.map {
          Rung(position: $0.position, name: $0.name ?? "", condition: $0.condition ?? "")
        }
      default: break
      }
    }
  }
}

/// A record of one of the entities that hold the house rules, as it is: nothing has looked at it.
package struct RuleRow: Sendable {
  /// The key of a group or rung; 0 for a setting.
  package var position: Int64 = 0
  /// Unknown where the record has none.
  package var name: String?
  /// That of a setting.
  package var value: Double?
  /// That of a group or rung.
  package var condition: String?
}

extension Database {
  /// The records of an entity that holds rules and is here, by key.
  package func ruleRows(of entity: EntityID) -> [RuleRow] {
    let (definition, table) = (catalog[entity], table(entity))
    func column(_ name: String) -> Column? {
      definition.field(named: name).flatMap {
        definition[$0].isComputed ? nil : table.column($0)
      }
    }
    let (key, names) = (table.column(definition.key), column("name"))
    let (values, conditions) = (column("value"), column("condition"))
    return table.liveRows.map { row in
      var found = RuleRow()
      if case .word(let word) = key[Int(row)] { found.position = word }
      if case .text(let text)? = names?[Int(row)] { found.name = text }
      if case .real(let real)? = values?[Int(row)] { found.value = real }
      if case .text(let text)? = conditions?[Int(row)] { found.condition = text }
      return found
    }.sorted { $0.position < $1.position }
  }
}
