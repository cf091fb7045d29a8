import Store

/// What an answer looks like beside its table: shapes and values, no text but names. A printer draws
/// it in the width there is, with a number in every coloured cell.
package enum Drawing: Sendable {
  /// A field of cells with labels at both sides: RF grid, cohort heat map, transition matrix.
  case heatMap(HeatMap)
  /// Horizontal bars, one a row: funnel, gaps, cover, histogram, P(alive) strip.
  case bars(Bars)
  /// Centred bars, the highest rung on top: the loyalty ladder.
  case pyramid(Bars)
  /// Points joined by a line within a frame: the Lorenz curve, a trend.
  case curve(Curve)
  /// Points alone.
  case scatter(Curve)
  /// Lanes of events over time: all that happened to one customer.
  case timeline(Timeline)

  /// How a value is written.
  package enum Form: Hashable, Sendable {
    /// A whole number, grouped.
    case count
    /// A whole number as it is, not grouped: a key or a calendar year.
    case key
    /// 0…1, written `12.3%`.
    case share
    /// Minor units, written with two decimals or shortened.
    case money
    /// Any number, at most two decimals.
    case number
    /// A number of days since 1970, written as a date.
    case date
  }

  /// Cells in rows and columns.
  package struct HeatMap: Sendable {
    /// A heading.
    package var title: String
    /// What the rows are, over the row labels.
    package var rowTitle: String
    /// What the columns are, over the column labels.
    package var columnTitle: String
    /// One a row, from the top.
    package var rowLabels: [String]
    /// One a column.
    package var columnLabels: [String]
    /// For each row a value a column; nil is a cell that cannot be known, drawn `·`.
    package var cells: [[Double?]]
    /// How cells are written.
    package var form: Form
    /// Numbers between the label and the cells, such as a cohort's size; empty when there are none.
    package var rowCounts: [Int]
    /// What those numbers are.
    package var countTitle: String
    /// Cells whose value is not final, drawn with `*`: row and column.
    package var partial: Set<[Int]>

    /// Makes a field of cells.
    package init(
      title: String, rowTitle: String, columnTitle: String, rowLabels: [String],
      columnLabels: [String], cells: [[Double?]], form: Form, rowCounts: [Int] = [],
      countTitle: String = "", partial: Set<[Int]> = []
    ) {
      self.title = title
      self.rowTitle = rowTitle
      self.columnTitle = columnTitle
      self.rowLabels = rowLabels
      self.columnLabels = columnLabels
      self.cells = cells
      self.form = form
      self.rowCounts = rowCounts
      self.countTitle = countTitle
      self.partial = partial
    }
  }

  /// Bars with a label and a value each. A negative value goes to the left of the zero line.
  package struct Bars: Sendable {
    /// A heading.
    package var title: String
    /// One bar.
    package struct Bar: Sendable {
      /// What stands before it.
      package var label: String
      /// How long it is; nil is unknown, drawn `–`.
      package var value: Double?
      /// What stands behind the value, such as a share: a value and how it is written.
      package var remark: (value: Double, form: Form)?

      /// Makes a bar.
      package init(
        label: String, value: Double?, remark: (value: Double, form: Form)? = nil
      ) {
        self.label = label
        self.value = value
        self.remark = remark
      }
    }
    /// From the top.
    package var bars: [Bar]
    /// How values are written.
    package var form: Form

    /// Makes bars.
    package init(title: String, bars: [Bar], form: Form) {
      self.title = title
      self.bars = bars
      self.form = form
    }

    /// A bar for each of some counts, with its share of a whole that is not 0.
    init(title: String, counts: [(label: String, count: Int)], sharesOf whole: Int) {
      self.init(
        title: title,
        bars: counts.map { label, count in
          Bar(
            label: label, value: Double(count), remark: (Double(count) / Double(whole), .share))
        }, form: .count)
    }
  }

  /// Points over two axes.
  package struct Curve: Sendable {
    /// A heading.
    package var title: String
    /// Under the frame.
    package var xTitle: String
    /// Over the frame.
    package var yTitle: String
    /// The points, ascending in x for a line.
    package var points: [(x: Double, y: Double)]
    /// How x values are written.
    package var xForm: Form
    /// How y values are written.
    package var yForm: Form
    /// Whether a straight line from the first corner to the last is drawn for comparison.
    package var hasDiagonal: Bool

    /// Makes a curve.
    package init(
      title: String, xTitle: String, yTitle: String, points: [(x: Double, y: Double)],
      xForm: Form, yForm: Form, hasDiagonal: Bool = false
    ) {
      self.title = title
      self.xTitle = xTitle
      self.yTitle = yTitle
      self.points = points
      self.xForm = xForm
      self.yForm = yForm
      self.hasDiagonal = hasDiagonal
    }
  }

  /// Lanes of dated events.
  package struct Timeline: Sendable {
    /// One lane.
    package struct Lane: Sendable {
      /// What happened in it, such as a channel or `orders`.
      package var label: String
      /// When, as days since 1970, ascending.
      package var days: [Int]

      /// Makes a lane.
      package init(label: String, days: [Int]) {
        self.label = label
        self.days = days
      }
    }
    /// A heading.
    package var title: String
    /// The first and the last day of the axis.
    package var days: ClosedRange<Int>
    /// From the top.
    package var lanes: [Lane]

    /// Makes a timeline.
    package init(title: String, days: ClosedRange<Int>, lanes: [Lane]) {
      self.title = title
      self.days = days
      self.lanes = lanes
    }
  }
}
