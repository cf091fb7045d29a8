// The statements that change, save and carry data: the tree.

/// `field = EXPR` in `add` and after `set`.
package struct Assignment: Sendable {
  /// The field that gets a value.
  package var field: Name
  /// The value; `unknown` empties.
  package var value: Expression

  /// Makes an assignment.
  package init(field: Name, value: Expression) {
    self.field = field
    self.value = value
  }
}

/// Which records a change is about.
package struct ChangeTarget: Sendable {
  /// The ways to name them.
  package enum Kind: Sendable {
    /// `customers where C`
    case matching(Name, FilterClause)
    /// `all customers`
    case all(Name)
    /// `customer 42`: the singular name and the key, a literal.
    case key(Name, Expression)
    /// `it`: the records of the last answer.
    case it
  }

  /// Which way.
  package var kind: Kind
  /// From the entity's name (or `all`) to the condition's or the key's end.
  package var range: SourceRange

  /// Makes a target.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }

  /// The name of the entity as written; nil for `it`.
  package var entity: Name? {
    switch kind {
    case .matching(let name, _), .all(let name), .key(let name, _): name
    case .it: nil
    }
  }
}

/// `add customer name = "Acme", region = "north"`
package struct AddStatement: Sendable {
  /// The entity's singular name.
  package var entity: Name
  /// The values, at least one.
  package var assignments: [Assignment]

  /// Makes the statement.
  package init(entity: Name, assignments: [Assignment]) {
    self.entity = entity
    self.assignments = assignments
  }
}

/// `update customers where … set f = EXPR, …`
package struct UpdateStatement: Sendable {
  /// Which records.
  package var target: ChangeTarget
  /// The values, at least one; each may use the record's fields as they were.
  package var assignments: [Assignment]

  /// Makes the statement.
  package init(target: ChangeTarget, assignments: [Assignment]) {
    self.target = target
    self.assignments = assignments
  }
}

/// `move customers where … to intensive_care [because "…"] [anyway]`
package struct MoveStatement: Sendable {
  /// Which records.
  package var target: ChangeTarget
  /// The choice they move to, a bare name or a text.
  package var to: Expression
  /// Why, a text.
  package var because: Expression?
  /// Where `anyway` stands, if it does.
  package var anywayRange: SourceRange?

  /// Makes the statement.
  package init(
    target: ChangeTarget, to: Expression, because: Expression?, anywayRange: SourceRange?
  ) {
    self.target = target
    self.to = to
    self.because = because
    self.anywayRange = anywayRange
  }
}

/// `delete customers where … [with related]`
package struct DeleteStatement: Sendable {
  /// Which records.
  package var target: ChangeTarget
  /// Whether the records that refer to them go too.
  package var isWithRelated: Bool

  /// Makes the statement.
  package init(target: ChangeTarget, isWithRelated: Bool) {
    self.target = target
    self.isWithRelated = isWithRelated
  }
}

/// `merge customer 42 into 41`
package struct MergeStatement: Sendable {
  /// The entity's singular name.
  package var entity: Name
  /// The key of the record that goes, a literal.
  package var from: Expression
  /// The key of the record that stays, a literal.
  package var into: Expression

  /// Makes the statement.
  package init(entity: Name, from: Expression, into: Expression) {
    self.entity = entity
    self.from = from
    self.into = into
  }
}

/// A file or folder that `save`, `backup`, `import all` or `export all` names.
package struct FileTarget: Sendable {
  /// The path as written.
  package var path: String
  /// Where it stands.
  package var range: SourceRange
  /// Whether `replace` follows.
  package var isReplacing: Bool

  /// Makes a target.
  package init(path: String, range: SourceRange, isReplacing: Bool = false) {
    self.path = path
    self.range = range
    self.isReplacing = isReplacing
  }
}
