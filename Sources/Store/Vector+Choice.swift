extension Vector {
  /// The first known value of each row.
  package static func firstKnown(_ vectors: [Vector]) -> Vector {
    guard var result = vectors.last else { preconditionFailure("there is at least one value") }
    for vector in vectors.dropLast().reversed() {
      result = select(Mask(knownIn: vector), then: vector, otherwise: result)
    }
    return result
  }

  /// `then` where the mask is in, else `otherwise`.
  package static func select(_ mask: Mask, then: Vector, otherwise: Vector) -> Vector {
    let count = mask.count
    precondition(then.count == count && otherwise.count == count, "one batch, one length")
    var known = otherwise.known
    for i in 0..<count {
      known[i] = mask.bytes[i] != 0 ? then.known[i] : known[i]
    }
    switch (then.values, otherwise.values) {
    case (.words(let a), .words(var b)):
      for i in 0..<count { b[i] = mask.bytes[i] != 0 ? a[i] : b[i] }
      return Vector(words: b, known: known)
    case (.reals(let a), .reals(var b)):
      for i in 0..<count { b[i] = mask.bytes[i] != 0 ? a[i] : b[i] }
      return Vector(reals: b, known: known)
    case (.texts(let a), .texts(let b)):
      var block = TextBlock()
      block.ends.reserveCapacity(count)
      for i in 0..<count {
        block.append(mask.bytes[i] != 0 ? a.bytes[a.range(of: i)] : b.bytes[b.range(of: i)])
      }
      return Vector(texts: block, known: known)
    default: preconditionFailure("both values have one type")
    }
  }
}
