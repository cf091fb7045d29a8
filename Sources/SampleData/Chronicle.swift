import Store

/// Everything that happened to all customers, in compact rows, customer after customer.
struct Chronicle {
  /// A row of `orders`; amount and cost follow from product, quantity and discount.
  struct Order: Dated {
    var customer: Int32
    var day: Int32
    var product: UInt16
    var quantity: UInt16
    /// In percent.
    var discount: UInt8
    var channel: UInt8
    var status: UInt8
  }

  /// A row of `complaints`.
  struct Complaint: Dated {
    var customer: Int32
    /// The day it was opened.
    var day: Int32
    /// `unknownDay` while it is open.
    var resolved: Int32
    var severity: UInt8
    /// Indices into `Sentences`; `unknownCode` where not noted.
    var cause: UInt8
    var resolution: UInt8
  }

  /// A row of `customers`, but for name, e-mail and telephone. Money in minor units.
  struct Customer {
    var traits: Traits
    var joined: Int32
    var stageSince: Int32
    var stage: Stage
    var owner: Int32
    var value: Int
    var cost: Int
    var potential: Int?
    var balance: Int?
    var satisfaction: Int?
    var valuesMost: Int?
    var leftBecause: Int?
    var firstContact: Int
    var contactCount: Int
  }

  /// About how many bytes the rows of one customer take.
  static let byteCountPerCustomer = 620

  let firm: Firm
  let seed: UInt64
  let customerCount: Int
  var customers: [Customer] = []
  var orders: [Order] = []
  var invoices: [Payments.Invoice] = []
  var balances: [Payments.Balance] = []
  var interactions: Interactions
  var complaints: [Complaint] = []
  var surveys: [Surveys.Row] = []
  var stageChanges: [Stages.Row] = []
  private(set) var contactCount = 0

  /// Lives all lives, in the order in which the customers joined.
  /// - Throws: `interrupted`.
  init(customerCount: Int, seed: UInt64) throws(StoreError) {
    firm = Firm(customerCount: customerCount, seed: seed)
    self.seed = seed
    self.customerCount = customerCount
    interactions = Interactions(capacity: customerCount * 7 / 2)
    customers.reserveCapacity(customerCount)
    orders.reserveCapacity(customerCount * 11 / 2)
    stageChanges.reserveCapacity(customerCount * 4)
    var referrals = Referrals()
    var stages = Stages()
    var life = Life()
    for customer in 0..<customerCount {
      if customer % 1_024 == 0 { try Cancellation.check() }
      add(customer, life: &life, stages: &stages, referrals: &referrals)
    }
  }

  /// The amount of an order, in minor units, rounded half up.
  func amount(_ order: Order) -> Int {
    let price = firm.products.rows[Int(order.product)].price
    return (price * Int(order.quantity) * (100 - Int(order.discount)) + 50) / 100
  }

  /// The cost of goods of an order, in minor units.
  func cost(_ order: Order) -> Int {
    firm.products.rows[Int(order.product)].unitCost * Int(order.quantity)
  }

  /// One customer, from the first day to the last.
  private mutating func add(
    _ customer: Int, life: inout Life, stages: inout Stages, referrals: inout Referrals
  ) {
    var random = Random(seed: seed, .traits, customer)
    let joined = joiningDay(customer, &random)
    let referrer = random.chance(0.24) ? referrals.pick(on: joined, &random) : nil
    let traits = Traits.draw(day: joined, referrer: referrer, firm: firm, &random)
    random = Random(seed: seed, .life, customer)
    life.live(from: joined, traits: traits, &random)
    let (stage, since) = stages.record(life, customer: customer, in: &stageChanges, &random)
    let mood = mood(of: life, traits, &random)

    random = Random(seed: seed, .account, customer)
    var row = Customer(
      traits: traits, joined: Int32(joined), stageSince: Int32(since), stage: stage,
      owner: owner(of: traits, &random), value: 0, cost: 0, firstContact: contactCount,
      contactCount: 0)
    if traits.kind == .organisation {
      row.contactCount = 1 + min(random.below(5), random.below(5))
      contactCount += row.contactCount
    }
    addComplaints(customer, life, &random)
    note(in: &row, life, mood: mood, &random)
    random = Random(seed: seed, .orders, customer)
    addOrders(customer, life, &row, &random)
    random = Random(seed: seed, .payments, customer)
    row.balance = Payments.addBalances(
      customer: customer, life: life, traits: traits, to: &balances, &random)
    random = Random(seed: seed, .surveys, customer)
    let surveyDays = Surveys.add(
      customer: customer, life: life, traits: traits, mood: mood, to: &surveys, &random)
    random = Random(seed: seed, .interactions, customer)
    let before = interactions.rows.count
    interactions.add(
      life, traits: traits,
      parties: Interactions.Parties(
        customer: customer, owner: row.owner < 0 ? 0 : row.owner, firstContact: row.firstContact,
        contactCount: row.contactCount),
      surveyDays: surveyDays, firm: firm, &random)

    // Serving costs by the order, the contact and above all the complaint.
    let served =
      Double(life.orderDays.count) * 70 + Double(interactions.rows.count - before) * 80
      + Double(life.complaints.count) * 1_500
    row.cost += Int(served * traits.effort + Double(row.value) * traits.serviceShare)
    customers.append(row)
    let isAdvocate = mood >= 68 && life.orderDays.count >= 3 && life.count(.failed) == 0
    referrals.add(
      begins: isAdvocate ? Int(life.orderDays[2]) : life.firstOrder,
      ends: life.departure?.last ?? Timeline.lastDay,
      weight: isAdvocate ? (mood >= 78 ? 3 : 1) + (referrer == nil ? 0 : 5) : 0)
  }

  /// The day on which customer *k* of *n* joined: ascending, and more of them each year.
  private func joiningDay(_ customer: Int, _ random: inout Random) -> Int {
    let rank = (Double(customer) + 1 - random.uniform()) / Double(customerCount)
    let span = Double(Timeline.lastDay - Timeline.firstDay)
    return Timeline.firstDay + Int(span * ExpLog.exp(0.72 * ExpLog.log(rank)))
  }

  /// What the customer feels after all that happened: better for complaints put right quickly,
  /// worse for the others.
  private func mood(of life: Life, _ traits: Traits, _ random: inout Random) -> Double {
    var mood = traits.mood + 5 * random.noise()
    mood += 9 * Double(min(2, life.count(.recovered))) - 4 * Double(life.count(.settled))
    mood -= 16 * Double(life.count(.failed))
    if let departure = life.departure, departure.fadesFrom <= Timeline.lastDay,
      life.comeback == nil
    {
      mood -= 14
    }
    return mood
  }

  /// The owner, by how large the customer is; -1 where nobody has been named.
  private func owner(of traits: Traits, _ random: inout Random) -> Int32 {
    if random.chance(0.03) { return -1 }
    let family: Employees.Family =
      if traits.kind == .person {
        .desk
      } else {
        traits.orderSize > 45_000 ? .keyAccounts : .field
      }
    return firm.employees.pick(family, country: traits.country, &random)
  }

  /// What the account says, as far as anybody wrote it down: more of those we know longer.
  private func note(in row: inout Customer, _ life: Life, mood: Double, _ random: inout Random) {
    let isProspect = life.orderDays.isEmpty
    if random.chance(isProspect ? 0.1 : 0.7) {
      row.satisfaction = min(100, max(0, Int(mood + 0.5)))
    }
    let isKnown = row.stage != .recruitment && row.stage != .welcoming
    if random.chance(isKnown ? 0.65 : 0.15) { row.valuesMost = Self.valueTable.pick(&random) }
    if random.chance(0.7) {
      let yearly = min(row.traits.orderRate * 365, 30) * row.traits.orderSize
      let isLeaving = row.stage == .dissociation
      row.potential = Int(
        (yearly + 2_000) * random.logNormal(median: isLeaving ? 0.5 : 1.3, sigma: 0.6))
    }
    if row.stage == .dissociation && random.chance(0.87) {
      let plain = Sentences.plainDepartureCount
      row.leftBecause =
        life.departure?.isAngry == true
        ? random.between(plain, Sentences.departures.count - 1) : random.below(plain)
    }
  }

  private mutating func addComplaints(_ customer: Int, _ life: Life, _ random: inout Random) {
    for complaint in life.complaints {
      let isNoted = complaint.resolved != nil && random.chance(0.85)
      complaints.append(
        Complaint(
          customer: Int32(customer), day: Int32(complaint.opened),
          resolved: complaint.resolved.map { Int32($0) } ?? unknownDay,
          severity: random.chance(0.03) ? unknownCode : complaint.severity.rawValue,
          cause: random.chance(0.07) ? unknownCode : UInt8(Self.causeTable.pick(&random)),
          resolution: isNoted
            ? UInt8(random.below(Sentences.resolutions.count)) : unknownCode))
    }
  }

  /// The orders of one life with their invoices, and what they add to the customer's account.
  private mutating func addOrders(
    _ customer: Int, _ life: Life, _ row: inout Customer, _ random: inout Random
  ) {
    for day in life.orderDays {
      let size = row.traits.orderSize * ExpLog.exp(0.5 * random.noise() - 0.125)
      let product = firm.products.pick(size: size, &random)
      let quantity = size / Double(firm.products.rows[product].price) + 0.5
      let discount = row.traits.discount == 0 ? 0 : row.traits.discount + random.below(5) - 2
      var order = Order(
        customer: Int32(customer), day: day, product: UInt16(product),
        quantity: UInt16(min(9_999, max(1, Int(quantity)))), discount: UInt8(max(0, discount)),
        channel: Self.orderChannels[random.below(Self.orderChannels.count)].rawValue,
        status: Status.paid.rawValue)
      let fate = random.below(100)
      let isInvoiced = row.traits.isInvoiced && fate >= 2
      var isPaid = Int(day) + 12 < Timeline.lastDay || random.chance(0.5)
      if isInvoiced {
        let invoice = Payments.invoice(
          order: orders.count, on: Int(day), life: life, traits: row.traits, &random)
        if let invoice { invoices.append(invoice) }
        isPaid = invoice.map { $0.paid != unknownDay } ?? false
      }
      let status: Status = fate < 2 ? .cancelled : fate < 6 ? .returned : isPaid ? .paid : .placed
      order.status = status.rawValue
      orders.append(order)
      switch status {
      case .paid, .placed:
        row.value += amount(order)
        row.cost += cost(order)
      case .returned: row.cost += 900
      case .cancelled: break
      }
    }
  }

  private static let orderChannels: [Channel] = [
    .web, .web, .web, .web, .shop, .shop, .email, .phone, .phone, .visit,
  ]
  private static let causeTable = WeightedTable(Sentences.causeWeights)
  private static let valueTable = WeightedTable([30, 26, 16, 10, 18])
}
