import Store

/// The part of a `CellTarget` that the loop over cells works with: it owns nothing, so that no cell
/// costs a retain.
struct CellLane {
  let kind: CellTarget.Kind
  let decimalMark: UInt8
  /// Whether cells of the commonest form need no second look: not if a form reads two ways, or if
  /// the user gave marks of an unknown value.
  let isShaped: Bool
  let words: SlotReach<Int64>
  let reals: SlotReach<Double>
  let known: SlotReach<UInt8>
  let counts: SlotReach<Int32>

  @inline(__always)
  func put(_ word: Int64, _ row: Int) {
    words[row] = word
    known[row] = 0x80
  }

  /// Notes where a text lies; it is copied when the batch is complete.
  @inline(__always)
  func putText(_ cell: CellRange, _ row: Int) {
    let count = Int32(truncatingIfNeeded: cell.content.count)
    words[row] = Int64(cell.content.lowerBound)
    counts[row] = cell.hasDoubledQuote ? -count : count
    known[row] = cell.isQuoted || count != 0 ? 0x80 : 0
  }

  /// Takes the cell at `position` if it has its type's commonest form, and gives where it ends; else
  /// -1, and the cell must be cut out and given to `take`.
  @inline(__always)
  func takeShaped(_ tokens: Tokens, _ position: Int, _ row: Int) -> Int {
    let bytes = tokens.bytes
    if !isShaped { return -1 }
    switch kind {
    case .integer:
      let isNegative = bytes[position] == 0x2D
      let start = isNegative ? position &+ 1 : position
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 16, let end = tokens.end(at: start &+ digits.count)
      else { return -1 }
      put(isNegative ? 0 &- digits.value : digits.value, row)
      return end
    case .money:
      let isNegative = bytes[position] == 0x2D
      var start = isNegative ? position &+ 1 : position
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 13 else { return -1 }
      start &+= digits.count
      var minor = digits.value &* 100
      if bytes[start] == decimalMark, bytes[start] != tokens.dialect.delimiter {
        let word = bytes.word(at: start &+ 1)
        let count = Digits.prefixCount(word)
        guard count == 1 || count == 2 else { return -1 }
        let fraction = Digits.value(word, count: count)
        minor &+= count == 1 ? fraction &* 10 : fraction
        start &+= 1 &+ count
      }
      guard let end = tokens.end(at: start) else { return -1 }
      put(isNegative ? 0 &- minor : minor, row)
      return end
    case .number:
      let isNegative = bytes[position] == 0x2D
      var start = isNegative ? position &+ 1 : position
      let digits = bytes.digits(at: start)
      guard digits.count > 0, digits.count < 9 else { return -1 }
      start &+= digits.count
      var value = Double(digits.value)
      if bytes[start] == decimalMark, bytes[start] != tokens.dialect.delimiter {
        let word = bytes.word(at: start &+ 1)
        let count = Digits.prefixCount(word)
        guard count > 0, count < 7 else { return -1 }
        let power = Digits.powers[count]
        // At most fourteen digits: both are exact, the quotient is rounded once.
        value = Double(digits.value &* power &+ Digits.value(word, count: count)) / Double(power)
        start &+= 1 &+ count
      }
      guard let end = tokens.end(at: start) else { return -1 }
      reals[row] = isNegative ? -value : value
      known[row] = 0x80
      return end
    case .date:
      guard let day = bytes.isoDay(at: position), let end = tokens.end(at: position &+ 10)
      else { return -1 }
      put(Int64(day), row)
      return end
    case .text:
      guard let cell = tokens.cell(at: position), !cell.hasTail, cell.lineCount == 0,
        cell.content.count <= tokens.cellByteCountMax
      else { return -1 }
      putText(cell, row)
      return cell.end
    case .time:
      guard let day = bytes.isoDay(at: position),
        bytes[position &+ 10] == 0x54 || bytes[position &+ 10] == 0x20,
        let second = bytes.isoSecond(at: position &+ 11), let end = tokens.end(at: position &+ 19)
      else { return -1 }
      put(Int64(day &* 86_400 &+ second), row)
      return end
    case .choice, .flag: return -1
    }
  }
}

extension TextBlock {
  /// Copies texts out of a file: text *i* lies at `starts[i]` and is `counts[i]` bytes long, where a
  /// negative count says that its quotes are doubled.
  init(
    _ bytes: ByteView, starts: SlotReach<Int64>, counts: SlotReach<Int32>, count: Int
  ) {
    self.init()
    var most = 0
    for row in 0..<count { most &+= Int(counts[row].magnitude) }
    var ends: [Int] = []
    ends.reserveCapacity(count)
    // Sixteen bytes are copied at a time; the last copy may reach past the end.
    self.bytes = [UInt8](unsafeUninitializedCapacity: most + 16) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      var end = 0
      for row in 0..<count {
        let length = Int(counts[row])
        let start = Int(truncatingIfNeeded: starts[row])
        if length >= 0 {
          bytes.copy(start..<start &+ length, to: base + end)
          end &+= length
        } else {
          end &+= bytes.copyUnquoted(start..<start &- length, to: base + end)
        }
        ends.append(end)
      }
      filled = end
    }
    self.ends = ends
  }
}

extension ByteView {
  /// Copies some bytes to a place with sixteen bytes more room.
  @inline(__always)
  fileprivate func copy(_ range: Range<Int>, to place: UnsafeMutablePointer<UInt8>) {
    if range.count <= 16 {
      UnsafeMutableRawPointer(place)
        .storeBytes(of: block(at: range.lowerBound), as: SIMD16<UInt8>.self)
    } else {
      place.update(from: base + range.lowerBound, count: range.count)
    }
  }

  /// Copies the content of a quoted cell, each doubled quote as one; gives the bytes written.
  fileprivate func copyUnquoted(
    _ range: Range<Int>, to place: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var written = 0
    var position = range.lowerBound
    while position < range.upperBound {
      place[written] = self[position]
      written &+= 1
      position &+= self[position] == Dialect.quote ? 2 : 1
    }
    return written
  }
}
