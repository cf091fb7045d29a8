import Engine
import Store
import TestSupport

/// A small random store, in tables and in plain arrays: every type, unknown values, ties, a reference
/// to an entity with text keys and one to the same entity.
struct RandomStore {
  let database: Database
  var naive: NaiveStore

  static let today = Day.number(year: 2026, month: 6, day: 30)

  static let things = EntityID(0)
  static let owners = EntityID(1)

  static let grades = ChoiceList(["low", "middle", "high"], isOrdered: true)
  static let colours = ChoiceList(["red", "green", "blue"])
  /// Few texts that differ in case, accents and length.
  static let words = [
    "alpha", "Alpha", "beta", "Beta blocker", "gamma-ray", "Ågren", "ågren", "Œuvre", "", "zoë",
    "delta 10", "x*y", "50% off", "the end", "東京",
  ]

  static var catalog: Catalog {
    Catalog([
      Entity(
        name: "things", singular: "thing",
        fields: [
          Field("id", .integer), Field("t", .text), Field("u", .text), Field("c", .choice(grades)),
          Field("k", .choice(colours)), Field("m", .money), Field("n", .number),
          Field("i", .integer), Field("d", .date), Field("w", .time), Field("f", .flag),
          Field("r", .reference(owners), inverse: "things"),
          Field("s", .reference(things), inverse: "parts"),
        ], timeField: FieldID(8), labelField: FieldID(1)),
      Entity(
        name: "owners", singular: "owner",
        fields: [
          Field("code", .text), Field("t", .text), Field("c", .choice(grades)),
          Field("m", .money), Field("i", .integer), Field("d", .date), Field("f", .flag),
          Field("boss", .reference(owners), inverse: "team"),
        ]),
    ])
  }

  /// Makes a store: rows appended in three parts, merged after the second, then some killed.
  init(thingCount: Int, ownerCount: Int, random: inout SplitMix64) throws {
    let catalog = Self.catalog
    database = Database(catalog: catalog, budget: Budget(limit: 1 << 28))
    naive = NaiveStore(catalog: catalog, today: Self.today)
    let counts = [thingCount, ownerCount]
    for entity in [Self.owners, Self.things] {
      let count = counts[entity.index]
      var numbers = Array(1...count)
      // Half of the stores have keys out of order.
      if entity == Self.owners || random.next(below: 2) == 0 {
        for last in numbers.indices.dropFirst().reversed() {
          numbers.swapAt(last, Int(random.next(below: UInt64(last + 1))))
        }
      }
      let records = numbers.enumerated().map { place, number in
        Self.record(
          of: catalog[entity], number: number, place: place, counts: counts, random: &random)
      }
      naive.tables[entity.index].records = records
      let table = database.table(entity)
      let cuts = [0, count / 3, count * 2 / 3, count]
      for part in 0..<3 {
        try Self.append(Array(records[cuts[part]..<cuts[part + 1]]), to: table, catalog[entity])
        if part == 1 { table.merge() }
      }
    }
    // References lead to the first third only, so that none of them dies.
    for place in (thingCount / 3)..<thingCount where random.next(below: 8) == 0 {
      database.table(Self.things).kill(place)
      naive.tables[Self.things.index].dead.insert(place)
    }
  }

  private static func record(
    of entity: Entity, number: Int, place: Int, counts: [Int], random: inout SplitMix64
  ) -> [Scalar] {
    func pick(_ bound: Int) -> Int64 { Int64(random.next(below: UInt64(max(1, bound)))) }
    return entity.fields.enumerated().map { index, field in
      if index == 0 {
        return field.type == .text ? .text("K\(number % 7)-\(number)") : .word(Int64(number * 3))
      }
      if pick(6) == 0 { return .unknown }
      switch field.type {
      case .text:
        let word = words[Int(pick(words.count))]
        return .text(field.name == "u" ? word + " " + String(pick(500)) : word)
      case .choice(let list): return .word(pick(list.names.count))
      case .money: return .word(pick(4) == 0 ? 5_000 : pick(200_000) - 20_000)
      case .number: return .real(Double(pick(64) - 16) / 4)
      case .integer: return .word(pick(12) - 3)
      case .date: return .word(Int64(today) - pick(900) + 20)
      case .time:
        let day = Int64(today) - pick(60) + 2
        return .word(day * 86_400 + [0, 43_200, 86_399, pick(86_400)][Int(pick(4))])
      case .flag: return .word(pick(2))
      case .reference(let target): return .word(pick(max(1, counts[target.index] / 3)))
      }
    }
  }

  private static func append(
    _ records: [[Scalar]], to table: Table, _ entity: Entity
  ) throws {
    var vectors: [FieldID: Vector] = [:]
    for (index, field) in entity.fields.enumerated() {
      let cells = records.map { $0[index] }
      let known = cells.map { UInt8($0.isKnown ? 1 : 0) }
      switch field.type {
      case .text:
        let texts = cells.map { cell -> String in
          if case .text(let text) = cell { return text }
          return ""
        }
        vectors[FieldID(index)] = Vector(texts: TextBlock(texts), known: known)
      case .number:
        let reals = cells.map { cell -> Double in
          if case .real(let real) = cell { return real }
          return 0.0
        }
        vectors[FieldID(index)] = Vector(reals: reals, known: known)
      default:
        let words = cells.map { cell -> Int64 in
          if case .word(let word) = cell { return word }
          return Int64(0)
        }
        vectors[FieldID(index)] = Vector(words: words, known: known)
      }
    }
    try table.append(vectors, count: records.count)
  }
}
