/// A key at the prompt: what it is called, what terminals send for it, and what it does.
///
/// The bindings are made from `Keys.all`, and so are `.help keys` and the table in the reference.
struct Key: Sendable {
  /// As on the keyboard: `Ctrl-R`.
  let name: String
  /// What terminals send, in all the ways they have.
  let sequences: [String]
  /// What it does, in a few words.
  let summary: String
  /// The function of libedit, or ours, which begins with `rapport-`.
  let function: String
  /// What is bound to the same in vi's command mode, beside the sequences that no letter begins.
  var commandLetters: [String] = []
}

/// The keys at the prompt.
enum Keys {
  /// Every key that is told of, in the order it is told in.
  static let all: [Key] = runningKeys + completingKeys + movingKeys + changingKeys

  /// The table of keys, a line each where it fits, for `.help keys`.
  static func helpLines(width: Int) -> [String] {
    let left = (all.map { DisplayWidth.of($0.name) }.max() ?? 0) + 2
    return all.flatMap { key in
      let head = "  " + DisplayWidth.pad(key.name, to: left)
      return BrokenText.lines(key.summary, after: head, margin: left + 2, widthMax: width)
    }
  }

  private static let runningKeys = [
    Key(
      name: "Enter", sequences: ["\r", "\n"],
      summary: "runs the statement, or opens a line while it wants more",
      function: "rapport-enter"),
    Key(
      name: "Alt-Enter", sequences: ["\u{1B}\r", "\u{1B}\n"], summary: "opens a line in any case",
      function: "rapport-new-line"),
    Key(
      name: "Ctrl-C", sequences: ["\u{3}"],
      summary: "drops the text; stops a statement that runs", function: "rapport-interrupt"),
    Key(
      name: "Ctrl-D", sequences: ["\u{4}"],
      summary: "deletes a character; leaves where there is no text", function: "rapport-delete"),
    Key(
      name: "Ctrl-Z", sequences: ["\u{1A}"], summary: "stops rapport; 'fg' comes back to it",
      function: "rapport-suspend"),
    Key(
      name: "Ctrl-L", sequences: ["\u{C}"], summary: "clears the screen",
      function: "ed-clear-screen"),
    Key(
      name: "Ctrl-X Ctrl-E", sequences: ["\u{18}\u{5}"],
      summary: "hands the text to your editor; v in vi mode too",
      function: "rapport-edit", commandLetters: ["v"]),
  ]

  private static let completingKeys = [
    Key(
      name: "Tab", sequences: ["\t"],
      summary: "completes or lists; again: the rest, then one by one",
      function: "rapport-complete"),
    Key(
      name: "Shift-Tab", sequences: ["\u{1B}[Z"], summary: "puts in the one before",
      function: "rapport-complete-back"),
    Key(
      name: "F1", sequences: ["\u{1B}OP", "\u{1B}[11~", "\u{1B}[[A"],
      summary: "tells about the clause of the cursor", function: "rapport-help"),
    Key(
      name: "Up", sequences: ["\u{1B}[A", "\u{1B}OA", "\u{10}"],
      summary: "to the line above, or an older text; Ctrl-P too",
      function: "rapport-up", commandLetters: ["k"]),
    Key(
      name: "Down", sequences: ["\u{1B}[B", "\u{1B}OB", "\u{E}"],
      summary: "to the line below, or a newer text; Ctrl-N too",
      function: "rapport-down", commandLetters: ["j"]),
    Key(
      name: "Ctrl-R", sequences: ["\u{12}"],
      summary: "searches older texts; again: still older; Esc: back",
      function: "rapport-search", commandLetters: ["/", "?"]),
    Key(
      name: "Ctrl-S", sequences: ["\u{13}"], summary: "in a search: newer",
      function: "rapport-search-newer"),
  ]

  private static let movingKeys = [
    Key(
      name: "Right", sequences: ["\u{1B}[C", "\u{1B}OC", "\u{6}"],
      summary: "to the right, or takes the dim hint; Ctrl-F too",
      function: "rapport-right"),
    Key(
      name: "Left", sequences: ["\u{1B}[D", "\u{1B}OD", "\u{2}"],
      summary: "to the left; Ctrl-B too", function: "ed-prev-char"),
    Key(
      name: "Ctrl-Right", sequences: ["\u{1B}[1;5C", "\u{1B}[1;3C", "\u{1B}f"],
      summary: "a word to the right, or a word of the hint; Alt-F too",
      function: "rapport-word-right"),
    Key(
      name: "Ctrl-Left", sequences: ["\u{1B}[1;5D", "\u{1B}[1;3D", "\u{1B}b"],
      summary: "a word to the left; Alt-B too", function: "rapport-word-left"),
    Key(
      name: "Home", sequences: ["\u{1B}[H", "\u{1B}OH", "\u{1B}[1~", "\u{1B}[7~", "\u{1}"],
      summary: "to the start of the line; Ctrl-A too", function: "rapport-line-start"),
    Key(
      name: "End", sequences: ["\u{1B}[F", "\u{1B}OF", "\u{1B}[4~", "\u{1B}[8~", "\u{5}"],
      summary: "to the end of the line, or takes the hint; Ctrl-E too",
      function: "rapport-line-end"),
  ]

  private static let changingKeys = [
    Key(
      name: "Backspace", sequences: ["\u{7F}", "\u{8}"], summary: "deletes to the left",
      function: "ed-delete-prev-char"),
    Key(
      name: "Delete", sequences: ["\u{1B}[3~"], summary: "deletes to the right",
      function: "ed-delete-next-char"),
    Key(
      name: "Ctrl-W", sequences: ["\u{17}", "\u{1B}\u{7F}"],
      summary: "cuts the word to the left; Alt-Backspace too", function: "rapport-cut-word-left"),
    Key(
      name: "Alt-D", sequences: ["\u{1B}d", "\u{1B}[3;5~"], summary: "cuts the word to the right",
      function: "rapport-cut-word-right"),
    Key(
      name: "Ctrl-U", sequences: ["\u{15}"], summary: "cuts the line up to the cursor",
      function: "rapport-cut-left"),
    Key(
      name: "Ctrl-K", sequences: ["\u{B}"], summary: "cuts the rest of the line",
      function: "rapport-cut-right"),
    Key(
      name: "Ctrl-Y", sequences: ["\u{19}"], summary: "puts back what was cut",
      function: "rapport-put-back"),
    Key(
      name: "Ctrl-T", sequences: ["\u{14}"], summary: "swaps two characters",
      function: "ed-transpose-chars"),
    Key(
      name: "Ctrl-_", sequences: ["\u{1F}"], summary: "takes the last change of the text back",
      function: "rapport-undo"),
  ]
}
