/// Reads a pattern into its tree.
///
///     either   = sequence *("|" sequence)
///     sequence = *(one [repeat])
///     one      = "(" either ")" / set / escape / "." / "^" / "$" / character
struct PatternParser {
  private let bytes: [UInt8]
  private var place = 0
  private var depth = 0

  init(_ source: String) { bytes = Array(source.utf8) }

  mutating func parse() throws(Pattern.Problem) -> PatternNode {
    let node = try parseEither()
    if place < bytes.count { throw problem("a ')' closes no bracket", at: place) }
    return node
  }

  private mutating func parseEither() throws(Pattern.Problem) -> PatternNode {
    var alternatives = [try parseSequence()]
    var stepCount = alternatives[0].stepCount + 2
    while take("|") {
      let alternative = try parseSequence()
      stepCount += alternative.stepCount + 2
      try checkSize(stepCount, at: place)
      alternatives.append(alternative)
    }
    return alternatives.count == 1 ? alternatives[0] : .either(alternatives)
  }

  private mutating func parseSequence() throws(Pattern.Problem) -> PatternNode {
    var nodes: [PatternNode] = []
    var stepCount = 0
    while let byte = peek, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      let start = place
      var node = try parseOne()
      if let (least, most) = try parseRepeat() {
        node = .several(node, least: least, most: most)
        try checkSize(node.stepCount, at: start)
        let second = place
        if try parseRepeat() != nil {
          throw problem("two repeats in a row; put the first in brackets", at: second)
        }
      }
      stepCount += node.stepCount
      try checkSize(stepCount, at: start)
      nodes.append(node)
    }
    return nodes.count == 1 ? nodes[0] : nodes.isEmpty ? .empty : .sequence(nodes)
  }

  private mutating func parseOne() throws(Pattern.Problem) -> PatternNode {
    let start = place
    switch bytes[place] {
    case UInt8(ascii: "("):
      place += 1
      depth += 1
      if depth > Pattern.depthMax {
        throw problem("brackets nest more than \(Pattern.depthMax) deep", at: start)
      }
      let node = try parseEither()
      guard take(")") else { throw problem("a '(' is not closed", at: start) }
      depth -= 1
      return node
    case UInt8(ascii: "["): return .set(try parseSet())
    case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
      let sign = String(decoding: bytes[start...start], as: UTF8.self)
      throw problem("'\(sign)' has nothing before it to repeat", at: start)
    case UInt8(ascii: "."):
      place += 1
      return .set(PatternSet(ranges: [10...10], isNegated: true))
    case UInt8(ascii: "^"):
      place += 1
      return .start
    case UInt8(ascii: "$"):
      place += 1
      return .end
    case UInt8(ascii: "\\"):
      if take("\\b") { return .edge(true) }
      if take("\\B") { return .edge(false) }
      var set = PatternSet()
      if let scalar = try parseEscape(into: &set) { set.ranges = [scalar...scalar] }
      return .set(set)
    default:
      let scalar = takeScalar()
      return .set(PatternSet(ranges: [scalar...scalar]))
    }
  }

  /// The least and the most times, when a repeat follows.
  private mutating func parseRepeat() throws(Pattern.Problem) -> (Int, Int?)? {
    let start = place
    if take("*") { return (0, nil) }
    if take("+") { return (1, nil) }
    if take("?") { return (0, 1) }
    guard take("{") else { return nil }
    guard let least = takeCount() else {
      throw problem("'{' needs a count, as in {2,5}", at: start)
    }
    var most: Int? = least
    if take(",") { most = takeCount() }
    guard take("}") else { throw problem("'{' needs a count, as in {2,5}", at: start) }
    if max(least, most ?? 0) > Pattern.repeatCountMax {
      throw problem("more than \(Pattern.repeatCountMax) repeats", at: start)
    }
    if let most, most < least { throw problem("the counts are backwards", at: start) }
    return (least, most)
  }

  private mutating func parseSet() throws(Pattern.Problem) -> PatternSet {
    let start = place
    place += 1
    var set = PatternSet()
    set.isNegated = take("^")
    if peek == UInt8(ascii: "]") { throw problem("a set needs a character", at: start) }
    while !take("]") {
      guard peek != nil else { throw problem("a '[' is not closed", at: start) }
      let lowerPlace = place
      let lower = try parseSetMember(&set)
      guard peek == UInt8(ascii: "-"), place + 1 < bytes.count,
        bytes[place + 1] != UInt8(ascii: "]")
      else {
        if let lower { set.ranges.append(lower...lower) }
        continue
      }
      place += 1
      guard let lower, let upper = try parseSetMember(&set) else {
        throw problem("a range needs a character at both ends", at: lowerPlace)
      }
      if upper < lower { throw problem("the range is backwards", at: lowerPlace) }
      set.ranges.append(lower...upper)
    }
    return set
  }

  private mutating func parseSetMember(
    _ set: inout PatternSet
  ) throws(Pattern.Problem) -> UInt32? {
    peek == UInt8(ascii: "\\") ? try parseEscape(into: &set) : takeScalar()
  }

  /// The character that an escape stands for, or nil when it was a class, which is added to `set`.
  private mutating func parseEscape(
    into set: inout PatternSet
  ) throws(Pattern.Problem) -> UInt32? {
    let start = place
    place += 1
    guard let byte = peek else { throw problem("a '\\' ends the pattern", at: start) }
    let scalar = takeScalar()
    switch byte {
    case UInt8(ascii: "d"): set.ranges.append(48...57)
    case UInt8(ascii: "D"): set.ranges += [0...47, 58...0x10_FFFF]
    case UInt8(ascii: "w"): set.hasWords = true
    case UInt8(ascii: "W"): set.hasNonWords = true
    case UInt8(ascii: "s"): set.hasSpaces = true
    case UInt8(ascii: "S"): set.hasNonSpaces = true
    case UInt8(ascii: "n"): return 10
    case UInt8(ascii: "t"): return 9
    case UInt8(ascii: "r"): return 13
    case 0..<0x80 where !UTF8Scalar([byte].span, at: 0).isLetterOrDigit: return scalar
    default:
      let text = String(decoding: bytes[start..<place], as: UTF8.self)
      throw problem(
        "'\(text)' means nothing; a sign may follow '\\', or one of d w s b n t r",
        at: start)
    }
    return nil
  }

  private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func take(_ text: StaticString) -> Bool {
    let wanted = Array(text.description.utf8)
    guard bytes[place...].starts(with: wanted) else { return false }
    place += wanted.count
    return true
  }

  private mutating func takeScalar() -> UInt32 {
    let scalar = UTF8Scalar(bytes.span, at: place)
    place += scalar.byteCount
    return scalar.value
  }

  /// Digits; more than 9 of them count as too many.
  private mutating func takeCount() -> Int? {
    let start = place
    var count = 0
    while let byte = peek, byte &- 48 < 10 {
      count = min(count * 10 + Int(byte - 48), 1_000_000_000)
      place += 1
    }
    return place == start ? nil : count
  }

  private func checkSize(_ stepCount: Int, at offset: Int) throws(Pattern.Problem) {
    if stepCount > Pattern.stepCountMax { throw problem("the pattern is too large", at: offset) }
  }

  private func problem(_ message: String, at offset: Int) -> Pattern.Problem {
    Pattern.Problem(message: message, offset: offset)
  }
}
