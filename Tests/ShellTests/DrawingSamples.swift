import Engine
import Store

/// Drawings as the verbs make them, for the tests of their printers.
enum DrawingSamples {
  /// All of them, by name.
  static var all: [(name: String, drawing: Drawing)] {
    [
      ("grid", .heatMap(grid)), ("cohort", .heatMap(cohort)), ("matrix", .heatMap(matrix)),
      ("funnel", .bars(funnel)), ("gaps", .bars(gaps)), ("money", .bars(money)),
      ("ladder", .pyramid(ladder)), ("lorenz", .curve(lorenz)), ("trend", .curve(trend)),
      ("scatter", .scatter(scatter)), ("timeline", .timeline(timeline)),
    ]
  }

  /// Recency and frequency, 5 × 5.
  static var grid: Drawing.HeatMap {
    Drawing.HeatMap(
      title: "Customers by recency and frequency", rowTitle: "recency", columnTitle: "frequency",
      rowLabels: ["5", "4", "3", "2", "1"], columnLabels: ["1", "2", "3", "4", "5"],
      cells: [
        [12, 30, 41, 88, 210], [40, 52, 61, 70, 66], [81, 66, 40, 31, 20], [120, 0, 22, 9, 4],
        [1_240, 33, nil, 2, 1],
      ], form: .count)
  }

  /// Thirteen months of thirteen cohorts, the running month partial.
  static var cohort: Drawing.HeatMap {
    let rows = (0..<13).map { row in
      (0..<13).map { column -> Double? in
        if row + column > 12 { return nil }
        let base = Double(row % 4) / 50 + 0.1
        return column == 0 ? 1 : base + 0.52 / Double(column + 1)
      }
    }
    return Drawing.HeatMap(
      title: "Retention of customers by month of first order", rowTitle: "cohort",
      columnTitle: "months since",
      rowLabels: (0..<13).map { "202\(5 + $0 / 12)-" + twoDigits($0 % 12 + 1) },
      columnLabels: (0..<13).map { String($0) }, cells: rows, form: .share,
      rowCounts: (0..<13).map { 80 + $0 * 97 }, countTitle: "size",
      partial: Set((0..<13).map { [$0, 12 - $0] }))
  }

  /// Moves between stages.
  static var matrix: Drawing.HeatMap {
    let stages = [
      "recruitment", "welcoming", "getting_to_know", "account_management", "intensive_care",
      "dissociation",
    ]
    var cells: [[Double?]] = []
    for row in 0..<6 {
      cells.append(
        (0..<6).map { column in
          let count = (row * 7 + column * 5) % 11
          return column == row ? nil : Double(count) / 27
        })
    }
    return Drawing.HeatMap(
      title: "Moves between stages", rowTitle: "from", columnTitle: "to", rowLabels: stages,
      columnLabels: stages, cells: cells, form: .share, rowCounts: [2_000, 812, 1_204, 99, 31, 12],
      countTitle: "moves")
  }

  /// Counts that never rise, with shares.
  static var funnel: Drawing.Bars {
    let counts: [(String, Double)] = [
      ("visited", 2_000), ("asked for an offer", 1_412), ("ordered", 803), ("ordered twice", 77),
      ("referred another customer who ordered", 3), ("wrote a book about us", 0),
    ]
    return Drawing.Bars(
      title: "Funnel",
      bars: counts.map { Drawing.Bars.Bar(label: $0, value: $1, remark: ($1 / 2_000, .share)) },
      form: .count)
  }

  /// Numbers on both sides of zero, one unknown.
  static var gaps: Drawing.Bars {
    Drawing.Bars(
      title: "Perception less expectation",
      bars: [
        .init(label: "reliability", value: -0.82), .init(label: "responsiveness", value: -0.31),
        .init(label: "assurance", value: 0.05), .init(label: "empathy", value: nil),
        .init(label: "tangibles", value: 0.66),
      ], form: .number)
  }

  /// Large amounts.
  static var money: Drawing.Bars {
    Drawing.Bars(
      title: "Revenue by region",
      bars: [
        .init(label: "東京", value: 1_234_567_800, remark: (0.617, .share)),
        .init(label: "Île-de-France", value: 612_000_050, remark: (0.306, .share)),
        .init(label: "Andalucía", value: 154_000_000, remark: (0.077, .share)),
      ], form: .money)
  }

  /// The loyalty ladder.
  static var ladder: Drawing.Bars {
    let counts: [(String, Double)] = [
      ("advocate", 12), ("loyal", 204), ("partner", 611), ("prospect", 380), ("contact", 793),
    ]
    return Drawing.Bars(
      title: "Loyalty ladder",
      bars: counts.map { .init(label: $0, value: $1, remark: ($1 / 2_000, .share)) }, form: .count)
  }

  /// A Lorenz curve.
  static var lorenz: Drawing.Curve {
    Drawing.Curve(
      title: "Share of value by share of customers", xTitle: "customers, smallest first",
      yTitle: "value",
      points: (0...100).map { ($0 == 100 ? 1 : Double($0) / 100, power(Double($0) / 100)) },
      xForm: .share, yForm: .share, hasDiagonal: true)
  }

  /// Months of money.
  static var trend: Drawing.Curve {
    Drawing.Curve(
      title: "Revenue a month", xTitle: "month", yTitle: "revenue",
      points: (0..<30).map { month in
        let noise = (month * 37) % 11 * 220_000
        return (
          Double(Day.add(months: month, to: 19_723)), Double(4_200_000 + month * 130_000 + noise)
        )
      }, xForm: .date, yForm: .money)
  }

  /// Two numbers.
  static var scatter: Drawing.Curve {
    var state: UInt64 = 7
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    return Drawing.Curve(
      title: "Orders and value", xTitle: "orders", yTitle: "value",
      points: (0..<160).map { _ in
        let orders = (next() * 24).rounded()
        return (orders, (orders * 800 + next() * 9_000) * 100)
      }, xForm: .count, yForm: .money)
  }

  /// All that happened to one customer.
  static var timeline: Drawing.Timeline {
    Drawing.Timeline(
      title: "7 Nordlys AS", days: 19_400...20_634,
      lanes: [
        .init(label: "orders", days: [19_433, 19_520, 19_522, 19_800, 20_100, 20_600]),
        .init(label: "complaints", days: [20_101]),
        .init(
          label: "interactions by phone", days: Array(stride(from: 19_400, through: 20_634, by: 9))),
        .init(label: "stage changes", days: [19_400, 20_634]), .init(label: "surveys", days: []),
      ])
  }

  private static func power(_ value: Double) -> Double {
    value * value * value * (0.4 + 0.6 * value)
  }

  private static func twoDigits(_ value: Int) -> String { (value < 10 ? "0" : "") + String(value) }
}
