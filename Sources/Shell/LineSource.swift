/// Where typed text comes from. Only `LineEditor` knows a terminal; tests give text of their own.
protocol LineSource: AnyObject {
  /// Waits for the next text.
  ///
  /// - Parameters:
  ///   - prompt: What stands before the text.
  ///   - text: What the text begins with: a half-typed statement that a dot-command interrupted.
  func read(prompt: String, startingWith text: String) -> LineEvent

  /// Asks something and waits for one line. What was typed before it was asked is no answer.
  func ask(_ question: String) -> LineReply

  /// Asks for a value, which is typed as a statement is: with completion, in any script.
  func askValue(_ question: String) -> LineReply
}

/// What comes back when somebody is asked.
enum LineReply: Hashable, Sendable {
  /// A line.
  case line(String)
  /// Ctrl-C or Ctrl-D.
  case declined
  /// The terminal is gone, or the process is to end.
  case gone

  /// Whether it says yes.
  var isYes: Bool {
    guard case .line(let line) = self else { return false }
    let word = line.drop(while: \.isWhitespace).lowercased()
    return ["y", "yes"].contains { word.utf8.elementsEqual($0.utf8) }
  }
}

/// What comes from a line source.
enum LineEvent: Hashable, Sendable {
  /// Text to run: one statement, a dot-command as its line `command`, or a pasted script.
  case text(String, isPasted: Bool)
  /// A dot-command typed on a line of its own, and the text around it.
  case command(String, rest: String)
  /// Ctrl-C, and whether it dropped any text.
  case interrupted(hadText: Bool)
  /// Ctrl-D on an empty line, or the terminal is gone.
  case end
}

/// What an editor asks about the text so far.
protocol LineAssistant: AnyObject {
  /// Whether Enter runs the text rather than opens a new line.
  func isComplete(_ text: String) -> Bool

  /// What can stand at the cursor, a UTF-8 offset of `text`.
  func completions(of text: String, at cursor: Int) -> Completions

  /// What there is to say about the place of the cursor, a UTF-8 offset of `text`.
  func help(of text: String, at cursor: Int) -> [String]

  /// The texts to recall, newest last.
  var recallable: [String] { get }

  /// Whether neither colours nor hints are wanted while typing.
  var isPlain: Bool { get }

  /// The colours of the text. What touches the cursor, a UTF-8 offset, is no fault yet; nil is a
  /// text that is about to run.
  func colors(of text: String, cursor: Int?) -> [ColoredRange]

  /// What may follow the text, the cursor at its end.
  func hint(after text: String) -> TypingHint?

  /// Hands the text to the reader's own editor and gives what it has become; nil, and it was said
  /// why, where that fails.
  func edit(_ text: String) -> String?
}

/// What is shown dim behind a text.
enum TypingHint: Hashable, Sendable {
  /// What would complete it: taken with Right.
  case rest(String)
  /// What the parser wants next, in words.
  case want(String)
}

/// What can stand at a cursor.
struct Completions: Hashable, Sendable {
  /// The headings of a list, in its order.
  enum Group: String, CaseIterable, Sendable {
    case values, fields, relations, entities, segments, standards, actions, parameters, functions
    case words, files, commands
  }

  /// One of them.
  struct Candidate: Hashable, Sendable {
    /// What is inserted.
    var text: String
    /// What it stands under in a list.
    var group: Group
    /// Shown beside it: how many records have the value.
    var count: Int?
    /// What comes after it when it is the only one.
    var suffix: String

    init(_ text: String, _ group: Group, count: Int? = nil, suffix: String = " ") {
      self.text = text
      self.group = group
      self.count = count
      self.suffix = suffix
    }
  }

  /// UTF-8 offset of the part of the text that a candidate replaces; it ends at the cursor.
  var start: Int
  /// In the order shown.
  var candidates: [Candidate]
}

extension LineEvent {
  /// Whether a line is a dot-command: a dot, then a letter.
  static func isCommand(_ line: some StringProtocol) -> Bool {
    let bytes = Array(line.utf8.prefix(2))
    guard bytes.count == 2, bytes[0] == UInt8(ascii: ".") else { return false }
    let letter = bytes[1] | 0x20
    return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
  }
}
