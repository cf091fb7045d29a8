extension Formatter {
  /// Writes a statement that deals with what is defined.
  mutating func writeDefinition(_ statement: Statement) {
    switch statement.kind {
    case .define(let define):
      word(define.isRedefinition ? "redefine" : "define")
      write(define.definition)
    case .rename(let rename):
      word("rename")
      write(rename.target)
      word("to \(Self.name(rename.to.text))")
    case .drop(let target):
      word("drop")
      write(target)
    case .freeze(let freeze):
      word("freeze")
      if case .named = freeze.source { word("segment") }
      write(freeze.source)
      word("as \(Self.spelled(alias: freeze.name.text))")
    case .compare(let compare):
      word("compare")
      write(compare.source)
      switch compare.other {
      case .source(let other, range: _):
        word("with")
        write(other)
      case .since(let day):
        word("since")
        writeValue(day)
      }
      if let into = compare.into { write(into) }
    case .checkStandards(let into):
      word("check standards")
      if let into { write(into) }
    case .suggestActions(let subject, let into):
      word("suggest actions")
      if let subject { write(subject) }
      if let into { write(into) }
    case .list(let list):
      word("list \(list.kind.plural)")
      if let record = list.record {
        word("of")
        write(record)
      }
    default: break
    }
  }

  /// Writes a statement that scripts are made of.
  mutating func writeScripted(_ statement: Statement) {
    switch statement.kind {
    case .letParameter(let assignment):
      word("let \(Self.name(assignment.name.text)) =")
      write(assignment.value)
    case .include(let file): word("include \(Self.quoted(file.path))")
    case .expect(let expectation):
      word("expect")
      writeValue(expectation.left)
      word(expectation.comparison.rawValue)
      writeValue(expectation.right)
      word("because")
      write(expectation.because)
    case .sql(let dialect, let inner):
      word("sql")
      if let dialect { word("for \(dialect.rawValue)") }
      write(inner)
    default: break
    }
  }

  private mutating func write(_ definition: DefineStatement.Definition) {
    switch definition {
    case .segment(let segment):
      word("segment \(Self.name(segment.name.text)) as")
      write(segment.query, countsBy: false)
    case .computedField(let field):
      word("field \(Self.name(field.entity.text)).\(Self.name(field.name.text)) as")
      write(field.expression)
    case .storedField(let field):
      word("field \(Self.name(field.entity.text)).\(Self.name(field.name.text))")
      write(field.type)
    case .standard(let standard):
      word("standard \(Self.name(standard.name.text)) as")
      write(standard)
    case .action(let action):
      word("action \(Self.name(action.name.text))")
      write(action)
    case .entity(let entity):
      word("entity \(Self.name(entity.name.text)) (")
      for (place, field) in entity.fields.enumerated() {
        if place > 0 { output += "," }
        word(Self.name(field.name.text))
        write(field.type)
      }
      output += ")"
    }
  }

  private mutating func write(_ type: WrittenType) {
    switch type {
    case .text: word("text")
    case .money: word("money")
    case .number: word("number")
    case .integer: word("integer")
    case .date: word("date")
    case .time: word("time")
    case .flag: word("flag")
    case .choice(let names, let isOrdered):
      word("choice(\(names.map { Self.spelledChoice($0.text) }.joined(separator: ", ")))")
      if isOrdered { word("ordered") }
    case .reference(let entity): word("to \(Self.name(entity.text))")
    }
  }

  private mutating func write(_ standard: StandardDefinition) {
    writeValue(standard.measure)
    word(standard.comparison.rawValue)
    writeValue(standard.target)
    word("by")
    writeValue(standard.by)
    if let agreed = standard.agreed {
      word("agreed")
      write(agreed)
    }
  }

  private mutating func write(_ action: ActionDefinition) {
    if let entity = action.entity { word("for \(Self.name(entity.text))") }
    word("when")
    write(action.condition)
    word("priority")
    write(action.priority)
    word("say")
    write(action.say)
  }

  private mutating func write(_ name: DefinedName) {
    word(name.kind.rawValue)
    if let entity = name.entity {
      word("\(Self.name(entity.text)).\(Self.name(name.name.text))")
    } else {
      word(Self.name(name.name.text))
    }
  }

  private mutating func write(_ record: RecordName) {
    word(Self.name(record.entity.text))
    write(record.key)
  }

  private mutating func write(_ subject: SuggestionSubject) {
    word("for")
    switch subject {
    case .record(let record): write(record)
    case .source(let source, range: _): write(source)
    }
  }
}

extension DefinedKind {
  /// The word for several.
  package var plural: String { self == .entity ? "entities" : "\(rawValue)s" }
}
