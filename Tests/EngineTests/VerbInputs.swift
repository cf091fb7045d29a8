import Store

@testable import Engine

/// Handmade and random inputs of analytic verbs.
enum VerbInputs {
  /// The day of a date such as `2024-02-29`.
  static func day(_ text: some StringProtocol) -> Int {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return Day.number(year: parts[0], month: parts[1], day: parts[2])
  }

  /// The date of a day.
  static func date(_ day: Int) -> String {
    let date = Day.date(day)
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(date.year)-\(padded(date.month))-\(padded(date.day))"
  }

  /// Events of subjects, each a day and its values; of a day they stay in their order.
  static func events(_ subjects: [[(day: Int, values: [Int64])]], valueCount: Int) -> SubjectEvents
  {
    var events = SubjectEvents(valueCount: valueCount)
    for subject in subjects {
      let order = subject.indices.sorted { (subject[$0].day, $0) < (subject[$1].day, $1) }
      for event in order.map({ subject[$0] }) {
        events.days.append(Int32(event.day))
        for index in 0..<valueCount { events.values[index].append(event.values[index]) }
      }
      events.starts.append(Int32(events.days.count))
    }
    return events
  }

  /// What a verb is given.
  static func input(_ events: [SubjectEvents], values: [Vector] = [], asOf: Int) -> AnalysisInput {
    let budget = Budget(limit: 1 << 28)
    return AnalysisInput(
      count: events[0].count, events: EventReader(events), values: values, asOf: asOf,
      plural: "customers",
      budget: budget, database: Database(catalog: .builtIn, budget: budget))
  }

  /// The rows of a result as texts, values apart by blanks, `–` for unknown.
  static func rows(_ result: AnalysisResult, _ columns: [AnalysisColumn]) -> [String] {
    (0..<(result.columns.first?.count ?? 0)).map { row in
      zip(result.columns, columns).map { vector, column in
        text(vector[row], column.type)
      }.joined(separator: " ")
    }
  }

  private static func text(_ value: Scalar, _ type: ValueType) -> String {
    switch (value, type) {
    case (.unknown, _): "–"
    case (.word(let day), .date): date(Int(day))
    case (.word(let code), .choice(let list)): list.names[Int(code)]
    case (.word(let word), _): "\(word)"
    case (.real(let real), _): "\((real * 1_000).rounded() / 1_000)"
    case (.text(let text), _): text
    }
  }
}

extension SplitMix64 {
  /// A number from 0.
  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
}
