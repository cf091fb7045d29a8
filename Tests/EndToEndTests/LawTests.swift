import Engine
import Store
import Syntax
import TestSupport
import Testing

/// What must hold between the answers to different questions, over random conditions and queries.
///
/// `RAPPORT_LAWS=5000 RAPPORT_SEED=7 swift test --filter LawTests` tries more, or others.
struct LawTests {
  private let peer: Peer

  init() throws { peer = try Peer() }

  @Test func `a condition and its complement add up to everyone`() throws {
    try forEach { writer throws in
      let entity = writer.pickEntity()
      let name = peer.catalog[entity].name
      let condition = writer.condition(on: entity)
      let all = try peer.count("count \(name)") ?? 0
      let held = try peer.count("count \(name) where \(condition)") ?? -1
      let rest = try peer.count("count \(name) where not (\(condition))") ?? -1
      return held + rest == all ? nil : "\(held) + \(rest) of \(all): \(name) where \(condition)"
    }
  }

  @Test func `has, has at least 1 and a count agree, and has no is the rest`() throws {
    try forEach { writer throws in
      let entity = writer.pickEntity()
      let name = peer.catalog[entity].name
      guard let related = writer.relatedCondition(on: entity) else { return nil }
      let has = try peer.count("count \(name) where has \(related)") ?? -1
      let others = try [
        "has at least 1 \(related)", "count(\(related)) >= 1", "not (has no \(related))",
        "has more than 0 \(related)", "not has fewer than 1 \(related)",
      ].map { try peer.count("count \(name) where \($0)") ?? -2 }
      return others.allSatisfy { $0 == has } ? nil : "\(has), \(others): \(name) has \(related)"
    }
  }

  @Test func `one more condition never lets more rows through`() throws {
    try forEach { writer throws in
      let entity = writer.pickEntity()
      let name = peer.catalog[entity].name
      let condition = writer.condition(on: entity)
      guard let related = writer.relatedCondition(on: entity) else { return nil }
      let wide = try peer.count("count \(name) where \(condition)") ?? -1
      let narrow = try peer.count("count \(name) where (\(condition)) and (has \(related))") ?? -1
      return narrow <= wide ? nil : "\(narrow) > \(wide): \(name) where \(condition), \(related)"
    }
  }

  @Test func `every beginning of a chain of rounds runs`() throws {
    try forEach { writer throws in
      var draft = writer.draft()
      _ = try peer.answer(draft.text)
      while draft.rounds.count > 1 {
        draft.rounds.removeLast()
        _ = try peer.answer(draft.text)
      }
      return nil
    }
  }

  @Test func `a formatted query has the same answer, and so has one without indexes`() throws {
    try forEach { writer throws in
      let text = writer.draft().text
      let rows = try peer.answer(text).rows
      let formatted = Formatter.format(try Parser.parse(text))
      if try peer.answer(formatted).rows != rows { return "formatted: \(formatted)" }
      guard text.hasPrefix("find"), text.contains("show") else { return nil }
      return try peer.scanned(text) == rows ? nil : "scanned: \(text)"
    }
  }

  /// Tries a law on many writers; it gives what breaks it. What rapport does not take is passed over.
  private func forEach(_ law: (inout RandomDraft) throws -> String?) throws {
    let firstSeed = UInt64(Environment.number("RAPPORT_SEED") ?? 20_260_630)
    let count = Environment.number("RAPPORT_LAWS") ?? 150
    var refusedCount = 0
    for number in 0..<count {
      let seed = firstSeed &+ UInt64(number)
      var writer = RandomDraft(peer.catalog, samples: peer.samples, seed: seed)
      do {
        if let broken = try law(&writer) { Issue.record("seed \(seed): \(broken)") }
      } catch is Failure {
        refusedCount += 1
      }
    }
    #expect(refusedCount * 6 < count, "\(refusedCount) of \(count) refused")
  }
}
