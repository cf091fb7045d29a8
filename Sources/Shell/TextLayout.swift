import CEdit
import Glibc

/// Where libedit draws each character of the text: rows counted from the prompt's, columns from 0.
struct TextLayout {
  /// A place on the terminal.
  struct Place: Hashable {
    var row: Int
    var column: Int
  }

  /// The place of each character.
  private(set) var places: [Place] = []
  /// The place after the last one.
  private(set) var end: Place

  /// Lays out `scalars` behind a prompt, on a terminal of `width` columns.
  init(_ scalars: [Unicode.Scalar], promptWidth: Int, width: Int) {
    end = Place(row: promptWidth / width, column: promptWidth % width)
    places.reserveCapacity(scalars.count)
    for scalar in scalars {
      let taken = Self.drawing(of: scalar).width
      if scalar != "\n", scalar != "\t", end.column + taken > width {
        end = Place(row: end.row + 1, column: 0)
      }
      places.append(end)
      switch scalar {
      case "\n": end = Place(row: end.row + 1, column: 0)
      case "\t": end.column = (end.column / 8 + 1) * 8
      default: end.column += taken
      }
      if end.column >= width { end = Place(row: end.row + 1, column: 0) }
    }
  }

  /// The place at an offset, which may be the one after the last.
  func place(at offset: Int) -> Place { offset < places.count ? places[offset] : end }

  /// How a character is drawn, and in how many columns: a control character as `^X`, one that
  /// cannot be printed by its number, one that only turns the line around not at all.
  static func drawing(of scalar: Unicode.Scalar) -> (text: String, width: Int) {
    switch scalar.value {
    case 0x20..<0x7F: return (String(Character(scalar)), 1)
    case 0x0A, 0x09: return ("", 0)
    case 0x7F: return ("^?", 2)
    case 0..<0x20, 0x80..<0xA0:
      let letter = Unicode.Scalar(scalar.value | 0x40) ?? "?"
      return ("^" + String(Character(letter)), 2)
    default: break
    }
    let width = Int(wcwidth(wchar_t(bitPattern: scalar.value)))
    if width < 0 {
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let count = scalar.value > 0xFFFF ? 5 : 4
      let zeros = String(repeating: "0", count: max(0, count - digits.count))
      return ("\\U+" + zeros + digits, 3 + count)
    }
    if width == 0, scalar.properties.generalCategory == .format, scalar.value != 0x200D {
      return ("", 0)
    }
    return (String(Character(scalar)), width)
  }

  /// What draws the text again in colours: from the cursor, which it leaves where it is.
  ///
  /// - Parameter codes: The parameters of each character's escape.
  func painting(
    of scalars: [Unicode.Scalar], codes: [String], cursor: Int, from start: Place
  ) -> String {
    let origin = place(at: cursor)
    var result = "\u{1B}7\r" + Self.move(origin.row - start.row, "A") + Self.move(start.column, "C")
    var place = start
    var code = ""
    for (offset, scalar) in scalars.enumerated() where scalar != "\n" && scalar != "\t" {
      let next = places[offset]
      if next.row != place.row {
        result += "\r" + Self.move(next.row - place.row, "B") + Self.move(next.column, "C")
      } else {
        result += Self.move(next.column - place.column, "C")
      }
      if codes[offset] != code {
        code = codes[offset]
        result += "\u{1B}[0m" + (code.isEmpty ? "" : "\u{1B}[\(code)m")
      }
      let drawn = Self.drawing(of: scalar)
      result += drawn.text
      place = Place(row: next.row, column: next.column + drawn.width)
    }
    return result + (code.isEmpty ? "" : "\u{1B}[0m") + "\u{1B}8"
  }

  private static func move(_ count: Int, _ letter: String) -> String {
    count > 0 ? "\u{1B}[\(count)\(letter)" : ""
  }
}
