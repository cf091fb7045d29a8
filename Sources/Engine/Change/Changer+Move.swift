import Store
import Syntax

extension Changer {
  /// Moves the records to a choice and records each change.
  func move(_ bound: BoundMove, at range: SourceRange) throws -> [Note] {
    let tracked = bound.tracked
    let definition = database.catalog[tracked.entity]
    try database.load([tracked.history.entity])
    let records = try select(bound.target)
    if records.rows.isEmpty { return [.noneMatched(plural: definition.name)] + records.notes }
    let from = database.table(tracked.entity).column(tracked.field).load(.list(records.rows))
    let to = Int64(bound.to)
    var isThere = Mask(knownIn: from)
    from.keep(.words(to...to), in: &isThere)
    let isMoved = isThere.inverted(within: Mask(count: isThere.count))
    let moved = Rows.list(records.rows).compacted(by: isMoved)
    guard case .list(let rows) = moved else { preconditionFailure("a list stays a list") }
    let before = from.compacted(by: isMoved)
    if !bound.isAnyway { try checkUsual(bound, rows, before, at: range) }
    try checkDates(tracked, rows, at: range)
    guard isConfirmed(rows.count, definition.singular, definition.name) else {
      return [.declined]
    }
    try move(rows, from: before, bound)
    return [
      .moved(
        count: rows.count, alreadyThere: isThere.countIn, singular: definition.singular,
        plural: definition.name, to: tracked.choices.names[Int(bound.to)])
    ] + records.notes
  }

  private func move(_ rows: [Int32], from before: Vector, _ bound: BoundMove) throws {
    let tracked = bound.tracked
    let after = Vector(
      repeating: .word(Int64(bound.to)), as: .choice(tracked.choices), count: rows.count)
    let dates = Vector(repeating: .word(Int64(today)), as: .date, count: rows.count)
    try record(
      StageChanges(
        rows: rows, from: before, to: after, dates: dates, because: bound.because),
      in: tracked.history)
    try database.replace(tracked.field, of: tracked.entity, at: rows, with: after)
    if let since = tracked.since {
      try database.replace(since, of: tracked.entity, at: rows, with: dates)
    }
  }

  // MARK: checks

  /// Whether each record moves as records usually do from where it is.
  private func checkUsual(
    _ bound: BoundMove, _ rows: [Int32], _ before: Vector, at range: SourceRange
  ) throws(Failure) {
    let tracked = bound.tracked
    let definition = database.catalog[tracked.entity]
    let names = tracked.choices.names
    guard let usualMoves = definition[tracked.field].usualMoves else { return }
    var unusual: [Diagnostic] = []
    for code in names.indices {
      let usual = usualMoves[UInt8(code)] ?? []
      guard !usual.contains(bound.to) else { continue }
      var here = Mask(knownIn: before)
      before.keep(.words(Int64(code)...Int64(code)), in: &here)
      guard let first = here.firstOffsetIn else { continue }
      let end = SourceRange(range.upperBound, range.upperBound)
      unusual.append(
        Diagnostic(
          ChangeReason.unusualMove(
            UnusualMove(
              from: names[code], to: names[Int(bound.to)],
              usual: usual.sorted().map { names[Int($0)] },
              first: name(of: rows[first], in: tracked.entity), count: here.countIn,
              plural: definition.name, isFirst: unusual.isEmpty)),
          at: bound.toRange, fixes: unusual.isEmpty ? [Fix(end, " anyway")] : []))
    }
    if !unusual.isEmpty { throw Failure(unusual) }
  }

  /// Whether today lies before no record's last move: the history would not be one.
  private func checkDates(
    _ tracked: TrackedField, _ rows: [Int32], at range: SourceRange
  ) throws(Failure) {
    guard let since = tracked.since else { return }
    let dates = database.table(tracked.entity).column(since).load(.list(rows))
    guard let offset = dates.firstOffset(failing: .words(.min...Int64(today))),
      case .word(let day) = dates[offset]
    else { return }
    throw Failure(
      ChangeReason.moveTooEarly(
        name(of: rows[offset], in: tracked.entity), since: Int(day), today: today),
      at: range)
  }
}
