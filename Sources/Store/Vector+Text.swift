extension Vector {
  /// Small letters, by the pairs of `Folding`.
  package func lowered() -> Vector { mapped { Folding.fold($0, into: &$1) } }

  /// Capitals, by the pairs of `Folding`.
  package func uppered() -> Vector { mapped { Folding.raise($0, into: &$1) } }

  /// Without white space at both ends.
  package func trimmed() -> Vector {
    mapped { text, result in
      var (start, end) = (0, text.count)
      while start < end {
        let scalar = UTF8Scalar(text, at: start)
        guard scalar.isSpace else { break }
        start += scalar.byteCount
      }
      while start < end {
        let scalar = UTF8Scalar(text, before: end)
        guard scalar.isSpace else { break }
        end -= scalar.byteCount
      }
      for i in start..<end { result.append(text[i]) }
    }
  }

  /// The characters of each text, counted as Unicode scalars: an accent written as a character of
  /// its own counts. Integers.
  package func scalarCounts() -> Vector {
    let block = texts
    var counts = [Int64](repeating: 0, count: count)
    for i in counts.indices {
      var total: Int64 = 0
      for place in block.range(of: i) { total &+= block.bytes[place] & 0xC0 == 0x80 ? 0 : 1 }
      counts[i] = total
    }
    return Vector(words: counts, known: known)
  }

  /// Both texts in one; unknown where a side is or the row is out.
  package static func joined(_ a: Vector, _ b: Vector, in mask: Mask) -> Vector {
    let known = knownInBoth(a, b, mask)
    let (x, y) = (a.texts, b.texts)
    var block = TextBlock()
    block.bytes.reserveCapacity(x.bytes.count + y.bytes.count)
    block.ends.reserveCapacity(known.count)
    for i in known.indices {
      if known[i] != 0 {
        block.bytes.append(contentsOf: x.bytes[x.range(of: i)])
        block.append(y.bytes[y.range(of: i)])
      } else {
        block.append([])
      }
    }
    return Vector(texts: block, known: known)
  }

  @inline(__always)
  private func mapped(_ body: (Span<UInt8>, inout [UInt8]) -> Void) -> Vector {
    let block = texts
    let bytes = block.bytes.span
    var result = TextBlock()
    result.bytes.reserveCapacity(block.bytes.count)
    result.ends.reserveCapacity(block.count)
    for i in 0..<block.count {
      body(bytes.extracting(block.range(of: i)), &result.bytes)
      result.ends.append(result.bytes.count)
    }
    return Vector(texts: result, known: known)
  }
}
