// Lists of words that grow by parts of a batch.

extension Array where Element: FixedWidthInteger {
  /// Adds words at the end: those at some offsets, or all.
  ///
  /// - Parameters:
  ///   - offsets: Which of the words, in this order; nil for all.
  ///   - known: Where given, 0 for a word that is unknown.
  ///   - unknown: What stands for an unknown word.
  @inlinable
  package mutating func append<Word: FixedWidthInteger>(
    words: [Word], known: [UInt8]? = nil, unknown: Element = 0, at offsets: [Int32]?
  ) {
    let start = count
    append(contentsOf: repeatElement(0, count: offsets?.count ?? words.count))
    let source = words.span
    var target = mutableSpan
    if let offsets {
      for place in offsets.indices {
        target[start &+ place] = Element(truncatingIfNeeded: source[Int(offsets[place])])
      }
    } else {
      for place in source.indices {
        target[start &+ place] = Element(truncatingIfNeeded: source[place])
      }
    }
    guard let known else { return }
    let isKnown = known.span
    if let offsets {
      for place in offsets.indices where isKnown[Int(offsets[place])] == 0 {
        target[start &+ place] = unknown
      }
    } else {
      for place in isKnown.indices where isKnown[place] == 0 { target[start &+ place] = unknown }
    }
  }
}
