/// Spellings of an unknown value.
struct UnknownMarks {
  private let marks: [[UInt8]]

  /// The marks the user gave, exactly; they count for every type.
  init(_ marks: [String]) { self.marks = marks.map { Array($0.utf8) } }

  /// Whether the user gave none.
  var isEmpty: Bool { marks.isEmpty }

  /// Whether the cell in `range` is one of them.
  func contains(_ bytes: ByteView, _ range: Range<Int>) -> Bool {
    marks.contains { bytes.equals(range, $0) }
  }

  /// Whether the cell in `range` is `NULL`, `N/A` (in any case) or `-`: unknown for every type but
  /// text.
  static func isUsual(_ bytes: ByteView, _ range: Range<Int>) -> Bool {
    switch range.count {
    case 1: bytes[range.lowerBound] == 0x2D
    case 3: bytes.equals(range, ignoringCaseOf: "N/A")
    case 4: bytes.equals(range, ignoringCaseOf: "NULL")
    default: false
    }
  }
}
