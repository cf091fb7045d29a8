import Store
import Syntax

// How a statement is carried out, and why one found nothing.

extension Session {
  /// `explain [analyze] [in sql] …`: how a statement is carried out. Of one that changes records it
  /// is how they are found; nothing is changed.
  ///
  /// - Parameter isForReading: Whether sentences and the funnel stand before the plan: not in files.
  func explain(
    _ explanation: ExplainStatement, isForReading: Bool
  ) throws(Failure) -> Answer {
    let statement = explanation.statement
    let asked =
      if case .refine(let rounds) = statement.kind {
        try refined(by: rounds, at: statement.range)
      } else {
        try asked(statement)
      }
    let deed = ChangeDeed(statement)
    let query =
      deed == nil ? try bind(asked) : try binder(for: asked).bindTarget(of: statement)
    try load(reading: query)
    let sql = try explanation.sql.map { (form) throws(Failure) in
      try translation(of: query, into: form.dialect ?? .sqlite, at: statement.range)
    }
    var sections: [Section] = []
    let queries = query.scalars + (query.isCalculation ? [] : [query])
    for (place, query) in queries.enumerated() {
      let planned = try plan(query)
      let explain = Explain(query, catalog: database.catalog, deed)
      let isAnalyze = explanation.isAnalyze && !isDryRun
      let measures =
        isAnalyze ? try Executor(database: database, today: asked.today).measure(planned) : nil
      var parts: [Section] = []
      if isForReading {
        let maker = RowFunnelMaker(database: database, today: asked.today)
        parts = explain.sections(
          planned, isAnalyze ? try maker.count(query) : try maker.estimate(query))
      }
      let isLast = place == queries.count - 1
      parts.append(
        explain.section(planned, measures: measures, sql: isLast && !isForReading ? sql : nil))
      if statement.isCalc { parts[0].title = query.columns.first?.name }
      sections += parts
    }
    if let sql, isForReading { sections.append(Explain.section(ofSQL: sql)) }
    return Answer(sections: sections)
  }

  // MARK: why nothing was found

  /// How long somebody at a prompt waits gladly.
  private static let gladlySeconds = 0.3

  /// The rows of an answer, with why there are none among their notes if it took no longer than
  /// somebody waits gladly.
  func examined(
    _ cursor: any Cursor, _ query: BoundQuery, today: Int, since started: Double
  ) -> any Cursor {
    ExaminedCursor(cursor, countColumn: query.countColumn) { [self] sign in
      let now = Stopwatch.seconds
      if isAtPrompt, now - started > Self.gladlySeconds { return nil }
      return ZeroRowsDoctor(
        database: database, today: today, deadline: isAtPrompt ? now + Self.gladlySeconds : nil
      ).examine(sign == .noRows ? query : query.beforeRowsOfNone)
    }
  }
}
