// A column as bytes: a head, which says what there is, and a part for each 65,536 rows, which holds
// them in the form in which the column stores them, little-endian.

/// How a column's values are laid out in its parts; the raw value stands in its head.
enum EncodedForm: UInt64 {
  case none, bytes, int8, int16, int32, int64, reals, codes8, codes16, heap

  init(_ storage: Storage) {
    self =
      switch storage {
      case .none: .none
      case .bytes: .bytes
      case .int8: .int8
      case .int16: .int16
      case .int32: .int32
      case .int64: .int64
      case .reals: .reals
      case .codes8: .codes8
      case .codes16: .codes16
      case .heap: .heap
      }
  }

  /// Bytes of a row's value; of the end of a row's text in a heap.
  var byteWidth: Int {
    switch self {
    case .none: 0
    case .bytes, .int8, .codes8: 1
    case .int16, .codes16: 2
    case .int32, .heap: 4
    case .int64, .reals: 8
    }
  }
}

/// What a part of an encoded column is proved by.
package struct EncodedPart: Equatable, Sendable {
  /// Its bytes.
  package var byteCount: Int
  /// The `ByteSum` of them.
  package var sum: UInt64

  /// Makes the facts of a part.
  package init(byteCount: Int, sum: UInt64) {
    self.byteCount = byteCount
    self.sum = sum
  }
}

extension Column {
  /// The version of the form.
  static let encodingVersion: UInt64 = 1

  /// How many parts the column has when it is encoded: none while no value is known, or where the
  /// first value tells all of them.
  package var encodedPartCount: Int {
    if case .none = storage { return 0 }
    return isRunOfWords ? 0 : chunkCount
  }

  /// Whether each word is the one before it and one more, as keys often are.
  private var isRunOfWords: Bool {
    guard isStrictlyAscending, unknownCount == 0, validity == nil, let bounds = wordBounds else {
      return false
    }
    let (span, isOverflow) = bounds.upperBound.subtractingReportingOverflow(bounds.lowerBound)
    return !isOverflow && span == Int64(rowCount) - 1
  }

  /// The rows of a part: values, a heap's bytes behind the ends of its texts, the bits of validity.
  package func encodePart(_ part: Int) -> [UInt8] {
    precondition(part < encodedPartCount, "a part that the column does not have")
    let start = part * Limits.chunkRowCount
    let rows = start..<min(rowCount, start + Limits.chunkRowCount)
    var bytes: [UInt8] = []
    switch storage {
    case .none: preconditionFailure("a column without values has no parts")
    case .bytes(let memory): append(memory, rows, to: &bytes)
    case .int8(let memory): append(memory, rows, to: &bytes)
    case .int16(let memory): append(memory, rows, to: &bytes)
    case .int32(let memory): append(memory, rows, to: &bytes)
    case .int64(let memory): append(memory, rows, to: &bytes)
    case .reals(let memory): append(memory, rows, to: &bytes)
    case .codes8(let memory, _): append(memory, rows, to: &bytes)
    case .codes16(let memory, _): append(memory, rows, to: &bytes)
    case .heap(let heap): append(heap, rows, to: &bytes)
    }
    if let validity {
      append(validity, rows.lowerBound / 8..<(rows.upperBound + 7) / 8, to: &bytes)
    }
    return bytes
  }

  /// What there is besides the parts: form, statistics, the texts of a dictionary, and what proves
  /// each part.
  package func encodeHead(_ parts: [EncodedPart]) -> [UInt8] {
    precondition(parts.count == encodedPartCount, "the facts of every part")
    var head = WordRecord()
    head.add(Self.encodingVersion)
    head.add(EncodedForm(storage).rawValue)
    head.add(rowCount)
    head.add(validity == nil ? 0 : 1)
    head.add(isRunOfWords ? 1 : 0)
    head.add(
      (statistics.order.isAscending ? 1 : 0) + (statistics.order.isStrictlyAscending ? 2 : 0))
    head.add(statistics.order.lastWord)
    for chunk in statistics.chunks {
      head.add(chunk.lower)
      head.add(chunk.upper)
      head.add(chunk.lowerReal.bitPattern)
      head.add(chunk.upperReal.bitPattern)
      head.add(chunk.unknownCount)
    }
    let codeCount = (statistics.codeCounts.lastIndex { $0 > 0 } ?? -1) + 1
    head.add(codeCount)
    for count in statistics.codeCounts[..<codeCount] { head.add(count) }
    for part in parts {
      head.add(part.byteCount)
      head.add(part.sum)
    }
    if let dictionary = storage.dictionary {
      head.add(dictionary.count)
      for count in dictionary.rowCounts { head.add(count) }
      for code in 0..<dictionary.count { head.add(Array(dictionary.heap.text(code))) }
    }
    return head.bytes
  }

  private func append<Element: BitwiseCopyable>(
    _ memory: Memory<Element>, _ range: Range<Int>, to bytes: inout [UInt8]
  ) {
    bytes.append(
      contentsOf: UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: memory.used[range])))
  }

  /// The ends of the texts, counted from the first one's beginning, and their bytes.
  private func append(_ heap: TextHeap, _ rows: Range<Int>, to bytes: inout [UInt8]) {
    if heap.patches.isEmpty || heap.patches.rows.rows(in: rows).isEmpty {
      let first = heap.offsets[rows.lowerBound]
      let ends = rows.map { (heap.offsets[$0 + 1] &- first).littleEndian }
      ends.withUnsafeBytes { bytes.append(contentsOf: $0) }
      append(heap.bytes, Int(first)..<Int(heap.offsets[rows.upperBound]), to: &bytes)
      return
    }
    var end: UInt32 = 0
    let ends = rows.map { row -> UInt32 in
      end &+= UInt32(truncatingIfNeeded: heap.current(row).count)
      return end.littleEndian
    }
    ends.withUnsafeBytes { bytes.append(contentsOf: $0) }
    for row in rows { bytes.append(contentsOf: heap.current(row)) }
  }
}
