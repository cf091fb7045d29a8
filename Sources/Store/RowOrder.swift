/// What rows are sorted by.
package struct SortKey: Sendable {
  /// A value for each candidate.
  package var values: Vector
  /// Largest first. Unknown comes last both ways.
  package var isDescending: Bool

  /// Makes a key.
  package init(_ values: Vector, isDescending: Bool = false) {
    self.values = values
    self.isDescending = isDescending
  }
}

/// Sorts candidates by one or more keys, stably.
package enum RowOrder {
  /// Bytes that sorting takes for each candidate, besides its keys.
  package static let byteCountPerRow = 32

  /// The offsets 0 ..< `count` in order; rows equal in every key go by offset, ascending unless
  /// `isTieDescending`.
  ///
  /// Each key from the last to the first is one stable sort: words and numbers by radix, texts by
  /// radix on their first eight bytes and merging of what is equal there.
  /// - Throws: `interrupted`.
  /// - Complexity: O(*n*) for words and numbers, O(*n* log *n*) for texts.
  package static func sorted(
    count: Int, by keys: [SortKey], isTieDescending: Bool = false
  ) throws(StoreError) -> [Int32] {
    var order = [Int32](0..<Int32(count))
    if isTieDescending { order.reverse() }
    for key in keys.reversed() {
      precondition(key.values.count == count, "a key has a value for each candidate")
      order = try sort(order, by: key)
    }
    return order
  }

  /// Words in order, without the rows they are of.
  ///
  /// - Throws: `interrupted`.
  package static func sorted(_ words: [Int64], isDescending: Bool) throws(StoreError) -> [Int64] {
    // A radix sort of few costs more than it saves.
    guard words.count > Limits.batchRowCount else {
      return isDescending ? words.sorted(by: >) : words.sorted()
    }
    let flip: UInt64 = isDescending ? .max : 0
    var codes = words.map { (UInt64(bitPattern: $0) ^ sign) ^ flip }
    try RadixSort.sort(&codes)
    try Cancellation.check()
    return codes.map { Int64(bitPattern: ($0 ^ flip) ^ sign) }
  }

  /// Known words in order, ties by offset, with the offset of each; then the offsets of unknown ones.
  ///
  /// - Throws: `interrupted`.
  package static func ranked(
    _ values: Vector, isDescending: Bool
  ) throws(StoreError) -> (order: [Int32], words: [Int64]) {
    let words = values.words
    let known = Mask(knownIn: values)
    var order = known.isAllIn ? [Int32](0..<Int32(words.count)) : known.offsets
    let flip: UInt64 = isDescending ? .max : 0
    var codes = order.map { (UInt64(bitPattern: words[Int($0)]) ^ sign) ^ flip }
    let least = codes.min() ?? 0
    try RadixSort.sort(&codes, &order)
    if order.count < words.count {
      for offset in words.indices where known.bytes[offset] == 0 {
        order.append(Int32(truncatingIfNeeded: offset))
      }
    }
    return (order, codes.map { Int64(bitPattern: (($0 &+ least) ^ flip) ^ sign) })
  }

  /// Rows in ascending order of their numbers.
  ///
  /// - Throws: `interrupted`.
  package static func sorted(rows: [Int32]) throws(StoreError) -> [Int32] {
    guard rows.count > Limits.batchRowCount else { return rows.sorted() }
    var codes = rows.map { UInt64(UInt32(bitPattern: $0)) }
    try RadixSort.sort(&codes)
    try Cancellation.check()
    return codes.map { Int32(bitPattern: UInt32(truncatingIfNeeded: $0)) }
  }

  private static func sort(_ order: [Int32], by key: SortKey) throws(StoreError) -> [Int32] {
    let known = key.values.known
    var candidates = [Int32](repeating: 0, count: order.count)
    var unknown: [Int32] = []
    var length = 0
    try Cancellation.forEachChunk(of: order.indices) { chunk in
      for place in chunk {
        let row = order[place]
        if known[Int(row)] != 0 {
          candidates[length] = row
          length &+= 1
        } else {
          unknown.append(row)
        }
      }
    }
    candidates.removeLast(order.count - length)
    switch key.values.values {
    case .words(let words):
      try sort(&candidates, isDescending: key.isDescending) { UInt64(bitPattern: words[$0]) ^ sign }
    case .reals(let reals):
      try sort(&candidates, isDescending: key.isDescending) {
        UInt64(bitPattern: OrderedBits.word(reals[$0])) ^ sign
      }
    case .texts(let block):
      try sort(&candidates, isDescending: key.isDescending, by: block)
    }
    return candidates + unknown
  }

  private static let sign: UInt64 = 1 << 63

  @inline(__always)
  private static func sort(
    _ rows: inout [Int32], isDescending: Bool, code: (Int) -> UInt64
  ) throws(StoreError) {
    let flip: UInt64 = isDescending ? .max : 0
    var codes = [UInt64](repeating: 0, count: rows.count)
    try Cancellation.forEachChunk(of: rows.indices) { chunk in
      for i in chunk { codes[i] = code(Int(rows[i])) ^ flip }
    }
    try RadixSort.sort(&codes, &rows)
  }

  private static func sort(
    _ rows: inout [Int32], isDescending: Bool, by block: TextBlock
  ) throws(StoreError) {
    let flip: UInt64 = isDescending ? .max : 0
    var codes = [UInt64](repeating: 0, count: rows.count)
    try Cancellation.forEachChunk(of: rows.indices) { chunk in
      for i in chunk {
        codes[i] =
          TextOrder.prefix(block.bytes.span.extracting(block.range(of: Int(rows[i])))) ^ flip
      }
    }
    try RadixSort.sort(&codes, &rows)
    var start = 0
    while start < rows.count {
      var end = start + 1
      while end < rows.count, codes[end] == codes[start] { end += 1 }
      if end - start > 1 {
        try MergeSort.sort(&rows, in: start..<end) { a, b in
          let order = TextOrder.compare(
            block.bytes.span.extracting(block.range(of: Int(a))),
            block.bytes.span.extracting(block.range(of: Int(b))))
          return isDescending ? order >= 0 : order <= 0
        }
      }
      start = end
    }
  }
}

/// Sorts rows by 64-bit codes, least digit first, passing over digits that all codes share.
enum RadixSort {
  /// Sorts both arrays by `codes`, ascending and stably; the codes are those from the least on then.
  ///
  /// - Complexity: O(*n*) for each digit that differs, of 11 bits where the codes span fewer than 32
  ///   bits, then one array is sorted instead of two, else of 8.
  static func sort(_ codes: inout [UInt64], _ rows: inout [Int32]) throws(StoreError) {
    guard let least = codes.min() else { return }
    let count = codes.count
    var used: UInt64 = 0
    for i in 0..<count {
      codes[i] &-= least
      used |= codes[i]
    }
    try Cancellation.check()
    if used >> 32 == 0 { return try sortPacked(&codes, &rows, used) }
    var otherCodes = [UInt64](repeating: 0, count: count)
    var otherRows = [Int32](repeating: 0, count: count)
    try Cancellation.check()
    for shift in stride(from: UInt64(0), to: 64, by: 8) where (used >> shift) & 0xFF != 0 {
      try pass(codes, rows, &otherCodes, &otherRows, shift)
      swap(&codes, &otherCodes)
      swap(&rows, &otherRows)
    }
  }

  /// Sorts codes alone.
  static func sort(_ codes: inout [UInt64]) throws(StoreError) {
    guard let least = codes.min() else { return }
    var used: UInt64 = 0
    for i in codes.indices {
      codes[i] &-= least
      used |= codes[i]
    }
    try Cancellation.check()
    try sort(&codes, from: 0, used)
    for i in codes.indices { codes[i] &+= least }
  }

  private static let digitBits: UInt64 = 11
  private static let digitMask = UInt64(1) << digitBits - 1

  /// Sorts codes of 32 bits, each in one word with its row.
  private static func sortPacked(
    _ codes: inout [UInt64], _ rows: inout [Int32], _ used: UInt64
  ) throws(StoreError) {
    for i in codes.indices { codes[i] = codes[i] << 32 | UInt64(UInt32(bitPattern: rows[i])) }
    try sort(&codes, from: 32, used << 32)
    try Cancellation.check()
    for i in codes.indices {
      rows[i] = Int32(bitPattern: UInt32(truncatingIfNeeded: codes[i]))
      codes[i] &>>= 32
    }
  }

  /// Sorts words by their bits from one on; of many, two workers sort a half each.
  ///
  /// - Parameter used: Bits in which the words differ.
  private static func sort(
    _ words: inout [UInt64], from lowest: UInt64, _ used: UInt64
  ) throws(StoreError) {
    let shifts = stride(from: lowest, to: 64, by: Int(digitBits)).filter {
      (used >> $0) & digitMask != 0
    }
    guard words.count >= Workers.sharedCountMin, !shifts.isEmpty else {
      words = try sorted(words, by: shifts)
      return
    }
    let all = words
    let middle = all.count / 2
    let (first, second) = try onBothHalves(
      { () throws(StoreError) in try sorted(Array(all[..<middle]), by: shifts) },
      { () throws(StoreError) in try sorted(Array(all[middle...]), by: shifts) })
    try merge(first, second, from: lowest, into: &words)
  }

  private static func sorted(
    _ words: consuming [UInt64], by shifts: [UInt64]
  ) throws(StoreError) -> [UInt64] {
    var others = [UInt64](repeating: 0, count: words.count)
    for shift in shifts {
      try pass(words, &others, shift, digitMask)
      swap(&words, &others)
    }
    return words
  }

  /// Merges two sorted halves by their bits from one on; of equal ones those of the first come first.
  private static func merge(
    _ first: [UInt64], _ second: [UInt64], from lowest: UInt64, into words: inout [UInt64]
  ) throws(StoreError) {
    let (first, second) = (first.span, second.span)
    var to = words.mutableSpan
    var (i, j, place) = (0, 0, 0)
    while i < first.count, j < second.count {
      try Cancellation.check()
      // Each step takes one of either.
      let end = place &+ min(Limits.chunkRowCount, first.count &- i, second.count &- j)
      while place < end {
        let (a, b) = (first[i], second[j])
        let isFirst = a &>> lowest <= b &>> lowest
        to[place] = isFirst ? a : b
        i &+= isFirst ? 1 : 0
        j &+= isFirst ? 0 : 1
        place &+= 1
      }
    }
    while i < first.count {
      to[place] = first[i]
      (i, place) = (i &+ 1, place &+ 1)
    }
    while j < second.count {
      to[place] = second[j]
      (j, place) = (j &+ 1, place &+ 1)
    }
  }

  private static func pass(
    _ words: [UInt64], _ newWords: inout [UInt64], _ shift: UInt64, _ digitMask: UInt64
  ) throws(StoreError) {
    var places = starts(of: words, shift, digitMask)
    let from = words.span
    var to = newWords.mutableSpan
    var next = places.mutableSpan
    var start = 0
    while start < from.count {
      try Cancellation.check()
      let end = min(start + Limits.chunkRowCount, from.count)
      for i in start..<end {
        let word = from[i]
        let digit = Int(truncatingIfNeeded: (word &>> shift) & digitMask)
        let place = next[digit]
        next[digit] = place &+ 1
        to[place] = word
      }
      start = end
    }
  }

  /// Where the words of each digit begin.
  private static func starts(
    of words: [UInt64], _ shift: UInt64, _ digitMask: UInt64
  ) -> [Int] {
    var places = [Int](repeating: 0, count: Int(digitMask) + 1)
    for word in words { places[Int(truncatingIfNeeded: (word &>> shift) & digitMask)] &+= 1 }
    var sum = 0
    for digit in places.indices { (places[digit], sum) = (sum, sum &+ places[digit]) }
    return places
  }

  private static func pass(
    _ codes: [UInt64], _ rows: [Int32], _ newCodes: inout [UInt64], _ newRows: inout [Int32],
    _ shift: UInt64
  ) throws(StoreError) {
    var places = starts(of: codes, shift, 0xFF)
    var toCodes = newCodes.mutableSpan
    var toRows = newRows.mutableSpan
    var start = 0
    while start < codes.count {
      try Cancellation.check()
      let end = min(start + Limits.chunkRowCount, codes.count)
      for i in start..<end {
        let digit = Int(truncatingIfNeeded: (codes[i] &>> shift) & 0xFF)
        let place = places[digit]
        places[digit] = place &+ 1
        toCodes[place] = codes[i]
        toRows[place] = rows[i]
      }
      start = end
    }
  }
}

/// Sorts rows by comparing them, stably, from runs of one upwards.
enum MergeSort {
  /// Sorts part of `rows`; `isInOrder(a, b)` says whether `a` may stand before `b`, equals
  /// included.
  static func sort(
    _ rows: inout [Int32], in range: Range<Int>, isInOrder: (Int32, Int32) -> Bool
  ) throws(StoreError) {
    var source = Array(rows[range])
    var target = source
    var width = 1
    while width < source.count {
      var start = 0
      while start < source.count {
        if start % Limits.chunkRowCount < 2 * width { try Cancellation.check() }
        let middle = min(start + width, source.count)
        let end = min(start + 2 * width, source.count)
        try merge(source, start, middle, end, &target, isInOrder)
        start = end
      }
      swap(&source, &target)
      width *= 2
    }
    rows.replaceSubrange(range, with: source)
  }

  private static func merge(
    _ source: [Int32], _ start: Int, _ middle: Int, _ end: Int, _ target: inout [Int32],
    _ isInOrder: (Int32, Int32) -> Bool
  ) throws(StoreError) {
    var (i, j) = (start, middle)
    for place in start..<end {
      if (place &- start) & 0xFFFF == 0xFFFF { try Cancellation.check() }
      if i < middle, j >= end || isInOrder(source[i], source[j]) {
        target[place] = source[i]
        i += 1
      } else {
        target[place] = source[j]
        j += 1
      }
    }
  }
}
