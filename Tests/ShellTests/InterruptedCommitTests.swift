import Engine
import Store
import Testing

@testable import Shell

/// Ctrl-C while a change is being made durable.
struct InterruptedCommitTests {
  /// A data file in which every commit is interrupted just before it returns.
  private final class InterruptedFile: StoreFile {
    let path = "shop.rapport"
    let isReadOnly = false
    var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
    let tableNames: [(table: String, columns: [String?])] = []
    private(set) var commitCount = 0

    func load(_ entities: [EntityID], into database: Database) throws(StoreError) {}
    func recordCount(of entity: EntityID) throws(StoreError) -> Int { 0 }
    func commit(_ change: ChangeSet, of database: Database) throws(StoreError) {
      commitCount += 1
      Cancellation.request()
    }
    func isChangedElsewhere() throws(StoreError) -> Bool { false }
    func refresh(_ database: Database) throws(StoreError) -> Bool { true }
    func save(_ database: Database) throws(StoreError) {}
    func backup(to path: String, isReplacing: Bool) throws(StoreError) {}
    func tidy(_ database: Database) {}
    func close() {}
  }

  private static func unused() -> StoreError { .interrupted }

  private static func makeRunner(isPending: Bool) throws -> (Session, ScriptRunner) {
    let stores = StorePorts(
      open: { _, _, _ throws(StoreError) in throw unused() },
      create: { _, database, _, _ throws(StoreError) in
        let file = InterruptedFile()
        try file.commit(ChangeSet(), of: database)
        return file
      })
    let session = Session(
      database: Database(catalog: .builtIn, budget: Budget(limit: nil)),
      files: FilePorts(
        openReader: { _, _ throws(StoreError) in throw Self.unused() },
        openWriter: { _, _, _, _ throws(StoreError) in throw Self.unused() }),
      clock: .fixed(20_634), stores: stores, file: isPending ? nil : InterruptedFile(),
      pendingPath: isPending ? "shop.rapport" : nil)
    let output = try #require(Output(creating: "/dev/null"))
    let runner = StatementRunner(
      session: session, arguments: try Arguments([]), output: output, errors: output)
    return (session, ScriptRunner(runner: runner, keepsGoing: false))
  }

  private static let scripts = [
    "add customer name = \"Acme\"", "begin; add customer name = \"Acme\"; commit",
    "begin; add customer name = \"Acme\"; undo; add customer name = \"Brix\"; commit",
  ]

  @Test func `is too late: the change is there, and the script ends after it`() async {
    // In a process of its own: a request to stop is one of the whole process, where others test.
    await #expect(processExitsWith: .success) {
      for script in Self.scripts {
        for isPending in [false, true] { try Self.judge(script, isPending: isPending) }
      }
    }
  }

  private static func judge(_ script: String, isPending: Bool) throws {
    let (session, scripts) = try makeRunner(isPending: isPending)
    let text = script + "; add customer name = \"Cato\""
    let end = scripts.run(SourceText(name: nil, text), manner: ScriptRunner.Manner())
    Cancellation.reset()
    let place = "\(script), \(isPending)"
    #expect(end == ScriptRunner.End(status: .interrupted, isFinal: true), "\(place)")
    let file = try #require(session.file as? InterruptedFile)
    #expect(file.commitCount == 1 && !session.hasUnsavedChanges, "\(place)")
    let customers = try #require(session.database.catalog.entity(named: "customers"))
    #expect(session.database.table(customers).liveRowCount == 1, "\(place)")
    #expect(session.changeHistory.kept.count == 1, "\(place)")
  }
}
