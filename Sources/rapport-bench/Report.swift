/// The figures of a run, as a table and as JSON.
struct Report {
  let figures: [Figure]
  /// How long making or loading the data took.
  let loadSeconds: Double
  let roundCount: Int
  /// Rows of each entity that has some.
  let rowCounts: [(name: String, count: Int)]
  /// Bytes of columns and indexes after all queries.
  let byteCount: Int

  /// Median, spread (slowest less fastest, as a share of the median), first run and rows a second.
  var table: String {
    var lines = [
      rowCounts.map { "\($0.count) \($0.name)" }.joined(separator: ", "),
      "loaded in \(Self.fixed(loadSeconds, 2)) s; \(roundCount) rounds;"
        + " \(Self.fixed(bytesPerRow, 1)) bytes a row after all queries", "",
      row("query", "median ms", "spread", "first ms", "rows", "rows/s"),
    ]
    for figure in figures {
      lines.append(
        row(
          figure.query.name, Self.fixed(figure.median, 3),
          "\(Self.fixed((figure.most - figure.least) / figure.median * 100, 0))%",
          Self.fixed(figure.firstMilliseconds, 3), "\(figure.rowCount)",
          "\(Self.fixed(figure.rowsPerSecond / 1e6, 1))M"))
    }
    return lines.joined(separator: "\n")
  }

  /// Bytes of columns and indexes for each row.
  private var bytesPerRow: Double {
    Double(byteCount) / Double(max(1, rowCounts.reduce(0) { $0 + $1.count }))
  }

  /// `{"rows": {…}, "queries": [{"name", "median_ms", "min_ms", "max_ms", …}, …]}`
  var json: String {
    let queries = figures.map { figure in
      """
          {"name": "\(figure.query.name)", "median_ms": \(Self.fixed(figure.median, 4)), \
      "min_ms": \(Self.fixed(figure.least, 4)), "max_ms": \(Self.fixed(figure.most, 4)), \
      "first_ms": \(Self.fixed(figure.firstMilliseconds, 4)), "rows": \(figure.rowCount), \
      "rows_per_second": \(Self.fixed(figure.rowsPerSecond, 0))}
      """
    }
    return """
      {
        "rows": {\(rowCounts.map { "\"\($0.name)\": \($0.count)" }.joined(separator: ", "))},
        "rounds": \(roundCount),
        "load_s": \(Self.fixed(loadSeconds, 3)),
        "bytes_per_row": \(Self.fixed(bytesPerRow, 2)),
        "queries": [
      \(queries.joined(separator: ",\n"))
        ]
      }
      """
  }

  private func row(_ name: String, _ cells: String...) -> String {
    let widths = [11, 8, 11, 9, 10]
    let padded = zip(cells, widths).map { cell, width in
      String(repeating: " ", count: max(1, width - cell.utf8.count)) + cell
    }
    return name + String(repeating: " ", count: max(1, 26 - name.utf8.count)) + padded.joined()
  }

  /// A number with so many decimals, rounded half away from zero.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard value.isFinite else { return "0" }
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int64((value * scale).rounded())
    let whole = scaled.magnitude / UInt64(scale)
    let sign = scaled < 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let fraction = "\(scaled.magnitude % UInt64(scale))"
    return "\(sign)\(whole).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
  }
}
