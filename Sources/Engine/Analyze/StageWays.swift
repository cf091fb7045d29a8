import Store

/// Which stages a change of stage comes through: those it skips count as passed.
///
/// Only ordered stages can be skipped, and only on the way up. Where the field has a list of usual
/// moves, a usual one skips nothing, and another one comes along the shortest way of usual moves that
/// lead up: to intensive care past account management, but to dissociation from anywhere. Without such
/// a list, or such a way, all stages between are passed. An opening comes from the first stage.
struct StageWays {
  /// For each stage before, the first row standing for none, and each stage after: what is reached.
  private let reached: [[Set<UInt8>]]

  /// - Parameter usualMoves: By code, the codes that a move from it usually goes to.
  init(_ choices: ChoiceList, usualMoves: [UInt8: Set<UInt8>]?) {
    let codes = choices.names.indices.map { UInt8($0) }
    reached = ([nil] + codes.map { Optional($0) }).map { (from: UInt8?) in
      codes.map { to in
        if from == to { return [] }
        guard choices.isOrdered, (from ?? 0) < to else { return [to] }
        var passed = Self.way(from: from ?? 0, to: to, usualMoves)
        if let from { passed.remove(from) }
        return passed
      }
    }
  }

  /// The stages that count as reached by a change; `from` is nil at the opening of a history.
  func stages(from: UInt8?, to: UInt8) -> Set<UInt8> {
    reached[from.map { Int($0) + 1 } ?? 0][Int(to)]
  }

  /// The stages on the way up between two, both included.
  private static func way(
    from: UInt8, to: UInt8, _ usualMoves: [UInt8: Set<UInt8>]?
  ) -> Set<UInt8> {
    let all = Set(from...to)
    guard let usualMoves else { return all }
    var befores: [UInt8: UInt8] = [:]
    var open = [from]
    while !open.isEmpty, befores[to] == nil {
      var next: [UInt8] = []
      for stage in open {
        for move in (usualMoves[stage] ?? []).sorted()
        where move > stage && befores[move] == nil {
          befores[move] = stage
          next.append(move)
        }
      }
      open = next
    }
    guard befores[to] != nil else { return all }
    var passed: Set<UInt8> = [to]
    var stage = to
    while let before = befores[stage] {
      passed.insert(before)
      stage = before
    }
    return passed
  }
}
