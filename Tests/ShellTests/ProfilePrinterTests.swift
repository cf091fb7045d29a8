import Engine
import Store
import Syntax
import Testing

@testable import Shell

/// What a profile's rows look like on a screen.
struct ProfilePrinterTests {
  @Test func `a profile is a heading, a paragraph a topic, and lanes`() {
    #expect(
      Self.lines(80).prefix(18) == [
        "42 Nordlys AS · organisation · intensive_care since 2026-05-02, 59 days ·",
        "  rung loyal",
        "who         post@nordlys.no · Bergen · satisfaction 38 · not contactable",
        "stage       intensive_care 2026-05-02 (late delivery) ← welcoming 2024-03-01",
        "value       12,400.00 · under 0.1% of all · 12th of 2,000 · profit 3,200.50",
        "orders      18 since 2024-03-01, every 43 days · last 2026-04-30 for 250.00 ·",
        "            3,000.00 in 12 months",
        "forecast    about 5 per 10 such in 12 months · 88.0% active · next 2026-07-20 ·",
        "            worth 430.00",
        "risk        overdue 2.4× the usual gap · spend down 45.0% · waiting 59 days ·",
        "            1 as usual",
        "people      owner 7 Ana Ruiz · contact 3 Bo, buyer · 57 referrals",
        "complaints  1 open, 5 resolved · high, 59 days: ␛[31mlate",
        "moments     1 exceeded, 3 disappointed",
        "            2026-06-25 disappointed, phone: angry",
        "standards   quick 59 missed, <= 5 by 2026-03-31",
        "actions     1 call: Call within a day",
        "2026-06-01 to 2026-06-30",
      ])
  }

  @Test(arguments: [20, 34, 60, 80, 120])
  func `no line is wider than the terminal, however little room there is`(_ width: Int) {
    for height in [nil, 60, 24, 16, 10, 5] {
      let lines = Self.lines(width, height)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(width) × \(height ?? 0)")
      #expect(lines.first?.hasPrefix("42 Nordlys AS") ?? false)
    }
  }

  @Test(arguments: [(80, 24), (80, 20), (60, 24), (80, 16), (120, 14)])
  func `what does not fit is left out, the least important first, and named`(
    _ width: Int, _ height: Int
  ) {
    let lines = Self.lines(width, height)
    #expect(lines.count <= height)
    #expect(lines.contains { $0.hasPrefix("risk") && $0.contains("overdue") })
    let topics = Set(lines.compactMap { $0.split(separator: " ").first.map(String.init) })
    let hidden = lines.drop { !$0.hasPrefix("left out: ") }.joined(separator: " ")
    for topic in ProfileTopic.allCases where topic != .rung {
      #expect(topics.contains(topic.rawValue) || hidden.contains(topic.rawValue), "\(topic)")
    }
  }

  @Test func `without Unicode only names from data hold more than ASCII`() {
    let long = [fact("who", "email", nil, String(repeating: "x ", count: 500))]
    for height in [nil, 24, 12, 6] {
      let text = Self.lines(60, height, isUnicode: false, of: Self.facts + long).joined()
      #expect(text.filter { !$0.isASCII }.allSatisfy { $0 == "␛" })
    }
  }

  @Test func `text without spaces and wide text end where the line ends`() {
    let facts = [
      fact("who", "key", 1), fact("who", "name", nil, String(repeating: "東", count: 90)),
      fact("who", "email", nil, String(repeating: "x", count: 500)),
    ]
    for width in [20, 33, 80] {
      let lines = Self.lines(width, nil, of: facts)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width })
    }
    #expect(Self.lines(80, nil, of: facts).count <= 12)
  }

  @Test func `a record about which nothing is known is its heading`() {
    #expect(
      Self.lines(
        80, nil,
        of: [
          fact("who", "entity", nil, "product"), fact("who", "as_of", nil, nil, 20_634),
          fact("who", "key", 3),
        ], hasTimeline: false) == ["3 · product · as of 2026-06-30"])
    #expect(
      Self.lines(
        80, nil,
        of: [
          fact("who", "key", 3), fact("risk", "signals", nil, "no signal"),
          fact("orders", "count", 1), fact("orders", "first", nil, nil, 20_634),
          fact("orders", "last", nil, nil, 20_634, minor: 5_00),
          fact("forecast", "refused", nil, "nobody bought"),
        ], hasTimeline: false) == [
          "3", "orders      one, 2026-06-30 for 5.00", "forecast    not possible: nobody bought",
          "risk        no signal: too short a past",
        ])
  }

  private static let facts: [[Scalar]] = [
    fact("who", "entity", nil, "customer"), fact("who", "as_of", nil, nil, 20_634),
    fact("who", "key", 42), fact("who", "name", nil, "Nordlys AS"),
    fact("who", "kind", nil, "organisation"), fact("who", "email", nil, "post@nordlys.no"),
    fact("who", "region", nil, "Bergen"), fact("who", "city", nil, "Bergen"),
    fact("who", "satisfaction", 38), fact("who", "contactable", nil, "no"),
    fact("stage", "welcoming", 792, nil, 19_783),
    fact("stage", "intensive_care", 59, "late delivery", 20_575), fact("rung", "loyal"),
    fact("value", "value", minor: 12_400_00), fact("value", "cost", minor: 9_199_50),
    fact("value", "profit", minor: 3_200_50), fact("value", "share", 0.0004),
    fact("value", "place", 12),
    fact("value", "of", 2_000), fact("orders", "count", 18),
    fact("orders", "first", nil, nil, 19_783),
    fact("orders", "last", nil, nil, 20_573, minor: 250_00),
    fact("orders", "revenue", minor: 12_400_00), fact("orders", "last_12_months", minor: 3_000_00),
    fact("orders", "mean_gap", 43.2), fact("forecast", "horizon", nil, "12 months"),
    fact("forecast", "p_alive", 0.88), fact("forecast", "expected_orders", 0.52),
    fact("forecast", "next_order", nil, nil, 20_654), fact("forecast", "clv", minor: 430_00),
    fact("risk", "overdue", 2.41, "signal"), fact("risk", "slower_payments", 3, "usual"),
    fact("risk", "spend_down", 0.45, "signal"), fact("risk", "waiting", 59, "signal"),
    fact("risk", "score", 3), fact("people", "owner", 7, "Ana Ruiz"),
    fact("people", "contacts", 1), fact("people", "contact", 3, "Bo, buyer"),
    fact("people", "referrals", 57), fact("people", "referral", 9, "Zoë"),
    fact("complaints", "open", 1), fact("complaints", "resolved", 5),
    fact("complaints", "high", 59, "\u{1B}[31mlate", 20_575), fact("moments", "exceeded", 1),
    fact("moments", "disappointed", 3),
    fact("moments", "disappointed", nil, "phone: angry", 20_629),
    fact("standards", "quick", 59, "missed, <= 5", 20_543),
    fact("actions", "call", 1, "Call within a day"),
  ]

  private static func lines(
    _ width: Int, _ height: Int? = nil, isUnicode: Bool = true, of facts: [[Scalar]] = facts,
    hasTimeline: Bool = true
  ) -> [String] {
    let types: [ValueType] = [.text, .text, .date, .number, .money, .text]
    let columns = zip(["topic", "item", "date", "figure", "amount", "text"], types).map {
      OutputColumn(name: $0, type: $1)
    }
    let vectors = types.enumerated().map { column, type -> Vector in
      let known: [UInt8] = facts.map { $0[column].isKnown ? 0x80 : 0 }
      switch type {
      case .text:
        return Vector(
          texts: TextBlock(facts.map { if case .text(let text) = $0[column] { text } else { "" } }),
          known: known)
      case .number:
        return Vector(
          reals: facts.map { if case .real(let real) = $0[column] { real } else { 0 } },
          known: known)
      default:
        return Vector(
          words: facts.map { if case .word(let word) = $0[column] { word } else { 0 } },
          known: known)
      }
    }
    let section = Section(
      columns: columns, hint: .profile,
      cursor: FixedCursor(
        OutputBatch(vectors: vectors, labels: columns.map { _ in nil }, count: facts.count)))
    guard let rows = try? ShownRows(section, isLimited: false) else { return [] }
    let timeline = Drawing.Timeline(
      title: "", days: 20_605...20_634,
      lanes: ["orders", "phone", "email", "complaints"].map {
        Drawing.Timeline.Lane(label: $0, days: [20_605, 20_625])
      })
    let screen = ProfilePrinter(
      style: Style(isOn: false), width: width, heightMax: height, isUnicode: isUnicode,
      isAtPrompt: true
    ).screen(of: rows, hasTimeline ? .timeline(timeline) : nil)
    return screen.lines + screen.footer
  }
}

/// One row of a profile.
private func fact(
  _ topic: String, _ item: String, _ figure: Double? = nil, _ text: String? = nil,
  _ day: Int64? = nil, minor: Int64? = nil
) -> [Scalar] {
  [
    .text(topic), .text(item), day.map(Scalar.word) ?? .unknown,
    figure.map(Scalar.real) ?? .unknown, minor.map(Scalar.word) ?? .unknown,
    text.map(Scalar.text) ?? .unknown,
  ]
}
