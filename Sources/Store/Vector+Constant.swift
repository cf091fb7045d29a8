extension Vector {
  /// `count` times one value. `type` decides the form of an unknown.
  package init(repeating value: Scalar, as type: ValueType, count: Int) {
    switch value {
    case .unknown: self.init(unknown: type, count: count)
    case .word(let word): self.init(words: [Int64](repeating: word, count: count))
    case .real(let real): self.init(reals: [Double](repeating: real, count: count))
    case .text(let text):
      var block = TextBlock()
      let bytes = Array(text.utf8)
      block.bytes.reserveCapacity(bytes.count * count)
      block.ends.reserveCapacity(count)
      for _ in 0..<count { block.append(bytes[...]) }
      self.init(texts: block)
    }
  }

  /// `count` unknown values.
  package init(unknown type: ValueType, count: Int) {
    let known = [UInt8](repeating: 0, count: count)
    switch type {
    case .text:
      var block = TextBlock()
      block.ends = [Int](repeating: 0, count: count)
      self.init(texts: block, known: known)
    case .number: self.init(reals: [Double](repeating: 0, count: count), known: known)
    case .choice, .money, .integer, .date, .time, .flag, .reference:
      self.init(words: [Int64](repeating: 0, count: count), known: known)
    }
  }

  /// 1 where the mask is in, else 0; all known.
  package init(flags mask: Mask) {
    self.init(words: mask.bytes.map { Int64($0 >> 7) })
  }
}
