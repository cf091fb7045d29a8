import SampleData
import Store
import Testing

/// Ctrl-C wherever a statement looks for it, without a clock: polls are counted, and one of them stops
/// the statement.
struct StopTests {
  // In processes of their own: polls are counted of the whole process, where others test.
  @Test func `a query stops at any poll, and the next one works`() async {
    await #expect(processExitsWith: .success) {
      let limited = try LimitedSession(customerCount: 130, budget: Budget())
      for text in LimitedSession.queries { try Self.judge(text, limited, isChange: false) }
    }
  }

  @Test func `a change stops at any poll with nothing changed, or is done`() async {
    await #expect(processExitsWith: .success) {
      let limited = try LimitedSession(customerCount: 130, budget: Budget())
      for text in LimitedSession.changes { try Self.judge(text, limited, isChange: true) }
    }
  }

  private static func judge(_ text: String, _ limited: LimitedSession, isChange: Bool) throws {
    Cancellation.countPolls()
    defer { Cancellation.countPolls(stoppingAt: nil) }
    let before = limited.state
    let whole = limited.outcome(text)
    let pollCount = Cancellation.pollCount
    if case .refused(let code) = whole { Issue.record("\(code): \(text)") }
    if isChange {
      #expect(limited.outcome("undo") == .rows([]), "\(text)")
    }
    for poll in places(pollCount) {
      let before = isChange ? limited.state : before
      Cancellation.countPolls(stoppingAt: poll)
      let outcome = limited.outcome(text)
      let isReached = Cancellation.pollCount >= poll
      Cancellation.countPolls()
      if outcome == .refused("interrupted"), isReached {
        #expect(limited.state == before, "stopped at poll \(poll) of \(pollCount): \(text)")
      } else if outcome == whole, isChange || !isReached {
        if isChange { #expect(limited.outcome("undo") == .rows([]), "\(text)") }
      } else {
        Issue.record("at poll \(poll) of \(pollCount) \(outcome): \(text)")
      }
    }
    #expect(limited.outcome(text) == whole, "\(text)")
    if isChange { _ = limited.outcome("undo") }
  }

  /// Some of the polls, the first and the last among them.
  private static func places(_ count: Int) -> [Int] {
    Array(Set([1, 2, count / 4, count / 2, count - 1, count])).filter { $0 > 0 }.sorted()
  }

  @Test func `the more rows there are, the more polls`() async {
    await #expect(processExitsWith: .success) {
      let few = try LimitedSession(customerCount: 300, budget: Budget())
      // More than a batch of 2,048.
      let many = try LimitedSession(customerCount: 2_100, budget: Budget())
      // What is about one record, or answered by an index from a few rows, asks for no more of them.
      let fixed = [
        "profile", "describe", "explain", "find orders where customer",
        "find customers where stage", "find orders top 5 by amount", "suggest", "check",
      ]
      for text in LimitedSession.queries where !fixed.contains(where: text.hasPrefix) {
        let counts = [few, many].map { limited in
          Cancellation.countPolls()
          _ = limited.outcome(text)
          return Cancellation.pollCount
        }
        #expect(counts[1] > counts[0], "\(counts): \(text)")
      }
      Cancellation.countPolls(stoppingAt: nil)
    }
  }
}
