import Store
import Syntax

// A changing statement: bind and check all, change the tables, commit on disk, keep; or take all of
// it back.

extension Session {
  /// How long a change is bound and tried again while other programs keep changing the data file.
  static let patienceSeconds = 20.0

  /// Runs one change, all or nothing. When another program changed the data file, that is loaded
  /// first, and the statement bound to it.
  ///
  /// - Parameters:
  ///   - isListed: Whether undo can take it back.
  ///   - body: Changes the tables of `database` as it is when called.
  func change(
    _ text: String, at range: SourceRange?, isListed: Bool = true,
    _ body: () throws(Failure) -> [Note]
  ) throws(Failure) -> Answer {
    if refusesChanges { throw Failure(EngineReason.readOnly, at: range) }
    // What `it` means is kept through changes; a query that a change of names broke means nothing.
    _ = try? keepLastRecords()
    var notes = try catchUp(at: range)
    let deadline = Stopwatch.seconds + Self.patienceSeconds
    while true {
      try readRules()
      database.beginChange()
      do throws(Failure) {
        notes += try body()
        try HouseRulesCheck(database: database, today: clock.today)
          .check(database.currentChange, at: range)
      } catch {
        database.rollBack()
        let isLate = error.diagnostics.first?.code == "changed-elsewhere"
        guard isLate, transaction == nil, Stopwatch.seconds < deadline else { throw error }
        // A table was to be loaded, and another program had changed the file meanwhile.
        notes = try catchUp(at: range)
        continue
      }
      let change = database.currentChange
      do throws(StoreError) {
        try makeDurable(change)
      } catch {
        database.rollBack()
        guard error == .changedElsewhere, Stopwatch.seconds < deadline else {
          throw Failure(error, at: range)
        }
        notes = try catchUp(at: range)
        continue
      }
      database.keepChange()
      return Answer(notes: notes + (isListed ? remember(text, change) : []))
    }
  }

  /// Whether nothing may be changed. A dry run opens its file to be read only, and changes its tables.
  var refusesChanges: Bool {
    isReadOnly || !isDryRun && file?.isReadOnly == true || isElsewhere
  }

  /// Commits a change to the data file, creating it if need be; in a transaction that comes later.
  private func makeDurable(_ change: ChangeSet) throws(StoreError) {
    guard !change.isEmpty, transaction == nil else { return }
    if isDryRun {
      pendingPath = nil
    } else if let file {
      try file.commit(change, of: database)
    } else if let path = pendingPath, let stores {
      file = try stores.create(path, database, false, rowProgress)
      pendingPath = nil
    } else {
      hasUnsavedChanges = true
    }
  }

  /// Puts a change on the list for undo.
  private func remember(_ text: String, _ change: ChangeSet) -> [Note] {
    guard !change.isEmpty else { return [] }
    let entry = ChangeList.Entry(
      number: 0, text: text, change: change,
      effects: ChangeEffect.of(change, in: database.catalog))
    if transaction != nil {
      transaction?.append(entry)
      return []
    }
    let forgotten = changes.add(entry)
    return forgotten == 0 ? [] : [.forgotChanges(count: forgotten)]
  }

  // MARK: undo

  /// `undo`: takes back the last changing statement, as a change of its own.
  package func undo(at range: SourceRange? = nil) throws(Failure) -> Answer {
    guard let entry = transaction.map(\.last) ?? changes.entries.last else {
      throw Failure(EngineReason.nothingToUndo(inTransaction: transaction != nil), at: range)
    }
    var answer = try change(entry.text, at: range, isListed: false) { () throws(Failure) in
      // After a reload the rows have other numbers, and nothing is left to take back.
      guard transaction != nil || changes.entries.last?.number == entry.number else {
        throw Failure(EngineReason.nothingToUndo(inTransaction: transaction != nil), at: range)
      }
      do throws(StoreError) {
        try database.revert(entry.change)
      } catch {
        throw Failure(error, at: range)
      }
      return []
    }
    if transaction == nil { changes.removeLast() } else { transaction?.removeLast() }
    answer.notes.append(.undone(text: seen(statement: entry.text)))
    return answer
  }

  // MARK: transactions

  func begin(at range: SourceRange) throws(Failure) -> Answer {
    if refusesChanges { throw Failure(EngineReason.readOnly, at: range) }
    guard transaction == nil else { throw Failure(EngineReason.transactionOpen, at: range) }
    let notes = try catchUp(at: range)
    database.beginChange()
    transaction = []
    return Answer(notes: notes + [.began])
  }

  func commit(at range: SourceRange) throws(Failure) -> Answer {
    guard let statements = transaction else {
      throw Failure(EngineReason.noTransaction("commit"), at: range)
    }
    transaction = nil
    let change = database.currentChange
    do throws(StoreError) {
      try makeDurable(change)
    } catch {
      database.rollBack()
      if error == .changedElsewhere {
        _ = try catchUp(at: range)
        throw Failure(
          EngineReason.conflict(statementCount: statements.count), at: range, kind: .data)
      }
      throw Failure(error, at: range)
    }
    database.keepChange()
    var notes = [Note.committed(statementCount: statements.count)]
    var forgotten = 0
    for entry in statements { forgotten += changes.add(entry) }
    if forgotten > 0 { notes.append(.forgotChanges(count: forgotten)) }
    return Answer(notes: notes)
  }

  func rollBack(at range: SourceRange) throws(Failure) -> Answer {
    guard let note = rollBackOpenTransaction() else {
      throw Failure(EngineReason.noTransaction("rollback"), at: range)
    }
    return Answer(notes: [note])
  }

  /// Takes back what the open transaction did: at the end of a script, or on an error in one. Nil
  /// when none is open.
  package func rollBackOpenTransaction() -> Note? {
    guard let statements = transaction else { return nil }
    database.rollBack()
    transaction = nil
    return .rolledBack(statementCount: statements.count)
  }

  /// Whether a transaction is open.
  package var isInTransaction: Bool { transaction != nil }

  // MARK: what was changed

  /// What `.changes` lists: the statements that `undo` takes back, the newest last; those of the open
  /// transaction, which come after them; and how many older ones it can take back no more.
  package var changeHistory:
    (kept: [ChangeList.Entry], open: [ChangeList.Entry]?, forgottenCount: Int)
  {
    (changes.entries, transaction, changes.forgottenCount)
  }
}
