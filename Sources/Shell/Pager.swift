import Glibc

/// The program that long answers are read in, and whether it is used.
struct Pager {
  /// What is used where no variable names another: it leaves short text alone, shows colours, does
  /// not break lines, and leaves the text on the screen.
  static let standard = "less -FRSX"

  /// Whether it is used.
  var isOn: Bool
  /// The command, which is split into words and run without a shell.
  var command: String

  /// The pager by `RAPPORT_PAGER`, else `PAGER`. It is off when that is empty, on a dumb terminal, and
  /// where everything is to be plain.
  init(isPlain: Bool) {
    command = Environment["RAPPORT_PAGER"] ?? Environment["PAGER"] ?? Self.standard
    isOn = !isPlain && Environment["TERM", default: "dumb"] != "dumb"
    if command.allSatisfy(\.isWhitespace) {
      command = Self.standard
      isOn = false
    }
  }

  /// The program; nil when it is off or cannot be run.
  var program: Program? {
    isOn ? CommandWords.split(command).flatMap { Program($0) } : nil
  }
}

/// A pager that is being read: text goes into its standard input.
final class PagerProcess {
  private let input: Int32
  private let process: pid_t
  private var modes: termios

  /// Variables for a pager, where they are not set: `less` then runs no other programs, and takes what
  /// it is given as the UTF-8 that it is.
  private static let defaults = ["LESSSECURE": "1", "LESSCHARSET": "utf-8"]

  /// Starts the pager on a terminal; nil when that fails.
  init?(_ program: Program, terminal: Int32) {
    guard let pipe = Program.pipe() else { return nil }
    var modes = termios()
    tcgetattr(STDIN_FILENO, &modes)
    var cooked = modes
    cooked.c_lflag |= tcflag_t(ICANON | ECHO | ISIG)
    tcsetattr(STDIN_FILENO, TCSANOW, &cooked)
    let started = program.start(
      streams: [pipe.reading, terminal, STDERR_FILENO], defaults: Self.defaults)
    _ = close(pipe.reading)
    guard let started else {
      _ = close(pipe.writing)
      tcsetattr(STDIN_FILENO, TCSANOW, &modes)
      return nil
    }
    // Ctrl-C is the pager's as long as it runs.
    Signals.ignoreInterrupts()
    input = pipe.writing
    process = started
    self.modes = modes
  }

  /// Hands over text; false when the pager takes no more.
  func take(_ bytes: [UInt8]) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = write(input, rest, rest.count)
      if count > 0 {
        rest.removeFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  /// Waits until the pager is left, and takes the terminal back.
  func finish() {
    _ = close(input)
    _ = Program.wait(for: process)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &modes)
    Signals.takeInterrupts()
  }
}
