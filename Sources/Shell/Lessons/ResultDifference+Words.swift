import Engine

/// How `.check` tells a difference. It says what to look at, not what to type.
extension ResultDifference {
  /// A sentence or two.
  var words: String {
    switch self {
    case .shape(let wanted, let found):
      return "The answer asked for has \(Self.words(for: wanted)); yours has "
        + Self.words(for: found) + "."
    case .rows(let wantedCount, let foundCount, let missing, let extra, let noun):
      return Self.words(
        wantedCount: wantedCount, foundCount: foundCount, missing: missing, extra: extra,
        noun: noun)
    case .missingColumn(let name):
      return "The rows are right; a column is missing, or its values are other ones: the solution "
        + "calls it '\(name)'."
    case .value(let column, let row?, let wanted, let found):
      return "The rows are right; a value is not: for \(row), '\(column)' is \(found) "
        + "and should be \(wanted)."
    case .value(let column, nil, let wanted, let found):
      return "A value is not right: '\(column)' is \(found) and should be \(wanted)."
    case .name(let wanted, let found):
      return "The values are right; the column '\(found)' should be called '\(wanted)'."
    case .order(let row, let wanted, let found):
      return "The rows are right, their order is not: row \(row) is \(found) and should be "
        + "\(wanted)."
    }
  }

  /// What each row of an answer stands for.
  private static func words(for shape: AnswerShape) -> String {
    switch shape {
    case .records(let singular, _): "a row for each \(singular)"
    case .groups(let keys):
      "a row for each \(keys.joined(separator: " and "))"
    case .whole: "one row, about everything"
    case .rows: "rows of its own kind, as a verb or a report gives them"
    }
  }

  private static func words(
    wantedCount: Int, foundCount: Int, missing: [String], extra: [String], noun: ResultNoun
  ) -> String {
    var sentences = ["\(counted(foundCount, noun)) found, \(counted(wantedCount, noun)) asked for."]
    if foundCount == 0 { return sentences[0] + " A condition keeps everything out." }
    if !extra.isEmpty { sentences.append(listed(extra, "too many")) }
    if !missing.isEmpty { sentences.append(listed(missing, "missing")) }
    if missing.isEmpty, !extra.isEmpty {
      sentences.append("None is missing: a condition is wanted that keeps these out.")
    } else if extra.isEmpty, !missing.isEmpty {
      sentences.append("All the others are right: a condition keeps too many out.")
    }
    return sentences.joined(separator: " ")
  }

  /// `1,206 are too many, such as 3 Anna; 7 Nils.`
  private static func listed(_ rows: [String], _ what: String) -> String {
    let count = ValueText.grouped(rows.count)
    let verb = rows.count == 1 ? "is" : "are"
    let named = rows.prefix(3).filter { !$0.isEmpty }
    if named.isEmpty { return "\(count) \(verb) \(what)." }
    let list = named.joined(separator: "; ")
    let end = list.hasSuffix(".") ? "" : "."
    let link = named.count == rows.count ? ": " : ", such as "
    return "\(count) \(verb) \(what)" + link + list + end
  }

  /// `58 customers`, `1 customer`, `no rows`
  private static func counted(_ count: Int, _ noun: ResultNoun) -> String {
    switch count {
    case 0: "no \(noun.many)"
    case 1: "1 \(noun.one)"
    default: "\(ValueText.grouped(count)) \(noun.many)"
    }
  }
}
