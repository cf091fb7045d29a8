import Store

/// An analytic verb that SQL has words for; one file a verb says which.
protocol SQLAnalysis: Analysis {
  /// Writes the verb's rows as a statement of `columns` by their names: for a verb that judges each
  /// subject one row a subject, its key before them as `subject`.
  ///
  /// - Returns: What the statement is called.
  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String

  /// Writes the headline as a statement of one row of `summaryColumns`.
  ///
  /// - Returns: What the statement is called.
  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String

  /// What the verb's own rows go by; nothing for a verb that judges each subject.
  var rowOrder: [AnalysisOrder] { get }
  /// Whether what they go by may be unknown.
  var mayOrderBeUnknown: Bool { get }
}

extension SQLAnalysis {
  var rowOrder: [AnalysisOrder] { [] }
  var mayOrderBeUnknown: Bool { false }
}

/// What the statements of a verb are written with. Each statement holds one idea and has a name, by
/// which the next one reads it.
struct VerbTranslation {
  let translation: Translation
  let writer: ExpressionWriter
  let bound: BoundAnalysis
  /// The rows that come in: a table, or a statement before, with nothing done to it.
  let row: SQLRow
  /// Whether these rows are all records of their entity.
  let isWhole: Bool

  var dialect: Dialect { translation.dialect }

  /// The as-of date.
  var asOf: SQL { day(bound.asOf) }

  /// A day as it is written.
  func day(_ day: Int) -> SQL { writer.literal(.word(Int64(day)), .date) }

  /// The name of the column that counts the subjects: `customers`, or what it begins with before that.
  func subjectCount(_ beginning: String = "") -> String {
    let analysis = bound.analysis
    let columns = bound.isSummary ? analysis.summaryColumns : analysis.columns
    let place = columns.firstIndex { $0 == .subjectCount(beginning) }
    return place.map { columns.named(after: bound.subjectsName)[$0].name } ?? beginning
  }

  /// A statement: what it selects, with the names it gives (`table.*` has its own), and the clauses
  /// after that.
  ///
  /// - Returns: What it is called.
  func define(
    _ name: String, _ columns: [(sql: String, name: String)], from source: String,
    where conditions: [SQL] = [], by keys: [String] = []
  ) -> String {
    let select = Select(from: source)
    select.conditions = conditions
    select.keys = keys
    return define(name, columns, select)
  }

  /// A statement that is a `SELECT` already, but for its columns.
  func define(
    _ name: String, _ columns: [(sql: String, name: String)], _ select: Select
  ) -> String {
    select.columns = columns.map { sql, name in
      if sql.hasSuffix(".*") { return (sql, nil) }
      let name = translation.written(name)
      let isColumn = sql.hasSuffix(".\(name)") && !sql.contains(" ")
      return (sql, isColumn || sql == name ? nil : name)
    }
    return translation.define(select.text, named: translation.unused(name))
  }

  /// A whole number divided by one, as a number.
  func ratio(_ a: String, _ b: String) -> String {
    "CAST(\(a) AS \(dialect.realType)) / nullif(\(b), 0)"
  }

  // MARK: subjects

  /// The statement of all subjects, and their key in it.
  func subjects() throws(TranslateReason) -> (source: String, key: String) {
    guard case .keys(let key, _, _) = bound.subjects else {
      return (row.select.source ?? row.alias, keyOfRow)
    }
    let select = Select(from: row.select.source)
    let value = try writer.value(
      key, SQLRow(select, alias: row.alias, row.kind, perRow: row.perRow))
    select.conditions = [SQL("\(value.operand) IS NOT NULL", .test)]
    select.keys = [value.text]
    let name = define("subjects", [(value.text, "subject")], select)
    return (name, "\(name).subject")
  }

  /// The statement of what is read of each record that comes in: `subject`, and a column for each of
  /// the values.
  func values(_ name: String, _ columns: [(place: Int, name: String)]) throws(TranslateReason)
    -> String
  {
    let select = Select(from: row.select.source)
    let row = SQLRow(select, alias: self.row.alias, self.row.kind, perRow: self.row.perRow)
    row.computed = self.row.computed
    var written = [(keyOfRow, "subject")]
    for column in columns {
      written.append((try writer.value(bound.values[column.place], row).text, column.name))
    }
    return define(name, written, select)
  }

  /// The key of a record that comes in.
  var keyOfRow: String {
    guard case .records(let entity) = row.kind else {
      preconditionFailure("a verb judges records, or values of a field of theirs")
    }
    return translation.key(of: entity, in: row.alias)
  }

  // MARK: events

  /// The statement of the events that count, none later than the as-of date: `subject`, `event_day`, and
  /// a column for each of their values.
  ///
  /// - Parameters:
  ///   - place: Which of the verb's events.
  ///   - names: What their values are called; an empty one is left out.
  ///   - group: What tells groups of them apart is called.
  ///   - isNumbered: Whether there is `place` too, the number of each among its subject's.
  func events(
    _ place: Int = 0, values names: [String], group: String? = nil, isNumbered: Bool = false
  ) throws(TranslateReason) -> String {
    let events = bound.events[place]
    let (select, row, subject) = try source(of: events)
    let day = try writer.value(events.day, row)
    for condition in [events.valid, events.filter].compactMap({ $0 }).flatMap(\.conjuncts) {
      select.conditions.append(try writer.condition(condition, row))
    }
    select.conditions.append(
      SQL("\(day.operand) <= \(self.day(events.through ?? bound.asOf).text)", .test))
    var columns = [(subject.text, "subject"), (day.text, "event_day")]
    for (value, name) in zip(events.values, names) where !name.isEmpty {
      columns.append((try writer.value(value, row).text, name))
    }
    if let group, let expression = events.group {
      columns.append((try writer.value(expression, row).text, group))
    }
    if isNumbered {
      let order = try order(of: events, row).joined(separator: ", ")
      columns.append(
        ("row_number() OVER (PARTITION BY \(subject.text) ORDER BY \(order))", "place"))
    }
    return define("events", columns, select)
  }

  /// Where events are read, each with its subject's key.
  private func source(
    of events: BoundEvents
  ) throws(TranslateReason) -> (Select, SQLRow, subject: SQL) {
    let select = Select(from: nil)
    guard case .down(_, let field)? = events.path?.steps.last else {
      guard case .keys(let key, _, _) = bound.subjects else {
        preconditionFailure("events without a way to them are the records that come in")
      }
      select.source = self.row.select.source
      let row = SQLRow(select, alias: self.row.alias, self.row.kind, perRow: self.row.perRow)
      let subject = try writer.value(key, row)
      select.conditions = [SQL("\(subject.operand) IS NOT NULL", .test)]
      return (select, row, subject)
    }
    // Joined, not correlated: what events read of their subject is joined beside them.
    let parent = SQLRow(select, alias: self.row.alias, self.row.kind, perRow: self.row.perRow)
    let row = translation.records(of: events.entity, in: select, parent: parent)
    let subject = SQL(translation.column(field, of: events.entity, in: row.alias))
    if isWhole, !events.expressions.contains(where: \.readsOuter) {
      select.conditions = [SQL("\(subject.text) IS NOT NULL", .test)]
    } else {
      let subjects = self.row.select.source ?? self.row.alias
      select.source =
        "\(select.source ?? row.alias)\nJOIN \(subjects) ON \(keyOfRow) = \(subject.text)"
    }
    return (select, row, subject)
  }

  /// The order of a subject's events: by the moment, then as they stand in the file.
  private func order(of events: BoundEvents, _ row: SQLRow) throws(TranslateReason) -> [String] {
    let definition = translation.catalog[events.entity]
    func field(_ field: FieldID) -> BoundExpression {
      .field(FieldPath(field: field, type: definition[field].type, text: definition[field].name))
    }
    var keys = events.isByOwnTime ? [] : [events.time ?? events.day]
    if events.path != nil, let time = definition.timeField { keys.append(field(time)) }
    keys.append(field(definition.key))
    // Events without a day are left out.
    row.known.formUnion(
      keys.prefix(events.isByOwnTime || events.time != nil ? 1 : 0) + [events.day])
    var terms: [String] = []
    for key in keys {
      for term in try writer.order(key, row) where !terms.contains(term) { terms.append(term) }
    }
    return terms
  }
}

extension BoundExpression {
  /// Whether it reads the row around the one it is about.
  fileprivate var readsOuter: Bool {
    if case .outer = self { return true }
    if case .related(let related) = self {
      return [related.filter, related.aggregate.argument].compactMap { $0 }
        .contains(where: \.readsOuter)
    }
    return children.contains(where: \.readsOuter)
  }
}
