import Store
import Syntax

/// Carries out `check standards`: what is measured, what is to be reached by when, whether it is, and
/// how the measure stood at the ends of the last six months.
struct StandardsCheck {
  /// How many months the trend goes back.
  static let monthCount = 6

  let inquiry: Inquiry

  /// One row a standard, by name.
  func answer() throws(Failure) -> Answer {
    let ends = monthEnds()
    var columns: [(name: String, type: ValueType)] = [
      ("standard", .text), ("measure", .text), ("value", .number), ("target", .number),
      ("by", .date), ("state", .text), ("agreed", .text),
    ]
    columns += ends.map {
      ("\(ExpressionText.text(.word(Int64($0)), .date).prefix(7))", .number)
    }
    var rows = FixedRows(columns)
    for definition in inquiry.catalog.definitions(of: .standard) {
      try Cancellation.poll()
      try rows.append(row(of: definition, ends))
    }
    let example = "define standard fast_fix as median(complaints.days_to_resolve) <= 5 by …"
    let notes =
      rows.cells.isEmpty ? [Note.noneDefined(kind: "standard", example: example)] : []
    return Answer(sections: [rows.section(notes: notes)])
  }

  private func row(of definition: Definition, _ ends: [Int]) throws(Failure) -> [Scalar] {
    guard case .standard(let standard) = try definition.parsed() else {
      preconditionFailure("a standard's text is one of a standard")
    }
    let place = SourceRange(0, 0)
    let isMet = Expression(
      .comparison(standard.comparison, standard.measure, standard.target), range: place)
    let values = try inquiry.values([standard.measure, standard.target, isMet])
    var binder = inquiry.binder()
    let by = binder.day(of: standard)
    var state = "unknown"
    if values[0].value.isKnown, values[1].value.isKnown {
      let isDue = by.map { $0 >= inquiry.today } ?? true
      state = values[2].value == .word(1) ? "met" : isDue ? "due" : "missed"
    }
    let sign = standard.comparison.rawValue
    var row: [Scalar] = [
      .text(definition.name), .text("\(Formatter.format(standard.measure)) \(sign)"),
      values[0].value.number(of: values[0].type), values[1].value.number(of: values[1].type),
      by.map { .word(Int64($0)) } ?? .unknown, .text(state), Scalar(standard.agreedText),
    ]
    for end in ends {
      let past = try inquiry.values([standard.measure], asOf: end)[0]
      row.append(past.value.number(of: past.type))
    }
    return row
  }

  /// The last days of the months before this one, the oldest first.
  private func monthEnds() -> [Int] {
    let (year, month, _) = Day.date(inquiry.today)
    return (0..<Self.monthCount).reversed().map { back in
      let months = year * 12 + month - 1 - back
      return Day.number(year: months / 12, month: months % 12 + 1, day: 1) - 1
    }
  }
}

extension Cancellation {
  /// The check as the engine reports it.
  static func poll() throws(Failure) {
    do throws(StoreError) {
      try check()
    } catch {
      throw Failure(error)
    }
  }
}
