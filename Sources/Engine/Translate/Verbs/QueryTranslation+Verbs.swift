import Store

extension QueryTranslation {
  /// An analytic verb: the rows go on with its columns joined to them, or are the verb's own.
  mutating func analyze(_ bound: BoundAnalysis) throws(TranslateReason) {
    guard let analysis = bound.analysis as? any SQLAnalysis else {
      throw .notInSQL("'\(bound.verb.rawValue)'")
    }
    if !row.select.isBare || !openPerRow.isEmpty { try cut(named: "kept") }
    let verb = VerbTranslation(
      translation: translation, writer: writer, bound: bound, row: row,
      isWhole: translation.isTable(row))
    if bound.isSummary {
      goOn(
        with: try analysis.headline(verb), bound.rowColumns, orderedBy: [])
    } else {
      switch bound.subjects {
      case .records(let places): join(try analysis.rows(verb), analysis.columns, at: places)
      case .folded, .keys(_, _, isFolded: true):
        goOn(with: try analysis.rows(verb), bound.rowColumns, orderedBy: analysis.rowOrder)
        if !analysis.mayOrderBeUnknown { row.known = Set(ownKeys.map(\.expression)) }
      case .keys(_, let key, isFolded: false):
        goOn(
          with: try analysis.rows(verb), bound.rowColumns,
          orderedBy: [AnalysisOrder(column: key.name, isDescending: false)],
          names: ["subject"])
        row.known = Set(ownKeys.map(\.expression))
      }
    }
    order = nil
    isGrouped = false
  }

  /// Gives each record what a statement says of it.
  private mutating func join(_ name: String, _ columns: [AnalysisColumn], at places: [Int]) {
    guard let record = places.first else { return }
    let key = translation.key(of: query.entity, in: row.alias)
    row.perRow[record] = SQL(key)
    _ = row.select.join(name) { (name, "\(name) ON \(name).subject = \(key)") }
    for (place, column) in zip(places.dropFirst(), columns) {
      row.perRow[place] = SQL("\(name).\(translation.written(column.name))")
    }
  }

  /// Goes on with the rows of a statement.
  ///
  /// - Parameter names: What the first columns are called there, where that is another name.
  private mutating func goOn(
    with name: String, _ columns: [AnalysisColumn], orderedBy order: [AnalysisOrder],
    names: [String] = []
  ) {
    let written = columns.enumerated().map { place, column in
      SQL("\(name).\(translation.written(names.count > place ? names[place] : column.name))")
    }
    row = SQLRow(Select(from: name), alias: name, .columns(written))
    group = GroupColumns(
      names: columns.map(\.name),
      keys: order.compactMap { key in
        columns.firstIndex { $0.name == key.column }.map {
          GroupColumns.key($0, columns[$0].type, key.column, isDescending: key.isDescending)
        }
      })
  }
}
