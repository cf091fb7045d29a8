import Store

/// Collects the words of one column.
struct Words {
  private var values: [Int64] = []
  /// Empty as long as every value is known.
  private var known: [UInt8] = []

  init(_ capacity: Int) {
    values.reserveCapacity(capacity)
  }

  mutating func append(_ value: Int) {
    values.append(Int64(value))
    if !known.isEmpty { known.append(0x80) }
  }

  mutating func appendUnknown() {
    if known.isEmpty {
      known.reserveCapacity(values.capacity)
      for _ in 0..<values.count { known.append(0x80) }
    }
    values.append(0)
    known.append(0)
  }

  mutating func append(_ value: Int, isKnown: Bool) {
    if isKnown { append(value) } else { appendUnknown() }
  }

  mutating func append(_ value: Int?) {
    if let value { append(value) } else { appendUnknown() }
  }

  /// Appends a code, or unknown for `unknownCode`.
  mutating func append(code: UInt8) {
    append(Int(code), isKnown: code != unknownCode)
  }

  /// Appends a row, or unknown for a negative one.
  mutating func append(row: Int32) {
    append(Int(row), isKnown: row >= 0)
  }

  var vector: Vector { Vector(words: values, known: known.isEmpty ? nil : known) }
}

/// Collects the texts of one column.
struct Texts {
  private var block = TextBlock()
  private var known: [UInt8] = []

  init(_ capacity: Int) {
    block.ends.reserveCapacity(capacity)
    known.reserveCapacity(capacity)
  }

  /// Adds to the text that `finish` will end.
  mutating func write(_ bytes: [UInt8]) {
    block.bytes.append(contentsOf: bytes)
  }

  /// Adds one ASCII character.
  mutating func write(_ byte: UInt8) {
    block.bytes.append(byte)
  }

  /// Adds a number without a sign.
  mutating func write(number: Int) {
    if number >= 10 { write(number: number / 10) }
    block.bytes.append(UInt8(48 + number % 10))
  }

  /// Ends the text begun.
  mutating func finish() {
    block.ends.append(block.bytes.count)
    known.append(0x80)
  }

  mutating func append(_ bytes: [UInt8]) {
    write(bytes)
    finish()
  }

  mutating func append(_ text: String) {
    block.append(text)
    known.append(0x80)
  }

  mutating func appendUnknown() {
    block.ends.append(block.bytes.count)
    known.append(0)
  }

  /// Appends a sentence, or unknown for `unknownCode`.
  mutating func append(_ pool: Pool, code: UInt8) {
    if code == unknownCode {
      appendUnknown()
    } else {
      block.append(pool.bytes(Int(code)))
      known.append(0x80)
    }
  }

  var vector: Vector { Vector(texts: block, known: known) }
}
