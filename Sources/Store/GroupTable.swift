/// Numbers the distinct tuples of some key vectors, in the order first seen.
///
/// Texts are keys by their exact bytes; unknown is a key of its own; −0 is 0. Without keys there is
/// one group from the start. Keys whose words lie in small known ranges take a dense table, others
/// open addressing on tuples of words, with texts numbered first.
package final class GroupTable {
  /// The most entries of a dense table.
  package static let denseCountMax = 65_536

  private let keyTypes: [ValueType]
  private var dense: DenseKeys?
  private var tuples: TupleTable
  /// One per text key, nil for the others.
  private var interners: [TextInterner?]

  /// Makes an empty table.
  ///
  /// - Parameter domains: For each key the range its words lie in, nil where that is not known or
  ///   the key has no words. A value outside costs time, nothing else.
  package init(keyTypes: [ValueType], domains: [ClosedRange<Int64>?], budget: Budget) {
    precondition(keyTypes.count == domains.count, "every key has a domain or nil")
    self.keyTypes = keyTypes
    tuples = TupleTable(width: keyTypes.count + (keyTypes.count + 63) / 64, budget: budget)
    interners = keyTypes.map { $0 == .text ? TextInterner(budget: budget) : nil }
    dense = DenseKeys(domains)
  }

  /// Groups seen.
  package var groupCount: Int { keyTypes.isEmpty ? 1 : tuples.count }

  /// For each row 1 + its group; 0 for rows that are out.
  /// - Throws: `memoryLimit`.
  package func ids(of keys: [Vector], in mask: Mask) throws(StoreError) -> [Int32] {
    precondition(keys.count == keyTypes.count, "one vector a key")
    if keyTypes.isEmpty {
      var ids = [Int32](repeating: 0, count: mask.count)
      for i in ids.indices { ids[i] = Int32(truncatingIfNeeded: mask.bytes[i] >> 7) }
      return ids
    }
    if dense != nil, let ids = try denseIDs(keys, mask) { return ids }
    dense = nil
    return try hashedIDs(keys, mask)
  }

  /// The keys of all groups, one vector a key, in the order of the groups.
  /// - Throws: `interrupted`.
  package func keys() throws(StoreError) -> [Vector] {
    let (count, width) = (groupCount, tuples.width)
    return try keyTypes.indices.map { key throws(StoreError) in
      var words = [Int64](repeating: 0, count: count)
      var known = [UInt8](repeating: 0, count: count)
      try Cancellation.forEachChunk(of: 0..<count) { chunk in
        for group in chunk {
          let isKnown = tuples.words[group * width + keyTypes.count + key / 64] >> (key % 64) & 1
          known[group] = isKnown == 0 ? 0 : 0x80
          words[group] = tuples.words[group * width + key]
        }
      }
      if let interner = interners[key] {
        var block = TextBlock()
        block.ends.reserveCapacity(count)
        try Cancellation.forEachChunk(of: 0..<count) { chunk in
          for group in chunk {
            block.append(known[group] == 0 ? [] : interner.bytes(of: Int(words[group])))
          }
        }
        return Vector(texts: block, known: known)
      }
      if keyTypes[key] == .number {
        return Vector(reals: words.map { Double(bitPattern: UInt64(bitPattern: $0)) }, known: known)
      }
      return Vector(words: words, known: known)
    }
  }

  /// Takes another table's groups in.
  ///
  /// - Returns: At *i* + 1: 1 + the group here of group *i* there; at 0: 0, so that ids map too.
  /// - Throws: `memoryLimit`.
  package func merge(_ other: GroupTable) throws(StoreError) -> [Int32] {
    if keyTypes.isEmpty { return [0, 1] }
    let ids = try hashedIDs(try other.keys(), Mask(count: other.groupCount))
    dense?.forget()
    return [0] + ids
  }

  private func denseIDs(_ keys: [Vector], _ mask: Mask) throws(StoreError) -> [Int32]? {
    guard var table = dense.take(), let known = table.ids(of: keys, in: mask) else { return nil }
    var ids = known.ids
    if known.isMissing, let codes = table.codes(of: keys, in: mask) {
      for i in ids.indices where mask.bytes[i] != 0 && ids[i] == 0 {
        let code = Int(codes[i])
        if table.ids[code] == 0 { table.ids[code] = try group(of: keys, at: i) + 1 }
        ids[i] = table.ids[code]
      }
    }
    dense = table
    return ids
  }

  /// The group of one row, made if it is new: how a dense table learns a code.
  private func group(of keys: [Vector], at offset: Int) throws(StoreError) -> Int32 {
    let single = keys.map { $0.gathered([Int32(offset)]) }
    return try hashedIDs(single, Mask(count: 1))[0] - 1
  }

  private func hashedIDs(_ keys: [Vector], _ mask: Mask) throws(StoreError) -> [Int32] {
    let width = tuples.width
    var rows = [Int64](repeating: 0, count: mask.count * width)
    for key in keys.indices {
      let known = keys[key].known
      let codes = try codes(of: keys[key], key: key, in: mask)
      for i in 0..<mask.count { rows[i &* width &+ key] = codes[i] }
      let (place, bit) = (keys.count + key / 64, key % 64)
      for i in 0..<mask.count {
        rows[i &* width &+ place] |= Int64(truncatingIfNeeded: known[i] >> 7) << bit
      }
    }
    return try tuples.ids(of: rows, in: mask)
  }

  private func codes(
    of vector: Vector, key: Int, in mask: Mask
  ) throws(StoreError) -> [Int64] {
    switch vector.values {
    case .words(let words): return words
    case .reals(let reals):
      return reals.map { Int64(bitPattern: ($0 == 0 ? 0 : $0).bitPattern) }
    case .texts(let texts):
      guard var interner = interners[key].take() else {
        preconditionFailure("texts are given where the key's type is text")
      }
      defer { interners[key] = interner }
      var codes = [Int64](repeating: 0, count: vector.count)
      try Cancellation.forEachChunk(of: codes.indices) { chunk throws(StoreError) in
        for i in chunk where vector.known[i] & mask.bytes[i] != 0 {
          codes[i] = try interner.code(of: texts, at: i)
        }
      }
      return codes
    }
  }
}

/// A table from the combined code of small keys to ids.
private struct DenseKeys {
  /// 1 + group, 0 where none is known yet.
  var ids: [Int32]
  private let domains: [ClosedRange<Int64>]

  /// Nil when a domain is missing or there are too many codes.
  init?(_ domains: [ClosedRange<Int64>?]) {
    var product = 1
    var ranges: [ClosedRange<Int64>] = []
    for domain in domains {
      guard let domain else { return nil }
      let (span, isOver) = domain.upperBound.subtractingReportingOverflow(domain.lowerBound)
      guard !isOver, span < GroupTable.denseCountMax else { return nil }
      product *= Int(span) + 2
      guard product <= GroupTable.denseCountMax else { return nil }
      ranges.append(domain)
    }
    self.domains = ranges
    ids = [Int32](repeating: 0, count: product)
  }

  /// Forgets all ids; they are found again by their keys.
  mutating func forget() { ids = [Int32](repeating: 0, count: ids.count) }

  /// The ids known so far, 0 for rows that are out, and whether a row has none yet; nil when a row
  /// that is in has a value outside its domain.
  func ids(of keys: [Vector], in mask: Mask) -> (ids: [Int32], isMissing: Bool)? {
    if keys.count == 1 { return ids(of: keys[0], in: mask) }
    guard let codes = codes(of: keys, in: mask) else { return nil }
    var result = [Int32](repeating: 0, count: mask.count)
    var isMissing: UInt8 = 0
    for i in result.indices {
      let id = ids[Int(codes[i])]
      result[i] = id & Int32(truncatingIfNeeded: Vector.ones(mask.bytes[i]))
      isMissing |= id == 0 ? mask.bytes[i] : 0
    }
    return (result, isMissing != 0)
  }

  /// The same for one key, in one pass.
  private func ids(of vector: Vector, in mask: Mask) -> (ids: [Int32], isMissing: Bool)? {
    guard case .words(let words) = vector.values else { return nil }
    let base = domains[0].lowerBound
    let span = UInt64(domains[0].upperBound &- base)
    let (known, included) = (vector.known, mask.bytes)
    var result = [Int32](repeating: 0, count: mask.count)
    var isOutside: UInt8 = 0
    var isMissing: UInt8 = 0
    if mask.isAllIn, Mask(known).isAllIn {
      for i in 0..<result.count {
        let distance = UInt64(bitPattern: words[i] &- base)
        isOutside |= distance > span ? 1 : 0
        let id = ids[distance > span ? 0 : Int(truncatingIfNeeded: distance) &+ 1]
        isMissing |= id == 0 ? 1 : 0
        result[i] = id
      }
      return isOutside == 0 ? (result, isMissing != 0) : nil
    }
    for i in 0..<result.count {
      let distance = UInt64(bitPattern: words[i] &- base)
      let usable = known[i] & included[i]
      isOutside |= distance > span ? usable : 0
      let code = distance > span || usable == 0 ? 0 : Int(truncatingIfNeeded: distance) &+ 1
      let id = ids[code]
      isMissing |= id == 0 ? included[i] : 0
      result[i] = included[i] == 0 ? 0 : id
    }
    return isOutside == 0 ? (result, isMissing != 0) : nil
  }

  /// The code of each row; nil when a row that is in has a value outside its domain.
  func codes(of keys: [Vector], in mask: Mask) -> [Int64]? {
    var codes = [Int64](repeating: 0, count: mask.count)
    var isOutside: UInt8 = 0
    for (vector, domain) in zip(keys, domains) {
      guard case .words(let words) = vector.values else { return nil }
      let (base, span) = (domain.lowerBound, UInt64(domain.upperBound &- domain.lowerBound))
      let factor = Int64(span) + 2
      for i in 0..<codes.count {
        let distance = words[i] &- base
        let isIn: Int64 = UInt64(bitPattern: distance) <= span ? -1 : 0
        let known = vector.known[i] & mask.bytes[i]
        isOutside |= known & (isIn == 0 ? 0x80 : 0)
        codes[i] = codes[i] &* factor &+ ((distance &+ 1) & isIn & Vector.ones(known))
      }
    }
    return isOutside == 0 ? codes : nil
  }
}
