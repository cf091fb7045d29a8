import SampleData
import Store
import Testing

/// That the data is whole: every field of the catalog, every reference, every day, every code.
@Suite struct ShapeTests {
  @Test func `all built-in entities have all stored fields, of their types`() {
    let sample = Sample.usual
    // The house rules are not generated: every store has them.
    for entity in Catalog.builtIn.entities where entity.role?.isRules != true {
      let stored = entity.fields.filter { !$0.isComputed }
      let names = sample.records.entities[entity.name]?.keys.sorted()
      #expect(names == stored.map(\.name).sorted())
      for field in stored {
        let vector = sample.vector(entity.name, field.name)
        #expect(vector.count == sample.count(entity.name))
        var problems = 0
        switch (field.type, vector.values) {
        case (.text, .texts(let texts)):
          problems = (0..<texts.count).count {
            vector.known[$0] != 0 && texts.range(of: $0).isEmpty
          }
        case (.choice(let list), .words(let words)):
          problems = words.count { !(0..<Int64(list.names.count) ~= $0) }
          let used = Set(words.indices.filter { vector.known[$0] != 0 }.map { words[$0] })
          #expect(used.count >= min(list.names.count, 5), "\(entity.name).\(field.name)")
        case (.reference(let target), .words(let words)):
          let count = Int64(sample.count(Catalog.builtIn[target].name))
          problems = words.count { !(0..<count ~= $0) }
        case (.flag, .words(let words)): problems = words.count { !(0...1 ~= $0) }
        case (.money, .words(let words)):
          problems = words.count { $0 < 0 || $0 > 1_000_000_000_000 }
        case (.date, .words(let words)):
          let isPlanned = ["due", "ends"].contains(field.name)
          let last = SampleData.lastDay + (isPlanned ? 120 : 0)
          problems = words.indices.count { vector.known[$0] != 0 && words[$0] > last }
        case (.time, .words(let words)):
          problems = words.count { $0 >= Int64(SampleData.lastDay + 1) * 86_400 }
        case (.integer, .words): break
        default: problems = vector.count
        }
        #expect(problems == 0, "\(entity.name).\(field.name)")
      }
    }
  }

  @Test func `the codes of the generator are the catalog's`() {
    let names: [String: [String]] = Dictionary(
      uniqueKeysWithValues: Catalog.builtIn.entities.flatMap { entity in
        entity.fields.compactMap { field in
          if case .choice(let list) = field.type {
            ("\(entity.name).\(field.name)", list.names)
          } else {
            nil
          }
        }
      })
    #expect(names["customers.stage"]?[4] == "intensive_care")
    #expect(names["orders.status"] == ["placed", "paid", "returned", "cancelled"])
    #expect(names["interactions.outcome"] == ["disappointed", "met", "exceeded"])
    #expect(names["interactions.purpose"]?[4] == "complaint")
    #expect(names["orders.channel"]?.last == "shop")
    #expect(names["interactions.direction"] == ["incoming", "outgoing"])
    #expect(names["complaints.severity"] == ["low", "medium", "high"])
    #expect(names["surveys.dimension"]?[1] == "responsiveness")
    #expect(names["customers.kind"] == ["person", "organisation"])
  }

  @Test(arguments: [
    ("customers", "joined"), ("employees", "since"), ("campaigns", "starts"), ("orders", "date"),
    ("invoices", "issued"), ("balances", "date"), ("interactions", "at"), ("complaints", "opened"),
    ("surveys", "date"), ("stage_changes", "at"),
  ])
  func `rows come in order of time, numbered from 1`(entity: String, field: String) {
    for sample in [Sample.usual, Sample.large] {
      let times = sample.words(entity, field)
      #expect(zip(times, times.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(sample.words(entity, "id") == Array(1...times.count))
    }
  }

  @Test func `the account adds up`() {
    let sample = Sample.usual
    let customer = sample.words("orders", "customer")
    let status = sample.words("orders", "status")
    let amount = sample.words("orders", "amount")
    let product = sample.words("orders", "product")
    let quantity = sample.words("orders", "quantity")
    let price = sample.words("products", "price")
    let unitCost = sample.words("products", "unit_cost")
    var turnover = [Int](repeating: 0, count: sample.customerCount)
    var goods = turnover
    let cost = sample.words("orders", "cost")
    for row in customer.indices where status[row] < 2 {
      turnover[customer[row]] += amount[row]
      goods[customer[row]] += cost[row]
    }
    #expect(turnover == sample.words("customers", "value"))
    #expect(zip(goods, sample.words("customers", "cost")).allSatisfy { $0 <= $1 })
    #expect(
      amount.indices.allSatisfy {
        let full = price[product[$0]] * quantity[$0]
        return amount[$0] <= full && amount[$0] * 100 >= full * 55
      })
    #expect(cost.indices.allSatisfy { cost[$0] == unitCost[product[$0]] * quantity[$0] })
    let order = sample.words("invoices", "order")
    #expect(sample.words("invoices", "customer") == order.map { customer[$0] })
    #expect(sample.words("invoices", "amount") == order.map { amount[$0] })
    #expect(order.allSatisfy { status[$0] != 3 }, "nothing cancelled is invoiced")
    let paid = sample.words("invoices", "paid", unknown: Int.max)
    let issued = sample.words("invoices", "issued")
    let due = sample.words("invoices", "due")
    #expect(paid.indices.allSatisfy { paid[$0] > issued[$0] && issued[$0] < due[$0] })
  }

  @Test func `nothing happens to a customer before they join or to a prospect who never bought`() {
    let sample = Sample.usual
    let joined = sample.words("customers", "joined")
    for (entity, field, scale) in [
      ("orders", "date", 1), ("invoices", "issued", 1), ("interactions", "at", 86_400),
      ("complaints", "opened", 1), ("surveys", "date", 1), ("stage_changes", "at", 1),
    ] {
      let customer = sample.words(entity, "customer")
      let time = sample.words(entity, field)
      #expect(customer.indices.allSatisfy { time[$0] / scale >= joined[customer[$0]] }, "\(entity)")
    }
    let employee = sample.words("interactions", "employee", unknown: -1)
    let since = sample.words("employees", "since")
    let at = sample.words("interactions", "at")
    #expect(
      employee.indices.allSatisfy { employee[$0] < 0 || since[employee[$0]] <= at[$0] / 86_400 })
  }

  @Test func `contacts belong to organisations, one of them the main one`() {
    let sample = Sample.usual
    let kind = sample.words("customers", "kind")
    let main = sample.words("contacts", "main")
    for (customer, rows) in sample.rowsByCustomer("contacts").enumerated() {
      let isRight =
        kind[customer] == 1
        ? 1...5 ~= rows.count && rows.count { main[$0] == 1 } == 1 : rows.isEmpty
      #expect(isRight, "customer \(customer + 1)")
    }
    let contact = sample.words("interactions", "contact", unknown: -1)
    let customer = sample.words("interactions", "customer")
    let owner = sample.words("contacts", "customer")
    #expect(contact.indices.allSatisfy { contact[$0] < 0 || owner[contact[$0]] == customer[$0] })
  }

  @Test(arguments: [
    ("customers", "email", 0.03...0.15), ("customers", "phone", 0.1...0.3),
    ("customers", "country", 0.005...0.05), ("customers", "region", 0.03...0.1),
    ("customers", "city", 0.05...0.15), ("customers", "industry", 0.5...0.75),
    ("customers", "source", 0.02...0.1), ("customers", "campaign", 0.5...0.8),
    ("customers", "referred_by", 0.6...0.9), ("customers", "owner", 0.01...0.06),
    ("customers", "potential", 0.2...0.4), ("customers", "balance", 0.6...0.85),
    ("customers", "satisfaction", 0.25...0.5), ("customers", "values_most", 0.3...0.6),
    ("customers", "contactable", 0.01...0.06), ("contacts", "role", 0.05...0.15),
    ("interactions", "outcome", 0.2...0.4), ("interactions", "note", 0.4...0.7),
    ("interactions", "contact", 0.6...0.85), ("invoices", "paid", 0.01...0.1),
    ("complaints", "resolved", 0.05...0.2), ("complaints", "cause", 0.02...0.15),
    ("stage_changes", "because", 0.2...0.4), ("surveys", "recommend", 0.08...0.25),
    ("customers", "id", 0...0), ("customers", "name", 0...0), ("customers", "stage", 0...0),
    ("customers", "value", 0...0), ("orders", "customer", 0...0), ("orders", "amount", 0...0),
  ])
  func `values are unknown where real data has them so`(
    entity: String, field: String, range: ClosedRange<Double>
  ) {
    #expect(range.contains(Sample.usual.unknownShare(entity, field)))
  }

  @Test func `names carry accents, apostrophes, hyphens and other scripts`() {
    let names = Sample.usual.texts("customers", "name")
    func share(_ test: (Unicode.Scalar) -> Bool) -> Double {
      let found = names.count { $0.unicodeScalars.contains(where: test) }
      return Double(found) / Double(names.count)
    }
    #expect(share { 0xC0...0x17F ~= $0.value } > 0.25, "Latin with accents")
    #expect(share { $0 == "'" } > 0.03, "apostrophes")
    #expect(share { $0 == "-" } > 0.01, "hyphens")
    #expect(share { 0x3040...0x9FFF ~= $0.value } > 0.03, "Chinese and Japanese")
    #expect(share { 0xAC00...0xD7A3 ~= $0.value } > 0.005, "Korean")
    #expect(share { 0x370...0x3FF ~= $0.value } > 0.005, "Greek")
    #expect(share { 0x600...0x6FF ~= $0.value } > 0.001, "Arabic")
    #expect(names.contains { $0.utf8.elementsEqual("王伟".utf8) || $0.contains("王") })
    #expect(names.contains { $0.contains("O'Brien") } && names.contains { $0.contains("D'Angelo") })
  }

  @Test func `addresses and numbers belong to nobody`() {
    let sample = Sample.usual
    for entity in ["customers", "contacts"] {
      let known = sample.vector(entity, "email").known
      let emails = sample.texts(entity, "email")
      let isReserved = emails.indices.allSatisfy {
        known[$0] == 0
          || ["@example.com", "@example.org", "@example.net"].contains(where: emails[$0].hasSuffix)
      }
      #expect(isReserved)
      #expect(emails.allSatisfy { $0.utf8.allSatisfy { $0 < 128 } })
      let addresses = emails.indices.filter { known[$0] != 0 }.map { emails[$0] }
      #expect(Set(addresses).count == addresses.count, "addresses are unique")
      let phones = sample.texts(entity, "phone")
      let starts = [
        "+999 ", "+49 30 23125 ", "+49 89 99998 ", "+49 40 66969 ", "+33 1 99 00 ",
        "+33 4 65 71 ", "+33 6 39 98 ", "+44 20 7946 0", "+44 7700 900", "+353 20 91",
        "+46 8 465 004 ", "+46 31 390 06 ", "+61 2 5550 ", "+61 3 7010 ",
      ]
      let isFictional = phones.allSatisfy { phone in
        phone.isEmpty || starts.contains(where: phone.hasPrefix)
          || phone.hasPrefix("+1 ") && phone.contains("-555-01")
      }
      #expect(isFictional)
    }
  }

  @Test func `regions and cities fit their countries`() {
    let sample = Sample.usual
    let country = sample.texts("customers", "country")
    let city = sample.texts("customers", "city")
    var countries: [String: Set<String>] = [:]
    for row in city.indices where !city[row].isEmpty && !country[row].isEmpty {
      countries[city[row], default: []].insert(country[row])
    }
    #expect(countries["Sevilla"] == ["ES"] && countries["München"] == ["DE"])
    #expect(countries.values.allSatisfy { $0.count == 1 })
    #expect(Set(country).isSuperset(of: ["ES", "PT", "DE", "FR", "GB", "JP", "CN", "GR"]))
  }
}
