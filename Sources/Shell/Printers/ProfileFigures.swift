/// How figures and names read in a profile: short, for one screen.
enum ProfileFigures {
  /// The name of a field or a signal as words.
  static func spaced(_ name: String) -> String {
    String(name.map { $0 == "_" ? " " : $0 })
  }

  /// A key.
  static func plain(_ figure: Double) -> String {
    abs(figure) < 1e15 ? String(Int64(figure)) : ValueText.number(figure)
  }

  /// A number with at most two decimals.
  static func number(_ figure: Double) -> String {
    ValueText.number(abs(figure) < 1e13 ? (figure * 100).rounded() / 100 : figure)
  }

  /// A length of time: days, from 100 on months, from 24 months on years.
  static func span(_ days: Double) -> String {
    let months = (days / 30.4375).rounded()
    if days < 100 { return days == 1 ? "1 day" : "\(number(days)) days" }
    if months < 24 { return "\(number(months)) months" }
    return "\(number((days / 36.525).rounded() / 10)) years"
  }

  /// `1st`, `2nd`, `13th`
  static func ordinal(_ place: Int) -> String {
    let ending: String
    switch (place % 10, place % 100) {
    case (_, 11...13): ending = "th"
    case (1, _): ending = "st"
    case (2, _): ending = "nd"
    case (3, _): ending = "rd"
    default: ending = "th"
    }
    return ValueText.grouped(place) + ending
  }
}
