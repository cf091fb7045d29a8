import Store

/// A small table that a statement fills row by row.
struct FixedRows {
  /// The columns.
  var columns: [OutputColumn]
  /// The cells of each row; those of a reference are keys.
  private(set) var cells: [[Scalar]] = []
  /// The labels of references, by row, for the first column.
  private var labels: [String?] = []

  /// Makes a table of columns of these types.
  init(_ columns: [(name: String, type: ValueType)]) {
    self.columns = columns.map { OutputColumn(name: $0.name, type: $0.type) }
  }

  /// Makes a table of columns.
  init(_ columns: [OutputColumn]) { self.columns = columns }

  /// Adds a row.
  ///
  /// - Parameter label: What a reference in the first column is shown with.
  mutating func append(_ row: [Scalar], label: String? = nil) {
    precondition(row.count == columns.count, "a cell a column")
    cells.append(row)
    labels.append(label)
  }

  /// All of it as a section.
  func section(
    title: String? = nil, hint: Section.DisplayHint = .table, notes: [Note] = [],
    drawing: Drawing? = nil
  ) -> Section {
    let vectors = columns.enumerated().map { column, output in
      Vector(cells.map { $0[column] }, as: output.keyType ?? output.type)
    }
    var labelVectors: [Vector?] = columns.map { _ in nil }
    if labels.contains(where: { $0 != nil }) {
      labelVectors[0] = Vector(labels.map { $0.map(Scalar.text) ?? .unknown }, as: .text)
    }
    let batch = OutputBatch(vectors: vectors, labels: labelVectors, count: cells.count)
    return Section(
      title: title, columns: columns, hint: hint,
      cursor: FixedCursor(batch, notes: notes, drawing: drawing))
  }
}

extension Vector {
  /// Values of one type, or unknown.
  init(_ scalars: [Scalar], as type: ValueType) {
    let known: [UInt8] = scalars.map { $0.isKnown ? 0x80 : 0 }
    switch type {
    case .text:
      self.init(
        texts: TextBlock(
          scalars.map { if case .text(let text) = $0 { text } else { "" } }), known: known)
    case .number:
      self.init(
        reals: scalars.map { if case .real(let real) = $0 { real } else { 0 } }, known: known)
    default:
      self.init(
        words: scalars.map { if case .word(let word) = $0 { word } else { 0 } }, known: known)
    }
  }
}

extension Scalar {
  /// A text, or unknown.
  init(_ text: String?) { self = text.map(Scalar.text) ?? .unknown }

  /// A count.
  init(_ count: Int) { self = .word(Int64(count)) }

  /// The value as a number: amounts in whole units.
  func number(of type: ValueType) -> Scalar {
    switch (self, type) {
    case (.word(let minor), .money): .real(Double(minor) / 100)
    case (.word(let word), _): .real(Double(word))
    case (.real, _): self
    default: .unknown
    }
  }
}
