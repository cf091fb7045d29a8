import Engine
import Store
import Syntax

// What the line editor asks about the text being typed.

extension Shell: LineAssistant {
  func isComplete(_ text: String) -> Bool {
    if question != nil { return true }
    return switch text.lowercased() {
    case "help", "?", "exit", "quit": true
    default: lessonCommand(text) != nil || StatementReader.want(atPrompt: text) == nil
    }
  }

  func completions(of text: String, at cursor: Int) -> Completions {
    if let question { return question.completions(of: text, at: cursor, by: completion) }
    return completion.completions(of: text, at: cursor)
  }

  var recallable: [String] { question == nil ? shownHistory : [] }

  /// What was typed before; where persons are masked, without statements that hold texts.
  private var shownHistory: [String] { history.entries.filter(mayBeShown) }

  private func mayBeShown(_ statement: String) -> Bool {
    !session.masksPersons || session.seen(statement: statement) == statement
  }

  var isPlain: Bool { runner.isReadAloud }

  func colors(of text: String, cursor: Int?) -> [ColoredRange] {
    if question != nil { return [] }
    var typed =
      typedText ?? TypedText(session: session, completion: quickCompletion)
    defer { typedText = typed }
    return typed.colors(of: text, cursor: cursor)
  }

  func hint(after text: String) -> TypingHint? {
    if question != nil { return nil }
    let last = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    if last.count < text.count, last.allSatisfy(\.isWhitespace) {
      let typed = String(text.dropLast(last.count + 1))
      return StatementReader.want(atPrompt: typed).map { .want(Self.words(for: $0)) }
    }
    if text.allSatisfy(\.isWhitespace) || text.utf8.count > TypedText.byteCountMax { return nil }
    if let entry = history.newest(beginningWith: text, where: isHinted) {
      return .rest(String(entry.unicodeScalars.dropFirst(text.unicodeScalars.count)))
    }
    return likeliest(after: text).map { .rest($0) }
  }

  private var completion: Completion {
    Completion(
      session: session, lastQuery: session.lastQueryText, permissions: arguments.permissions)
  }

  /// Whether nothing in a statement of earlier is known to be wrong, and it may be shown.
  private func isHinted(_ text: String) -> Bool {
    mayBeShown(text) && !colors(of: text, cursor: nil).contains { $0.role == .fault }
  }

  /// Completion that counts nothing, as it is asked at every key.
  private var quickCompletion: Completion {
    var completion = completion
    completion.mayCount = false
    return completion
  }

  /// The rest of the likeliest word that begins with what is typed; nil when that is one itself.
  private func likeliest(after text: String) -> String? {
    let found = quickCompletion.completions(of: text, at: text.utf8.count)
    let typed = String(decoding: text.utf8.dropFirst(found.start), as: UTF8.self)
    let folded = Folding.fold(typed)
    guard !typed.isEmpty,
      let first = found.candidates.first(where: { Folding.fold($0.text).hasPrefix(folded) }),
      !found.candidates.contains(where: { Folding.fold($0.text) == folded })
    else { return nil }
    return String(first.text.unicodeScalars.dropFirst(typed.unicodeScalars.count))
  }

  /// Which store the history at the prompt belongs to.
  var historyStore: HistoryFolder.Store {
    if let path = session.file?.path ?? session.pendingPath { return .file(path) }
    return arguments.demoCustomerCount != nil && arguments.databasePath == nil ? .demo : .memory
  }

  private static func words(for want: StatementReader.Want) -> String {
    switch want {
    case .bracket: "… and the closing ')'"
    case .quote: "… and the closing quote"
    case .operand: "what follows the operator or comma"
    case .more(let expected): expected
    }
  }
}
