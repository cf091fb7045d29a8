import Syntax

/// Lays out errors, and nothing else does:
///
/// ```
/// script.crm:3:22: error[unknown-field]: customers have no field 'stge'
///   find customers where stge = intensive_care
///                        ^^^^
/// hint: a close name is 'stage'
///   find customers where stage = intensive_care
/// ```
struct DiagnosticPrinter {
  /// The most columns of a source line that are shown, where the terminal has them; a longer one is
  /// cut around the caret.
  static let lineWidthMax = 100
  /// The most corrected lines that are shown.
  static let correctedLineCountMax = 6

  /// The colours.
  let style: Style
  /// The terminal's width; nil is no limit.
  var widthMax: Int?
  /// Whether places are told in words rather than drawn: `at line 1, column 22: 'stge'`.
  var isPlain = false

  /// The text for a failure of a statement that begins at byte `base` of `source`.
  func text(for failure: Failure, in source: SourceText, at base: Int) -> String {
    failure.diagnostics.map { text(for: $0, in: source, at: base) }.joined()
  }

  /// The text for a failure without a place, such as one of the command line.
  func text(for failure: Failure) -> String {
    text(for: failure, in: SourceText(name: nil, ""), at: 0)
  }

  private func text(for diagnostic: Diagnostic, in source: SourceText, at base: Int) -> String {
    var lines: [String] = []
    let message = VisibleText.of(diagnostic.message)
    var head = [("error[\(diagnostic.code)]", style.error("error[\(diagnostic.code)]"))]
    if let name = source.name {
      let place = source.place(of: base + (diagnostic.range?.lowerBound ?? 0))
      let path = "\(VisibleText.of(name)):\(place.line):\(place.column):"
      head.insert((path, style.bold(path)), at: 0)
    }
    lines += broken(
      message, after: head.map(\.0).joined(separator: " ") + ": ",
      styled: head.map(\.1).joined(separator: " ") + ": ")
    if let range = diagnostic.range, isPlain {
      lines += placeInWords(from: base + range.lowerBound, to: base + range.upperBound, in: source)
    } else if let range = diagnostic.range {
      lines += caretLines(from: base + range.lowerBound, to: base + range.upperBound, in: source)
    }
    if let hint = diagnostic.hint {
      lines += broken(VisibleText.of(hint), after: "hint: ", styled: style.bold("hint:") + " ")
    }
    for fixes in [diagnostic.fixes] + diagnostic.readings {
      lines += correctedLines(fixes, in: source, at: base)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A text behind a head, which has its colours in the end.
  private func broken(_ text: String, after head: String, styled: String) -> [String] {
    var lines = BrokenText.lines(text, after: head, margin: 2, widthMax: widthMax)
    lines[0] = styled + lines[0].dropFirst(head.count)
    return lines
  }

  private func caretLines(from lower: Int, to upper: Int, in source: SourceText) -> [String] {
    let lower = min(max(0, lower), source.bytes.count)
    let line = source.place(of: lower).lineBytes
    let start = min(lower, line.upperBound)
    let end = min(max(upper, start), line.upperBound)
    var before = Self.shown(source.text(line.lowerBound..<start))
    var marked = Self.shown(source.text(start..<end))
    var after = Self.shown(source.text(end..<line.upperBound))
    let most = min(Self.lineWidthMax, widthMax.map { $0 - 2 } ?? Self.lineWidthMax)
    if DisplayWidth.of(before) + DisplayWidth.of(marked + after) > most {
      before = DisplayWidth.fitEnd(before, in: most / 2)
      marked = DisplayWidth.fit(marked, in: most - DisplayWidth.of(before) - 1)
      after = DisplayWidth.fit(after, in: most - DisplayWidth.of(before + marked))
    }
    let caret = String(repeating: "^", count: max(1, DisplayWidth.of(marked)))
    let lead = String(repeating: " ", count: DisplayWidth.of(before))
    return ["  " + before + marked + after, "  " + lead + style.error(caret)]
  }

  /// Where a script's place is told before the message, what stands there; nothing at its end.
  private func placeInWords(from lower: Int, to upper: Int, in source: SourceText) -> [String] {
    let place = source.place(of: lower)
    let start = min(max(0, lower), place.lineBytes.upperBound)
    let end = min(max(upper, start), place.lineBytes.upperBound)
    let found = DisplayWidth.fit(Self.shown(source.text(start..<end)), in: Self.lineWidthMax)
    let line = source.name == nil ? "at line \(place.line), column \(place.column)" : "at"
    if found.isEmpty { return source.name == nil ? [line] : [] }
    return [line + (source.name == nil ? ": " : " ") + "'\(found)'"]
  }

  private func correctedLines(_ fixes: [Fix], in source: SourceText, at base: Int) -> [String] {
    guard let (text, changed) = source.applying(fixes, movedBy: base) else { return [] }
    let whole = text.lineStart(at: changed.lowerBound)..<text.lineEnd(at: changed.upperBound)
    let lines = text.text(whole).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count <= Self.correctedLineCountMax else { return [] }
    return lines.map { line in
      let shown = Self.shown(line.last == "\r" ? String(line.dropLast()) : String(line))
      return "  " + style.good(DisplayWidth.fit(shown, in: 2 * Self.lineWidthMax))
    }
  }

  /// Tabs as one space, so that the caret stands right; control characters as pictures.
  private static func shown(_ text: String) -> String {
    VisibleText.of(String(text.map { $0 == "\t" ? " " : $0 }))
  }
}

extension DiagnosticPrinter {
  /// One that fits what it prints to a stream.
  init(for stream: Output, isPlain: Bool = false) {
    self.init(style: Style(isOn: stream.isColored), widthMax: stream.width, isPlain: isPlain)
  }
}
