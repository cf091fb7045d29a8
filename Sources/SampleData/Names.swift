import Store

/// Names of people by culture, all combined at random from common ones.
struct Names: Sendable {
  /// A name as written, and in plain small letters for an address.
  struct Part: Sendable {
    let text: [UInt8]
    let plain: [UInt8]
  }

  /// The names of one culture.
  struct Culture: Sendable {
    let first: [Part]
    let family: [Part]
    /// Whether the family name comes first, without a space.
    let isFamilyFirst: Bool
    /// What follows the name of a company.
    let legalForms: [[UInt8]]
    /// What companies do, in the culture's language.
    let trades: [[UInt8]]
  }

  /// The cultures, in the order of `keys`.
  let cultures: [Culture]
  /// Coined beginnings and endings of company names.
  let beginnings: [[UInt8]]
  let endings: [[UInt8]]

  /// Reads the lists.
  init() {
    cultures = Self.lists.map { list in
      let lines = list.split(separator: "\n")
      func parts(_ line: Int) -> [Part] {
        lines[line].split(separator: " ").map { Part($0) }
      }
      func phrases(_ line: Int) -> [[UInt8]] {
        lines[line].split(separator: "|").map { Array($0.utf8) }
      }
      let head = lines[0].split(separator: " ")
      return Culture(
        first: parts(1), family: parts(2), isFamilyFirst: head.count > 1,
        legalForms: phrases(3), trades: phrases(4))
    }
    beginnings = Self.coinedBeginnings.split(separator: " ").map { Array($0.utf8) }
    endings = Self.coinedEndings.split(separator: " ").map { Array($0.utf8) }
  }

  /// The index of the culture of that name.
  static func culture(_ name: String) -> Int {
    lists.firstIndex { $0.utf8.starts(with: name.utf8) } ?? 0
  }

  private static let coinedBeginnings = """
    Aldo Arven Bela Brima Calvo Cendra Dorva Elmi Estra Fjella Gavo Halde Isara Jorva Kelda Lumo \
    Marve Nordla Olme Palda Quera Rosta Selvo Tarn Ulme Valdo Vesta Welda Ximo Zelva Ćira Ørva
    """
  private static let coinedEndings = """
    bria cor dano fel gard lys mar mora nexa nova plan quint ra rix sol stad tec terra via vik
    """
}

extension Names.Part {
  /// Reads `Zoë` or, where letters have no plain form of their own, `王=wang`. `_` is a space.
  init(_ entry: Substring) {
    let halves = entry.split(separator: "=", maxSplits: 1)
    text = halves[0].utf8.map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
    plain = halves.count > 1 ? Array(halves[1].utf8) : Self.plain(halves[0])
  }

  /// Small letters a–z only: accents go, `ß` becomes `ss`, apostrophes and spaces vanish.
  private static func plain(_ text: Substring) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x61...0x7A: bytes.append(UInt8(scalar.value))
      case 0x41...0x5A: bytes.append(UInt8(scalar.value + 32))
      default:
        if let position = letters.firstIndex(of: scalar) {
          bytes.append(contentsOf: plainLetters[position].utf8)
        }
      }
    }
    return bytes
  }

  private static let letters = Array(
    "áàâãäåÁÅÄæçčćÇČéèêëěÉÈíìîïÍñńňÑóòôõöøÓÖØřśšŚŠßúùûüůÚÜýžźżŽŻłŁđÆ".unicodeScalars)
  private static let plainLetters = """
    a a a a a a a a a ae c c c c c e e e e e e e i i i i i n n n n o o o o o o o o o r s s s s ss \
    u u u u u u u y z z z z z l l d ae
    """.split(separator: " ").map(String.init)
}
