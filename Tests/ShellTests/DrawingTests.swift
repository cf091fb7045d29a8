import Engine
import Store
import Testing

@testable import Shell

/// Drawings read back and compared with the values they were made of.
struct DrawingTests {
  /// Widths, and whether in Unicode.
  static let manners = [60, 80, 200].flatMap { [($0, true), ($0, false)] }

  @Test(arguments: manners)
  func `the numbers of a field are in its cells`(width: Int, isUnicode: Bool) throws {
    for map in [DrawingSamples.grid, DrawingSamples.cohort, DrawingSamples.matrix] {
      let lines = Self.lines(.heatMap(map), width, isUnicode)
      var wrong: [String] = []
      for row in map.rowLabels.indices {
        let words = lines[3 + row].split(separator: " ").map(String.init)
        let shown = words.dropFirst(map.rowCounts.isEmpty ? 1 : 2)
        #expect(shown.count >= 6 || map.columnLabels.count < 6)
        if !map.rowCounts.isEmpty, words[1] != ValueText.grouped(map.rowCounts[row]) {
          wrong.append("count of \(row): \(words)")
        }
        for (column, word) in shown.enumerated() {
          guard let value = map.cells[row][column] else {
            if word != (isUnicode ? "·" : ".") { wrong.append("\(row), \(column): \(word)") }
            continue
          }
          let isPartial = map.partial.contains([row, column])
          let texts = DrawingNumber.Length.allCases.map {
            DrawingNumber.text(value, map.form, $0) + (isPartial ? "*" : "")
          }
          if !texts.contains(word) { wrong.append("\(row), \(column): \(word), not \(texts)") }
        }
        let isWhole = shown.count == map.columnLabels.count
        let note = lines.first { $0.contains("columns shown") } ?? ""
        #expect(isWhole == note.isEmpty)
        let start = "\(shown.count) of \(map.columnLabels.count) columns shown; left out: "
        #expect(isWhole || note.hasPrefix(start))
      }
      #expect(wrong == [])
    }
  }

  @Test func `a cohort of thirteen periods fits 80 columns, a grid twelve lines`() {
    let cohort = Self.lines(.heatMap(DrawingSamples.cohort), 80, true)
    #expect(cohort.count == 17)
    #expect(
      cohort[3]
        == "2025-01    80  100%  36%  27%  23%  20%  19%  17%  17%  16%  15%  15%  14%  14%*")
    #expect(Self.lines(.heatMap(DrawingSamples.grid), 80, true).count <= 12)
    #expect(Self.lines(.curve(DrawingSamples.lorenz), 80, true).count <= 16)
  }

  @Test(arguments: manners)
  func `bars are as long as their values`(width: Int, isUnicode: Bool) {
    for bars in [DrawingSamples.funnel, DrawingSamples.money, DrawingSamples.gaps] {
      let lines = Self.lines(.bars(bars), width, isUnicode).dropFirst()
      let lengths = lines.map(Self.eighths)
      let values = bars.bars.map { $0.value ?? 0 }
      guard let most = values.map(abs).max(),
        let longest = zip(values, lengths).first(where: { abs($0.0) == most })?.1
      else { continue }
      for (value, length) in zip(values, lengths) {
        let ideal = value / most * Double(abs(longest))
        // ASCII has whole columns only, and bars to the left two kinds of parts.
        let slack = isUnicode ? (value < 0 ? 2.1 : 1) : 8
        #expect(abs(Double(length) - ideal) <= slack, "\(value): \(length), \(ideal)")
        #expect((value == 0) == (length == 0))
      }
    }
  }

  @Test(arguments: manners)
  func `the bars of a pyramid stand over each other`(width: Int, isUnicode: Bool) {
    let bars = DrawingSamples.ladder
    let lines = Self.lines(.pyramid(bars), width, isUnicode).dropFirst()
    var middles: Set<Int> = []
    var widest = 0
    var lengths: [Int] = []
    for line in lines {
      let cells = Array(line)
      let blocks = cells.indices.filter { "█▐▌#".contains(cells[$0]) }
      guard let first = blocks.first, let last = blocks.last else { continue }
      #expect(blocks.count == last - first + 1)
      middles.insert(first + last)
      lengths.append(blocks.reduce(0) { $0 + (cells[$1] == "▐" || cells[$1] == "▌" ? 1 : 2) })
      widest = max(widest, lengths.last ?? 0)
    }
    #expect(middles.count == 1 && lengths.count == bars.bars.count)
    for (bar, length) in zip(bars.bars, lengths) {
      let ideal = (bar.value ?? 0) / 793 * Double(widest)
      #expect(abs(Double(length) - ideal) <= (isUnicode ? 2 : 4), "\(bar.label): \(length)")
    }
  }

  @Test(arguments: manners)
  func `each point of a curve has its dot`(width: Int, isUnicode: Bool) {
    for (drawing, curve) in [
      (Drawing.curve(DrawingSamples.lorenz), DrawingSamples.lorenz),
      (.scatter(DrawingSamples.lorenz), DrawingSamples.lorenz),
    ] {
      let field = Self.field(of: Self.lines(drawing, width, isUnicode))
      let columns = field.map(\.count).max() ?? 0
      #expect(columns == PlotFrame.squareWidthMax && field.count == PlotFrame.heightMax)
      let size = isUnicode ? (columns * 2, field.count * 4) : (columns, field.count)
      var missing: [Double] = []
      for (x, y) in curve.points {
        let dot = (Int((x * Double(size.0 - 1)).rounded()), Int((y * Double(size.1 - 1)).rounded()))
        if !Self.isSet(dot, in: field, isUnicode) { missing.append(x) }
      }
      #expect(missing == [])
    }
  }

  @Test(arguments: manners)
  func `the events of a timeline are in their places`(width: Int, isUnicode: Bool) {
    let timeline = DrawingSamples.timeline
    let lines = Self.lines(.timeline(timeline), width, isUnicode)
    let left = min(21, width / 3) + 7
    for (lane, line) in zip(timeline.lanes, lines.dropFirst()) {
      let cells = Array(line).dropFirst(left).map { $0 }
      var counts = [Int](repeating: 0, count: cells.count)
      for day in lane.days {
        let share = Double(day - timeline.days.lowerBound) / Double(timeline.days.count)
        counts[Int(share * Double(cells.count))] += 1
      }
      let ideal = counts.map { count -> Character in
        switch count {
        case 0: isUnicode ? "·" : "."
        case 1: isUnicode ? "●" : "o"
        case 2...9: Character(String(count))
        default: "+"
        }
      }
      #expect(cells == ideal, "\(lane.label)")
    }
  }

  @Test func `colour adds nothing but escapes`() {
    for (name, drawing) in DrawingSamples.all {
      for (width, isUnicode) in Self.manners {
        let plain = Self.lines(drawing, width, isUnicode)
        let colored = DrawingPrinter(width: width, isColoured: true, isUnicode: isUnicode)
          .lines(of: drawing)
        let bare = colored.map { line in
          String(
            line.replacing(/\u{1B}\[[0-9;]*m/, with: "").reversed().drop { $0 == " " }
              .reversed())
        }
        #expect(bare == plain, "\(name)")
        #expect(!plain.joined().contains("\u{1B}"))
        #expect(colored.joined().contains("\u{1B}["))
      }
    }
  }

  @Test func `the ramp grows lighter, and text on it stands out`() {
    let lights = Ramp.colors.map { Self.luminance($0.code) }
    #expect(lights == lights.sorted())
    for (color, light) in zip(Ramp.colors, lights) {
      let contrast = color.isLight ? (light + 0.05) / 0.05 : 1.05 / (light + 0.05)
      #expect(contrast >= 4.5, "\(color.code): \(contrast)")
    }
    let steps = [(0.0, 0), (0.5, 4), (1, 7), (-9, 0), (9, 7)]
    for (value, step) in steps { #expect(Ramp.step(value, from: 0, to: 1) == step) }
    #expect(Ramp.step(3, from: 3, to: 3) == 4)
  }

  // MARK: reading back

  static func lines(_ drawing: Drawing, _ width: Int, _ isUnicode: Bool) -> [String] {
    DrawingPrinter(width: width, isColoured: false, isUnicode: isUnicode).lines(of: drawing)
  }

  /// The length of a line's bar in eighths; below zero left of a zero line.
  private static func eighths(_ line: String) -> Int {
    let parts: [Character: Int] = [
      "▏": 1, "▎": 2, "▍": 3, "▌": 4, "▋": 5, "▊": 6, "▉": 7, "█": 8, "▕": 1, "▐": 4, "#": 8,
      ":": 1,
    ]
    var left = 0
    var right = 0
    var hasLine = false
    for cell in line {
      if cell == "│" || cell == "|" { hasLine = true }
      if hasLine { right += parts[cell] ?? 0 } else { left += parts[cell] ?? 0 }
    }
    return hasLine ? (left > 0 ? -left : right) : left
  }

  /// The text within a frame, line by line, filled to its width.
  private static func field(of lines: [String]) -> [[Character]] {
    let inner = lines.filter { $0.contains(/[│┤|]|[0-9]% \+/) }.map { line in
      Array(line.drop { !"│┤|+".contains($0) }.dropFirst())
    }
    let width = max(PlotFrame.squareWidthMax, inner.map(\.count).max() ?? 0)
    return inner.map { $0 + [Character](repeating: " ", count: width - $0.count) }
  }

  private static func isSet(
    _ dot: (x: Int, y: Int), in field: [[Character]], _ isUnicode: Bool
  ) -> Bool {
    guard isUnicode else { return field[field.count - 1 - dot.y][dot.x] == "*" }
    let top = field.count * 4 - 1 - dot.y
    let scalar = field[top / 4][dot.x / 2].unicodeScalars.first?.value ?? 0
    let bits: [[UInt32]] = [[0, 1, 2, 6], [3, 4, 5, 7]]
    return scalar >= 0x2800 && (scalar - 0x2800) >> bits[dot.x % 2][top % 4] & 1 == 1
  }

  /// The relative luminance of a colour of the 6 × 6 × 6 cube, as WCAG 2 has it.
  private static func luminance(_ code: Int) -> Double {
    let levels = [0.0, 95, 135, 175, 215, 255]
    func linear(_ level: Int) -> Double {
      let value = levels[level] / 255
      // (v + 0.055) / 1.055 to the power of 2.4, by the square and the fifth root of the square.
      let base = (value + 0.055) / 1.055
      if value <= 0.04045 { return value / 12.92 }
      var root = base
      for _ in 0..<60 {
        let fourth = root * root * root * root
        root -= (fourth * root - base * base) / (5 * fourth)
      }
      return base * base * root
    }
    let place = code - 16
    return 0.2126 * linear(place / 36) + 0.7152 * linear(place / 6 % 6)
      + 0.0722 * linear(place % 6)
  }
}
