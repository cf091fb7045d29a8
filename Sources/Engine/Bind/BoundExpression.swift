import Store
import Syntax

/// A typed expression over the rows of one relation: an entity's table or a group's result.
///
/// A condition is an expression of type flag that is always known: comparisons with unknown are
/// false, `!=` is bound as `not =`.
package indirect enum BoundExpression: Hashable, Sendable {
  /// A value, or unknown, of a type. Money is minor units, dates are days, times seconds.
  case constant(Scalar, ValueType)
  /// A stored field, reached over references.
  case field(FieldPath)
  /// A per-row computation of the query.
  case perRow(Int, ValueType)
  /// The one value of an aggregate over the whole store, an index into `BoundQuery.scalars`.
  case scalar(Int, ValueType)
  /// A value made of records related to the row.
  case related(BoundRelated)
  /// Inside a value of related records: an expression over the row they are related to.
  case outer(BoundExpression)
  /// The same value in another type.
  case convert(Conversion, BoundExpression)
  /// Arithmetic of operands already converted.
  case arithmetic(Arithmetic, BoundExpression, BoundExpression)
  /// `-x`
  case negation(BoundExpression)
  /// A date or time moved by whole months (clamped to the month's end), then days.
  case shift(BoundExpression, months: Int, days: Int)
  /// A function of the table in `Functions.swift`.
  case call(Function, [BoundExpression], ValueType)
  /// A comparison of two values of one type; `!=` never stands here.
  case comparison(ComparisonOperator, BoundExpression, BoundExpression)
  /// A text test, case folded except `matches`.
  case textTest(TextOperator, BoundExpression, BoundExpression)
  /// One of these constants.
  case membership(BoundExpression, [Scalar])
  /// Between two constants, both in.
  case between(BoundExpression, Scalar, Scalar)
  /// The value is known.
  case isKnown(BoundExpression)
  case not(BoundExpression)
  /// Two or more.
  case and([BoundExpression])
  /// Two or more.
  case or([BoundExpression])

  /// The static type.
  package var type: ValueType {
    switch self {
    case .constant(_, let type), .perRow(_, let type), .scalar(_, let type),
      .call(_, _, let type):
      type
    case .field(let path): path.type
    case .related(let related): related.aggregate.type
    case .outer(let expression): expression.type
    case .convert(let conversion, _): conversion.result
    case .arithmetic(let arithmetic, _, _): arithmetic.result
    case .negation(let operand), .shift(let operand, _, _): operand.type
    case .comparison, .textTest, .membership, .between, .isKnown, .not, .and, .or: .flag
    }
  }
}

/// A stored field reached from the relation's rows over zero or more references.
package struct FieldPath: Hashable, Sendable {
  /// The references followed, each a field of the entity reached so far.
  package var hops: [Hop]
  /// The field read in the end: of the last hop's target, or of the relation without hops. After a
  /// group it is the position of the group's column.
  package var field: FieldID
  /// The field's type.
  package var type: ValueType
  /// As written in messages, such as `owner.name`.
  package var text: String

  /// One reference followed.
  package struct Hop: Hashable, Sendable {
    /// The reference's field.
    package var field: FieldID
    /// The entity it leads to.
    package var target: EntityID

    /// Makes a hop.
    package init(field: FieldID, target: EntityID) {
      self.field = field
      self.target = target
    }
  }

  /// Makes a path.
  package init(hops: [Hop] = [], field: FieldID, type: ValueType, text: String) {
    self.hops = hops
    self.field = field
    self.type = type
    self.text = text
  }
}

/// Conversions the binder inserts.
package enum Conversion: Hashable, Sendable {
  case integerToNumber
  case moneyToNumber
  /// Whole units to minor units.
  case integerToMoney
  /// Whole days to the day's first second.
  case dateToTime
  /// Seconds to the day that holds them.
  case timeToDate
  /// The key of the referenced record, for comparison and arithmetic; result integer or text.
  case referenceToKey(EntityID, ValueType)

  /// The result's type.
  package var result: ValueType {
    switch self {
    case .integerToNumber, .moneyToNumber: .number
    case .integerToMoney: .money
    case .dateToTime: .time
    case .timeToDate: .date
    case .referenceToKey(_, let type): type
    }
  }
}

/// Arithmetic by operand types. Division by zero and unknown operands give unknown.
package enum Arithmetic: Hashable, Sendable {
  case addIntegers, subtractIntegers, multiplyIntegers
  case addNumbers, subtractNumbers, multiplyNumbers, divideNumbers
  case addMoney, subtractMoney
  /// Left money, right number: half away from zero.
  case multiplyMoney
  /// Left money, right number: half away from zero.
  case divideMoney
  /// Money by money gives a number.
  case ratioOfMoney
  /// Date minus date gives whole days, an integer.
  case subtractDates
  case joinText

  /// The result's type.
  package var result: ValueType {
    switch self {
    case .addIntegers, .subtractIntegers, .multiplyIntegers, .subtractDates: .integer
    case .addNumbers, .subtractNumbers, .multiplyNumbers, .divideNumbers, .ratioOfMoney: .number
    case .addMoney, .subtractMoney, .multiplyMoney, .divideMoney: .money
    case .joinText: .text
    }
  }
}

/// The functions. Names, argument types, examples and meanings are in `Functions.swift`.
package enum Function: String, CaseIterable, Hashable, Sendable {
  case daysSince = "days_since"
  case daysBetween = "days_between"
  case year, quarter, month, week, weekday, day
  case monthOf = "month_of"
  case weekOf = "week_of"
  case quarterOf = "quarter_of"
  case round, floor, ceil, abs
  case bucket
  case lower, upper, length, trim
  case firstKnown = "first_known"
  /// `if(c, a, c2, a2, …, otherwise)`; the otherwise is always there.
  case choose = "if"
}
