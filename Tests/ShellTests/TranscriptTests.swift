import Testing

@testable import Shell

/// The parts of transcripts and pagers that need no terminal.
struct TranscriptTests {
  @Test(arguments: [
    ("less -FRSX", ["less", "-FRSX"]), ("  a   'b c'\td ", ["a", "b c", "d"]),
    (#"x "a \" b" 'c \ d' e\ f"#, ["x", #"a " b"#, #"c \ d"#, "e f"]),
    (#""a\nb" '' """#, [#"a\nb"#, "", ""]), ("", []),
  ])
  func `a line is split into words as a shell splits it`(line: String, words: [String]) {
    #expect(CommandWords.split(line) == words)
    let again = words.map(CommandWords.quoted).joined(separator: " ")
    #expect(CommandWords.split(again) == words, "\(again)")
  }

  @Test(arguments: ["'open", "\"open", "end\\"])
  func `an open quote has no words`(line: String) {
    #expect(CommandWords.split(line) == nil)
  }

  @Test(arguments: [
    ("rapport -c 'a | b > c'", false), ("rapport -c 'a' | head", true), ("rapport > f", true),
    ("rapport \"$HOME/x\"", true), ("rapport '$x' \"a\\$b\"", false), ("rapport *.crm", true),
    ("rapport a; rm b", true), ("rapport $(date)", true), ("rapport -p a=1 f.crm", false),
  ])
  func `what only a shell understands is known`(line: String, needsShell: Bool) {
    #expect(CommandWords.needsShell(line) == needsShell)
  }

  @Test func `differences are lines around what changed`() {
    let old = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
    #expect(LineDifference(from: old, to: old) == nil)
    var new = old
    new[0] = "A"
    new[8] = "I"
    new.append("k")
    let difference = LineDifference(from: old, to: new)
    #expect(difference?.start == 0)
    let lines = difference?.lines.map { "\($0.sign)\($0.text)" }
    #expect(lines == ["-a", "+A", " b", " c", " …", " g", " h", "-i", "+I", " j", "+k"])
    #expect(LineDifference(from: ["\u{E9}"], to: ["e\u{301}"]) != nil, "bytes count")
    #expect(LineDifference(from: [], to: ["x"])?.start == 0)
  }

  @Test func `a file is read block by block`() {
    let file = TranscriptFile(
      """
      <!-- rapport transcript 100x30: rapport --demo 200 -p 'a=b c' -->
      ```console
      rapport> find customers
         ...>   where id = 1
      id
       1

      ```
      ```sh
      $ rapport not this
      ```
      ~~~~console
      $ rapport -c 'calc 1'
      ~~~
      1
      $ rapporteur
      $ rapport
      ~~~~
      rapport> nor this
      ````console
      $ ls
      rapport> calc 2
      ```
      """)
    #expect(file.head?.size == ScreenSize(columns: 100, rows: 30))
    #expect(file.head?.words == ["--demo", "200", "-p", "a=b c"])
    #expect(
      file.steps.map(\.kind) == [
        .typed("find customers\n  where id = 1"), .command("rapport -c 'calc 1'"),
        .command("rapport"), .typed("calc 2"),
      ])
    #expect(
      file.steps.map(\.answer) == [["id", " 1"], ["~~~", "1", "$ rapporteur"], [], ["```"]])
    #expect(file.steps.map(\.line) == [3, 13, 17, 22])
    #expect(file.steps.map(\.answerLine) == [5, 14, 18, 23])
  }

  @Test(arguments: [
    "<!-- rapport transcript 80x24: rapport --demo 200 -->",
    "<!-- rapport transcript 40x9: rapport 'a b' '-->' -p 'x=it'\\''s' -->",
  ])
  func `a head is written as it is read`(line: String) throws {
    #expect(try #require(TranscriptHead(line)).line == line)
  }

  @Test(arguments: [
    "", "# Notes", "<!-- rapport transcript 80x: rapport -->", "<!-- rapport transcript 80x24 -->",
    "<!-- rapport transcript 5x24: rapport -->", "<!-- rapport transcript 80x24: rapport 'a -->",
  ])
  func `what is no head is none`(line: String) {
    #expect(TranscriptHead(line) == nil)
  }

  @Test(arguments: [
    ("a\nb\n", 2), ("a\nb", 2), ("", 0), ("\n\n", 2), ("1234567890x\n", 2), ("東京東京東京\n", 2),
    ("\u{1B}[1m1234567890\u{1B}[0m\n", 1),
  ])
  func `rows of a screen are counted as they stand there`(text: String, count: Int) {
    #expect(PagedOutput.rowCount(of: Array(text.utf8), columns: 10) == count)
  }

  @Test func `progress says how far it got, never past the end`() {
    let progress = Progress(errors: Output(descriptor: 1), isDrawn: false)
    #expect(progress.reachedInWords == nil)
    progress.reportRows(done: 2_000_000, total: 5_000_000)
    #expect(progress.reachedInWords == "40% of 5,000,000 rows")
    progress.reportBytes(done: 99 << 20, total: 50 << 20)
    #expect(progress.reachedInWords == "100% of 50 MB")
  }

  @Test func `long texts that differ throughout are compared in a moment`() {
    let old = (0..<60_000).map { "old \($0)" }
    let new = old.map { $0 == "old 777" ? $0 : "new " + $0 }
    let difference = LineDifference(from: ["same"] + old, to: ["same"] + new + ["more"])
    #expect(difference?.start == 1)
    #expect(difference?.lines.first == .init(sign: " ", text: "same"))
    #expect(difference?.lines.contains(.init(sign: "+", text: "new old 3")) == true)
    #expect(difference?.lines.last?.text.hasSuffix(" more lines") == true)
    #expect((difference?.lines.count ?? 0) < 300)
    let gone = LineDifference(from: old, to: [])
    #expect(gone?.start == 0)
    #expect(gone?.lines.first == .init(sign: "-", text: "old 0"))
  }

  @Test func `a file with Windows line ends has the same steps`() {
    let text = "```console\nrapport> count customers\n   ...>   by stage\nstage\n 1\n```\n"
    for text in [text, text.replacing("\n", with: "\r\n")] {
      let steps = TranscriptFile(text).steps
      #expect(steps.map(\.kind) == [.typed("count customers\n  by stage")])
      #expect(steps.map(\.answer) == [["stage", " 1"]])
      #expect(steps.map(\.answerLine) == [4])
    }
  }

  @Test func `a block within a list is read without the spaces before it`() {
    let file = TranscriptFile(
      """
      1. Ask:
         ~~~ console
         rapport> count customers
            ...>   by stage
         stage
         ```
          1
         ~~~
      2. no more: rapport> count orders
      """)
    #expect(file.steps.map(\.kind) == [.typed("count customers\n  by stage")])
    #expect(file.steps.map(\.answer) == [["stage", "```", " 1"]])
  }
}
