import Store
import Syntax

/// What the operators of one running query share.
final class Execution {
  /// The tables.
  let database: Database
  /// The query that runs.
  let query: BoundQuery
  /// The day that `today` is.
  let today: Int
  /// The values of `query.scalars`.
  let scalars: [Scalar]
  /// What verbs have told under the answer that this one refines.
  let told: ToldFacts
  /// The values of `query.perRow`, by row of the relation they belong to; filled as they are computed.
  var perRow: [RowValues?]
  /// Those of `perRow` that a step of the plan reads; nil for all.
  var readPerRow: Set<Int>?
  /// What the answer looks like, when a verb made it.
  var drawing: Drawing?
  /// Related records that can be read clustered, by the step that leads to them, and which of their
  /// fields.
  var clustered: [RelatedPath.Step: (relation: Relation, fields: [FieldID], isWhole: Bool)] = [:]
  /// Values of related records that were computed for all records at once, by row; behind the last
  /// row the value of a record without any.
  var passed: [BoundRelated: Column] = [:]
  /// What the values in `perRow` that are not in columns take.
  var claims: [BudgetClaim] = []
  /// Counts what is read; nil where nobody looks.
  var rowsRead: RowsRead?
  /// Facts found while running.
  var notes: [Note] = []
  /// Counters of the filters, one a worker; read when the rows are through.
  var unknownCounters: [UnknownCounter] = []
  /// Rows before the last round's `top`, `limit` or `sample` cut them; nil when nothing was cut.
  var rowCountBeforeCut: Int?

  init(
    database: Database, query: BoundQuery, today: Int, scalars: [Scalar],
    told: ToldFacts = ToldFacts()
  ) {
    self.database = database
    self.query = query
    self.today = today
    self.scalars = scalars
    self.told = told
    self.perRow = query.perRow.map { _ in nil }
  }

  /// Whether a step of the plan reads one of `perRow`.
  func isRead(_ perRow: Int) -> Bool { readPerRow?.contains(perRow) ?? true }
}

/// The rows a stretch of a plan works on: an entity's table, the groups of a `group by`, or records in
/// the order of those they refer to.
final class Relation {
  private enum Form {
    case table(Table)
    /// Some columns of a table, in the order of the children of an adjacency.
    case clustered(Adjacency, of: Table)
    /// Groups: empty until the group operator has run.
    case groups([Column], rowCount: Int)
  }

  private var form: Form

  /// The records of a table.
  init(_ table: Table) { form = .table(table) }

  /// The children of an adjacency, records of a table, each by its place.
  init(_ adjacency: Adjacency, of table: Table) { form = .clustered(adjacency, of: table) }

  /// Groups that are still to be made.
  init() { form = .groups([], rowCount: 0) }

  /// Takes the groups in, one vector a column.
  func fill(_ vectors: [Vector], types: [ValueType], budget: Budget) throws(StoreError) {
    var columns: [Column] = []
    for (vector, type) in zip(vectors, types) {
      let column = Column(type: type, budget: budget)
      try column.append(vector)
      columns.append(column)
    }
    form = .groups(columns, rowCount: vectors.first?.count ?? 0)
  }

  /// Whether the rows are records, in whatever order, so that its columns are there from the start.
  var isOfRecords: Bool { records != nil }

  /// The reference by whose target the rows stand one behind the other; nil where they do not.
  var clusteredBy: FieldID? {
    if case .clustered(let adjacency, _) = form { return adjacency.reference }
    return nil
  }

  /// The first row from `row` on at which the rows may be parted: those of one parent stay together.
  func boundary(from row: Int) -> Int {
    if case .clustered(let adjacency, _) = form { return adjacency.firstBoundary(from: row) }
    return row
  }

  /// The table that the records are of, in whatever order they stand; nil for groups.
  var records: Table? {
    switch form {
    case .table(let table), .clustered(_, let table): table
    case .groups: nil
    }
  }

  /// The table, when the rows are those of it.
  var table: Table? {
    if case .table(let table) = form { return table }
    return nil
  }

  /// All rows, dead ones included.
  var rowCount: Int {
    switch form {
    case .table(let table): table.rowCount
    case .clustered(let adjacency, _): adjacency.coveredCount
    case .groups(_, let rowCount): rowCount
    }
  }

  /// The column of an expression that is a stored field of the records themselves; nil for others.
  func plainColumn(_ expression: BoundExpression) -> Column? {
    guard case .field(let path) = expression, path.hops.isEmpty, isOfRecords else { return nil }
    return column(path.field)
  }

  /// The column of a field or, over groups, of a group's column.
  func column(_ field: FieldID) -> Column {
    switch form {
    case .table(let table): return table.column(field)
    case .clustered(let adjacency, _):
      guard let column = adjacency.clusteredColumn(field) else {
        preconditionFailure("a field that is not kept clustered")
      }
      return column
    case .groups(let columns, _): return columns[field.index]
    }
  }
}
