/// Writes words and runs of bytes one after the other, little-endian: the form of what is kept of a
/// column as a whole.
package struct WordRecord {
  /// What was written.
  package private(set) var bytes: [UInt8] = []

  /// Begins an empty record.
  package init() {}

  /// Adds a word.
  package mutating func add(_ word: UInt64) {
    for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
  }

  /// Adds a word.
  package mutating func add(_ word: Int64) { add(UInt64(bitPattern: word)) }

  /// Adds a word.
  package mutating func add(_ word: Int) { add(Int64(word)) }

  /// Adds bytes and how many there are.
  package mutating func add(_ run: [UInt8]) {
    add(run.count)
    bytes += run
  }
}

/// Reads what a `WordRecord` wrote. Past the end everything is nil.
package struct WordReader {
  private let bytes: [UInt8]
  private var offset = 0

  /// Begins at the first word.
  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether all was read.
  package var isAtEnd: Bool { offset == bytes.count }

  /// Bytes that were not read yet.
  package var leftCount: Int { bytes.count - offset }

  /// The next word.
  package mutating func word() -> UInt64? {
    guard leftCount >= 8 else { return nil }
    var word: UInt64 = 0
    for place in 0..<8 { word |= UInt64(bytes[offset + place]) << UInt64(8 * place) }
    offset += 8
    return word
  }

  /// The next word as a signed one.
  package mutating func signed() -> Int64? { word().map { Int64(bitPattern: $0) } }

  /// The next word as a count, which is at most `most`.
  package mutating func count(_ most: Int = Int(Int32.max)) -> Int? {
    guard let word = word(), word <= UInt64(most) else { return nil }
    return Int(word)
  }

  /// The next words, as many as that.
  package mutating func words(_ count: Int) -> [UInt64]? {
    guard count >= 0, count <= leftCount / 8 else { return nil }
    return (0..<count).compactMap { _ in word() }
  }

  /// The next run of bytes.
  package mutating func run() -> [UInt8]? {
    guard let count = count(Int.max >> 1), count <= leftCount else { return nil }
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }
}
