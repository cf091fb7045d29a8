import Engine
import Store
import Testing

@testable import Shell

/// What drawings make of nothing, of strange numbers and of narrow terminals.
struct DrawingEdgeTests {
  /// Values, and what they read in full and short.
  static let numbers: [(value: Double, form: Drawing.Form, full: String, short: String)] = [
    (0, .count, "0", "0"), (12_400, .count, "12,400", "12.4k"),
    (999_949, .count, "999,949", "1m"), (99_949, .count, "99,949", "99.9k"),
    (-1_234_567, .count, "-1,234,567", "-1.2m"), (2_025, .key, "2025", "2025"),
    (0.1234, .share, "12.3%", "12%"), (1, .share, "100.0%", "100%"),
    (-0.5, .share, "-50.0%", "-50%"), (1_240_050, .money, "12,400.50", "12.4k"),
    (-5, .money, "-0.05", "-0.1"), (1.239, .number, "1.24", "1.2"),
    (1e15, .number, "1,000,000,000,000,000", "1e15"), (5e14, .count, "500,000,000,000,000", "500t"),
    (5e20, .count, "5e20", "5e20"), (-3e299, .money, "-3e297", "-3e297"),
    (19_783, .date, "2024-03-01", "2024-03-01"), (1e12, .date, "1t", "1t"),
    (0.004, .number, "0", "0"),
  ]

  @Test func `a number is written in full and short`() {
    for (value, form, full, short) in Self.numbers {
      #expect(DrawingNumber.text(value, form, .full) == full)
      #expect(DrawingNumber.text(value, form, .short) == short)
    }
  }

  @Test func `nothing to draw is said`() {
    let empty: [Drawing] = [
      .heatMap(Self.map([])), .bars(.init(title: "t", bars: [], form: .count)),
      .pyramid(.init(title: "t", bars: [], form: .count)), .curve(Self.curve([])),
      .scatter(Self.curve([(.nan, 1), (1, .infinity)])),
      .timeline(.init(title: "t", days: 0...0, lanes: [])),
    ]
    for drawing in empty {
      #expect(DrawingTests.lines(drawing, 80, true) == ["t", "nothing to draw"])
    }
  }

  /// Values that fill a drawing of each kind.
  static let strange: [[Double]] = [
    [0], [1], [-1], [0, 0, 0], [7, 7, 7], [-7, -7], [-1, 1], [.nan], [.infinity, 1],
    [-.infinity, .nan, 0], [1e300, 1], [9e299, -9e299], [.greatestFiniteMagnitude, 1],
    [.leastNonzeroMagnitude, 0], [1, 1 + 2e-16], [1e15, 1e15 + 1], [9.2e18, -9.2e18],
    [0.1, 0.2, 0.30000000000004],
    [1e-9, 1e9], [-0.0, 0],
  ]

  @Test(arguments: strange) func `strange values are drawn`(values: [Double]) {
    for form in [Drawing.Form.count, .key, .share, .money, .number, .date] {
      for width in [1, 5, 20, 60, 80] { Self.check(values, form, width) }
    }
  }

  private static func check(_ values: [Double], _ form: Drawing.Form, _ width: Int) {
    let points = values.enumerated().map { (Double($0.offset), $0.element) }
    let bars = Drawing.Bars(
      title: "t",
      bars: values.map { .init(label: "bar", value: $0, remark: ($0, form)) }, form: form)
    let drawings: [Drawing] = [
      .heatMap(map([values.map { $0 }, [nil], []], form)), .bars(bars), .pyramid(bars),
      .curve(curve(points, form)), .scatter(curve(points.map { ($0.1, $0.0) }, form)),
    ]
    for drawing in drawings {
      for isUnicode in [true, false] {
        let lines = DrawingTests.lines(drawing, width, isUnicode)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= width }, "\(values) \(form) \(lines)")
        if !isUnicode { #expect(lines.joined().utf8.allSatisfy { $0 < 0x80 }) }
      }
    }
  }

  @Test func `a timeline of one day or of all time is drawn`() {
    for days in [0...0, -5...5, -4_000_000...4_000_000, Int.min / 2...Int.max / 2] {
      let timeline = Drawing.Timeline(
        title: "", days: days,
        lanes: [.init(label: "a", days: [days.lowerBound, days.upperBound, days.upperBound])])
      let lines = DrawingTests.lines(.timeline(timeline), 60, true)
      #expect(lines[0].contains(days == 0...0 ? "3" : "●"), "\(lines)")
      #expect(lines.allSatisfy { DisplayWidth.of($0) <= 60 })
    }
  }

  @Test func `names are made safe and cut by the columns they take`() {
    let bars = Drawing.Bars(
      title: "a\u{1B}[31m", bars: [.init(label: String(repeating: "東京", count: 20), value: 2)],
      form: .count)
    #expect(
      DrawingTests.lines(.bars(bars), 40, true)
        == ["a␛[31m", "東京東京東京東…   2  ███████████████████"])
    #expect(DrawingTests.lines(.bars(bars), 40, false)[1].hasPrefix("東京東京東京... "))
    #expect(DrawingTests.lines(.bars(bars), 4, true) == ["a␛[…", "東…"])
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `no random drawing is wider than its terminal`(seed: UInt64) {
    var random = RandomDrawing(seed: seed)
    for _ in 0..<12 {
      let drawing = random.drawing()
      let width = [60, 80, 200, random.below(100) + 1][random.below(4)]
      for isUnicode in [true, false] {
        let lines = DrawingTests.lines(drawing, width, isUnicode)
        let widest = lines.map(DisplayWidth.of).max() ?? 0
        #expect(widest <= width, "seed \(seed): \(drawing)")
        #expect(lines.allSatisfy { $0.last != " " }, "seed \(seed)")
      }
    }
  }

  static func map(_ cells: [[Double?]], _ form: Drawing.Form = .count) -> Drawing.HeatMap {
    Drawing.HeatMap(
      title: "t", rowTitle: "", columnTitle: "", rowLabels: cells.isEmpty ? [] : ["only"],
      columnLabels: cells.isEmpty ? [] : ["a", "b"], cells: cells, form: form)
  }

  static func curve(
    _ points: [(Double, Double)], _ form: Drawing.Form = .number
  ) -> Drawing.Curve {
    Drawing.Curve(
      title: "t", xTitle: "x", yTitle: "y", points: points.map { (x: $0.0, y: $0.1) }, xForm: form,
      yForm: form)
  }
}

/// Drawings of any shape, size and values.
struct RandomDrawing {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func below(_ count: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 33) % count
  }

  mutating func drawing() -> Drawing {
    let form = [Drawing.Form.count, .key, .share, .money, .number, .date][below(6)]
    let count = below(30)
    switch below(6) {
    case 0:
      let columnCount = below(40)
      return .heatMap(
        Drawing.HeatMap(
          title: name(), rowTitle: name(), columnTitle: name(),
          rowLabels: (0..<count).map { _ in name() },
          columnLabels: (0..<columnCount).map { _ in name() },
          cells: (0..<count).map { _ in
            (0..<below(columnCount + 3)).map { _ in below(5) == 0 ? nil : value() }
          }, form: form, rowCounts: below(2) == 0 ? [] : (0..<count).map { _ in below(1 << 30) },
          countTitle: name(), partial: [[0, 0], [1], [count, 99]]))
    case 1, 2:
      let bars = Drawing.Bars(
        title: name(),
        bars: (0..<count).map { _ in
          .init(
            label: name(), value: below(6) == 0 ? nil : value(),
            remark: below(2) == 0 ? nil : (value(), .share))
        }, form: form)
      return below(2) == 0 ? .bars(bars) : .pyramid(bars)
    case 3, 4:
      let curve = Drawing.Curve(
        title: name(), xTitle: name(), yTitle: name(),
        points: (0..<count).map { _ in (x: value(), y: value()) }, xForm: form, yForm: form,
        hasDiagonal: below(2) == 0)
      return below(2) == 0 ? .curve(curve) : .scatter(curve)
    default:
      let first = below(60_000) - 20_000
      let last = first + below(9_000)
      return .timeline(
        Drawing.Timeline(
          title: name(), days: first...last,
          lanes: (0..<below(6)).map { _ in
            .init(label: name(), days: (0..<below(40)).map { _ in first + below(9_000) })
          }))
    }
  }

  private mutating func name() -> String {
    let names = ["", "a", "stage", "Île-de-France", "東京都", "account_management", "x\u{7}y"]
    return String(repeating: names[below(names.count)], count: 1 + below(4))
  }

  private mutating func value() -> Double {
    let small = Double(below(2_001) - 1_000)
    switch below(8) {
    case 0: return 0
    case 1: return small
    case 2: return small / 1_000
    case 3: return small * 1e6
    case 4: return small * 1e17
    case 5: return [.nan, .infinity, -.infinity, 1e300, -1e299, .leastNonzeroMagnitude][below(6)]
    default: return Double(below(1_000)) / 1_000
    }
  }
}
