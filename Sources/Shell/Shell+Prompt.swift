import Engine
import Store
import Syntax

// What the line editor asks about the text being typed.

extension Shell: LineAssistant {
  func isComplete(_ text: String) -> Bool {
    switch text.lowercased() {
    case "help", "?", "exit", "quit": true
    default: StatementReader.want(atPrompt: text) == nil
    }
  }

  func completions(of text: String, at cursor: Int) -> Completions {
    Completion(session: session, lastQuery: session.lastQueryText).completions(of: text, at: cursor)
  }

  var recallable: [String] { history.entries }

  var isPlain: Bool { arguments.isPlain || runner.mode?.rawValue == "plain" }

  func colors(of text: String, cursor: Int?) -> [ColoredRange] {
    var typed =
      typedText ?? TypedText(session: session, completion: unhurriedCompletion)
    defer { typedText = typed }
    return typed.colors(of: text, cursor: cursor)
  }

  func hint(after text: String) -> TypingHint? {
    let last = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
    if last.count < text.count, last.allSatisfy(\.isWhitespace) {
      let typed = String(text.dropLast(last.count + 1))
      return StatementReader.want(atPrompt: typed).map { .want(Self.words(for: $0)) }
    }
    if text.allSatisfy(\.isWhitespace) || text.utf8.count > TypedText.byteCountMax { return nil }
    if let entry = history.newest(beginningWith: text, where: isSound) {
      return .rest(String(entry.unicodeScalars.dropFirst(text.unicodeScalars.count)))
    }
    return likeliest(after: text).map { .rest($0) }
  }

  /// Whether nothing in a text is known to be wrong.
  private func isSound(_ text: String) -> Bool {
    !colors(of: text, cursor: nil).contains { $0.role == .fault }
  }

  /// Completion that counts nothing, as it is asked at every key.
  private var unhurriedCompletion: Completion {
    Completion(session: session, lastQuery: session.lastQueryText, mayCount: false)
  }

  /// The rest of the likeliest word that begins with what is typed; nil when that is one itself.
  private func likeliest(after text: String) -> String? {
    let found = unhurriedCompletion.completions(of: text, at: text.utf8.count)
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
