import Store

/// Stable stand-ins for what texts say of persons: within a session the same text has the same one,
/// and no two texts share one.
///
/// They are numbered as they come, so they tell nothing of the texts, and the same questions give the
/// same ones another time.
package final class StandIns {
  private struct Seen: Hashable {
    var kind: PersonalText
    /// By a hash whose secret is this process's.
    var hash: Int
  }

  private var numbers: [Seen: Int] = [:]
  private var counts: [PersonalText: Int] = [:]

  /// Whether none is taken.
  var isEmpty: Bool { numbers.isEmpty }

  /// Makes stand-ins of which none is taken.
  package init() {}

  /// The stand-in for a text; empty text is its own.
  package func text(for text: String, _ kind: PersonalText) -> String {
    if text.isEmpty { return text }
    let kind = text.utf8.contains(UInt8(ascii: "@")) ? .mail : kind
    var hasher = Hasher()
    for byte in text.utf8 { hasher.combine(byte) }
    let seen = Seen(kind: kind, hash: hasher.finalize())
    let number = numbers[seen] ?? counts[kind, default: 0]
    if numbers[seen] == nil {
      numbers[seen] = number
      counts[kind] = number + 1
    }
    return Self.text(number, kind)
  }

  /// The stand-in of that number.
  static func text(_ number: Int, _ kind: PersonalText) -> String {
    switch kind {
    case .name: return name(number)
    case .mail: return "person\(number + 1)@example.com"
    case .phone:
      let digits = String(number + 1)
      return "000 " + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    case .address: return "\(number + 1) Example Street"
    case .words: return "text \(number + 1)"
    }
  }

  /// `Alba Ashford`, … each first name with each last one, then all again as `Alba Ashford 2`.
  private static func name(_ number: Int) -> String {
    let (firsts, lasts) = (firstNames.count, lastNames.count)
    // Neighbours differ in both names.
    let first = number % firsts
    let last = (number / firsts + number) % lasts
    let round = number / (firsts * lasts)
    return "\(firstNames[first]) \(lastNames[last])" + (round == 0 ? "" : " \(round + 1)")
  }

  private static let firstNames = [
    "Alba", "Bram", "Cleo", "Dario", "Edda", "Finn", "Gwen", "Hugo", "Iris", "Jonas", "Kira",
    "Leif", "Mira", "Nils", "Orla", "Piet", "Quinn", "Rosa", "Sami", "Tess", "Ugo", "Vera", "Wim",
    "Xenia", "Yara", "Zeno",
  ]

  private static let lastNames = [
    "Ashford", "Birk", "Calder", "Dorn", "Elm", "Fenn", "Garde", "Holt", "Ivory", "Juniper", "Kest",
    "Lund", "Marsh", "North", "Oakley", "Penn", "Quill", "Rowan", "Stone", "Thorne", "Underhill",
    "Vale", "Wick", "Yew", "Zell",
  ]
}
