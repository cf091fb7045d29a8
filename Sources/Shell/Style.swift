/// The few colours of the shell's own words, and none of them where a stream is not coloured.
struct Style: Sendable {
  /// Whether escapes are written.
  let isOn: Bool

  /// Less important: unknown values, footers, hints.
  func dim(_ text: String) -> String { wrap(text, .dim) }

  /// More important: headings.
  func bold(_ text: String) -> String { wrap(text, .heading) }

  /// What is wrong.
  func error(_ text: String) -> String { wrap(text, .error) }

  /// What would be right.
  func good(_ text: String) -> String { wrap(text, .good) }

  /// Text in a role of the theme.
  func wrap(_ text: String, _ role: Theme.Role) -> String {
    let code = Theme.current.code(of: role)
    return isOn && !text.isEmpty && !code.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
