import SampleData
import Testing

/// The patterns that the demo data promises to show, counted.
@Suite struct ClaimTests {
  // MARK: Value

  @Test(arguments: [2_000, 20_000])
  func `turnover, profit and complaints are each skewed 80 to 20, on different customers`(
    customerCount: Int
  ) {
    let sample = Sample.of(customerCount)
    let value = sample.words("customers", "value")
    let profit = zip(value, sample.words("customers", "cost")).map { $0 - $1 }
    let complaints = sample.counts("complaints", by: "customer")
    let tops = [value, profit, complaints].map(topFifth)
    for top in tops { #expect(0.75...0.85 ~= top.share) }
    for (a, b) in [(0, 1), (0, 2), (1, 2)] {
      let overlap = tops[a].members.intersection(tops[b].members).count
      let share = Double(overlap) / Double(tops[a].members.count)
      // By chance a fifth of one would be in the other.
      #expect(0.25...0.87 ~= share, "\(a) with \(b)")
    }
    let losses = profit.lazy.filter { $0 < 0 }.count
    #expect(0.05...0.25 ~= Double(losses) / Double(value.count))
  }

  @Test(arguments: [100, 2_000, 5_000])
  func `averages hold at every size`(customerCount: Int) {
    let sample = Sample.of(customerCount)
    func perCustomer(_ entity: String) -> Double {
      Double(sample.count(entity)) / Double(customerCount)
    }
    #expect(4...6.5 ~= perCustomer("orders"))
    #expect(2.5...4 ~= perCustomer("interactions"))
    #expect(0.3...0.6 ~= perCustomer("complaints"))
    #expect(0.4...1.1 ~= perCustomer("surveys"))
    #expect(0.3...1 ~= perCustomer("contacts"))
    #expect(2.5...5 ~= perCustomer("stage_changes"))
    #expect(sample.count("employees") == max(8, customerCount / 50))
    #expect(sample.count("products") == 120 && sample.count("campaigns") >= 40)
    let counts = sample.counts("customers", by: "stage", ofCodes: 6)
    #expect(counts.allSatisfy { $0 > 0 }, "someone in every stage: \(counts)")
  }

  @Test func `orders are overdispersed, as gamma distributed rates make them`() {
    let sample = Sample.large
    let joined = sample.words("customers", "joined")
    let orders = sample.counts("orders", by: "customer")
    // Customers of one year, so that time with us does not spread the counts.
    let year = orders.indices.filter { joined[$0] >= 18_993 && joined[$0] < 18_993 + 365 }
    let counts = year.map { orders[$0] }
    let mean = mean(counts)
    let variance =
      counts.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(counts.count)
    #expect(variance > 4 * mean)
    // Drop-out: of those with exactly three orders, many ended long ago.
    let dates = sample.words("orders", "date")
    let rows = sample.rowsByCustomer("orders")
    let three = rows.filter { $0.count == 3 && dates[$0[2]] - dates[$0[0]] < 365 }
    let silent = three.filter { SampleData.lastDay - dates[$0[2]] > 730 }
    #expect(0.2...0.8 ~= Double(silent.count) / Double(three.count))
  }

  @Test func `a few products bring most orders`() {
    let counts = Sample.usual.counts("orders", by: "product", of: "products")
    #expect(0.7...0.92 ~= topFifth(counts).share)
  }

  // MARK: Stages

  @Test(arguments: [2_000, 20_000])
  func `each history is a chain that ends at the customer's stage`(customerCount: Int) {
    let sample = Sample.of(customerCount)
    let from = sample.words("stage_changes", "from", unknown: -1)
    let to = sample.words("stage_changes", "to")
    let at = sample.words("stage_changes", "at")
    let stage = sample.words("customers", "stage")
    let since = sample.words("customers", "stage_since")
    let joined = sample.words("customers", "joined")
    let usualMoves: Set = [[0, 1], [1, 2], [2, 3], [3, 4], [4, 3], [5, 0], [5, 3]]
    var broken: [Int] = []
    var moves = 0
    var unusual = 0
    for (customer, rows) in sample.rowsByCustomer("stage_changes").enumerated() {
      var isChain = !rows.isEmpty && from[rows[0]] == -1 && at[rows[0]] == joined[customer]
      for (earlier, later) in zip(rows, rows.dropFirst()) {
        isChain = isChain && from[later] == to[earlier] && at[later] > at[earlier]
        moves += 1
        if !usualMoves.contains([from[later], to[later]]) && to[later] != 5 { unusual += 1 }
      }
      if let last = rows.last {
        isChain = isChain && to[last] == stage[customer] && at[last] == since[customer]
      }
      if !isChain { broken.append(customer) }
    }
    #expect(broken == [])
    #expect(0.001...0.05 ~= Double(unusual) / Double(moves))
  }

  @Test func `intensive care follows a complaint and a disappointed moment`() {
    let sample = Sample.large
    let customers = sample.words("stage_changes", "customer")
    let to = sample.words("stage_changes", "to")
    let at = sample.words("stage_changes", "at")
    let complaints = sample.rowsByCustomer("complaints")
    let opened = sample.words("complaints", "opened")
    let moments = sample.rowsByCustomer("interactions")
    let time = sample.words("interactions", "at")
    let outcome = sample.words("interactions", "outcome", unknown: -1)
    var entries = 0
    var explained = 0
    for row in to.indices where to[row] == 4 {
      let before = at[row] - 30...at[row]
      entries += 1
      let hasComplaint = complaints[customers[row]].contains { before ~= opened[$0] }
      let hasMoment = moments[customers[row]].contains {
        outcome[$0] == 0 && before ~= time[$0] / 86_400
      }
      if hasComplaint && hasMoment { explained += 1 }
    }
    #expect(entries > 500 && explained == entries)
  }

  @Test func `those who left say why, and only they do`() {
    let sample = Sample.usual
    let stage = sample.words("customers", "stage")
    let known = sample.vector("customers", "left_because").known
    let left = stage.indices.filter { stage[$0] == 5 }
    let told = stage.indices.filter { known[$0] != 0 }
    #expect(told.allSatisfy { stage[$0] == 5 })
    #expect(0.75...0.95 ~= Double(told.count) / Double(left.count))
  }

  // MARK: Before leaving

  @Test func `payments slow down before dissociation, against the customer's own past`() {
    let sample = Sample.large
    let left = sample.dissociationDays()
    let issued = sample.words("invoices", "issued")
    let due = sample.words("invoices", "due")
    let paid = sample.words("invoices", "paid", unknown: SampleData.lastDay)
    var slower: [Double] = []
    for (customer, rows) in sample.rowsByCustomer("invoices").enumerated() where left[customer] > 0
    {
      func daysLate(_ days: Range<Int>) -> [Double] {
        rows.filter { days ~= issued[$0] }.map { Double(max(0, paid[$0] - due[$0])) }
      }
      let recent = daysLate(left[customer] - 150..<left[customer])
      let past = daysLate(0..<left[customer] - 300)
      if !recent.isEmpty && past.count >= 3 { slower.append(median(recent) - median(past)) }
    }
    #expect(slower.count > 150)
    #expect(10...60 ~= median(slower))
    #expect(Double(slower.lazy.filter { $0 > 3 }.count) / Double(slower.count) > 0.85)
  }

  @Test func `contact stops before dissociation, against the customer's own past`() {
    let sample = Sample.large
    let left = sample.dissociationDays()
    let time = sample.words("interactions", "at").map { $0 / 86_400 }
    var ratios: [Double] = []
    var silent = 0
    for (customer, rows) in sample.rowsByCustomer("interactions").enumerated()
    where left[customer] > 0 {
      let days = rows.map { time[$0] }.filter { $0 <= left[customer] }
      guard days.count >= 4, let last = days.last else { continue }
      let gaps = zip(days, days.dropFirst()).map { Double($1 - $0) }
      ratios.append(Double(left[customer] - last) / max(1, median(gaps)))
      if left[customer] - last >= 90 { silent += 1 }
    }
    #expect(ratios.count > 500)
    #expect(median(ratios) > 2)
    #expect(Double(silent) / Double(ratios.count) > 0.8)
  }

  @Test func `balances fall before dissociation, against the customer's own past`() {
    let sample = Sample.large
    let left = sample.dissociationDays()
    let date = sample.words("balances", "date")
    let amount = sample.words("balances", "amount")
    var ratios: [Double] = []
    for (customer, rows) in sample.rowsByCustomer("balances").enumerated() where left[customer] > 0
    {
      func amounts(_ days: Range<Int>) -> [Double] {
        rows.filter { days ~= date[$0] }.map { Double(amount[$0]) }
      }
      let recent = amounts(left[customer] - 130..<left[customer])
      let past = amounts(0..<left[customer] - 290)
      if !recent.isEmpty && !past.isEmpty { ratios.append(median(recent) / median(past)) }
    }
    #expect(ratios.count > 80)
    #expect(0.3...0.7 ~= median(ratios))
  }

  @Test func `perceptions fall before leaving, and gaps differ by dimension`() {
    let sample = Sample.large
    let left = sample.dissociationDays()
    let customers = sample.words("surveys", "customer")
    let date = sample.words("surveys", "date")
    let dimension = sample.words("surveys", "dimension")
    let gap = zip(sample.words("surveys", "perception"), sample.words("surveys", "expectation"))
      .map { $0 - $1 }
    let gaps = (0..<5).map { wanted in
      mean(gap.indices.filter { dimension[$0] == wanted }.map { gap[$0] })
    }
    #expect(gaps[1] < gaps[0] - 0.2 && gaps[4] > gaps[2] + 0.2 && gaps[1] < -1, "\(gaps)")
    let leaving = gap.indices.filter { left[customers[$0]] > 0 }
    let past = leaving.filter { date[$0] <= left[customers[$0]] - 290 }.map { gap[$0] }
    let recent = leaving.filter { -95...0 ~= date[$0] - left[customers[$0]] }.map { gap[$0] }
    #expect(past.count > 100 && recent.count > 100)
    #expect(mean(recent) < mean(past) - 0.8)
  }

  // MARK: Recovery and referral

  @Test func `a complaint put right quickly raises loyalty`() {
    let sample = Sample.large
    let opened = sample.words("complaints", "opened")
    let resolved = sample.words("complaints", "resolved", unknown: Int.max)
    let orders = sample.rowsByCustomer("orders")
    let date = sample.words("orders", "date")
    let moments = sample.rowsByCustomer("interactions")
    let time = sample.words("interactions", "at").map { $0 / 86_400 }
    let outcome = sample.words("interactions", "outcome", unknown: -1)
    let satisfaction = sample.words("customers", "satisfaction", unknown: -1)
    var before: [[Int]] = [[], []]
    var after: [[Int]] = [[], []]
    var felt: [[Int]] = [[], [], []]
    for (customer, rows) in sample.rowsByCustomer("complaints").enumerated() {
      guard let first = rows.first else {
        if satisfaction[customer] >= 0 && !orders[customer].isEmpty {
          felt[2].append(satisfaction[customer])
        }
        continue
      }
      let day = opened[first]
      guard day + 365 <= SampleData.lastDay else { continue }
      let isRecovered =
        resolved[first] <= day + 7
        && moments[customer].contains {
          outcome[$0] == 2 && 0...10 ~= time[$0] - resolved[first]
        }
      let kind = isRecovered ? 0 : 1
      before[kind].append(orders[customer].count { day - 180...day ~= date[$0] })
      after[kind].append(orders[customer].count { day + 1...day + 365 ~= date[$0] })
      if satisfaction[customer] >= 0 { felt[kind].append(satisfaction[customer]) }
    }
    #expect(before[0].count > 500 && before[1].count > 500)
    #expect((mean(before[0]) / mean(before[1]) - 1).magnitude < 0.15, "alike before")
    #expect(mean(after[0]) > 1.6 * mean(after[1]))
    #expect(mean(after[0]) > 1.2 * 2 * mean(before[0]), "more a year than before")
    #expect(mean(felt[0]) > mean(felt[2]) + 4 && mean(felt[2]) > mean(felt[1]) + 4)
  }

  @Test(arguments: [2_000, 20_000])
  func `referrals form chains without cycles, and advocates refer more`(customerCount: Int) {
    let sample = Sample.of(customerCount)
    let referrer = sample.words("customers", "referred_by", unknown: -1)
    let joined = sample.words("customers", "joined")
    let orders = sample.counts("orders", by: "customer")
    let firstOrder = sample.rowsByCustomer("orders").map { $0.first }
    let date = sample.words("orders", "date")
    let satisfaction = sample.words("customers", "satisfaction", unknown: -1)
    var depths: [Int] = []
    var early = 0
    for customer in referrer.indices {
      let by = referrer[customer]
      // An earlier row with an earlier order: a cycle cannot be.
      let bought = by < 0 ? nil : firstOrder[by].map { date[$0] }
      if by >= customer || by >= 0 && (bought ?? Int.max) >= joined[customer] { early += 1 }
      depths.append(by < 0 ? 0 : depths[by] + 1)
    }
    #expect(early == 0)
    #expect(depths.lazy.filter { $0 >= 4 }.count >= 5)
    let referred = sample.counts("customers", by: "referred_by")
    func referrals(_ isIn: (Int) -> Bool) -> Double {
      mean(referrer.indices.filter(isIn).map { referred[$0] })
    }
    let advocates = referrals { satisfaction[$0] >= 75 && orders[$0] >= 3 }
    let others = referrals { 0..<65 ~= satisfaction[$0] || orders[$0] < 3 }
    #expect(advocates > 2.5 * others)
  }

  // MARK: The firm

  @Test func `owners carry uneven loads below a tree of managers`() {
    let sample = Sample.large
    let owners = sample.counts("customers", by: "owner", of: "employees").filter { $0 > 0 }
    #expect(0.2...0.6 ~= gini(owners))
    let manager = sample.words("employees", "manager", unknown: -1)
    #expect(manager.filter { $0 < 0 }.count == 1)
    #expect(manager.indices.allSatisfy { manager[$0] < $0 })
    #expect(Set(sample.texts("employees", "job_family")).count == 5)
  }

  @Test func `some sources and campaigns bring customers who stay`() {
    let sample = Sample.large
    let source = sample.texts("customers", "source")
    let stage = sample.words("customers", "stage")
    let orders = sample.counts("orders", by: "customer")
    func members(_ name: String) -> [Int] { source.indices.filter { source[$0] == name } }
    func lost(_ name: String) -> Double {
      mean(members(name).filter { orders[$0] > 0 }.map { stage[$0] == 5 ? 1 : 0 })
    }
    #expect(lost("cold call") > 1.3 * lost("referral"))
    #expect(lost("social media") > 1.1 * lost("partner"))
    #expect(
      mean(members("partner").map { orders[$0] }) > 1.3
        * mean(members("cold call").map { orders[$0] }))
    let campaign = sample.words("customers", "campaign", unknown: -1)
    let starts = sample.words("campaigns", "starts")
    let ends = sample.words("campaigns", "ends")
    let joined = sample.words("customers", "joined")
    #expect(
      campaign.indices.allSatisfy {
        campaign[$0] < 0 || starts[campaign[$0]]...ends[campaign[$0]] ~= joined[$0]
      })
  }
}

extension Sample {
  /// How many customers have each code of a choice.
  fileprivate func counts(_ entity: String, by field: String, ofCodes codeCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: codeCount)
    for code in words(entity, field, unknown: -1) where code >= 0 { counts[code] += 1 }
    return counts
  }

  /// The texts of a field; empty where unknown.
  func texts(_ entity: String, _ field: String) -> [String] {
    guard case .texts(let texts) = vector(entity, field).values else {
      preconditionFailure("\(entity).\(field) is not text")
    }
    return (0..<texts.count).map { texts[$0] }
  }
}
