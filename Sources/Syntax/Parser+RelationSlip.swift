// Foreseen slips in conditions about related records and about history.

extension Parser {
  /// Reads the words that stand for a quantity in other tongues; `.some` when none does.
  mutating func mendQuantity() throws(Halt) -> Quantity {
    if current.keyword == .not, following.kind == .word {
      let isFiller = isSlip(following, "any")
      let whole = isFiller ? current.range.union(following.range) : current.range
      report(.operatorSlip(spelling(whole), right: "no"), at: whole, [Fix(whole, "no")])
      advance()
      if isFiller { advance() }
      return .none
    }
    if isAtSlip("less"), following.keyword == .than {
      reportOperatorSlip("fewer")
      tokens[index].keyword = .fewer
      return try parseQuantity()
    }
    for word in Self.quantityFillers where isAtSlip(word) && following.kind == .word {
      if following.keyword == nil, !isSlip(following, "during") { cutWord() }
    }
    if current.kind == .number, following.kind == .word { return try mendBareCount() }
    if let words = Self.quantityWords(current.kind) {
      let sign = current.range
      report(.operatorSlip(spelling(sign), right: words), at: sign, [Fix(sign, words)])
      advance()
      return Self.quantity(words, try countOrParameter("a number of records"))
    }
    return .some
  }

  private static let quantityFillers: [StaticString] = ["any", "some", "a", "an"]

  /// Reports `has 3 orders`, which reads two ways.
  private mutating func mendBareCount() throws(Halt) -> Quantity {
    let place = SourceRange(current.range.lowerBound, current.range.lowerBound)
    let word = spelling(current.range)
    report(
      Diagnostic(
        SyntaxReason.bareQuantity(word), at: current.range,
        readings: [[Fix(place, "at least ")], [Fix(place, "exactly ")]]))
    return .exactly(try countOrParameter("a number of records"))
  }

  private static func quantityWords(_ sign: Token.Kind) -> String? {
    switch sign {
    case .equal, .doubleEqual: "exactly"
    case .greater: "more than"
    case .greaterOrEqual, .equalGreater: "at least"
    case .less: "fewer than"
    case .lessOrEqual, .equalLess: "at most"
    default: nil
    }
  }

  private static func quantity(_ words: String, _ count: Expression) -> Quantity {
    switch words {
    case "exactly": .exactly(count)
    case "more than": .moreThan(count)
    case "at least": .atLeast(count)
    case "fewer than": .fewerThan(count)
    default: .atMost(count)
    }
  }

  /// Reads `has orders > 3`, and reports that the count stands before the relation.
  mutating func mendCountBehind(_ test: Expression) throws(Halt) -> Expression {
    guard let words = Self.quantityWords(current.kind), following.kind == .number,
      case .has(let inner) = test.kind
    else { return test }
    let gap = previousEnd
    let sign = current.range
    advance()
    let count = spelling(current.range)
    advance()
    var fixes: [Fix] = []
    if case .some = inner.quantity, inner.next == nil {
      let place = inner.first.range.lowerBound
      fixes = [
        Fix(SourceRange(place, place), "\(words) \(count) "),
        Fix(SourceRange(gap, previousEnd), ""),
      ]
    }
    report(.countBehind("\(words) \(count)"), at: SourceRange(sign.lowerBound, previousEnd), fixes)
    return test
  }

  /// Reports a quantity before a sequence; `has no A followed by B` reads two ways.
  ///
  /// - Parameter start: Where the word `has` stands.
  mutating func reportQuantityInSequence(
    _ quantity: Quantity, at place: SourceRange, from start: Int
  ) {
    let reason = SyntaxReason.quantityInSequence(spelling(place).lowercased())
    guard case .none = quantity, current.keyword == .followed else {
      return report(reason, at: place)
    }
    // The word and the space before it go.
    let cut = Fix(SourceRange(tokens[start].range.upperBound, place.upperBound), "")
    let before = tokens[start].range.lowerBound
    let readings = [
      [cut, Fix(SourceRange(previousEnd, previousEnd), " not")],
      [cut, Fix(SourceRange(before, before), "not ")],
    ]
    report(Diagnostic(reason, at: place, readings: readings))
  }

  /// Reads `has orders where a and b`, and reports that it reads two ways.
  mutating func mendInnerLogic(_ first: Expression) throws(Halt) -> Expression {
    let operation = current.keyword == .or || current.kind == .doubleBar ? "or" : "and"
    let whole = try readLogical([first])
    let open = Fix(SourceRange(first.range.lowerBound, first.range.lowerBound), "(")
    func reading(through end: Int) -> [Fix] { [open, Fix(SourceRange(end, end), ")")] }
    let inner = reading(through: whole.range.upperBound)
    let (one, all) = (spelling(first.range), spelling(whole.range))
    let rest = String(all.dropFirst(one.count))
    let reason = SyntaxReason.openInnerWhere(operation, "where (\(all))", "where (\(one))\(rest)")
    if isAtSequence {
      report(.openInnerWhere(operation, "where (\(all))", nil), at: whole.range, inner)
    } else {
      let readings = [inner, reading(through: first.range.upperBound)]
      report(Diagnostic(reason, at: whole.range, readings: readings))
    }
    return whole
  }

  /// Reports `has A where has B followed by C`, where C may follow A or B.
  ///
  /// - Parameters:
  ///   - start: Where the inner `has` begins.
  ///   - end: Where what may be followed ends.
  mutating func reportOpenSequence(from start: Int, _ end: Int) {
    let whole = SourceRange(start, max(end, previousEnd))
    let open = Fix(SourceRange(start, start), "(")
    let (one, all) = (spelling(SourceRange(start, end)), spelling(whole))
    let readings = [end, whole.upperBound].map { [open, Fix(SourceRange($0, $0), ")")] }
    let rest = String(all.dropFirst(one.count))
    report(
      Diagnostic(
        SyntaxReason.openInnerWhere("followed by", "where (\(all))", "where (\(one))\(rest)"),
        at: whole, readings: readings.reversed()))
  }

  /// Reports a window that `was` does not take.
  mutating func checkWas(_ window: Window, _ word: SourceRange) {
    switch window.kind {
    case .inside: return
    case .on(let day):
      guard case .period = day.kind else { return }
      report(.periodAfterOn(spelling(day.range)), at: window.range, [Fix(word, "in")])
    default: report(.windowOfWas(spelling(word)), at: window.range)
    }
  }

  /// Reads `changed to B from A`, and reports that `from` stands first.
  mutating func mendChangedOrder(
    _ left: Expression, to: Expression?, from place: Int
  ) throws(Halt) -> Expression {
    let late = index
    let gap = SourceRange(previousEnd, current.range.lowerBound)
    let first = SourceRange(tokens[place].range.lowerBound, previousEnd)
    advance()
    let from = try opposite(left)
    let second = range(from: late)
    report(
      .fromBehindTo, at: first.union(second),
      [Fix(first, spelling(second)), Fix(gap, " "), Fix(second, spelling(first))])
    let lower = left.range.lowerBound
    let test = ChangedTest(
      subject: left, from: from, to: to, window: try windowIfAny(), range: range(at: lower))
    return try make(.changed(test), from: lower)
  }
}
