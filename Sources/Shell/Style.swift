/// The few colours of the shell, and none of them where a stream is not coloured.
struct Style: Sendable {
  /// Whether escapes are written.
  let isOn: Bool

  /// Less important: unknown values, footers, hints.
  func dim(_ text: String) -> String { wrap(text, "2") }

  /// More important: headings.
  func bold(_ text: String) -> String { wrap(text, "1") }

  /// What is wrong.
  func error(_ text: String) -> String { wrap(text, "1;31") }

  /// What would be right.
  func good(_ text: String) -> String { wrap(text, "32") }

  private func wrap(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
