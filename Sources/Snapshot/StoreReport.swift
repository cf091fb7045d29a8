/// What a data file was found to be: by `checkStore` as it stands, by `salvageStore` as it was and
/// what of it is in the new one.
package struct StoreReport: Hashable, Sendable {
  /// What is worth telling of one place.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// Pages or indexes of the file are not what they have to be.
    case pages = "damaged-pages"
    /// The definitions cannot be read, or are not as they were written.
    case catalog = "damaged-catalog"
    /// A table or a column is not there.
    case missingTable = "missing-table"
    case missingColumn = "missing-column"
    /// Rows cannot be read.
    case unreadableRows = "unreadable-rows"
    /// Rows are not as they were written, or not as many: they may hold wrong values.
    case changedRows = "changed-rows"
    /// Nothing proves some rows, which is no damage: another program wrote them.
    case unprovedRows = "not-proved"
    /// A cell holds what its field cannot. Salvaged, it is unknown.
    case badValue = "bad-value"
    /// A key is there twice, or stands out of order. Salvaged, the first one stays.
    case badKey = "bad-key"
    /// A reference names a row that is not there. Salvaged, it is unknown.
    case dangling = "dangling-reference"
    /// The key that the next record gets was given before, or cannot be read.
    case nextKey = "bad-next-key"
    /// What is kept beside the rows, for a quick opening, is not what they are.
    case columns = "damaged-columns"
  }

  /// One thing that was found.
  package struct Finding: Hashable, Sendable {
    /// The table's name in the file; nil when the finding is about the file.
    package var table: String?
    /// The rows it is about, in words: `17`, `'a' to 'c'`, `row numbers 5 to 9`; nil for all of them,
    /// or when it is not about rows.
    package var keys: String?
    /// What kind of thing.
    package var code: Code
    /// A sentence: lower case, no full stop.
    package var message: String

    /// Makes a finding.
    package init(table: String? = nil, keys: String? = nil, code: Code, message: String) {
      self.table = table
      self.keys = keys
      self.code = code
      self.message = message
    }

    /// Whether something is wrong, rather than worth knowing.
    package var isDamage: Bool { code != .unprovedRows }
  }

  /// All that was found, the file first, then table by table.
  package var findings: [Finding] = []
  /// Tables of records that were read.
  package var tableCount = 0
  /// Records that were read; when salvaged, those in the new file.
  package var recordCount = 0
  /// Chunks of rows whose sum holds.
  package var provedChunkCount = 0
  /// Chunks of rows that have no sum.
  package var unprovedChunkCount = 0

  /// Makes a report of nothing.
  package init() {}

  /// Whether nothing is damaged or lost. Rows that another program wrote are not.
  package var isClean: Bool { !findings.contains { $0.isDamage } }

  /// Adds what was found of the file.
  mutating func add(_ code: Code, _ message: String) {
    findings.append(Finding(code: code, message: message))
  }

  /// Adds what was found of a table.
  mutating func add(
    _ code: Code, _ table: String, keys: String? = nil, _ message: String
  ) {
    findings.append(Finding(table: table, keys: keys, code: code, message: message))
  }
}
