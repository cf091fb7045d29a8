/// A stream that shows what is written on a terminal, or in a pager once that is taller than the screen.
final class PagedOutput {
  private let terminal: Output
  private let program: Program
  private let size: ScreenSize
  private var held: [UInt8] = []
  private var heldRowCount = 0
  private var pager: PagerProcess?
  private var isOpen = true

  /// Makes one; nil where `terminal` is none.
  init?(_ terminal: Output, _ program: Program) {
    guard let columns = terminal.width, let rows = terminal.height else { return nil }
    self.terminal = terminal
    self.program = program
    size = ScreenSize(columns: columns, rows: rows)
  }

  /// Where the text is written.
  private(set) lazy var output: Output = {
    let output = Output(size: size, isColored: terminal.isColored, isUnicode: terminal.isUnicode) {
      [weak self] in self?.take($0) ?? false
    }
    output.copy = terminal.copy
    return output
  }()

  /// Shows what is left and waits until the reader is done.
  func finish() {
    output.flush()
    if let pager {
      unhurried { pager.finish() }
    } else {
      terminal.pass(held)
      terminal.flush()
    }
    held = []
  }

  private func take(_ bytes: [UInt8]) -> Bool {
    if let pager {
      // A transcript holds all of an answer, however much of it was read.
      if isOpen { isOpen = unhurried { pager.take(bytes) } }
      return isOpen || terminal.copy != nil
    }
    held += bytes
    heldRowCount += Self.rowCount(of: bytes, columns: size.columns)
    // A row is left for the next prompt.
    guard heldRowCount >= size.rows else { return true }
    terminal.flush()
    pager = PagerProcess(program, terminal: terminal.descriptor)
    guard let pager else {
      terminal.pass(held)
      held = []
      heldRowCount = Int.min / 2
      return true
    }
    isOpen = unhurried { pager.take(held) }
    held = []
    return isOpen || terminal.copy != nil
  }

  /// Runs what waits for the reader, whose time is not that of the statement.
  private func unhurried<Result>(_ body: () -> Result) -> Result {
    let secondsLeft = Signals.setTimer(seconds: 0)
    defer { Signals.setTimer(seconds: secondsLeft) }
    return body()
  }

  /// Rows of a terminal that text takes, where its parts are whole lines.
  static func rowCount(of bytes: [UInt8], columns: Int) -> Int {
    let text = PlainText.withoutStyles(String(decoding: bytes, as: UTF8.self))
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    return lines.reduce(0) { $0 + max(1, (DisplayWidth.of(String($1)) + columns - 1) / columns) }
  }
}
