import Store
import Syntax

@testable import Engine

/// A bound query as a few short words, for tables of expectations.
struct BinderDump {
  static let today = Day.number(year: 2026, month: 6, day: 30)

  var catalog = Catalog.builtIn

  /// The bound statement, or its errors: `code at 'marked text' → corrected text`.
  func dump(_ text: String) -> String {
    do {
      let binder = Binder(catalog: catalog, today: Self.today, drawnSeed: 42)
      switch try Parser.parse(text).kind {
      case .find(let query): return dump(try binder.bind(query))
      case .count(let count): return dump(try binder.bindCount(count))
      case .calc(let columns):
        let calc = try binder.bindCalc(columns)
        return
          (calc.scalars.enumerated().map { "#\($0) = {\(dump($1))}" }
          + ["show " + calc.columns.map(dump).joined(separator: ", ")]
          + calc.notes.map(dump)).joined(separator: " | ")
      default: return "not a query"
      }
    } catch {
      return error.diagnostics.map { dump($0, in: text) }.joined(separator: " | ")
    }
  }

  /// The hints of the errors.
  func hints(_ text: String) -> [String] {
    do {
      let binder = Binder(catalog: catalog, today: Self.today, drawnSeed: 42)
      switch try Parser.parse(text).kind {
      case .find(let query): _ = try binder.bind(query)
      case .calc(let columns): _ = try binder.bindCalc(columns)
      default: break
      }
      return []
    } catch {
      return error.diagnostics.map { "\($0.message) – \($0.hint ?? "")" }
    }
  }

  private func dump(_ diagnostic: Diagnostic, in text: String) -> String {
    let bytes = Array(text.utf8)
    let marked = diagnostic.range.map {
      String(decoding: bytes[$0.lowerBound..<min($0.upperBound, bytes.count)], as: UTF8.self)
    }
    var line = "\(diagnostic.code) at '\(marked ?? "")'"
    if !diagnostic.fixes.isEmpty { line += " → \(corrected(text, diagnostic.fixes))" }
    return line
  }

  /// The statement after the edits.
  func corrected(_ text: String, _ fixes: [Fix]) -> String {
    var bytes = Array(text.utf8)
    for fix in fixes.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      bytes.replaceSubrange(
        fix.range.lowerBound..<fix.range.upperBound, with: Array(fix.replacement.utf8))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func dump(_ query: BoundQuery) -> String {
    var parts = [catalog[query.entity].name]
    for (index, round) in query.rounds.enumerated() {
      if index > 0 { parts.append("then") }
      parts += dump(round)
    }
    parts += query.perRow.enumerated().map { index, perRow in
      let per = perRow.per.isEmpty ? "" : " per " + perRow.per.map(dump).joined(separator: ", ")
      return "~\(index) = \(perRow.kind)(\(dump(perRow.argument))\(per))"
    }
    parts.append(
      (query.isShown ? "show " : "default ") + query.columns.map(dump).joined(separator: ", "))
    parts += query.notes.map(dump)
    return parts.joined(separator: " | ")
  }

  private func dump(_ round: BoundRound) -> [String] {
    var parts: [String] = []
    func ranks(_ list: [Int]) { parts += list.map { "~\($0)" } }
    if let window = round.window { parts.append("window \(dump(window))") }
    ranks(round.perRowBeforeFilter)
    if let filter = round.filter { parts.append("where \(dump(filter))") }
    if let group = round.group {
      let aggregates = group.aggregates.map(dump).joined(separator: ", ")
      parts.append("group [\(group.keys.map(dump).joined(separator: ", "))] [\(aggregates)]")
    }
    ranks(round.perRowAfterFilter)
    if let order = round.order {
      let count = order.countMax.map { " \($0)" } ?? ""
      let per = order.per.isEmpty ? "" : " per " + order.per.map(dump).joined(separator: ", ")
      parts.append("order\(count) \(order.keys.map(dump).joined(separator: ", "))\(per)")
    }
    ranks(round.perRowAfterOrder)
    if let sample = round.sample { parts.append("sample \(sample.amount) \(sample.seed)") }
    if let limit = round.limit { parts.append("limit \(limit.count) \(limit.offset)") }
    return parts
  }

  private func dump(_ key: BoundOrder.Key) -> String {
    dump(key.expression) + (key.isDescending ? " desc" : "")
  }

  private func dump(_ column: BoundColumn) -> String {
    let percent = column.display == .percent ? " %" : ""
    let value = dump(column.expression)
    return value == column.name ? value + percent : "\(column.name): \(value)\(percent)"
  }

  private func dump(_ aggregate: BoundAggregate) -> String {
    var text = "\(aggregate.kind)"
    if aggregate.isDistinct { text += " distinct" }
    if let argument = aggregate.argument { text += " \(dump(argument))" }
    if let filter = aggregate.filter { text += " where \(dump(filter))" }
    if let order = aggregate.order { text += " by \(dump(order))" }
    return text
  }

  private func dump(_ note: Note) -> String {
    func day(_ number: Int?) -> String { number.map { date(Int64($0)) } ?? "…" }
    return switch note {
    case .resolved(let text, let from, let through): "<\(text): \(day(from)) to \(day(through))>"
    case .cutPeriod(let group, let offered): "<\(group) is cut, \(offered)>"
    case .seed(let seed): "<seed \(seed)>"
    default: "<\(note.code)>"
    }
  }

  private func dump(_ expression: BoundExpression) -> String {
    func all(_ operands: [BoundExpression]) -> String {
      operands.map(dump).joined(separator: ", ")
    }
    switch expression {
    case .constant(let value, let type): return dump(value, type)
    case .field(let path): return path.text
    case .perRow(let index, _): return "~\(index)"
    case .scalar(let index, _): return "#\(index)"
    case .related(let related):
      let aggregate = related.aggregate
      let parts = [aggregate.argument, related.filter].map { $0.map(dump) ?? "*" }
      let name = related.knownCountMin > 0 ? "usual" : "\(aggregate.kind)"
      return "\(name)[\(dump(related.path)): \(parts.joined(separator: " where "))]"
    case .outer(let expression): return "outer(\(dump(expression)))"
    case .convert(let conversion, let operand):
      return "\(name(of: conversion))(\(dump(operand)))"
    case .arithmetic(let operation, let a, let b): return "\(operation)(\(all([a, b])))"
    case .negation(let operand): return "-(\(dump(operand)))"
    case .shift(let operand, let months, let days):
      return "shift(\(dump(operand)), \(months)m \(days)d)"
    case .call(let function, let operands, _): return "\(function.rawValue)(\(all(operands)))"
    case .comparison(let operation, let a, let b):
      return "\(dump(a)) \(operation.rawValue) \(dump(b))"
    case .textTest(let operation, let a, let b):
      return "\(dump(a)) \(operation.rawValue) \(dump(b))"
    case .membership(let tested, let values):
      return "\(dump(tested)) in (\(values.map { dump($0, tested.type) }.joined(separator: ", ")))"
    case .between(let tested, let low, let high):
      return "\(dump(tested)) in \(dump(low, tested.type))…\(dump(high, tested.type))"
    case .isKnown(let operand): return "known(\(dump(operand)))"
    case .not(let operand): return "not(\(dump(operand)))"
    case .and(let operands): return "and(\(all(operands)))"
    case .or(let operands): return "or(\(all(operands)))"
    }
  }

  private func dump(_ path: RelatedPath) -> String {
    path.steps.map { step in
      switch step {
      case .up(let hop): "↑\(hop.field.index)"
      case .down(let entity, let field): "↓\(entity.index).\(field.index)"
      }
    }.joined()
  }

  private func name(of conversion: Conversion) -> String {
    switch conversion {
    case .integerToNumber, .moneyToNumber: "number"
    case .integerToMoney: "money"
    case .dateToTime: "time"
    case .timeToDate: "day"
    case .referenceToKey: "key"
    }
  }

  private func dump(_ value: Scalar, _ type: ValueType) -> String {
    switch (value, type) {
    case (.unknown, _): return "unknown"
    case (.text(let text), _): return "\"\(text)\""
    case (.word(let code), .choice(let list)): return list.names[Int(code)]
    case (.word(let minor), .money): return "\(minor)¢"
    case (.word(let day), .date): return date(day)
    case (.word(let flag), .flag): return flag == 1 ? "yes" : "no"
    case (.word(let word), .time): return "\(date(word / 86_400))+\(word % 86_400)s"
    case (.word(let word), _): return "\(word)"
    case (.real(let real), _): return "\(real)"
    }
  }

  private func date(_ number: Int64) -> String {
    let (year, month, day) = Day.date(Int(number))
    return Formatter.format(
      Expression(
        .date(DateLiteral(year: year, month: month, day: day)), range: SourceRange(0, 0)))
  }
}
