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

  /// What to run before or instead of the prompt.
  var inputs: [Input] = []
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
  /// When output is coloured.
  var color = ColorChoice.auto
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
        let path = word == "--" ? rest.first ?? "" : word
        if path.isEmpty { return }
        throw Failure(ShellReason.databaseNotSupported(path), at: nil)
      }
      try take(word, &rest)
    }
    if outputPath != nil, staysAtPrompt {
      throw Failure(ShellReason.optionsExclude("--output", "-i"), at: nil)
    }
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
