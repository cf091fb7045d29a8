import Glibc

/// Takes part in a run that another program leads: tells what was loaded in a line of JSON, then
/// answers each line that names a query by one with the milliseconds it took and a check of the
/// answer, its rows and the sum of its numbers.
struct BenchmarkWorker {
  private let store: BenchmarkStore

  init(_ store: BenchmarkStore) { self.store = store }

  /// Answers until standard input ends.
  func run() {
    let rows = store.rowCounts.map { "\"\($0.name)\": \($0.count)" }.joined(separator: ", ")
    say(
      """
      {"load_s": \(Report.fixed(store.loadSeconds, 3)), "bytes": \(store.byteCount), \
      "rows": {\(rows)}}
      """)
    while let name = readLine() {
      if name == "memory" {
        say("{\"bytes\": \(store.byteCount)}")
        continue
      }
      guard let query = store.queries.first(where: { $0.name == name }) else {
        say("{\"err\": \"no such query\"}")
        continue
      }
      do throws(BenchmarkProblem) {
        let measured = try store.check(query)
        say(
          """
          {"ms": \(Report.fixed(measured.milliseconds, 5)), \
          "check": [\(measured.rowCount), \(measured.sum)]}
          """)
      } catch {
        let text = error.message.map { $0 == "\"" || $0 == "\\" ? "'" : $0 }
        say("{\"err\": \"\(String(text))\"}")
      }
    }
  }

  private func say(_ line: String) {
    print(line)
    fflush(nil)
  }
}
