import Store

/// The demo data: a firm and its customers from 2019 to 2026-06-30, drawn from a seed.
///
/// The same seed and count give the same data on every machine: all arithmetic is on integers and
/// by + − × ÷ and square root on doubles, which IEEE 754 defines to the bit. What the data shows, and
/// how it is drawn, stands in one file an idea: `Life` (orders, complaints, leaving), `Stages`,
/// `Payments`, `Interactions`, `Surveys`, `Referrals`; `Chronicle` puts a customer together and
/// `Assembly` writes the columns.
package enum SampleData {
  /// The seed unless another is asked for.
  package static let defaultSeed: UInt64 = 2_026_06_30
  /// How many customers may be asked for.
  package static let customerCounts = 100...1_000_000
  /// How many customers unless another number is asked for.
  package static let defaultCustomerCount = 2_000
  /// 2026-06-30, as a day number: nothing in the data but planned dates is later.
  package static let lastDay = Timeline.lastDay

  /// Appends the demo data to the empty tables of the built-in entities.
  ///
  /// - Parameters:
  ///   - customerCount: Within `customerCounts`.
  ///   - seed: Any number.
  /// - Throws: `memoryLimit` and `interrupted`; the tables then hold a part of the data.
  /// - Complexity: Linear; about 12 µs a customer, of which the store takes a third.
  package static func fill(
    _ database: Database, customerCount: Int = defaultCustomerCount, seed: UInt64 = defaultSeed
  ) throws(StoreError) {
    let byteCount = customerCount * Chronicle.byteCountPerCustomer
    try database.budget.take(byteCount)
    defer { database.budget.give(back: byteCount) }
    try generate(customerCount: customerCount, seed: seed) { chunk throws(StoreError) in
      let entities = database.catalog.entities
      guard let index = entities.firstIndex(where: { $0.name == chunk.entity }) else {
        preconditionFailure("the demo data needs the built-in entity \(chunk.entity)")
      }
      let definition = entities[index]
      var vectors: [FieldID: Vector] = [:]
      for (name, vector) in chunk.fields {
        guard let field = definition.fields.firstIndex(where: { $0.name == name }) else {
          preconditionFailure("the demo data needs the field \(chunk.entity).\(name)")
        }
        vectors[FieldID(field)] = vector
      }
      try database.table(EntityID(index)).append(vectors, count: chunk.count)
    }
  }

  /// Draws the data and hands it over in chunks of at most 16,384 rows, entity after entity, each
  /// entity's rows in order of time.
  ///
  /// References are rows of the target's table, counted from 0; a target comes before what
  /// refers to it.
  package static func generate(
    customerCount: Int = defaultCustomerCount, seed: UInt64 = defaultSeed,
    into receive: (SampleChunk) throws(StoreError) -> Void
  ) throws(StoreError) {
    precondition(
      customerCounts.contains(customerCount), "demo data has 100 to 1,000,000 customers")
    var assembly = Assembly(try Chronicle(customerCount: customerCount, seed: seed))
    try assembly.write(into: receive)
  }
}

/// Some rows of one entity of the demo data.
package struct SampleChunk: Sendable {
  /// The entity's plural name.
  package var entity: String
  /// One vector for each stored field, in catalog order.
  package var fields: [(name: String, vector: Vector)]
  /// Rows in each vector.
  package var count: Int
}

/// The demo data as plain vectors, without a store: entity, then field.
package struct SampleRecords {
  /// The entities' rows; each field's chunks joined into one vector.
  package private(set) var entities: [String: [String: Vector]] = [:]
  /// FNV-1a over all values, unknown marks and names, in the order generated: equal data, equal sum.
  package private(set) var checksum: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Draws the data of `SampleData.generate` and keeps it.
  package init(
    customerCount: Int = SampleData.defaultCustomerCount, seed: UInt64 = SampleData.defaultSeed
  ) throws(StoreError) {
    try SampleData.generate(customerCount: customerCount, seed: seed) {
      chunk throws(StoreError) in keep(chunk)
    }
  }

  private mutating func keep(_ chunk: SampleChunk) {
    for (name, vector) in chunk.fields {
      add(name.utf8)
      add(vector.known)
      switch vector.values {
      case .words(let words):
        for word in words { add(UInt64(bitPattern: word)) }
      case .reals(let reals):
        for real in reals { add(real.bitPattern) }
      case .texts(let texts):
        add(texts.bytes)
        for end in texts.ends { add(UInt64(end)) }
      }
      let earlier = entities[chunk.entity]?[name]
      entities[chunk.entity, default: [:]][name] = earlier.map { Self.join($0, vector) } ?? vector
    }
  }

  private mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(UInt64(byte)) }
  }

  private mutating func add(_ word: UInt64) {
    checksum = (checksum ^ word) &* 0x0000_0100_0000_01B3
    checksum ^= checksum >> 29
  }

  private static func join(_ a: Vector, _ b: Vector) -> Vector {
    let known = a.known + b.known
    switch (a.values, b.values) {
    case (.words(let x), .words(let y)): return Vector(words: x + y, known: known)
    case (.reals(let x), .reals(let y)): return Vector(reals: x + y, known: known)
    case (.texts(let x), .texts(let y)):
      var joined = x
      let offset = x.bytes.count
      joined.bytes += y.bytes
      for end in y.ends { joined.ends.append(offset + end) }
      return Vector(texts: joined, known: known)
    default: preconditionFailure("a field has one type")
    }
  }
}
