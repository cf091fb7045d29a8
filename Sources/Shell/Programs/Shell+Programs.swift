import Engine
import Syntax

// Saved queries at the prompt: listed, run with values, and asked for those that are missing.

extension Shell {
  /// `.queries [NAME [name=value]…]`. Gives whether the prompt goes on.
  func runQueries(_ argument: String) throws(Failure) -> Bool {
    var words = Self.words(of: argument)
    guard !words.isEmpty else {
      listQueries()
      return true
    }
    let name = words.removeFirst()
    guard let query = SavedQuery.named(name, arguments.permissions) else {
      let names = SavedQuery.all(arguments.permissions).map(\.name)
      throw Failure(
        ShellReason.unknownQuery(name, near: NearNames.nearest(to: name, among: names)), at: nil)
    }
    let head = try query.head()
    var values = try given(words, to: query, head)
    for parameter in head.parameters where !values.contains(where: parameter.isNamed) {
      if session.hasParameter(parameter.name), parameter.byDefault == nil { continue }
      switch answer(for: parameter, of: head) {
      case .value(let value): values.append((parameter.name, value))
      case .byDefault: continue
      case .declined: return true
      case .nobody: throw Failure(missing(parameter, of: query), at: nil)
      }
    }
    session.withParameters(values) { runScript(query.path) }
    return true
  }

  /// Runs a script, which asks nothing.
  func runScript(_ path: String) {
    let scripts = ScriptRunner(runner: runner, keepsGoing: false)
    _ = withoutQuestions { withOneToday { scripts.run(.file(path)) } }
  }

  // MARK: listing

  private func listQueries() {
    let queries = SavedQuery.all(arguments.permissions)
    guard !queries.isEmpty else {
      let folders = SavedQuery.folders.map { VisibleText.of($0) + "/*.crm" }
      return tell(
        inWords: "there are no saved queries; they are " + folders.joined(separator: " and "))
    }
    let width = (output.isTerminal ? output.width : errors.width) ?? 80
    var lines: [String] = []
    for query in queries {
      let head = Result { () throws(Failure) in try query.head() }
      var text = ""
      var meaning: String?
      switch head {
      case .success(let head):
        text = head.parameters.map(\.brief).joined(separator: " ")
        meaning = head.meaning
      case .failure(let failure): meaning = failure.diagnostics.first?.message
      }
      let left = VisibleText.of(query.name) + (text.isEmpty ? "" : " " + VisibleText.of(text))
      lines.append(DisplayWidth.fit(left, in: width - 1))
      if let meaning {
        lines += BrokenText.lines(VisibleText.of(meaning), after: "  ", widthMax: width - 1)
      }
    }
    tell(lines.joined(separator: "\n"))
  }

  // MARK: values

  /// The values that are written behind the name.
  private func given(
    _ words: [String], to query: SavedQuery, _ head: SavedQuery.Head
  ) throws(Failure) -> [(name: String, value: String)] {
    var values: [(name: String, value: String)] = []
    for word in words {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw DotCommand.mistake(".queries", word, "name=value behind the query's name")
      }
      let name = String(word[..<equals].drop { $0 == "$" })
      let value = Self.unquoted(String(word[word.index(after: equals)...]))
      guard let parameter = head.parameters.first(where: { $0.isNamed(name) }) else {
        let names = head.parameters.map(\.name)
        throw Failure(
          ShellReason.noSuchParameter(
            name, script: query.name, near: NearNames.nearest(to: name, among: names), all: names),
          at: nil)
      }
      if let problem = problem(with: value, for: parameter) { throw Failure(problem, at: nil) }
      values.append((parameter.name, value))
    }
    return values
  }

  /// How somebody answers when asked for a value.
  private enum Reply {
    case value(String)
    case byDefault
    case declined
    case nobody
  }

  /// Asks for a value, again while it is of another type.
  private func answer(
    for parameter: ScriptParameters.Parameter, of head: SavedQuery.Head
  ) -> Reply {
    if asked == nil { return parameter.byDefault == nil ? .nobody : .byDefault }
    tell(inWords: VisibleText.of(parameter.inWords))
    while case .line(let typed) = askValue(of: parameter, in: head.text) {
      let value = Self.unquoted(typed)
      if value.isEmpty, parameter.byDefault != nil { return .byDefault }
      if value.isEmpty { continue }
      if LineEvent.isCommand(typed) {
        tell(VisibleText.linesOf("'\(typed)' is no value; Ctrl-C leaves"))
      } else if let problem = problem(with: value, for: parameter) {
        runner.report(problem)
      } else {
        return .value(value)
      }
    }
    return .declined
  }

  private func problem(
    with value: String, for parameter: ScriptParameters.Parameter
  ) -> ShellReason? {
    guard let type = parameter.type, !session.canRead(value, as: type) else { return nil }
    return .parameterType(parameter.name, value: value, type: type)
  }

  private func missing(
    _ parameter: ScriptParameters.Parameter, of query: SavedQuery
  ) -> ShellReason {
    .parameterMissing(parameter.name, script: query.name, meaning: parameter.meaning)
  }

  /// Words, split at spaces that stand in no quotes.
  static func words(of text: String) -> [String] {
    var words: [String] = []
    var word = ""
    var quote: Character?
    for character in text {
      if quote == nil, character == " " {
        if !word.isEmpty { words.append(word) }
        word = ""
        continue
      }
      if character == quote {
        quote = nil
      } else if quote == nil, character == "\"" || character == "'" {
        quote = character
      }
      word.append(character)
    }
    return word.isEmpty ? words : words + [word]
  }
}

/// The value that is asked for: what Tab offers while it is typed.
struct ParameterQuestion {
  /// The statement up to the place where the value will stand; nil where it stands in none.
  let before: String?
  /// What such a value may be, where the place tells nothing.
  let words: [String]

  init(_ parameter: ScriptParameters.Parameter, in script: String) {
    words =
      switch parameter.type {
      case "flag": ["yes", "no"]
      case "date": ["today", "yesterday", "start of month", "start of year"]
      case "period": ["last month", "last 30 days", "last 12 months", "this year"]
      case "duration": ["30 days", "3 months", "1 year"]
      default: []
      }
    before = Self.before(parameter.name, in: script)
  }

  /// What F1 tells.
  var help: [String] {
    words.isEmpty
      ? ["Tab lists the values there are; Ctrl-C leaves the question."]
      : ["a value such as " + words.joined(separator: ", ")]
  }

  /// What can stand at byte `cursor` of the value.
  func completions(
    of text: String, at cursor: Int, by completion: Completion
  ) -> Completions {
    if let before {
      let isQuoted = text.hasPrefix("\"")
      let base = before.utf8.count + (isQuoted ? 0 : 1)
      let whole = before + (isQuoted ? "" : "\"") + text
      let found = completion.completions(of: whole, at: base + cursor)
      let values = found.candidates.filter { $0.count != nil }
      if found.start >= base, !values.isEmpty {
        return Completions(
          start: found.start - base, candidates: values.map { Self.value($0, isQuoted) })
      }
    }
    let folded = text.lowercased()
    let matching = words.filter { $0.hasPrefix(folded) }
    return Completions(start: 0, candidates: matching.map { .init($0, .values, suffix: "") })
  }

  /// A value as it is typed here, where it need not stand in quotes unless it is a word of the language.
  private static func value(
    _ candidate: Completions.Candidate, _ isQuoted: Bool
  ) -> Completions.Candidate {
    let isPlain = Keyword(word: candidate.text) == nil && candidate.text.first?.isNumber != true
    let text = isQuoted || isPlain ? candidate.text : "\"\(candidate.text)\""
    return .init(text, .values, count: candidate.count, suffix: isQuoted ? "\"" : "")
  }

  private static func before(_ name: String, in script: String) -> String? {
    for piece in StatementReader.pieces(of: script) {
      let bytes = Array(piece.text.utf8)
      for token in Lexer.scan(bytes).tokens where token.kind == .parameter {
        let range = token.range.lowerBound + 1..<token.range.upperBound
        guard String(decoding: bytes[range], as: UTF8.self).lowercased() == name.lowercased()
        else { continue }
        return String(decoding: bytes[..<token.range.lowerBound], as: UTF8.self)
      }
    }
    return nil
  }
}

extension ScriptParameters.Parameter {
  /// Whether it has that name.
  func isNamed(_ other: String) -> Bool {
    name.lowercased().utf8.elementsEqual(other.lowercased().utf8)
  }

  fileprivate func isNamed(_ given: (name: String, value: String)) -> Bool { isNamed(given.name) }

  /// `$days=90`, as in a list of queries.
  fileprivate var brief: String { "$" + name + (byDefault.map { "=" + $0 } ?? "") }

  /// `region to report on: text, north if left empty`
  fileprivate var inWords: String {
    let parts = [type ?? "any value", byDefault.map { "\($0) if left empty" }].compactMap(\.self)
    return (meaning ?? name) + ": " + parts.joined(separator: ", ")
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self.drop(while: \.isWhitespace)
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }
}
