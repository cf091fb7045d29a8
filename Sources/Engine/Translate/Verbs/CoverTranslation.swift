import Store

/// `cover` in SQL: the customers with their groups, who counts as an employee of which group, and both
/// sides of each group.
extension Cover: SQLAnalysis {
  var rowOrder: [AnalysisOrder] { [AnalysisOrder(column: "group", isDescending: false)] }

  var mayOrderBeUnknown: Bool { true }

  func rows(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let customers = try customers(verb)
    return try groups(customers, employees(customers, verb), verb)
  }

  func headline(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    let customers = try customers(verb)
    let employees = try employees(customers, verb)
    let groups = try groups(customers, employees, verb)
    let counted = verb.translation.written(verb.subjectCount())
    let heads = "(SELECT count(DISTINCT employee) FROM \(employees))"
    let value = "coalesce((SELECT round(sum(value), 2) FROM \(customers)), 0)"
    func sum(_ column: String, _ condition: String) -> String {
      "coalesce(sum(\(column)) FILTER (WHERE \(condition)), 0)"
    }
    return verb.define(
      "headline",
      [
        ("count(*)", "groups"), ("coalesce(sum(\(counted)), 0)", verb.subjectCount()),
        (heads, "employees"), (verb.ratio("coalesce(sum(\(counted)), 0)", heads), "per_head"),
        (verb.writer.mean(value, heads).text, "value_per_head"),
        (sum(counted, "employees = 0"), "uncovered"),
        (sum("employees", "\(counted) = 0"), "idle"),
      ], from: groups)
  }

  private func customers(_ verb: VerbTranslation) throws(TranslateReason) -> String {
    try verb.values("held", [(0, VerbGroups.column), (1, "employee"), (2, "value")])
  }

  /// Each employee once in each group in which he or she owns a customer, and in that of the own value.
  private func employees(
    _ customers: String, _ verb: VerbTranslation
  ) throws(TranslateReason) -> String {
    let part = VerbGroups.column
    var text = """
      SELECT DISTINCT
        \(part),
        employee
      FROM \(customers)
      WHERE employee IS NOT NULL
      """
    if let others = verb.bound.others.first {
      let select = Select(from: nil)
      let row = verb.translation.records(of: others.entity, in: select)
      select.columns = [
        (try verb.writer.value(others.values[0], row).text, nil),
        (verb.translation.key(of: others.entity, in: row.alias), nil),
      ]
      for condition in others.present?.conjuncts ?? [] {
        select.conditions.append(try verb.writer.condition(condition, row))
      }
      text += "\nUNION\n\(select.text)"
    }
    return verb.translation.define(text, named: verb.translation.unused("heads"))
  }

  /// Both sides counted. Without a customer nothing comes in, whoever might own one.
  private func groups(
    _ customers: String, _ employees: String, _ verb: VerbTranslation
  ) throws(TranslateReason) -> String {
    let part = VerbGroups.column
    let sides = verb.translation.define(
      """
      SELECT \(part), 1 AS customers, 0 AS employees, value
      FROM \(customers)
      UNION ALL
      SELECT \(part), 0, 1, NULL
      FROM \(employees)
      WHERE EXISTS (SELECT 1 FROM \(customers))
      """, named: verb.translation.unused("sides"))
    let value = "coalesce(round(sum(value), 2), 0)"
    return verb.define(
      "cover",
      [
        (part, "group"), ("sum(customers)", verb.subjectCount()), ("sum(employees)", "employees"),
        (verb.ratio("sum(customers)", "sum(employees)"), "per_head"),
        (verb.writer.mean(value, "sum(employees)").text, "value_per_head"),
      ], from: sides, by: [part])
  }
}
