import SampleData
import Store

/// One option of the command line. The parser and `--help` are both made from `Option.all`.
struct Option: Sendable {
  /// Whether a value follows.
  enum Value: Hashable, Sendable {
    case none
    /// The placeholder in `--help`.
    case needed(String)
    /// Taken only when the next word begins with a digit.
    case optionalNumber(String)
  }

  /// A value that cannot be taken, and what can, in words.
  struct Refusal: Error {
    /// What the option takes.
    var expected: String
  }

  /// The names, the short one first.
  let names: [String]
  /// Whether a value follows.
  let value: Value
  /// What it does, for `--help`; empty where another line there tells of it.
  let summary: String
  /// What it does, for the manual page and for completion.
  let detail: String
  /// Puts it into the arguments.
  let apply: @Sendable (inout Arguments, String) throws(Refusal) -> Void

  init(
    _ names: String..., value: Value = .none, summary: String,
    detail: String? = nil,
    apply: @escaping @Sendable (inout Arguments, String) throws(Refusal) -> Void
  ) {
    self.names = names
    self.value = value
    self.summary = summary
    self.detail = detail ?? summary
    self.apply = apply
  }

  /// Every option, in the order of `--help`.
  static let all: [Option] =
    inputOptions + modeOptions + outputOptions + programOptions + runOptions + screenOptions
    + lessonOptions

  private static let modeOptions: [Option] =
    [
      Option(
        "-m", "--mode", value: .needed("MODE"),
        summary: OutputMode.allCases.map(\.rawValue).joined(separator: "|"),
        apply: setMode)
    ] + OutputMode.allCases.map(option)

  /// The option that is the name of a mode.
  private static func option(_ mode: OutputMode) -> Option {
    Option(
      "--" + mode.rawValue, summary: "", detail: "--mode \(mode.rawValue)",
      apply: { arguments, _ throws(Refusal) in
        arguments.mode = mode
        guard mode == .plain else { return }
        arguments.isPlain = true
        arguments.color = .never
      })
  }

  private static let inputOptions = [
    Option(
      "-c", "--command", value: .needed("TEXT"), summary: "run TEXT; may be repeated",
      apply: { arguments, value throws(Refusal) in arguments.inputs.append(.text(value)) }),
    Option(
      "-f", "--file", value: .needed("SCRIPT"),
      summary: "run a script; - is standard input; may be repeated",
      apply: { arguments, value throws(Refusal) in arguments.inputs.append(.file(value)) }),
    Option(
      "-p", "--param", value: .needed("NAME=VALUE"), summary: "the value of $NAME",
      apply: { arguments, value throws(Refusal) in
        guard let equals = value.firstIndex(of: "="), equals != value.startIndex else {
          throw Refusal(expected: "NAME=VALUE")
        }
        arguments.parameters.append(
          (String(value[..<equals]), String(value[value.index(after: equals)...])))
      }),
    Option(
      "--read-only", summary: "refuse every change",
      apply: { arguments, _ throws(Refusal) in arguments.isReadOnly = true }),
    Option(
      "-i", summary: "stay at the prompt",
      apply: { arguments, _ throws(Refusal) in arguments.staysAtPrompt = true }),
    Option(
      "--demo", value: .optionalNumber("CUSTOMERS"),
      summary: "generated data, of 2026-06-30; --seed N: another world", apply: setDemo),
    Option(
      "--seed", value: .needed("N"), summary: "", detail: "another world of demo data",
      apply: { arguments, value throws(Refusal) in
        guard let seed = UInt64(value) else { throw Refusal(expected: "a whole number") }
        arguments.seed = seed
      }),
  ]

  private static let outputOptions = [
    Option(
      "-o", "--output", value: .needed("FILE"), summary: "write the answers to FILE",
      apply: { arguments, value throws(Refusal) in
        arguments.outputPath = try path(value)
      }),
    Option(
      "--color", value: .needed("WHEN"),
      summary: ColorChoice.allCases.map(\.rawValue).joined(separator: "|"),
      apply: { arguments, value throws(Refusal) in
        guard let color = ColorChoice(rawValue: value) else {
          throw Refusal(expected: "auto, always or never")
        }
        arguments.color = color
      }),
    Option(
      "--timing", summary: "tell how long it took", detail: "tell how long each statement took",
      apply: { arguments, _ throws(Refusal) in arguments.showsTiming = true }),
    Option(
      "-q", "--quiet", summary: "no footers and notes; --verify FILE: replay a transcript",
      detail: "no footers and notes",
      apply: { arguments, _ throws(Refusal) in arguments.isQuiet = true }),
  ]

  private static let runOptions = [
    Option(
      "--check", value: .needed("FILE"),
      summary: "verify a data file; --check-lesson FILE…: lessons",
      detail: "verify a data file; status 3 if it is damaged",
      apply: { arguments, value throws(Refusal) in arguments.checkPath = try path(value) }),
    Option(
      "--salvage", value: .needed("FILE"), summary: "bring what is sound into a new file, -o NEW",
      apply: { arguments, value throws(Refusal) in arguments.salvagePath = try path(value) }),
    Option(
      "--today", value: .needed("DATE"), summary: "what today is",
      detail: "what today is, such as 2026-06-30",
      apply: setToday),
    Option(
      "--keep-going", summary: "run on after failures", detail: "run on after a failed statement",
      apply: { arguments, _ throws(Refusal) in arguments.keepsGoing = true }),
    Option(
      "--fail-if-empty", summary: "status 4 when empty",
      detail: "status 4 when the last result is empty",
      apply: { arguments, _ throws(Refusal) in arguments.failsIfEmpty = true }),
    Option(
      "--memory-limit", value: .needed("SIZE"), summary: "most memory for data, such as 512mb",
      apply: setMemoryLimit),
    Option(
      "-h", "--help", summary: "this; -V: the version", detail: "show the options",
      apply: { arguments, _ throws(Refusal) in arguments.showsHelp = true }),
    Option(
      "-V", "--version", summary: "", detail: "show the version",
      apply: { arguments, _ throws(Refusal) in arguments.showsVersion = true }),
  ]

  private static func path(_ value: String) throws(Refusal) -> String {
    if value.isEmpty { throw Refusal(expected: "the name of a file") }
    return value
  }

  @Sendable private static func setMode(
    _ arguments: inout Arguments, _ value: String
  ) throws(Refusal) {
    guard let mode = OutputMode(rawValue: value) else {
      throw Refusal(expected: "one of \(OutputMode.allNames)")
    }
    arguments.mode = mode
  }

  @Sendable private static func setDemo(
    _ arguments: inout Arguments, _ value: String
  ) throws(Refusal) {
    if value.isEmpty {
      arguments.demoCustomerCount = SampleData.defaultCustomerCount
      return
    }
    let digits = value.filter { $0 != "_" && $0 != "," }
    guard let count = Int(digits), SampleData.customerCounts.contains(count) else {
      throw Refusal(expected: "100 to 1,000,000 customers")
    }
    arguments.demoCustomerCount = count
  }

  @Sendable private static func setToday(
    _ arguments: inout Arguments, _ value: String
  ) throws(Refusal) {
    guard let day = Arguments.day(value) else {
      throw Refusal(expected: "a date such as 2026-06-30")
    }
    arguments.today = day
  }

  @Sendable private static func setMemoryLimit(
    _ arguments: inout Arguments, _ value: String
  ) throws(Refusal) {
    let units = [
      "": 1, "b": 1, "k": 1 << 10, "kb": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mb": 1 << 20,
      "mib": 1 << 20, "g": 1 << 30, "gb": 1 << 30, "gib": 1 << 30,
    ]
    let digits = value.prefix { $0.isASCII && $0.isNumber }
    let unit = value.dropFirst(digits.count).lowercased()
    guard let count = Int(digits), let size = units[unit], count > 0,
      case (let byteCount, false) = count.multipliedReportingOverflow(by: size)
    else { throw Refusal(expected: "a size such as 512mb or 2gb") }
    arguments.memoryLimitByteCount = byteCount
  }
}

extension Arguments {
  /// The day number of a date such as `2026-06-30`; nil when there is no such day.
  static func day(_ text: String) -> Int? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 < 0x3A }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      year >= 1, (1...12).contains(month),
      (1...Day.count(inMonth: month, year: year)).contains(day)
    else { return nil }
    return Day.number(year: year, month: month, day: day)
  }

  /// The text of `--help`: fits 80 columns and 24 rows.
  package static var helpText: String {
    var lines = [
      "rapport [DATABASE] [-c TEXT]… [-f SCRIPT]…  answers questions of customer data",
      "rapport --demo [CUSTOMERS] [NEW DATABASE]   the same on generated data",
    ]
    let shown = Option.all.filter { !$0.summary.isEmpty }
    let brief = shown.compactMap(\.briefCell)
    for option in shown where option.briefCell == nil {
      lines.append(" " + DisplayWidth.pad(option.words, to: 20) + "  " + option.summary)
    }
    for start in stride(from: 0, to: brief.count, by: 2) {
      let second = start + 1 < brief.count ? brief[start + 1] : ""
      lines.append(second.isEmpty ? brief[start] : DisplayWidth.pad(brief[start], to: 40) + second)
    }
    lines += [
      "rapport completions bash|zsh|fish: a shell's completion; rapport man: a manual",
      "Each MODE is an option too, such as --csv. Status: 0 all ran, 1 a statement",
      "failed, 2 wrong usage, 3 data that cannot be opened, 4 empty, 130 interrupted.",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Option {
  /// Its names, and the value that follows.
  var words: String {
    let names = names.joined(separator: ", ")
    return switch value {
    case .none: names
    case .needed(let placeholder): names + " " + placeholder
    case .optionalNumber(let placeholder): names + " [\(placeholder)]"
    }
  }

  /// Half a line of `--help`, where that is room enough.
  fileprivate var briefCell: String? {
    let cell = " " + DisplayWidth.pad(words, to: 15) + "  " + summary
    return DisplayWidth.of(words) <= 15 && DisplayWidth.of(cell) <= 39 ? cell : nil
  }
}
