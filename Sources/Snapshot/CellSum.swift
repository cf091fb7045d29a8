import Store

/// The sums that prove rows: each known cell has a 64-bit sum, and a row's is the wrapping sum of
/// those of its cells, its key among them. So a change of some cells needs only these cells, an
/// unknown cell adds nothing, and a new column of unknown cells changes no sum.
///
/// With M(a, b) the lower half of the 128-bit product a × b xor the upper half, all words unsigned:
///
/// - *word of a value*: an integer, an amount in cents, a day, a second, 0 or 1 as two's complement;
///   a number as its IEEE 754 bits, −0 as 0; a text, a choice's name: T of its UTF-8 bytes;
/// - *T of n bytes*: t = n xor P; for each eight bytes, read as a little-endian word w and the last
///   filled with zeros, t = M(t xor w, Q);
/// - *seed of a field*: (ordinal × 256 + tag + 1) × P, the ordinal counted in the entity from 0; tags
///   are 1 text, 2 choice, 3 money, 4 number, 5 integer, 6 date, 7 time, 8 flag, 9 reference;
/// - *a cell's sum*: M(M(word xor seed, Q) xor k, R), where k = M(word of the row's key xor R, P) and a
///   reference's word is that of the key it names.
///
/// P, Q and R are the three constants below.
/// - Source: the multiply-and-fold of wyhash, Wang Yi, 2019.
enum CellSum {
  private static let p: UInt64 = 0x9E37_79B9_7F4A_7C15
  private static let q: UInt64 = 0xE703_7ED1_A0B4_28DB
  private static let r: UInt64 = 0xA076_1D64_78BD_642F

  /// The tag of choices, whose sums are worked out once a name.
  static let choiceTag: UInt64 = 2

  @inline(__always)
  private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  /// The seed of a field.
  static func seed(_ field: FieldID, _ tag: UInt64) -> UInt64 {
    (UInt64(field.index) << 8 &+ tag &+ 1) &* p
  }

  /// What a value's word becomes before the key comes in.
  @inline(__always)
  static func value(_ word: UInt64, _ seed: UInt64) -> UInt64 { fold(word ^ seed, q) }

  /// What a key's word becomes.
  @inline(__always)
  static func key(_ word: UInt64) -> UInt64 { fold(word ^ r, p) }

  /// The sum of a cell.
  @inline(__always)
  static func cell(_ value: UInt64, _ key: UInt64) -> UInt64 { fold(value ^ key, r) }

  /// The word of a number.
  @inline(__always)
  static func real(_ real: Double) -> UInt64 { real == 0 ? 0 : real.bitPattern }

  /// The word of a text.
  static func text(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    let bytes = bytes.span.extracting(range)
    var sum = UInt64(truncatingIfNeeded: bytes.count) ^ p
    var offset = 0
    while offset &+ 8 <= bytes.count {
      let part = bytes.extracting(offset..<offset &+ 8)
      var word = UInt64(part[0]) | UInt64(part[1]) << 8 | UInt64(part[2]) << 16
      word |= UInt64(part[3]) << 24 | UInt64(part[4]) << 32 | UInt64(part[5]) << 40
      word |= UInt64(part[6]) << 48 | UInt64(part[7]) << 56
      sum = fold(sum ^ word, q)
      offset &+= 8
    }
    if offset < bytes.count {
      var word: UInt64 = 0
      for place in offset..<bytes.count {
        word |= UInt64(bytes[place]) << UInt64(truncatingIfNeeded: 8 &* (place &- offset))
      }
      sum = fold(sum ^ word, q)
    }
    return sum
  }
}

extension StoredField {
  /// The seed of this field's values.
  private var sumSeed: UInt64 {
    let tag: UInt64 =
      switch form {
      case .text: 1
      case .choice: CellSum.choiceTag
      case .money: 3
      case .number: 4
      case .integer: 5
      case .date: 6
      case .time: 7
      case .flag: 8
      case .reference: 9
      }
    return CellSum.seed(id, tag)
  }

  /// Adds the sums of this field's cells to those of their rows.
  ///
  /// - Parameters:
  ///   - cells: As `StoredRows` holds them.
  ///   - keys: What `CellSum.key` makes of each row's key.
  func addSums(of cells: Vector, keys: [UInt64], to sums: inout [UInt64]) {
    let seed = sumSeed
    switch (cells.values, form) {
    case (.words(let codes), .choice(let choice)):
      for row in codes.indices where cells.known[row] != 0 {
        sums[row] &+= CellSum.cell(choice.sums[Int(codes[row])], keys[row])
      }
    case (.words(let words), _):
      for row in words.indices where cells.known[row] != 0 {
        let value = CellSum.value(UInt64(bitPattern: words[row]), seed)
        sums[row] &+= CellSum.cell(value, keys[row])
      }
    case (.reals(let reals), _):
      for row in reals.indices where cells.known[row] != 0 {
        sums[row] &+= CellSum.cell(CellSum.value(CellSum.real(reals[row]), seed), keys[row])
      }
    case (.texts(let texts), _):
      for row in 0..<texts.count where cells.known[row] != 0 {
        let word = CellSum.text(texts.bytes, texts.range(of: row))
        sums[row] &+= CellSum.cell(CellSum.value(word, seed), keys[row])
      }
    }
  }
}

extension Vector {
  /// What `CellSum.key` makes of each of these keys.
  var keySums: [UInt64] {
    switch values {
    case .words(let words): words.map { CellSum.key(UInt64(bitPattern: $0)) }
    case .reals(let reals): reals.map { CellSum.key(CellSum.real($0)) }
    case .texts(let texts):
      (0..<texts.count).map { CellSum.key(CellSum.text(texts.bytes, texts.range(of: $0))) }
    }
  }
}
