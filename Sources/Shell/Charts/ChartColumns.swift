import Engine
import Store
import Syntax

/// Which columns of an answer a chart takes: those that are named, else the first that suit.
struct ChartColumns {
  let kind: Chart.Kind
  let columns: [OutputColumn]
  /// Positions of the named ones, in their order.
  let named: [Int]

  /// Labels, nil where the answer has none, and values.
  func forBars() throws(Failure) -> (label: Int?, value: Int) {
    if named.count == 2 { return (named[0], try number(named[1])) }
    if let only = named.first, !columns[only].isAmount, !columns[only].isNumber {
      return (only, try firstNumber(except: only))
    }
    let value: Int
    if let only = named.first { value = only } else { value = try firstNumber(except: nil) }
    let others = columns.indices.filter { $0 != value }
    return (
      others.first { columns[$0].isLabel } ?? others.first { !columns[$0].isAmount }, value
    )
  }

  /// Where along the axis, nil for the position in the answer, and how high.
  func forLine() throws(Failure) -> (x: Int?, y: Int) {
    if named.count == 2 { return (try place(named[0]), try number(named[1])) }
    if let only = named.first, columns[only].isDay { return (only, try firstNumber(except: only)) }
    if let only = named.first { return (places(except: only).first, try number(only)) }
    let amounts = columns.indices.filter { columns[$0].isAmount }
    if let x = places(except: nil).first { return (x, try firstNumber(except: x)) }
    return amounts.count > 1 ? (amounts[0], amounts[1]) : (nil, try firstNumber(except: nil))
  }

  /// The values that are counted.
  func forHistogram() throws(Failure) -> Int {
    if let only = named.first { return try place(only) }
    return try firstNumber(except: nil)
  }

  /// Both places of a point.
  func forScatter() throws(Failure) -> (x: Int?, y: Int) {
    if named.count == 2 { return (try place(named[0]), try number(named[1])) }
    if let only = named.first { return (try place(only), try firstNumber(except: only)) }
    let x = try firstNumber(except: nil)
    return (x, try firstNumber(except: x))
  }

  private var needs: String {
    switch kind {
    case .bar: "a column of numbers"
    case .line: "a column of numbers"
    case .histogram: "a column of numbers"
    case .scatter: "two columns of numbers"
    }
  }

  /// Days, then keys and years: what stands along an axis without being named.
  private func places(except other: Int?) -> [Int] {
    let others = columns.indices.filter { $0 != other }
    return others.filter { columns[$0].isDay }
      + others.filter { columns[$0].isNumber && !columns[$0].isAmount }
  }

  private func firstNumber(except other: Int?) throws(Failure) -> Int {
    let others = columns.indices.filter { $0 != other }
    if let amount = others.first(where: { columns[$0].isAmount }) { return amount }
    if let number = others.first(where: { columns[$0].isNumber }) { return number }
    throw Failure(ShellReason.noChartColumn(kind: kind.rawValue, needs: needs), at: nil)
  }

  private func number(_ position: Int) throws(Failure) -> Int {
    if columns[position].isNumber { return position }
    throw wrong(position, "a column of numbers")
  }

  private func place(_ position: Int) throws(Failure) -> Int {
    if columns[position].isNumber || columns[position].isDay { return position }
    throw wrong(position, "numbers or dates")
  }

  private func wrong(_ position: Int, _ needs: String) -> Failure {
    Failure(
      ShellReason.chartColumnType(columns[position].name, kind: kind.rawValue, needs: needs),
      at: nil)
  }
}

/// The names of columns behind a dot-command: bare, or in backticks or quotes.
struct ChartNames {
  private let text: String

  init(_ text: String) { self.text = text }

  /// The positions of the columns they name. A bare name is the longest that the text begins with, as
  /// names such as `month of joined` have spaces.
  func positions(in columns: [OutputColumn]) throws(Failure) -> [Int] {
    var positions: [Int] = []
    var rest = text[...]
    while true {
      rest = rest.drop { $0.isWhitespace || $0 == "," }
      guard let first = rest.first else { return positions }
      let isQuoted = first == "`" || first == "\""
      if isQuoted, let end = rest.dropFirst().firstIndex(of: first) {
        let name = String(rest[rest.index(after: rest.startIndex)..<end])
        positions.append(try position(of: name, in: columns))
        rest = rest[rest.index(after: end)...]
        continue
      }
      let found = columns.indices.filter { Self.begins(rest, with: columns[$0].name) }
        .max { columns[$0].name.count < columns[$1].name.count }
      let word = rest.prefix { !$0.isWhitespace && $0 != "," }
      if let found {
        positions.append(found)
        rest = rest.dropFirst(columns[found].name.count)
      } else {
        positions.append(try position(of: String(word), in: columns))
        rest = rest.dropFirst(word.count)
      }
    }
  }

  private func position(of name: String, in columns: [OutputColumn]) throws(Failure) -> Int {
    let folded = Folding.fold(name)
    if let found = columns.firstIndex(where: { Folding.fold($0.name) == folded }) { return found }
    let names = columns.map(\.name)
    let near = NearNames.nearest(to: name, among: names)
    throw Failure(ShellReason.unknownColumn(name, near: near, all: names), at: nil)
  }

  private static func begins(_ text: Substring, with name: String) -> Bool {
    guard !name.isEmpty,
      Folding.fold(String(text.prefix(name.count))) == Folding.fold(name)
    else { return false }
    let next = text.dropFirst(name.count).first
    return next == nil || next == "," || next?.isWhitespace == true
  }
}

extension OutputColumn {
  /// Whether its values are numbers of any kind.
  fileprivate var isNumber: Bool {
    switch type {
    case .money, .number, .integer: true
    case .text, .choice, .date, .time, .flag, .reference: false
    }
  }

  /// Whether its values measure something: keys and calendar years do not.
  fileprivate var isAmount: Bool { isNumber && isGrouped }

  /// Whether its values are points of time.
  fileprivate var isDay: Bool { type == .date || type == .time }

  /// Whether its values name something.
  fileprivate var isLabel: Bool { !isNumber }
}
