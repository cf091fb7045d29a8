import Engine
import SampleData
import Store
import Syntax

// What the prompt knows of the data file: what is in it, what is not saved, and what it asks.

extension Shell {
  // MARK: questions

  /// Has changes ask `source` before they touch more than one record.
  func beginAsking(_ source: any LineSource) {
    asked = source
    session.isAtPrompt = true
    session.confirm = { [weak self] count, _, plural in
      let records = "\(ValueText.grouped(count)) \(VisibleText.of(plural))"
      return self?.ask("This changes \(records). Go on? [y/N] ").isYes ?? false
    }
    session.askParameter = { [weak self] name, text in
      let parameter = ScriptParameters.Parameter(name: name)
      guard case .line(let typed)? = self?.askValue(of: parameter, in: text) else { return nil }
      return typed.isEmpty ? nil : Self.unquoted(typed)
    }
  }

  /// Nobody is there to be asked any more.
  func endAsking() {
    asked = nil
    session.isAtPrompt = false
    session.confirm = nil
    session.askParameter = nil
  }

  /// Runs what a script does, which asks nothing.
  func withoutQuestions<Result>(_ body: () -> Result) -> Result {
    let (confirm, askParameter) = (session.confirm, session.askParameter)
    (session.confirm, session.askParameter) = (nil, nil)
    defer { (session.confirm, session.askParameter) = (confirm, askParameter) }
    return body()
  }

  func ask(_ question: String) -> LineReply {
    put(question) { $0.ask(question) }
  }

  /// Asks for the value of a parameter, with what can stand where it stands in a text; gives it
  /// without the spaces around it.
  func askValue(of parameter: ScriptParameters.Parameter, in text: String) -> LineReply {
    question = ParameterQuestion(parameter, in: text)
    defer { question = nil }
    let words = "$\(VisibleText.of(parameter.name)) = "
    guard case .line(let typed) = put(words, { $0.askValue(words) }) else { return .declined }
    return .line(typed.trimmed)
  }

  /// Puts a question to whoever is there, which takes no time of the statement's.
  private func put(_ question: String, _ ask: (any LineSource) -> LineReply) -> LineReply {
    guard let asked else { return .gone }
    runner.progress?.hide()
    output.flush()
    errors.flush()
    let secondsLeft = Signals.setTimer(seconds: 0)
    defer { Signals.setTimer(seconds: secondsLeft) }
    guard let recorder else { return ask(asked) }
    return recorder.record(question, [output, errors]) { ask(asked) }
  }

  // MARK: leaving

  /// Whether the prompt may end, or go on with another data file: asks where something would be lost.
  func mayLeave(_ question: String = "Leave?") -> Bool {
    guard Signals.terminationSignal == 0, let loss = lossInWords else { return true }
    switch ask("\(loss). \(question) [y/N] ") {
    case .gone: return true
    case let reply: return reply.isYes
    }
  }

  /// What would be lost by leaving; nil when nothing would.
  private var lossInWords: String? {
    if let count = ownSession.changeHistory.open?.count {
      let statements = count == 1 ? "its statement" : "its \(ValueText.grouped(count)) statements"
      return count == 0
        ? nil : "A transaction is open; \(statements) would be taken back ('commit' keeps them)"
    }
    return ownSession.hasUnsavedChanges
      ? "Changes to this store in memory are not saved; save \"customers.rapport\" keeps them" : nil
  }

  /// Says in a script that what it changed goes with it. An import that a question followed has
  /// served its purpose, as its file is still there.
  func warnOfUnsavedChanges() {
    guard session.hasUnsavedChanges, !arguments.isQuiet else { return }
    let history = session.changeHistory
    let onlyImports =
      history.forgottenCount == 0
      && history.kept.allSatisfy { StatementRunner.firstWord(of: $0.text) == "import" }
    if onlyImports, runner.lastRowCount != nil { return }
    runner.warn(
      "the changes were made in memory and are gone; 'rapport FILE …' keeps them in a file")
  }

  // MARK: opening

  /// Opens the data file that the arguments name, or makes it and keeps the demo data there.
  func openFirstStore() throws(Failure) {
    guard let path = arguments.databasePath else { return }
    runner.showProgress()
    defer { runner.endProgress() }
    if arguments.demoCustomerCount == nil {
      _ = try session.open(path)
    } else {
      _ = try session.save(FileTarget(path: path, range: SourceRange(0, 0)), at: nil)
    }
  }

  /// Goes on with another data file, once nothing is lost by it.
  func openStore(_ path: String) throws(Failure) {
    try refuseInLesson(".open")
    guard session.isInTransaction || mayLeave("Open another?") else { return }
    _ = try session.open(path)
    runner.forgetAnswer()
    if arguments.demoCustomerCount != nil, session.clock.today == SampleData.lastDay {
      session.clock = .live
    }
    tell(inWords: storeInWords ?? "")
  }

  // MARK: what there is

  /// Which store this is and what is in it; nil for one in memory that is empty.
  var storeInWords: String? {
    let counts = countsInWords
    if let path = session.file?.path {
      let isReadOnly = session.file?.isReadOnly == true
      return "\(VisibleText.of(path))\(isReadOnly ? " (read only)" : ""), \(Self.list(counts))"
    }
    if let path = session.pendingPath {
      return "\(VisibleText.of(path)), which the first change creates"
    }
    guard let first = counts.first else { return nil }
    let isDemo = arguments.demoCustomerCount != nil && arguments.databasePath == nil
    return isDemo ? "demo data, " + first : "in memory, " + Self.list(counts)
  }

  /// `2,000 customers`, …: the entities that have records, in catalog order; the house rules, which
  /// every store has, are none. None when the file does not tell.
  private var countsInWords: [String] {
    let database = session.database
    return database.catalog.entities.enumerated().compactMap { index, entity in
      guard entity.role?.isRules != true,
        let count = try? database.recordCount(of: EntityID(index)), count > 0
      else { return nil }
      let name = count == 1 ? entity.singular : entity.name
      return "\(ValueText.grouped(count)) \(VisibleText.of(name))"
    }
  }

  /// `2,000 customers, 18,204 orders, 31,022 interactions and 8 more`
  private static func list(_ counts: [String]) -> String {
    guard let last = counts.last else { return "empty" }
    if counts.count == 1 { return last }
    if counts.count <= shownCountMax + 1 {
      return counts.dropLast().joined(separator: ", ") + " and " + last
    }
    return counts.prefix(shownCountMax).joined(separator: ", ")
      + " and \(counts.count - shownCountMax) more"
  }

  /// Entities that the banner names.
  private static let shownCountMax = 3
}
