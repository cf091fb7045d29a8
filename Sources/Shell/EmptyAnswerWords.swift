import Engine
import Store

/// The words for why an answer has no rows.
enum EmptyAnswerWords {
  /// The lines: what each step left, what is nearest, and what could be left out.
  static func lines(for answer: EmptyAnswer, isUnicode: Bool) -> [String] {
    var lines = [funnel(answer.steps, arrow: isUnicode ? "→" : "->")]
    if let nearest = answer.nearest { lines.append(words(for: nearest)) }
    if !answer.without.isEmpty {
      lines.append(
        answer.without.map {
          "without '\(VisibleText.of($0.text))': \(ValueText.grouped($0.rowCount))"
        }.joined(separator: ", "))
    }
    return lines
  }

  /// `2,000 customers → 58 where stage = intensive_care → 0 where value > 1m`
  private static func funnel(_ steps: [EmptyAnswer.Step], arrow: String) -> String {
    steps.map { "\(ValueText.grouped($0.rowCount)) \(VisibleText.of($0.text))" }
      .joined(separator: " \(arrow) ")
  }

  private static func words(for nearest: EmptyAnswer.Nearest) -> String {
    switch nearest {
    case .values(let text, let type, let below, let above):
      return beside("'\(VisibleText.of(text))'", type, below, above)
    case .days(let singular, let before, let after): return days(singular, before, after)
    case .commonest(let text, let type, let values, let otherCount):
      let named = values.map { "\(quoted($0.value, type)) \(ValueText.grouped($0.rowCount))" }
      let others = otherCount == 0 ? [] : ["others \(ValueText.grouped(otherCount))"]
      return "the '\(VisibleText.of(text))' there: \((named + others).joined(separator: ", "))"
    case .unknown(let text): return "the '\(VisibleText.of(text))' there is unknown"
    case .most(let singular, let plural, let count):
      return "none there has more than \(counted(count, singular, plural))"
    case .fewest(let singular, let plural, let count):
      return "each there has at least \(counted(count, singular, plural))"
    case .latestRelated(let singular, let day):
      return "the latest \(VisibleText.of(singular)) of them is of \(ValueText.date(day))"
    case .noneRelated(let plural): return "none there has any \(VisibleText.of(plural))"
    }
  }

  /// So many related records that count.
  private static func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
    "\(ValueText.grouped(count)) such \(VisibleText.of(count == 1 ? singular : plural))"
  }

  private static func beside(
    _ text: String, _ type: ValueType, _ below: Scalar, _ above: Scalar
  ) -> String {
    let isMoment = type == .date || type == .time
    switch (value(below, type), value(above, type)) {
    case (let below?, let above?): return "the nearest \(text) there are \(below) and \(above)"
    case (let below?, nil):
      return "the \(isMoment ? "latest" : "highest") \(text) there is \(below)"
    case (nil, let above?):
      return "the \(isMoment ? "earliest" : "lowest") \(text) there is \(above)"
    case (nil, nil): return "the \(text) there is unknown"
    }
  }

  private static func days(_ singular: String, _ before: Int?, _ after: Int?) -> String {
    let record = VisibleText.of(singular)
    switch (before.map(ValueText.date), after.map(ValueText.date)) {
    case (let before?, let after?):
      return "the \(record) next before it is of \(before), the one after it of \(after)"
    case (let before?, nil): return "the latest \(record) is of \(before)"
    case (nil, let after?): return "the earliest \(record) is of \(after)"
    case (nil, nil): return "no \(record) has a known day"
    }
  }

  private static func quoted(_ scalar: Scalar, _ type: ValueType) -> String {
    let text = value(scalar, type) ?? ValueText.unknown
    return type == .text ? "'\(text)'" : text
  }

  private static func value(_ scalar: Scalar, _ type: ValueType) -> String? {
    ValueText.of(scalar, in: OutputColumn(name: "", type: type))
  }
}
