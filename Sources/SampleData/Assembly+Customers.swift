import Store

extension Assembly {
  /// The customers, by the day they joined.
  func writeCustomers(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    try Self.chunks(of: chronicle.customers.count) { positions throws(StoreError) in
      var columns = CustomerColumns(positions.count)
      for position in positions {
        columns.append(
          chronicle.customers[position], position: position, names: names, chronicle)
      }
      try receive(
        SampleChunk(
          entity: "customers", fields: columns.fields(ids: Self.ids(positions)),
          count: positions.count))
    }
  }

  /// The people at organisations, in the order of the organisations; the first is the main one.
  func writeContacts(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    // Which organisation each contact belongs to.
    var owners: [Int32] = []
    owners.reserveCapacity(chronicle.contactCount)
    for (index, customer) in chronicle.customers.enumerated() {
      for _ in 0..<customer.contactCount { owners.append(Int32(index)) }
    }
    try Self.chunks(of: owners.count) { positions throws(StoreError) in
      let count = positions.count
      var customer = Words(count)
      var name = Texts(count)
      var role = Texts(count)
      var email = Texts(count)
      var phone = Texts(count)
      var main = Words(count)
      for position in positions {
        let owner = chronicle.customers[Int(owners[position])]
        var random = Random(seed: chronicle.seed, .contacts, position)
        let country = owner.traits.country
        customer.append(Int(owners[position]))
        names.write(
          person: position + 1, country: country, name: &name, email: &email, &random)
        if random.chance(0.1) {
          role.appendUnknown()
        } else {
          role.append(Self.roles[random.below(Self.roles.count)])
        }
        names.write(phone: &phone, country: country, &random)
        main.append(position == owner.firstContact ? 1 : 0)
      }
      try receive(
        SampleChunk(
          entity: "contacts",
          fields: [
            ("id", Self.ids(positions)), ("customer", customer.vector), ("name", name.vector),
            ("role", role.vector), ("email", email.vector), ("phone", phone.vector),
            ("main", main.vector),
          ], count: count))
    }
  }

  private static let roles = [
    "buyer", "user", "payer", "engineer", "managing director", "office manager",
  ]
}

/// The columns of one chunk of customers.
private struct CustomerColumns {
  private var name, email, phone, country, region, city, industry, source, leftBecause: Texts
  private var kind, campaign, referrer, owner, stage, stageSince, joined, value, cost: Words
  private var potential, balance, satisfaction, valuesMost, contactable: Words

  init(_ count: Int) {
    name = Texts(count)
    (email, phone, country, region, city, industry, source, leftBecause) = (
      name, name, name, name, name, name, name, name
    )
    kind = Words(count)
    (campaign, referrer, owner, stage, stageSince, joined, value, cost) = (
      kind, kind, kind, kind, kind, kind, kind, kind
    )
    (potential, balance, satisfaction, valuesMost, contactable) = (kind, kind, kind, kind, kind)
  }

  mutating func append(
    _ row: Chronicle.Customer, position: Int, names: IdentityWriter, _ chronicle: Chronicle
  ) {
    var random = Random(seed: chronicle.seed, .identity, position)
    let traits = row.traits
    let geography = chronicle.firm.geography
    let isOrganisation = traits.kind == .organisation
    if isOrganisation {
      names.write(
        organisation: position + 1, country: traits.country, name: &name, email: &email, &random)
    } else {
      names.write(
        person: position + 1, country: traits.country, name: &name, email: &email, &random)
    }
    names.write(phone: &phone, country: traits.country, &random)
    country.append(geography.countries[traits.country].code, unless: 0.02, &random)
    region.append(geography.regionNames[traits.region], unless: 0.06, &random)
    city.append(geography.cityNames[traits.city], unless: 0.09, &random)
    // Only those persons who work for themselves have an industry.
    industry.append(
      Self.industries[Self.industryTable.pick(&random)], unless: isOrganisation ? 0.07 : 0.88,
      &random)
    source.append(Self.sources[traits.source.rawValue], unless: 0.05, &random)
    if let reason = row.leftBecause {
      leftBecause.append(Sentences.departures, code: UInt8(reason))
    } else {
      leftBecause.appendUnknown()
    }
    kind.append(Int(traits.kind.rawValue))
    campaign.append(traits.campaign, isKnown: traits.campaign >= 0)
    referrer.append(traits.referrer, isKnown: traits.referrer >= 0)
    owner.append(row: row.owner)
    stage.append(Int(row.stage.rawValue))
    stageSince.append(Int(row.stageSince))
    joined.append(Int(row.joined))
    value.append(row.value)
    cost.append(row.cost)
    potential.append(row.potential)
    balance.append(row.balance)
    satisfaction.append(row.satisfaction)
    valuesMost.append(row.valuesMost)
    contactable.append(random.chance(0.85) ? 1 : 0, isKnown: !random.chance(0.03))
  }

  /// The fields in catalog order.
  func fields(ids: Vector) -> [(name: String, vector: Vector)] {
    [
      ("id", ids), ("name", name.vector), ("kind", kind.vector), ("email", email.vector),
      ("phone", phone.vector), ("country", country.vector), ("region", region.vector),
      ("city", city.vector), ("industry", industry.vector), ("source", source.vector),
      ("campaign", campaign.vector), ("referred_by", referrer.vector), ("owner", owner.vector),
      ("stage", stage.vector), ("stage_since", stageSince.vector), ("joined", joined.vector),
      ("value", value.vector), ("cost", cost.vector), ("potential", potential.vector),
      ("balance", balance.vector), ("satisfaction", satisfaction.vector),
      ("values_most", valuesMost.vector), ("contactable", contactable.vector),
      ("left_because", leftBecause.vector),
    ]
  }

  private static let sources = Source.allCases.map { Array($0.name.utf8) }
  private static let industries = [
    "retail", "manufacturing", "healthcare", "construction", "hospitality", "logistics",
    "education", "agriculture", "finance", "media", "energy", "public sector",
  ].map { Array($0.utf8) }
  private static let industryTable = WeightedTable([20, 16, 11, 10, 9, 8, 6, 6, 5, 4, 3, 2])
}

extension Texts {
  /// Appends the text, or with this probability unknown.
  fileprivate mutating func append(
    _ bytes: [UInt8], unless probability: Double, _ random: inout Random
  ) {
    if random.chance(probability) { appendUnknown() } else { append(bytes) }
  }
}
