import Store

/// What a fact of a profile is about, in the order in which topics are shown.
package enum ProfileTopic: String, CaseIterable, Hashable, Sendable {
  case who, stage, rung, value, orders, forecast, risk, people, complaints, moments, standards
  case actions
}

/// One row of a profile: typed facts, no words for eyes.
///
/// What item, date, figure and text are in each topic; a figure that is money stands as the amount:
///
/// - `who`: `as_of` is the day; `key`, `name` and the record's other fields have their values.
/// - `stage`: an item is a value of the tracked choice, the date when it came, the figure the days it
///   lasted, the text why; the last is the present one.
/// - `rung`: the item is the rung.
/// - `value`: `share` is of all positive value, `place` and `of` where the record stands among all;
///   the others are fields.
/// - `orders`: `count`, `first`, `last` with its amount, `revenue`, `last_12_months`,
///   `mean_gap` in days.
/// - `forecast`: the columns of the verb; `refused` has the reason.
/// - `risk`: each signal that can be judged with its figure, the text is `signal` or `usual`; `score`
///   counts them, its text is `no signal` where nothing can be judged.
/// - `people`: a reference or a relation; the figure is a key, the text a name. Without a text the
///   figure is how many there are.
/// - `complaints`: `open` and `resolved` are counts; an item with a date is an open one, by severity.
/// - `moments`: without a date how many there were, with one the last of them.
/// - `standards`: the date is when it is due, the figure the record's own measure.
/// - `actions`: the figure is the priority.
struct ProfileFact {
  var topic: ProfileTopic
  var item: String
  var date: Int?
  var figure: Double?
  /// In minor units.
  var amount: Int64?
  var text: String?

  init(
    _ topic: ProfileTopic, _ item: String, date: Int? = nil, figure: Double? = nil,
    amount: Int64? = nil, text: String? = nil
  ) {
    self.topic = topic
    self.item = item
    self.date = date
    self.figure = figure
    self.amount = amount
    self.text = text
  }

  /// A count.
  init(_ topic: ProfileTopic, _ item: String, count: Int) {
    self.init(topic, item, figure: Double(count))
  }

  /// The rows of facts.
  static func rows(_ facts: [ProfileFact]) -> FixedRows {
    var rows = FixedRows([
      ("topic", .text), ("item", .text), ("date", .date), ("figure", .number),
      ("amount", .money), ("text", .text),
    ])
    for fact in facts {
      rows.append([
        .text(fact.topic.rawValue), .text(fact.item),
        fact.date.map { Scalar($0) } ?? .unknown, fact.figure.map(Scalar.real) ?? .unknown,
        fact.amount.map(Scalar.word) ?? .unknown, Scalar(fact.text),
      ])
    }
    return rows
  }
}

/// The answer to a question that a profile asks, cell by cell.
struct ProfileRows {
  let columns: [OutputColumn]
  let rows: OutputBatch

  /// How many rows there are.
  var count: Int { rows.count }

  /// The value of a cell.
  subscript(row: Int, column: Int) -> Scalar { rows.vectors[column][row] }

  /// A text, the name of a choice, or yes and no; nil for other types.
  func text(_ row: Int, _ column: Int) -> String? {
    switch (self[row, column], columns[column].type) {
    case (.text(let text), .text): text
    case (.word(let code), .choice(let list)): list.names[Int(code)]
    case (.word(let flag), .flag): flag == 0 ? "no" : "yes"
    default: nil
    }
  }

  /// A date, or the day of a time.
  func day(_ row: Int, _ column: Int) -> Int? {
    switch (self[row, column], columns[column].type) {
    case (.word(let day), .date): Int(day)
    case (.word(let second), .time): Int((Double(second) / 86_400).rounded(.down))
    default: nil
    }
  }

  /// A number that is no money.
  func figure(_ row: Int, _ column: Int) -> Double? {
    switch columns[column].type {
    case .number, .integer:
      if case .real(let real) = self[row, column].number(of: columns[column].type) {
        real
      } else {
        nil
      }
    default: nil
    }
  }

  /// Money in minor units.
  func amount(_ row: Int, _ column: Int) -> Int64? {
    if case .word(let minor) = self[row, column], columns[column].type == .money {
      minor
    } else {
      nil
    }
  }

  /// How many a count in the first row gives.
  func count(_ column: Int) -> Int {
    if count > 0, case .word(let count) = self[0, column] { Int(count) } else { 0 }
  }

  /// The key of a reference and the name beside it, as a fact has them.
  func person(_ row: Int, _ column: Int) -> (key: Double?, name: String)? {
    let label = rows.labels[column].map { $0[row] } ?? .unknown
    var name: String?
    if case .text(let text) = label { name = text }
    switch self[row, column] {
    case .word(let key): return (Double(key), name ?? "")
    case .text(let key): return (nil, name.map { "\(key) \($0)" } ?? key)
    default: return nil
    }
  }
}
