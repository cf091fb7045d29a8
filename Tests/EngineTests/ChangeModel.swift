import Store

/// The records of a store as plain dictionaries by key, with references as keys, and what each
/// statement that changes records does to them: slow and plain, to compare with.
struct ChangeModel: Equatable {
  typealias Record = [String: Scalar]

  /// Entity, then key, then field.
  var tables: [String: [Scalar: Record]] = [
    "things": [:], "owners": [:], "parts": [:], "moves": [:],
  ]
  /// The next number, which nothing takes back.
  var nextKeys: [String: Int64] = ["things": 1, "parts": 1, "moves": 1]

  static let references: [(entity: String, field: String, target: String)] = [
    ("things", "s", "things"), ("things", "r", "owners"), ("owners", "boss", "owners"),
    ("parts", "thing", "things"), ("parts", "second", "things"), ("moves", "thing", "things"),
  ]
  static let states = ["new", "open", "stuck", "done"]
  static let usualMoves: [UInt8: Set<UInt8>] = [0: [1], 1: [2, 3], 2: [1], 3: []]

  static var catalog: Catalog {
    let (things, owners) = (EntityID(0), EntityID(1))
    let list = ChoiceList(states, isOrdered: true)
    return Catalog([
      Entity(
        name: "things", singular: "thing",
        fields: [
          Field("id", .integer), Field("t", .text),
          Field("c", .choice(list), trackedBy: "moves", usualMoves: usualMoves),
          Field("c_since", .date), Field("m", .money),
          Field("i", .integer, bounds: 0...50), Field("f", .flag),
          Field("s", .reference(things), inverse: "followers"),
          Field("r", .reference(owners), inverse: "things"),
        ]),
      Entity(
        name: "owners", singular: "owner",
        fields: [
          Field("code", .text), Field("t", .text), Field("n", .number),
          Field("boss", .reference(owners), inverse: "team"),
        ]),
      Entity(
        name: "parts", singular: "part",
        fields: [
          Field("id", .integer), Field("thing", .reference(things), inverse: "parts"),
          Field("second", .reference(things), inverse: "seconds"), Field("q", .integer),
        ]),
      Entity(
        name: "moves", singular: "moving",
        fields: [
          Field("id", .integer), Field("thing", .reference(things), inverse: "moves"),
          Field("from", .choice(list)), Field("to", .choice(list)), Field("at", .date),
          Field("because", .text),
        ], timeField: FieldID(4)),
    ])
  }

  /// The same records, whatever the next numbers.
  static func == (a: ChangeModel, b: ChangeModel) -> Bool { a.tables == b.tables }

  // MARK: reading

  func value(_ entity: String, _ key: Scalar, _ field: String) -> Scalar {
    tables[entity]?[key]?[field] ?? .unknown
  }

  /// The keys of records that pass, in order.
  func keys(_ entity: String, where passes: (Scalar, Record) -> Bool) -> [Scalar] {
    (tables[entity] ?? [:]).filter { passes($0.key, $0.value) }.map(\.key).sorted(by: Self.isLess)
  }

  static func isLess(_ a: Scalar, _ b: Scalar) -> Bool {
    switch (a, b) {
    case (.word(let x), .word(let y)): x < y
    case (.text(let x), .text(let y)): x.utf8.lexicographicallyPrecedes(y.utf8)
    default: false
    }
  }

  // MARK: changing

  /// A number for a record that has no key of its own.
  mutating func newKey(_ entity: String) -> Scalar {
    let key = nextKeys[entity] ?? 1
    nextKeys[entity] = key + 1
    return .word(key)
  }

  mutating func set(_ entity: String, _ key: Scalar, _ field: String, _ value: Scalar) {
    tables[entity]?[key]?[field] = value.isKnown ? value : nil
  }

  mutating func insert(_ entity: String, _ key: Scalar, _ record: Record) {
    tables[entity]?[key] = record.filter { $0.value.isKnown }
    if case .word(let word) = key {
      nextKeys[entity] = max(nextKeys[entity] ?? 1, word + 1)
    }
  }

  /// Records a change of state.
  mutating func recordMove(_ thing: Scalar, to state: Int, on day: Int, because: String? = nil) {
    let key = newKey("moves")
    insert(
      "moves", key,
      [
        "thing": thing, "from": value("things", thing, "c"), "to": .word(Int64(state)),
        "at": .word(Int64(day)), "because": because.map { .text($0) } ?? .unknown,
      ])
    set("things", thing, "c", .word(Int64(state)))
    set("things", thing, "c_since", .word(Int64(day)))
  }

  /// Those that go when these go: their histories, and with `isWithRelated` all that refers to them.
  func doomed(_ entity: String, _ keys: [Scalar], isWithRelated: Bool) -> [String: Set<Scalar>] {
    var doomed: [String: Set<Scalar>] = [entity: Set(keys)]
    var open = keys.map { (entity, $0) }
    while let (target, key) = open.popLast() {
      for reference in Self.references where reference.target == target {
        guard isWithRelated || reference.entity == "moves" else { continue }
        for (other, record) in tables[reference.entity] ?? [:]
        where record[reference.field] == key
          && doomed[reference.entity, default: []].insert(other).inserted
        {
          open.append((reference.entity, other))
        }
      }
    }
    return doomed
  }

  /// Whether records that stay refer to some of these.
  func isReferred(_ doomed: [String: Set<Scalar>]) -> Bool {
    Self.references.contains { reference in
      (tables[reference.entity] ?? [:]).contains { key, record in
        guard let target = record[reference.field] else { return false }
        return doomed[reference.target]?.contains(target) == true
          && doomed[reference.entity]?.contains(key) != true
      }
    }
  }

  mutating func remove(_ doomed: [String: Set<Scalar>]) {
    for (entity, keys) in doomed {
      for key in keys { tables[entity]?[key] = nil }
    }
  }

  mutating func merge(_ entity: String, _ from: Scalar, into: Scalar) {
    let isTracked = entity == "things"
    let keepsHistory = isTracked && value(entity, into, "c").isKnown
    if isTracked {
      // One of the two histories goes.
      let loser = keepsHistory ? from : into
      for key in keys("moves", where: { $1["thing"] == loser }) { tables["moves"]?[key] = nil }
    }
    for reference in Self.references where reference.target == entity {
      for (key, record) in tables[reference.entity] ?? [:]
      where record[reference.field] == from {
        let isSelf = reference.entity == entity && key == into
        set(reference.entity, key, reference.field, isSelf ? .unknown : into)
      }
    }
    for (field, theirs) in tables[entity]?[from] ?? [:] {
      if keepsHistory, field == "c" || field == "c_since" { continue }
      if value(entity, into, field).isKnown { continue }
      let isOwn = Self.references.contains {
        $0.entity == entity && $0.field == field && $0.target == entity
      }
      if isOwn, theirs == from || theirs == into { continue }
      set(entity, into, field, theirs)
    }
    tables[entity]?[from] = nil
  }

  // MARK: what always holds

  /// What is wrong with the records in themselves, nil when nothing is.
  var fault: String? {
    for reference in Self.references {
      for (key, record) in tables[reference.entity] ?? [:] {
        guard let target = record[reference.field] else { continue }
        if tables[reference.target]?[target] == nil {
          return "\(reference.entity) \(key) refers to \(target), which is not there"
        }
      }
    }
    for (thing, record) in tables["things"] ?? [:] {
      let changes = keys("moves") { $1["thing"] == thing }
        .map { (key: $0, move: tables["moves"]?[$0] ?? [:]) }
        .sorted { a, b in
          let (x, y) = (a.move["at"] ?? .unknown, b.move["at"] ?? .unknown)
          return x == y ? Self.isLess(a.key, b.key) : Self.isLess(x, y)
        }
      var last: Scalar?
      for change in changes {
        if change.move["from"] != last { return "the history of thing \(thing) is broken" }
        last = change.move["to"]
      }
      if last != record["c"] { return "the history of thing \(thing) ends elsewhere" }
      if changes.last?.move["at"] != record["c_since"] { return "thing \(thing): another date" }
    }
    return nil
  }
}
