import Engine
import Store
import Testing

@testable import Shell

/// What Tab offers over a data file of which nothing is loaded yet.
struct CompletionTests {
  /// A data file that fails a test by being read.
  private final class UnreadFile: TableSource {
    private(set) var readCount = 0

    func load(_ entities: [EntityID], into database: Database) throws(StoreError) {
      readCount += 1
      throw .interrupted
    }

    func recordCount(of entity: EntityID) throws(StoreError) -> Int { 1_204 }
  }

  private static let stages = [
    "recruitment", "welcoming", "getting_to_know", "account_management", "intensive_care",
    "dissociation",
  ]

  /// The text before the cursor, some of what is offered, and some of what is not.
  private static let table: [(text: String, offered: [String], absent: [String])] = [
    ("", ["find", "add", "update", "move", "undo", "save"], ["then", "set"]),
    ("find customers where stage = ", stages, []),
    ("find customers where stage = \"w", ["welcoming"], ["recruitment"]),
    ("find customers where stage in (welcoming, ", stages, []),
    ("find orders where customer.stage = ", stages, []),
    ("find customers where city = ", ["name"], stages), ("find customers where city = \"", [], []),
    ("count customers by ", ["stage", "city"], []),
    ("add ", ["customer", "stage_change"], ["customers"]),
    ("add customer ", ["name", "stage"], ["profit", "where"]),
    ("add customer stage = ", stages, []),
    ("update ", ["all", "customers", "customer"], ["set"]),
    ("update all ", ["customers"], ["customer"]),
    ("update customers ", ["where"], []),
    ("update customers where ", ["stage", "profit", "not"], ["set"]),
    ("update customers where stage = ", stages, []),
    ("update customer 42 ", ["set"], []),
    ("update customer 42 set ", ["name", "owner"], ["profit", "stage", "id"]),
    ("move customers where id < 5 to ", stages, ["name"]),
    ("move customer 42 to welcoming ", ["because", "anyway"], []),
    ("funnel customers through ", stages + ["orders", "complaints"], ["where"]),
    ("cohort customers by month over ", ["orders", "interactions"], []),
    ("rfm ", ["customers"], ["customer", "where"]), ("profile ", ["customer"], ["customers"]),
    ("rfm customers ", ["bins", "nested", "where", "summary", "as of"], ["by", "show"]),
    ("pareto customers by ", ["value", "profit"], []),
    ("delete all ", ["customers"], []), ("merge ", ["customer"], ["customers"]),
    ("merge customer 42 ", ["into"], []), ("export ", ["all"], []), ("import ", ["all"], []),
    (".o", [".open", ".output", ".once"], [".save"]),
    (".chart ", ["bar", "line", "histogram", "scatter"], [".chart"]),
    ("describe ", ["customers"], []), ("find orders where customer.city like ", ["customer"], []),
    ("find customers show last(joined) in ", ["last"], []),
    ("rfm customers then where ", ["rfm_group", "cell", "customer", "city", "not"], ["set"]),
    ("rfm customers then where customer.", ["city", "owner"], ["cell"]),
    ("rfm customers then show r, customer.owner.", ["name"], ["cell", "city"]),
    ("rfm customers then where r = 5 then order by ", ["monetary", "value"], []),
    ("find (rfm customers) where ", ["rfm_group", "city"], []),
    ("rfm customers then where has orders where ", ["amount"], ["cell", "city"]),
    ("rfm customers then where has orders and ", ["cell", "city"], ["amount"]),
    ("cohort customers by month then where ", ["cohort", "members", "share"], ["city"]),
    ("ladder customers then where rung = ", ["partner", "advocate"], ["city"]),
    ("find customers group by stage show count() as n then where ", ["stage", "n"], ["city"]),
    ("find customers group by stage then where stage = ", stages, ["city"]),
    ("find customers group by stage as s then where s = ", stages, ["city"]),
    ("count customers by city then where ", ["city", "count"], ["stage"]),
    ("calc (rfm customers summary).", ["customers", "purchasers"], ["city", "cell"]),
    ("calc (customers show max(value) as most).m", ["most"], ["members"]),
    ("expect (customers show count()).", ["count"], ["city"]),
  ]

  @Test func `Tab loads nothing, and offers the names it knows without their counts`() {
    let file = UnreadFile()
    let session = Session(
      database: Database(catalog: .builtIn, budget: Budget(limit: nil), source: file),
      files: FilePorts(
        openReader: { path, _ throws(StoreError) in throw .interrupted },
        openWriter: { path, _, _, _ throws(StoreError) in throw .interrupted }),
      clock: .fixed(20_634))
    let completion = Completion(session: session, lastQuery: nil)
    var wrong: [String] = []
    for (text, offered, absent) in Self.table {
      for end in text.utf8.indices {
        let part = String(text[..<end])
        _ = completion.completions(of: part, at: part.utf8.count)
      }
      let found = completion.completions(of: text, at: text.utf8.count).candidates
      let names = Set(found.map(\.text))
      let missing = offered.filter { !names.contains($0) }
      let extra = absent.filter(names.contains)
      let counted = found.filter { $0.count != nil }
      if !missing.isEmpty || !extra.isEmpty || !counted.isEmpty {
        wrong.append("\(text): missing \(missing), extra \(extra), counted \(counted)")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.joined(separator: "\n"))")
    #expect(file.readCount == 0)
  }

  @Test func `what refines the last answer is offered its columns`() throws {
    let session = Session(
      database: Database(catalog: .builtIn, budget: Budget(limit: nil)),
      files: FilePorts(
        openReader: { path, _ throws(StoreError) in throw .interrupted },
        openWriter: { path, _, _, _ throws(StoreError) in throw .interrupted }),
      clock: .fixed(20_634))
    func names(_ text: String) -> Set<String> {
      let completion = Completion(session: session, lastQuery: session.lastQueryText)
      return Set(completion.completions(of: text, at: text.utf8.count).candidates.map(\.text))
    }
    _ = try session.run("rfm customers")
    for text in ["where ", "then where ", "where r = 5 then show ", "find it where "] {
      #expect(names(text).isSuperset(of: ["cell", "city"]), "\(text)")
    }
    let grouped = "then group by stage show count() then where "
    #expect(names(grouped).contains("count") && !names(grouped).contains("cell"))
    _ = try session.run("then group by rfm_group show count() as n")
    #expect(names("where ").contains("n") && !names("where ").contains("city"))
  }
}
