// Calls of functions and aggregates.

extension Parser {
  /// The aggregates, whose first argument may have a window.
  package static let aggregateNames = [
    "count", "sum", "avg", "min", "max", "median", "percentile", "first", "last", "mode",
  ]

  private static let aggregates = Set(aggregateNames.compactMap { PackedWord($0) })

  /// `call`: `NAME([distinct] [E [window], …] [where C] [per K, …])`.
  mutating func parseCall() throws(Halt) -> Expression {
    try enter()
    defer { leave() }
    let start = current.range
    let name = Name(spelling(start), range: start)
    let packed = PackedWord(bytes[start.lowerBound..<start.upperBound])
    let isAggregate = packed.map { Self.aggregates.contains($0) } ?? false
    advance()
    let bracket = current
    advance()
    openBrackets += 1
    let outer = (leavesWindows, windowPlace, compared)
    defer { (leavesWindows, windowPlace, compared) = outer }
    (leavesWindows, windowPlace, compared) = (false, nil, [])
    var call = Call(name: name, arguments: [])
    if isAggregate, sourceName == nil { notePlace(.entity) }
    if isAt(.distinct), isOperandStart(following) {
      advance()
      call.isDistinct = true
    }
    if !mendStar(in: bracket), current.kind != .close, !isAt(.where) {
      try readArguments(of: &call, isAggregate: isAggregate)
    }
    try readCallEnd(of: &call)
    try requireClose(of: bracket)
    return try make(.call(call), from: start.lowerBound)
  }

  private mutating func readArguments(of call: inout Call, isAggregate: Bool) throws(Halt) {
    leavesWindows = isAggregate
    call.arguments.append(try parseExpression())
    leavesWindows = false
    if isAggregate {
      noteWindows()
      windowPlace = previousEnd
      if isAtSlip("during") { mendDuring() }
      if isAtWindow {
        call.window = try parseWindow()
        windowPlace = nil
      }
    }
    while accept(.comma) {
      call.arguments.append(try parseExpression())
    }
  }

  /// Reads `where` and `per`, in any order.
  private mutating func readCallEnd(of call: inout Call) throws(Halt) {
    while true {
      if isAt(.where) {
        if call.filter != nil {
          report(.clauseTwice("where", "where"), at: current.range)
        }
        advance()
        call.filter = try parseExpression()
      } else if !call.arguments.isEmpty, isAt(.per) {
        if !call.per.isEmpty {
          report(.clauseTwice("per", "per"), at: current.range)
        }
        advance()
        call.per = try expressions("a key after 'per'")
      } else {
        return
      }
    }
  }

  /// Whether a value can begin with a token, other than a name that ends there.
  private func isOperandStart(_ token: Token) -> Bool {
    switch token.kind {
    case .number, .text, .date, .parameter, .quotedName, .open: return true
    case .word:
      guard let keyword = token.keyword else { return true }
      switch keyword {
      case .since, .before, .after, .until, .on, .per, .contains, .starts, .ends, .like, .matches:
        return false
      default: return !keyword.isReserved
      }
    default: return false
    }
  }
}
