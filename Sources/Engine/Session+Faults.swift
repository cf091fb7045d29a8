import Syntax

extension Session {
  /// What running a statement would be refused for by its names and types alone, for colouring while
  /// it is typed. Nothing is loaded, asked or changed; a parameter without a value is no fault, as
  /// it is asked for.
  package func faults(in statement: Statement) -> [Diagnostic] {
    do throws(Failure) {
      switch statement.kind {
      case .find, .count, .calc:
        guard !statement.saysIt else { return [] }
        _ = try bind(AskedStatement(statement: statement, today: clock.today, seed: 0))
      case .refine(let rounds):
        let asked = try refined(by: rounds, at: statement.range)
        guard !asked.statement.saysIt else { return [] }
        _ = try bind(asked)
      case .explain(let explanation): return faults(in: explanation.statement)
      case .sql(_, let inner): return faults(in: inner)
      default: break
      }
      return []
    } catch {
      return error.diagnostics.filter { $0.code != "unknown-parameter" }
    }
  }
}
