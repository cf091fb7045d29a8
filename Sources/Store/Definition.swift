/// What a user gave a name to beside entities and their fields: a segment, a standard or an action.
package struct Definition: Hashable, Sendable {
  /// What it is. Segments and frozen segments share their names.
  package enum Kind: String, CaseIterable, Sendable {
    /// A condition on the records of an entity, always current.
    case segment
    /// Records of an entity as they were chosen once.
    case frozen
    /// A measure, what it has to reach, and by when.
    case standard
    /// What to do about records that fulfil a condition.
    case action
  }

  /// What it is.
  package var kind: Kind
  /// As declared; names ignore case.
  package var name: String
  /// What stands for it, in rapport's language, bound whenever it is used; of a frozen segment, what
  /// was frozen.
  package var text: String
  /// The plural name of the entity whose records it is about; nil for a standard.
  package var entity: String?
  /// Of a frozen segment, the keys of its records.
  package var members: RecordKeys?
  /// The day on which it was defined, in days since 1970-01-01.
  package var created: Int

  /// Makes a definition.
  package init(
    _ kind: Kind, _ name: String, text: String, entity: String? = nil,
    members: RecordKeys? = nil, created: Int
  ) {
    self.kind = kind
    self.name = name
    self.text = text
    self.entity = entity
    self.members = members
    self.created = created
  }

  /// Whether both have one name and cannot stand beside each other.
  package func hasName(of other: Definition) -> Bool { isNamed(other.kind, other.name) }

  /// Whether it is the definition of that kind and name, ignoring case.
  func isNamed(_ kind: Kind, _ name: String) -> Bool {
    kind.shelf == self.kind.shelf
      && Folding.fold(name).utf8.elementsEqual(Folding.fold(self.name).utf8)
  }

  /// Whether it comes before another one in a list: by kind, then by name.
  func comes(before other: Definition) -> Bool {
    if kind.shelf != other.kind.shelf { return kind.shelf < other.kind.shelf }
    return Folding.fold(name).utf8.lexicographicallyPrecedes(Folding.fold(other.name).utf8)
  }
}

extension Definition.Kind {
  /// Where its names must differ.
  fileprivate var shelf: Int {
    switch self {
    case .segment, .frozen: 0
    case .standard: 1
    case .action: 2
    }
  }
}

/// The keys of some records of an entity, ascending.
package enum RecordKeys: Hashable, Sendable {
  case integers([Int64])
  case texts([String])

  /// How many.
  package var count: Int {
    switch self {
    case .integers(let keys): keys.count
    case .texts(let keys): keys.count
    }
  }

  /// The keys as values of their field.
  package var scalars: [Scalar] {
    switch self {
    case .integers(let keys): keys.map { .word($0) }
    case .texts(let keys): keys.map { .text($0) }
    }
  }

  /// Takes the known keys of a vector.
  package init(_ keys: Vector) {
    switch keys.values {
    case .texts(let texts):
      self = .texts(
        (0..<keys.count).filter { keys.known[$0] != 0 }.map { texts[$0] }
          .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    case .words(let words):
      self = .integers((0..<keys.count).filter { keys.known[$0] != 0 }.map { words[$0] }.sorted())
    case .reals: preconditionFailure("a key is an integer or a text")
    }
  }
}

extension Catalog {
  /// The segment, frozen or not, the standard or the action of that name, ignoring case.
  package func definition(_ kind: Definition.Kind, named name: String) -> Definition? {
    definitions.first { $0.isNamed(kind, name) }
  }

  /// The definitions of a kind, by name; `.segment` are also the frozen ones.
  package func definitions(of kind: Definition.Kind) -> [Definition] {
    definitions.filter { $0.isNamed(kind, $0.name) }
  }

  /// Takes the place of `old` by `new`; without `old` it is added, without `new` taken away.
  package mutating func replace(_ old: Definition?, by new: Definition?) {
    if let old { definitions.removeAll { $0.hasName(of: old) } }
    guard let new else { return }
    precondition(
      !definitions.contains { $0.hasName(of: new) }, "another definition has that name")
    let place = definitions.firstIndex { new.comes(before: $0) } ?? definitions.count
    definitions.insert(new, at: place)
  }
}
