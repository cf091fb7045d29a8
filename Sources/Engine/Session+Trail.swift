import Syntax

/// The answers before the last one, the newest last: what was asked, never rows.
struct Trail {
  /// The most answers that are kept; the oldest goes first.
  static let answerCountMax = 100

  private(set) var asked: [AskedStatement] = []

  /// Adds an answer.
  mutating func append(_ statement: AskedStatement) {
    if asked.count == Self.answerCountMax { asked.removeFirst() }
    asked.append(statement)
  }

  /// Takes the newest answer away.
  mutating func removeLast() { asked.removeLast() }
}

extension Session {
  /// The query of the answer before the last one, which `goBack` shows again; nil when there is none.
  package var earlierQueryText: String? {
    trail.asked.last.map { Formatter.format($0.statement) }
  }

  /// The answer before the last one again, as the store is now; nil when there is none. `then` and
  /// `it` mean it from here on. When it cannot be given any more, all stays as it was.
  package func goBack(showsEveryField: Bool = false) throws(Failure) -> Answer? {
    guard let earlier = trail.asked.last else { return nil }
    var answer = try askAgain(earlier, showsEveryField)
    trail.removeLast()
    answer.composedQuery = lastQueryText
    return answer
  }
}
