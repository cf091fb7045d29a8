import Glibc
import TestSupport
import Testing

/// Prompts started with more than the usual.
struct OtherPromptTests {
  @Test func `Ctrl-C stops a running statement and the prompt comes back`() throws {
    let folder = try #require(TemporaryFolder())
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), ["--demo", "5000"],
        environment: ["XDG_STATE_HOME": folder.path]))
    #expect(shell.wait(forCursorLine: "rapport>"))
    let slow = Array(
      repeating: "find interactions order by note, purpose, channel, customer.name", count: 40)
    folder.write("slow.crm", slow.joined(separator: "\n\n") + "\n")
    shell.send(".mode csv\r.output /dev/null\r.read \(folder.path)/slow.crm\r")
    #expect(shell.wait(for: "answers go to '/dev/null'"))
    usleep(300_000)
    shell.send("\u{3}")
    #expect(shell.wait(for: "error[interrupted]"), "\(shell.screen.text)")
    #expect(shell.wait(forCursorLine: "rapport>"))
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
  }

  @Test func `the locale and the terminal may be poor`() throws {
    let folder = try #require(TemporaryFolder())
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"), ["--demo", "100"],
        environment: ["XDG_STATE_HOME": folder.path, "LC_ALL": "C", "TERM": "dumb"]))
    #expect(shell.wait(for: "rapport>"))
    shell.send("calc \"Åse\" as name\r")
    #expect(shell.wait(for: "\nÅse"), "\(shell.screen.text)")
    shell.send("exit\r")
    #expect(shell.exitStatus() == 0)
  }

  @Test func `with its output in a file the prompt stands on standard error`() throws {
    let folder = try #require(TemporaryFolder())
    let shell = try #require(
      PTYProcess(
        "/bin/sh",
        ["-c", "exec '\(ChildProcess.built("rapport"))' --demo 100 > '\(folder.path)/out.csv'"],
        environment: ["XDG_STATE_HOME": folder.path]))
    #expect(shell.wait(forCursorLine: "rapport>"), "\(shell.screen.text)")
    shell.send("count customers\r")
    #expect(shell.wait(for: "note: 1 row"), "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
    #expect(folder.read("out.csv") == "count\n100\n")
  }

  @Test func `after its inputs -i stays at the prompt`() throws {
    let folder = try #require(TemporaryFolder())
    let shell = try #require(
      PTYProcess(
        ChildProcess.built("rapport"),
        ["--demo", "100", "-q", "-i", "-c", "find customers where id <= 2"],
        environment: ["XDG_STATE_HOME": folder.path]))
    #expect(shell.wait(forCursorLine: "rapport 2>"), "\(shell.screen.text)")
    shell.send("\u{4}")
    #expect(shell.exitStatus() == 0)
  }
}
