// Conditions about what was, and about who is in a segment.

extension Parser {
  /// `was`: `was A on D` or `was A in PERIOD`.
  mutating func parseWas(_ left: Expression) throws(Halt) -> Expression {
    advance()
    if windowWordAhead { throw unexpected("a value after 'was'") }
    let value = try opposite(left)
    noteWindows()
    if isAtSlip("during") { mendDuring() }
    guard isAtWindow else {
      report(.timelessWas, at: range(at: left.range.lowerBound))
      throw Halt()
    }
    let word = current.range
    let window = try parseWindow()
    checkWas(window, word)
    return try make(.was(left, value, window), from: left.range.lowerBound)
  }

  /// `changed`: `changed [from A] [to B] [window]`.
  mutating func parseChanged(_ left: Expression) throws(Halt) -> Expression {
    advance()
    let from = accept(.from) ? try opposite(left) : nil
    let place = index
    let to = accept(.to) ? try opposite(left) : nil
    if to != nil, from == nil, current.keyword == .from {
      return try mendChangedOrder(left, to: to, from: place)
    }
    let outer = windowPlace
    windowPlace = previousEnd
    defer { windowPlace = outer }
    let window = try windowIfAny()
    let lower = left.range.lowerBound
    let test = ChangedTest(
      subject: left, from: from, to: to, window: window, range: range(at: lower))
    return try make(.changed(test), from: lower)
  }

  /// A value that is compared with `left`.
  mutating func opposite(_ left: Expression) throws(Halt) -> Expression {
    let outer = compared
    compared = left.pathNames
    defer { compared = outer }
    return try parseSum()
  }

  /// The range from the byte `lower` to the last token read.
  func range(at lower: Int) -> SourceRange { SourceRange(lower, max(lower, previousEnd)) }

  /// Whether a test of a segment begins at the token `place`: `in segment vip`,
  /// `was in segment vip`, `entered segment vip` or `left segment vip`.
  func isSegmentTest(at place: Int) -> Bool {
    func token(_ place: Int) -> Token { tokens[min(place, tokens.count - 1)] }
    var place = place
    switch token(place).keyword {
    case .was where token(place + 1).keyword == .in: place += 2
    case .in, .entered, .left: place += 1
    default: return false
    }
    let name = token(place + 1)
    guard token(place).keyword == .segment else { return false }
    return name.kind == .quotedName || name.kind == .word && name.keyword?.isReserved != true
      || place + 1 == probe
  }

  /// `segmentTest`: `[not] in segment S`, `was in segment S on D`, `entered segment S WINDOW` or
  /// `left segment S WINDOW`.
  mutating func parseSegmentTest(of subject: Expression? = nil) throws(Halt) -> Expression {
    let lower = subject?.range.lowerBound ?? current.range.lowerBound
    let word = current.keyword
    let isNegated = accept(.not)
    advance()
    if word == .was { advance() }
    advance()
    notePlace(.defined(.segment))
    let segment = try parseName("the name of a segment")
    let kind: SegmentTest.Kind
    switch word {
    case .was: kind = .was(on: try membershipDay(segment))
    case .entered: kind = .entered(try membershipWindow("entered", segment))
    case .left: kind = .left(try membershipWindow("left", segment))
    default: kind = .member
    }
    let test = SegmentTest(
      subject: subject, kind: kind, segment: segment, range: range(at: lower))
    let expression = try make(.segmentTest(test), from: lower)
    return isNegated ? try make(.not(expression), from: lower) : expression
  }

  private mutating func membershipDay(_ segment: Name) throws(Halt) -> Expression {
    note([.on])
    guard current.keyword == .on else {
      report(.membershipWithoutDay(spelling(segment.range)), at: segment.range)
      throw Halt()
    }
    advance()
    return try parseDay(after: "on")
  }

  private mutating func membershipWindow(
    _ word: String, _ segment: Name
  ) throws(Halt) -> Window {
    noteWindows()
    if isAtSlip("during") { mendDuring() }
    guard isAtWindow else {
      report(.membershipWithoutWindow(word, spelling(segment.range)), at: segment.range)
      throw Halt()
    }
    return try parseWindow()
  }
}
