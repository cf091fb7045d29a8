/// The values of one expression or column for some rows, usually one batch of at most 2,048.
///
/// Element *i* of `values` belongs to element *i* of `known`. Where `known` is 0 the value is 0, 0.0
/// or empty text, so that loops may read it.
package struct Vector: Sendable {
  /// The three physical forms.
  package enum Values: Sendable {
    /// Every type but number and text: choice code, minor units, days, seconds, 0/1, integer, row.
    case words([Int64])
    /// `number`
    case reals([Double])
    /// `text`
    case texts(TextBlock)
  }

  /// The values.
  package var values: Values
  /// 0x80 where the value is known, 0 where it is unknown.
  package var known: [UInt8]

  /// Rows in the vector.
  package var count: Int { known.count }

  /// Makes a vector; `known` nil means every value is known.
  package init(words: [Int64], known: [UInt8]? = nil) {
    self.values = .words(words)
    self.known = known ?? [UInt8](repeating: 0x80, count: words.count)
  }

  /// Makes a vector of numbers; `known` nil means every value is known.
  package init(reals: [Double], known: [UInt8]? = nil) {
    self.values = .reals(reals)
    self.known = known ?? [UInt8](repeating: 0x80, count: reals.count)
  }

  /// Makes a vector of texts; `known` nil means every value is known.
  package init(texts: TextBlock, known: [UInt8]? = nil) {
    self.values = .texts(texts)
    self.known = known ?? [UInt8](repeating: 0x80, count: texts.count)
  }

  /// One value, for printing and tests; loops work on the arrays.
  package subscript(_ offset: Int) -> Scalar {
    guard known[offset] != 0 else { return .unknown }
    return switch values {
    case .words(let words): .word(words[offset])
    case .reals(let reals): .real(reals[offset])
    case .texts(let texts): .text(texts[offset])
    }
  }
}

/// Texts one after the other: value *i* is `bytes[ends[i-1] ..< ends[i]]`, from 0 for the first.
package struct TextBlock: Sendable {
  /// All texts, UTF-8.
  package var bytes: [UInt8]
  /// Where each text ends.
  package var ends: [Int]

  /// An empty block.
  package init() {
    bytes = []
    ends = []
  }

  /// Makes a block of the given texts.
  package init(_ texts: some Sequence<String>) {
    self.init()
    for text in texts { append(text) }
  }

  /// Number of texts.
  package var count: Int { ends.count }

  /// The bytes of text `offset`, as a range of `bytes`.
  package func range(of offset: Int) -> Range<Int> {
    (offset == 0 ? 0 : ends[offset - 1])..<ends[offset]
  }

  /// One text.
  package subscript(_ offset: Int) -> String {
    String(decoding: bytes[range(of: offset)], as: UTF8.self)
  }

  /// Adds a text at the end.
  package mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
    ends.append(bytes.count)
  }

  /// Adds a text given as bytes at the end.
  package mutating func append(_ text: ArraySlice<UInt8>) {
    bytes.append(contentsOf: text)
    ends.append(bytes.count)
  }
}
