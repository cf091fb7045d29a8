/// Names and texts as they stand in SQL.
enum SQLText {
  /// A name in double quotes.
  static func name(_ name: String) -> String { quoted(name, "\"") }

  /// A text in single quotes; one with a NUL, which SQL text cannot hold, as its bytes.
  static func literal(_ text: String) -> String {
    guard text.utf8.contains(0) else { return quoted(text, "'") }
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 { bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    return "CAST(x'\(String(decoding: bytes, as: UTF8.self))' AS TEXT)"
  }

  private static func quoted(_ text: String, _ quote: Character) -> String {
    var result = String(quote)
    for scalar in text.unicodeScalars {
      result.unicodeScalars.append(scalar)
      if Character(scalar) == quote { result.append(quote) }
    }
    result.append(quote)
    return result
  }

  /// Lets A–Z be a–z: what SQLite does to compare names.
  static func folded(_ name: String) -> [UInt8] {
    name.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
  }
}

/// Gives out names that SQLite can tell from each other.
struct NameGiver {
  private static let byteCountMax = 200
  private var taken: Set<[UInt8]>

  /// Makes a giver that gives none of these.
  init(taken: some Sequence<String> = []) { self.taken = Set(taken.map(SQLText.folded)) }

  /// A name for a table: the wanted one if it can be had.
  mutating func table(_ wanted: String) -> String {
    let folded = SQLText.folded(wanted)
    let isReserved = ["sqlite_", "_rapport_"].contains { folded.starts(with: $0.utf8) }
    return give(isReserved ? "table_" + wanted : wanted)
  }

  /// A name for a column: the wanted one if it can be had.
  mutating func column(_ wanted: String) -> String {
    // Rows are found by this name of their number.
    taken.insert(Array("_rowid_".utf8))
    return give(wanted)
  }

  private mutating func give(_ wanted: String) -> String {
    let base = shortened(wanted)
    var name = base
    var number = 2
    while !taken.insert(SQLText.folded(name)).inserted {
      name = "\(base)_\(number)"
      number += 1
    }
    return name
  }

  /// Without NUL, not empty, and not longer than anyone wants to read.
  private func shortened(_ wanted: String) -> String {
    var scalars = String.UnicodeScalarView()
    var byteCount = 0
    for scalar in wanted.unicodeScalars where scalar.value != 0 {
      byteCount += UTF8.width(scalar)
      if byteCount > Self.byteCountMax { break }
      scalars.append(scalar)
    }
    return scalars.isEmpty ? "unnamed" : String(scalars)
  }
}
