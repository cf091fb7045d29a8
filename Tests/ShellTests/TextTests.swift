import Store
import Testing

@testable import Shell

struct TextTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("東京", 4), ("한국", 4),
    ("\u{1112}\u{1161}\u{11AB}", 2), ("👩‍👩‍👧", 2), ("🇳🇴", 2), ("ﬁ", 1), ("ｱ", 1), ("❤️", 2), ("☃", 1),
    ("a\u{200D}b", 2), ("…", 1), ("–", 1),
  ])
  func `width is counted in terminal columns`(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test(arguments: [
    ("plain", "plain"), ("\u{1B}[31mred", "␛[31mred"), ("a\tb\nc\r", "a␉b␊c␍"),
    ("\0\u{7F}", "␀␡"), ("\u{9B}31m", "<U+009B>31m"), ("\u{202E}evil", "<U+202E>evil"),
    ("\u{FEFF}x", "<U+FEFF>x"), ("a\u{2028}b", "a<U+2028>b"), ("\u{301}x", "◌\u{301}x"),
    ("x\u{301}", "x\u{301}"), ("\u{E0041}", "<U+E0041>"), ("Åse O’Neill 東京", "Åse O’Neill 東京"),
  ])
  func `control characters are made visible`(text: String, shown: String) {
    #expect(VisibleText.of(text).utf8.elementsEqual(shown.utf8))
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("東京都", 5, "東京…"), ("東京都", 4, "東…"),
    ("abc", 1, "…"),
  ])
  func `text is cut to fit`(text: String, width: Int, cut: String) {
    #expect(DisplayWidth.fit(text, in: width) == cut)
  }

  @Test(
    arguments: [
      (0, 100, .bytes, 0, "  0%  0 of 0 MB"),
      (50 << 20, 100 << 20, .bytes, 15, " 50%  50 of 100 MB"),
      (7, 0, .bytes, 0, "  0%  0 of 0 MB"),
      (9 << 30, 1 << 30, .bytes, 30, "100%  1,024 of 1,024 MB"),
      (3_500_000, 5_000_000, .rows, 21, " 70%  3,500,000 of 5,000,000 rows"),
      (8, 7, .rows, 30, "100%  7 of 7 rows"), (-1, 7, .rows, 0, "  0%  0 of 7 rows"),
    ] as [(Int, Int, Progress.Unit, Int, String)])
  func `a bar never goes past the truth`(
    done: Int, total: Int, unit: Progress.Unit, full: Int, words: String
  ) {
    let bar = Progress.bar(done: done, total: total, unit, width: 80)
    #expect(bar.filter { $0 == "█" }.count == full)
    #expect(bar.hasSuffix(" " + words))
    for width in [20, 40, 60] {
      let narrow = Progress.bar(done: done, total: total, unit, width: width)
      #expect(DisplayWidth.of(narrow) < width && narrow.contains("%"), "\(narrow)")
    }
  }

  @Test func `candidates stand in columns, values in rows`() {
    let words = ["alpha", "be", "gamma", "d", "e"].map { Completions.Candidate($0, .words) }
    #expect(
      CandidateList(style: Style(isOn: false), width: 20).lines(for: words) == [
        "alpha  gamma  e", "be     d",
      ])
    let values = [("intensive_care", 42), ("welcoming", 1_310), ("東京", 1)].map {
      Completions.Candidate($0.0, .files, count: $0.1)
    }
    #expect(
      CandidateList(style: Style(isOn: false), width: 40).lines(for: values)
        == ["intensive_care 42 · welcoming 1,310", "東京 1"])
    #expect(LineEditor.sharedPrefix(["stage", "Stage_since", "start"]) == "sta")
  }

  @Test(arguments: [
    ("find x", false, LineEvent.text("find x", isPasted: false)),
    (".mode csv\n", false, .command(".mode csv", rest: "")),
    ("find x\n  .mode csv", false, .command(".mode csv", rest: "find x\n  ")),
    (".5 + 1", false, .text(".5 + 1", isPasted: false)),
    (".mode csv\nfind x", true, .text(".mode csv\nfind x", isPasted: true)),
    (".mode csv", true, .command(".mode csv", rest: "")),
  ])
  func `a dot-command's line is taken out of what is typed`(
    typed: String, isPasted: Bool, event: LineEvent
  ) {
    #expect(LineEditor.event(for: typed, isPasted: isPasted) == event)
  }

  @Test func `values read as people write them`() {
    let money = OutputColumn(name: "m", type: .money)
    var key = OutputColumn(name: "id", type: .integer)
    let integer = key
    key.isGrouped = false
    let number = OutputColumn(name: "n", type: .number)
    let share = OutputColumn(name: "s", type: .number, display: .percent)
    let choice = OutputColumn(name: "c", type: .choice(ChoiceList(["a", "b\u{1B}"])))
    let owner = OutputColumn(name: "o", type: .reference(EntityID(2)), keyType: .integer)
    let texts: [(Scalar, Scalar, OutputColumn, String?)] = [
      (.word(1_240_000), .unknown, money, "12,400.00"), (.word(-5), .unknown, money, "-0.05"),
      (.word(.min), .unknown, money, "-92,233,720,368,547,758.08"),
      (.word(0), .unknown, money, "0.00"), (.word(12345), .unknown, integer, "12,345"),
      (.word(-123), .unknown, integer, "-123"), (.word(12345), .unknown, key, "12345"),
      (.real(0.1 + 0.2), .unknown, number, "0.3"), (.real(1234.5), .unknown, number, "1,234.5"),
      (.real(-0.25), .unknown, number, "-0.25"), (.real(-0.0), .unknown, number, "0"),
      (.real(2.0 / 3), .unknown, number, "0.666667"), (.real(1e-9), .unknown, number, "1e-09"),
      (.real(1e21), .unknown, number, "1e+21"), (.real(100), .unknown, number, "100"),
      (.real(0.1234), .unknown, share, "12.3%"), (.real(0.1235), .unknown, share, "12.4%"),
      (.real(-0.0005), .unknown, share, "-0.1%"), (.real(12.5), .unknown, share, "1,250.0%"),
      (.word(1), .unknown, choice, "b␛"), (.word(9), .unknown, choice, "9"),
      (.word(7), .text("Ana Ruiz"), owner, "7 Ana Ruiz"), (.word(7), .unknown, owner, "7"),
      (.text("k1"), .text("Ana"), owner, "k1 Ana"),
      (.word(0), .unknown, OutputColumn(name: "d", type: .date), "1970-01-01"),
      (.word(-719_162), .unknown, OutputColumn(name: "d", type: .date), "0001-01-01"),
      (.word(-1), .unknown, OutputColumn(name: "t", type: .time), "1969-12-31 23:59:59"),
      (.word(52_200), .unknown, OutputColumn(name: "t", type: .time), "1970-01-01 14:30"),
      (.word(1), .unknown, OutputColumn(name: "f", type: .flag), "yes"),
      (.unknown, .unknown, money, nil), (.text(""), .unknown, number, ""),
    ]
    for (value, label, column, expected) in texts {
      let text = ValueText.of(value, label: label, in: column)
      #expect(text == expected, "\(value) as \(column.type.name)")
    }
  }
}
