extension Vector {
  /// The offset of the first known value that does not pass, nil when all do.
  package func firstOffset(failing test: ColumnTest) -> Int? {
    var passed = Mask(knownIn: self)
    let all = passed
    keep(test, in: &passed)
    return passed.inverted(within: all).firstOffsetIn
  }

  /// The offset of the first text longer than this many bytes, nil when none is.
  package func firstOffset(longerThan byteCountMax: Int) -> Int? {
    guard case .texts(let block) = values, block.bytes.count > byteCountMax else { return nil }
    return (0..<block.count).first { block.range(of: $0).count > byteCountMax }
  }
}

extension Mask {
  /// The first row in, nil when none is.
  package var firstOffsetIn: Int? { bytes.firstIndex { $0 != 0 } }
}
