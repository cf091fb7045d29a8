import Store

/// Values as text: the one formatter that files, answers on a terminal and messages share.
///
/// Dates are `2026-01-31`, times `2026-01-31T14:30:00`, money `1234.50`, numbers the shortest form
/// that reads back, flags `yes` and `no`, choices their names, references their keys.
package enum CellText {
  /// Adds a known value of the given type; an unknown one adds nothing. A reference's value is its
  /// key.
  package static func append(_ value: Scalar, _ type: ValueType, to bytes: inout [UInt8]) {
    switch value {
    case .unknown: break
    case .text(let text): bytes.append(contentsOf: text.utf8)
    case .real(let number): append(number: number, to: &bytes)
    case .word(let word):
      switch type {
      case .date: append(date: word, to: &bytes)
      case .time: append(time: word, to: &bytes)
      case .money: append(money: word, to: &bytes)
      case .flag: bytes.append(contentsOf: (word != 0 ? "yes" : "no").utf8)
      case .choice(let list):
        let code = Int(word)
        if list.names.indices.contains(code) { bytes.append(contentsOf: list.names[code].utf8) }
      case .text, .number, .integer, .reference: append(integer: word, to: &bytes)
      }
    }
  }

  /// One value as a string, for messages.
  package static func string(_ value: Scalar, _ type: ValueType) -> String {
    var bytes: [UInt8] = []
    append(value, type, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Adds `-42`.
  package static func append(integer: Int64, to bytes: inout [UInt8]) {
    append(to: &bytes) { $0.put(integer: integer) }
  }

  /// Adds minor units as `-1234.50`.
  package static func append(money: Int64, to bytes: inout [UInt8]) {
    append(to: &bytes) { $0.put(money: money) }
  }

  /// Adds a day number as `2026-01-31`.
  package static func append(date: Int64, to bytes: inout [UInt8]) {
    append(to: &bytes) { $0.put(date: date) }
  }

  /// Adds seconds since 1970 as `2026-01-31T14:30:00`.
  package static func append(time: Int64, to bytes: inout [UInt8]) {
    append(to: &bytes) { $0.put(time: time) }
  }

  /// Adds the shortest form that reads back: whole numbers without a point, an exponent only from
  /// 10²¹ on and below 10⁻⁶.
  package static func append(number: Double, to bytes: inout [UInt8]) {
    append(to: &bytes) { $0.put(number: number) }
  }

  /// Adds a text with its control characters made visible (`␛`), and characters that turn the
  /// direction of writing replaced: what comes from a file may not steer a terminal.
  package static func appendVisible(_ text: String, to bytes: inout [UInt8]) {
    for scalar in text.unicodeScalars { append(visible: scalar, to: &bytes) }
  }

  /// Adds one character, visibly.
  static func append(visible scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    let shown: Unicode.Scalar
    switch scalar.value {
    case 0...0x1F: shown = Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}"
    case 0x7F: shown = "\u{2421}"
    case 0x80...0x9F, 0x200E, 0x200F, 0x202A...0x202E, 0x2028, 0x2029, 0x2066...0x2069:
      shown = "\u{FFFD}"
    default: shown = scalar
    }
    bytes.append(contentsOf: String(shown).utf8)
  }

  private static func append(to bytes: inout [UInt8], _ put: (inout ValuePen) -> Void) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: ValuePen.byteCountMax) { buffer in
      guard let start = buffer.baseAddress else { return }
      var pen = ValuePen(at: start)
      put(&pen)
      bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: pen.count))
    }
  }
}
