import TestSupport
import Testing

/// Where persons are masked, what somebody wrote of them in definitions, parameters and errors is too.
@Suite(.serialized)
struct MaskTests {
  private let folder: TemporaryFolder

  init() throws { folder = try #require(TemporaryFolder()) }

  private func start() throws -> PTYProcess {
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), ["--demo", "100"],
        environment: ["XDG_STATE_HOME": folder.path, "RAPPORT_PAGER": ""], columns: 120, rows: 40))
    #expect(shell.wait { $0.cursorLine.hasSuffix("rapport>") }, "\(shell.screen.text)")
    return shell
  }

  private func type(_ line: String, _ shell: PTYProcess, _ text: String) {
    shell.send(line + "\r")
    #expect(shell.wait(for: text), "\(line):\n\(shell.screen.text)")
  }

  @Test func `definitions, parameters and errors quote nobody`() throws {
    let shell = try start()
    shell.send("define segment q as customers where name = \"Sigrid Ångström\"\r")
    shell.send("define standard s as count(customers) >= 1 by 2026-12-31 agreed \"Ann Berg\"\r")
    shell.send("define action a when name = \"Sigrid Ångström\" priority 1 say \"Don't call\"\r")
    shell.send("let who = \"Sigrid Ångström\"\r.param days=90\r.param other=Sigrid\r.mask on\r")
    #expect(shell.wait(for: "masking is on"), "\(shell.screen.text)")
    shell.send("\u{C}")
    #expect(shell.wait { !$0.text.contains("masking") && $0.cursorLine.hasSuffix(">") })
    for line in [
      "describe q", "list segments", "describe standard s", "list standards", "check standards",
      "list actions", "describe action a", ".param", "compare q since 2026-01-01",
    ] {
      shell.send(line + "\r")
    }
    shell.send("profile customer \"Sigrid\"\rcalc 42 as last\r")
    #expect(shell.wait(for: "last\n  42"), "\(shell.screen.text)")
    let text = shell.screen.text
    #expect(!text.contains("Ångström") && !text.contains("Ann Berg"), "\(text)")
    #expect(text.contains("$days = 90\n$other = …\n$who = …\n"), "\(text)")
    #expect(text.contains("Don't call"), "\(text)")
    shell.send(".exit\r")
    #expect(shell.wait(for: "[y/N]"))
    shell.send("y\r")
    #expect(shell.exitStatus() == 0)
  }

  @Test func `a mask put on in a lesson stays on, and answers are marked as they are`() throws {
    let shell = try start()
    type(".lesson 1", shell, "Press Enter")
    shell.send("\u{3}")
    #expect(shell.wait(forCursorLine: "exercise 1>"), "\(shell.screen.text)")
    type(".mask on", shell, "masking is on")
    type("find customers where stage = welcoming show name", shell, "Alba Ashford")
    #expect(shell.wait(for: "Right: exercise 1 is done"), "\(shell.screen.text)")
    type(".lesson end", shell, "back to demo data")
    type("find customers where id = 1 show name", shell, "\n1 customer\n")
    #expect(!shell.screen.text.contains("Benoît"), "\(shell.screen.text)")
    shell.send(".exit\r")
    #expect(shell.exitStatus() == 0)
  }
}
