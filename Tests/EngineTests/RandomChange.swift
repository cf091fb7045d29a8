import Store

/// A random statement that changes records, and what it does to the model.
struct RandomChange {
  let text: String
  /// Gives how many records change, nil where the statement is refused and the model left alone.
  let apply: (inout ChangeModel) -> Int?

  init(_ text: String, _ apply: @escaping (inout ChangeModel) -> Int?) {
    self.text = text
    self.apply = apply
  }

  /// A condition on things, with its meaning.
  struct Condition {
    let text: String
    let passes: (Scalar, ChangeModel.Record) -> Bool
  }

  static let words = ["ash", "birch", "cedar", "dogwood"]

  /// Draws a statement that may well fit the model as it is.
  static func draw(_ model: ChangeModel, today: Int, _ random: inout SplitMix64) -> RandomChange {
    let isFew = (model.tables["things"]?.count ?? 0) < 6
    switch isFew ? random.next(below: 5) : random.next(below: 20) {
    case 0...3: return addThing(model, today, &random)
    case 4: return addOwner(model, &random)
    case 5, 6: return addPart(model, &random)
    case 7...10: return update(model, &random)
    case 11...14: return move(model, today, &random)
    case 15, 16: return delete(model, &random)
    case 17: return deleteOne(model, &random)
    case 18: return mergeThings(model, &random)
    default: return mergeOwners(model, &random)
    }
  }

  // MARK: what statements are made of

  private static func pick(_ bound: Int, _ random: inout SplitMix64) -> Int {
    Int(random.next(below: UInt64(bound)))
  }

  private static func key(
    _ model: ChangeModel, _ entity: String, _ random: inout SplitMix64
  ) -> Scalar {
    let keys = model.keys(entity) { _, _ in true }
    if keys.isEmpty || pick(12, &random) == 0 {
      return entity == "owners" ? .text("K99") : .word(999)
    }
    return keys[pick(keys.count, &random)]
  }

  static func literal(_ key: Scalar) -> String {
    switch key {
    case .text(let text): "\"\(text)\""
    case .word(let word): "\(word)"
    case .real, .unknown: "unknown"
    }
  }

  static func condition(_ random: inout SplitMix64) -> Condition {
    let number = Int64(pick(40, &random))
    let state = pick(ChangeModel.states.count, &random)
    let word = words[pick(words.count, &random)]
    func whole(_ value: Scalar?) -> Int64? {
      if case .word(let word)? = value { return word }
      return nil
    }
    switch pick(8, &random) {
    case 0: return Condition(text: "i > \(number)") { (whole($1["i"]) ?? -1) > number }
    case 1:
      return Condition(text: "c = \(ChangeModel.states[state])") { $1["c"] == .word(Int64(state)) }
    case 2: return Condition(text: "m <= \(number)") { (whole($1["m"]) ?? .max) <= number * 100 }
    case 3: return Condition(text: "f") { $1["f"] == .word(1) }
    case 4:
      return Condition(text: "s is unknown and id > \(number / 2)") { key, record in
        record["s"] == nil && (whole(key) ?? 0) > number / 2
      }
    case 5: return Condition(text: "t = \"\(word)\"") { $1["t"] == .text(word) }
    case 6: return Condition(text: "not c >= stuck") { (whole($1["c"]) ?? -1) < 2 }
    default: return Condition(text: "id = \(number)") { key, _ in key == .word(number) }
    }
  }

  // MARK: the statements

  private static func addThing(
    _ model: ChangeModel, _ today: Int, _ random: inout SplitMix64
  ) -> RandomChange {
    var parts: [String] = []
    var record: ChangeModel.Record = [:]
    func give(_ field: String, _ text: String, _ value: Scalar) {
      parts.append("\(field) = \(text)")
      record[field] = value
    }
    let word = words[pick(words.count, &random)]
    give("t", "'\(word)'", .text(word))
    if pick(3, &random) > 0 {
      let cents = pick(9_000, &random)
      give("m", "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)", .word(Int64(cents)))
    }
    let integer = pick(56, &random)
    if pick(2, &random) == 0 { give("i", "\(integer)", .word(Int64(integer))) }
    if pick(2, &random) == 0 { give("f", "yes", .word(1)) }
    let (other, owner) = (key(model, "things", &random), key(model, "owners", &random))
    if pick(2, &random) == 0 { give("s", literal(other), other) }
    if pick(2, &random) == 0 { give("r", literal(owner), owner) }
    let state = pick(6, &random)
    if state < 4 { parts.append("c = \(ChangeModel.states[state])") }
    let daysAgo = [0, 2, 3][pick(3, &random)]
    let isDated = state < 4 && daysAgo > 0
    if isDated { parts.append("c_since = \(daysAgo) days ago") }
    // Mostly above all there are, so that rows stay in the order of their keys.
    var own: Int64?
    if pick(8, &random) == 0 {
      own = (model.nextKeys["things"] ?? 1) + Int64(pick(5, &random)) - 1
    }
    if let own { parts.append("id = \(own)") }
    let (values, given) = (record, own)
    return RandomChange("add thing " + parts.joined(separator: ", ")) { model in
      if case .word(let i)? = values["i"], i > 50 { return nil }
      for (field, target) in [("s", "things"), ("r", "owners")] {
        if let key = values[field], model.tables[target]?[key] == nil { return nil }
      }
      if let given, model.tables["things"]?[.word(given)] != nil { return nil }
      let key = given.map { .word($0) } ?? model.newKey("things")
      model.insert("things", key, values)
      if state < 4 { model.recordMove(key, to: state, on: isDated ? today - daysAgo : today) }
      return 1
    }
  }

  private static func addOwner(
    _ model: ChangeModel, _ random: inout SplitMix64
  ) -> RandomChange {
    let code = Scalar.text("K\(pick(14, &random))")
    let boss = key(model, "owners", &random)
    return RandomChange("add owner code = \(literal(code)), n = 2.5, boss = \(literal(boss))") {
      guard $0.tables["owners"]?[code] == nil, $0.tables["owners"]?[boss] != nil else {
        return nil
      }
      $0.insert("owners", code, ["n": .real(2.5), "boss": boss])
      return 1
    }
  }

  private static func addPart(
    _ model: ChangeModel, _ random: inout SplitMix64
  ) -> RandomChange {
    let (one, other) = (key(model, "things", &random), key(model, "things", &random))
    return RandomChange("add part thing = \(literal(one)), second = \(literal(other)), q = 3") {
      guard $0.tables["things"]?[one] != nil, $0.tables["things"]?[other] != nil else {
        return nil
      }
      $0.insert("parts", $0.newKey("parts"), ["thing": one, "second": other, "q": .word(3)])
      return 1
    }
  }

  private static func update(
    _ model: ChangeModel, _ random: inout SplitMix64
  ) -> RandomChange {
    let condition = condition(&random)
    let (other, owner) = (key(model, "things", &random), key(model, "owners", &random))
    func word(_ value: Scalar?) -> Int64? {
      if case .word(let word)? = value { return word }
      return nil
    }
    typealias Change = (field: String, value: (ChangeModel.Record) -> Scalar)
    let choices: [(String, [Change], isFound: (ChangeModel) -> Bool)] = [
      (
        "m = m * 1.5", [("m", { word($0["m"]).map { .word(($0 * 3 + 1) / 2) } ?? .unknown })],
        { _ in true }
      ),
      ("i = i + 7", [("i", { word($0["i"]).map { .word($0 + 7) } ?? .unknown })], { _ in true }),
      (
        "t = t + 'x', i = unknown",
        [
          (
            "t",
            { record in
              if case .text(let text)? = record["t"] { return .text(text + "x") }
              return .unknown
            }
          ), ("i", { _ in .unknown }),
        ], { _ in true }
      ),
      (
        "s = \(literal(other))", [("s", { _ in other })],
        { $0.tables["things"]?[other] != nil }
      ),
      (
        "r = \(literal(owner)), f = (m > 20)",
        [("r", { _ in owner }), ("f", { .word((word($0["m"]) ?? 0) > 2_000 ? 1 : 0) })],
        { $0.tables["owners"]?[owner] != nil }
      ),
      (
        "m = i, i = 5",
        [
          ("m", { word($0["i"]).map { .word($0 * 100) } ?? .unknown }),
          ("i", { _ in .word(5) }),
        ], { _ in true }
      ),
    ]
    let (text, changes, isFound) = choices[pick(choices.count, &random)]
    return RandomChange("update things where \(condition.text) set \(text)") { model in
      let keys = model.keys("things", where: condition.passes)
      guard isFound(model) else { return nil }
      var next = model
      for key in keys {
        let record = model.tables["things"]?[key] ?? [:]
        for (field, value) in changes {
          let value = value(record)
          if field == "i", case .word(let i) = value, !(0...50).contains(i) { return nil }
          next.set("things", key, field, value)
        }
      }
      model = next
      return keys.count
    }
  }

  private static func move(
    _ model: ChangeModel, _ today: Int, _ random: inout SplitMix64
  ) -> RandomChange {
    let condition = condition(&random)
    let state = pick(ChangeModel.states.count, &random)
    let isAnyway = pick(3, &random) == 0
    let text =
      "move things where \(condition.text) to \(ChangeModel.states[state]) because 'so'"
      + (isAnyway ? " anyway" : "")
    return RandomChange(text) { model in
      var next = model
      var count = 0
      for key in model.keys("things", where: condition.passes) {
        let before = model.value("things", key, "c")
        if before == .word(Int64(state)) { continue }
        if case .word(let code) = before, !isAnyway,
          ChangeModel.usualMoves[UInt8(code)]?.contains(UInt8(state)) != true
        {
          return nil
        }
        next.recordMove(key, to: state, on: today, because: "so")
        count += 1
      }
      model = next
      return count
    }
  }

  private static func delete(
    _ model: ChangeModel, _ random: inout SplitMix64
  ) -> RandomChange {
    let condition = condition(&random)
    let isWithRelated = pick(3, &random) == 0
    let text = "delete things where \(condition.text)" + (isWithRelated ? " with related" : "")
    return RandomChange(text) { model in
      remove("things", model.keys("things", where: condition.passes), isWithRelated, &model)
    }
  }

  private static func deleteOne(
    _ model: ChangeModel, _ random: inout SplitMix64
  ) -> RandomChange {
    let entity = ["owners", "parts", "things"][pick(3, &random)]
    let key = key(model, entity, &random)
    let isWithRelated = pick(4, &random) == 0
    let text =
      "delete \(entity.dropLast()) \(literal(key))" + (isWithRelated ? " with related" : "")
    return RandomChange(text) { model in
      guard model.tables[entity]?[key] != nil else { return nil }
      return remove(entity, [key], isWithRelated, &model)
    }
  }

  private static func remove(
    _ entity: String, _ keys: [Scalar], _ isWithRelated: Bool, _ model: inout ChangeModel
  ) -> Int? {
    let doomed = model.doomed(entity, keys, isWithRelated: isWithRelated)
    if model.isReferred(doomed) { return nil }
    model.remove(doomed)
    return keys.count
  }

  private static func mergeThings(
    _ model: ChangeModel, _ random: inout SplitMix64
  ) -> RandomChange {
    merge("things", key(model, "things", &random), key(model, "things", &random))
  }

  private static func mergeOwners(
    _ model: ChangeModel, _ random: inout SplitMix64
  ) -> RandomChange {
    merge("owners", key(model, "owners", &random), key(model, "owners", &random))
  }

  private static func merge(_ entity: String, _ from: Scalar, _ into: Scalar) -> RandomChange {
    RandomChange("merge \(entity.dropLast()) \(literal(from)) into \(literal(into))") { model in
      guard from != into, model.tables[entity]?[from] != nil, model.tables[entity]?[into] != nil
      else { return nil }
      model.merge(entity, from, into: into)
      return 1
    }
  }
}
