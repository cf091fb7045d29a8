import Engine
import Store

/// The words of a profile: each topic's facts as short parts, the most important first. The engine
/// gives facts, and only this file has words.
struct ProfileWords {
  /// What is said about a topic: blocks that begin a line of their own, each of parts in a row.
  struct Paragraph: Hashable {
    var blocks: [[String]]
    /// Whether the parts lead back from one to the next rather than stand side by side.
    var isPath = false
  }

  /// One fact, as a row of the section has it.
  struct Fact: Hashable {
    var topic: ProfileTopic
    var item: String
    var date: Int?
    var figure: Double?
    /// In minor units.
    var amount: Int64?
    var text: String?
  }

  let facts: [ProfileTopic: [Fact]]
  /// Whether more than ASCII may be written.
  let isUnicode: Bool

  /// Reads the rows of a profile's section; text from data is made visible.
  init(_ rows: ShownRows, isUnicode: Bool) {
    self.isUnicode = isUnicode
    let columns = ["topic", "item", "date", "figure", "amount", "text"].map { name in
      rows.columns.firstIndex { $0.name == name }
    }
    func value(_ row: Int, _ place: Int) -> Scalar {
      columns[place].map { rows.value(row, $0) } ?? .unknown
    }
    func text(_ row: Int, _ place: Int) -> String? {
      if case .text(let text) = value(row, place) { VisibleText.of(text) } else { nil }
    }
    var facts: [ProfileTopic: [Fact]] = [:]
    for row in 0..<rows.count {
      guard let topic = text(row, 0).flatMap(ProfileTopic.init), let item = text(row, 1) else {
        continue
      }
      var fact = Fact(topic: topic, item: item, text: text(row, 5))
      if case .word(let day) = value(row, 2) { fact.date = Int(day) }
      if case .real(let figure) = value(row, 3) { fact.figure = figure }
      if case .word(let minor) = value(row, 4) { fact.amount = minor }
      facts[topic, default: []].append(fact)
    }
    self.facts = facts
  }

  // MARK: the heading

  /// `42 Nordlys AS · organisation · intensive_care since 2026-05-02, 59 days · rung loyal`
  var heading: [String] {
    let key = first(.who, "key")
    let name = [key?.text ?? key?.figure.map(ProfileFigures.plain), first(.who, "name")?.text]
      .compactMap(\.self).joined(separator: " ")
    var parts = [name, (first(.who, "kind") ?? first(.who, "entity"))?.text ?? ""]
    if let stage = facts[.stage]?.last {
      var words = stage.item
      if let since = stage.date { words += " since \(ValueText.date(since))" }
      if let days = stage.figure { words += ", \(ProfileFigures.span(days))" }
      parts.append(words)
    }
    if let rung = facts[.rung]?.first { parts.append("rung \(rung.item)") }
    return parts.filter { !$0.isEmpty }
  }

  /// The day that everything is seen on.
  var day: Int? { first(.who, "as_of")?.date }

  /// What is said about a topic; no blocks where there is nothing to say.
  func paragraph(of topic: ProfileTopic) -> Paragraph {
    let facts = facts[topic] ?? []
    func row(_ parts: [String]) -> Paragraph { Paragraph(blocks: parts.isEmpty ? [] : [parts]) }
    func list(_ parts: [String]) -> Paragraph { Paragraph(blocks: parts.map { [$0] }) }
    switch topic {
    case .who: return row(who(facts))
    case .stage:
      let stages = stages(facts)
      return Paragraph(blocks: stages.isEmpty ? [] : [stages], isPath: true)
    case .rung: return row([])
    case .value: return row(value(facts))
    case .orders: return row(orders(facts))
    case .forecast: return row(forecast(facts))
    case .risk: return row(risk(facts))
    case .people: return row(people(facts))
    case .complaints:
      let parts = complaints(facts)
      return parts.count > 2 ? list(parts) : row(parts)
    case .moments: return list(moments(facts))
    case .standards: return row(facts.map(standard))
    case .actions:
      return list(
        facts.map { fact in
          [fact.figure.map(ProfileFigures.plain), "\(fact.item):", fact.text].compactMap(\.self)
            .joined(separator: " ")
        })
    }
  }

  func first(_ topic: ProfileTopic, _ item: String) -> Fact? {
    facts[topic]?.first { $0.item == item }
  }
}
