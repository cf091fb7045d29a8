/// What has been changed since `beginChange`, and how to take it back.
struct ChangeRecording {
  /// How one call is taken back: the tables as they were, as far as they cannot be worked out.
  enum Taking {
    case append(EntityID, Table.Checkpoint)
    /// An empty table that another one replaced.
    case table(EntityID, Table)
    case replace(EntityID, FieldID, ReplacedCells)
    case kill(EntityID, [Int32])
    case revive(EntityID, [Int32])
    case added
    case removed(Entity, Table)
    case defined(EntityID, Entity, [Column?])
    case named([Definition])
  }

  /// The steps so far.
  private(set) var change = ChangeSet()
  /// What takes back what was done, in the order in which it was done.
  private(set) var takings: [Taking] = []
  /// The change of which all steps here are the opposite, if that is what they are.
  var reverted: ChangeSet?

  /// Adds what one call did.
  mutating func add(_ steps: [ChangeSet.Step], _ taking: Taking) {
    for step in steps { change.add(step) }
    takings.append(taking)
    reverted = nil
  }

  /// Adds a recording that was made inside this one.
  mutating func add(_ inner: ChangeRecording) {
    takings += inner.takings
    if let undone = inner.reverted, change.removeLast(undone) { return }
    reverted = change.isEmpty ? inner.reverted : nil
    change.add(inner.change)
  }
}

extension ChangeSet {
  /// Takes away the steps of `last` if these are the last ones.
  fileprivate mutating func removeLast(_ last: ChangeSet) -> Bool {
    guard steps.count >= last.steps.count,
      zip(steps.suffix(last.steps.count), last.steps).allSatisfy({ $0.isSame(as: $1) })
    else { return false }
    removeLast(last.steps.count)
    return true
  }
}

extension ChangeSet.Step {
  /// Whether both did the same to the same rows.
  fileprivate func isSame(as other: ChangeSet.Step) -> Bool {
    switch (self, other) {
    case (.append(let a, let rows), .append(let b, let others)): a == b && rows == others
    case (
      .replace(let a, let f, let rows, let x, let y),
      .replace(let b, let g, let others, let z, let w)
    ):
      a == b && f == g && rows == others && x.isSame(as: z) && y.isSame(as: w)
    case (.kill(let a, let rows), .kill(let b, let others)): a == b && rows == others
    case (.revive(let a, let rows), .revive(let b, let others)): a == b && rows == others
    case (.define(let a, let x, let y), .define(let b, let z, let w)): a == b && x == z && y == w
    case (.name(let x, let y), .name(let z, let w)): x == z && y == w
    default: false
    }
  }
}

extension Vector {
  /// Whether both hold the same; arrays that are one and the same are not looked through.
  fileprivate func isSame(as other: Vector) -> Bool {
    guard known == other.known else { return false }
    return switch (values, other.values) {
    case (.words(let a), .words(let b)): a == b
    case (.reals(let a), .reals(let b)): a == b
    case (.texts(let a), .texts(let b)): a.ends == b.ends && a.bytes == b.bytes
    default: false
    }
  }
}
