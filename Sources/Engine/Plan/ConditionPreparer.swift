import Store
import Syntax

/// Turns a bound condition into the form the loops run: a test of one stored column where it is
/// one, else the evaluator's.
struct ConditionPreparer {
  let database: Database

  /// The condition with its form, selectivity and cost. `entity` is nil over groups.
  func prepare(
    _ expression: BoundExpression, entity: EntityID?
  ) throws(Failure) -> Condition {
    if case .not(let inner) = expression, let (field, test) = try columnTest(inner) {
      let column = entity.map { database.table($0).column(field) }
      return Condition(
        expression, form: .testNot(field, test),
        selectivity: 1 - (column?.selectivity(of: test) ?? 0.5),
        nanosecondsPerRow: cost(of: test))
    }
    if let (field, test) = try columnTest(expression) {
      let column = entity.map { database.table($0).column(field) }
      return Condition(
        expression, form: .test(field, test), selectivity: column?.selectivity(of: test) ?? 0.5,
        nanosecondsPerRow: cost(of: test))
    }
    return Condition(
      expression, form: .general, selectivity: generalSelectivity(expression),
      nanosecondsPerRow: Cost.of(expression))
  }

  private func cost(of test: ColumnTest) -> Double {
    if case .text = test { return Cost.textTest }
    return Cost.wordTest
  }

  /// Rules of thumb where no statistics speak (Selinger et al., SIGMOD 1979).
  private func generalSelectivity(_ expression: BoundExpression) -> Double {
    switch expression {
    case .comparison(.equal, _, _): 0.1
    case .comparison, .between: 0.3
    case .membership(_, let values): min(0.5, 0.1 * Double(values.count))
    case .textTest: 0.1
    case .isKnown: 0.9
    case .not(let inner): 1 - generalSelectivity(inner)
    case .and(let parts): parts.reduce(1) { $0 * generalSelectivity($1) }
    case .or(let parts): 1 - parts.reduce(1) { $0 * (1 - generalSelectivity($1)) }
    default: 0.5
    }
  }

  // MARK: tests of one column

  /// The field of the relation itself and the test that mean the same as `expression`; nil when
  /// there is no such test.
  func columnTest(
    _ expression: BoundExpression
  ) throws(Failure) -> (FieldID, ColumnTest)? {
    switch expression {
    case .field(let path) where path.hops.isEmpty && path.type == .flag:
      return (path.field, .words(1...1))
    case .isKnown(.field(let path)) where path.hops.isEmpty:
      return (path.field, .known)
    case .not(.isKnown(.field(let path))) where path.hops.isEmpty:
      return (path.field, .unknown)
    case .comparison(let sign, let subject, .constant(let value, _)):
      return try subjectTest(subject, sign, value)
    case .between(let subject, let lower, let upper):
      return betweenTest(subject, lower, upper)
    case .membership(let subject, let values):
      return try membershipTest(subject, values)
    case .textTest(let relation, .field(let path), .constant(.text(let text), _))
    where path.hops.isEmpty:
      return (path.field, .text(try textTest(relation, text)))
    default:
      return nil
    }
  }

  private func subjectTest(
    _ subject: BoundExpression, _ sign: ComparisonOperator, _ value: Scalar
  ) throws(Failure) -> (FieldID, ColumnTest)? {
    if case .convert(.referenceToKey(let target, _), .field(let path)) = subject,
      path.hops.isEmpty, sign == .equal
    {
      let row = database.table(target).row(withKey: value)
      return (path.field, row.map { .words(Int64($0)...Int64($0)) } ?? .wordSet([]))
    }
    switch value {
    case .word(let word):
      guard let range = Self.range(sign, word) else { return nil }
      return wordTest(subject, range)
    case .real(let real):
      guard let (field, isNumber) = plainField(subject, types: [.number]), isNumber else {
        return nil
      }
      return (field, Self.realTest(sign, real))
    case .text(let text):
      guard let (field, _) = plainField(subject, types: [.text]) else { return nil }
      return (field, .text(Self.textComparison(sign, text)))
    case .unknown:
      return nil
    }
  }

  private func betweenTest(
    _ subject: BoundExpression, _ lower: Scalar, _ upper: Scalar
  ) -> (FieldID, ColumnTest)? {
    switch (lower, upper) {
    case (.word(let a), .word(let b)) where a <= b:
      return wordTest(subject, a...b)
    case (.real(let a), .real(let b)):
      guard let (field, _) = plainField(subject, types: [.number]) else { return nil }
      return (field, .reals(lower: a, isLowerOpen: false, upper: b, isUpperOpen: false))
    default:
      return nil
    }
  }

  private func membershipTest(
    _ subject: BoundExpression, _ values: [Scalar]
  ) throws(Failure) -> (FieldID, ColumnTest)? {
    if case .convert(.referenceToKey(let target, _), .field(let path)) = subject,
      path.hops.isEmpty
    {
      let rows = values.compactMap { database.table(target).row(withKey: $0).map(Int64.init) }
      return (path.field, .wordSet(Set(rows)))
    }
    guard case .field(let path) = subject, path.hops.isEmpty else { return nil }
    let words = values.compactMap { if case .word(let word) = $0 { word } else { nil } }
    if words.count == values.count { return (path.field, .wordSet(Set(words))) }
    let reals = values.compactMap { if case .real(let real) = $0 { real } else { nil } }
    if reals.count == values.count { return (path.field, .realSet(Set(reals))) }
    let texts = values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    if texts.count == values.count {
      return (path.field, .text(TextTest(.isOneOf(texts))))
    }
    return nil
  }

  /// A range of words on a stored field, seen through the conversions that keep order.
  private func wordTest(
    _ subject: BoundExpression, _ range: ClosedRange<Int64>
  ) -> (FieldID, ColumnTest)? {
    switch subject {
    case .field(let path) where path.hops.isEmpty:
      return (path.field, .words(range))
    case .convert(.timeToDate, .field(let path)) where path.hops.isEmpty:
      let secondsPerDay: Int64 = 86_400
      let first = range.lowerBound.multipliedReportingOverflow(by: secondsPerDay)
      let last = range.upperBound.multipliedReportingOverflow(by: secondsPerDay)
      let lower = first.overflow ? (range.lowerBound < 0 ? .min : .max) : first.partialValue
      let upper =
        last.overflow
        ? (range.upperBound < 0 ? .min : .max) : last.partialValue + (secondsPerDay - 1)
      return (path.field, .words(lower...upper))
    default:
      return nil
    }
  }

  private func plainField(
    _ subject: BoundExpression, types: [ValueType]
  ) -> (FieldID, Bool)? {
    guard case .field(let path) = subject, path.hops.isEmpty, types.contains(path.type) else {
      return nil
    }
    return (path.field, true)
  }

  /// The words that stand in this relation to `word`; nil when there is no such word.
  static func range(_ sign: ComparisonOperator, _ word: Int64) -> ClosedRange<Int64>? {
    switch sign {
    case .equal: word...word
    case .notEqual: nil
    case .less: word == .min ? nil : .min...(word - 1)
    case .lessOrEqual: .min...word
    case .greater: word == .max ? nil : (word + 1) ... .max
    case .greaterOrEqual: word ... .max
    }
  }

  private static func realTest(_ sign: ComparisonOperator, _ real: Double) -> ColumnTest {
    switch sign {
    case .equal, .notEqual: .realSet([real])
    case .less:
      .reals(lower: -.infinity, isLowerOpen: false, upper: real, isUpperOpen: true)
    case .lessOrEqual:
      .reals(lower: -.infinity, isLowerOpen: false, upper: real, isUpperOpen: false)
    case .greater:
      .reals(lower: real, isLowerOpen: true, upper: .infinity, isUpperOpen: false)
    case .greaterOrEqual:
      .reals(lower: real, isLowerOpen: false, upper: .infinity, isUpperOpen: false)
    }
  }

  private static func textComparison(_ sign: ComparisonOperator, _ text: String) -> TextTest {
    switch sign {
    case .equal, .notEqual: TextTest(.equals(text))
    case .less: TextTest(.ordered(.less, text))
    case .lessOrEqual: TextTest(.ordered(.lessOrEqual, text))
    case .greater: TextTest(.ordered(.greater, text))
    case .greaterOrEqual: TextTest(.ordered(.greaterOrEqual, text))
    }
  }

  /// The prepared test of a text operator against a constant.
  func textTest(_ relation: TextOperator, _ text: String) throws(Failure) -> TextTest {
    switch relation {
    case .contains: return TextTest(.contains(text))
    case .startsWith: return TextTest(.startsWith(text))
    case .endsWith: return TextTest(.endsWith(text))
    case .hasWord: return TextTest(.hasWord(text))
    case .like: return TextTest(.like(text))
    case .matches:
      do {
        return TextTest(.matches(try Pattern(text)))
      } catch {
        throw Failure(EngineReason.invalidPattern(error.message), at: nil)
      }
    }
  }
}
