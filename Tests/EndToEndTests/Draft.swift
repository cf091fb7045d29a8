/// A query in pieces, so that one that fails can be made smaller.
struct Draft {
  /// A condition.
  indirect enum Condition {
    case leaf(String)
    case not(Condition)
    case joined([Condition], by: String)
    /// A text around a condition: `has orders where (…)`.
    case around(String, Condition, String)

    var text: String {
      switch self {
      case .leaf(let text): text
      case .not(let inner): "not (\(inner.text))"
      case .joined(let parts, let word):
        parts.map { "(\($0.text))" }.joined(separator: " \(word) ")
      case .around(let before, let inner, let after): before + inner.text + after
      }
    }

    /// Conditions that are a little smaller.
    var smaller: [Condition] {
      switch self {
      case .leaf: []
      case .not(let inner): [inner] + inner.smaller.map { .not($0) }
      case .joined(let parts, let word):
        parts
          + parts.indices.flatMap { index in
            parts[index].smaller.map { smaller in
              var parts = parts
              parts[index] = smaller
              return .joined(parts, by: word)
            }
          }
      case .around(let before, let inner, let after):
        inner.smaller.map { .around(before, $0, after) } + [.around(before, .leaf("id > 0"), after)]
      }
    }
  }

  /// The clauses of a round.
  struct Round {
    var filter: [Condition] = []
    var keys: [String] = []
    var columns: [String] = []
    var order = ""
    var limit = ""

    var text: String {
      var clauses: [String] = []
      if filter.count == 1 { clauses.append("where \(filter[0].text)") }
      if filter.count > 1 {
        clauses.append("where " + filter.map { "(\($0.text))" }.joined(separator: " and "))
      }
      if !keys.isEmpty { clauses.append("group by " + keys.joined(separator: ", ")) }
      if !columns.isEmpty { clauses.append("show " + columns.joined(separator: ", ")) }
      clauses += [order, limit].filter { !$0.isEmpty }
      return clauses.joined(separator: " ")
    }

    var smaller: [Round] {
      var result: [Round] = []
      func add(_ change: (inout Round) -> Void) {
        var round = self
        change(&round)
        result.append(round)
      }
      if !limit.isEmpty { add { $0.limit = "" } }
      if !order.isEmpty { add { $0.order = "" } }
      for index in columns.indices { add { $0.columns.remove(at: index) } }
      for index in filter.indices {
        add { $0.filter.remove(at: index) }
        for smaller in filter[index].smaller { add { $0.filter[index] = smaller } }
      }
      for index in keys.indices { add { $0.keys.remove(at: index) } }
      return result
    }
  }

  /// `find` and the source, or `calc` and its columns.
  var head: String
  var asOf = ""
  var window = ""
  var rounds: [Round]

  var text: String {
    ([[head, window, asOf].filter { !$0.isEmpty }.joined(separator: " ")]
      + rounds.enumerated().map { ($0.offset > 0 ? "then " : "") + $0.element.text })
      .filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// Queries that are a little smaller.
  var smaller: [Draft] {
    var result: [Draft] = []
    func add(_ change: (inout Draft) -> Void) {
      var draft = self
      change(&draft)
      result.append(draft)
    }
    if rounds.count > 1 { add { $0.rounds.removeLast() } }
    if !window.isEmpty { add { $0.window = "" } }
    if !asOf.isEmpty { add { $0.asOf = "" } }
    for index in rounds.indices {
      for smaller in rounds[index].smaller { add { $0.rounds[index] = smaller } }
    }
    return result
  }
}
