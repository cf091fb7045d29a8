import Store
import Syntax

/// What really happened at one step, for `explain analyze`.
package struct StepMeasure: Sendable {
  /// Rows that came out.
  package var rowCount: Int
  /// Time spent in the step itself, without its inputs.
  package var seconds: Double

  /// Makes a measure.
  package init(rowCount: Int = 0, seconds: Double = 0) {
    self.rowCount = rowCount
    self.seconds = seconds
  }
}

extension Scalar {
  /// A time in milliseconds, to the microsecond.
  static func milliseconds(_ seconds: Double) -> Scalar {
    .real((seconds * 1_000_000).rounded() / 1_000)
  }
}

/// Turns a plan into what `explain` shows: sentences and a funnel for people, and the rows of the
/// plan: depth, step, detail, estimated rows, and with measures the rows and milliseconds of each step.
struct Explain {
  private let text: ExpressionText
  private let catalog: Catalog
  /// What is done with the records found, where they are to be changed.
  private let deed: ChangeDeed?

  init(_ query: BoundQuery, catalog: Catalog, _ deed: ChangeDeed? = nil) {
    self.text = ExpressionText(catalog: catalog, query: query)
    self.catalog = catalog
    self.deed = deed
  }

  /// The section that shows the plan, from the last step down to the source. `measures` stand in
  /// the same order; a note names the rewrites that fired.
  ///
  /// - Parameter sql: A statement of SQL for files, which have it as one more row of which nothing is
  ///   estimated.
  func section(
    _ planned: PlannedQuery, measures: [StepMeasure]? = nil, sql: String? = nil
  ) -> Section {
    var steps: [(depth: Int, step: String, detail: String, estimate: Double)] = []
    collect(planned.plan, planned, depth: 0, into: &steps)
    var columns: [(name: String, type: ValueType)] = [
      ("depth", .integer), ("step", .text), ("detail", .text), ("estimated_rows", .integer),
    ]
    if measures != nil { columns += [("rows", .integer), ("time_ms", .number)] }
    var rows = FixedRows(columns)
    for (place, step) in steps.enumerated() {
      let figures = measures.map { measures in
        [Scalar(measures[place].rowCount), .milliseconds(measures[place].seconds)]
      }
      rows.append(
        [
          Scalar(step.depth), .text(step.step), .text(step.detail),
          Scalar(Int(step.estimate.rounded())),
        ] + (figures ?? []))
    }
    if let sql {
      let none = columns.dropFirst(3).map { _ in Scalar.unknown }
      rows.append([Scalar(0), .text("sql"), .text(sql)] + none)
    }
    return rows.section(hint: .plan, notes: [.rewrites(planned.rewrites)])
  }

  /// The sections that stand before the plan where people read: a sentence a step, and the funnel of
  /// rows with the time each step of it took.
  func sections(_ planned: PlannedQuery, _ funnel: RowFunnel) -> [Section] {
    let sentences = Sentences(planned, catalog, deed).lines(for: funnel)
    var story = FixedRows([("sentence", .text)])
    for sentence in sentences { story.append([.text(sentence)]) }
    let words = RowFunnelWords(text.query, catalog)
    var rows = FixedRows([("rows", .integer), ("step", .text), ("time_ms", .number)])
    for step in funnel.steps where step.part.changesRows {
      // How many rows a verb makes of its own is no estimate but a rule of thumb.
      if case .analyze = step.part, funnel.isEstimated { continue }
      rows.append([
        Scalar(step.rowCount), .text(words.words(for: step.part)),
        step.seconds.map(Scalar.milliseconds) ?? .unknown,
      ])
    }
    let title = funnel.isEstimated ? "rows left, as estimated" : "rows left"
    let isFunnel = rows.cells.count > 1
    return [story.section(hint: .sentences)]
      + (isFunnel ? [rows.section(title: title, hint: .funnel)] : [])
  }

  /// The section that shows a statement of SQL where people read, a line a row.
  static func section(ofSQL sql: String) -> Section {
    var lines = FixedRows([("sql", .text)])
    for line in sql.split(separator: "\n") { lines.append([.text(String(line))]) }
    return lines.section(title: "in sql", hint: .statement)
  }

  private func collect(
    _ plan: Plan, _ planned: PlannedQuery, depth: Int,
    into steps: inout [(depth: Int, step: String, detail: String, estimate: Double)]
  ) {
    let (step, detail) = describe(plan.step)
    steps.append((depth, step, detail + walks(in: plan.step, planned), plan.estimatedRowCount))
    for input in plan.inputs { collect(input, planned, depth: depth + 1, into: &steps) }
  }

  /// The adjacencies a step walks to related records.
  private func walks(in step: Plan.Step, _ planned: PlannedQuery) -> String {
    let passes = planned.passes.map(\.related.path)
    var (walked, passed) = ([String](), [String]())
    for path in step.relatedPaths {
      for case .down(let entity, let field) in path.steps {
        let isClustered = planned.clusterings.contains {
          $0.entity == entity && $0.reference == field
        }
        let isPassed = passes.contains(path)
        let name =
          "\(catalog[entity].name) \(isClustered && !isPassed ? "clustered " : "")"
          + "by \(catalog[entity][field].name)"
        if isPassed {
          if !passed.contains(name) { passed.append(name) }
        } else if !walked.contains(name) {
          walked.append(name)
        }
      }
    }
    return (walked.isEmpty ? "" : "; walks \(walked.joined(separator: ", "))")
      + (passed.isEmpty ? "" : "; one pass over \(passed.joined(separator: ", "))")
  }

  /// A step's noun and what it works on.
  private func describe(_ step: Plan.Step) -> (step: String, detail: String) {
    switch step {
    case .scan(let entity): ("scan", catalog[entity].name)
    case .clusteredScan(let entity, let reference, _):
      ("clustered scan", "\(catalog[entity].name) by \(catalog[entity][reference].name)")
    case .indexLookup(let entity, let condition, let kind):
      (
        "index lookup",
        "\(catalog[entity].name).\(text.text(condition.expression)) by \(kind.rawValue)"
      )
    case .indexOrder(let entity, let field, let order, let countMax, let condition):
      (
        "index order",
        "\(order.keys[0].isDescending ? "top" : "bottom") \(countMax) by"
          + " \(catalog[entity].name).\(catalog[entity][field].name)"
          + (condition.map { " where \(text.text($0.expression))" } ?? "")
      )
    case .filter(let conditions):
      ("filter", conditions.map { text.text($0.expression) }.joined(separator: " and "))
    case .rank(let indexes):
      ("rank", indexes.map { text.query.perRow[$0].text }.joined(separator: ", "))
    case .group(let group): ("group", groupDetail(group))
    case .analyze(let analysis, _): ("analyze", analysis.detail)
    case .sort(let order): ("sort", orderDetail(order))
    case .topN(let order, let countMax): ("top-N", "\(countMax) by \(orderDetail(order))")
    case .sample(let sample):
      switch sample.amount {
      case .rows(let count): ("sample", "\(count) seed \(sample.seed)")
      case .share(let share): ("sample", "\(share * 100)% seed \(sample.seed)")
      }
    case .limit(let count, let offset):
      ("limit", offset == 0 ? "\(count)" : "\(count) offset \(offset)")
    case .show(let columns):
      deed.map { ($0.step, $0.detail) } ?? ("show", columns.map(\.name).joined(separator: ", "))
    }
  }

  private func groupDetail(_ group: BoundGroup) -> String {
    let keys = group.keys.map(text.text).joined(separator: ", ")
    let aggregates = group.names.dropFirst(group.keys.count).joined(separator: ", ")
    if keys.isEmpty { return "all rows: \(aggregates)" }
    return "by \(keys)" + (aggregates.isEmpty ? "" : ": \(aggregates)")
  }

  private func orderDetail(_ order: BoundOrder) -> String {
    let keys = (order.per + order.keys).map {
      "\($0.text) \($0.isDescending ? "descending" : "ascending")"
    }.joined(separator: ", ")
    return keys + (order.countMax.map { order.per.isEmpty ? "" : ", first \($0) of each" } ?? "")
  }
}
