// Conditions about related records. Their slips are in Parser+RelationSlip.swift.

extension Parser {
  /// `has`: `has [no | at least N | …] RELATION [window] [where C]`, or a sequence.
  mutating func parseHas() throws(Halt) -> Expression {
    try enter(levels: Self.hasLevels)
    defer { leave(levels: Self.hasLevels) }
    let start = index
    advance()
    let word = index
    let quantity = try isAtQuantity ? parseQuantity() : mendQuantity()
    let quantityRange = range(from: word)
    let first = try parseRelated()
    var next: FollowedBy?
    note(words: ["followed by", "not followed by"])
    if isAtSequence {
      let (place, gap) = (tokens[start].range.lowerBound, previousEnd)
      defer { if isInOpenWhere { reportOpenSequence(from: place, gap) } }
      if case .some = quantity {
      } else {
        reportQuantityInSequence(quantity, at: quantityRange, from: start)
      }
      next = try parseFollowedBy()
    }
    let lower = tokens[start].range.lowerBound
    let test = HasTest(
      quantity: quantity, first: first, next: next, range: SourceRange(lower, previousEnd))
    return try mendCountBehind(try make(.has(test), from: lower))
  }

  /// How many levels of depth a condition about related records counts for: it takes more stack
  /// than one in brackets.
  private static let hasLevels = 2

  /// Whether a quantity stands here rather than a relation of such a name.
  private var isAtQuantity: Bool {
    mutating get {
      if index == probe {
        note(words: ["no", "at least", "at most", "exactly", "more than", "fewer than"])
      }
      let isProbed = index + 1 == probe
      switch current.keyword {
      case .no: return true
      case .at: return following.keyword == .least || following.keyword == .most || isProbed
      case .more, .fewer: return following.keyword == .than || isProbed
      case .exactly: return following.kind == .number || following.kind == .parameter
      default: return false
      }
    }
  }

  /// `quantity`: `no`, `at least N`, `at most N`, `exactly N`, `more than N` or `fewer than N`.
  mutating func parseQuantity() throws(Halt) -> Quantity {
    let word = current.keyword
    advance()
    switch word {
    case .no: return .none
    case .at:
      note([.least, .most])
      if accept(.least) { return .atLeast(try relatedCount()) }
      try require(.most)
      return .atMost(try relatedCount())
    case .more:
      try require(.than)
      return .moreThan(try relatedCount())
    case .fewer:
      try require(.than)
      return .fewerThan(try relatedCount())
    default: return .exactly(try relatedCount())
    }
  }

  private mutating func relatedCount() throws(Halt) -> Expression {
    try countOrParameter("a number of records")
  }

  /// `related`: `RELATION [window] [where C]`.
  mutating func parseRelated() throws(Halt) -> RelatedRecords {
    let start = index
    let path = try relationPath()
    let outer = (names, outerName, windowPlace)
    defer { (names, outerName, windowPlace) = outer }
    (sourceName, outerName, windowPlace) = (path.last, sourceName, previousEnd)
    let window = try windowIfAny()
    let filter = isAt(.where) ? try parseInnerWhere() : nil
    return RelatedRecords(path: path, window: window, filter: filter, range: range(from: start))
  }

  private mutating func relationPath() throws(Halt) -> [Name] {
    notePlace(.relation(of: sourceName?.text, prefix: []))
    var path = [try parseName("the name of a relation after 'has'")]
    while accept(.dot) {
      notePlace(.relation(of: sourceName?.text, prefix: path.map(\.text)))
      notePath(after: path)
      path.append(try parseName("the name of a relation after '.'"))
    }
    return path
  }

  /// `innerWhere`: `where C`, where C is one condition, or stands in brackets: an `and` behind it
  /// goes on with the condition around it.
  mutating func parseInnerWhere() throws(Halt) -> Expression {
    advance()
    try requireContent(of: "where", "a condition")
    let start = index
    let outer = isInOpenWhere
    isInOpenWhere = true
    defer { isInOpenWhere = outer }
    let condition = try parseNegation()
    let isOpen = isAtLogical && !isBracketed(from: start)
    return isOpen ? try mendInnerLogic(condition) : condition
  }

  /// Whether the tokens from `start` to the last one read stand in one pair of brackets.
  private func isBracketed(from start: Int) -> Bool {
    guard tokens[start].kind == .open else { return false }
    var depth = 0
    for place in start..<index {
      switch tokens[place].kind {
      case .open: depth += 1
      case .close: depth -= 1
      default: break
      }
      if depth == 0 { return place == index - 1 }
    }
    return false
  }

  /// Whether the second part of a sequence begins here.
  var isAtSequence: Bool {
    switch current.keyword {
    case .followed: true
    case .not: following.keyword == .followed
    default: false
    }
  }

  /// `followedBy`: `[not] followed by B [window] [where C] [within T]`.
  mutating func parseFollowedBy() throws(Halt) -> FollowedBy {
    let start = index
    let isNegated = accept(.not)
    advance()
    try require(.by)
    let records = try parseRelated()
    var within: Expression?
    if accept(.within) { within = try length(after: "within") }
    return FollowedBy(
      isNegated: isNegated, records: records, within: within, range: range(from: start))
  }
}

extension Parser {
  /// `outer`: `outer.x`, a field of the row around a condition about related records.
  mutating func parseOuter() throws(Halt) -> Expression {
    let start = current.range.lowerBound
    advance()
    let inner = names
    sourceName = outerName
    defer { names = inner }
    return try make(.outer(try namesAfterDots()), from: start)
  }

  /// `answer`: `it` or `it.x`, the last answer or a column of it.
  mutating func parseAnswer() throws(Halt) -> Expression {
    let start = current.range.lowerBound
    advance()
    return try make(.it(try namesAfterDots()), from: start)
  }

  /// `wholeStore`: `all customers` or `all customers.value`.
  mutating func parseWholeStore() throws(Halt) -> Expression {
    let start = current.range.lowerBound
    advance()
    let entity = try parseName("the name of an entity after 'all'")
    let outer = names
    sourceName = entity
    defer { names = outer }
    return try make(.all(entity, try namesAfterDots()), from: start)
  }

  /// `standardTarget`: `standard fast_fix`.
  mutating func parseStandardTarget() throws(Halt) -> Expression {
    let start = current.range.lowerBound
    advance()
    return try make(.standard(try parseName("the name of a standard")), from: start)
  }

  private mutating func namesAfterDots() throws(Halt) -> [Name] {
    var names: [Name] = []
    while accept(.dot) {
      notePath(after: names)
      names.append(try parseName("the name of a field after '.'"))
    }
    return names
  }

  /// Whether a name follows that can only be one: in backticks, or no word of the language.
  var isPlainNameFollowing: Bool {
    following.kind == .quotedName || following.kind == .word && following.keyword == nil
  }
}
