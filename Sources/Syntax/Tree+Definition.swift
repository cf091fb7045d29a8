// What `define` gives a name to.

/// `define …`, or `redefine …`, which replaces what there is.
package struct DefineStatement: Sendable {
  /// What is defined.
  package enum Definition: Sendable {
    /// `segment vip as customers where value >= 10k`
    case segment(SegmentDefinition)
    /// `field customers.margin as value - cost`
    case computedField(ComputedFieldDefinition)
    /// `field customers.source text`
    case storedField(StoredFieldDefinition)
    /// `standard fast_fix as …`
    case standard(StandardDefinition)
    /// `action call_owner when …`
    case action(ActionDefinition)
    /// `entity deals (…)`
    case entity(EntityDefinition)
  }

  /// Whether it is `redefine`.
  package var isRedefinition: Bool
  /// What is defined.
  package var definition: Definition

  /// Makes a statement.
  package init(isRedefinition: Bool, _ definition: Definition) {
    self.isRedefinition = isRedefinition
    self.definition = definition
  }
}

/// `segment vip as customers where value >= 10k`
package struct SegmentDefinition: Sendable {
  /// The segment.
  package var name: Name
  /// What is in it.
  package var query: Query
  /// The query as written; it reads back after `find` and after `define segment … as`.
  package var text: String

  /// Makes a definition.
  package init(name: Name, query: Query, text: String) {
    self.name = name
    self.query = query
    self.text = text
  }
}

/// `field customers.margin as value - cost`
package struct ComputedFieldDefinition: Sendable {
  /// The entity, as written.
  package var entity: Name
  /// The field.
  package var name: Name
  /// Its value.
  package var expression: Expression
  /// The expression as written; it reads back after `calc`.
  package var text: String

  /// Makes a definition.
  package init(entity: Name, name: Name, expression: Expression, text: String) {
    self.entity = entity
    self.name = name
    self.expression = expression
    self.text = text
  }
}

/// The type of a stored field, as written.
package enum WrittenType: Sendable {
  /// `text`
  case text
  /// `money`
  case money
  /// `number`
  case number
  /// `integer`
  case integer
  /// `date`
  case date
  /// `time`
  case time
  /// `flag`
  case flag
  /// `choice(a, "b c", …) [ordered]`; a name that stood in quotes is marked as quoted.
  case choice([Name], isOrdered: Bool)
  /// `to customers`
  case reference(Name)
}

/// `field customers.source text`
package struct StoredFieldDefinition: Sendable {
  /// The entity, as written.
  package var entity: Name
  /// The field.
  package var name: Name
  /// What it holds.
  package var type: WrittenType
  /// Where the type stands.
  package var typeRange: SourceRange

  /// Makes a definition.
  package init(entity: Name, name: Name, type: WrittenType, typeRange: SourceRange) {
    self.entity = entity
    self.name = name
    self.type = type
    self.typeRange = typeRange
  }
}

/// `entity deals (name text, amount money, customer to customers)`
package struct EntityDefinition: Sendable {
  /// One field.
  package struct Field: Sendable {
    /// Its name.
    package var name: Name
    /// What it holds.
    package var type: WrittenType
    /// Where the type stands.
    package var typeRange: SourceRange

    /// Makes a field.
    package init(name: Name, type: WrittenType, typeRange: SourceRange) {
      self.name = name
      self.type = type
      self.typeRange = typeRange
    }
  }

  /// What all its records are called.
  package var name: Name
  /// The fields, at least one.
  package var fields: [Field]

  /// Makes a definition.
  package init(name: Name, fields: [Field]) {
    self.name = name
    self.fields = fields
  }
}

/// `standard fast_fix as median(complaints.days_to_resolve) <= 5 by 2026-12-31 agreed "…"`
package struct StandardDefinition: Sendable {
  /// The standard.
  package var name: Name
  /// What is measured, over the whole store as `calc` does.
  package var measure: Expression
  /// How the measure must compare with the target.
  package var comparison: ComparisonOperator
  /// What is to be reached.
  package var target: Expression
  /// By when, a date.
  package var by: Expression
  /// Who agreed, a text or a parameter.
  package var agreed: Expression?
  /// All from the measure on, as written.
  package var text: String

  /// Makes a definition.
  package init(
    name: Name, measure: Expression, comparison: ComparisonOperator, target: Expression,
    by: Expression, agreed: Expression?, text: String
  ) {
    self.name = name
    self.measure = measure
    self.comparison = comparison
    self.target = target
    self.by = by
    self.agreed = agreed
    self.text = text
  }
}

/// `action call_owner [for customers] when C priority 1 say "Call within a day"`
package struct ActionDefinition: Sendable {
  /// The action.
  package var name: Name
  /// Whose records it is about; customers when absent.
  package var entity: Name?
  /// When it is suggested.
  package var condition: Expression
  /// How urgent, a whole number or a parameter; 1 comes first.
  package var priority: Expression
  /// What is suggested, a text or a parameter.
  package var say: Expression
  /// All behind the name, as written.
  package var text: String

  /// Makes a definition.
  package init(
    name: Name, entity: Name?, condition: Expression, priority: Expression, say: Expression,
    text: String
  ) {
    self.name = name
    self.entity = entity
    self.condition = condition
    self.priority = priority
    self.say = say
    self.text = text
  }
}
