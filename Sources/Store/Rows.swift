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
