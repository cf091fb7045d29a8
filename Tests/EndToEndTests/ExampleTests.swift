import FoundationEssentials
import TestSupport
import Testing

/// Each script of `examples` is run by the built program, with the command line in its head, from the
/// project's folder; what it prints stands in the file beside it, `NAME.expected.txt`.
/// `UPDATE_SCRIPTS=1` rewrites these files.
struct ExampleTests {
  static let folder = SourceTree.root + "examples/"

  static var names: [String] {
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder)
    return (files ?? []).filter { $0.hasSuffix(".crm") }.map { String($0.dropLast(4)) }.sorted()
  }

  @Test(arguments: ExampleTests.names)
  func `an example prints what the file beside it says`(_ name: String) throws {
    let script = try SourceTree.text(of: "examples/\(name).crm")
    let command = try #require(script.firstMatch(of: /\n--   rapport (.*)\n/)?.1)
    let result = try #require(
      ChildProcess.run(
        ChildProcess.built("rapport"), command.split(separator: " ").map(String.init),
        folder: SourceTree.root))
    #expect(result.status == 0, "\(result.errors)")
    let printed = result.output + result.errors
    let path = Self.folder + name + ".expected.txt"
    if GoldenTests.isUpdating {
      try printed.write(toFile: path, atomically: true, encoding: .utf8)
    }
    #expect(printed == (try String(contentsOfFile: path, encoding: .utf8)))
  }

  /// Computed from the file by other means.
  @Test func `the figures of the real purchases are pinned`() throws {
    let text = try SourceTree.text(of: "examples/cdnow.expected.txt")
    let figures = [
      "2357,6919,244091.94,35.28", "1997-01-01,781", "1997-02-01,857", "1997-03-01,719",
      "once,1218,", "2 or 3 times,612,", "4 to 9 times,426,", "10 times or more,101,",
      "471,164521.77", "1901,6552.70,", "509,1943.58,", "1981,1747.58,", "1081,1625.04,",
      "1560,1548.28,",
    ]
    #expect(figures.filter { !text.contains("\n" + $0) } == [])
  }
}
