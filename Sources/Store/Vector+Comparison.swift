extension Vector {
  /// How two vectors compare.
  package enum Comparison: Sendable, CaseIterable {
    /// Texts fold case.
    case equal
    /// Texts by their bytes.
    case equalExactly
    /// Texts by the order of texts.
    case less, lessOrEqual, greater, greaterOrEqual
  }

  /// Clears in `mask` the rows where a side is unknown or the comparison is false.
  package func keep(_ comparison: Comparison, _ other: Vector, in mask: inout Mask) {
    precondition(count == mask.count && other.count == mask.count, "one batch, one length")
    mask.formAnd(Mask(knownIn: self))
    mask.formAnd(Mask(knownIn: other))
    switch (values, other.values) {
    case (.words(let a), .words(let b)): Self.keep(comparison, a, b, in: &mask.bytes)
    case (.reals(let a), .reals(let b)): Self.keep(comparison, a, b, in: &mask.bytes)
    case (.texts(let a), .texts(let b)): Self.keep(comparison, a, b, in: &mask.bytes)
    default: preconditionFailure("both sides of a comparison have one type")
    }
  }

  private static func keep<Value: Comparable>(
    _ comparison: Comparison, _ a: [Value], _ b: [Value], in mask: inout [UInt8]
  ) {
    switch comparison {
    case .equal, .equalExactly:
      for i in mask.indices { mask[i] &= a[i] == b[i] ? 0x80 : 0 }
    case .less: for i in mask.indices { mask[i] &= a[i] < b[i] ? 0x80 : 0 }
    case .lessOrEqual: for i in mask.indices { mask[i] &= a[i] <= b[i] ? 0x80 : 0 }
    case .greater: for i in mask.indices { mask[i] &= a[i] > b[i] ? 0x80 : 0 }
    case .greaterOrEqual: for i in mask.indices { mask[i] &= a[i] >= b[i] ? 0x80 : 0 }
    }
  }

  private static func keep(
    _ comparison: Comparison, _ a: TextBlock, _ b: TextBlock, in mask: inout [UInt8]
  ) {
    let (x, y) = (a.bytes.span, b.bytes.span)
    for i in mask.indices where mask[i] != 0 {
      let left = x.extracting(a.range(of: i))
      let right = y.extracting(b.range(of: i))
      let passes =
        switch comparison {
        case .equal: Folding.foldedEqual(left, right)
        case .equalExactly: TextOrder.compare(left, right) == 0
        case .less: TextOrder.compare(left, right) < 0
        case .lessOrEqual: TextOrder.compare(left, right) <= 0
        case .greater: TextOrder.compare(left, right) > 0
        case .greaterOrEqual: TextOrder.compare(left, right) >= 0
        }
      mask[i] = passes ? 0x80 : 0
    }
  }
}

extension Vector {
  /// Clears in `mask` every row that does not pass `test`. An unknown value passes only `.unknown`.
  package func keep(_ test: ColumnTest, in mask: inout Mask) {
    precondition(count == mask.count, "one batch, one length")
    if case .unknown = test {
      mask.subtract(Mask(knownIn: self))
      return
    }
    mask.formAnd(Mask(knownIn: self))
    switch test {
    case .known, .unknown: break
    case .words(let range):
      let (lower, upper) = (range.lowerBound, range.upperBound)
      keep(words, in: &mask) { (lower <= $0 ? 0x80 : 0) & ($0 <= upper ? 0x80 : 0) }
    case .wordSet(let set):
      // Hashing costs more than a few comparisons.
      if set.count == 1, let only = set.first {
        keep(words, in: &mask) { $0 == only ? 0x80 : 0 }
      } else if set.count == 2, let first = set.min(), let second = set.max() {
        keep(words, in: &mask) { $0 == first || $0 == second ? 0x80 : 0 }
      } else {
        keep(words, in: &mask) { set.contains($0) ? 0x80 : 0 }
      }
    case .reals(let lower, let isLowerOpen, let upper, let isUpperOpen):
      let least = isLowerOpen ? lower.nextUp : lower
      let most = isUpperOpen ? upper.nextDown : upper
      let isEmpty = lower > upper || isLowerOpen && lower == .infinity
      if isEmpty || isUpperOpen && upper == -.infinity {
        mask = Mask(count: count, isIn: false)
        return
      }
      keep(reals, in: &mask) { (least <= $0 ? 0x80 : 0) & ($0 <= most ? 0x80 : 0) }
    case .realSet(let set): keep(reals, in: &mask) { set.contains($0) ? 0x80 : 0 }
    case .text(let test):
      let block = texts
      let bytes = block.bytes.span
      for i in mask.bytes.indices where mask.bytes[i] != 0 {
        mask.bytes[i] = test.passes(bytes.extracting(block.range(of: i))) ? 0x80 : 0
      }
    }
  }

  @inline(__always)
  private func keep<Value>(
    _ values: [Value], in mask: inout Mask, _ passes: (Value) -> UInt8
  ) {
    for i in mask.bytes.indices { mask.bytes[i] &= passes(values[i]) }
  }
}

extension Vector {
  /// How one text may stand to another; case is folded.
  package enum TextRelation: Sendable, CaseIterable {
    case contains, startsWith, endsWith, hasWord
  }

  /// Clears in `mask` the rows where a side is unknown or the relation does not hold.
  package func keep(_ relation: TextRelation, _ other: Vector, in mask: inout Mask) {
    precondition(count == mask.count && other.count == mask.count, "one batch, one length")
    mask.formAnd(Mask(knownIn: self))
    mask.formAnd(Mask(knownIn: other))
    let (whole, part) = (lowered().texts, other.lowered().texts)
    let (x, y) = (whole.bytes.span, part.bytes.span)
    for i in mask.bytes.indices where mask.bytes[i] != 0 {
      let text = x.extracting(whole.range(of: i))
      let needle = y.extracting(part.range(of: i))
      let passes =
        switch relation {
        case .contains: TextSearch.firstOffset(of: needle, in: text, from: 0) != nil
        case .startsWith: TextSearch.isAt(0, in: text, needle)
        case .endsWith: TextSearch.isAt(text.count - needle.count, in: text, needle)
        case .hasWord: TextSearch.hasWord(needle, in: text)
        }
      mask.bytes[i] = passes ? 0x80 : 0
    }
  }
}
