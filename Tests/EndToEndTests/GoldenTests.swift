import FoundationEssentials
import TestSupport
import Testing

/// Every file of `Scripts` is run, and what each statement prints is compared exactly.
/// `UPDATE_SCRIPTS=1 swift test --filter GoldenTests` rewrites the files; the diff is reviewed.
///
/// The format is described at `GoldenScript`, what `data: NAME` means at `GoldenSession`.
struct GoldenTests {
  @Test(arguments: GoldenTests.scripts)
  func `a golden script prints what it says`(_ name: String) throws {
    let path = Self.folder + name
    let script = try GoldenScript(String(contentsOfFile: path, encoding: .utf8))
    let session = try GoldenSession(settings: script.settings)
    var outputs: [String] = []
    for block in script.blocks { outputs.append(try session.output(of: block)) }
    guard !Self.isUpdating else {
      try script.text(outputs: outputs).write(toFile: path, atomically: true, encoding: .utf8)
      return
    }
    for (block, output) in zip(script.blocks, outputs) where output != block.output {
      Issue.record(
        """
        \(name):\(block.line): \(block.statement)
        --- expected
        \(block.output)
        --- printed
        \(output)
        """)
    }
  }

  static let folder = String(#filePath.dropLast("GoldenTests.swift".utf8.count)) + "Scripts/"

  static let isUpdating = ProcessInfo.processInfo.environment["UPDATE_SCRIPTS"] == "1"

  static var scripts: [String] {
    let all = try? FileManager.default.subpathsOfDirectory(atPath: folder)
    return (all ?? []).filter { $0.hasSuffix(".crm.txt") }.sorted()
  }
}
