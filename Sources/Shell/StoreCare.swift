import Snapshot
import Store
import Syntax

/// What is done to a data file as a whole, apart from any session: `--check` and `--salvage`.
/// `main.swift` hands Snapshot's functions over.
package struct StoreCare: Sendable {
  /// Verifies every part of a data file.
  let check: @Sendable (_ path: String) throws(StoreError) -> StoreReport
  /// Brings all that is sound of a damaged data file into a new one, complete or not at all, and
  /// says what is lost.
  let salvage: @Sendable (_ path: String, _ newPath: String) throws(StoreError) -> StoreReport

  /// Makes the care of data files.
  package init(
    check: @escaping @Sendable (_ path: String) throws(StoreError) -> StoreReport,
    salvage:
      @escaping @Sendable (_ path: String, _ newPath: String) throws(StoreError)
      -> StoreReport
  ) {
    self.check = check
    self.salvage = salvage
  }

  /// Does what the arguments ask for, which is nothing else; nil when they ask for neither.
  ///
  /// The report goes to standard output. A file that is not sound is status 3; one that was salvaged
  /// is status 0, whatever was lost, as the new file is there.
  func run(_ arguments: Arguments, output: Output, errors: Output) throws(Failure) -> ExitStatus? {
    let lines: [String]
    let status: ExitStatus
    do throws(StoreError) {
      if let path = arguments.checkPath {
        let report = try check(path)
        lines = Self.lines(of: report, about: path, end: report.isClean ? "sound" : "damaged")
        status = report.isClean ? .success : .data
      } else if let path = arguments.salvagePath, let newPath = arguments.outputPath {
        let report = try salvage(path, newPath)
        lines = Self.lines(of: report, about: newPath, end: report.isClean ? "whole" : "in part")
        status = .success
      } else {
        return nil
      }
    } catch {
      throw Failure(error)
    }
    for line in lines { output.writeLine(VisibleText.of(line)) }
    output.flush()
    return output.failure == nil ? status : .failed
  }

  /// The report, a line a finding, and what it comes to.
  private static func lines(
    of report: StoreReport, about path: String, end: String
  ) -> [String] {
    let findings = report.findings.map { finding in
      let place = [finding.table, finding.keys].compactMap(\.self).joined(separator: " ")
      return "\(finding.code.rawValue): " + (place.isEmpty ? "" : "\(place): ") + finding.message
    }
    let records = count(report.recordCount, "record", "records")
    let tables = count(report.tableCount, "table", "tables")
    var sum = "\(path): \(records) of \(tables), \(end)"
    if report.unprovedChunkCount > 0 {
      let parts = count(report.unprovedChunkCount, "part", "parts")
      sum += "; \(parts) of them not proved, another program wrote there: save"
    }
    return findings + [sum]
  }

  private static func count(_ count: Int, _ one: String, _ many: String) -> String {
    "\(ValueText.grouped(count)) \(count == 1 ? one : many)"
  }
}
