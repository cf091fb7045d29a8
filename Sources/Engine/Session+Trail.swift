import Store
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
  /// What `then`, `it` and `goBack` mean: the last answer and those before it.
  package struct Standing {
    fileprivate let last: AskedStatement?
    fileprivate let lastRecords: (entity: EntityID, rows: [Int32])?
    fileprivate let trail: Trail
  }

  /// Where the conversation stands. Whoever shows answers puts it back when one could not be shown.
  package var standing: Standing {
    get { Standing(last: last, lastRecords: lastRecords, trail: trail) }
    set { (last, lastRecords, trail) = (newValue.last, newValue.lastRecords, newValue.trail) }
  }

  /// Whether the first statement of a text goes on from the last answer.
  package func goesOn(_ text: String) -> Bool {
    guard let first = StatementReader.pieces(of: text).first,
      let statement = try? Parser.parse(first.text, allowsBareRefinement: true)
    else { return false }
    if case .refine = statement.kind { return true }
    return statement.saysIt
  }

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
