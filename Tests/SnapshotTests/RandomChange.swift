import Store

/// Numbers from a seed, the same everywhere.
/// - Source: SplitMix64, Steele, Lea, Flood, 2014.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Changes a hostile store by chance, as statements do: recorded, then committed.
struct RandomChange {
  let database: Database
  var random: SeededRandom

  private mutating func number(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

  /// Does one to four things to the store inside one change and gives that.
  mutating func make() throws -> ChangeSet {
    database.beginChange()
    for _ in 0...number(4) { try step() }
    let change = database.currentChange
    database.keepChange()
    return change
  }

  /// Adds one thing with a key that tells who added it.
  func addition(_ step: Int) throws -> ChangeSet {
    database.beginChange()
    try database.append(
      [
        FieldID(0): Vector(words: [1_000_000 + Int64(step)]),
        FieldID(10): Vector(words: [5]),
      ], count: 1, to: EntityID(0))
    let change = database.currentChange
    database.keepChange()
    return change
  }

  /// Edits some cells.
  mutating func edit() throws -> ChangeSet {
    database.beginChange()
    for _ in 0...number(2) { try replace(EntityID(number(3))) }
    let change = database.currentChange
    database.keepChange()
    return change
  }

  private mutating func step() throws {
    let entity = EntityID(number(4))
    switch number(10) {
    case 0..<3: try append(entity)
    case 3..<8: try replace(entity)
    case 8: kill(entity)
    default: try addField()
    }
  }

  private func live(_ entity: EntityID) -> [Int32] {
    let table = database.table(entity)
    return (0..<Int32(table.rowCount)).filter { !table.isDead(Int($0)) }
  }

  private mutating func value(_ type: ValueType) -> Scalar {
    if number(6) == 0 { return .unknown }
    func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }
    switch type {
    case .text: return .text(number(2) == 0 ? pick(HostileStore.texts) : "text \(number(50))")
    case .choice(let list): return .word(Int64(number(list.names.count)))
    case .money: return .word(pick(HostileStore.amounts))
    case .number: return .real(pick(HostileStore.numbers))
    case .integer: return .word(pick(HostileStore.integers))
    case .date: return .word(pick(HostileStore.days))
    case .time: return .word(pick(HostileStore.days) * 86_400 + Int64(number(86_400)))
    case .flag: return .word(Int64(number(2)))
    case .reference(let target):
      let rows = live(target)
      return rows.isEmpty ? .unknown : .word(Int64(pick(rows)))
    }
  }

  private mutating func vector(_ type: ValueType, count: Int) -> Vector {
    var vector = Vector(unknown: type, count: 0)
    for _ in 0..<count { vector.append(Vector(repeating: value(type), as: type, count: 1)) }
    return vector
  }

  private mutating func append(_ entity: EntityID) throws {
    let definition = database.catalog[entity]
    let table = database.table(entity)
    let count = 1 + number(number(20) == 0 ? 1_500 : 3)
    var vectors: [FieldID: Vector] = [:]
    for (index, field) in definition.fields.enumerated() where !field.isComputed {
      vectors[FieldID(index)] = vector(field.type, count: count)
    }
    if case .text = definition[definition.key].type {
      vectors[definition.key] = Vector(
        texts: TextBlock((0..<count).map { "new \(table.rowCount + $0) it's" }))
    } else {
      // Dense, with gaps, and in another chunk of 65,536.
      let first = min(table.nextKey, .max - 70_000)
      guard first < .max - 70_000 else { return try appendBelow(entity, vectors, count) }
      let gap = Int64([0, 1, 70_000 - count][number(3)])
      vectors[definition.key] = Vector(words: (0..<Int64(count)).map { first + gap + $0 })
    }
    try database.append(vectors, count: count, to: entity)
  }

  /// Keys where the largest one is taken already.
  private mutating func appendBelow(
    _ entity: EntityID, _ vectors: [FieldID: Vector], _ count: Int
  ) throws {
    var vectors = vectors
    let first = Int64(database.table(entity).rowCount) * 40_000 + 1_000_001
    vectors[database.catalog[entity].key] = Vector(
      words: (0..<Int64(count)).map { first + $0 })
    try database.append(vectors, count: count, to: entity)
  }

  private mutating func replace(_ entity: EntityID) throws {
    let rows = live(entity)
    let definition = database.catalog[entity]
    let fields = definition.fields.indices.map(FieldID.init).filter {
      $0 != definition.key && !definition[$0].isComputed
    }
    guard !rows.isEmpty, !fields.isEmpty else { return }
    let share = [1, 3, rows.count][number(3)]
    let chosen = Array(rows.filter { _ in number(rows.count) < share })
    for _ in 0...number(3) {
      let field = fields[number(fields.count)]
      let values = vector(definition[field].type, count: chosen.count)
      try database.replace(field, of: entity, at: chosen, with: values)
    }
  }

  /// Kills rows that nobody names: what names them is made to name nothing first.
  private mutating func kill(_ entity: EntityID) {
    let rows = live(entity)
    guard !rows.isEmpty else { return }
    let chosen = Set(rows.filter { _ in number(rows.count) < 2 })
    for (index, definition) in database.catalog.entities.enumerated() {
      for (place, field) in definition.fields.enumerated() where field.type == .reference(entity) {
        let column = database.table(EntityID(index)).column(FieldID(place))
        let naming = live(EntityID(index)).filter { row in
          if case .word(let named) = column[Int(row)] { return chosen.contains(Int32(named)) }
          return false
        }
        try? database.replace(
          FieldID(place), of: EntityID(index), at: naming,
          with: Vector(unknown: field.type, count: naming.count))
      }
    }
    database.kill(chosen.sorted(), of: entity)
  }

  /// Adds fields to an entity, or a whole one.
  private mutating func addField() throws {
    let entities = database.catalog.entities
    if number(3) == 0, entities.count < 8 {
      _ = database.add(
        Entity(
          name: "extra \(entities.count)", singular: "extra",
          fields: [
            Field("id", .integer), Field("from", .reference(EntityID(0))), Field("day", .date),
          ]))
      return
    }
    let entity = EntityID(number(4))
    var definition = entities[entity.index]
    let types: [ValueType] = [
      .text, .money, .flag, .choice(ChoiceList(["x", "y's"])), .reference(EntityID(number(4))),
    ]
    definition.fields.append(
      number(4) == 0
        ? Field("c\(definition.fields.count)", .money, expression: "1")
        : Field("f\(definition.fields.count)", types[number(types.count)]))
    try database.define(entity, as: definition)
  }
}
