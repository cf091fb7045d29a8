import Engine
import Syntax
import Testing

@testable import Shell

/// `.help`: the screen, topics of the reference, and the clause under the cursor.
struct HelpTests {
  private static let plain = Style(isOn: false)

  /// Topics and a piece of what is told of each.
  @Test(arguments: [
    ("where", "keeps the rows for which C holds"),
    ("GROUP  by", "one row a group"),
    ("group", "one row a group"),
    ("top", "exactly N rows"),
    ("into", "writes the result"),
    ("as of", "as if D were today"),
    ("between", "a ≤ x ≤ b"),
    ("contains", "ignoring case"),
    ("has", "there are such related records"),
    ("bucket", "bucket(x, width)"),
    ("median", "median(x)"),
    ("rfm", "Recency, frequency and monetary"),
    ("verbs", "which few bring most of a measure"),
    ("clauses", "The clauses apply in this order"),
    ("functions", "days_since(date)"),
    ("periods", "last 30 days"),
    ("conditions", "the values compare so"),
    ("changes", "wholly or not at all"),
    ("import", "takes records in"),
    (".mode", ".mode [MODE] how answers are written"),
    ("commands", ".once FILE write the next answer"),
    ("mode", "mode(x)"),
    ("unknown-field", "find customers where"),
    ("errors", "unknown-field"),
    ("keywords", "anyway"),
    ("house rules", "stale_days"),
    ("scripts", "--param"),
    ("--csv", "csv"),
    ("--safe", "no files outside"),
    ("dry-run", "answers nothing"),
    ("output modes", "markdown"),
  ])
  func `a topic tells what the reference says`(topic: String, told: String) throws {
    let found = try #require(HelpTopics.whole.topic(topic))
    for width in [40, 80, 200] {
      let lines = HelpPage(width: width, style: Self.plain).lines(of: found)
      let text = lines.joined(separator: " ").split(separator: " ").joined(separator: " ")
      #expect(width < 80 || text.contains(told), "\(text)")
      #expect(!text.contains("`") && !text.contains("**"), "\(text)")
      let wide = lines.filter { line in
        DisplayWidth.of(line) > width
          && line.split(separator: " ").allSatisfy { DisplayWidth.of(String($0)) < width - 24 }
      }
      #expect(wide == [])
    }
  }

  @Test func `every keyword, function, verb, dot-command, option and error code is a topic`() {
    let names =
      Keyword.allCases.map(\.rawValue) + Functions.all.map(\.name)
      + DotCommand.all.map(\.name) + Option.all.flatMap(\.names).filter { $0.hasPrefix("--") }
      + ["unknown-field", "no-last-query", "outside-folder", "clauses", "functions", "verbs"]
      + HelpTopics.aliases.keys
    // Two short ones are parts of other words.
    let missing = names.filter { $0.count > 1 && HelpTopics.whole.topic($0) == nil }
    #expect(missing == [])
  }

  @Test(arguments: [
    ("wehre", "where"), ("unknow-field", "unknown-field"), (".mdoe", ".mode"), ("medain", "median"),
  ])
  func `a mistyped topic has near names`(typed: String, name: String) {
    #expect(HelpTopics.whole.topic(typed) == nil)
    #expect(HelpTopics.whole.near(typed).contains(name))
  }

  @Test func `examples stand under a topic, the shortest first`() throws {
    let topic = try #require(HelpTopics.whole.topic("where"))
    #expect(topic.examples.count == 2)
    let text = HelpPage(width: 80, style: Self.plain).lines(of: topic).joined(separator: "\n")
    #expect(text.contains("\n> "))
    #expect(try #require(HelpTopics.whole.topic("expectation-failed")).examples.count == 1)
  }

  @Test(arguments: [40, 80, 120])
  func `the screen fits`(width: Int) {
    let commands = DotCommand.all.map(\.name)
    let lines = HelpScreen.lines(width: width - 1, commands: commands, style: Self.plain)
    #expect(lines.filter { DisplayWidth.of($0) >= width } == [])
    if width >= 80 { #expect(lines.count <= 23) }
    for command in commands { #expect(lines.contains { $0.contains(command) }) }
  }

  /// A text, `|` where the cursor stands, and the topic of F1.
  @Test(
    arguments: [
      ("|", nil),
      ("find customers where |", "where"),
      ("find customers where value > 1|0k order by name", "where"),
      ("find customers where a = 1 order |", "order by"),
      ("find customers\n  group by stage show count(|", "count"),
      ("find customers show sum(value)|", "show"),
      ("find customers where (stage = |", "where"),
      ("find customers where has orders where |", "where"),
      ("find customers as of |", "as of"),
      ("find customers top 3 by |", "top"),
      ("rfm customers |", "rfm"),
      ("where stage = |", "where"),
      ("find customers where name = \"order by |", "where"),
      (".mode |", ".mode"),
      ("find a where b\n.mode c|", ".mode"),
      ("find customers; count |", "count"),
    ] as [(String, String?)])
  func `F1 is about the clause of the cursor`(text: String, topic: String?) throws {
    let bar = try #require(text.firstIndex(of: "|"))
    let cursor = text[..<bar].utf8.count
    #expect(ClauseHelp.topic(of: text.replacing("|", with: ""), at: cursor) == topic)
  }

  @Test func `F1 tells in a few lines, whatever stands there`() {
    let help = ClauseHelp(topics: .whole, page: HelpPage(width: 40, style: Self.plain))
    for text in ["", "find ((((", "\u{1B}[31m", "`", ")))) where", "show 日本 sum(", ".x"] {
      let lines = help.lines(of: text, at: text.utf8.count)
      #expect((1...ClauseHelp.lineCountMax).contains(lines.count))
    }
  }
}
