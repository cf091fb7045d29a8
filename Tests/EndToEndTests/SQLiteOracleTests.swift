import Engine
import Interchange
import SampleData
import Store
import Syntax
import TestSupport
import Testing

/// Questions asked of rapport and, in SQL, of SQLite over the same rows have the same answers.
struct SQLiteOracleTests {
  /// A question and the statement that means the same; amounts are minor units in both.
  static let questions: [(question: String, sql: String)] = [
    (
      "count customers where stage = account_management and value between 100 and 1000",
      """
      select count(*) from customers where stage = 'account_management' and value
      between 10000 and 100000
      """
    ),
    (
      "find customers group by stage show count(), sum(value), min(joined), max(joined)",
      "select stage, count(*), sum(value), min(joined), max(joined) from customers group by stage"
    ),
    (
      "find customers group by country show count(satisfaction), sum(satisfaction)",
      """
      select country, count(satisfaction), coalesce(sum(satisfaction), 0) from
      customers group by country
      """
    ),
    (
      "find customers show id, value top 25 by value",
      "select id, value from customers order by value desc, id limit 25"
    ),
    (
      "find customers show id, joined order by joined desc, name limit 30 offset 7",
      """
      select id, joined from customers
      order by joined desc, lower(name), name, id limit 30 offset 7
      """
    ),
    (
      "count customers where not region = \"Bayern\"",
      "select count(*) from customers where (region = 'Bayern') is not true"
    ),
    (
      "count customers where satisfaction < 50 or email is unknown",
      "select count(*) from customers where satisfaction < 50 or email is null"
    ),
    (
      "count customers where name contains \"an\" and not name starts with \"A\"",
      "select count(*) from customers where name like '%an%' and name not like 'a%'"
    ),
    (
      "find customers where owner.region is known group by owner.region show count()",
      """
      select e.region, count(*) from customers c join employees e on e.id = c.owner
      where e.region is not null group by e.region
      """
    ),
    (
      "find orders in 2025 group by month_of(date) as m show count(), sum(amount), sum(quantity)",
      """
      select date(date, 'start of month'), count(*), sum(amount), sum(quantity) from orders
      where date between '2025-01-01' and '2025-12-31' group by 1
      """
    ),
    (
      "find orders in last 12 months group by channel show count(distinct customer), max(amount)",
      """
      select channel, count(distinct customer), max(amount) from orders
      where date between '2025-07-01' and '2026-06-30' group by channel
      """
    ),
    (
      "find orders group by customer.stage, status show sum(revenue), sum(profit)",
      """
      select c.stage, o.status,
        sum(case when o.status not in ('returned', 'cancelled') or o.status is null
          then o.amount else 0 end),
        coalesce(sum(case when o.status not in ('returned', 'cancelled') or o.status is null
          then o.amount - o.cost else 0 end), 0)
      from orders o join customers c on c.id = o.customer group by 1, 2
      """
    ),
    (
      "find customers show id, rank(value) as r, rank(value per owner) as q order by id limit 200",
      """
      select id, rank() over (order by value desc), rank() over (partition by owner
        order by value desc)
      from customers order by id limit 200
      """
    ),
    (
      "find customers bottom 2 by value per country show country, id, value",
      """
      select country, id, value from (select *, row_number() over (
        partition by country order by value, id) n from customers) where n <= 2
      """
    ),
  ]

  @Test func `SQLite gives the same answers over the same rows`() throws {
    let database = Database(catalog: .builtIn, budget: Budget())
    try SampleData.fill(database, customerCount: 600)
    let session = Session(
      database: database, files: interchangePorts,
      clock: .fixed(SampleData.lastDay))
    let oracle = try #require(Oracle())
    for entity in ["customers", "employees", "orders"] {
      try oracle.fill(entity, session.run("find \(entity)", showsEveryField: true))
    }
    for (question, sql) in Self.questions {
      var mine = try Self.rows(of: session.run(question))
      var theirs = try #require(oracle.rows(sql), "\(oracle.message): \(sql)")
      if !question.contains("order by"), !question.contains("top") {
        mine.sort()
        theirs.sort()
      }
      #expect(mine == theirs, "\(question)")
    }
  }

  /// The rows of an answer, each as its cells' texts joined.
  private static func rows(of answer: Answer) throws -> [String] {
    var rows: [String] = []
    for section in answer.sections {
      while let batch = try section.cursor.next() {
        for row in 0..<batch.count {
          rows.append(
            zip(batch.vectors, section.columns).map { text($0[row], $1.type) ?? "unknown" }
              .joined(separator: "|"))
        }
      }
    }
    return rows
  }

  /// A value as both sides write it: amounts as minor units, dates as ISO text.
  fileprivate static func text(_ value: Scalar, _ type: ValueType) -> String? {
    switch (value, type) {
    case (.unknown, _): nil
    case (.word(let code), .choice(let list)): list.names[Int(code)]
    case (.word, .date), (.word, .time): CellText.string(value, type)
    case (.word(let word), _): "\(word)"
    case (.real(let real), _): "\(real)"
    case (.text(let text), _): text
    }
  }
}

/// SQLite in memory, filled with the rows of answers.
private struct Oracle {
  private let database: SQLiteFile

  init?() {
    guard let database = SQLiteFile(":memory:") else { return nil }
    self.database = database
  }

  var message: String { database.message }

  /// Makes a table of all rows of an answer.
  func fill(_ table: String, _ answer: Answer) throws {
    for section in answer.sections {
      let columns = section.columns.map { "\"\($0.name)\"" }.joined(separator: ", ")
      try run("create table \(table) (\(columns))")
      while let batch = try section.cursor.next() {
        for row in 0..<batch.count {
          let cells = zip(batch.vectors, section.columns).map { vector, column in
            Self.literal(vector[row], column.type)
          }
          try run("insert into \(table) values (\(cells.joined(separator: ", ")))")
        }
      }
    }
  }

  private static func literal(_ value: Scalar, _ type: ValueType) -> String {
    guard let text = SQLiteOracleTests.text(value, type) else { return "null" }
    switch type {
    case .money, .integer, .number, .flag, .reference: return text
    case .text, .choice, .date, .time:
      let doubled = text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''")
      return "'\(doubled)'"
    }
  }

  private func run(_ sql: String) throws {
    try #require(database.run(sql), "\(message): \(sql)")
  }

  func rows(_ sql: String) -> [String]? { database.rows(sql) }
}
