import Engine
import TestSupport
import Testing

/// Random questions asked of rapport and, as the SQL that `sql` writes, of SQLite over the same data
/// file have the same answers.
///
/// `RAPPORT_QUERIES=20000 RAPPORT_SEED=7 swift test --filter TranslationTests` asks more, or others.
struct TranslationTests {
  @Test func `SQLite gives the same answers to the statements that are written for it`() throws {
    let peer = try Peer()
    let firstSeed = UInt64(Environment.number("RAPPORT_SEED") ?? 20_260_630)
    let queryCount = Environment.number("RAPPORT_QUERIES") ?? 2_000
    let issueCountMax = Environment.number("RAPPORT_ISSUES") ?? 3
    var refused: [String] = []
    var issueCount = 0
    for number in 0..<queryCount {
      let seed = firstSeed &+ UInt64(number)
      var writer = RandomDraft(peer.catalog, samples: peer.samples, seed: seed)
      let draft = writer.draft()
      switch peer.outcome(of: draft.text) {
      case .same: continue
      case .refused(let words): refused.append("\(words)\n\(draft.text)")
      case .differs:
        let small = peer.smallest(draft)
        Issue.record("seed \(seed): \(peer.report(small.text))\n\nfrom: \(draft.text)")
        issueCount += 1
        if issueCount == issueCountMax { return }
      }
    }
    if Environment.text("RAPPORT_REFUSED") != nil { print(refused.joined(separator: "\n\n")) }
    #expect(refused.count * 12 < queryCount, "\(refused.count) refused: \(refused.prefix(3))")
  }
}
