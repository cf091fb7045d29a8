import Store
import Syntax

// The data file: loading at first use, what other programs did to it, saving.

extension Session {
  // MARK: loading

  /// Loads the records of these entities, and of those they refer to.
  func load(_ entities: some Sequence<EntityID>) throws(Failure) {
    let wanted = Array(entities)
    if wanted.isEmpty { return }
    try requireStore()
    try settled { () throws(StoreError) in try database.load(wanted) }
  }

  /// Loads what a query reads.
  func load(reading query: BoundQuery) throws(Failure) {
    let entities = query.entities
    if entities.isEmpty { return }
    try requireStore()
    if database.isWhole(entities) { return }
    var read = ReadFields(query, database.catalog)
    for query in [query] + query.scalars {
      guard let flag = database.catalog[query.entity].validWhen else { continue }
      let behind = try fields(behind: flag, of: query.entity, today: clock.today)
      for field in behind { read.add(field, of: query.entity) }
    }
    let fields = read.list
    try settled { () throws(StoreError) in try database.load(entities, reading: fields) }
  }

  /// Fails when a column could not be read that was left in the data file until it was asked for: what
  /// was made of it is no answer.
  package func checkRead() throws(Failure) {
    do throws(StoreError) {
      try database.checkRead()
    } catch {
      throw Failure(error)
    }
  }

  /// Keeps columns in the data file for its next opening, where that pays off. Called on the way out.
  package func leave() {
    if !isDryRun { file?.tidy(database) }
  }

  /// Reads from the data file, anew from its present state while other programs keep changing it.
  private func settled(_ read: () throws(StoreError) -> Void) throws(Failure) {
    let deadline = Stopwatch.seconds + Self.patienceSeconds
    while true {
      do throws(StoreError) {
        return try read()
      } catch {
        guard error == .changedElsewhere, transaction == nil, Stopwatch.seconds < deadline else {
          throw Failure(error)
        }
      }
      do throws(StoreError) {
        try reload()
      } catch {
        guard error == .changedElsewhere else { throw Failure(error) }
      }
    }
  }

  /// Sees to it that what is bound next goes by the house rules as the store has them.
  func readRules() throws(Failure) {
    try settled { () throws(StoreError) in try database.readRules() }
  }

  /// Refuses to read a data file that no change has created yet; at the prompt it reads as empty.
  func requireStore() throws(Failure) {
    guard let pendingPath, !isAtPrompt, transaction?.isEmpty != false else { return }
    throw Failure(
      EngineReason.noSuchStore(pendingPath, hint: pendingHint), at: nil, kind: .data)
  }

  /// What a query at the prompt says of the data file.
  func fileNotes() throws(Failure) -> [Note] {
    guard isAtPrompt, let file else { return [] }
    do throws(StoreError) {
      return try file.isChangedElsewhere() ? [.fileChanged(path: file.path)] : []
    } catch {
      throw Failure(error)
    }
  }

  // MARK: other programs

  /// Loads what other programs have changed in the data file, if they have.
  func catchUp(at range: SourceRange?) throws(Failure) -> [Note] {
    guard let file, transaction == nil else { return [] }
    do throws(StoreError) {
      guard try file.isChangedElsewhere() else { return [] }
      try reload()
      return isAtPrompt ? [.reloaded(path: file.path)] : []
    } catch {
      throw Failure(error, at: range)
    }
  }

  /// `.reload`: brings the tables to the state of the data file. Undo begins anew.
  package func reloadFile() throws(Failure) -> Answer {
    guard let file else { throw Failure(EngineReason.noDataFile, at: nil) }
    guard transaction == nil else { throw Failure(EngineReason.transactionOpen, at: nil) }
    do throws(StoreError) {
      try reload()
    } catch {
      throw Failure(error)
    }
    return Answer(notes: [.reloaded(path: file.path)])
  }

  private func reload() throws(StoreError) {
    guard let file, let stores else { return }
    changes.forgetAll()
    if try file.refresh(database) { return }
    let held = lastRecords.map { entity, rows in
      let definition = database.catalog[entity]
      let keys = database.table(entity).column(definition.key).load(.list(rows))
      return (definition.name, definition[definition.key].type, keys)
    }
    lastRecords = nil
    let (fresh, opened) = try stores.open(file.path, file.isReadOnly, database.budget)
    file.close()
    opened.progress = rowProgress
    database = fresh
    self.file = opened
    if let (name, type, keys) = held { try findAgain(keys, type, of: name) }
  }

  /// Finds the records of the last answer in tables that were opened anew, where rows may have other
  /// numbers.
  private func findAgain(
    _ keys: Vector, _ type: ValueType, of name: String
  ) throws(StoreError) {
    guard let entity = database.catalog.entity(named: name) else { return }
    let definition = database.catalog[entity]
    guard definition[definition.key].type == type else { return }
    try database.load([entity], reading: [(EntityID, FieldID)]())
    lastRecords = (entity, database.table(entity).rows(withKeys: keys).filter { $0 >= 0 })
  }

  // MARK: opening and saving

  /// `.open`: goes on with another data file, or, where there is none, with an empty store that the
  /// first change writes there.
  package func open(_ path: String) throws(Failure) -> Answer {
    guard transaction == nil else { throw Failure(EngineReason.transactionOpen, at: nil) }
    guard let stores else { throw Failure(EngineReason.noDataFile, at: nil) }
    do throws(StoreError) {
      let (fresh, opened) = try stores.open(
        path, isReadOnly || isDryRun, Budget(limit: database.budget.limit))
      use(fresh, opened)
      return Answer(notes: [.opened(path: path)])
    } catch .store(let problem) where problem.code == "store-not-found" {
      if isReadOnly { throw Failure(.store(problem)) }
      use(Database(catalog: .builtIn, budget: Budget(limit: database.budget.limit)), nil)
      pendingPath = path
      pendingHint = problem.hint
      return Answer(notes: [.willCreate(path: path)])
    } catch {
      throw Failure(error)
    }
  }

  private func use(_ database: Database, _ file: (any StoreFile)?) {
    leave()
    self.file?.close()
    isElsewhere = sparesOtherFiles
    self.database = database
    self.file = file
    pendingPath = nil
    hasUnsavedChanges = false
    changes = ChangeList()
    forgetLastAnswer()
  }

  /// `save`, and `save "file"`, which names a store in memory and goes on in that file. To replace
  /// the open data file by itself is a plain `save`.
  package func save(_ target: FileTarget?, at range: SourceRange?) throws(Failure) -> Answer {
    guard transaction == nil else { throw Failure(EngineReason.transactionOpen, at: range) }
    if isForPractice { throw Failure(EngineReason.lessonNotKept, at: range) }
    let isPlain = target.map { $0.isReplacing && isOwnFile($0.path, in: nil) } ?? true
    if isPlain, refusesChanges { throw Failure(EngineReason.readOnly, at: range) }
    if isDryRun { return try rehearse(saveTo: target, at: range) }
    do throws(StoreError) {
      if let path = isPlain ? pendingPath : target?.path, let stores {
        try database.loadAll()
        let created = try stores.create(path, database, target?.isReplacing == true, rowProgress)
        file?.close()
        file = created
        pendingPath = nil
      } else if let file {
        try file.save(database)
      }
    } catch {
      throw Failure(error, at: target?.range ?? range)
    }
    guard let file else { throw Failure(EngineReason.saveNeedsName, at: range) }
    hasUnsavedChanges = false
    return Answer(notes: [.saved(path: file.path)])
  }

  /// `backup to "file"`: a copy, complete or not at all.
  package func backUp(to target: FileTarget) throws(Failure) -> Answer {
    guard transaction == nil else { throw Failure(EngineReason.transactionOpen, at: nil) }
    if isForPractice { throw Failure(EngineReason.lessonNotKept, at: target.range) }
    try refuseOwnFile(target.path, in: nil, at: target.range)
    try requireStore()
    if isDryRun { return try rehearse(saveTo: target, at: target.range) }
    do throws(StoreError) {
      try stores?.permit(target.path)
      if let file {
        try file.backup(to: target.path, isReplacing: target.isReplacing)
      } else if let stores {
        try stores.create(target.path, database, target.isReplacing, rowProgress).close()
      }
    } catch {
      throw Failure(error, at: target.range)
    }
    return Answer(notes: [.backedUp(path: target.path)])
  }
}
