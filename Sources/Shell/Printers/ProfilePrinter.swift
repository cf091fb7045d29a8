import Engine

/// Composes a profile to one screen: a heading, a paragraph for each topic with its name at the left,
/// and the lanes of all that happened.
///
/// ```
/// 42 Nordlys AS · organisation · intensive_care since 2026-05-02, 59 days · rung loyal
/// value       12,400.00 · 2.3% of all · 14th of 2,000
/// risk        waiting 34 days · 5 as usual
/// ```
///
/// Where there are fewer rows than it takes, paragraphs are cut, then lanes and topics left out, the
/// least important first.
struct ProfilePrinter {
  /// The colours.
  let style: Style
  /// Columns there are.
  let width: Int
  /// Rows there are; nil is no limit.
  let heightMax: Int?
  /// Whether drawings may be more than ASCII.
  let isUnicode: Bool
  /// Whether the footer may name a mode that shows all.
  let isAtPrompt: Bool

  /// The lines, and what was left out for want of room.
  struct Screen {
    var lines: [String] = []
    /// The footer that says what was left out.
    var footer: [String] = []
  }

  /// What stands before the later lines of a heading.
  private static let headingLead = "  "
  /// The column where the text begins.
  private static let indent = 12
  /// What gives way first where there is little room.
  private static let yielding: [ProfileTopic] = [
    .standards, .stage, .who, .moments, .forecast, .orders, .people,
  ]
  /// A part takes at most so many lines; all of it is in the rows.
  private static let partLineCountMax = 2
  /// Lanes that stay while topics are cut, and while they are left out.
  private static let laneCounts = [7, 5, 3]

  /// The screen of a profile's rows.
  func screen(of rows: ShownRows, _ drawing: Drawing?) -> Screen {
    let words = ProfileWords(rows, isUnicode: isUnicode)
    var heading = words.heading
    if drawing == nil, let day = words.day { heading.append("as of \(ValueText.date(day))") }
    let (separator, pathSign) = isUnicode ? (" ·", " ←") : (";", " <-")
    var draft = Draft(
      heading: flow(heading, separator, width: width - Self.headingLead.count).enumerated().map {
        place, line in
        place == 0 ? line : Self.headingLead + line
      },
      paragraphs: ProfileTopic.allCases.compactMap { topic in
        let paragraph = words.paragraph(of: topic)
        let sign = paragraph.isPath ? pathSign : separator
        let lines = paragraph.blocks.flatMap { flow($0, sign, width: width - Self.indent) }
        return lines.isEmpty ? nil : Paragraph(topic: topic, lines: lines)
      }, signs: [separator, pathSign])
    if case .timeline(var timeline)? = drawing {
      timeline.title =
        "\(ValueText.date(timeline.days.lowerBound)) to \(ValueText.date(timeline.days.upperBound))"
      draft.timeline = timeline
    }
    if let heightMax { fit(&draft, into: heightMax) }
    return Screen(lines: lines(of: draft), footer: footer(of: draft))
  }

  private func footer(of draft: Draft) -> [String] {
    guard !draft.hidden.isEmpty else { return [] }
    let words =
      "left out: " + draft.hidden.joined(separator: ", ")
      + (isAtPrompt ? "; .mode line has all" : "")
    var lines = FlowingLines(width: width)
    for word in words.split(separator: " ") { lines.add(String(word)) }
    return lines.finished
  }

  /// The lines of a topic.
  private struct Paragraph {
    var topic: ProfileTopic
    var lines: [String]
    /// Whether there were more lines.
    var isCut = false
  }

  /// What is to be drawn.
  private struct Draft {
    var heading: [String]
    var paragraphs: [Paragraph]
    var timeline: Drawing.Timeline?
    var hidden: [String] = []
    /// What stands between the parts of a row.
    var signs: [String]

    /// Rows that it takes: the days and two for the axis stand around the lanes.
    var height: Int {
      heading.count + paragraphs.reduce(0) { $0 + $1.lines.count }
        + (timeline.map { $0.lanes.count + 3 } ?? 0)
    }

    /// Cuts the paragraphs of a topic, or of all.
    mutating func cut(_ topic: ProfileTopic?, to count: Int) {
      for place in paragraphs.indices where topic == nil || paragraphs[place].topic == topic {
        guard paragraphs[place].lines.count > count else { continue }
        let (last, next) = (paragraphs[place].lines[count - 1], paragraphs[place].lines[count])
        let isOpen = signs.contains { last.hasSuffix($0) }
        paragraphs[place].lines.removeLast(paragraphs[place].lines.count - count)
        // A row of parts goes on to the end of the line.
        if isOpen { paragraphs[place].lines[count - 1] = "\(last) \(next)" }
        paragraphs[place].isCut = true
      }
    }

    mutating func leaveOut(_ topic: ProfileTopic) {
      guard let place = paragraphs.firstIndex(where: { $0.topic == topic }) else { return }
      paragraphs.remove(at: place)
      hidden.append(topic.rawValue)
    }

    mutating func dropLane(above count: Int) -> Bool {
      guard let lane = timeline?.lanes.last, let left = timeline?.lanes.count, left > count else {
        return false
      }
      timeline?.lanes.removeLast()
      hidden.append("\(lane.label) lane")
      return true
    }
  }

  private func fit(_ draft: inout Draft, into height: Int) {
    func fits() -> Bool { draft.height + footer(of: draft).count <= height }
    func dropLanes(above count: Int) {
      while !fits(), draft.dropLane(above: count) {}
    }
    for count in [3, 2] where !fits() { draft.cut(nil, to: count) }
    dropLanes(above: Self.laneCounts[0])
    for topic in Self.yielding where !fits() { draft.cut(topic, to: 1) }
    dropLanes(above: Self.laneCounts[1])
    for topic in Self.yielding where !fits() { draft.leaveOut(topic) }
    dropLanes(above: Self.laneCounts[2])
    if !fits() { draft.cut(nil, to: 1) }
    if !fits(), draft.timeline != nil {
      draft.timeline = nil
      draft.hidden.append("timeline")
    }
  }

  // MARK: lines

  private func lines(of draft: Draft) -> [String] {
    var lines = draft.heading.map(style.bold)
    for paragraph in draft.paragraphs {
      for (place, text) in paragraph.lines.enumerated() {
        let label = place == 0 ? paragraph.topic.rawValue : ""
        let isEnd = paragraph.isCut && place == paragraph.lines.count - 1
        lines.append(
          style.dim(DisplayWidth.pad(label, to: Self.indent)) + (isEnd ? cut(text) : text))
      }
    }
    if let timeline = draft.timeline {
      let printer = DrawingPrinter(width: width, isColoured: style.isOn, isUnicode: isUnicode)
      lines += printer.lines(of: .timeline(timeline))
    }
    return lines
  }

  /// The last line that is left of a paragraph, with a sign that there would be more.
  private func cut(_ text: String) -> String {
    let mark = " " + fitting.cut
    let room = max(1, width - Self.indent)
    guard DisplayWidth.of(text) + DisplayWidth.of(mark) > room else { return text + mark }
    // Cut where the line ends, whatever stands there.
    return fitting.fit(text + mark, in: room)
  }

  /// What cuts text that is too wide.
  private var fitting: DrawingStyle {
    DrawingStyle(width: width, isColoured: style.isOn, isUnicode: isUnicode)
  }

  /// Parts with a sign between them, in lines that fit: a part that fits into a line is not broken,
  /// others are broken at spaces, and a word wider than a line where the line ends.
  private func flow(_ parts: [String], _ sign: String, width: Int) -> [String] {
    var lines = FlowingLines(width: max(8, width))
    for (place, part) in parts.enumerated() {
      let text =
        fitting.fit(part, in: lines.width * Self.partLineCountMax - 2)
        + (place + 1 < parts.count ? sign : "")
      if DisplayWidth.of(text) <= lines.width {
        lines.add(text)
      } else {
        for word in text.split(separator: " ") { lines.add(String(word)) }
      }
    }
    return lines.finished
  }
}

/// Lines that are filled with text up to a width.
private struct FlowingLines {
  /// Columns of a line.
  let width: Int
  private var lines: [String] = []
  private var line = ""

  init(width: Int) { self.width = width }

  /// The lines, the last one included.
  var finished: [String] { line.isEmpty ? lines : lines + [line] }

  /// Adds text behind a space, on the next line where it does not fit.
  mutating func add(_ text: String) {
    let joined = line.isEmpty ? text : "\(line) \(text)"
    if DisplayWidth.of(joined) <= width {
      line = joined
      return
    }
    if !line.isEmpty { lines.append(line) }
    line = ""
    var lineWidth = 0
    for grapheme in text {
      let next = DisplayWidth.of(grapheme)
      if lineWidth + next > width, !line.isEmpty {
        lines.append(line)
        (line, lineWidth) = ("", 0)
      }
      line.append(grapheme)
      lineWidth += next
    }
  }
}
