import Engine
import Store

/// Writes each row as lines of `field: value`, a blank line between rows, for ears as well as for
/// eyes: nothing is drawn, and what tables show by a sign is said in a word.
struct PlainPrinter {
  /// Prints the rows.
  func print(_ rows: ShownRows, to output: Output) {
    let headers = rows.columns.map { VisibleText.of($0.name) }
    for row in 0..<rows.count {
      if row > 0 { output.writeLine() }
      if row == rows.gap {
        output.writeLine("\(ValueText.grouped(rows.totalCount - rows.count)) rows left out here")
        output.writeLine()
      }
      for index in rows.columns.indices {
        output.writeLine("\(headers[index]): \(Self.said(rows.text(row, index)))")
      }
      if output.isBroken { return }
    }
  }

  /// Prints a profile, a line for each fact or row of facts of a topic.
  func print(profile rows: ShownRows, to output: Output) {
    let words = ProfileWords(rows, isUnicode: false)
    output.writeLine(words.heading.joined(separator: "; "))
    for topic in ProfileTopic.allCases {
      let paragraph = words.paragraph(of: topic)
      for parts in paragraph.blocks {
        let text = parts.joined(separator: paragraph.isPath ? "; before that " : "; ")
        output.writeLine("\(topic.rawValue): \(text)")
      }
    }
  }

  private static func said(_ text: String?) -> String {
    guard let text else { return "unknown" }
    return text.isEmpty ? "\"\"" : text
  }
}
