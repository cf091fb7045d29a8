import Engine
import Interchange
import SampleData
import Snapshot
import Store
import Syntax
import TestSupport
import Testing

/// The demo data in a session of its own, and statements of every operator, verb and change: what
/// tests run that stop or starve them.
final class LimitedSession {
  /// Statements that change nothing; `$` stands for the folder of the session.
  static let queries = [
    "find orders where amount > 100 and channel = web",
    "find customers where name contains \"an\" or name starts with \"b\"",
    "find customers where stage = intensive_care",
    "find orders where amount between 50 and 60",
    "find orders where customer = 7",
    "find orders in 2025 where quantity + 1 > 2",
    "find orders order by amount desc, date",
    "find customers order by name",
    "find orders top 5 by amount",
    "find orders top 5 by cost where channel = web",
    "find orders top 500 by amount - cost",
    "find orders top 2 by amount per customer",
    "find orders order by amount limit 10 offset 5",
    "find orders sample 50 seed 3",
    "find orders group by customer show count(), sum(amount), avg(amount), min(date), max(date)",
    "find orders group by product, channel show median(amount), percentile(amount, 90%)",
    "find orders group by status show count(distinct customer), first(amount), mode(date)",
    "find orders group by customer.name show last(amount), median_gap(date), max(quantity)",
    "find customers group by region show sum(orders.amount), count(distinct orders.product)",
    "find customers show name, count(orders), last(orders.date), sum(orders.amount in 2025)",
    "count customers where has orders where (amount > 100)",
    "count customers where has no complaints",
    "count customers where count(orders.product.orders) > 20",
    "find customers where rank(value per stage) <= 3",
    "find orders show id, running_sum(amount), share(amount), decile(amount) order by date",
    "find customers where quintile(value) = 5",
    "find orders group by quarter(date) across channel show sum(amount) with total",
    "find orders group by customer show count() with total",
    "calc count(customers), sum(orders.amount), median(orders.amount)",
    "find vip where has orders in 2025", "compare vip with customers",
    "explain analyze find orders group by customer show count()",
    "rfm customers", "pareto customers by value", "cohort customers by month",
    "risk customers", "ladder customers", "transitions customers", "moments customers",
    "gap customers", "cover customers by region",
    "funnel customers through interactions, orders, complaints",
    "transitions stage_changes", "rfm orders", "cohort orders by week",
    "forecast customers over 12 months", "profile customer 5",
    "compare vip since start of year", "check standards",
    "suggest actions", "describe customers.stage",
    "find orders into \"$/o.csv\" replace",
    "find orders order by amount into \"$/o.jsonl\" replace",
    "find customers into \"$/c.db\" replace", "find customers into \"$/c.md\" replace",
    "export all to \"$/all\" replace",
  ]

  /// Statements that change something, each to be taken back.
  static let changes = [
    "add customer name = \"Acme\"", "update orders where amount > 100 set quantity = quantity + 1",
    "move customers where stage = welcoming to getting_to_know anyway",
    "delete customers where id > 90 with related", "merge customer 42 into 41",
    "define field customers.level choice(low, high)",
    "import orders from \"$/orders.csv\"", "import leads from \"$/people.json\"",
    "import parts from \"$/shop.db\"", "import all from \"$/shop.db\"",
    "import customers from \"$/new.csv\" matching name",
  ]

  let session: Session
  let budget: Budget
  private let folder: TemporaryFolder

  init(customerCount: Int, budget: Budget) throws {
    self.budget = budget
    folder = try #require(TemporaryFolder())
    let database = Database(catalog: .builtIn, budget: budget)
    try SampleData.fill(database, customerCount: customerCount)
    session = Session(
      database: database, files: interchangePorts, clock: .fixed(SampleData.lastDay),
      stores: StorePorts(open: openStore, create: createStore))
    folder.write("new.csv", "name,region\nAcme,north\nBrix,south\n")
    for text in [
      "define standard fast as median(complaints.days_to_resolve) <= 5 by 2026-12-31",
      "define segment vip as customers where value > 100",
      "define action call when stage = intensive_care priority 1 say \"Call\"",
      "find orders show customer, date, amount into \"$/orders.csv\"",
      "find customers show name, region, value into \"$/people.json\"",
      "find customers show name, region, value into \"$/shop.db\"",
    ] { _ = try rows(text) }
  }

  /// How a statement ends.
  enum Outcome: Equatable {
    case rows([String])
    /// The code of the first error.
    case refused(String)
  }

  func outcome(_ text: String) -> Outcome {
    do {
      return .rows(try rows(text))
    } catch let failure as Failure {
      return .refused(failure.diagnostics.first?.code ?? "")
    } catch {
      return .refused("\(error)")
    }
  }

  /// All rows of all sections, each as a text.
  private func rows(_ text: String) throws -> [String] {
    let answer = try session.run(text.replacing("$", with: folder.path))
    var rows: [String] = []
    for section in answer.sections {
      while let batch = try section.cursor.next() {
        // How long the steps of a plan took differs each time.
        let vectors = zip(section.columns, batch.vectors).filter { $0.0.name != "time_ms" }
          .map(\.1)
        rows += (0..<batch.count).map { row in "\(vectors.map { $0[row] })" }
      }
    }
    return rows
  }

  /// What the tables hold and what can be taken back, in short.
  var state: [Int] {
    let database = session.database
    return database.catalog.entities.indices.flatMap { index in
      let table = database.table(EntityID(index))
      return [table.rowCount, table.liveRowCount, Int(table.nextKey)]
    } + [session.changeHistory.kept.count, database.catalog.entities.count]
  }
}
