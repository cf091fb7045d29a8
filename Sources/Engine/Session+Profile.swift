import Store
import Syntax

extension Session {
  /// `profile customer 42`: all about one record, or the records that the name may mean.
  ///
  /// - Parameter showsEveryField: Whether of several records every stored field is wanted.
  func profile(
    _ profile: ProfileStatement, _ statement: Statement, showsEveryField: Bool
  ) throws(Failure) -> Answer {
    let asked = try asked(statement)
    var binder = binder(for: asked)
    if let clause = profile.asOf {
      binder.scope = Scope(.store)
      binder.bindAsOf(clause)
      try binder.finish()
    }
    let inquiry = inquiry()
    let subject = ProfileSubject(inquiry: inquiry, statement: profile, parameters: parameters)
    switch try subject.find() {
    case .several(let query, let note):
      var several = asked
      several.statement = Statement(.find(query), range: statement.range)
      var answer = try ask(several, showsEveryField)
      answer.notes.append(note)
      return answer
    case .record(let entity, let key):
      let day = binder.asOf ?? asked.today
      let seen = inquiry.pinned(to: day)
      let profile = Profile(
        inquiry: seen, ownInquiry: binder.asOf == nil ? inquiry : seen, id: entity, key: key,
        day: day)
      if binder.asOf != nil { try profile.requirePresence(at: statement.range) }
      var answer = Answer(sections: [try profile.section { self.seen($0, of: profile.entity) }])
      if let day = binder.asOf { answer.notes.append(.asOf(day: day)) }
      return answer
    }
  }
}

extension Profile {
  /// Refuses a record that was not there on the day.
  fileprivate func requirePresence(at range: SourceRange) throws(Failure) {
    guard try ask("\(recordText) show count()").count(0) == 0 else { return }
    throw Failure(
      ProfileReason.notYet(
        singular: entity.singular, key: key.keyText,
        day: ExpressionText.text(.word(Int64(day)), .date)), at: range)
  }
}
