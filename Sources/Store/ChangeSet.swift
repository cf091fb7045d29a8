/// What one changing statement did to the store, step by step: the journal makes it durable, undo
/// inverts it, `.changes` prints it.
///
/// A database that is recording adds a step for each of its changing calls; see
/// `Database+Change.swift`. Rows are row numbers of the entity's table and stay what they are: an
/// edited record keeps its row, a removed one leaves a dead row behind.
package struct ChangeSet: Sendable {
  /// One step. The inverse of each is another.
  package enum Step: Sendable {
    /// Rows were appended; their values are in the table.
    case append(EntityID, rows: Range<Int>)
    /// Cells of a stored field got other values: row *i* had `old[i]` and has `new[i]`. Each row once.
    case replace(EntityID, FieldID, rows: [Int32], old: Vector, new: Vector)
    /// Live rows became dead.
    case kill(EntityID, rows: [Int32])
    /// Dead rows became live again, with the values they had.
    case revive(EntityID, rows: [Int32])
    /// An entity was added (`old` nil), taken away (`new` nil), or its definition changed: fields
    /// added at the end or taken away there, or the type of the key of an empty entity.
    case define(EntityID, old: Entity?, new: Entity?)
    /// A segment, standard or action was added (`old` nil), taken away (`new` nil), or replaced.
    case name(old: Definition?, new: Definition?)
  }

  /// The steps in the order in which they were done.
  package private(set) var steps: [Step] = []

  /// Makes a change of nothing.
  package init() {}

  /// Whether nothing was done.
  package var isEmpty: Bool { steps.isEmpty }

  /// Adds a step that was done after the others.
  package mutating func add(_ step: Step) { steps.append(step) }

  /// Takes the last steps away.
  mutating func removeLast(_ count: Int) { steps.removeLast(count) }

  /// Adds the steps of a change that was made after this one.
  package mutating func add(_ later: ChangeSet) { steps += later.steps }

  /// The entities whose records it changed.
  package var entities: Set<EntityID> {
    var entities: Set<EntityID> = []
    for step in steps {
      switch step {
      case .append(let entity, _), .replace(let entity, _, _, _, _), .kill(let entity, _),
        .revive(let entity, _):
        entities.insert(entity)
      case .define, .name: break
      }
    }
    return entities
  }

  /// Bytes that the values and row numbers of the steps take, for the limit of undo.
  package var byteCount: Int {
    steps.reduce(0) { $0 + MemoryLayout<Step>.stride + $1.contentByteCount }
  }
}

extension ChangeSet.Step {
  /// Bytes outside the step itself.
  fileprivate var contentByteCount: Int {
    switch self {
    case .append: 0
    case .replace(_, _, let rows, let old, let new):
      rows.count * MemoryLayout<Int32>.stride + old.byteCount + new.byteCount
    case .kill(_, let rows), .revive(_, let rows): rows.count * MemoryLayout<Int32>.stride
    case .define(_, let old, let new): [old, new].reduce(0) { $0 + ($1?.byteCount ?? 0) }
    case .name(let old, let new): [old, new].reduce(0) { $0 + ($1?.byteCount ?? 0) }
    }
  }
}

extension Definition {
  /// Bytes its texts and keys take.
  fileprivate var byteCount: Int {
    let keyByteCount =
      switch members {
      case .integers(let keys)?: keys.count * MemoryLayout<Int64>.stride
      case .texts(let keys)?: keys.reduce(0) { $0 + MemoryLayout<String>.stride + $1.utf8.count }
      case nil: 0
      }
    return MemoryLayout<Definition>.stride + name.utf8.count + text.utf8.count + keyByteCount
  }
}

extension Vector {
  /// Bytes its arrays take.
  package var byteCount: Int {
    let valueByteCount =
      switch values {
      case .words(let words): words.count * MemoryLayout<Int64>.stride
      case .reals(let reals): reals.count * MemoryLayout<Double>.stride
      case .texts(let texts): texts.bytes.count + texts.ends.count * MemoryLayout<Int>.stride
      }
    return valueByteCount + known.count
  }
}

extension Entity {
  /// Bytes its fields take, long texts among them.
  fileprivate var byteCount: Int {
    fields.reduce(0) {
      $0 + MemoryLayout<Field>.stride + $1.name.utf8.count + ($1.expression?.utf8.count ?? 0)
    }
  }
}
