extension Formatter {
  /// Writes a statement that changes records.
  mutating func writeChange(_ statement: Statement) {
    switch statement.kind {
    case .add(let add):
      word("add \(Self.name(add.entity.text))")
      write(add.assignments)
    case .update(let update):
      word("update")
      write(update.target)
      word("set")
      write(update.assignments)
    case .move(let move):
      word("move")
      write(move.target, before: .to)
      word("to")
      write(move.to)
      if let because = move.because {
        word("because")
        write(because)
      }
      if move.anywayRange != nil { word("anyway") }
    case .delete(let delete):
      word("delete")
      write(delete.target)
      if delete.isWithRelated { word("with related") }
    case .merge(let merge):
      word("merge \(Self.name(merge.entity.text))")
      write(merge.from)
      word("into")
      write(merge.into)
    default: break
    }
  }

  /// Writes a statement that carries the whole store.
  mutating func writeCarrying(_ statement: Statement) {
    switch statement.kind {
    case .importAll(let file): word("import all from \(Self.quoted(file.path))")
    case .exportAll(let folder):
      word("export all to")
      write(folder)
    case .save(let file):
      word("save")
      if let file { write(file) }
    case .backup(let file):
      word("backup to")
      write(file)
    default: break
    }
  }

  /// The name of an entity where `all` would be the word.
  static func spelled(entity: Name) -> String {
    Keyword(word: entity.text) == .all ? "`\(entity.text)`" : name(entity.text)
  }

  /// Writes which records; `keyword` follows them.
  private mutating func write(_ target: ChangeTarget, before keyword: Keyword? = nil) {
    switch target.kind {
    case .it: word("it")
    case .matching(let name, let filter):
      word("\(Self.spelled(entity: name)) where")
      if keyword == .to, Self.takesTo(filter.condition) {
        bracket(filter.condition)
      } else {
        write(filter.condition)
      }
    case .all(let name): word("all \(Self.name(name.text))")
    case .key(let name, let key):
      word(Self.spelled(entity: name))
      write(key)
    }
  }

  private mutating func write(_ assignments: [Assignment]) {
    for (place, assignment) in assignments.enumerated() {
      if place > 0 { output += "," }
      word("\(Self.name(assignment.field.text)) =")
      if case .unknown = assignment.value.kind {
        word("unknown")
      } else {
        writeValue(assignment.value)
      }
    }
  }

  private mutating func write(_ file: FileTarget) {
    word(Self.quoted(file.path))
    if file.isReplacing { word("replace") }
  }
}
