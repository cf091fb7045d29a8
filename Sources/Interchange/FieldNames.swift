import Store

/// Headers of a file made into names of fields.
enum FieldNames {
  /// One name a header, snake_case and unique: `Unit Price (€)` is `unit_price`, `customerID` is
  /// `customer_id`, an empty third header `column_3`, a second `name` `name_2`.
  static func unique(_ headers: [String], otherwise word: String = "column") -> [String] {
    var used: Set<[UInt8]> = []
    var nextNumbers: [[UInt8]: Int] = [:]
    return headers.enumerated().map { offset, header in
      let plain = snakeCase(header)
      let name = plain.isEmpty ? "\(word)_\(offset + 1)" : plain
      var candidate = name
      var number = nextNumbers[Array(name.utf8)] ?? 2
      while !used.insert(Array(candidate.utf8)).inserted {
        candidate = "\(name)_\(number)"
        number += 1
        nextNumbers[Array(name.utf8)] = number
      }
      return candidate
    }
  }

  /// Letters, digits and marks stay, small; everything else, and a capital after a small letter,
  /// begins a new part.
  private static func snakeCase(_ header: String) -> String {
    var name = String.UnicodeScalarView()
    let scalars = Array(header.unicodeScalars)
    var isAfterGap = false
    for (offset, scalar) in scalars.enumerated() {
      guard scalar != "_", scalar.properties.isIDContinue else {
        isAfterGap = true
        continue
      }
      let last = offset > 0 ? scalars[offset - 1] : nil
      let next = offset + 1 < scalars.count ? scalars[offset + 1] : nil
      let isNewPart =
        isCapital(scalar)
        && (last.map { isSmall($0) || isDigit($0) } ?? false
          || last.map(isCapital) ?? false && next.map(isSmall) ?? false)
      if !name.isEmpty, isAfterGap || isNewPart { name.append("_") }
      isAfterGap = false
      name.append(scalar)
    }
    return lowercased(String(name))
  }

  private static func lowercased(_ name: String) -> String {
    if name.utf8.allSatisfy({ $0 < 0x80 }) {
      return String(
        decoding: name.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }, as: UTF8.self)
    }
    return Folding.fold(name)
  }

  private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
    scalar >= "A" && scalar <= "Z"
  }

  private static func isSmall(_ scalar: Unicode.Scalar) -> Bool {
    scalar >= "a" && scalar <= "z"
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
    scalar >= "0" && scalar <= "9"
  }
}
