import Glibc
import TestSupport
import Testing

@testable import Shell

/// The terminal around the prompt: vi keys, `.editrc`, pastes, sizes, and an end at any moment.
struct EditingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func start(
    _ words: [String] = ["--demo", "100"], columns: Int = 80, rows: Int = 24,
    environment: [String: String] = [:]
  ) -> PTYProcess? {
    var variables = ["XDG_STATE_HOME": folder.path, "HOME": folder.path]
    variables.merge(environment) { $1 }
    let shell = PTYProcess(
      ChildProcess.built("rapport"), words, environment: variables, columns: columns, rows: rows)
    #expect(shell?.wait(forCursorLine: "rapport>") == true, "\(shell?.screen.text ?? "")")
    return shell
  }

  @Test(arguments: [40, 80, 200])
  func `vi keys work, a lone Esc among them, and our own with them`(columns: Int) throws {
    folder.write(".editrc", "rapport:bind -v\nother:bind -e\nrapport:bind ^G ed-clear-screen\n")
    folder.write("rapport/history/demo", "calc 1 as older\n")
    let shell = try #require(start(columns: columns, environment: ["VISUAL": "sed -i s/1/2/"]))
    shell.send("calc 11\u{1B}")
    usleep(100_000)
    shell.send("hx")
    #expect(shell.wait(forCursorLine: "rapport> calc 1"), "\(shell.screen.text)")
    shell.send("k")
    #expect(shell.wait(forCursorLine: "rapport> calc 1 as older"), "\(shell.screen.text)")
    shell.send("j")
    #expect(shell.wait(forCursorLine: "rapport> calc 1"), "\(shell.screen.text)")
    shell.send("v")
    #expect(shell.wait(forCursorLine: "rapport> calc 2"), "\(shell.screen.text)")
    shell.send("A\u{1B}[D0\r")
    #expect(shell.wait(for: "\n02") || shell.wait(for: "02"), "\(shell.screen.text)")
    shell.send("calc 9\u{1B}")
    usleep(100_000)
    shell.send("/older\r")
    #expect(shell.wait(for: "older\n"), "\(shell.screen.text)")
    shell.send("abc\u{7}")
    #expect(shell.wait { $0.lines[0] == "rapport> abc" }, "\(shell.screen.text)")
    shell.send("\u{3}\u{4}")
    #expect(shell.exitStatus() == 0)
    #expect(shell.isCooked)
  }

  @Test(arguments: [40, 80, 200])
  func `bindings of .editrc come on top of ours`(columns: Int) throws {
    folder.write(
      ".editrc", "bind ^T rapport-complete\nbind -s ^O \"calc 3\"\nedit on\nbind\nbogus x y\n")
    let shell = try #require(start(columns: columns))
    shell.send("fin\u{14}")
    #expect(shell.wait(forCursorLine: "rapport> find"), "\(shell.screen.text)")
    shell.send("\u{3}\u{F}")
    #expect(shell.wait { $0.cursorLine.hasPrefix("rapport> calc 3") }, "\(shell.screen.text)")
    shell.send("\u{3}\u{4}")
    #expect(shell.exitStatus() == 0)
  }

  @Test(arguments: [40, 80, 200])
  func `a paste of 200 lines runs as one script after Enter`(columns: Int) throws {
    let shell = try #require(start(columns: columns))
    let lines = (1...100).map { "calc \($0) * 1000 as n\($0)\n-- and on\n" }.joined()
    shell.send("\u{1B}[200~\(lines)\u{1B}[201~")
    #expect(shell.wait { $0.text.contains("n100") && !$0.text.contains("100,000") })
    shell.send("\r")
    #expect(shell.wait { $0.text.contains("100,000") && $0.cursorLine == "rapport>" })
    #expect(shell.screen.text.contains("57,000"))
    shell.send("\u{1B}[A\u{3}\u{4}")
    #expect(shell.exitStatus() == 0)
    #expect(folder.read("rapport/history/demo")?.split(separator: "\n").count == 1)
  }

  @Test(arguments: [40, 80, 200])
  func `a paste of 100 KB arrives whole`(columns: Int) throws {
    let shell = try #require(start(columns: columns))
    let lines = (1...2_000).map { "-- line \($0) of a text that is long enough to count\n" }
      .joined()
    shell.send("\u{1B}[200~\(lines)calc 13 * 13 as third\u{1B}[201~\r")
    #expect(shell.wait(for: "169"), "\(shell.screen.text.suffix(300))")
    shell.send("\u{1B}[A")
    shell.send("\r")
    #expect(shell.wait { $0.text.ranges(of: "169").count == 2 })
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
    let kept = folder.read("rapport/history/demo") ?? ""
    #expect(kept.utf8.count > 100_000)
    #expect(kept.contains("-- line 2000 of"))
  }

  @Test func `a window that grows and shrinks keeps text, colours and hint`() throws {
    let shell = try #require(start(columns: 80))
    shell.send("find customers where name = \"東京 and so on\" or city = \"Oslo\" or cit")
    #expect(shell.wait { $0.cursorLine.hasSuffix("or city") }, "\(shell.screen.text)")
    for columns in [40, 200, 60, 80] {
      shell.resize(columns: columns, rows: 20)
      #expect(
        shell.wait { $0.cursorLine.hasSuffix("or city") && $0.lastStyle(of: "where") == "1" },
        "\(columns): \(shell.screen.text)")
      #expect(
        shell.screen.text.ranges(of: "name = ").count == 1, "\(columns): \(shell.screen.text)")
    }
    shell.send("\u{3}\u{4}")
    #expect(shell.exitStatus() == 0)
  }

  @Test(arguments: [SIGTERM, SIGHUP])
  func `a signal to end leaves the terminal sane at any moment`(signal: Int32) throws {
    let slow = Array(
      repeating: "find interactions order by note, purpose, channel, customer.name", count: 400)
    folder.write("slow.crm", slow.joined(separator: "\n\n") + "\n")
    for typed in [
      "find cust", "\u{12}cal", ".output /dev/null\r.read \(folder.path)/slow.crm\r",
      "update customers where id <= 3 set city = \"Hov\"\r", "calc $x\r",
    ] {
      let shell = try #require(start())
      shell.send(typed)
      usleep(300_000)
      shell.signal(signal)
      #expect(shell.exitStatus() == 128 + signal, "\(typed): \(shell.screen.text)")
      #expect(shell.isCooked, "\(typed)")
      #expect(!shell.screen.bracketsPastes, "\(typed)")
    }
  }

  @Test(arguments: [SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGQUIT])
  func `a crash leaves the terminal sane`(signal: Int32) throws {
    let shell = try #require(start(environment: ["SWIFT_BACKTRACE": "enable=no"]))
    shell.send("find cust")
    #expect(shell.wait { $0.bracketsPastes && $0.cursorLine.contains("cust") })
    shell.signal(signal)
    #expect(shell.exitStatus() == 128 + signal, "\(shell.screen.text)")
    #expect(shell.isCooked)
    #expect(!shell.screen.bracketsPastes)
  }
}
