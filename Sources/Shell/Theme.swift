import Synchronization

/// Which colours and weights the shell writes in: of the 16 that every terminal has, as the reader
/// has set them. A terminal is never asked what it looks like.
struct Theme: Sendable {
  /// What is told apart.
  enum Role: CaseIterable, Sendable {
    /// In the text being typed.
    case keyword, name, function, text, value, parameter, command, comment, fault
    /// What the search has found in it, and what would be taken with Right.
    case found, hint
    /// Around it and in answers.
    case prompt, heading, dim, error, good
  }

  /// As `.theme` takes it.
  let name: String
  /// What it is good for.
  let summary: String
  /// The parameters of the escape of each role; none where it looks like everything else.
  private let codes: [Role: String]

  /// The parameters of a role's escape; empty for a plain one.
  func code(of role: Role) -> String { codes[role] ?? "" }

  /// All there are; the first is that of a fresh prompt.
  static let all: [Theme] = [
    Theme(
      name: "default", summary: "for any background",
      codes: weights.merging([
        .keyword: "1", .name: "36", .function: "36", .text: "32", .value: "35", .parameter: "35",
        .command: "1", .fault: "4;31", .error: "1;31", .good: "32",
      ]) { $1 }),
    Theme(
      name: "dark", summary: "for dark backgrounds",
      codes: weights.merging([
        .keyword: "1;94", .name: "96", .function: "93", .text: "92", .value: "95",
        .parameter: "95", .command: "1;93", .comment: "90", .fault: "4;91", .hint: "90",
        .prompt: "1;96", .dim: "90", .error: "1;91", .good: "92",
      ]) { $1 }),
    Theme(
      name: "light", summary: "for light backgrounds",
      codes: weights.merging([
        .keyword: "1;34", .name: "36", .function: "34", .text: "32", .value: "35",
        .parameter: "35", .command: "1;35", .comment: "90", .fault: "4;31", .hint: "90",
        .prompt: "1;34", .dim: "90", .error: "1;31", .good: "32",
      ]) { $1 }),
    Theme(
      name: "mono", summary: "no colours",
      codes: weights.merging([
        .keyword: "1", .command: "1", .fault: "4", .error: "1;4", .good: "1",
      ]) { $1 }),
  ]

  /// What all themes have unless they say otherwise.
  private static let weights: [Role: String] = [
    .comment: "2", .found: "7", .hint: "2", .prompt: "1", .heading: "1", .dim: "2",
  ]

  /// The theme of that name.
  static func named(_ name: String) -> Theme? { all.first { $0.name == name.lowercased() } }

  /// The theme in use: one for the whole process, as it has one terminal.
  static var current: Theme {
    get { all[chosen.load(ordering: .relaxed)] }
    set {
      let place = all.firstIndex { $0.name == newValue.name }
      chosen.store(place ?? 0, ordering: .relaxed)
    }
  }

  private static let chosen = Atomic<Int>(0)
}
