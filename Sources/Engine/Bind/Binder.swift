import Store
import Syntax

/// Turns a syntax tree into a bound query: names become catalog ids, expressions get types, choices
/// become codes and periods their dates.
///
/// A function that finds a mistake reports it and gives nil, so that independent mistakes show
/// together; nothing is thrown before the end. A binder is used once a statement; the functions
/// that do the work are in the extensions, one file a topic.
package struct Binder {
  /// The most nodes that names and computed fields may stand for: they are inlined, so the text's
  /// own limits do not bound them. It also keeps bound expressions within a small stack.
  static let nodeCountMax = 20_000

  let catalog: Catalog
  /// What the analytic verbs and the ladder go by, as the catalog has it.
  var rules: HouseRules { catalog.rules }
  /// The day that `today` is, or `as of` makes it.
  var today: Int
  /// The day that `today` is, whatever `as of` says.
  let present: Int
  let drawnSeed: UInt64

  var diagnostics: [Diagnostic] = []
  /// The query under construction; finished rounds are in it.
  var query = BoundQuery(entity: EntityID(0))
  /// The round under construction.
  var round = BoundRound()
  /// What names mean where the binder stands.
  var scope = Scope(.nothing)
  /// Which clause is being bound.
  var clause = Clause.filter
  /// Set while the argument or the condition of an aggregate is bound.
  var isInAggregate = false
  /// Set while something of the enclosing row is bound for its related records.
  var isOutside = false
  /// What was being bound around the related records in scope, outermost first.
  var frames: [Frame] = []
  /// While an aggregate's argument is bound over related records: the names that lead there. Paths
  /// that do not begin with them are those of the enclosing row.
  var argumentRelation: [Name]?
  /// What parameters stand for, by folded name.
  let parameters: [String: ParameterValue]
  /// What `it` means; nil when there is no answer yet.
  var lastAnswer: LastAnswer?
  /// Set while an aggregate's argument is bound over the last answer: paths begin with `it`.
  var isOverLast = false
  /// The day of `as of`; nil without it.
  var asOf: Int?
  /// Set while keys and aggregates make groups of this round.
  var grouping: Grouping?
  /// Per-row computations that keys and aggregates of this round need before the group.
  var perRowBeforeGroup: [Int] = []
  /// Where each field was read in the expression being bound, for messages about groups.
  var uses: [FieldUse] = []
  /// Fields that `where` and `order by` name, which a terminal shows when nothing is shown.
  var namedFields: [(name: String, expression: BoundExpression)] = []
  /// Computed fields, segments and standards being inlined, outermost first; before them the
  /// definition that is being made.
  var openNames: [OpenName] = []
  /// What the names in that definition stand for.
  var mentions: [(range: SourceRange, mention: Mention)] = []
  /// While a segment's condition is bound, what it ranks over: its entity within its window.
  var population: (entity: EntityID, window: BoundExpression?)?
  /// The source's window as days and the period it was written as.
  var sourceWindow: (days: DayRange, period: Period?)?
  /// The verb whose subjects are being bound.
  var verbAhead: Verb?
  /// The last `show`, in the terms of the last relation.
  var shown: [BoundColumn]?
  /// Names of columns that could not be bound: using one is no further mistake.
  var brokenNames: [String] = []
  /// What stands opposite the expression being bound, in messages.
  var comparedText = "this field"
  /// Nodes inlined so far.
  var nodeCount = 0

  /// Makes a binder for one statement.
  ///
  /// - Parameters:
  ///   - today: The day number of `today`.
  ///   - drawnSeed: The seed of a `sample` that names none.
  ///   - parameters: What `$name` stands for, by folded name.
  ///   - lastAnswer: What `it` means.
  package init(
    catalog: Catalog, today: Int, drawnSeed: UInt64 = 0,
    parameters: [String: ParameterValue] = [:], lastAnswer: LastAnswer? = nil
  ) {
    self.parameters = parameters
    self.lastAnswer = lastAnswer
    self.catalog = catalog
    self.today = today
    present = today
    self.drawnSeed = drawnSeed
  }

  /// Binds the query of a `find`.
  ///
  /// - Parameter showsEveryField: See `bindColumns`.
  /// - Throws: `Failure` with one to five diagnostics in the order of the text.
  package func bind(
    _ query: Query, showsEveryField: Bool = false
  ) throws(Failure) -> BoundQuery {
    var binder = self
    binder.bindSource(query)
    binder.bindColumns(showsEveryField: showsEveryField)
    binder.noteTrackedAsOf()
    try binder.finish()
    return binder.query
  }

  /// Binds `count SOURCE where C by K`: the grouped count, or one row of one count.
  package func bindCount(_ statement: CountStatement) throws(Failure) -> BoundQuery {
    var query = statement.query
    if query.rounds[0].group == nil {
      let start = SourceRange(query.range.lowerBound, query.range.lowerBound)
      let count = Call(name: Name("count", range: start), arguments: [])
      query.rounds[0].show = ShowClause(
        columns: [NamedExpression(Expression(.call(count), range: start))], range: start)
    }
    return try bind(query)
  }

  /// Throws what was reported, in the order of the text.
  func finish() throws(Failure) {
    guard !diagnostics.isEmpty else { return }
    let numbered = diagnostics.enumerated().sorted { a, b in
      let (x, y) = (a.element.range?.lowerBound ?? 0, b.element.range?.lowerBound ?? 0)
      return x == y ? a.offset < b.offset : x < y
    }
    throw Failure(numbered.map(\.element))
  }

  /// Binds a query's source, its window and its rounds, one after the other.
  mutating func bindSource(_ query: Query) {
    // What stands in brackets is seen as of that day too.
    var asOf = query.asOf
    if let clause = asOf, query.source.isNested {
      scope = Scope(.store)
      bindAsOf(clause)
      asOf = nil
    }
    switch query.source {
    case .named(let name): guard bindSource(name) else { return }
    case .it(let range): guard bindLastAnswer(at: range) else { return }
    case .query(let inner):
      if let into = inner.rounds.lazy.compactMap(\.into).first {
        report(.intoNotLast, at: into.range)
      }
      bindSource(inner)
      guard scope.relation != .nothing else { return }
    case .verb(let call): guard bindVerb(call) else { return }
    }
    if let asOf { bindAsOf(asOf) }
    if let window = query.window { bindSourceWindow(window, of: query) }
    bindPresence()
    if case .named(let name) = query.source { bindSourceSegment(name) }
    for (index, round) in query.rounds.enumerated() {
      bindRound(round, of: query)
      if index + 1 < query.rounds.count, let into = round.into {
        report(.intoNotLast, at: into.range)
      }
    }
    self.query.into = query.rounds.last?.into
  }

  /// Binds one round: the clauses in the order in which they apply, one line each.
  mutating func bindRound(_ round: Round, of query: Query) {
    if let filter = round.filter { bindFilter(filter, of: round, in: query) }
    bindGroup(round)
    let columns = bindShow(round)
    if let order = round.order { bindOrder(order) }
    if let sample = round.sample { bindSample(sample) }
    if let limit = round.limit { bindLimit(limit) }
    closeRound(columns)
  }

  /// `where C`
  mutating func bindFilter(_ filter: FilterClause, of round: Round, in query: Query) {
    clause = .filter
    begin(movableFilter: filter, isGrouped: round.group != nil, end: query.range.upperBound)
    self.round.filter = bindCondition(filter.condition, place: "where")
    self.round.filterOrigin = .filter(filter.condition)
    movableFilter = nil
  }

  /// A `where` that an aggregate in it could move behind the group.
  var movableFilter: (filter: FilterClause, isGrouped: Bool, end: Int)?

  private mutating func begin(movableFilter filter: FilterClause, isGrouped: Bool, end: Int) {
    movableFilter = (filter, isGrouped, end)
  }
}

extension Source {
  /// Whether it is a query or a verb of its own, bound before what follows it.
  fileprivate var isNested: Bool {
    switch self {
    case .named, .it: false
    case .query, .verb: true
    }
  }
}

/// The clauses, as far as they differ in what they may hold.
enum Clause {
  case filter, key, show, order, store, set, add, definition

  /// Whether aggregates may stand in it once there are groups.
  var takesGroups: Bool { self == .show || self == .order }

  /// Where an expression stands, in messages.
  var place: String {
    switch self {
    case .filter: "in 'where'"
    case .key: "in 'group by'"
    case .show: "in 'show'"
    case .order: "in an order"
    case .store: "in 'calc'"
    case .set: "in 'set'"
    case .add: "in 'add'"
    case .definition: "in a computed field"
    }
  }
}

extension Binder {
  /// Remembers a mistake. One place is reported once for one reason.
  mutating func report(_ reason: BindReason, at range: SourceRange?, fixes: [Fix] = []) {
    report(Diagnostic(reason, at: inliningRange ?? range, fixes: isInlining ? [] : fixes))
  }

  /// Remembers a mistake in a statement that changes records.
  mutating func report(change reason: ChangeReason, at range: SourceRange, fixes: [Fix] = []) {
    report(Diagnostic(reason, at: range, fixes: fixes))
  }

  /// Remembers a mistake in an expression about related records, the past or a segment.
  mutating func report(_ reason: RelationReason, at range: SourceRange, fixes: [Fix] = []) {
    report(Diagnostic(reason, at: inliningRange ?? range, fixes: isInlining ? [] : fixes))
  }

  /// Remembers a mistake about what is, or is to be, defined.
  mutating func report(_ reason: DefinitionReason, at range: SourceRange?, fixes: [Fix] = []) {
    report(Diagnostic(reason, at: inliningRange ?? range, fixes: isInlining ? [] : fixes))
  }

  /// Remembers a mistake about an analytic verb.
  mutating func report(_ reason: VerbReason, at range: SourceRange?, fixes: [Fix] = []) {
    report(Diagnostic(reason, at: inliningRange ?? range, fixes: isInlining ? [] : fixes))
  }

  private mutating func report(_ diagnostic: Diagnostic) {
    let range = diagnostic.range
    guard !diagnostics.contains(where: { $0.code == diagnostic.code && $0.range == range }) else {
      return
    }
    diagnostics.append(diagnostic)
  }

  /// Remembers a fact for the footer, once.
  mutating func note(_ note: Note) {
    guard !isInField, !query.notes.contains(note) else { return }
    query.notes.append(note)
  }

  /// An expression as the formatter writes it.
  func text(_ expression: Expression) -> String { Formatter.format(expression) }
}
