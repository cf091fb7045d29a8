import Store

extension Assembly {
  /// The employees, by the day they began.
  func writeEmployees(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let employees = chronicle.firm.employees.rows
    let geography = chronicle.firm.geography
    try Self.chunks(of: employees.count) { positions throws(StoreError) in
      let count = positions.count
      var name = Texts(count)
      var unusedEmail = Texts(count)
      var family = Texts(count)
      var region = Texts(count)
      var skills = Texts(count)
      var manager = Words(count)
      var since = Words(count)
      for position in positions {
        let row = employees[position]
        var random = Random(seed: chronicle.seed, .identity, -1 - position)
        names.write(
          person: position, country: row.country, name: &name, email: &unusedEmail, &random)
        family.append(Employees.familyNames[row.family.rawValue])
        if random.chance(0.05) {
          region.appendUnknown()
        } else {
          region.append(geography.regionNames[row.region])
        }
        if random.chance(0.08) {
          skills.appendUnknown()
        } else {
          let options = Self.skills[row.family.rawValue]
          let first = random.below(options.count)
          let second = (first + random.between(1, options.count - 1)) % options.count
          skills.append("\(options[first]), \(options[second])")
        }
        manager.append(row: row.manager)
        since.append(Int(row.since))
      }
      try receive(
        SampleChunk(
          entity: "employees",
          fields: [
            ("id", Self.ids(positions)), ("name", name.vector), ("job_family", family.vector),
            ("region", region.vector), ("skills", skills.vector), ("manager", manager.vector),
            ("since", since.vector),
          ], count: count))
    }
  }

  /// The products, in no particular order.
  func writeProducts(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let products = chronicle.firm.products.rows
    try receive(
      SampleChunk(
        entity: "products",
        fields: [
          ("id", Self.ids(0..<products.count)),
          ("name", Vector(texts: TextBlock(products.map(\.name)))),
          (
            "category",
            Vector(texts: TextBlock(products.map { Products.categoryNames[$0.category] }))
          ),
          ("price", Vector(words: products.map { Int64($0.price) })),
          ("unit_cost", Vector(words: products.map { Int64($0.unitCost) })),
        ], count: products.count))
  }

  /// The campaigns, by their first day.
  func writeCampaigns(_ receive: (SampleChunk) throws(StoreError) -> Void) throws(StoreError) {
    let campaigns = chronicle.firm.campaigns.rows
    try receive(
      SampleChunk(
        entity: "campaigns",
        fields: [
          ("id", Self.ids(0..<campaigns.count)),
          ("name", Vector(texts: TextBlock(campaigns.map(\.name)))),
          ("channel", Vector(words: campaigns.map { Int64($0.channel.rawValue) })),
          ("starts", Vector(words: campaigns.map { Int64($0.starts) })),
          ("ends", Vector(words: campaigns.map { Int64($0.ends) })),
          ("cost", Vector(words: campaigns.map { Int64($0.cost) })),
        ], count: campaigns.count))
  }

  /// What people of each job family are good at.
  private static let skills = [
    ["leadership", "planning", "coaching", "budgeting"],
    ["telephone", "chat", "quotations", "English", "French"],
    ["negotiation", "product training", "Spanish", "German", "first visits"],
    ["contract structure", "negotiation", "logistics", "finance", "Japanese"],
    ["troubleshooting", "complaint handling", "installation", "Português", "patience"],
  ]
}
