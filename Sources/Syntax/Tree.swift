// The syntax tree of statements and queries. Expressions are in Tree+Expression.swift.
// Every node keeps the range it was read from; two trees mean the same when they format alike.

/// A name as written, without its backticks.
package struct Name: Hashable, Sendable {
  /// The name's text; names ignore case, so compare `folded`.
  package var text: String
  /// Whether it stood in backticks.
  package var isQuoted: Bool
  /// Where it stood, backticks included.
  package var range: SourceRange

  /// The name with its letters made small, as names are compared.
  package var folded: String { text.lowercased() }

  /// Makes a name.
  package init(_ text: String, isQuoted: Bool = false, range: SourceRange) {
    self.text = text
    self.isQuoted = isQuoted
    self.range = range
  }
}

/// One statement.
package struct Statement: Sendable {
  /// The kinds of statement.
  package indirect enum Kind: Sendable {
    /// `find customers where …`; `rfm customers …`, whose query reads a verb and is written without
    /// `find`
    case find(Query)
    /// `count customers where … by stage`
    case count(CountStatement)
    /// `calc sum(orders.revenue in 2025) as revenue, …`
    case calc([NamedExpression])
    /// `describe customers`, `describe functions`, `describe`, `describe segment vip`
    case describe(DefinedKind?, [Name])
    /// `explain find …`, `explain analyze find …`, `explain in sql find …`
    case explain(ExplainStatement)
    /// `import customers from "f.csv" …`
    case importFile(ImportStatement)
    /// `import all from "shop.db"`, or from a folder of CSV files
    case importAll(FileTarget)
    /// `export all to "folder" [replace]`
    case exportAll(FileTarget)
    /// `add customer name = "Acme"`
    case add(AddStatement)
    /// `update customers where … set …`
    case update(UpdateStatement)
    /// `move customers where … to intensive_care because "…"`
    case move(MoveStatement)
    /// `delete customers where … [with related]`
    case delete(DeleteStatement)
    /// `merge customer 42 into 41`
    case merge(MergeStatement)
    /// `undo`
    case undo
    /// `begin`, `commit`, `rollback`
    case begin, commit, rollback
    /// `save`, `save "file" [replace]`
    case save(FileTarget?)
    /// `backup to "file" [replace]`
    case backup(FileTarget)
    /// `then where …`: rounds that refine the last answer.
    case refine([Round])
    /// `define segment vip as …`, `redefine …`
    case define(DefineStatement)
    /// `rename segment vip to gold`
    case rename(RenameStatement)
    /// `drop segment vip`
    case drop(DefinedName)
    /// `freeze segment vip as vip_2026q1`
    case freeze(FreezeStatement)
    /// `compare vip with at_risk`, `compare vip since start of month`
    case compare(CompareStatement)
    /// `check standards [into …]`
    case checkStandards(into: IntoClause?)
    /// `suggest actions [for …] [into …]`
    case suggestActions(SuggestionSubject?, into: IntoClause?)
    /// `list segments`, `list segments of customer 42`
    case list(ListStatement)
    /// `let name = EXPR`
    case letParameter(LetStatement)
    /// `include "common.crm"`
    case include(FileTarget)
    /// `expect EXPR OP EXPR because "…"`
    case expect(ExpectStatement)
    /// `sql [for duckdb] find …`
    case sql(SQLDialect?, Statement)
    /// `profile customer 42`
    case profile(ProfileStatement)
  }

  /// What it is.
  package var kind: Kind
  /// From its first to its last token.
  package var range: SourceRange

  /// Makes a statement.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// `SOURCE [window]` and one or more rounds of clauses, separated by `then`.
package struct Query: Sendable {
  /// What is read.
  package var source: Source
  /// The window on the source's own time field.
  package var window: Window?
  /// `as of D`
  package var asOf: AsOfClause?
  /// The rounds, at least one; the first may be empty.
  package var rounds: [Round]
  /// From the source to the last clause.
  package var range: SourceRange

  /// Makes a query.
  package init(
    source: Source, window: Window?, asOf: AsOfClause? = nil, rounds: [Round], range: SourceRange
  ) {
    self.source = source
    self.window = window
    self.asOf = asOf
    self.rounds = rounds
    self.range = range
  }
}

/// `as of D`
package struct AsOfClause: Sendable {
  /// The day, an expression.
  package var day: Expression
  /// From the word `as`.
  package var range: SourceRange

  /// Makes the clause.
  package init(day: Expression, range: SourceRange) {
    self.day = day
    self.range = range
  }
}

/// What a query reads.
package indirect enum Source: Sendable {
  /// An entity or a segment by name.
  case named(Name)
  /// `it`, the last answer; where the word stands.
  case it(SourceRange)
  /// A query in brackets, without `find`.
  case query(Query)
  /// `rfm customers …`: what an analytic verb finds out. The query around it has neither a window
  /// nor `as of`, and in its first round at most `into`: all else is the verb's.
  case verb(VerbCall)
}

/// The clauses between two `then`s, each at most once.
package struct Round: Sendable {
  /// `where C`
  package var filter: FilterClause?
  /// `group by K [as n], …`
  package var group: GroupClause?
  /// `show E [as n], …`
  package var show: ShowClause?
  /// `order by …`, or `top|bottom N by …`
  package var order: OrderClause?
  /// `sample N|P% [seed S]`
  package var sample: SampleClause?
  /// `limit N [offset M]`
  package var limit: LimitClause?
  /// `into "file" [replace|append]`
  package var into: IntoClause?

  /// Makes a round without clauses.
  package init() {}
}

/// `where C`
package struct FilterClause: Sendable {
  /// The condition.
  package var condition: Expression
  /// From the word `where`.
  package var range: SourceRange

  /// Makes the clause.
  package init(condition: Expression, range: SourceRange) {
    self.condition = condition
    self.range = range
  }
}

/// An expression with an optional alias.
package struct NamedExpression: Sendable {
  /// What is computed.
  package var expression: Expression
  /// The name after `as`.
  package var alias: Name?

  /// Makes a named expression.
  package init(_ expression: Expression, alias: Name? = nil) {
    self.expression = expression
    self.alias = alias
  }
}

/// `group by K [as n], … [across K [as n]]`
package struct GroupClause: Sendable {
  /// The keys, at least one.
  package var keys: [NamedExpression]
  /// The key whose values become columns.
  package var across: NamedExpression?
  /// From the word `group`.
  package var range: SourceRange

  /// Makes the clause.
  package init(keys: [NamedExpression], across: NamedExpression? = nil, range: SourceRange) {
    self.keys = keys
    self.across = across
    self.range = range
  }
}

/// `show E [as n], … [with total]`
package struct ShowClause: Sendable {
  /// The columns, at least one.
  package var columns: [NamedExpression]
  /// Where `with total` stands, if it does.
  package var totalRange: SourceRange?
  /// From the word `show`.
  package var range: SourceRange

  /// Makes the clause.
  package init(
    columns: [NamedExpression], totalRange: SourceRange? = nil, range: SourceRange
  ) {
    self.columns = columns
    self.totalRange = totalRange
    self.range = range
  }
}

/// `order by K [desc], …` or `top|bottom N by E [per K, …]`
package struct OrderClause: Sendable {
  /// One key of `order by`.
  package struct Key: Sendable {
    /// What is compared.
    package var expression: Expression
    /// Whether `desc` follows.
    package var isDescending: Bool

    /// Makes a key.
    package init(_ expression: Expression, isDescending: Bool) {
      self.expression = expression
      self.isDescending = isDescending
    }
  }

  /// The two forms.
  package enum Kind: Sendable {
    /// `order by …`
    case by([Key])
    /// `top N by E per …`, `bottom N by E per …`
    case ranked(isTop: Bool, count: Expression, by: Expression, per: [Expression])
  }

  /// Which form.
  package var kind: Kind
  /// From the first word.
  package var range: SourceRange

  /// Makes the clause.
  package init(_ kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}

/// `sample N|P% [seed S]`
package struct SampleClause: Sendable {
  /// A number literal: a count, or a share when it is a percentage; or a parameter.
  package var amount: Expression
  /// The seed, drawn when absent.
  package var seed: Expression?
  /// From the word `sample`.
  package var range: SourceRange

  /// Makes the clause.
  package init(amount: Expression, seed: Expression?, range: SourceRange) {
    self.amount = amount
    self.seed = seed
    self.range = range
  }
}

/// `limit N [offset M]`
package struct LimitClause: Sendable {
  /// A count literal or a parameter.
  package var count: Expression
  /// Rows skipped first.
  package var offset: Expression?
  /// From the word `limit`.
  package var range: SourceRange

  /// Makes the clause.
  package init(count: Expression, offset: Expression?, range: SourceRange) {
    self.count = count
    self.offset = offset
    self.range = range
  }
}

/// `into "file" [replace|append]`
package struct IntoClause: Sendable {
  /// What happens when the file exists.
  package enum Mode: Sendable {
    /// Nothing was written: an existing file is an error.
    case create
    /// `replace`
    case replace
    /// `append`
    case append
  }

  /// The file's path as written.
  package var path: String
  /// Where the path stands.
  package var pathRange: SourceRange
  /// What happens when the file exists.
  package var mode: Mode
  /// From the word `into`.
  package var range: SourceRange

  /// Makes the clause.
  package init(path: String, pathRange: SourceRange, mode: Mode, range: SourceRange) {
    self.path = path
    self.pathRange = pathRange
    self.mode = mode
    self.range = range
  }
}

/// `explain [analyze] [in sql [for DIALECT]] STATEMENT`
package struct ExplainStatement: Sendable {
  /// `in sql [for DIALECT]`
  package struct SQLForm: Sendable {
    /// The dialect; SQLite when absent.
    package var dialect: SQLDialect?

    /// Makes the form.
    package init(dialect: SQLDialect?) { self.dialect = dialect }
  }

  /// Whether the statement is run for its figures.
  package var isAnalyze: Bool
  /// Whether the statement of SQL is shown too.
  package var sql: SQLForm?
  /// What is explained.
  package var statement: Statement

  /// Makes the statement.
  package init(isAnalyze: Bool, sql: SQLForm?, _ statement: Statement) {
    self.isAnalyze = isAnalyze
    self.sql = sql
    self.statement = statement
  }
}

/// `count SOURCE [window] [where C] [by K, …] [into …] [then …]`: short for the grouped count.
package struct CountStatement: Sendable {
  /// The source, its window and the rounds; the first round holds only `filter`, `group` and `into`,
  /// where `group` was written as `by`.
  package var query: Query

  /// Makes the statement.
  package init(query: Query) {
    self.query = query
  }
}

/// `import NAME from "file" …`
package struct ImportStatement: Sendable {
  /// `map "Header" to field ("Lead" = recruitment, …)`
  package struct Mapping: Sendable {
    /// The header as it stands in the file.
    package var header: String
    /// Where the header stands in the statement.
    package var headerRange: SourceRange
    /// The field it becomes.
    package var field: Name
    /// Spellings in the file and the choice each means.
    package var choices: [(spelling: String, choice: Name)]

    /// Makes a mapping.
    package init(
      header: String, headerRange: SourceRange, field: Name,
      choices: [(spelling: String, choice: Name)]
    ) {
      self.header = header
      self.headerRange = headerRange
      self.field = field
      self.choices = choices
    }
  }

  /// `with reference field to entity [adding]`
  package struct Reference: Sendable {
    /// The column, by its header or its field's name.
    package var field: Name
    /// The entity it refers to.
    package var entity: Name
    /// Whether a value not found becomes a bare record.
    package var isAdding: Bool

    /// Makes a reference.
    package init(field: Name, entity: Name, isAdding: Bool) {
      self.field = field
      self.entity = entity
      self.isAdding = isAdding
    }
  }

  /// What a row that cannot be taken does.
  package enum ErrorPolicy: Sendable {
    /// Nothing is imported.
    case stop
    /// The row is left out and written to a file of rejected rows.
    case skip
  }

  /// How `01/02/2024` is read.
  package enum DateOrder: Sendable {
    /// `dates day_first`
    case dayFirst
    /// `dates month_first`
    case monthFirst
  }

  /// How `1.234` and `1,234` are read.
  package enum DecimalMark: Sendable {
    /// `decimal point`
    case point
    /// `decimal comma`
    case comma
  }

  /// The entity, built-in or new.
  package var entity: Name
  /// The file's path as written.
  package var path: String
  /// Where the path stands.
  package var pathRange: SourceRange
  /// `matching email`
  package var matching: Name?
  /// `map …`
  package var mappings: [Mapping]
  /// `with reference …`
  package var references: [Reference]
  /// `on error stop|skip`
  package var errorPolicy: ErrorPolicy
  /// `unknown "N/A", "?"`: further marks of an unknown value.
  package var unknownMarks: [String]
  /// `encoding "windows-1252"`
  package var encoding: String?
  /// Where the encoding stands.
  package var encodingRange: SourceRange?
  /// `dates day_first|month_first`
  package var dateOrder: DateOrder?
  /// `decimal point|comma`
  package var decimalMark: DecimalMark?

  /// Makes an import without options.
  package init(entity: Name, path: String, pathRange: SourceRange) {
    self.entity = entity
    self.path = path
    self.pathRange = pathRange
    self.mappings = []
    self.references = []
    self.errorPolicy = .stop
    self.unknownMarks = []
  }
}
