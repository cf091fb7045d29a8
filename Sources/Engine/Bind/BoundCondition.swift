import Store
import Syntax

/// One condition on the rows of a round, and how it was written: what `explain` and the words about
/// an empty answer call it.
package struct BoundCondition: Sendable {
  /// Where it comes from.
  package enum Origin: Sendable {
    /// `where C`, or what `and` joins in it.
    case filter(Expression)
    /// The window after the source.
    case window(Window)
    /// A segment as the source, by its name.
    case segment(String)
    /// `as of D`: the record was there on that day.
    case presence(day: Int)
    /// `it`: one of the records of the last answer.
    case last
  }

  /// Where it comes from; nil where nothing of it was written.
  package var origin: Origin?
  /// The condition.
  package var expression: BoundExpression

  /// The conditions that a written `and` joins, each by itself; the condition itself when it is no
  /// `and`.
  var parts: [BoundCondition] {
    guard case .filter(let written)? = origin, case .logical(.and, let operands) = written.kind,
      case .and(let bound) = expression, operands.count == bound.count
    else { return [self] }
    return zip(operands, bound).flatMap { operand, bound in
      BoundCondition(origin: .filter(operand), expression: bound).parts
    }
  }
}

extension BoundRound {
  /// What its window is made of, in the order in which it is tested.
  package var windowConditions: [BoundCondition] {
    if window == nil { return [] }
    return windowParts.isEmpty
      ? window.map { [BoundCondition(expression: $0)] } ?? [] : windowParts
  }

  /// What `and` joins in its filter, in the order written.
  package var filterConditions: [BoundCondition] {
    filter.map { BoundCondition(origin: filterOrigin, expression: $0).parts } ?? []
  }

  /// Its conditions in the order in which they are tested.
  package var conditions: [BoundCondition] { windowConditions + filterConditions }

  /// The round without one of its conditions, by its place in `conditions`.
  func leavingOut(_ place: Int) -> BoundRound {
    var round = self
    var windows = windowConditions
    var filters = filterConditions
    if place < windows.count {
      windows.remove(at: place)
      round.windowParts = windows
      round.window = BoundExpression.all(windows.map(\.expression))
    } else {
      filters.remove(at: place - windows.count)
      round.filterOrigin = nil
      round.filter = BoundExpression.all(filters.map(\.expression))
    }
    return round
  }

  /// The round up to and without one of its conditions, and nothing after it.
  func upTo(_ place: Int) -> BoundRound {
    var round = BoundRound()
    let windows = windowConditions
    round.windowParts = Array(windows.prefix(place))
    round.window = BoundExpression.all(round.windowParts.map(\.expression))
    if place >= windows.count { round.perRowBeforeFilter = perRowBeforeFilter }
    round.filter = BoundExpression.all(
      filterConditions.prefix(max(0, place - windows.count)).map(\.expression))
    return round
  }
}

extension BoundExpression {
  /// All of some conditions; nil for none.
  static func all(_ conditions: [BoundExpression]) -> BoundExpression? {
    conditions.count > 1 ? .and(conditions) : conditions.first
  }
}
