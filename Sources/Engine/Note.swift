import Store

/// A fact about an answer for its footer. The shell holds the words; the engine formats no text.
package enum Note: Hashable, Sendable {
  /// How many rows the answer has, of how many before `top`, `limit` or `sample` cut them, and what
  /// one and several are called.
  case rowCount(Int, of: Int, singular: String, plural: String)
  /// The order: each key as written and whether descending; for records without `order by`, none.
  case order([OrderFact])
  /// `top` or `bottom` cut between rows of equal value.
  case tieCut
  /// A period or point as written, and its days: `last 30 days`, first and last day number; nil is open.
  case resolved(text: String, from: Int?, through: Int?)
  /// Rows kept only because a value is unknown: how many and which fields, as written.
  case includesUnknown(count: Int, fields: [String], plural: String)
  /// `top` or `bottom` or a ranking left out rows whose value is unknown.
  case leftOutUnknown(count: Int, field: String)
  /// What `in top P%` really took.
  case tookShare(text: String, taken: Int, of: Int, hasTies: Bool)
  /// The population of a rank, ntile or share: as written, how many rows, and what they are called.
  case population(text: String, count: Int, plural: String)
  /// No record has the literal; the values nearest or commonest.
  case valueNotFound(plural: String, field: String, literal: String, others: [String])
  /// Two groups differ only by case.
  case groupsDifferByCase(field: String, example: String, other: String)
  /// A group by calendar unit is cut by a window; the window that would not cut it.
  case cutPeriod(group: String, offered: String)
  /// The seed a sample drew.
  case seed(UInt64)
  /// An import's result: rows taken and where they went.
  case imported(count: Int, entity: String, isNew: Bool)
  /// How one column of an import was read.
  case importedColumn(header: String, field: String, type: String, unknownCount: Int)
  /// Marks such as `N/A` that became unknown in a typed column.
  case unknownMarks(header: String, count: Int)
  /// Rows an import left out, and the file that lists them.
  case rejected(count: Int, path: String)
  /// Records that `matching` found and changed.
  case updatedRecords(count: Int, entity: String)
  /// Bare records an import added for references not found.
  case addedRecords(count: Int, entity: String)
  /// A column of a file that no field takes.
  case unusedColumn(header: String)
  /// Invalid orders are counted; the field that leaves them out.
  case countsInvalid(plural: String, field: String)
  /// The rewrites of the plan that fired, for `explain`.
  case rewrites([String])
  /// Rows were written to a file.
  case wroteFile(path: String, rowCount: Int)

  /// One key of the order.
  package struct OrderFact: Hashable, Sendable {
    /// As written.
    package var text: String
    /// Largest first.
    package var isDescending: Bool

    /// Makes a fact.
    package init(text: String, isDescending: Bool) {
      self.text = text
      self.isDescending = isDescending
    }
  }

  /// Stable name of the kind of note.
  package var code: String {
    switch self {
    case .rowCount: "row-count"
    case .order: "order"
    case .tieCut: "tie-cut"
    case .resolved: "resolved"
    case .includesUnknown: "includes-unknown"
    case .leftOutUnknown: "left-out-unknown"
    case .tookShare: "took-share"
    case .population: "population"
    case .valueNotFound: "value-not-found"
    case .groupsDifferByCase: "groups-differ-by-case"
    case .cutPeriod: "cut-period"
    case .seed: "seed"
    case .imported: "imported"
    case .importedColumn: "imported-column"
    case .unknownMarks: "unknown-marks"
    case .rejected: "rejected"
    case .updatedRecords: "updated-records"
    case .addedRecords: "added-records"
    case .unusedColumn: "unused-column"
    case .countsInvalid: "counts-invalid"
    case .rewrites: "rewrites"
    case .wroteFile: "wrote-file"
    }
  }
}
