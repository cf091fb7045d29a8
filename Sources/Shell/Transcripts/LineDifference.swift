/// What differs between two texts, line by line: lines that are gone after `-`, new ones after `+`, and
/// a few equal ones around them.
struct LineDifference {
  /// Equal lines shown around a difference.
  static let contextCount = 2

  /// One line.
  struct Line: Hashable {
    /// `-`, `+` or a space.
    var sign: Character
    var text: String

    init(sign: Character, text: String) { (self.sign, self.text) = (sign, text) }

    fileprivate init(_ sign: Character, _ text: Bytes) { self.init(sign: sign, text: text.text) }
  }

  /// Where the first difference is, as a position in the old text.
  let start: Int
  /// The lines; a line `…` stands for equal ones that are left out.
  let lines: [Line]

  /// The most lines of both texts that are compared for the fewest changes, which takes time by the
  /// square; longer ones are compared line by line.
  private static let lineCountMax = 4_000
  /// The most lines that are told.
  private static let toldLineCountMax = 200

  /// Compares; nil when nothing differs.
  init?(from old: [String], to new: [String]) {
    let (old, new) = (old.map(Bytes.init), new.map(Bytes.init))
    let start = zip(old, new).prefix { $0 == $1 }.count
    guard start < old.count || start < new.count else { return nil }
    let rest = (old.dropFirst(start), new.dropFirst(start))
    let end = zip(rest.0.reversed(), rest.1.reversed()).prefix { $0 == $1 }.count
    let middle = (Array(rest.0.dropLast(end)), Array(rest.1.dropLast(end)))
    let isShort = middle.0.count + middle.1.count <= Self.lineCountMax
    var all = old.prefix(start).suffix(Self.contextCount).map { Line(" ", $0) }
    all +=
      isShort
      ? Self.fewestChanges(from: middle.0, to: middle.1)
      : Self.lineByLine(from: middle.0, to: middle.1)
    all += old.suffix(end).prefix(Self.contextCount).map { Line(" ", $0) }
    self.start = start
    lines = Self.told(Self.around(all))
  }

  private static func fewestChanges(from old: [Bytes], to new: [Bytes]) -> [Line] {
    let changes = new.difference(from: old)
    let removed = Set(changes.removals.map(offset))
    let inserted = Set(changes.insertions.map(offset))
    var lines: [Line] = []
    var (place, target) = (0, 0)
    while place < old.count || target < new.count {
      if removed.contains(place) {
        lines.append(Line("-", old[place]))
        place += 1
      } else if inserted.contains(target) {
        lines.append(Line("+", new[target]))
        target += 1
      } else {
        lines.append(Line(" ", old[place]))
        place += 1
        target += 1
      }
    }
    return lines
  }

  private static func lineByLine(from old: [Bytes], to new: [Bytes]) -> [Line] {
    var lines: [Line] = []
    for (old, new) in zip(old, new) {
      lines += old == new ? [Line(" ", old)] : [Line("-", old), Line("+", new)]
    }
    let shared = min(old.count, new.count)
    lines += old.dropFirst(shared).map { Line("-", $0) }
    return lines + new.dropFirst(shared).map { Line("+", $0) }
  }

  private static func told(_ lines: [Line]) -> [Line] {
    let left = lines.count - toldLineCountMax
    guard left > 1 else { return lines }
    let end = Line(sign: " ", text: "… \(ValueText.grouped(left)) more lines")
    return lines.prefix(toldLineCountMax) + [end]
  }

  /// The lines near a difference.
  private static func around(_ all: [Line]) -> [Line] {
    let changed = all.indices.filter { all[$0].sign != " " }
    var near = Set<Int>()
    for place in changed {
      near.formUnion(max(0, place - contextCount)...min(all.count - 1, place + contextCount))
    }
    var lines: [Line] = []
    var last = -1
    for place in near.sorted() {
      if place > last + 1, last >= 0 { lines.append(Line(sign: " ", text: "…")) }
      lines.append(all[place])
      last = place
    }
    return lines
  }

  private static func offset(of change: CollectionDifference<Bytes>.Change) -> Int {
    switch change {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }

  /// Text that equals another byte for byte only.
  fileprivate struct Bytes: Hashable {
    let bytes: [UInt8]
    var text: String { String(decoding: bytes, as: UTF8.self) }
    init(_ text: String) { bytes = Array(text.utf8) }
  }
}
