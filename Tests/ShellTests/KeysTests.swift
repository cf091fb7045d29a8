import Glibc
import TestSupport
import Testing

@testable import Shell

/// Every key that is told of does what is told of it.
struct KeysTests {
  /// One key's proof: what stands before it, what is typed after it, and what is seen then.
  private struct Proof {
    var before = ""
    var after = ""
    var line: String?
    var column: Int?
    var text: String?
  }

  /// By the key's name; the prompt is nine columns wide.
  private static let proofs: [String: Proof] = [
    "Enter": Proof(before: "calc 7 * 6 as n", text: "42"),
    "Alt-Enter": Proof(before: "calc 1", after: "+", line: "  +"),
    "Ctrl-C": Proof(before: "xyz", text: "xyz^C"),
    "Ctrl-D": Proof(before: "ab\u{1B}[D\u{1B}[D", line: "rapport> b"),
    "Ctrl-L": Proof(before: "abc", text: "rapport> abc"),
    "Ctrl-X Ctrl-E": Proof(before: "calc 1", line: "rapport> calc 2"),
    "Tab": Proof(before: "fin", line: "rapport> find"),
    "Shift-Tab": Proof(
      before: "find customers where stage = \t\t",
      line: "rapport> find customers where stage = intensive_care"),
    "F1": Proof(before: "find customers where ", text: "more: .help where"),
    "Up": Proof(before: "", line: "rapport> calc 5 as five"),
    "Down": Proof(before: "zz\u{1B}[A", line: "rapport> zz"),
    "Ctrl-R": Proof(after: "six", line: "search: six › calc 6 as six"),
    "Ctrl-S": Proof(before: "\u{12}calc\u{12}", line: "search: calc › calc 5 as five"),
    "Right": Proof(before: "find cust", line: "rapport> find customers", column: 23),
    "Left": Proof(before: "ab", after: "x", line: "rapport> axb"),
    "Ctrl-Right": Proof(before: "ab cd\u{1}", after: "x", line: "rapport> abx cd"),
    "Ctrl-Left": Proof(before: "ab cd_e", after: "x", line: "rapport> ab xcd_e"),
    "Home": Proof(before: "calc 1 +\r2", after: "x", line: "x  2"),
    "End": Proof(before: "ab\u{1}", after: "x", line: "rapport> abx"),
    "Backspace": Proof(before: "zzb", line: "rapport> zz"),
    "Delete": Proof(before: "ab\u{1}", line: "rapport> b"),
    "Ctrl-W": Proof(before: "ab cd_e", line: "rapport> ab"),
    "Alt-D": Proof(before: "ab cd\u{1}", line: "rapport>  cd"),
    "Ctrl-U": Proof(before: "ab cd\u{1B}[D", line: "rapport> d"),
    "Ctrl-K": Proof(before: "ab cd\u{1B}[D\u{1B}[D", line: "rapport> ab"),
    "Ctrl-Y": Proof(before: "ab cd\u{17}xy ", line: "rapport> ab xy cd"),
    "Ctrl-T": Proof(before: "yz", line: "rapport> zy"),
    "Ctrl-_": Proof(before: "ab cd\u{17}", line: "rapport> ab cd"),
  ]

  /// Those that end or stop the process: they have tests of their own.
  private static let elsewhere: Set = ["Ctrl-Z"]

  @Test(arguments: [40, 80, 200])
  func `each key does what is told of it`(columns: Int) throws {
    let folder = try #require(TemporaryFolder())
    let names = Set(Keys.all.map(\.name))
    #expect(names == Set(Self.proofs.keys).union(Self.elsewhere))
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), ["--demo", "100"],
        environment: [
          "XDG_STATE_HOME": folder.path, "HOME": folder.path, "VISUAL": "sed -i s/1/2/",
        ], columns: columns))
    #expect(shell.wait(forCursorLine: "rapport>"))
    for key in Keys.all {
      guard let proof = Self.proofs[key.name] else { continue }
      for sequence in key.sequences {
        shell.send("calc 6 as six\rcalc 5 as five\r")
        #expect(shell.wait { $0.text.hasSuffix("rapport>") })
        shell.send(proof.before)
        // What comes behind an Esc too fast would be taken for one key.
        usleep(20_000)
        shell.send(sequence + proof.after)
        let isSeen = shell.wait { screen in
          proof.line.map { screen.cursorLine == $0 } ?? true
            && proof.column.map { screen.cursor.column == $0 } ?? true
            && proof.text.map { screen.text.contains($0) } ?? true
        }
        #expect(isSeen, "\(key.name), \(Array(sequence.utf8)):\n\(shell.screen.text)")
        shell.send("\u{3}\u{3}")
        #expect(shell.wait { $0.cursorLine == "rapport>" }, "\(shell.screen.text)")
      }
    }
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
  }

  @Test func `Ctrl-Z stops it and fg brings the text back`() throws {
    let folder = try #require(TemporaryFolder())
    let shell = try #require(
      PTYProcess(
        "/bin/bash", ["--norc", "-i"],
        environment: ["XDG_STATE_HOME": folder.path, "HOME": folder.path, "PS1": "outer$ "]))
    #expect(shell.wait(for: "$"))
    shell.send("'\(ChildProcess.built("rapport"))' --demo 100\r")
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    shell.send("calc 4 + ")
    #expect(shell.wait(forCursorLine: "rapport> calc 4 +"))
    shell.send("\u{1A}")
    #expect(shell.wait(for: "Stopped"), "\(shell.screen.text)")
    shell.send("stty -a | tr ' ' '\\n' | grep icanon\r")
    #expect(shell.wait(for: "\nicanon"), "\(shell.screen.text)")
    shell.send("fg\r")
    #expect(shell.wait(forCursorLine: "rapport> calc 4 +"), "\(shell.screen.text)")
    shell.send("5\r")
    #expect(shell.wait(for: "\n  9\n"), "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.wait(forCursorLine: "outer$"))
    shell.send("exit\r")
    #expect(shell.exitStatus() == 0)
  }

  @Test func `the table of keys fits the screen`() {
    for width in [40, 80] {
      let lines = Keys.helpLines(width: width)
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(lines)")
      #expect(width < 80 || lines.count == Keys.all.count)
    }
    #expect(Set(Keys.all.map(\.name)).count == Keys.all.count)
    let sequences = Keys.all.flatMap(\.sequences)
    #expect(Set(sequences).count == sequences.count)
  }

  @Test func `each function of ours that a key names is there`() {
    let own = Set(Keys.all.map(\.function).filter { $0.hasPrefix("rapport-") })
    #expect(own.isSubset(of: Set(LineEditor.functions.map(\.name))))
  }

  @Test func `the reference lists each key`() throws {
    let text = try SourceTree.text(of: "grammar/reference.md")
    let rows = Keys.all.map { "| \($0.name) | \($0.summary) |" }
    #expect(rows.filter { !text.contains($0) } == [])
  }
}
