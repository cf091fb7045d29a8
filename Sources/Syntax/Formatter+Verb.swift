extension Formatter {
  /// Writes the call of an analytic verb.
  mutating func write(_ call: VerbCall) {
    word(call.verb.rawValue)
    if case .named(let name) = call.source {
      word(Self.spelled(plain: name.text))
    } else {
      write(call.source)
    }
    if let events = call.events { write(events) }
    if let asOf = call.asOf { write(asOf) }
    if let period = call.period { write(period) }
    if let filter = call.filter {
      word("where")
      write(filter.condition)
    }
    write(call.options)
    if call.summaryRange != nil { word("summary") }
  }

  /// Writes `profile customer 42`.
  mutating func write(_ profile: ProfileStatement) {
    word("profile \(Self.name(profile.entity.text))")
    write(profile.subject)
    if let asOf = profile.asOf { write(asOf) }
  }

  private mutating func write(_ events: EventsClause) {
    word("of \(Self.name(events.name.text)) by")
    writeValues(events.fields)
  }

  private mutating func write(_ asOf: AsOfClause) {
    word("as of")
    writeValue(asOf.day)
  }

  private mutating func write(_ options: VerbOptions) {
    switch options {
    case .rfm(let bins, let nested, let counting):
      write("bins", bins)
      if nested != nil { word("nested") }
      if counting != nil { word("counting orders") }
    case .pareto(let measure, let share):
      write("by", measure)
      write("at", share)
    case .cohort(let cohort): write(cohort)
    case .funnel(let steps, let length):
      word("through")
      for (place, step) in steps.enumerated() {
        if place > 0 { output += "," }
        write(step.relation)
      }
      write("within", length)
    case .moments(let key), .gap(let key): write("by", key)
    case .cover(let key): write("by", key)
    case .risk(let checked):
      if let checked {
        word("checked")
        write(checked)
      }
    case .forecast(let forecast): write(forecast)
    case .transitions, .ladder: break
    }
  }

  private mutating func write(_ cohort: CohortOptions) {
    word("by \(cohort.unit.rawValue)")
    if let events = cohort.events {
      word("over")
      write(events)
    }
    if cohort.measure != .members { word("of \(cohort.measure.rawValue)") }
    if cohort.unboundedRange != nil { word("unbounded") }
  }

  private mutating func write(_ forecast: ForecastOptions) {
    write("over", forecast.over)
    if forecast.mbgRange != nil { word("with mbg") }
    if let discount = forecast.discount {
      write("discount", discount)
      word("a year")
    }
    if forecast.checkRange != nil { word("check") }
  }

  private mutating func write(_ relation: QualifiedRelation) {
    word(Self.name(relation.name.text))
    guard let condition = relation.condition else { return }
    word("where")
    bracket(condition)
  }

  private mutating func write(_ option: String, _ value: Expression?) {
    guard let value else { return }
    word(option)
    writeValue(value)
  }

  private mutating func writeValues(_ values: [Expression]) {
    for (place, value) in values.enumerated() {
      if place > 0 { output += "," }
      writeValue(value)
    }
  }
}
