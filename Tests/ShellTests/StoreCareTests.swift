import Snapshot
import Store
import Syntax
import TestSupport
import Testing

@testable import Shell

/// `--check` and `--salvage`, over files that are told about rather than read.
struct StoreCareTests {
  private static let care = StoreCare(
    check: { path throws(StoreError) in
      if path == "none" {
        throw .store(FileProblem(code: "store-not-found", path: path, message: "there is none"))
      }
      return report(isSound: path == "sound")
    },
    salvage: { _, _ throws(StoreError) in report(isSound: false) })

  private static func report(isSound: Bool) -> StoreReport {
    var report = StoreReport()
    report.tableCount = 2
    report.recordCount = 1_234
    if !isSound {
      report.findings = [
        .init(table: "customers", keys: "17", code: .badValue, message: "no date: \u{1B}")
      ]
    }
    return report
  }

  @Test(
    arguments: [
      ("", nil, ""),
      ("--check sound", 0, "sound: 1,234 records of 2 tables, sound\n"),
      (
        "--check broken", 3,
        "bad-value: customers 17: no date: ␛\nbroken: 1,234 records of 2 tables, damaged\n"
      ),
      ("--check none", nil, ""),
      (
        "--salvage broken -o new", 0,
        "bad-value: customers 17: no date: ␛\nnew: 1,234 records of 2 tables, in part\n"
      ),
    ] as [(String, Int32?, String)])
  func `the report is the output, and the status says whether the file is sound`(
    words: String, status: Int32?, expected: String
  ) throws {
    let folder = try #require(TemporaryFolder())
    let output = try #require(Output(creating: folder.path + "/out"))
    let errors = try #require(Output(creating: folder.path + "/err"))
    let arguments = try Arguments(words.split(separator: " ").map(String.init))
    do {
      let found = try Self.care.run(arguments, output: output, errors: errors)
      #expect(found?.rawValue == status && words != "--check none")
    } catch {
      #expect(error.kind == .data && words == "--check none")
    }
    output.flush()
    #expect(folder.read("out") == expected)
    #expect(folder.read("err") == "")
  }
}
