/// The order of texts: A–Z folded bytes, then bytes.
package enum TextOrder {
  /// Below 0 when `a` comes first, 0 when the bytes are equal, above 0 when `b` comes first.
  package static func compare(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Int {
    let shared = min(a.count, b.count)
    var i = 0
    var exact = 0
    while i < shared {
      let (x, y) = (a[i], b[i])
      if x != y {
        let difference = Int(Folding.smallLetter(x)) &- Int(Folding.smallLetter(y))
        if difference != 0 { return difference }
        exact = exact == 0 ? Int(x) &- Int(y) : exact
      }
      i &+= 1
    }
    return a.count == b.count ? exact : a.count - b.count
  }

  /// The first eight folded bytes as a number that sorts as they do; texts whose prefixes differ
  /// are
  /// in the order of their prefixes.
  static func prefix(_ bytes: Span<UInt8>) -> UInt64 {
    var result: UInt64 = 0
    for i in 0..<8 {
      result = result << 8 | (i < bytes.count ? UInt64(Folding.smallLetter(bytes[i])) : 0)
    }
    return result
  }
}
