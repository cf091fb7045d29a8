// Changes: each call changes the tables at once and, while recording, adds a step to the change.
// Reading goes on with the new state; `rollBack` takes all of it back and cannot fail.

extension Database {
  /// Begins to record: what follows is one change until `keepChange` or `rollBack`.
  ///
  /// Recordings nest: a transaction's holds those of its statements. Nothing is merged meanwhile.
  package func beginChange() { recordings.append(ChangeRecording()) }

  /// What was done since the last `beginChange`, those kept inside included.
  package var currentChange: ChangeSet { recordings.last?.change ?? ChangeSet() }

  /// Ends the innermost recording and keeps what was done; it becomes part of the one around it.
  package func keepChange() {
    precondition(!recordings.isEmpty, "no change is being recorded")
    let kept = recordings.removeLast()
    if kept.change.entities.contains(where: ruleEntities.contains) { areRulesRead = false }
    guard !recordings.isEmpty else { return }
    recordings[recordings.count - 1].add(kept)
  }

  /// Takes back all that was done since the innermost `beginChange` and ends that recording. Cannot
  /// fail.
  package func rollBack() {
    precondition(!recordings.isEmpty, "no change is being recorded")
    areRulesRead = false
    for taking in recordings.removeLast().takings.reversed() { takeBack(taking) }
  }

  /// Appends rows to an entity's table: one vector per stored field, nil where all are unknown.
  ///
  /// All or nothing. References are rows of their target's table.
  /// - Throws: `duplicateKey`, `memoryLimit`.
  /// - Returns: The new rows.
  @discardableResult
  package func append(
    _ vectors: [FieldID: Vector], count: Int, to entity: EntityID
  ) throws(StoreError) -> Range<Int> {
    let table = table(entity)
    let rows = table.rowCount..<table.rowCount + count
    let checkpoint = try table.append(vectors, count: count)
    if count > 0 { record(.append(entity, rows: rows), .append(entity, checkpoint)) }
    return rows
  }

  /// Appends all rows of a table that was filled apart (an import), dead ones left out.
  ///
  /// All or nothing. A table that is empty is replaced by the other one without copying it. The
  /// definition of the entity has been brought to that of `staged` before. Rows keep their distance
  /// to each other: a dead one leaves a dead row.
  package func append(contentsOf staged: Table, to entity: EntityID) throws(StoreError) {
    precondition(staged.entity == entity, "a table of another entity")
    let table = table(entity)
    let first = table.rowCount
    let taking: ChangeRecording.Taking
    if first == 0 {
      staged.nextKey = table.nextKey
      tables[entity.index] = staged
      taking = .table(entity, table)
    } else {
      taking = .append(entity, try table.append(contentsOf: staged))
    }
    guard !recordings.isEmpty else { return }
    let steps = staged.liveRuns(in: 0..<staged.rowCount).map {
      ChangeSet.Step.append(entity, rows: first + $0.lowerBound..<first + $0.upperBound)
    }
    recordings[recordings.count - 1].add(steps, taking)
  }

  /// Gives cells of a stored field other values: `rows[i]` becomes `values[i]`.
  ///
  /// All or nothing. Row numbers stay; indexes and statistics stay right.
  /// - Parameters:
  ///   - field: A stored field that is not the key: keys never change.
  ///   - rows: Live rows, each once, ascending.
  ///   - values: Of the field's type; for a reference, rows of the target.
  /// - Throws: `memoryLimit`.
  package func replace(
    _ field: FieldID, of entity: EntityID, at rows: [Int32], with values: Vector
  ) throws(StoreError) {
    guard !rows.isEmpty else { return }
    let old = try table(entity).replace(field, at: rows, with: values)
    record(
      .replace(entity, field, rows: rows, old: old.values, new: values),
      .replace(entity, field, old))
  }

  /// Makes live rows dead. Nobody checks here whether others refer to them.
  package func kill(_ rows: [Int32], of entity: EntityID) {
    mayRevive.insert(entity)
    killForGood(rows, of: entity)
  }

  /// Makes rows dead that never come back: those of an appending that is reverted.
  private func killForGood(_ rows: [Int32], of entity: EntityID) {
    guard !rows.isEmpty else { return }
    table(entity).kill(rows)
    record(.kill(entity, rows: rows), .kill(entity, rows))
  }

  /// Makes dead rows live again.
  package func revive(_ rows: [Int32], of entity: EntityID) {
    guard !rows.isEmpty else { return }
    table(entity).revive(rows)
    record(.revive(entity, rows: rows), .revive(entity, rows))
  }

  /// Adds an entity with an empty table.
  @discardableResult
  package func add(_ entity: Entity) -> EntityID {
    let id = catalog.add(entity)
    tables.append(Table(entity: id, definition: entity, budget: budget))
    isLoaded.append(true)
    record(.define(id, old: nil, new: entity), .added)
    return id
  }

  /// Gives an entity another definition: fields added at the end (all unknown) or taken away there,
  /// computed fields added or changed, or, while it `isUntouched`, another type of its key.
  ///
  /// All or nothing.
  /// - Throws: `memoryLimit`.
  package func define(_ entity: EntityID, as definition: Entity) throws(StoreError) {
    let old = catalog[entity]
    guard old != definition else { return }
    let columns = try table(entity).define(definition)
    catalog[entity] = definition
    record(.define(entity, old: old, new: definition), .defined(entity, old, columns))
  }

  /// Puts a definition in the place of another one; without `old` it is added, without `new` taken
  /// away. Cannot fail.
  ///
  /// - Precondition: `old` is in the catalog as it is, and nothing else has the name of `new`.
  package func define(_ old: Definition?, as new: Definition?) {
    guard old != new else { return }
    let before = catalog.definitions
    catalog.replace(old, by: new)
    record(.name(old: old, new: new), .named(before))
  }

  /// Whether an entity is as if it had never had a record: none lives, and none can come back.
  package func isUntouched(_ entity: EntityID) -> Bool {
    table(entity).liveRowCount == 0 && !mayRevive.contains(entity)
  }

  /// Does the opposite of a change that was kept, the newest first, as steps of the present
  /// recording. All or nothing.
  ///
  /// The change must be the newest that has not been reverted. One that the present recording, or the
  /// one around it, ends with is taken out of it instead: together they come to nothing.
  /// - Throws: `memoryLimit`.
  package func revert(_ change: ChangeSet) throws(StoreError) {
    beginChange()
    do throws(StoreError) {
      for step in change.steps.reversed() { try revert(step) }
    } catch {
      rollBack()
      throw error
    }
    recordings[recordings.count - 1].reverted = change
    keepChange()
  }

  private func revert(_ step: ChangeSet.Step) throws(StoreError) {
    switch step {
    case .append(let entity, let rows): killForGood(rows.map { Int32($0) }, of: entity)
    case .replace(let entity, let field, let rows, let old, _):
      try replace(field, of: entity, at: rows, with: old)
    case .kill(let entity, let rows): revive(rows, of: entity)
    case .revive(let entity, let rows): kill(rows, of: entity)
    case .define(let entity, nil, .some): removeLast(entity)
    case .define(let entity, .some(let old), .some): try define(entity, as: old)
    case .define(_, .some(let old), nil): add(old)
    case .define(_, nil, nil): break
    case .name(let old, let new): define(new, as: old)
    }
  }

  /// Takes the entity that was added last away, with its table, which has no live record.
  package func removeLast(_ entity: EntityID) {
    precondition(entity.index == tables.count - 1, "an entity that others were added after")
    let table = table(entity)
    let definition = catalog.removeLast()
    tables.removeLast()
    isLoaded.removeLast()
    record(.define(entity, old: definition, new: nil), .removed(definition, table))
  }

  private func record(_ step: ChangeSet.Step, _ taking: ChangeRecording.Taking) {
    guard !recordings.isEmpty else { return }
    recordings[recordings.count - 1].add([step], taking)
  }

  private func takeBack(_ taking: ChangeRecording.Taking) {
    switch taking {
    case .append(let entity, let checkpoint): tables[entity.index].roll(backTo: checkpoint)
    case .table(let entity, let table): tables[entity.index] = table
    case .replace(let entity, let field, let old): tables[entity.index].putBack(old, in: field)
    case .kill(let entity, let rows): tables[entity.index].revive(rows)
    case .revive(let entity, let rows): tables[entity.index].kill(rows)
    case .added:
      catalog.removeLast()
      tables.removeLast()
      isLoaded.removeLast()
    case .removed(let definition, let table):
      _ = catalog.add(definition)
      tables.append(table)
      isLoaded.append(true)
    case .defined(let entity, let old, let columns):
      catalog[entity] = old
      tables[entity.index].use(columns, of: old)
    case .named(let definitions): catalog.definitions = definitions
    }
  }
}
