import Store
import Syntax
import Testing

@testable import Engine

/// What `profile` finds out about a record, as rows.
struct ProfileTests {
  @Test func `a profile says in rows what is known about a customer, and nothing else`() throws {
    let session = try Self.session()
    let differences = Self.differences(try Self.rows("profile customer 1", session))
    #expect(differences.isEmpty, "\(differences.joined(separator: "; "))")
  }

  private static let nordlys = [
    "who entity – – – customer", "who as_of 2026-06-30 – – –", "who key – 1 – –",
    "who name – – – Nordlys AS", "who email – – – post@nordlys.no", "who joined 2024-01-01 – – –",
    "stage recruitment 2024-01-01 852 – –", "stage welcoming 2026-05-02 59 – –",
    "rung partner – – – –",
    "value value – – 300 –",
    "value cost – – 100 –", "value profit – – 200 –", "value share – 0.75 – –",
    "value place – 1 – –",
    "value of – 3 – –", "orders count – 2 – –", "orders first 2025-01-10 – – –",
    "orders last 2025-03-11 – 200 –", "orders revenue – – 300 –", "orders last_12_months – – 0 –",
    "orders mean_gap – 60 – –",
    "forecast refused – – – 'forecast' is fitted on those who bought on more than one day, at least"
      + " 30; found 1 of 1",
    "risk spend_down – 1 – signal", "risk waiting – 29 – signal", "risk disappointed – 5 – signal",
    "risk score – 3 – –",
    "people owner – 7 – Ana Ruiz", "people contacts – 2 – –", "people contact – 2 – Bo, buyer",
    "people contact – 1 – Al", "people referrals – 1 – –", "people referral – 2 – Zoë",
    "complaints open – 1 – –", "complaints resolved – 0 – –",
    "complaints high 2026-06-01 29 – late delivery", "moments met – 1 – –",
    "moments disappointed – 1 – –", "moments disappointed 2026-06-25 – – phone, service: angry",
    "moments met 2026-06-20 – – email", "standards quick 2026-12-31 29 – due, <= 5",
    "actions call – 1 – Call",
  ]

  @Test(
    "A record is found by its key, its name or its e-mail address, whole and ignoring case",
    arguments: [
      ("customer 1", "1"), ("customers 1", "1"), ("customer 'nordlys as'", "1"),
      ("customer \"POST@nordlys.no\"", "1"), ("CUSTOMER $who", "1"), ("customer $key", "2"),
      ("employee 'ana ruiz'", "7"), ("contact 'Bo'", "2"), ("customer 'twin'", "several 2"),
      ("customer 'Nordlys'", "record-not-found Nordlys AS"),
      ("customer 'Nordlis AS'", "record-not-found Nordlys AS"),
      ("customer 'x@y.z'", "record-not-found"), ("customer 99", "record-not-found"),
      ("customer ''", "record-not-found"), ("customer -1", "record-not-found"),
      ("customer 1.5", "not-whole"), ("customer $none", "unknown-parameter"),
      ("custmer 1", "unknown-entity customer"), ("zebra 1", "unknown-entity"),
      ("customer 1 as of 2020-01-01", "record-not-found"),
    ])
  func subject(text: String, expected: String) throws {
    let session = try Self.session()
    session.give("Nordlys AS", toParameter: "who")
    session.give("2", toParameter: "key")
    #expect(Self.found("profile \(text)", session) == expected)
  }

  @Test func `as of a day nothing later is known, and without it nothing of the future`() throws {
    let session = try Self.session()
    let then = try Self.rows("profile customer 1 as of 2025-02-01", session)
    #expect(
      then.contains("orders count – 1 – –") && then.contains("stage recruitment 2024-01-01 397 – –")
    )
    #expect(!then.contains { $0.hasPrefix("complaints") || $0.hasPrefix("moments") })
    _ = try session.run("add order customer = 1, date = 2027-01-01, amount = 5, status = placed")
    let differences = Self.differences(try Self.rows("profile customer 1", session))
    #expect(differences.isEmpty, "\(differences.joined(separator: "; "))")
  }

  @Test func `a timeline has a lane for orders, each channel, complaints and stages`() throws {
    let answer = try Self.session().run("profile customer 1")
    guard case .timeline(let timeline)? = answer.sections[0].cursor.drawing else {
      Issue.record("no timeline")
      return
    }
    let labels = timeline.lanes.map { "\($0.label) \($0.days.count)" }
    #expect(labels == ["orders 2", "phone 1", "email 1", "complaints 1", "stage 1"])
    #expect(timeline.days.upperBound == Self.today)
  }

  /// How rows differ from those of the one customer.
  private static func differences(_ rows: [String]) -> [String] {
    rows.difference(from: nordlys).map { change in
      switch change {
      case .insert(_, let row, _): "+ \(row)"
      case .remove(_, let row, _): "- \(row)"
      }
    }
  }

  private static let today = Day.number(year: 2026, month: 6, day: 30)

  /// A firm of three customers, one of whom something happened to.
  private static func session() throws -> Session {
    let session = try ChangeTests.session(
      Database(catalog: .builtIn, budget: Budget(limit: 1 << 28)))
    session.clock = .fixed(Day.number(year: 2024, month: 1, day: 1))
    for text in [
      "add employee id = 7, name = 'Ana Ruiz'",
      """
      add customer name = 'Nordlys AS', email = 'post@nordlys.no', owner = 7, stage = recruitment, \
      joined = 2024-01-01, value = 300, cost = 100
      """,
      "add customer name = 'Zoë', referred_by = 1, value = 100",
      "add customer name = 'twin', value = -5", "add customer name = 'x', email = 'twin'",
      "add contact customer = 1, name = 'Al'",
      "add contact customer = 1, name = 'Bo', role = 'buyer', main = yes",
      "add order customer = 1, date = 2025-01-10, amount = 100, status = paid",
      "add order customer = 1, date = 2025-03-11, amount = 200, status = paid",
      "add order customer = 1, date = 2025-04-11, amount = 50, status = cancelled",
    ] { _ = try session.run(text) }
    session.clock = .fixed(Day.number(year: 2026, month: 5, day: 2))
    _ = try session.run("move customer 1 to welcoming")
    session.clock = .fixed(today)
    for text in [
      """
      add complaint customer = 1, opened = 2026-06-01, severity = high, cause = 'late delivery'
      """,
      """
      add interaction customer = 1, at = 2026-06-25T10:00, channel = phone, purpose = service, \
      outcome = disappointed, note = 'angry'
      """,
      """
      add interaction customer = 1, at = 2026-06-20T10:00, channel = email, outcome = met
      """,
      "define standard quick as max(complaints.days_open) <= 5 by 2026-12-31",
      "define standard other as avg(products.price) <= 5 by 2026-12-31",
      "define action call when has complaints where is_open priority 1 say 'Call'",
    ] { _ = try session.run(text) }
    return session
  }

  /// The key of the one record, how many there are, or why there is none.
  private static func found(_ text: String, _ session: Session) -> String {
    do throws(Failure) {
      let answer = try session.run(text)
      for case .severalMatch(let count, _, _, _) in answer.notes { return "several \(count)" }
      let row = try rows(of: answer).first { $0.hasPrefix("who key") }
      return row.map { String($0.split(separator: " ")[3]) } ?? "nothing"
    } catch {
      let fix = error.diagnostics[0].fixes.first?.replacement ?? ""
      let words = fix.filter { $0 != "\"" }
      return words.isEmpty ? error.diagnostics[0].code : "\(error.diagnostics[0].code) \(words)"
    }
  }

  private static func rows(_ text: String, _ session: Session) throws(Failure) -> [String] {
    try rows(of: try session.run(text))
  }

  private static func rows(of answer: Answer) throws(Failure) -> [String] {
    guard let rows = try answer.sections[0].cursor.next() else { return [] }
    let types = answer.sections[0].columns.map(\.type)
    return (0..<rows.count).map { row in
      types.indices.map { column in
        switch (rows.vectors[column][row], types[column]) {
        case (.unknown, _): "–"
        case (.text(let text), _): text
        case (.real(let real), _): real == real.rounded() ? "\(Int(real))" : "\(real)"
        case (let value, let type): ExpressionText.text(value, type)
        }
      }.joined(separator: " ")
    }
  }
}
