import Synchronization

/// How far work has come, and a bar of it on standard error once it takes longer than half a second;
/// the bar only on a terminal.
final class Progress: Sendable {
  /// Seconds of silence at the start, and between two drawings.
  private static let delaySeconds = 0.5
  private static let intervalSeconds = 0.1
  private static let barWidth = 30
  private static let barWidthMin = 8

  /// What is counted.
  enum Unit: Sendable {
    case bytes, rows
  }

  private struct State {
    var nextDrawing: Double
    var isShown = false
    /// How far it has come; nil when nothing was counted.
    var reached: (done: Int, total: Int, unit: Unit)?
  }

  private let state: Mutex<State>
  /// The terminal; nil draws nothing.
  private let output: ProgressOutput?

  /// Begins work. Without `isDrawn` there is no bar wherever standard error goes.
  init(errors: Output, isDrawn: Bool) {
    errors.flush()
    let isTerminal = errors.isTerminal && errors.descriptor >= 0
    output = isDrawn && isTerminal ? ProgressOutput(descriptor: errors.descriptor) : nil
    state = Mutex(State(nextDrawing: StatementRunner.now() + Self.delaySeconds))
  }

  /// Draws the bar of bytes when it is time; what is done never passes what there is.
  @Sendable func reportBytes(done: Int, total: Int) { report(done, total, .bytes) }

  /// Draws the bar of rows when it is time.
  @Sendable func reportRows(done: Int, total: Int) { report(done, total, .rows) }

  private func report(_ done: Int, _ total: Int, _ unit: Unit) {
    let now = StatementRunner.now()
    state.withLock { state in
      if total > 0 { state.reached = (min(max(0, done), total), total, unit) }
      guard let output, now >= state.nextDrawing, total > 0 else { return }
      state.nextDrawing = now + Self.intervalSeconds
      state.isShown = true
      output.write(
        "\r" + Self.bar(done: done, total: total, unit, width: output.width)
          + "\u{1B}[K")
    }
  }

  /// Takes the bar away while somebody is asked; it comes back when work goes on.
  func hide() {
    state.withLock { state in
      if state.isShown { output?.write("\r\u{1B}[K") }
      state.isShown = false
    }
  }

  /// Takes the bar away for good.
  func clear() {
    state.withLock { state in
      if state.isShown { output?.write("\r\u{1B}[K") }
      state.isShown = false
      state.nextDrawing = .infinity
    }
  }

  /// `40% of 5,000,000 rows`; nil when nothing was counted.
  var reachedInWords: String? {
    state.withLock { state in
      state.reached.map { reached in
        let percent = Int(Double(reached.done) / Double(reached.total) * 100)
        return switch reached.unit {
        case .bytes where reached.total >= 1 << 20:
          "\(percent)% of \(ValueText.grouped(reached.total >> 20)) MB"
        case .bytes: "\(percent)% of \(ValueText.grouped(reached.total)) bytes"
        case .rows: "\(percent)% of \(ValueText.grouped(reached.total)) rows"
        }
      }
    }
  }

  /// `███████░░░  70%  35 of 50 MB` or `… 3,500,000 of 5,000,000 rows`; without the counts where they
  /// leave no room for a bar in `width` columns.
  static func bar(done: Int, total: Int, _ unit: Unit, width: Int) -> String {
    let done = min(max(0, done), total)
    let share = Double(done) / Double(max(1, total))
    let percent = DisplayWidth.pad("\(Int(share * 100))%", to: 4, isRight: true)
    let counts =
      switch unit {
      case .bytes: "\(ValueText.grouped(done >> 20)) of \(ValueText.grouped(total >> 20)) MB"
      case .rows: "\(ValueText.grouped(done)) of \(ValueText.grouped(total)) rows"
      }
    let room = width - 1 - DisplayWidth.of(" \(percent)  \(counts)")
    let isCounted = room >= barWidthMin
    let barWidth = min(Self.barWidth, isCounted ? room : width - 2 - percent.count)
    let full = Int(share * Double(barWidth))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: barWidth - full)
    return "\(bar) \(percent)" + (isCounted ? "  \(counts)" : "")
  }
}
