/// Why the store, a file or a port refuses. The engine turns it into a `Diagnostic`.
package enum StoreError: Error, Hashable, Sendable {
  /// The budget does not allow the growth: bytes asked for, and the limit.
  case memoryLimit(byteCount: Int, limit: Int)
  /// The user stopped the work.
  case interrupted
  /// Integer arithmetic or a sum left the range of its type.
  case integerOverflow
  /// An amount beyond ±10¹⁵ minor units.
  case amountOutOfRange
  /// A key that another record has already: its text, and where both stand if they come from a file.
  case duplicateKey(key: String, line: Int?, firstLine: Int?)
  /// A file that cannot be used: its path, a stable code and what is wrong, in words.
  case file(FileProblem)
  /// A cell of an imported file that cannot be taken.
  case cell(CellProblem)
  /// The data file itself cannot be opened, read or written.
  case store(FileProblem)
  /// Another program has changed the data file since it was loaded.
  case changedElsewhere
  /// The data cannot carry what is asked of it.
  case refused(Refusal)
}

/// Why an analysis gives no answer rather than a wrong one.
package struct Refusal: Hashable, Sendable {
  /// Stable error code such as `too-little-data`.
  package var code: String
  /// What was found and what is needed, in words.
  package var message: String
  /// How to mend it.
  package var hint: String?

  /// Makes a refusal.
  package init(code: String, message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

/// What is wrong with a file as a whole.
package struct FileProblem: Hashable, Sendable {
  /// Stable error code such as `file-not-found`.
  package var code: String
  /// The path as the user gave it.
  package var path: String
  /// Line, counted from 1, where there is one.
  package var line: Int?
  /// What was found and expected, in words.
  package var message: String
  /// How to mend it.
  package var hint: String?

  /// Makes a problem.
  package init(
    code: String, path: String, line: Int? = nil, message: String, hint: String? = nil
  ) {
    self.code = code
    self.path = path
    self.line = line
    self.message = message
    self.hint = hint
  }
}

/// What is wrong with one cell or row of an imported file.
package struct CellProblem: Hashable, Sendable {
  /// Stable error code such as `cell-not-a-date`.
  package var code: String
  /// Line of the record's first byte, counted from 1.
  package var line: Int
  /// Column, counted from 1; nil when the whole row is wrong.
  package var column: Int?
  /// The column's header.
  package var header: String?
  /// What was found (at most 40 characters of the cell) and expected, in words.
  package var message: String
  /// How to mend it.
  package var hint: String?

  /// Makes a problem.
  package init(
    code: String, line: Int, column: Int?, header: String?, message: String, hint: String? = nil
  ) {
    self.code = code
    self.line = line
    self.column = column
    self.header = header
    self.message = message
    self.hint = hint
  }
}
