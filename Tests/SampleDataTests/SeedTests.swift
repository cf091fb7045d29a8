import SampleData
import Store
import Testing

@Suite struct SeedTests {
  /// A change here changes every figure that examples and lessons quote: make it on purpose only.
  @Test func `the same seed gives the same data on every machine`() throws {
    #expect(Sample.usual.records.checksum == 6_839_331_774_070_328_280)
    let small = try SampleRecords(customerCount: 100)
    #expect(small.checksum == 7_785_407_225_259_735_960)
  }

  @Test func `another seed gives other data`() throws {
    let sums = try [1, 2, 3].map { try SampleRecords(customerCount: 100, seed: $0).checksum }
    #expect(Set(sums).count == 3)
  }

  @Test func `a database holds what was generated`() throws {
    let database = Database(catalog: .builtIn, budget: Budget())
    try SampleData.fill(database, customerCount: 2_000)
    let sample = Sample.usual
    for (index, entity) in database.catalog.entities.enumerated()
    where entity.role?.isRules != true {
      let table = database.table(EntityID(index))
      #expect(table.rowCount == sample.count(entity.name), "\(entity.name)")
      for (field, definition) in entity.fields.enumerated() where !definition.isComputed {
        let vector = sample.vector(entity.name, definition.name)
        let column = table.column(FieldID(field))
        let differing = stride(from: 0, to: vector.count, by: 37).filter {
          column[$0] != vector[$0]
        }
        #expect(differing == [], "\(entity.name).\(definition.name)")
      }
    }
  }
}
