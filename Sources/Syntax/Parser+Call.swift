// Calls of functions and aggregates.

extension Parser {
  /// The aggregates, whose first argument may have a window.
  package static let aggregateNames = [
    "count", "sum", "avg", "min", "max", "median", "median_gap", "percentile", "first", "last",
    "mode",
  ]

  private static let aggregates = Set(aggregateNames.compactMap { PackedWord($0) })

  /// Whether the first argument of a function is a value that may have a window.
  static func takesWindow(_ name: String) -> Bool {
    let word = PackedWord(name)
    return word == PackedWord("usual") || word.map(aggregates.contains) ?? false
  }

  /// `call`: `NAME(E, … [where C] [per K, …])`, or of an aggregate
  /// `NAME([distinct] [E [window], …] [where C] [per K, …])`.
  mutating func parseCall() throws(Halt) -> Expression {
    try enter()
    defer { leave() }
    let start = index
    let isUsual = isAtUsual
    let isAggregate = isUsual || isAtAggregate
    noteWord(.function, at: start)
    advance()
    let bracket = index
    advance()
    openBrackets += 1
    let outer = (windowPlace, compared, isInOpenWhere)
    defer { (windowPlace, compared, isInOpenWhere) = outer }
    (windowPlace, compared, isInOpenWhere) = (nil, [], false)
    var call = Call(name: callName(start), arguments: [])
    if isAggregate, sourceName == nil { notePlace(.entity) }
    if isAt(.distinct), isOperandStart(index + 1) {
      advance()
      call.isDistinct = true
    }
    if !mendStar(), tokens[index].kind != .close, !isAt(.where) {
      try readArguments(of: &call, isAggregate: isAggregate)
    }
    try readCallEnd(of: &call)
    try requireClose(of: bracket)
    if isUsual { checkUsual(call, at: start) }
    return try make(.call(call), from: tokens[start].range.lowerBound)
  }

  private var isAtAggregate: Bool {
    let range = current.range
    return PackedWord(bytes[range.lowerBound..<range.upperBound]).map(Self.aggregates.contains)
      ?? false
  }

  private var isAtUsual: Bool {
    let range = current.range
    return PackedWord(bytes[range.lowerBound..<range.upperBound]) == PackedWord("usual")
  }

  /// Reports a `usual` that does not say before when.
  private mutating func checkUsual(_ call: Call, at start: Int) {
    if case .before? = call.window?.kind { return }
    let isWhole = call.arguments.count == 1 && call.window == nil
    let gap = call.arguments.first?.range.upperBound ?? 0
    let fixes = isWhole ? [Fix(SourceRange(gap, gap), " before today")] : []
    report(.usualWithoutBefore, at: tokens[start].range, fixes)
  }

  private func callName(_ place: Int) -> Name {
    Name(spelling(tokens[place].range), range: tokens[place].range)
  }

  private mutating func readArguments(of call: inout Call, isAggregate: Bool) throws(Halt) {
    if isAggregate {
      try readAggregated(of: &call)
    } else {
      call.arguments.append(try parseExpression())
    }
    while accept(.comma) {
      call.arguments.append(try parseExpression())
    }
  }

  /// Reads the first argument of an aggregate: a value, and a window on its records.
  private mutating func readAggregated(of call: inout Call) throws(Halt) {
    let start = index
    let argument = try parseSum()
    noteWindows()
    if try mendConditionArgument(of: &call, argument, at: start) { return }
    call.arguments.append(argument)
    windowPlace = previousEnd
    if isAtSlip("during") { mendDuring() }
    if isAtWindow {
      call.window = try parseWindow()
      windowPlace = nil
    }
  }

  /// Reads `where` and `per`, in any order.
  private mutating func readCallEnd(of call: inout Call) throws(Halt) {
    while true {
      if isAt(.where) {
        if call.filter != nil {
          report(.clauseTwice("where", "where"), at: tokens[index].range)
        }
        let gap = previousEnd
        advance()
        call.filter = try parseExpression()
        try mendLateArguments(of: &call, from: gap)
      } else if !call.arguments.isEmpty, isAt(.per) {
        if !call.per.isEmpty {
          report(.clauseTwice("per", "per"), at: tokens[index].range)
        }
        advance()
        call.per = try expressions("a key after 'per'")
      } else {
        return
      }
    }
  }

  /// Reports arguments behind `where`, which began at `start`, and reads them.
  private mutating func mendLateArguments(of call: inout Call, from start: Int) throws(Halt) {
    guard !call.arguments.isEmpty, current.kind == .comma else { return }
    let condition = SourceRange(start, previousEnd)
    let comma = tokens[index].range
    while accept(.comma) { call.arguments.append(try parseExpression()) }
    let late = SourceRange(comma.lowerBound, previousEnd)
    report(
      .whereNotLast, at: comma,
      [Fix(condition.union(late), spelling(late) + spelling(condition))])
  }

  /// Whether a value begins at the token `place`, rather than what may follow a field's name.
  private func isOperandStart(_ place: Int) -> Bool {
    let token = tokens[min(place, tokens.count - 1)]
    switch token.kind {
    case .number, .text, .date, .parameter, .quotedName, .open: return true
    case .word: break
    default: return false
    }
    switch token.keyword {
    case .since, .before, .after, .until, .on, .per, .contains, .starts, .ends, .like, .matches:
      let next = tokens[min(place + 1, tokens.count - 1)]
      return next.kind == .close || next.kind == .comma || next.kind == .dot
    case .outer: return true
    default: return token.keyword?.isReserved != true
    }
  }
}
