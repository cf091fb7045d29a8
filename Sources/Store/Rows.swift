/// Which rows of a table one batch holds: at most 2,048, a run or a list.
package enum Rows: Sendable {
  /// Rows `base ..< base + count`.
  case run(base: Int, count: Int)
  /// These rows, in this order.
  case list([Int32])

  /// How many rows.
  package var count: Int {
    switch self {
    case .run(_, let count): count
    case .list(let rows): rows.count
    }
  }

  /// The row at an offset.
  package subscript(_ offset: Int) -> Int {
    switch self {
    case .run(let base, _): base + offset
    case .list(let rows): Int(rows[offset])
    }
  }
}

extension Rows {
  /// These rows, as a run where each follows on the one before it.
  package init(_ rows: ArraySlice<Int32>) {
    guard let first = rows.first, Int(rows[rows.endIndex - 1] &- first) == rows.count - 1 else {
      self = .list(Array(rows))
      return
    }
    let span = rows.span
    var difference: Int32 = 0
    for place in span.indices {
      difference |= span[place] ^ (first &+ Int32(truncatingIfNeeded: place))
    }
    self = difference == 0 ? .run(base: Int(first), count: rows.count) : .list(Array(rows))
  }
}

extension Rows {
  /// The rows that are in.
  package func compacted(by mask: Mask) -> Rows {
    if mask.isAllIn { return self }
    var offsets = mask.offsets
    switch self {
    case .run(let base, _):
      let base = Int32(truncatingIfNeeded: base)
      for i in offsets.indices { offsets[i] &+= base }
    case .list(let rows):
      for i in offsets.indices { offsets[i] = rows[Int(offsets[i])] }
    }
    return .list(offsets)
  }
}

extension Rows {
  /// The rows that a reference's vector points at, -1 where it is unknown or, with a mask, out; what
  /// `Column.load` takes to follow it.
  package init(following references: Vector, in mask: Mask? = nil) {
    guard case .words(let words) = references.values else {
      preconditionFailure("a reference is a vector of words")
    }
    let isIn = mask?.bytes ?? references.known
    var rows = [Int32](repeating: -1, count: words.count)
    for offset in words.indices {
      let isOut = Int32((references.known[offset] & isIn[offset]) >> 7) &- 1
      rows[offset] = Int32(truncatingIfNeeded: words[offset]) | isOut
    }
    self = .list(rows)
  }

  /// Adds the rows that are in to `list`.
  package func collect(in mask: Mask, into list: inout [Int32]) {
    switch self {
    case .run(let base, let count):
      if mask.isAllIn {
        list.append(contentsOf: Int32(base)..<Int32(base + count))
      } else {
        let start = Int32(base)
        for offset in mask.offsets { list.append(start &+ offset) }
      }
    case .list(let rows):
      if mask.isAllIn {
        list.append(contentsOf: rows)
      } else {
        for offset in mask.offsets { list.append(rows[Int(offset)]) }
      }
    }
  }
}
