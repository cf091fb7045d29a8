import Engine
import Store
import Syntax

/// What `.chart` draws: a kind, and the columns of the last answer that it is asked to take.
struct Chart {
  /// The kinds of charts.
  enum Kind: String, CaseIterable, Sendable {
    case bar, line, histogram, scatter

    /// All names, for messages.
    static let allNames = "bar, line, histogram or scatter"
  }

  /// The most bars.
  static let barCountMax = 40

  /// Which kind.
  let kind: Kind
  /// The names of columns, as typed.
  private let names: String

  /// Reads what follows `.chart`.
  init(_ argument: String) throws(Failure) {
    let word = String(argument.prefix { !$0.isWhitespace })
    guard let kind = Kind(rawValue: word.lowercased()) else {
      throw DotCommand.mistake(".chart", word, Kind.allNames)
    }
    self.kind = kind
    names = String(argument.dropFirst(word.count).drop(while: \.isWhitespace))
  }

  /// The chart of an answer, which is pulled: a section whose rows are what is drawn.
  func section(of answer: Section) throws(Failure) -> Section {
    let named = try ChartNames(names).positions(in: answer.columns)
    if named.count > (kind == .histogram ? 1 : 2) {
      throw DotCommand.mistake(
        ".chart \(kind.rawValue)", names, kind == .histogram ? "one column" : "at most two columns")
    }
    let columns = ChartColumns(kind: kind, columns: answer.columns, named: named)
    switch kind {
    case .bar: return try bars(answer, try columns.forBars())
    case .line: return try points(answer, try columns.forLine())
    case .histogram: return try histogram(answer, try columns.forHistogram())
    case .scatter: return try points(answer, try columns.forScatter())
    }
  }

  private func bars(
    _ answer: Section, _ taken: (label: Int?, value: Int)
  ) throws(Failure) -> Section {
    let rows = try ChartRows(
      answer, label: taken.label, numbers: [taken.value], labelCountMax: Self.barCountMax)
    let column = answer.columns[taken.value]
    let values = Array(rows.numbers[0].prefix(Self.barCountMax))
    let labelName = taken.label.map { answer.columns[$0].name } ?? "row"
    let bars = Drawing.Bars(
      title: "\(column.name) by \(labelName)",
      bars: zip(rows.labels, values).map {
        Drawing.Bars.Bar(label: $0, value: $1.isNaN ? nil : $1)
      }, form: column.drawingForm)
    return Section(
      columns: [OutputColumn(name: labelName, type: .text), column], hint: .drawing,
      cursor: FixedCursor(
        OutputBatch(
          vectors: [Vector(texts: TextBlock(rows.labels)), column.vector(values)],
          labels: [nil, nil], count: values.count),
        notes: [.rowCount(values.count, of: rows.count, singular: "row", plural: "rows")],
        drawing: .bars(bars)))
  }

  private func points(
    _ answer: Section, _ taken: (x: Int?, y: Int)
  ) throws(Failure) -> Section {
    let rows = try ChartRows(
      answer, label: nil, numbers: [taken.x, taken.y].compactMap { $0 }, labelCountMax: 0)
    let x = taken.x.map { answer.columns[$0] } ?? OutputColumn(name: "row", type: .integer)
    let y = answer.columns[taken.y]
    let places = taken.x == nil ? (0..<rows.count).map { Double($0 + 1) } : rows.numbers[0]
    var points: [(x: Double, y: Double)] = []
    for (place, value) in zip(places, rows.numbers[rows.numbers.count - 1])
    where !place.isNaN && !value.isNaN {
      points.append((place, value))
    }
    if kind == .line { points.sort { $0.x < $1.x } }
    let curve = Drawing.Curve(
      title: "", xTitle: x.name, yTitle: y.name, points: points, xForm: x.drawingForm,
      yForm: y.drawingForm)
    var notes: [Note] = [
      .rowCount(points.count, of: points.count, singular: "row", plural: "rows")
    ]
    if rows.count > points.count {
      notes.append(
        .leftOutUnknown(count: rows.count - points.count, field: "\(x.name) or \(y.name)"))
    }
    return Section(
      columns: [x, y], hint: .drawing,
      cursor: FixedCursor(
        OutputBatch(
          vectors: [x.vector(points.map(\.x)), y.vector(points.map(\.y))], labels: [nil, nil],
          count: points.count),
        notes: notes, drawing: kind == .line ? .curve(curve) : .scatter(curve)))
  }

  private func histogram(_ answer: Section, _ taken: Int) throws(Failure) -> Section {
    let rows = try ChartRows(answer, label: nil, numbers: [taken], labelCountMax: 0)
    let column = answer.columns[taken]
    let known = rows.numbers[0].filter { DrawingNumber.isDrawable($0) }
    let bins = Histogram(known, column.drawingForm, isWhole: column.type == .integer).bins
    let bars = Drawing.Bars(
      title: column.name,
      bars: bins.map { bin in
        Drawing.Bars.Bar(
          label: bin.label, value: Double(bin.count),
          remark: (value: Double(bin.count) / Double(known.count), form: .share))
      }, form: .count)
    var notes: [Note] = [.rowCount(known.count, of: known.count, singular: "row", plural: "rows")]
    if rows.count > known.count {
      notes.append(.leftOutUnknown(count: rows.count - known.count, field: column.name))
    }
    return Section(
      columns: [
        OutputColumn(name: column.name, type: .text), OutputColumn(name: "count", type: .integer),
      ], hint: .drawing,
      cursor: FixedCursor(
        OutputBatch(
          vectors: [
            Vector(texts: TextBlock(bins.map(\.label))),
            Vector(words: bins.map { Int64($0.count) }),
          ], labels: [nil, nil], count: bins.count),
        notes: notes, drawing: .bars(bars)))
  }
}

extension OutputColumn {
  /// How a drawing writes its values.
  var drawingForm: Drawing.Form {
    switch type {
    case .money: .money
    case .date, .time: .date
    case .number: display == .percent ? .share : .number
    case .integer: isGrouped ? .count : .key
    case .text, .choice, .flag, .reference: .count
    }
  }

  /// A vector of its type; NaN is unknown.
  fileprivate func vector(_ values: [Double]) -> Vector {
    let known: [UInt8] = values.map { $0.isNaN ? 0 : 0x80 }
    if type == .number {
      return Vector(reals: values.map { $0.isNaN ? 0 : $0 }, known: known)
    }
    let unit = type == .time ? 86_400.0 : 1
    return Vector(
      words: values.map { $0.isNaN ? 0 : Int64(exactly: ($0 * unit).rounded()) ?? 0 }, known: known)
  }
}
