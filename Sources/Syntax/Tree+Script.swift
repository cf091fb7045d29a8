// The statements that scripts are made of.

/// `let name = EXPR`
package struct LetStatement: Sendable {
  /// The parameter, without `$`.
  package var name: Name
  /// Its value: an expression as in `calc`, or a period.
  package var value: Expression

  /// Makes a statement.
  package init(name: Name, value: Expression) {
    self.name = name
    self.value = value
  }
}

/// `expect EXPR OP EXPR because "…"`
package struct ExpectStatement: Sendable {
  /// The left side, as in `calc`.
  package var left: Expression
  /// How the sides must compare.
  package var comparison: ComparisonOperator
  /// The right side, as in `calc`.
  package var right: Expression
  /// Why, a text or a parameter.
  package var because: Expression

  /// Makes a statement.
  package init(
    left: Expression, comparison: ComparisonOperator, right: Expression, because: Expression
  ) {
    self.left = left
    self.comparison = comparison
    self.right = right
    self.because = because
  }
}

/// The dialects that `sql` writes.
package enum SQLDialect: String, CaseIterable, Sendable {
  case sqlite, duckdb, postgres, spark
}
