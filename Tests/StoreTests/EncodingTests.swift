import TestSupport
import Testing

@testable import Store

/// Columns as bytes and back.
struct EncodingTests {
  /// Columns of every type and form.
  private static let samples: [(name: String, type: ValueType, vector: Vector)] = {
    let count = Limits.chunkRowCount + 700
    func words(_ make: (Int) -> Int64?) -> Vector {
      let all = (0..<count).map(make)
      return Vector(words: all.map { $0 ?? 0 }, known: all.map { $0 == nil ? 0 : 0x80 })
    }
    func texts(_ make: (Int) -> String?) -> Vector {
      let all = (0..<count).map(make)
      return Vector(
        texts: TextBlock(all.map { $0 ?? "" }), known: all.map { $0 == nil ? 0 : 0x80 })
    }
    let list = ChoiceList(["a", "b", "c"], isOrdered: true)
    let known = (0..<count).map { UInt8($0 % 5 == 0 ? 0 : 0x80) }
    return [
      ("keys", .integer, words { Int64($0) + 1 }),
      ("negative run", .integer, words { Int64($0) - 9 }),
      ("tiny", .integer, words { $0 % 3 == 0 ? nil : Int64($0 % 100) - 50 }),
      ("short", .integer, words { Int64($0 % 30_000) }),
      ("wide", .money, words { $0 % 2 == 0 ? nil : Int64($0) << 40 }),
      ("days", .date, words { $0 % 9 == 0 ? nil : Int64($0) - 70_000 }),
      ("choices", .choice(list), words { $0 % 4 == 3 ? nil : Int64($0 % 4) }),
      ("flags", .flag, words { Int64($0 % 2) }),
      ("references", .reference(EntityID(0)), words { $0 % 6 == 0 ? nil : Int64($0 % 5_000) }),
      ("references in a run", .reference(EntityID(0)), words { Int64($0) }),
      ("numbers", .number, Vector(reals: (0..<count).map { Double($0) / 3 }, known: known)),
      ("unknown", .time, Vector(unknown: .integer, count: count)),
      ("unknown texts", .text, Vector(unknown: .text, count: count)),
      ("few texts", .text, texts { $0 % 7 == 0 ? nil : "text \($0 % 90)" }),
      ("some texts", .text, texts { "text Ö \($0 % 2_000)" }),
      ("many texts", .text, texts { $0 % 11 == 0 ? nil : "\($0) " + (String($0 % 3)) }),
    ]
  }()

  private static func encoded(_ column: Column) -> (head: [UInt8], parts: [[UInt8]]) {
    let parts = (0..<column.encodedPartCount).map(column.encodePart)
    let facts = parts.map { EncodedPart(byteCount: $0.count, sum: ByteSum.of($0, seed: 1)) }
    return (column.encodeHead(facts), parts)
  }

  private static func decoded(
    _ head: [UInt8], _ parts: [[UInt8]], _ type: ValueType, limit: Int = 70_000
  ) throws -> Column? {
    let column = Column(type: type, budget: Budget())
    guard let decoder = try ColumnDecoder(head, of: column, referenceLimit: limit),
      decoder.parts.count == parts.count
    else { return nil }
    for part in parts where !decoder.take(part.span.bytes) { return nil }
    return decoder.finish() ? column : nil
  }

  private static func difference(_ column: Column, _ other: Column) -> String? {
    guard column.rowCount == other.rowCount, column.unknownCount == other.unknownCount,
      column.wordBounds == other.wordBounds, column.isAscending == other.isAscending,
      column.statistics.codeCounts == other.statistics.codeCounts,
      column.storage.dictionary?.rowCounts == other.storage.dictionary?.rowCounts
    else { return "what is known of all rows" }
    for row in stride(from: 0, to: column.rowCount, by: 3) where column[row] != other[row] {
      return "row \(row): \(column[row]) and \(other[row])"
    }
    return nil
  }

  @Test func `a column of each form comes back as it was, and goes on`() throws {
    for (name, type, vector) in Self.samples {
      let column = Column(type: type, budget: Budget())
      try column.append(vector)
      let (head, parts) = Self.encoded(column)
      let again = try #require(try Self.decoded(head, parts, type), "\(name)")
      #expect(Self.difference(again, column) == nil, "\(name)")
      let rows: [Int32] = [1, 5, 70, 65_540]
      let values = vector.gathered([9, 3, 2, 8])
      for column in [column, again] {
        try column.edit(rows, with: values)
        try column.append(vector.gathered([1, 2, 3]))
      }
      #expect(Self.difference(again, column) == nil, "\(name), edited")
      // Edits stand beside a heap's texts; they go into its bytes.
      let (second, edited) = Self.encoded(column)
      let third = try #require(try Self.decoded(second, edited, type), "\(name)")
      #expect(Self.difference(third, column) == nil, "\(name), edited and kept")
    }
    let keys = Column(type: .integer, budget: Budget())
    try keys.append(Self.samples[0].vector)
    #expect(keys.encodedPartCount == 0, "keys that count up take no room")
  }

  @Test func `what does not fit together is refused`() throws {
    for (name, type, vector) in Self.samples {
      let column = Column(type: type, budget: Budget())
      try column.append(vector)
      let (head, parts) = Self.encoded(column)
      let other: ValueType = type == .text ? .integer : .text
      if column.encodedPartCount > 0 {
        #expect(try Self.decoded(head, parts, other) == nil, "\(name) as another type")
      }
      #expect(try Self.decoded(Array(head.dropLast()), parts, type) == nil, "\(name), cut")
      #expect(try Self.decoded(head + [0], parts, type) == nil, "\(name), with more")
      if case .reference = type {
        #expect(try Self.decoded(head, parts, type, limit: 4_999) == nil, "\(name), too far")
      }
      guard let first = parts.first else { continue }
      #expect(try Self.decoded(head, Array(parts.dropLast()), type) == nil, "\(name), a part less")
      #expect(
        try Self.decoded(head, [Array(first.dropLast())] + parts.dropFirst(), type) == nil,
        "\(name), a byte less")
      let wild = [[UInt8](repeating: 0xFF, count: first.count)] + parts.dropFirst()
      switch type {
      case .choice, .flag, .reference, .text:
        if name != "some texts", name != "few texts" || first[0] != 0xFF {
          #expect(try Self.decoded(head, wild, type) == nil, "\(name), out of range")
        }
      default: break
      }
    }
  }

  @Test func `each bit of the bytes counts in their sum`() {
    let bytes = (0..<77).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    var sums: Set<UInt64> = [ByteSum.of(bytes, seed: 5), ByteSum.of(bytes, seed: 6)]
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit >> 3] ^= 1 << UInt8(bit & 7)
      sums.insert(ByteSum.of(flipped, seed: 5))
    }
    for count in 0..<bytes.count { sums.insert(ByteSum.of(Array(bytes[..<count]), seed: 5)) }
    #expect(sums.count == 2 + bytes.count * 9)
    #expect(ByteSum.of(bytes.span.bytes, seed: 5) == ByteSum.of(bytes, seed: 5))
  }
}
