extension Vector {
  /// The rows of the vector that are in, one after the other.
  package func compacted(by mask: Mask) -> Vector {
    precondition(mask.count == count, "a mask belongs to its batch")
    return mask.isAllIn ? self : gathered(mask.offsets)
  }

  /// The values at these offsets, in this order; -1 gives unknown.
  package func gathered(_ offsets: [Int32]) -> Vector {
    switch values {
    case .words(let words):
      let (values, known) = gather(words, 0, offsets)
      return Vector(words: values, known: known)
    case .reals(let reals):
      let (values, known) = gather(reals, 0, offsets)
      return Vector(reals: values, known: known)
    case .texts(let texts):
      var block = TextBlock()
      var known = [UInt8](repeating: 0, count: offsets.count)
      block.ends.reserveCapacity(offsets.count)
      for (i, offset) in offsets.enumerated() {
        if offset >= 0 {
          known[i] = self.known[Int(offset)]
          block.append(texts.bytes[texts.range(of: Int(offset))])
        } else {
          block.append([])
        }
      }
      return Vector(texts: block, known: known)
    }
  }

  /// The same for any number of offsets.
  ///
  /// - Throws: `interrupted`.
  package func gatheredInChunks(_ offsets: [Int32]) throws(StoreError) -> Vector {
    guard offsets.count > Limits.chunkRowCount else { return gathered(offsets) }
    var result = gathered([])
    try Cancellation.forEachChunk(of: offsets.indices) { chunk in
      result.append(gathered(Array(offsets[chunk])))
    }
    return result
  }

  /// Adds another vector of the same form at the end.
  package mutating func append(_ other: Vector) {
    known.append(contentsOf: other.known)
    switch other.values {
    case .words(let added):
      var mine = takeWords()
      mine.append(contentsOf: added)
      values = .words(mine)
    case .reals(let added):
      var mine = takeReals()
      mine.append(contentsOf: added)
      values = .reals(mine)
    case .texts(let added):
      var mine = takeTexts()
      let base = mine.bytes.count
      mine.bytes.append(contentsOf: added.bytes)
      mine.ends.append(contentsOf: added.ends.lazy.map { $0 + base })
      values = .texts(mine)
    }
  }

  // Each takes the array out, so that the caller is its only owner and appends in place.

  private mutating func takeWords() -> [Int64] {
    let taken = words
    values = .words([])
    return taken
  }

  private mutating func takeReals() -> [Double] {
    let taken = reals
    values = .reals([])
    return taken
  }

  private mutating func takeTexts() -> TextBlock {
    let taken = texts
    values = .texts(TextBlock())
    return taken
  }

  private func gather<Value>(
    _ source: [Value], _ empty: Value, _ offsets: [Int32]
  ) -> ([Value], [UInt8]) {
    var values = [Value](repeating: empty, count: offsets.count)
    var known = [UInt8](repeating: 0, count: offsets.count)
    for i in offsets.indices where offsets[i] >= 0 {
      values[i] = source[Int(offsets[i])]
      known[i] = self.known[Int(offsets[i])]
    }
    return (values, known)
  }
}
