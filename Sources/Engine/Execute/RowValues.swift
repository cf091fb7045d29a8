import Store

/// The values that a step of the plan gives the rows of a relation, for later steps to read.
enum RowValues {
  /// Kept by row.
  case column(Column)
  /// What a verb found of its subjects, and which rows these are.
  case analysis(AnalysisValues, SubjectPlaces)

  /// The values of some rows.
  func load(_ rows: Rows) -> Vector {
    switch self {
    case .column(let column): column.load(rows)
    case .analysis(let values, let subjects): values.values(at: subjects.places(of: rows))
    }
  }

  /// Between which words the values lie, as far as that is known.
  var wordBounds: ClosedRange<Int64>? {
    switch self {
    case .column(let column): column.wordBounds
    case .analysis(let values, _): values.bounds
    }
  }
}

/// Which of a verb's subjects each row of a relation is.
struct SubjectPlaces {
  /// By row its subject, or -1; nil where each row is the subject of its number.
  private let places: [Int32]?

  /// - Parameters:
  ///   - rows: The row of each subject, ascending.
  ///   - rowCount: Rows of the relation.
  init(of rows: [Int32], rowCount: Int) {
    guard rows.count < rowCount else {
      places = nil
      return
    }
    var places = [Int32](repeating: -1, count: rowCount)
    for (subject, row) in rows.enumerated() {
      places[Int(row)] = Int32(truncatingIfNeeded: subject)
    }
    self.places = places
  }

  /// The rows of subjects in an order.
  ///
  /// - Parameter rows: The row of each subject.
  func rows(_ rows: [Int32], at subjects: [Int32]) -> [Int32] {
    places == nil ? subjects : RowSelection.rows(rows, at: subjects)
  }

  /// The subjects of these rows; -1 for one that is none.
  func places(of rows: Rows) -> [Int32] {
    switch rows {
    case .run(let base, let count):
      if let places { return Array(places[base..<base + count]) }
      return Array(Int32(base)..<Int32(base + count))
    case .list(let rows):
      guard let places else { return rows }
      return rows.map { $0 < 0 ? -1 : places[Int($0)] }
    }
  }
}
