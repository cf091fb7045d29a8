import Glibc
import Store
import Syntax

/// Which day `today` is.
package enum Clock: Sendable {
  /// The machine's local day, asked anew for each statement.
  case live
  /// One day for all statements: `--today`, `--demo`, or a script's run.
  case fixed(Int)

  /// The day number now.
  package var today: Int {
    switch self {
    case .fixed(let day): return day
    case .live:
      var now = Glibc.time(nil)
      var parts = tm()
      localtime_r(&now, &parts)
      return Day.number(
        year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1, day: Int(parts.tm_mday))
    }
  }
}

/// One user's conversation with a store: text in, answers out.
///
/// Holds, and nobody else: tables, catalog, the bound query of the last answer and the clock.
package final class Session {
  /// The tables and the catalog.
  package let database: Database
  /// Which day `today` is.
  package var clock: Clock
  private let files: FilePorts

  /// Makes a session over a store.
  package init(database: Database, files: FilePorts, clock: Clock) {
    self.database = database
    self.files = files
    self.clock = clock
  }

  /// Whether there is an answer that `then` can refine.
  package var hasLastAnswer: Bool { preconditionFailure("contract only") }

  /// How an import reports its progress on a terminal: bytes done, bytes in all.
  package var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?

  /// Runs one statement.
  ///
  /// - Parameters:
  ///   - text: One whole statement; ranges in a failure count in its UTF-8 bytes.
  ///   - allowsBareRefinement: At the prompt a fresh line beginning with a clause word is `then` + it.
  ///   - baseFolder: What relative paths of `import` are relative to: the script's folder.
  package func run(
    _ text: String, allowsBareRefinement: Bool = false, baseFolder: String? = nil
  ) throws(Failure) -> Answer {
    preconditionFailure("contract only")
  }

  /// The commonest values of a field with their counts, for completion: choices in declared order,
  /// texts only where few are distinct. `path` begins at a field of `entity`.
  package func commonValues(
    of path: [String], in entity: String, countMax: Int
  ) -> [(value: String, count: Int)] {
    preconditionFailure("contract only")
  }
}
