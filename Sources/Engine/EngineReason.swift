import Store
import Syntax

/// Why a statement that is bound cannot be carried out, with the words.
enum EngineReason: Reason {
  /// The store refuses while the statement runs.
  case store(StoreError)
  /// A pattern of `matches` that cannot be read; the binder finds it first.
  case invalidPattern(String)
  /// `then` without an answer before it.
  case nothingToRefine
  /// `explain` of a statement that has no plan, such as `describe`.
  case notAQuery
  /// A path of `into` without an ending that names a format.
  case unknownFormat(path: String)
  /// `into` after a statement that answers with several tables; how one of them is asked for.
  case severalTables(count: Int, hint: String?)
  /// A change while `--read-only` holds or the file allows none.
  case readOnly
  /// Nothing of this session, or of the open transaction, is left to take back.
  case nothingToUndo(inTransaction: Bool)
  /// `begin` within a transaction, or something that a transaction does not allow.
  case transactionOpen
  /// `commit` or `rollback` without `begin`.
  case noTransaction(String)
  /// Another program changed the file while a transaction was open.
  case conflict(statementCount: Int)
  /// `.reload` without a data file.
  case noDataFile
  /// `save` of a store in memory that has no name.
  case saveNeedsName
  /// `save` or `backup` of a store beside the one that is open: a lesson's.
  case lessonNotKept
  /// An expectation that does not hold: as written, what its sides are, and why it should.
  case expectationFailed(text: String, found: [String], because: String)
  /// `across` with too many values; how the long form is asked for.
  case spreadTooWide(key: String, count: Int, limit: Int, longForm: String)
  /// `(…).COLUMN` of a query that gives no row or several.
  case oneRowExpected(count: Int)
  /// `include` where no script runs.
  case includeHere
  /// A copy of the whole store while persons are masked.
  case masked
  /// A query of a data file that does not exist, and what names the files with near names.
  case noSuchStore(String, hint: String?)

  var code: String {
    switch self {
    case .store(let error):
      switch error {
      case .memoryLimit: "memory-limit"
      case .interrupted: "interrupted"
      case .integerOverflow: "integer-overflow"
      case .amountOutOfRange: "amount-out-of-range"
      case .duplicateKey: "duplicate-key"
      case .file(let problem): problem.code
      case .cell(let problem): problem.code
      case .store(let problem): problem.code
      case .changedElsewhere: "changed-elsewhere"
      case .refused(let refusal): refusal.code
      }
    case .invalidPattern: "invalid-pattern"
    case .nothingToRefine: "nothing-to-refine"
    case .notAQuery: "not-a-query"
    case .unknownFormat: "unknown-format"
    case .severalTables: "several-tables"
    case .readOnly: "read-only"
    case .nothingToUndo: "nothing-to-undo"
    case .transactionOpen: "transaction-open"
    case .noTransaction: "no-transaction"
    case .conflict: "conflict"
    case .masked: "masked"
    case .noDataFile: "no-data-file"
    case .saveNeedsName: "save-needs-name"
    case .lessonNotKept: "lesson-not-kept"
    case .expectationFailed: "expectation-failed"
    case .spreadTooWide: "spread-too-wide"
    case .oneRowExpected: "one-row-expected"
    case .includeHere: "include-here"
    case .noSuchStore: "store-not-found"
    }
  }

  var message: String {
    switch self {
    case .store(let error):
      switch error {
      case .memoryLimit(let byteCount, let limit):
        "the statement needs \(Self.megabytes(byteCount)) more memory than the limit of"
          + " \(Self.megabytes(limit)) allows"
      case .interrupted: "interrupted"
      case .integerOverflow: "an integer in the result is beyond ±9,223,372,036,854,775,807"
      case .amountOutOfRange: "an amount in the result is beyond ±10,000,000,000,000.00"
      case .duplicateKey(let key, let line, let firstLine):
        switch (line, firstLine) {
        case (let line?, let first?): "key '\(key)' stands on line \(first) and on line \(line)"
        case (let line?, nil): "key '\(key)' on line \(line) belongs to a record already here"
        default: "key '\(key)' belongs to another record"
        }
      case .file(let problem), .store(let problem):
        problem.message
      case .changedElsewhere: "another program has changed the data file"
      case .refused(let refusal): refusal.message
      case .cell(let problem):
        "line \(problem.line)"
          + (problem.column.map { ", column \($0)" } ?? "")
          + (problem.header.map { " (\($0))" } ?? "") + ": \(problem.message)"
      }
    case .invalidPattern(let message): message
    case .nothingToRefine: "there is no answer yet that 'then' could refine"
    case .notAQuery: "only find, count, calc and the analytic verbs have a plan"
    case .unknownFormat(let path): "'\(path)' has no ending that names a format"
    case .severalTables(let count, _):
      "a file holds one table, and the answer has \(count)"
    case .readOnly: "the data file is open for reading only"
    case .masked: "persons are masked, and 'export all' writes records as they are"
    case .nothingToUndo(let inTransaction):
      "nothing was changed in this \(inTransaction ? "transaction" : "session") that 'undo' could"
        + " take back"
    case .transactionOpen: "a transaction is open"
    case .noTransaction(let word): "there is no transaction that '\(word)' could end"
    case .conflict(let count):
      "another program changed the data file since 'begin'; the transaction's \(count)"
        + (count == 1 ? " statement was" : " statements were") + " taken back"
    case .noDataFile: "the store is in memory and has no data file"
    case .saveNeedsName: "the store is in memory and has no name"
    case .lessonNotKept: "the data of a lesson is for practice and is kept in no file"
    case .noSuchStore(let path, _): "there is no data file '\(path)'"
    case .expectationFailed(let text, let found, let because):
      "expected \(text), but "
        + (found.isEmpty ? "it does not hold" : found.joined(separator: " and "))
        + (because.isEmpty ? "" : ": \(because)")
    case .spreadTooWide(let key, let count, let limit, _):
      "across '\(key)' the answer has \(count) columns, more than the \(limit) that can be read"
    case .oneRowExpected(let count):
      "a value is one row, and the query in brackets has \(count == 0 ? "none" : "\(count)")"
    case .includeHere: "'include' stands in scripts, on '-c' and at the prompt only"
    }
  }

  var hint: String? {
    switch self {
    case .store(.memoryLimit): "narrow the statement, or start with a larger --memory-limit"
    case .store(.integerOverflow): "compute with numbers: multiply by 1.0"
    case .store(.file(let problem)), .store(.store(let problem)): problem.hint
    case .store(.refused(let refusal)): refusal.hint
    case .store(.changedElsewhere): "run the statement again"
    case .store(.cell(let problem)): problem.hint
    case .store(.duplicateKey): "'on error skip' leaves the later record out"
    case .nothingToRefine: "begin with a source, such as 'find customers'"
    case .oneRowExpected: "'(rfm customers summary).purchasers'"
    case .spreadTooWide(_, _, _, let longForm): "the long form is '\(longForm)'"
    case .notAQuery: "explain find customers"
    case .unknownFormat:
      "end it in " + FileFormat.allCases.map { ".\($0.ending)" }.joined(separator: ", ")
    case .severalTables(_, let hint): hint
    case .readOnly: "start without --read-only to change data"
    case .nothingToUndo(inTransaction: true): "'rollback' ends the transaction"
    case .transactionOpen: "end it with 'commit' or 'rollback'"
    case .noTransaction: "begin"
    case .conflict: "run the transaction again, from 'begin' on"
    case .masked: "'.mask off' at the prompt, or start without --mask"
    case .lessonNotKept: "'.lesson end' goes back to the data that was open"
    case .noDataFile, .saveNeedsName: "save \"customers.rapport\""
    case .noSuchStore(_, let hint):
      hint ?? "a change creates it, such as 'add customer name = \"Acme\"'"
    default: nil
    }
  }

  private static func megabytes(_ byteCount: Int) -> String {
    byteCount < 1_048_576 ? "under 1 MB" : "\(byteCount / 1_048_576) MB"
  }
}

extension Failure {
  /// The failure that reports what the store refused.
  package init(_ error: StoreError, at range: SourceRange? = nil) {
    let kind: Failure.Kind =
      switch error {
      case .interrupted: .interrupted
      case .store, .changedElsewhere: .data
      default: .statement
      }
    self.init(EngineReason.store(error), at: range, kind: kind)
  }
}

extension FileFormat {
  /// What a file of this format is called after its dot.
  package var ending: String {
    switch self {
    case .markdown: "md"
    default: rawValue
    }
  }

  /// The format that a path's ending names.
  package init?(path: String) {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    let ending = Folding.fold(String(path[path.index(after: dot)...]))
    guard let format = FileFormat.allCases.first(where: { $0.ending == ending }) else { return nil }
    self = format
  }
}
