import Glibc
import Testing

@testable import Shell

struct HistoryTests {
  private let folder = "/tmp/rapport-history-\(getpid())-\(UInt64.random(in: 0 ... .max))"
  private var path: String { folder + "/state/rapport/history" }

  @Test func `entries come back whole, in a file that only its owner reads`() {
    defer { cleanUp() }
    let history = History(path: path)
    for entry in [
      "find customers", "find customers", " count orders", "", "  ",
      "find orders\n  where a = \"\\n\"\n",
      "x\r\ny", "東京 \\", "find customers", "nul\0",
    ] {
      history.add(entry)
    }
    let expected = [
      "find orders\n  where a = \"\\n\"", "x\r\ny", "東京 \\", "find customers",
    ]
    #expect(history.entries == expected)
    #expect(History(path: path).entries == expected)
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test func `a damaged or unwritable file stops nobody`() {
    defer { cleanUp() }
    History(path: path).add("first")
    let file = Output(creating: path)
    file?.write("good\n\n\0bad\n\u{FFFD}odd\\\nlast")
    file?.flush()
    let history = History(path: path)
    #expect(history.entries == ["good", "\u{FFFD}odd", "last"])
    let nowhere = History(path: "/dev/null/history")
    nowhere.add("kept in memory")
    #expect(nowhere.entries == ["kept in memory"])
    let folderAsFile = History(path: "/tmp")
    folderAsFile.add("too")
    #expect(folderAsFile.entries == ["too"])
  }

  @Test func `a file that grew too long is cut`() {
    defer { cleanUp() }
    History(path: path).add("first")
    let file = Output(creating: path)
    for number in 0..<(2 * History.entryCountMax + 10) { file?.writeLine("e\(number)") }
    file?.flush()
    #expect(History(path: path).entries.count == History.entryCountMax)
    guard case .success(let bytes) = TextFile.bytes(of: path, byteCountMax: .max) else { return }
    #expect(bytes.filter { $0 == 0x0A }.count == History.entryCountMax)
    #expect(bytes.suffix(7) == Array("e10009\n".utf8)[...])
  }

  private func cleanUp() {
    for file in ["/state/rapport/history", "/state/rapport", "/state", ""] {
      if unlink(folder + file) != 0 { _ = rmdir(folder + file) }
    }
  }
}
