import Engine
import Store

/// The records of a store as plain arrays, for the naive interpreter.
package struct NaiveStore {
  /// The records of one entity, in the order they were added.
  package struct Table {
    /// One array a record, one cell a field. A reference's cell is the target's position here.
    package var records: [[Scalar]] = []
    /// Positions of records that are gone.
    package var dead: Set<Int> = []

    /// Makes an empty table.
    package init() {}
  }

  /// The entities.
  package let catalog: Catalog
  /// One table an entity.
  package var tables: [Table]
  /// The day that `today` is.
  package let today: Int

  /// Makes empty tables.
  package init(catalog: Catalog, today: Int) {
    self.catalog = catalog
    self.today = today
    tables = catalog.entities.map { _ in Table() }
  }
}

/// One row of a naive answer on its way: a record or a group.
struct NaiveRow {
  /// A record's position in its table; a group's position among the groups.
  var position: Int
  /// One cell a field, or one a column of the group.
  var cells: [Scalar]
  /// Values that depend on all rows, by index of `BoundQuery.perRow`.
  var perRow: [Int: Scalar] = [:]
}

/// The order of values: what `order by`, `min` and keys of groups go by.
enum NaiveOrder {
  /// Below 0, 0 or above 0; both are known.
  static func compare(_ a: Scalar, _ b: Scalar) -> Int {
    switch (a, b) {
    case (.word(let x), .word(let y)): x < y ? -1 : x > y ? 1 : 0
    case (.real(let x), .real(let y)): x < y ? -1 : x > y ? 1 : 0
    case (.text(let x), .text(let y)): compare(x, y)
    default: preconditionFailure("values of one type are compared")
    }
  }

  /// Texts: A–Z folded bytes, then bytes.
  static func compare(_ a: String, _ b: String) -> Int {
    func folded(_ text: String) -> [UInt8] {
      text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    }
    let (x, y) = (folded(a), folded(b))
    if x != y { return x.lexicographicallyPrecedes(y) ? -1 : 1 }
    let (p, q) = (Array(a.utf8), Array(b.utf8))
    return p == q ? 0 : p.lexicographicallyPrecedes(q) ? -1 : 1
  }

  /// Unknown is last whichever way.
  static func compare(_ a: Scalar, _ b: Scalar, isDescending: Bool) -> Int {
    switch (a.isKnown, b.isKnown) {
    case (false, false): return 0
    case (false, true): return 1
    case (true, false): return -1
    case (true, true): return isDescending ? -compare(a, b) : compare(a, b)
    }
  }
}
