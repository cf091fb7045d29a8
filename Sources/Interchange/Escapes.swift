import Store

/// Which bytes of a text are written otherwise in a format, and how.
struct Escapes {
  /// For each byte what stands for it, nil where the byte itself does.
  private let replacements: [[UInt8]?]
  /// Whether each byte is one to stop at.
  private let isSpecial: [Bool]

  /// Makes the escapes of a format.
  init(_ pairs: [(UInt8, String)]) {
    var replacements = [[UInt8]?](repeating: nil, count: 256)
    for (byte, text) in pairs { replacements[Int(byte)] = Array(text.utf8) }
    self.replacements = replacements
    isSpecial = replacements.map { $0 != nil }
  }

  /// The first special byte in `range`, or its end.
  @inline(__always)
  func firstSpecial(_ bytes: ByteView, _ range: Range<Int>) -> Int {
    isSpecial.withUnsafeBufferPointer { isSpecial in
      var position = range.lowerBound
      while position < range.upperBound, !isSpecial[Int(bytes[position])] { position &+= 1 }
      return position
    }
  }

  /// What stands for a special byte.
  func replacement(of byte: UInt8) -> [UInt8] { replacements[Int(byte)] ?? [byte] }

  /// A text with its special bytes replaced.
  func applied(to text: [UInt8]) -> [UInt8] {
    text.flatMap { replacements[Int($0)] ?? [$0] }
  }

  /// TSV: a tab, a line end or a backslash is written as two characters.
  static let tsv = Escapes([
    (0x09, "\\t"), (0x0A, "\\n"), (0x0D, "\\r"), (0x5C, "\\\\"),
  ])

  /// JSON (RFC 8259).
  static let json = Escapes(
    (UInt8(0)..<0x20).map { ($0, "\\u00" + hexadecimal($0).lowercased()) } + [
      (0x08, "\\b"), (0x09, "\\t"), (0x0A, "\\n"), (0x0C, "\\f"), (0x0D, "\\r"), (0x22, "\\\""),
      (0x5C, "\\\\"), (0x7F, "\\u007f"),
    ])
}

extension OutputBuffer {
  /// Adds a text with its special bytes replaced.
  func put(_ bytes: ByteView, _ range: Range<Int>, escaped escapes: Escapes) throws(StoreError) {
    var position = range.lowerBound
    while true {
      let special = escapes.firstSpecial(bytes, position..<range.upperBound)
      if special > position { try put(bytes, position..<special) }
      if special == range.upperBound { return }
      try put(escapes.replacement(of: bytes[special]))
      position = special &+ 1
    }
  }
}
