import Store

/// The rows that meet every condition, tested in order; a batch with none left is passed over.
final class Filter: Operator {
  private let input: any Operator
  private let conditions: [Condition]
  private let execution: Execution
  private let relation: Relation
  private let evaluator: Evaluator

  init(
    _ input: any Operator, _ conditions: [Condition], _ execution: Execution,
    over relation: Relation
  ) {
    self.input = input
    self.conditions = conditions
    self.execution = execution
    self.relation = relation
    self.evaluator = Evaluator(execution, over: relation)
  }

  var isAscending: Bool { input.isAscending }

  func next() throws(StoreError) -> Batch? {
    search: while var batch = try input.next() {
      for condition in conditions {
        try keep(condition, &batch)
        if batch.mask.isNoneIn { continue search }
      }
      return batch
    }
    return nil
  }

  private func keep(_ condition: Condition, _ batch: inout Batch) throws(StoreError) {
    switch condition.form {
    case .test(let field, let test):
      relation.column(field).keep(test, of: batch.rows, in: &batch.mask)
    case .testNot(let field, let test):
      var passed = batch.mask
      relation.column(field).keep(test, of: batch.rows, in: &passed)
      batch.mask.subtract(passed)
    case .general:
      try evaluator.keep(condition.expression, batch.rows, in: &batch.mask)
    }
  }

  func split() -> (any Operator, any Operator)? {
    guard let (first, second) = input.split() else { return nil }
    return (
      Filter(first, conditions, execution, over: relation),
      Filter(second, conditions, execution, over: relation)
    )
  }
}
