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
  }

  /// Where the first difference is, as a position in the old text.
  let start: Int
  /// The lines; a line `…` stands for equal ones that are left out.
  let lines: [Line]

  /// Compares; nil when nothing differs.
  init?(from old: [String], to new: [String]) {
    let changes = new.map(Bytes.init).difference(from: old.map(Bytes.init))
    guard !changes.isEmpty else { return nil }
    let removed = Set(changes.removals.map(Self.offset))
    let inserted = Set(changes.insertions.map(Self.offset))
    var all: [Line] = []
    var (place, target) = (0, 0)
    var first: Int?
    while place < old.count || target < new.count {
      if removed.contains(place) {
        first = first ?? place
        all.append(Line(sign: "-", text: old[place]))
        place += 1
      } else if inserted.contains(target) {
        first = first ?? place
        all.append(Line(sign: "+", text: new[target]))
        target += 1
      } else {
        all.append(Line(sign: " ", text: old[place]))
        place += 1
        target += 1
      }
    }
    start = first ?? 0
    lines = Self.around(all)
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
  private struct Bytes: Hashable {
    let bytes: [UInt8]
    init(_ text: String) { bytes = Array(text.utf8) }
  }
}
