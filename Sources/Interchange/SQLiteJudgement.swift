import Store

/// What the values of one column of a SQLite table, and its declared type, say together.
struct SQLiteJudgement {
  private let declared: DeclaredType
  private(set) var evidence = ValueEvidence()
  private var numbers: MomentNumbers?
  /// The texts that messages quote.
  private let examples = ByteStore()

  init(_ declared: DeclaredType, lenient: Readings? = nil) {
    self.declared = declared
    evidence.lenient = lenient
    if case .moment = declared { numbers = MomentNumbers() }
    // A text column may hold dates, which SQLite keeps so; its digits are text.
    if declared == .text, lenient == nil { evidence.texts.canBe = .moments }
  }

  /// Whether a further text would change nothing but the count.
  @inline(__always)
  var isSettled: Bool { evidence.texts.canBe.isEmpty }

  mutating func countText() { evidence.texts.knownCount &+= 1 }

  mutating func addBlob() { evidence.otherCount &+= 1 }

  mutating func add(_ integer: Int64) {
    evidence.numbers.add(integer: integer)
    numbers?.add(integer)
  }

  mutating func add(_ real: Double) {
    evidence.numbers.add(real: real)
    numbers?.add(real)
  }

  /// Judges a text of a row, counted from 1.
  mutating func add(
    text bytes: ByteView, _ range: Range<Int>, _ marks: UnknownMarks, row: Int
  ) throws(StoreError) {
    let start = examples.count
    evidence.add(
      text: bytes, range, marks,
      at: Evidence.Example(start: start, end: start + range.count, line: row))
    let isExample =
      evidence.texts.differing.line == row || evidence.texts.otherCurrency.line == row
    if isExample { try examples.append(bytes.copy(range)) }
  }

  /// How the numbers stand for points in time, when they do.
  var momentForm: (form: MomentNumbers.Form, areDays: Bool)? {
    guard let numbers, evidence.numbers.count > 0,
      evidence.texts.knownCount + evidence.booleanCount + evidence.otherCount == 0
    else { return nil }
    return numbers.verdict
  }

  /// The column as a reader describes it.
  func column(header: String, fieldName: String, _ options: ReadOptions) -> SourceColumn {
    var column = evidence.column(
      header: header, fieldName: fieldName, options, ambiguity: ambiguity(header, options))
    if evidence.isOnlyOthers {
      column.leftOut = .binary
      return column
    }
    if let momentForm {
      column.type = momentForm.areDays ? .date : .time
      column.alsoReadsAs.formUnion(momentForm.areDays ? [.date, .time] : [.time])
      column.zone = column.type == .time ? "Z" : nil
      return column
    }
    if evidence.texts.knownCount + evidence.numbers.count == 0 {
      if evidence.texts.emptyTextCount + evidence.texts.blankCount > 0 {
        column.type = .text
      } else {
        column.type = declared.typeOfNothing
        column.leftOut = declared == .binary && evidence.texts.markCount == 0 ? .binary : nil
      }
      return column
    }
    if let type = declaredType(among: column.alsoReadsAs) { column.type = type }
    return column
  }

  /// Why the texts read two ways, if they do.
  func ambiguity(_ header: String, _ options: ReadOptions) -> CellProblem? {
    Judgement.ambiguity(
      evidence.texts, Judgement(evidence.texts, options), bytes: examples.view, header: header,
      column: nil)
  }

  /// The declared type, if the values read as it.
  private func declaredType(among types: Set<ValueType>) -> ValueType? {
    func ifRead(_ type: ValueType) -> ValueType? { types.contains(type) ? type : nil }
    switch declared {
    case .nothing, .text, .moment, .binary, .integer: return nil
    case .real: return ifRead(.number)
    case .money: return ifRead(.money)
    case .flag: return ifRead(.flag)
    case .exact(let type):
      if case .choice = type { return type }
      return ifRead(type)
    }
  }
}
