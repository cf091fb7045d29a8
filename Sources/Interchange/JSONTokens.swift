import Store

/// A place in a text: where, and on which line.
struct JSONPlace {
  var position: Int
  /// Counted from 1.
  var line = 1
  /// Where the line begins.
  var lineStart: Int

  init(at position: Int) {
    self.position = position
    lineStart = position
  }
}

/// Where a text stops being JSON, and why.
struct JSONMistake: Error {
  enum Reason {
    /// What would have been right there, in words.
    case expected(String)
    case commaAtEnd
    case number, escape, loneSurrogate, controlCharacter, openText, tooDeep, tooLong
  }

  var reason: Reason
  var place: JSONPlace
}

/// One value of a JSON text.
struct JSONValue {
  enum Kind {
    case text, number, yes, no, null, object, array
  }

  var kind: Kind
  /// Its bytes; for a text those between the quotes.
  var range: Range<Int>
  /// Whether a backslash stands in the text.
  var hasEscape = false
}

/// Cuts a text into JSON values by RFC 8259, strictly: no comments, no comma before a bracket, no
/// `NaN`, no half surrogates.
///
/// The bytes are well-formed UTF-8 and ended by a NUL. What lies in nested values is checked and
/// skipped without recursion.
struct JSONTokens {
  /// The deepest nesting of brackets.
  static let depthMax = 512

  let bytes: ByteView
  /// Whether a value ends where its line ends (jsonl).
  let isLines: Bool

  /// Skips spaces and, unless a line is a value, line ends.
  @inline(__always)
  func skipSpace(_ place: inout JSONPlace) {
    while bytes[place.position] <= 0x20 {
      switch bytes[place.position] {
      case 0x20, 0x09, 0x0D: place.position &+= 1
      case 0x0A where !isLines: endLine(&place)
      default: return
      }
    }
  }

  @inline(__always)
  private func endLine(_ place: inout JSONPlace) {
    place.position &+= 1
    place.line &+= 1
    place.lineStart = place.position
  }

  /// Skips everything to the next line that is not blank (jsonl).
  func skipToNextLine(_ place: inout JSONPlace) {
    place.position =
      bytes.firstPosition(
        of: SIMD16(repeating: Dialect.lineFeed), from: place.position, before: bytes.count)
      ?? bytes.count
    skipBlankLines(&place)
  }

  /// Skips spaces and line ends.
  func skipBlankLines(_ place: inout JSONPlace) {
    while place.position < bytes.count {
      switch bytes[place.position] {
      case 0x20, 0x09, 0x0D: place.position += 1
      case 0x0A: endLine(&place)
      default: return
      }
    }
  }

  /// Whether the text ends here.
  func isAtEnd(_ place: JSONPlace) -> Bool { place.position >= bytes.count }

  /// Takes a byte if it is the next one.
  @inline(__always)
  func accept(_ byte: UInt8, _ place: inout JSONPlace) -> Bool {
    guard bytes[place.position] == byte, place.position < bytes.count else { return false }
    place.position &+= 1
    return true
  }

  func expected(_ words: String, _ place: JSONPlace) -> JSONMistake {
    JSONMistake(reason: .expected(words), place: place)
  }

  /// Reads the value that begins here; a nested one is checked and skipped.
  @inline(__always)
  func value(_ place: inout JSONPlace) throws(JSONMistake) -> JSONValue {
    switch bytes[place.position] {
    case 0x22: return try text(&place)
    case 0x2D, 0x30...0x39: return try number(&place)
    case 0x7B, 0x5B:
      let start = place.position
      let kind = bytes[start] == 0x7B ? JSONValue.Kind.object : .array
      try skipNested(&place)
      return JSONValue(kind: kind, range: start..<place.position)
    default: return try word(&place)
    }
  }

  /// Reads a text; its opening quote stands here.
  func text(_ place: inout JSONPlace) throws(JSONMistake) -> JSONValue {
    let start = place.position &+ 1
    var position = start
    var hasEscape = false
    while true {
      position = bytes.firstTextStop(from: position)
      switch bytes[position] {
      case 0x22:
        if position &- start > Limits.textByteCountMax {
          throw JSONMistake(reason: .tooLong, place: place)
        }
        place.position = position &+ 1
        return JSONValue(kind: .text, range: start..<position, hasEscape: hasEscape)
      case 0x5C:
        hasEscape = true
        try checkEscape(&position, place)
      default:
        if position >= bytes.count || isLines && bytes[position] == Dialect.lineFeed {
          throw JSONMistake(reason: .openText, place: place)
        }
        place.position = position
        throw JSONMistake(reason: .controlCharacter, place: place)
      }
    }
  }

  /// Checks the escape at `position` and goes behind it.
  private func checkEscape(
    _ position: inout Int, _ place: JSONPlace
  ) throws(JSONMistake) {
    var wrong = place
    wrong.position = position
    switch bytes[position &+ 1] {
    case 0x22, 0x5C, 0x2F, 0x62, 0x66, 0x6E, 0x72, 0x74: position &+= 2
    case 0x75:
      guard let unit = bytes.hexadecimalUnit(at: position &+ 2) else {
        throw JSONMistake(reason: .escape, place: wrong)
      }
      position &+= 6
      if unit & 0xF800 != 0xD800 { return }
      guard unit < 0xDC00, bytes[position] == 0x5C, bytes[position &+ 1] == 0x75,
        let low = bytes.hexadecimalUnit(at: position &+ 2), low & 0xFC00 == 0xDC00
      else { throw JSONMistake(reason: .loneSurrogate, place: wrong) }
      position &+= 6
    default: throw JSONMistake(reason: .escape, place: wrong)
    }
  }

  private func number(_ place: inout JSONPlace) throws(JSONMistake) -> JSONValue {
    let start = place.position
    var position = start
    func takeDigits() -> Bool {
      let first = position
      while bytes[position] &- 0x30 <= 9 { position &+= 1 }
      return position > first
    }
    if bytes[position] == 0x2D { position &+= 1 }
    let whole = position
    var isGood = takeDigits() && (bytes[whole] != 0x30 || position == whole &+ 1)
    if isGood, bytes[position] == 0x2E {
      position &+= 1
      isGood = takeDigits()
    }
    if isGood, bytes[position] | 0x20 == 0x65 {
      position &+= 1
      if bytes[position] == 0x2B || bytes[position] == 0x2D { position &+= 1 }
      isGood = takeDigits()
    }
    guard isGood, !bytes.isWordByte(at: position) else {
      throw JSONMistake(reason: .number, place: place)
    }
    place.position = position
    return JSONValue(kind: .number, range: start..<position)
  }

  private func word(_ place: inout JSONPlace) throws(JSONMistake) -> JSONValue {
    let start = place.position
    func isHere(_ word: StaticString) -> Bool {
      let end = start &+ word.utf8CodeUnitCount
      return end <= bytes.count && bytes.equals(start..<end, word) && !bytes.isWordByte(at: end)
    }
    let found: (JSONValue.Kind, Int)? =
      isHere("true") ? (.yes, 4) : isHere("false") ? (.no, 5) : isHere("null") ? (.null, 4) : nil
    guard let (kind, length) = found else { throw expected("a value", place) }
    place.position = start &+ length
    return JSONValue(kind: kind, range: start..<place.position)
  }

  // MARK: nested values

  /// Checks an object or an array and goes behind it.
  private func skipNested(_ place: inout JSONPlace) throws(JSONMistake) {
    // One entry an open bracket: whether it is an object's.
    var open: [Bool] = []
    while true {
      // Here a value begins.
      if bytes[place.position] == 0x7B || bytes[place.position] == 0x5B {
        guard open.count < Self.depthMax else {
          throw JSONMistake(reason: .tooDeep, place: place)
        }
        let isObject = bytes[place.position] == 0x7B
        place.position &+= 1
        skipSpace(&place)
        if !accept(isObject ? 0x7D : 0x5D, &place) {
          open.append(isObject)
          if isObject { try skipName(&place) }
          continue
        }
      } else {
        _ = try value(&place)
      }
      // Here a value ended.
      while let isObject = open.last {
        skipSpace(&place)
        if accept(0x2C, &place) {
          let comma = place
          skipSpace(&place)
          if bytes[place.position] == (isObject ? 0x7D : 0x5D) {
            throw JSONMistake(reason: .commaAtEnd, place: comma.before)
          }
          if isObject { try skipName(&place) }
          break
        }
        guard accept(isObject ? 0x7D : 0x5D, &place) else {
          throw expected(isObject ? "',' or '}'" : "',' or ']'", place)
        }
        open.removeLast()
      }
      if open.isEmpty { return }
    }
  }

  private func skipName(_ place: inout JSONPlace) throws(JSONMistake) {
    _ = try name(&place)
  }

  /// Reads a name of an object and the colon behind it; the value comes next.
  @inline(__always)
  func name(_ place: inout JSONPlace) throws(JSONMistake) -> JSONValue {
    guard bytes[place.position] == 0x22 else { throw expected("a name in double quotes", place) }
    let name = try text(&place)
    skipSpace(&place)
    guard accept(0x3A, &place) else { throw expected("':'", place) }
    skipSpace(&place)
    return name
  }
}

extension JSONPlace {
  /// The place one byte before, on the same line.
  var before: JSONPlace {
    var place = self
    place.position -= 1
    return place
  }
}

extension ByteView {
  /// Whether a byte goes on a word or number: letters, digits, and signs of numbers.
  func isWordByte(at position: Int) -> Bool {
    switch self[position] {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E, 0x5F: true
    default: self[position] >= 0x80
    }
  }

  /// The four hexadecimal digits at a position as a number, or nil.
  func hexadecimalUnit(at position: Int) -> UInt32? {
    var unit: UInt32 = 0
    for offset in 0..<4 {
      let byte = self[position &+ offset]
      switch byte {
      case 0x30...0x39: unit = unit << 4 | UInt32(byte - 0x30)
      case 0x41...0x46, 0x61...0x66: unit = unit << 4 | UInt32((byte | 0x20) - 0x57)
      default: return nil
      }
    }
    return unit
  }
}

extension ByteStore {
  /// Adds the content of a JSON text that was checked, its escapes resolved.
  func appendUnescaped(_ range: Range<Int>, of view: ByteView) throws(StoreError) {
    try reserve(range.count)
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = view[position]
      guard byte == 0x5C else {
        appendReserved(byte)
        position &+= 1
        continue
      }
      position &+= 2
      switch view[position &- 1] {
      case 0x62: appendReserved(0x08)
      case 0x66: appendReserved(0x0C)
      case 0x6E: appendReserved(0x0A)
      case 0x72: appendReserved(0x0D)
      case 0x74: appendReserved(0x09)
      case 0x75:
        var scalar = view.hexadecimalUnit(at: position) ?? 0
        position &+= 4
        if scalar & 0xFC00 == 0xD800 {
          let low = view.hexadecimalUnit(at: position &+ 2) ?? 0
          scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
          position &+= 6
        }
        try append(scalar)
      case let plain: appendReserved(plain)
      }
    }
  }
}
