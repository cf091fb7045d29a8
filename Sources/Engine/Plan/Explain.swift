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

/// Turns a plan into the rows of `explain`: depth, step, detail, estimated rows, and with measures
/// the rows and milliseconds of each step.
struct Explain {
  private let text: ExpressionText
  private let catalog: Catalog

  init(_ query: BoundQuery, catalog: Catalog) {
    self.text = ExpressionText(catalog: catalog, query: query)
    self.catalog = catalog
  }

  /// The section that shows the plan, from the last step down to the source. `measures` stand in
  /// the same order; a last row names the rewrites that fired.
  func section(_ planned: PlannedQuery, measures: [StepMeasure]? = nil) -> Section {
    var steps: [(depth: Int, step: String, detail: String, estimate: Double)] = []
    collect(planned.plan, planned, depth: 0, into: &steps)
    var columns = [
      OutputColumn(name: "depth", type: .integer), OutputColumn(name: "step", type: .text),
      OutputColumn(name: "detail", type: .text),
      OutputColumn(name: "estimated_rows", type: .integer),
    ]
    var vectors = [
      Vector(words: steps.map { Int64($0.depth) }),
      Vector(texts: TextBlock(steps.map(\.step))),
      Vector(texts: TextBlock(steps.map(\.detail))),
      Vector(words: steps.map { Int64($0.estimate.rounded()) }),
    ]
    if let measures {
      columns.append(OutputColumn(name: "rows", type: .integer))
      columns.append(OutputColumn(name: "time_ms", type: .number))
      vectors.append(Vector(words: measures.map { Int64($0.rowCount) }))
      vectors.append(
        Vector(reals: measures.map { ($0.seconds * 1_000_000).rounded() / 1_000 }))
    }
    let batch = OutputBatch(
      vectors: vectors, labels: columns.map { _ in nil }, count: steps.count)
    return Section(
      columns: columns, hint: .plan,
      cursor: FixedCursor(batch, notes: [.rewrites(planned.rewrites)]))
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
    case .show(let columns): ("show", columns.map(\.name).joined(separator: ", "))
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
