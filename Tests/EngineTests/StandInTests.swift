import Store
import Testing

@testable import Engine

/// Stand-ins for what texts say of persons.
struct StandInTests {
  @Test(arguments: PersonalText.allCases)
  func `the same text has one stand-in, and no two texts share one`(kind: PersonalText) {
    let standIns = StandIns()
    let texts = (0..<3_000).map { "text \($0)" }
    let first = texts.map { standIns.text(for: $0, kind) }
    #expect(Set(first).count == texts.count)
    #expect(texts.reversed().map { standIns.text(for: $0, kind) } == first.reversed())
    #expect(standIns.text(for: "", kind).isEmpty)
    let again = StandIns()
    #expect(texts.map { again.text(for: $0, kind) } == first, "the same questions, the same ones")
  }

  @Test func `what looks like mail is mail, whatever its field is called`() {
    let standIns = StandIns()
    let mail = standIns.text(for: "ana@ruiz.example", .words)
    #expect(mail == "person1@example.com")
    #expect(standIns.text(for: "ana@ruiz.example", .name) == mail)
    #expect(standIns.text(for: "e\u{301}", .name) != standIns.text(for: "\u{E9}", .name))
  }

  @Test func `which texts say something of persons follows the catalog`() {
    var catalog = Catalog.builtIn
    let imported = catalog.add(
      Entity(
        name: "guests", singular: "guest",
        fields: [
          Field("code", .text), Field("full_name", .text), Field("E-mail", .text),
          Field("home_phone", .text), Field("street", .text), Field("country", .text),
          Field("nights", .integer),
        ]))
    let kinds = catalog[imported].fields.indices.map {
      catalog[imported].personalText(of: FieldID($0))
    }
    #expect(kinds == [nil, .name, .mail, .phone, .address, .words, nil])
    var open: Set<String> = []
    for entity in catalog.entities.dropLast() {
      for (index, field) in entity.fields.enumerated()
      where field.type == .text && entity.personalText(of: FieldID(index)) == nil {
        open.insert("\(entity.name).\(field.name)")
      }
    }
    let rules = open.filter { name in
      ["settings.", "rfm_groups.", "ladder_rungs."].contains { name.hasPrefix($0) }
    }
    #expect(
      open.subtracting(rules) == [
        "customers.country", "customers.region", "customers.city", "customers.industry",
        "customers.source", "contacts.role", "employees.job_family", "employees.region",
        "employees.skills", "products.name", "products.category", "campaigns.name",
      ])
  }
}
