import Glibc
import Store
import TestSupport
import Testing

/// `kill -9` at random moments of a run of changes, saves and imports: what was acknowledged is in
/// the file, whole statements only, and the file checks clean.
///
/// 12 kills by default; `RAPPORT_KILLS=200` for the full loop, `RAPPORT_SEED` for another one.
struct KillTests {
  /// A customer as the model knows it.
  struct Customer: Hashable {
    var name: String
    var city = "unknown"
    var stage = "welcoming"
  }

  /// What the file should hold.
  struct Model {
    var customers: [Int: Customer] = [:]
    var productCount = 0
    var moveCount = 0

    /// As SQLite shows it.
    var rows: [String] {
      customers.sorted { $0.key < $1.key }.map { "\($0)|\($1.name)|\($1.city)|\($1.stage)" }
        + ["products \(productCount)", "changes \(moveCount)"]
    }
  }

  private static func number(_ name: String, otherwise: Int) -> Int {
    getenv(name).flatMap { Int(String(cString: $0)) } ?? otherwise
  }

  /// The statements of one run, and the model after each.
  private static func script(_ random: inout SplitMix64, products: String) -> ([String], [Model]) {
    var statements: [String] = []
    var models = [Model()]
    var model = Model()
    var nextID = 1
    for step in 1...400 {
      let keys = model.customers.keys.sorted()
      let key = keys.isEmpty ? 0 : keys[Int(random.next() % UInt64(keys.count))]
      switch random.next() % 20 {
      case 0..<4 where key > 0:
        statements.append("update customer \(key) set city = \"town \(step)\"")
        model.customers[key]?.city = "town \(step)"
      case 4..<7 where key > 0 && model.customers[key]?.stage == "welcoming":
        statements.append("move customer \(key) to getting_to_know because \"step \(step)\"")
        model.customers[key]?.stage = "getting_to_know"
        model.moveCount += 1
      case 7 where key > 0:
        statements.append("delete customer \(key)")
        model.moveCount -= model.customers[key]?.stage == "getting_to_know" ? 2 : 1
        model.customers[key] = nil
      case 8: statements.append("save")
      case 9:
        statements.append("import products from \"\(products)\"")
        model.productCount += 300
      default:
        statements.append("add customer name = \"näme \(step)\", stage = welcoming")
        model.customers[nextID] = Customer(name: "näme \(step)")
        model.moveCount += 1
        nextID += 1
      }
      models.append(model)
    }
    return (statements, models)
  }

  @Test func `kill -9 at any moment loses nothing acknowledged and halves nothing`() throws {
    let program = ChildProcess.built("rapport")
    let seed = Self.number("RAPPORT_SEED", otherwise: 20_261_122)
    let killCount = Self.number("RAPPORT_KILLS", otherwise: 12)
    var random = SplitMix64(UInt64(seed))
    var cutCount = 0
    var wholeCount = 0
    for round in 0..<killCount {
      let folder = try #require(TemporaryFolder())
      folder.write(
        "products.csv",
        "name,price\n" + (1...300).map { "product \($0),\($0).50\n" }.joined())
      let file = folder.path + "/t.rapport"
      let (statements, models) = Self.script(&random, products: folder.path + "/products.csv")
      // What is printed after a statement acknowledges it.
      let input = statements.map { $0 + "\ncalc count(products)\n" }.joined()
      let result = try #require(
        ChildProcess.run(
          program, [file, "-f", "-", "--csv"], input: input,
          killedAfter: Int(random.next() % 900_000)))
      let acknowledged = result.output.split(separator: "\n").filter { $0 == "count_products" }
      let from = max(0, acknowledged.count - 1)
      if result.status == 128 + SIGKILL { cutCount += 1 }
      let place = "seed \(seed), round \(round), after statement \(from)"
      #expect([0, 128 + SIGKILL].contains(result.status), "\(place): \(result.errors)")
      let found = Self.rows(file)
      let isKnown = models[from...min(statements.count, from + 2)].contains { $0.rows == found }
      if isKnown { wholeCount += 1 }
      #expect(isKnown, "\(place): the file holds \(found.count) rows that no statement left")
      guard access(file, F_OK) == 0 else { continue }
      let check = ChildProcess.run(program, ["--check", file])
      #expect(check?.status == 0, "\(place): \(check?.errors ?? "")\(check?.output ?? "")")
      let names = folder.names.filter { $0.contains(".tmp") }
      if names.isEmpty { continue }
      // What a killed save left is cleared by the next one.
      _ = ChildProcess.run(program, [file, "-c", "save"])
    }
    #expect(cutCount > 0, "no run was cut short")
    print("kill -9: \(wholeCount) of \(killCount) files whole; \(cutCount) runs cut short")
  }

  /// What SQLite reads from the file.
  private static func rows(_ path: String) -> [String] {
    guard access(path, F_OK) == 0, let file = SQLiteFile(path),
      let customers = file.rows("select id, name, city, stage from customers order by id"),
      let products = file.rows("select count(*) from products"),
      let changes = file.rows("select count(*) from stage_changes")
    else { return Model().rows }
    return customers + products.map { "products \($0)" } + changes.map { "changes \($0)" }
  }
}
