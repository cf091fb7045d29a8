import Store
import Syntax

/// Looks at the house rules after a statement changed some, whatever statement that was, before the
/// change is kept: rules that no verb could go by are refused.
struct HouseRulesCheck {
  let database: Database
  /// The day number of `today`.
  let today: Int

  /// Refuses a change after which the rules do not hold together.
  func check(_ change: ChangeSet, at range: SourceRange?) throws(Failure) {
    let changed = change.entities
    for entity in database.ruleEntities where changed.contains(entity) {
      let rows = database.ruleRows(of: entity)
      switch database.catalog[entity].role {
      case .settings: try checkSettings(rows, at: range)
      case .rfmGroups: try checkGroups(rows, of: entity, at: range)
      case .ladderRungs: try checkRungs(rows, of: database.catalog[entity], at: range)
      default: break
      }
    }
  }

  // MARK: settings

  private func checkSettings(_ rows: [RuleRow], at range: SourceRange?) throws(Failure) {
    var values: [Setting: Double] = [:]
    for row in rows {
      let name = row.name ?? ""
      guard let setting = Setting(rawValue: name) else {
        let near = NearNames.nearest(to: name, among: Setting.allCases.map(\.rawValue))
        throw Failure(HouseRulesReason.unknownSetting(name: name, near: near), at: range)
      }
      guard let value = row.value, setting.accepts(value) else {
        throw Failure(HouseRulesReason.settingOutOfRange(setting, value: row.value), at: range)
      }
      values[setting] = value
    }
    if let missing = Setting.allCases.first(where: { values[$0] == nil }) {
      throw Failure(HouseRulesReason.settingNeeded(missing), at: range)
    }
    if let a = values[.paretoAShare], let b = values[.paretoBShare], a >= b {
      throw Failure(HouseRulesReason.sharesOutOfOrder, at: range)
    }
  }

  // MARK: groups and rungs

  private func checkGroups(
    _ rows: [RuleRow], of entity: EntityID, at range: SourceRange?
  ) throws(Failure) {
    let definition = database.catalog[entity]
    // One name is that of who is in no cell.
    try checkNames(rows, of: definition, max: ChoiceList.nameCountMax - 1, at: range)
    let (rules, binder) = (database.rulesNow, Binder(catalog: database.catalog, today: today))
    for group in rules.groups {
      do throws(Failure) {
        _ = try binder.bindScoreCondition(group.condition)
      } catch {
        throw Failure(
          HouseRulesReason.brokenRule(
            plural: definition.name, name: group.name, error.diagnostics[0]), at: range)
      }
    }
    let uncovered: [[Int]]
    do throws(StoreError) {
      uncovered = try RFMGroups(rules, bindingWith: binder).uncovered(database)
    } catch {
      throw Failure(error, at: range)
    }
    guard let cell = uncovered.first else { return }
    throw Failure(
      HouseRulesReason.cellNotCovered(cell, next: database.table(entity).nextKey), at: range)
  }

  private func checkRungs(
    _ rows: [RuleRow], of ladder: Entity, at range: SourceRange?
  ) throws(Failure) {
    try checkNames(rows, of: ladder, max: ChoiceList.nameCountMax, at: range)
    var catalog = database.catalog
    catalog.use(database.rulesNow)
    let binder = Binder(catalog: catalog, today: today)
    for (index, entity) in catalog.entities.enumerated() {
      guard let field = entity.fields.firstIndex(where: \.isRung) else { continue }
      for rung in catalog.rules.rungs {
        do throws(Failure) {
          try binder.check(rung, as: FieldID(field), of: EntityID(index))
        } catch {
          throw Failure(
            HouseRulesReason.brokenRule(plural: ladder.name, name: rung.name, error.diagnostics[0]),
            at: range)
        }
      }
    }
    let lowest = catalog.rules.rungs.first
    let condition = try lowest.flatMap { rung throws(Failure) in
      try Binder.expression(rung.condition)
    }
    if case .flag(true)? = condition?.kind { return }
    throw Failure(HouseRulesReason.rungForAll(lowest), at: range)
  }

  private func checkNames(
    _ rows: [RuleRow], of entity: Entity, max: Int, at range: SourceRange?
  ) throws(Failure) {
    if rows.count > max {
      throw Failure(HouseRulesReason.tooManyRules(plural: entity.name, max: max), at: range)
    }
    var names: Set<[UInt8]> = []
    for row in rows {
      guard let name = row.name, !name.utf8.isEmpty else {
        throw Failure(
          HouseRulesReason.ruleWithoutName(entity, position: row.position), at: range)
      }
      guard names.insert(Array(Folding.fold(name).utf8)).inserted else {
        throw Failure(HouseRulesReason.ruleTwice(plural: entity.name, name: name), at: range)
      }
    }
  }
}
