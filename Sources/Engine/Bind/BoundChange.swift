import Store
import Syntax

// What the binder makes of the statements that change records.

/// Which records a change is about.
struct BoundTarget {
  /// What says which.
  enum Selection {
    /// Those a query keeps: one round with a condition, or without for all.
    case query(BoundQuery)
    /// The one record of a key, which has to be there, and where the key stands.
    case key(Scalar, SourceRange)
  }

  /// The entity.
  var entity: EntityID
  /// Which of its records.
  var selection: Selection
}

/// A value for a stored field.
struct BoundAssignment {
  /// What gives the value.
  enum Value {
    /// Computed for each record.
    case expression(BoundExpression)
    /// The record of that key.
    case record(key: Scalar, of: EntityID)
  }

  /// The field.
  var field: FieldID
  /// Its value, of the field's type once converted.
  var value: Value
  /// Brings the computed value to the field's type.
  var conversion: Vector.Conversion?
  /// Where the value stands.
  var range: SourceRange
}

/// `add`
struct BoundAdd {
  var entity: EntityID
  /// The values, the key's not among them.
  var assignments: [BoundAssignment]
  /// The key, when one was given.
  var key: (value: Scalar, range: SourceRange)?
  /// The field with a history, if the entity has one.
  var tracked: TrackedField?
  /// Facts about the values, such as resolved dates.
  var notes: [Note]
  /// Where the entity's name stands.
  var range: SourceRange
}

/// `update`
struct BoundUpdate {
  var target: BoundTarget
  var assignments: [BoundAssignment]
  /// Facts about the values, such as resolved dates.
  var notes: [Note]
}

/// `move`
struct BoundMove {
  var target: BoundTarget
  var tracked: TrackedField
  /// The code of the choice the records move to.
  var to: UInt8
  var because: String?
  var isAnyway: Bool
  /// Where the choice stands.
  var toRange: SourceRange
}

/// `delete`
struct BoundDelete {
  var target: BoundTarget
  var isWithRelated: Bool
}

/// `merge`
struct BoundMerge {
  var entity: EntityID
  /// The record that goes.
  var from: (key: Scalar, range: SourceRange)
  /// The record that stays.
  var into: (key: Scalar, range: SourceRange)
}
