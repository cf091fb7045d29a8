import Store
import Syntax

/// An analytic verb with its options: what it makes of its subjects and their events. One file a verb,
/// with the definition, says how it is bound and how it runs.
protocol Analysis: Sendable {
  /// The columns: for a verb that judges each subject those after the subject itself.
  var columns: [AnalysisColumn] { get }
  /// The columns of the headline, `VERB … summary`.
  var summaryColumns: [AnalysisColumn] { get }
  /// The verb's options in words, for `explain`.
  var detail: String { get }
  /// What its rows are shown by, for a verb that judges each subject; none is the order of keys. Then
  /// `AnalysisResult.order` is that order.
  var order: [AnalysisOrder] { get }
  /// Whether the drawing says all that the table says, and stands in its place.
  var isDrawingWhole: Bool { get }

  /// How files show the rows, where that is not as they are; nil is as they are.
  var wide: WideForm? { get }

  /// Bytes it keeps of each subject it judges, about, until its answer has been read.
  var byteCountPerSubject: Int { get }

  /// Makes the columns and what stands under them.
  func run(_ input: AnalysisInput) throws(StoreError) -> AnalysisResult
}

extension Analysis {
  var order: [AnalysisOrder] { [] }
  var isDrawingWhole: Bool { false }
  var wide: WideForm? { nil }
  var byteCountPerSubject: Int { 0 }
}

/// Rows spread for reading, as `across` does: one column for each value of a key.
struct WideForm: Hashable, Sendable {
  /// The column that is spread; it and those before it are keys.
  var key: String
  /// Columns that only the long form has.
  var dropped: [String]
}

/// One key of the order in which a verb gives its subjects.
struct AnalysisOrder: Hashable, Sendable {
  var column: String
  var isDescending: Bool
}

/// A column of a verb's result.
struct AnalysisColumn: Hashable, Sendable {
  var name: String
  var type: ValueType
  /// How a terminal shows it.
  var display: OutputColumn.Display = .plain
  /// Whether it gives way first where a terminal has no room for all.
  var isDetail = false
  /// Whether its name is only the beginning of one, and what the subjects are called follows.
  var isNamedAfterSubjects = false

  init(_ name: String, _ type: ValueType, _ display: OutputColumn.Display = .plain) {
    self.name = name
    self.type = type
    self.display = display
  }

  /// How many of the subjects, called after them: `customers`, or `top_customers`.
  static func subjectCount(_ beginning: String = "") -> AnalysisColumn {
    var column = AnalysisColumn(beginning, .integer)
    column.isNamedAfterSubjects = true
    return column
  }

  /// The same as one that gives way first.
  var asDetail: AnalysisColumn {
    var column = self
    column.isDetail = true
    return column
  }
}

extension [AnalysisColumn] {
  /// The columns with all their names; a second one of a name is `…_2`.
  func named(after subjects: String) -> [AnalysisColumn] {
    map { column in
      guard column.isNamedAfterSubjects else { return column }
      var named = column
      named.name += subjects
      let isTaken = contains { $0.name.lowercased() == named.name.lowercased() }
      if isTaken { named.name += "_2" }
      return named
    }
  }
}

/// What a verb is given: its subjects, numbered from 0, in no order that matters.
struct AnalysisInput {
  /// The subjects.
  var count: Int
  /// Reads the events of each subject, for each of `BoundAnalysis.events`.
  var events: EventReader
  /// For each of `BoundAnalysis.values` its value a subject.
  var values: [Vector]
  /// For each of `BoundAnalysis.others` its records.
  var others: [OtherRecords] = []
  /// The day that `today` is, or `as of` makes it: no event is later.
  var asOf: Int
  /// What the subjects are called.
  var plural: String
  /// Whom the subject's memory is asked of.
  var budget: Budget
  /// Labels and keys of records, for drawings.
  var database: Database
  /// The places of the columns that anybody reads; nil for all.
  var wantedColumns: Set<Int>?

  /// Whether anybody reads a column; one that nobody does may be left empty or unknown.
  func isWanted(_ column: Int) -> Bool { wantedColumns?.contains(column) ?? true }
}

/// All records of another entity, and what is read of them.
struct OtherRecords {
  /// Their rows, ascending.
  var rows: [Int32]
  /// For each of `BoundOthers.values` its value a record.
  var values: [Vector]
}

/// What a verb made.
struct AnalysisResult {
  /// The values of `Analysis.columns`: one a subject, or one a row of the verb's own.
  var columns: [AnalysisValues]
  /// For a verb that judges each subject: the subjects in the order they are shown; nil where
  /// `BoundRound.order` says it.
  var order: [Int32]?
  /// The values of `Analysis.summaryColumns`.
  var summary: [Scalar]
  /// What it looks like.
  var drawing: Drawing?
  /// The rules used, and what else is to be known.
  var facts: [VerbFact] = []

  init(
    columns: [AnalysisValues], summary: [Scalar], drawing: Drawing? = nil, facts: [VerbFact] = []
  ) {
    self.columns = columns
    self.summary = summary
    self.drawing = drawing
    self.facts = facts
  }

  init(columns: [Vector], summary: [Scalar], drawing: Drawing? = nil, facts: [VerbFact] = []) {
    self.init(
      columns: columns.map(AnalysisValues.init), summary: summary, drawing: drawing, facts: facts)
  }
}

/// A verb in a query: where its subjects and their events come from, and where its columns go.
package struct BoundAnalysis: Sendable {
  /// Whom the verb judges.
  enum Subjects: Sendable {
    /// The records that come in. Those of a verb that judges each stay records: its columns become
    /// values of theirs, at these places of `BoundQuery.perRow`, the record itself first.
    case records(perRow: [Int])
    /// The records that come in, of which the verb makes rows of its own.
    case folded
    /// The values of a field of the records that come in, which are the events: the verb makes a row
    /// of each value, or rows of its own.
    case keys(BoundExpression, AnalysisColumn, isFolded: Bool)
  }

  /// The verb's word.
  var verb: Verb
  /// What it makes.
  var analysis: any Analysis
  /// Whom it judges.
  var subjects: Subjects
  /// What it reads of events.
  var events: [BoundEvents]
  /// What it reads of the subjects.
  var values: [BoundExpression]
  /// What it reads of all records of other entities.
  var others: [BoundOthers] = []
  /// Whether the headline alone is asked for.
  var isSummary: Bool
  /// What the subjects are called.
  var plural: String
  /// What they are called in the name of a column.
  var subjectsName: String
  /// The day that `today` is, or `as of` makes it.
  var asOf: Int
  /// Days without an event after which the newest is called old; see `settings`.
  var staleDays: Int

  /// Whether the rows after it are the verb's own rather than the records that came in.
  package var makesRows: Bool {
    if isSummary { return true }
    if case .records = subjects { return false }
    return true
  }

  /// The columns of the relation it makes, where it makes one.
  var rowColumns: [AnalysisColumn] {
    if isSummary { return analysis.summaryColumns.named(after: subjectsName) }
    if case .keys(_, let key, false) = subjects { return [key] + analysis.columns }
    return analysis.columns.named(after: subjectsName)
  }

  /// The ways it goes to events, those in what it reads included.
  var relatedPaths: [RelatedPath] {
    events.compactMap(\.path)
      + events.flatMap(\.expressions).flatMap(\.relateds).map(\.path)
      + others.flatMap(\.expressions).flatMap(\.relateds).map(\.path)
  }

  /// The verb with its options and where its events come from, for `explain`.
  var detail: String {
    let options = analysis.detail
    return verb.rawValue + (options.isEmpty ? "" : " \(options)") + (isSummary ? " summary" : "")
  }

  /// What it reads of its subjects and of events in the same records.
  var expressions: [BoundExpression] {
    var all = values
    if case .keys(let key, _, _) = subjects {
      all.append(key)
      all += events.flatMap(\.expressions)
    }
    return all
  }
}

/// All records of an entity beside the subjects': whom a verb counts, related to a subject or not.
struct BoundOthers: Sendable {
  /// Whose records.
  var entity: EntityID
  /// Which of them were there; nil is all.
  var present: BoundExpression?
  /// What is read of each.
  var values: [BoundExpression]

  /// Everything read of a record.
  var expressions: [BoundExpression] { values + [present].compactMap { $0 } }
}

/// The events a verb reads: dated records of each subject.
struct BoundEvents: Sendable {
  /// The way from the subject to them; nil where the records that come in are the events.
  var path: RelatedPath?
  /// Their entity.
  var entity: EntityID
  /// When it happened: a date.
  var day: BoundExpression
  /// Whether `day` is the order in which a relation gives them.
  var isByOwnTime: Bool
  /// For events with a time of day the same as seconds, by which ties of a day are told apart.
  var time: BoundExpression?
  /// Words the verb reads of each: money, integers, choices, rows of references.
  var values: [BoundExpression]
  /// What tells groups of events apart, of any type; the number of its group follows the values.
  var group: BoundExpression?
  /// The entity's own condition that a record counts; those it leaves out are counted.
  var valid: BoundExpression?
  /// The condition and the window asked for.
  var filter: BoundExpression?
  /// Events later than this day are left out; nil: the verb's as-of date.
  var through: Int?

  /// The events of no subject.
  var none: SubjectEvents {
    var none = SubjectEvents(valueCount: values.count + (group == nil ? 0 : 1))
    none.groupKeys = group.map { Vector(unknown: $0.type, count: 0) }
    return none
  }

  /// Everything read of an event.
  var expressions: [BoundExpression] {
    [day] + values + [group, time, valid, filter].compactMap { $0 }
  }
}
