import Store
import Syntax

/// What the scores of `rfm` are called: the records of `rfm_groups`, of which the first whose
/// condition holds for a cell names it. Conditions are over r, f and m from 1 to 5 and fm, the mean of
/// f and m; other numbers of bins are brought to that scale by `ceil(5 × score ÷ bins)`.
struct RFMGroups: Sendable {
  /// The name of those who have not bought.
  static let prospect = "prospect"
  /// The scale of the conditions.
  static let scale = 5

  /// The names, first match first, then `prospect`, each once.
  let choice: ChoiceList
  /// For each group its condition over the columns r, f, m and fm, and its code; a condition that
  /// cannot be bound never holds.
  private let conditions: [(condition: BoundExpression?, code: UInt8)]

  /// The columns that conditions are over.
  static let columns: [(name: String, type: ValueType)] = [
    ("r", .integer), ("f", .integer), ("m", .integer), ("fm", .number),
  ]

  /// Binds the rules' conditions.
  init(_ rules: HouseRules, bindingWith binder: Binder) {
    var names: [String] = []
    var conditions: [(BoundExpression?, UInt8)] = []
    for group in rules.groups.prefix(ChoiceList.nameCountMax - 1) {
      let code = names.firstIndex(of: group.name) ?? names.count
      if code == names.count { names.append(group.name) }
      conditions.append((try? binder.bindScoreCondition(group.condition), UInt8(code)))
    }
    if !names.contains(Self.prospect) { names.append(Self.prospect) }
    choice = ChoiceList(names)
    self.conditions = conditions
  }

  /// The conditions that can hold, in the order they are tried, each with the name it gives.
  var named: [(condition: BoundExpression, name: String)] {
    conditions.compactMap { condition, code in
      condition.map { ($0, choice.names[Int(code)]) }
    }
  }

  /// The code of those who have not bought.
  var prospectCode: UInt8 {
    UInt8(choice.names.firstIndex(of: Self.prospect) ?? choice.names.count - 1)
  }

  /// Where a cell's code stands in `codes`.
  func place(r: UInt8, f: UInt8, m: UInt8, binCount: Int) -> Int {
    ((Int(r) - 1) * binCount + Int(f) - 1) * binCount + Int(m) - 1
  }

  /// The code of each cell, by `place`; that of a cell no condition holds for is the prospects'.
  func codes(binCount: Int, _ database: Database) throws(StoreError) -> [UInt8] {
    let cellCount = binCount * binCount * binCount
    var scores = [[Int64]](repeating: [], count: 3)
    for cell in 0..<cellCount {
      let (r, f, m) = (cell / (binCount * binCount), cell / binCount % binCount, cell % binCount)
      for (place, score) in [r, f, m].enumerated() {
        scores[place].append(Int64((Self.scale * (score + 1) + binCount - 1) / binCount))
      }
    }
    return try codes(of: scores, database).map { $0 ?? prospectCode }
  }

  /// The cells of the conditions' own scale that no condition holds for, as r, f and m.
  func uncovered(_ database: Database) throws(StoreError) -> [[Int]] {
    let range = 1...Int64(Self.scale)
    var scores = [[Int64]](repeating: [], count: 3)
    for r in range {
      for f in range {
        for m in range {
          scores[0].append(r)
          scores[1].append(f)
          scores[2].append(m)
        }
      }
    }
    let codes = try codes(of: scores, database)
    return codes.indices.filter { codes[$0] == nil }.map { cell in scores.map { Int($0[cell]) } }
  }

  private func codes(
    of scores: [[Int64]], _ database: Database
  ) throws(StoreError) -> [UInt8?] {
    let count = scores[0].count
    let means = zip(scores[1], scores[2]).map { Double($0 + $1) / 2 }
    let relation = Relation()
    try relation.fill(
      scores.map { Vector(words: $0) } + [Vector(reals: means)], types: Self.columns.map(\.type),
      budget: database.budget)
    let evaluator = Evaluator(
      Execution(
        database: database, query: BoundQuery(entity: EntityID(0)), today: 0, scalars: []),
      over: relation)
    var codes = [UInt8?](repeating: nil, count: count)
    var start = 0
    while start < count {
      let rows = Rows.run(base: start, count: min(Limits.batchRowCount, count - start))
      for case (let condition?, let code) in conditions.reversed() {
        var mask = Mask(count: rows.count)
        try evaluator.keep(condition, rows, in: &mask)
        for offset in mask.offsets { codes[start + Int(offset)] = code }
      }
      start += rows.count
    }
    return codes
  }
}

extension Binder {
  /// A condition over the scores of a cell, and over nothing else.
  ///
  /// - Throws: What is wrong with it; ranges count in the condition.
  func bindScoreCondition(_ text: String) throws(Failure) -> BoundExpression {
    guard let expression = try Self.expression(text) else {
      throw Failure(HouseRulesReason.notOneExpression, at: nil)
    }
    // Of an entity that no text can name.
    let cells = Entity(name: "", singular: "", fields: [Field("", .integer)])
    var binder = Binder(catalog: Catalog([cells]), today: today)
    binder.scope = Scope(.columns)
    // As in a computed field, nothing may depend on all rows.
    binder.openNames = [
      OpenName(subject: .field(EntityID(0), FieldID(0)), name: "condition", range: nil)
    ]
    for (place, column) in RFMGroups.columns.enumerated() {
      let path = FieldPath(field: FieldID(place), type: column.type, text: column.name)
      binder.scope.columns.append(
        Scope.Binding(name: column.name, expression: .field(path), nodeCount: 1))
    }
    let bound = binder.bindCondition(expression, place: "where")
    try binder.finish()
    guard let bound else { throw Failure(HouseRulesReason.notOneExpression, at: nil) }
    return bound
  }
}
