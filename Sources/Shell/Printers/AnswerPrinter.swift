import Engine
import Interchange
import Store
import Syntax

/// Prints an answer: every section in the mode's drawing or format, then the footer.
struct AnswerPrinter {
  /// What was printed.
  struct Printed: Hashable {
    /// Rows of all sections together.
    var rowCount = 0
    /// Records in the answer, when it is one of records.
    var recordCount: Int?
  }

  /// How rows are written.
  let mode: OutputMode
  /// Where rows go, and footers in modes for eyes.
  let output: Output
  /// Where footers go otherwise.
  let errors: Output
  /// Whether footers are left out.
  let isQuiet: Bool
  /// Whether only the first and last rows are shown, and only as many columns as fit.
  let isLimited: Bool
  /// Whether the footer may name `.all`.
  let isAtPrompt: Bool
  /// Whether a count of this name is one of records.
  let isEntity: (String) -> Bool
  /// Called before anything is written to a terminal: a bar of progress gives way.
  var willWrite: () -> Void = {}

  /// The colours of rows and footers.
  private var style: Style { Style(isOn: output.isColored && mode != .plain) }

  /// Prints every section; rows are pulled while printing.
  func print(_ answer: Answer) throws(Failure) -> Printed {
    var printed = Printed()
    if let text = answer.text {
      willWrite()
      output.write(text)
    }
    for (position, section) in answer.sections.enumerated() {
      if mode.isHuman {
        if position > 0 { output.writeLine() }
        if let title = section.title {
          output.writeLine(style.bold(VisibleText.of(title)))
        }
      }
      printed.rowCount += try print(section)
      for case .rowCount(let count, _, _, let plural) in section.cursor.notes where isEntity(plural)
      {
        printed.recordCount = count
      }
    }
    writeFooter(NotePrinter.lines(for: answer.notes))
    for case .wroteFile(_, let rowCount) in answer.notes { printed.rowCount += rowCount }
    return printed
  }

  private func print(_ section: Section) throws(Failure) -> Int {
    guard mode.isHuman else { return try write(section) }
    let isPlan = section.hint.isOfExplain
    let isProfile = section.hint == .profile && mode.hasDrawings
    var rows = try ShownRows(
      section, isLimited: isLimited && !isPlan && section.hint != .profile)
    willWrite()
    let drawing = mode.hasDrawings && rows.totalCount > 0 ? section.cursor.drawing : nil
    if isProfile {
      draw(rows, drawing)
      return rows.totalCount
    }
    if mode == .plain, section.hint == .profile {
      PlainPrinter().print(profile: rows, to: output)
      writeFooter(NotePrinter.lines(for: section.cursor.notes))
      return rows.totalCount
    }
    let isTable = drawing == nil || section.hint != .drawing
    let drawn = drawing.map(lines) ?? []
    var footer = NotePrinter.lines(for: section.cursor.notes, isUnicode: output.isUnicode)
    if isLimited, mode.hasDrawings, isTable, !isPlan, let height = output.height {
      rows.fit(into: height - drawn.count - rowCount(of: footer) - Self.frameRowCount(mode))
    }
    let hidden = isTable ? draw(rows, section.hint) : []
    if !drawn.isEmpty, isTable { output.writeLine() }
    for line in drawn { output.writeLine(line) }
    if isTable, let line = hiddenLine(rows, hidden: hidden) {
      footer.append(NotePrinter.Line(text: line, isWarning: false))
    }
    let isCounted = section.cursor.notes.contains { if case .rowCount = $0 { true } else { false } }
    if rows.totalCount == 0, !isCounted {
      footer.insert(NotePrinter.Line(text: "no rows", isWarning: false), at: 0)
    }
    writeFooter(footer)
    return rows.totalCount
  }

  /// Rows of the screen around a table's own: its head and edges, the gap, the line that says what is
  /// hidden, and the statement before it and the prompt after it.
  private static func frameRowCount(_ mode: OutputMode) -> Int { mode == .box ? 8 : 5 }

  /// Rows that a footer takes.
  private func rowCount(of footer: [NotePrinter.Line]) -> Int {
    isQuiet ? 0 : footer.reduce(0) { $0 + footerLines($1).count }
  }

  /// Draws rows and gives the names of the columns that did not fit.
  private func draw(_ rows: ShownRows, _ hint: Section.DisplayHint) -> [String] {
    if rows.totalCount == 0 { return [] }
    if hint.isOfExplain, mode != .plain || hint != .plan {
      ExplainPrinter(style: style, widthMax: output.width, hasBars: mode.hasDrawings)
        .print(rows, hint, to: output)
      return []
    }
    let lines = LinePrinter(style: style)
    switch mode {
    case .plain:
      PlainPrinter().print(rows, to: output)
      return []
    case .line:
      lines.print(rows, to: output)
      return []
    default: break
    }
    let table = TablePrinter(
      frame: mode == .box ? .box : .clean, style: style, widthMax: output.width)
    if let hidden = table.print(rows, to: output) { return hidden }
    lines.print(rows, to: output)
    return []
  }

  private func lines(of drawing: Drawing) -> [String] {
    DrawingPrinter(
      width: output.drawingWidth, isColoured: output.isColored, isUnicode: output.isUnicode
    ).lines(of: drawing)
  }

  /// Draws a profile within the terminal's height, with a line for the next prompt.
  private func draw(_ profile: ShownRows, _ timeline: Drawing?) {
    let printer = ProfilePrinter(
      style: style, width: output.drawingWidth,
      heightMax: isLimited ? output.height.map { $0 - 1 } : nil, isUnicode: output.isUnicode,
      isAtPrompt: isAtPrompt)
    let screen = printer.screen(of: profile, timeline)
    for line in screen.lines { output.writeLine(line) }
    writeFooter(screen.footer.map { NotePrinter.Line(text: $0, isWarning: false) })
  }

  private func hiddenLine(_ rows: ShownRows, hidden: [String]) -> String? {
    var parts: [String] = []
    if rows.gap != nil {
      parts.append("\(rows.count) of \(ValueText.grouped(rows.totalCount)) shown")
      if isAtPrompt { parts.append(".all for the rest") }
    }
    if !hidden.isEmpty { parts.append("hidden: " + hidden.joined(separator: ", ")) }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  /// Writes a section in a file format and gives its rows.
  private func write(_ section: Section) throws(Failure) -> Int {
    let writer = makeWriter(mode.fileFormat ?? .csv, to: output)
    if output.isTerminal { willWrite() }
    var count = 0
    try writing { () throws(StoreError) in try writer.begin(section.columns) }
    while let batch = try section.cursor.next() {
      count += batch.count
      try writing { () throws(StoreError) in try writer.write(batch) }
      if output.isBroken { return count }
    }
    try writing { () throws(StoreError) in try writer.finish() }
    writeFooter(NotePrinter.lines(for: section.cursor.notes))
    return count
  }

  private func writing(_ step: () throws(StoreError) -> Void) throws(Failure) {
    do throws(StoreError) { try step() } catch {
      if error == .interrupted { throw Failure(ShellReason.stopped, at: nil, kind: .interrupted) }
      throw Failure(ShellReason.cannotWrite("the output", reason: "\(error)"), at: nil)
    }
  }

  private func footerLines(_ line: NotePrinter.Line) -> [String] {
    let text = (line.isWarning ? "note: " : "") + line.text
    return BrokenText.lines(text, widthMax: mode == .plain ? nil : output.width)
  }

  private func writeFooter(_ lines: [NotePrinter.Line]) {
    guard !isQuiet else { return }
    willWrite()
    if mode.isHuman {
      for line in lines {
        for part in footerLines(line) { output.writeLine(style.dim(part)) }
      }
    } else {
      output.flush()
      let style = Style(isOn: errors.isColored)
      for line in lines { errors.writeLine(style.dim("note: " + line.text)) }
      errors.flush()
    }
  }
}
