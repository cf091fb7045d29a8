import Store
import Syntax

extension Session {
  /// `sql [for DIALECT] …`: a query as one statement of SQL over the tables of a data file. It is
  /// bound and written, not run.
  func translate(
    _ statement: Statement, into dialect: SQLDialect, _ showsEveryField: Bool
  ) throws(Failure) -> Answer {
    let asked =
      if case .refine(let rounds) = statement.kind {
        try refined(by: rounds, at: statement.range)
      } else {
        try asked(statement)
      }
    let query = try bind(asked, showsEveryField: showsEveryField)
    var answer = Answer(sections: [])
    answer.text = try translation(of: query, into: dialect, at: statement.range)
    return answer
  }

  /// A query as one statement of SQL.
  func translation(
    of query: BoundQuery, into dialect: SQLDialect, at range: SourceRange
  ) throws(Failure) -> String {
    try Translator(catalog: database.catalog, dialect: dialect, names: file?.tableNames)
      .statement(query, at: range)
  }
}
