import Engine
import Store
import Syntax

/// A value of an answer as it is compared, whatever its type was: an amount, a count and a number
/// are all numbers, a choice is its name.
enum ResultValue: Sendable {
  case unknown
  case text(String)
  case number(Double)
  case day(Int)
  /// Seconds on the wall clock.
  case time(Int64)
  case flag(Bool)
  /// A record that is referred to: its key and, if it has one, its name.
  case reference(key: String, label: String?)
}

/// The whole of an answer, kept to be compared with another.
struct ResultSet: Sendable {
  /// The most rows that are kept; all are counted.
  static let rowCountMax = 200_000

  /// A column: its name and values, and how many of a percentage's digits are seen.
  struct Column: Sendable {
    var name: String
    var isPercent = false
    /// A value a row.
    var values: [ResultValue] = []
    /// What a terminal shows of each.
    var texts: [String] = []

    /// Whether its values are numbers, days or flags, which describe a row rather than name it.
    var isMeasure: Bool {
      values.allSatisfy { value in
        switch value {
        case .number, .unknown: true
        case .text, .day, .time, .flag, .reference: false
        }
      }
    }
  }

  /// What each row stands for.
  var shape: AnswerShape
  /// The columns as shown.
  var columns: [Column]
  /// Rows there are.
  var rowCount: Int
  /// For an answer of records: the key and the words of each, in the order shown.
  var records: [Record] = []

  /// A record of an answer.
  struct Record: Sendable {
    /// What tells it from others.
    var key: String
    /// `42 Nordlys AS`
    var words: String
  }

  /// Makes a result of columns, of which some rows may not be kept.
  init(shape: AnswerShape, columns: [Column], rowCount: Int? = nil) {
    self.shape = shape
    self.columns = columns
    self.rowCount = rowCount ?? columns.first?.values.count ?? 0
  }

  /// Rows that are kept.
  var keptRowCount: Int { min(rowCount, Self.rowCountMax) }
  /// Whether not all rows are.
  var isCut: Bool { keptRowCount < rowCount }

  /// The result of a statement that has just been run: the last answer once more, or, where a
  /// statement leaves none, what it gives when it is run again.
  ///
  /// - Returns: Nil for a statement that is no question.
  init?(of text: String, in session: Session) throws(Failure) {
    let statement = try Parser.parse(text, allowsBareRefinement: true)
    switch statement.kind {
    case .find, .count, .refine:
      guard let shape = try session.lastShape(), let answer = try session.repeatLast() else {
        return nil
      }
      try self.init(shape: shape, answer)
      if case .records = shape {
        let names = try ResultSet(shape: shape, try session.lastRecordNames())
        records = Self.records(of: names.columns)
        rowCount = names.rowCount
      }
    case .calc: try self.init(shape: .whole, try session.run(text))
    case .compare, .checkStandards, .suggestActions, .list, .profile:
      try self.init(shape: .rows, try session.run(text))
    default: return nil
    }
  }

  /// The first section of an answer, without its totals.
  private init(shape: AnswerShape, _ answer: Answer) throws(Failure) {
    guard let section = answer.sections.first else {
      self.init(shape: shape, columns: [])
      return
    }
    var rowCount = 0
    var columns = section.columns.map { Column(name: $0.name, isPercent: $0.display == .percent) }
    while let batch = try section.cursor.next() {
      rowCount += batch.count
      for (place, column) in section.columns.enumerated() {
        for row in 0..<min(batch.count, Self.rowCountMax - columns[place].values.count) {
          let label = batch.labels[place].map { $0[row] } ?? .unknown
          let value = batch.vectors[place][row]
          columns[place].values.append(ResultValue(value, label: label, in: column))
          columns[place].texts.append(
            ValueText.of(value, label: label, in: column) ?? ValueText.unknown)
        }
      }
    }
    if section.hasTotal {
      rowCount -= 1
      for place in columns.indices where columns[place].values.count > rowCount {
        _ = columns[place].values.popLast()
        _ = columns[place].texts.popLast()
      }
    }
    self.init(shape: shape, columns: columns, rowCount: rowCount)
  }

  private static func records(of columns: [Column]) -> [Record] {
    guard let keys = columns.first else { return [] }
    return keys.texts.indices.map { row in
      Record(
        key: keys.texts[row], words: columns.map { $0.texts[row] }.joined(separator: " "))
    }
  }
}

extension ResultValue {
  /// A value of an answer's column.
  init(_ value: Scalar, label: Scalar, in column: OutputColumn) {
    let isReference = if case .reference = column.type { true } else { false }
    var name: String?
    if case .text(let text) = label { name = text }
    switch value {
    case .unknown: self = .unknown
    case .text(let text): self = isReference ? .reference(key: text, label: name) : .text(text)
    case .real(let real): self = .number(real)
    case .word(let word):
      switch column.type {
      case .money: self = .number(Double(word) / 100)
      case .integer, .number, .text: self = .number(Double(word))
      case .date: self = .day(Int(word))
      case .time: self = .time(word)
      case .flag: self = .flag(word != 0)
      case .reference: self = .reference(key: String(word), label: name)
      case .choice(let list):
        self = .text(list.names.indices.contains(Int(word)) ? list.names[Int(word)] : "")
      }
    }
  }

  /// Whether two values are one to a reader: numbers to the six decimals shown or a billionth part of
  /// themselves, records by key, or by name where the other is a text.
  func isSame(as other: ResultValue, isPercent: Bool) -> Bool {
    switch (self, other) {
    case (.number(let one), .number(let other)):
      let closeness = max(isPercent ? 0.000_5 : 0.000_000_5, 1e-9 * max(abs(one), abs(other)))
      return one == other || abs(one - other) <= closeness
    case (.text(let text), .text(let other)): return text.utf8.elementsEqual(other.utf8)
    case (.reference(let key, _), .reference(let other, _)):
      return key.utf8.elementsEqual(other.utf8)
    case (.reference(let key, let label), .text(let text)),
      (.text(let text), .reference(let key, let label)):
      return text.utf8.elementsEqual((label ?? key).utf8)
    case (.reference(let key, _), .number(let number)),
      (.number(let number), .reference(let key, _)):
      return Double(key) == number
    case (.day(let one), .day(let other)): return one == other
    case (.time(let one), .time(let other)): return one == other
    case (.flag(let one), .flag(let other)): return one == other
    case (.unknown, .unknown): return true
    default: return false
    }
  }
}
