import SampleData
import Store
import Syntax
import Testing

@testable import Shell

struct ArgumentsTests {
  /// Words and the arguments they make, told as a list of what differs from nothing said.
  @Test(arguments: [
    ("", ""),
    ("-c a -f b --command c --file -", "text(a) file(b) text(c) file(-)"),
    ("--demo", "demo=2000"),
    ("--demo 500 -q", "demo=500 quiet"),
    ("--demo=1_000_000", "demo=1000000"),
    ("--demo -c x", "text(x) demo=2000"),
    ("--seed 7 --demo 100", "demo=100 seed=7"),
    ("-m json", "json"),
    ("--mode=box", "box"),
    ("--csv", "csv"),
    ("--jsonl --line", "line"),
    ("-o f.csv --timing --keep-going --fail-if-empty", "output=f.csv timing keep-going fail"),
    ("--today 2024-02-29", "today=2024-02-29"),
    ("--color never -i", "never prompt"),
    ("--memory-limit 512mb", "memory=536870912"),
    ("--memory-limit=2GiB", "memory=2147483648"),
    ("--memory-limit 65536", "memory=65536"),
    ("shop.rapport", "database=shop.rapport"),
    ("shop.rapport -c x --read-only", "text(x) database=shop.rapport read-only"),
    ("-- -shop.rapport", "database=-shop.rapport"),
    ("--demo 500 new.rapport", "database=new.rapport demo=500"),
    ("new.rapport --demo", "database=new.rapport demo=2000"),
    ("--demo shop.rapport", "database=shop.rapport demo=2000"),
    ("--demo --read-only", "demo=2000 read-only"),
    ("--check shop.rapport", "check=shop.rapport"),
    ("--check=a --csv", "check=a csv"),
    ("--salvage a -o b", "salvage=a output=b"),
    ("--dry-run -f a", "file(a) dry-run"),
    ("--safe", "memory=1073741824 safe seconds=30.0"),
    ("--time-limit 5 --memory-limit 65536 --safe", "memory=65536 safe seconds=5.0"),
    ("--time-limit=0.5", "seconds=0.5"),
    ("--no-rc", "no-rc"),
    ("--rc my", "rc=my"),
    ("-h", "help"),
    ("--version", "version"),
  ])
  func `words become arguments`(words: String, expected: String) throws {
    let arguments = try Arguments(words.split(separator: " ").map(String.init))
    #expect(Self.told(arguments) == expected)
  }

  @Test(arguments: [
    ("--cvs", "unknown-option", "a close name is '--csv'"),
    ("--demonstrate", "unknown-option", "all options: rapport --help"),
    ("-x", "unknown-option", "all options: rapport --help"),
    ("-c", "option-needs-value", nil),
    ("--mode", "option-needs-value", nil),
    ("--csv=1", "option-takes-no-value", nil),
    ("-m pie", "bad-option-value", nil),
    ("--demo 99", "bad-option-value", nil),
    ("--demo 1000001", "bad-option-value", nil),
    ("--today 2023-02-29", "bad-option-value", nil),
    ("--today tomorrow", "bad-option-value", nil),
    ("--today 2024-1-1", "bad-option-value", nil),
    ("--color blue", "bad-option-value", nil),
    ("--memory-limit lots", "bad-option-value", nil),
    ("--memory-limit 0", "bad-option-value", nil),
    ("--memory-limit 99999999999999gb", "bad-option-value", nil),
    ("--seed -1", "bad-option-value", nil),
    ("a.rapport b.rapport", "second-database", nil),
    ("a.rapport -- b.rapport", "second-database", nil),
    ("-", "no-file-name", "standard input is a script: rapport -f -"),
    ("--read-only=yes", "option-takes-no-value", nil),
    ("--check", "option-needs-value", nil),
    ("--check=", "bad-option-value", nil),
    ("--salvage a", "option-needs-value", nil),
    ("--check a b", "options-exclude", nil),
    ("--check a -o b", "options-exclude", nil),
    ("--check a -c x", "options-exclude", nil),
    ("--check a --salvage b -o c", "options-exclude", nil),
    ("--salvage a -o b -i", "options-exclude", nil),
    ("--demo new.rapport --read-only", "options-exclude", nil),
    ("-o f -i", "options-exclude", nil),
    ("--dry-run -i", "options-exclude", nil),
    ("--rc a --no-rc", "options-exclude", nil),
    ("--time-limit 0", "bad-option-value", nil),
    ("--time-limit nan", "bad-option-value", nil),
    ("--rc=", "bad-option-value", nil),
  ])
  func `wrong words are refused`(words: String, code: String, hint: String?) throws {
    do {
      let arguments = try Arguments(words.split(separator: " ").map(String.init))
      Issue.record("\(words) became \(Self.told(arguments))")
    } catch {
      #expect(error.diagnostics.map(\.code) == [code])
      if let hint { #expect(error.diagnostics.first?.hint == hint) }
    }
  }

  @Test func `only a class may run no programs`() throws {
    #expect(try Arguments([]).permissions.mayRunPrograms)
    #expect(try !Arguments(["--safe"]).permissions.mayRunPrograms)
  }

  @Test func `the help names every option and fits a screen`() {
    let lines = Arguments.helpText.split(separator: "\n", omittingEmptySubsequences: false)
      .dropLast()
    #expect(lines.count <= 23)
    #expect(lines.filter { DisplayWidth.of(String($0)) > 80 } == [])
    let missing = Option.all.filter { !$0.summary.isEmpty }.flatMap(\.names)
      .filter { !Arguments.helpText.contains($0) }
    #expect(missing == [])
  }

  private static func told(_ arguments: Arguments) -> String {
    var words = arguments.inputs.map { input in
      switch input {
      case .text(let text): "text(\(text))"
      case .file(let path): "file(\(path))"
      }
    }
    if let path = arguments.databasePath { words.append("database=\(path)") }
    if let path = arguments.checkPath { words.append("check=\(path)") }
    if let path = arguments.salvagePath { words.append("salvage=\(path)") }
    if let count = arguments.demoCustomerCount { words.append("demo=\(count)") }
    if arguments.seed != SampleData.defaultSeed { words.append("seed=\(arguments.seed)") }
    if let today = arguments.today { words.append("today=\(ValueText.date(today))") }
    if let count = arguments.memoryLimitByteCount { words.append("memory=\(count)") }
    if let mode = arguments.mode { words.append(mode.rawValue) }
    if let path = arguments.outputPath { words.append("output=\(path)") }
    if arguments.showsTiming { words.append("timing") }
    if arguments.keepsGoing { words.append("keep-going") }
    if arguments.failsIfEmpty { words.append("fail") }
    if arguments.isQuiet { words.append("quiet") }
    if arguments.color != .auto { words.append(arguments.color.rawValue) }
    if arguments.staysAtPrompt { words.append("prompt") }
    if arguments.isReadOnly { words.append("read-only") }
    if arguments.isDryRun { words.append("dry-run") }
    if arguments.isSafe { words.append("safe") }
    if let seconds = arguments.secondsMax { words.append("seconds=\(seconds)") }
    if !arguments.readsRC { words.append("no-rc") }
    if let path = arguments.rcPath { words.append("rc=\(path)") }
    if arguments.showsHelp { words.append("help") }
    if arguments.showsVersion { words.append("version") }
    return words.joined(separator: " ")
  }
}
