import SampleData
import Store
import Syntax

/// What the command line asks for.
package struct Arguments: Sendable {
  /// Text to run, in the order given.
  enum Input: Hashable, Sendable {
    /// `-c TEXT`
    case text(String)
    /// `-f SCRIPT`; `-` is standard input.
    case file(String)
  }

  /// The data file to open; nil is a store in memory.
  package var databasePath: String?
  /// Whether every change is refused.
  package var isReadOnly = false
  /// The data file whose every part is verified, and nothing else done.
  package var checkPath: String?
  /// The damaged data file whose records are brought into a new one, and nothing else done.
  package var salvagePath: String?
  /// Files of lessons that are proved, and nothing else done.
  var lessonPaths: [String] = []
  /// What to run before or instead of the prompt.
  var inputs: [Input] = []
  /// Values of parameters, in the order given.
  var parameters: [(name: String, value: String)] = []
  /// Customers of the demo data; nil is no demo data.
  package var demoCustomerCount: Int?
  /// The demo data's seed.
  package var seed = SampleData.defaultSeed
  /// The day number that `today` is, when `--today` sets it.
  package var today: Int?
  /// Most bytes the data may take.
  package var memoryLimitByteCount: Int?
  /// How answers are written; nil follows from where they go.
  var mode: OutputMode?
  /// The file that answers go to.
  var outputPath: String?
  /// Whether the prompt follows the inputs.
  var staysAtPrompt = false
  /// Whether a failed statement is not the last one.
  var keepsGoing = false
  /// Whether an empty last result is status 4.
  var failsIfEmpty = false
  /// Whether each statement's time is told.
  var showsTiming = false
  /// Whether footers and notes are left out.
  var isQuiet = false
  /// Whether statements are checked and nothing is answered or written.
  package var isDryRun = false
  /// Whether no other files are reached, and time and memory are limited.
  var isSafe = false
  /// The most seconds that a statement may take, when given.
  var timeLimitSeconds: Double?
  /// Whether the prompt begins with the rc file.
  var readsRC = true
  /// The rc file; nil is the usual one.
  var rcPath: String?
  /// When output is coloured.
  var color = ColorChoice.auto
  /// Whether nothing is coloured, hinted, drawn or paged: `--plain`.
  var isPlain = false
  /// Whether persons are masked: `--mask`.
  var masksPersons = false
  /// The transcript that is replayed, and nothing else done.
  var verifyPath: String?
  /// Whether only the help, or only the version, is wanted.
  package var showsHelp = false
  /// Whether only the version is wanted.
  package var showsVersion = false

  /// Reads the words after the program's name.
  ///
  /// - Throws: `Failure` with one diagnostic, which means exit status 2.
  package init(_ words: [String]) throws(Failure) {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word != "-", word != "--" else {
        if word == "--" {
          for path in rest { try takeDatabase(path) }
          break
        }
        try takeDatabase(word)
        continue
      }
      try take(word, &rest)
    }
    try checkTogether()
    if isSafe, memoryLimitByteCount == nil { memoryLimitByteCount = Self.safeByteCountMax }
  }

  private mutating func takeDatabase(_ path: String) throws(Failure) {
    if !lessonPaths.isEmpty, !path.isEmpty {
      lessonPaths.append(path)
      return
    }
    guard !path.isEmpty, path != "-" else { throw Failure(ShellReason.noFileName(path), at: nil) }
    if let first = databasePath {
      throw Failure(ShellReason.secondDatabase(path, first: first), at: nil)
    }
    databasePath = path
  }

  /// Refuses what does not go together.
  private func checkTogether() throws(Failure) {
    var pairs: [(String, String, Bool)] = [
      ("--output", "-i", outputPath != nil && staysAtPrompt && salvagePath == nil),
      ("--demo", "--read-only", demoCustomerCount != nil && databasePath != nil && isReadOnly),
      ("--check", "--output", checkPath != nil && outputPath != nil),
      ("--check", "--salvage", checkPath != nil && salvagePath != nil),
      ("--dry-run", "-i", isDryRun && staysAtPrompt),
      ("--rc", "--no-rc", rcPath != nil && !readsRC),
      ("--verify", "--check", verifyPath != nil && checkPath != nil),
      ("--verify", "--salvage", verifyPath != nil && salvagePath != nil),
      ("--verify", "--output", verifyPath != nil && outputPath != nil),
    ]
    for (option, isGiven) in [
      ("--check", checkPath != nil), ("--salvage", salvagePath != nil),
      ("--verify", verifyPath != nil),
    ] where isGiven {
      pairs += [
        (option, "DATABASE", databasePath != nil), (option, "--demo", demoCustomerCount != nil),
        (option, "-c or -f", !inputs.isEmpty), (option, "-i", staysAtPrompt),
      ]
    }
    for (first, second, areBoth) in pairs where areBoth {
      throw Failure(ShellReason.optionsExclude(first, second), at: nil)
    }
    if salvagePath != nil, outputPath == nil { throw Failure(ShellReason.salvageWhere, at: nil) }
  }

  private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(Failure) {
    var name = word
    var value: String?
    if word.hasPrefix("--"), let equals = word.firstIndex(of: "=") {
      name = String(word[..<equals])
      value = String(word[word.index(after: equals)...])
    }
    guard let option = Option.all.first(where: { $0.names.contains(name) }) else {
      let names = Option.all.flatMap(\.names).filter { $0.hasPrefix("--") }
      throw Failure(
        ShellReason.unknownOption(name, near: NearNames.nearest(to: name, among: names)), at: nil)
    }
    switch option.value {
    case .none:
      if value != nil { throw Failure(ShellReason.optionTakesNoValue(name), at: nil) }
    case .needed(let placeholder):
      if value == nil { value = rest.popFirst() }
      if value == nil {
        throw Failure(ShellReason.optionNeedsValue(name, value: placeholder), at: nil)
      }
    case .optionalNumber:
      if value == nil, let next = rest.first, next.utf8.first.map(Self.isDigit) == true {
        value = rest.popFirst()
      }
    }
    do throws(Option.Refusal) {
      try option.apply(&self, value ?? "")
    } catch {
      throw Failure(
        ShellReason.badOptionValue(option: name, value: value ?? "", expected: error.expected),
        at: nil)
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
