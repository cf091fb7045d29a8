import Store
import Syntax

/// What the steps of a funnel are called, in the words of the question.
struct RowFunnelWords {
  let catalog: Catalog
  private let text: ExpressionText

  init(_ query: BoundQuery, _ catalog: Catalog) {
    self.catalog = catalog
    text = ExpressionText(catalog: catalog, query: query)
  }

  /// A step in the words of the question, behind the rows it left: `where value > 1m`, `in top 5 by
  /// value`, `groups by stage`.
  func words(for part: RowFunnel.Part) -> String {
    switch part {
    case .source(let entity): catalog[entity].name
    case .condition(let condition): clause(condition)
    case .rank(let indexes):
      indexes.map { text.query.perRow[$0].text }.joined(separator: ", ")
    case .group(let group): groups(group)
    case .analyze(let analysis): "rows of \(analysis.verb.rawValue)"
    case .order(let order, let countMax): self.order(order, countMax ?? order.countMax)
    case .sample(let sample):
      switch sample.amount {
      case .rows(let count): "in sample \(count)"
      case .share(let share): "in sample \(ExpressionText.text(.real(share * 100), .number))%"
      }
    case .limit(let count, let offset):
      "within limit \(count)" + (offset == 0 ? "" : " offset \(offset)")
    }
  }

  /// A condition as a clause: `where value > 1m`, `in 2025`.
  func clause(_ condition: BoundCondition) -> String {
    switch condition.origin {
    case .filter, nil: "where \(words(for: condition))"
    default: words(for: condition)
    }
  }

  /// A condition as written, without `where`.
  func words(for condition: BoundCondition) -> String {
    switch condition.origin {
    case .filter(let written): Formatter.format(written)
    case .window(let window): Formatter.format(window)
    case .segment(let name): "in segment \(Formatter.name(name))"
    case .presence(let day): "there on \(ExpressionText.text(.word(Int64(day)), .date))"
    case .last: "in the last answer"
    case nil: text.text(condition.expression)
    }
  }

  /// An expression in the language's words.
  func words(for expression: BoundExpression) -> String { text.text(expression) }

  private func groups(_ group: BoundGroup) -> String {
    guard !group.keys.isEmpty else { return "row of all of them" }
    return "groups by \(group.names.prefix(group.keys.count).joined(separator: ", "))"
  }

  private func order(_ order: BoundOrder, _ countMax: Int?) -> String {
    let keys = order.keys.map(\.text)
    guard let countMax else {
      return "order by "
        + order.keys.map { $0.text + ($0.isDescending ? " desc" : "") }.joined(separator: ", ")
    }
    return "in \(order.keys[0].isDescending ? "top" : "bottom") \(countMax) by"
      + " \(keys.joined(separator: ", "))"
      + (order.per.isEmpty ? "" : " per \(order.per.map(\.text).joined(separator: ", "))")
  }
}
