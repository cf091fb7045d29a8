// The statements that deal with what has been defined.

/// What can be defined.
package enum DefinedKind: String, CaseIterable, Sendable {
  case segment, field, standard, action, entity
}

/// A name of one of the kinds: two names for a field.
package struct DefinedName: Sendable {
  /// What it names.
  package var kind: DefinedKind
  /// The entity, of a field only.
  package var entity: Name?
  /// The name.
  package var name: Name

  /// Makes a name.
  package init(_ kind: DefinedKind, entity: Name? = nil, name: Name) {
    self.kind = kind
    self.entity = entity
    self.name = name
  }
}

/// `rename segment vip to gold`
package struct RenameStatement: Sendable {
  /// What gets another name.
  package var target: DefinedName
  /// The new name; of a field without its entity.
  package var to: Name

  /// Makes a statement.
  package init(target: DefinedName, to: Name) {
    self.target = target
    self.to = to
  }
}

/// `freeze segment vip as vip_2026q1`, `freeze it as rescue_50`, `freeze (customers …) as n`
package struct FreezeStatement: Sendable {
  /// The segment by name, `it` or a query.
  package var source: Source
  /// Where the source stands.
  package var sourceRange: SourceRange
  /// The new segment.
  package var name: Name

  /// Makes a statement.
  package init(source: Source, sourceRange: SourceRange, name: Name) {
    self.source = source
    self.sourceRange = sourceRange
    self.name = name
  }
}

/// `compare vip with at_risk`, `compare vip since start of month [into …]`
package struct CompareStatement: Sendable {
  /// With what.
  package enum Other: Sendable {
    /// Another source.
    case source(Source, range: SourceRange)
    /// The same source as it was on a day, or on a period's first day.
    case since(Expression)
  }

  /// What is compared.
  package var source: Source
  /// Where it stands.
  package var sourceRange: SourceRange
  /// With what.
  package var other: Other
  /// The file that the records who came or went are written to.
  package var into: IntoClause?

  /// Makes a statement.
  package init(source: Source, sourceRange: SourceRange, other: Other, into: IntoClause?) {
    self.source = source
    self.sourceRange = sourceRange
    self.other = other
    self.into = into
  }
}

/// One record by its key: `customer 42`.
package struct RecordName: Sendable {
  /// What one record of the entity is called.
  package var entity: Name
  /// The key, a literal or a parameter.
  package var key: Expression
  /// Where both stand.
  package var range: SourceRange

  /// Makes a name.
  package init(entity: Name, key: Expression, range: SourceRange) {
    self.entity = entity
    self.key = key
    self.range = range
  }
}

/// For whom `suggest actions` asks.
package enum SuggestionSubject: Sendable {
  /// `for customer 42`
  case record(RecordName)
  /// `for vip`, `for it`, `for (customers where …)`
  case source(Source, range: SourceRange)
}

/// `list segments [of customer 42]`, `list fields`, …
package struct ListStatement: Sendable {
  /// What is listed.
  package var kind: DefinedKind
  /// Only those that this record is in; of segments only.
  package var record: RecordName?

  /// Makes a statement.
  package init(kind: DefinedKind, record: RecordName?) {
    self.kind = kind
    self.record = record
  }
}
