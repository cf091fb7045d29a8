/// What the parser would accept at a place in a text: the ground of completion.
package struct Expectations: Sendable {
  /// A kind of name or literal that may stand there.
  package enum Place: Hashable, Sendable {
    /// The name of an entity.
    case entity
    /// What one record of an entity is called: `customer`.
    case record
    /// A stored field of the entity, which gets a value in a new record or in one that is there.
    case storedField(of: String?, isNew: Bool)
    /// A choice of the entity's tracked field, to which its records move.
    case trackedChoice(of: String?)
    /// A field of the entity, after the names of a path typed so far.
    case field(of: String?, prefix: [String])
    /// A value of the field that the path names, which is compared here.
    case choiceValue(of: [String])
    /// A function.
    case function
    /// An aggregate.
    case aggregate
    /// A file's name, in quotes.
    case file
    /// A relation of the entity, after the names of a path typed so far: records that refer to it.
    case relation(of: String?, prefix: [String])
    /// Something that is defined, by name; a field goes by `entity.field`.
    case defined(DefinedKind)
    /// A parameter, with its `$`.
    case parameter
    /// A column of the earlier answer.
    case column
  }

  /// An answer of which bare names may be columns.
  package enum Earlier: Hashable, Sendable {
    /// That of a query in the text, with or without its first word.
    case query(SourceRange)
    /// The last one, refined by the rounds in the text, if there are some.
    case last(rounds: SourceRange?)
  }

  /// The word being typed; empty at the cursor when none is.
  package var range = SourceRange(0, 0)
  /// Whether the word being typed stands in a quote that is still open, outside `range`.
  package var isInQuotes = false
  /// Keywords, some of two words such as `order by`, in the order they were tried.
  package var words: [String] = []
  /// Names and literals, in the order they were tried.
  package var places: [Place] = []
  /// The names given with `as` before the place.
  package var aliases: [String] = []
  /// The entity that the query reads, where that is known.
  package var source: String?
  /// The answer that the round or the path before the place goes on from, where there is one.
  package var earlier: Earlier?

  init() {}
}

/// What bare names are looked up in, as far as the parser knows.
struct NameScope {
  /// The entity.
  var source: Name?
  /// The answer whose columns they may be too.
  var earlier: Expectations.Earlier?
}

extension Parser {
  /// Finds out what may stand at a place by parsing the text before it: every rule that tries a
  /// word where the text ends leaves it here.
  ///
  /// - Parameter offset: A UTF-8 offset, the cursor. The letters before it are the word being
  ///   typed.
  package static func expectations(in text: String, at offset: Int) -> Expectations {
    let bytes = Array(text.utf8.prefix(max(0, offset)))
    var output = Lexer.scan(bytes)
    var start = bytes.count
    var isInQuotes = false
    let last = output.tokens.count > 1 ? output.tokens[output.tokens.count - 2] : nil
    let openCodes: Set = [SyntaxReason.missingQuote.code, SyntaxReason.missingBacktick.code]
    if let last, let fault = output.diagnostics.last, openCodes.contains(fault.code),
      last.range.upperBound == bytes.count
    {
      start = last.range.lowerBound
      isInQuotes = last.kind == .text
      output.tokens.remove(at: output.tokens.count - 2)
    } else if let last, last.range.upperBound == bytes.count,
      last.kind == .word || last.kind == .quotedName
    {
      start = last.range.lowerBound
      output.tokens.remove(at: output.tokens.count - 2)
    }
    if output.comments.last?.upperBound == bytes.count { return Expectations() }
    output.diagnostics = []
    var parser = Parser(bytes, output)
    parser.probe = output.tokens.count - 1
    _ = parser.readStatement(allowsBareRefinement: true)
    var expectations = parser.expectations
    let opening = isInQuotes ? Quote.opening(in: bytes[...], at: start)?.length ?? 1 : 0
    expectations.range = SourceRange(start + opening, bytes.count)
    expectations.isInQuotes = isInQuotes
    return expectations
  }

  /// Notes keywords that are tried here.
  mutating func note(_ keywords: @autoclosure () -> [Keyword]) {
    guard index == probe else { return }
    note(words: keywords().map(\.rawValue))
  }

  /// Notes words that are tried here.
  mutating func note(words: [String]) {
    guard index == probe else { return }
    for word in words where !expectations.words.contains(word) {
      expectations.words.append(word)
    }
    expectations.source = sourceName?.text
    expectations.earlier = names.earlier
  }

  /// Notes a kind of name that is tried here.
  mutating func notePlace(_ place: Expectations.Place) {
    guard index == probe else { return }
    if !expectations.places.contains(place) { expectations.places.append(place) }
    expectations.source = sourceName?.text
    expectations.earlier = names.earlier
  }

  /// Notes what a value may begin with.
  mutating func noteOperands() {
    if index + 1 == probe, current.keyword == .standard {
      index += 1
      notePlace(.defined(.standard))
      index -= 1
    }
    guard index == probe else { return }
    if !compared.isEmpty { notePlace(.choiceValue(of: compared.map(\.text))) }
    notePlace(.field(of: sourceName?.text, prefix: []))
    notePlace(.function)
    notePlace(.aggregate)
    notePlace(.parameter)
    note([.today, .yesterday, .yes, .no, .unknown])
    note(words: ["start of", "end of", "standard"])
  }

  /// Notes the fields after a dot.
  mutating func notePath(after path: [Name]) {
    guard index == probe else { return }
    notePlace(.field(of: sourceName?.text, prefix: path.map(\.text)))
  }

  /// Notes what may follow a value in a condition.
  mutating func noteOperators() {
    guard index == probe else { return }
    note(words: ComparisonOperator.allCases.map(\.rawValue))
    note(words: TextOperator.allCases.map(\.rawValue))
    note(words: ["in", "not in", "between", "is known", "is unknown"])
    note(words: ["was", "changed", "in segment", "entered segment", "left segment"])
    noteWindows()
  }

  /// Notes the words of windows.
  mutating func noteWindows() {
    note([.in, .since, .before, .after, .until, .on, .between])
  }

  /// Notes the words of periods and points.
  mutating func notePeriods() {
    if index + 1 == probe, [.last, .next, .this].contains(current.keyword) {
      index += 1
      note([.day, .week, .month, .quarter, .year])
      index -= 1
    }
    guard index == probe else { return }
    note(words: ["last", "next", "this", "today", "yesterday", "start of", "end of"])
  }

  /// Notes the clauses that may still stand in a round.
  mutating func noteClauses(_ allowed: ClauseSet, seen: [ClauseSet]) {
    guard index == probe else { return }
    let open = allowed.subtracting(seen.reduce(into: []) { $0.formUnion($1) })
    note(
      words: Self.clauseWords(open).map { keyword in
        keyword == .group || keyword == .order ? "\(keyword.rawValue) by" : keyword.rawValue
      })
    if open.contains(.asOf) { note(words: ["as of"]) }
  }
}
