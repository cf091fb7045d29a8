import Glibc
import Interchange
import Store

/// A stream that text and bytes leave through: one 64 KB buffer in front of `write(2)`.
///
/// A reader that goes away (a closed pipe) is no error: the rest is dropped and `isBroken` is set,
/// so that whoever produces can stop. Other failures keep the first `errno` in `failure`.
package final class Output {
  /// The buffer's size in bytes.
  static let bufferByteCount = 65_536

  /// Where the bytes go.
  let descriptor: Int32
  /// Whether it is a terminal.
  let isTerminal: Bool
  /// Whether escapes for colour may be written.
  let isColored: Bool
  /// Whether drawings may be made of more than ASCII.
  let isUnicode: Bool
  /// Whether nobody reads any more.
  private(set) var isBroken = false
  /// The first `errno` of a failed write, a closed pipe excepted.
  private(set) var failure: Int32?
  /// Is given a copy of everything written: a transcript.
  var copy: ((String) -> Void)?
  /// The size that is gone by, whatever the terminal's is: that of a transcript.
  var fixedSize: ScreenSize?
  private let ownsDescriptor: Bool
  private let take: (([UInt8]) -> Bool)?
  private var buffer: [UInt8] = []

  /// Makes a stream onto an open descriptor, which stays open.
  init(descriptor: Int32, color: ColorChoice = .auto, isUnicode: Bool = Environment.isUnicode) {
    self.descriptor = descriptor
    self.ownsDescriptor = false
    self.take = nil
    self.isUnicode = isUnicode
    self.isTerminal = isatty(descriptor) == 1
    self.isColored = color.isOn(isTerminal: isTerminal)
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  /// Creates or empties the file at `path` and makes a stream onto it; nil, with `errno` set, when
  /// that fails.
  init?(
    creating path: String, color: ColorChoice = .auto, isUnicode: Bool = Environment.isUnicode
  ) {
    let opened = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    guard opened >= 0 else { return nil }
    self.descriptor = opened
    self.ownsDescriptor = true
    self.take = nil
    self.isUnicode = isUnicode
    self.isTerminal = isatty(opened) == 1
    self.isColored = color.isOn(isTerminal: isTerminal)
    buffer.reserveCapacity(Self.bufferByteCount)
  }

  /// Makes a stream that is written like a terminal of that size and hands its bytes to `take`, which
  /// gives false when nobody reads any more.
  init(
    size: ScreenSize, isColored: Bool, isUnicode: Bool, take: @escaping ([UInt8]) -> Bool
  ) {
    descriptor = -1
    ownsDescriptor = false
    isTerminal = true
    self.isColored = isColored
    self.isUnicode = isUnicode
    self.take = take
    fixedSize = size
  }

  deinit {
    flush()
    if ownsDescriptor { _ = close(descriptor) }
  }

  /// Columns of the terminal, at least 20; nil when it is none.
  var width: Int? {
    guard isTerminal else { return nil }
    return fixedSize?.columns ?? Self.columns(of: descriptor)
  }

  /// Columns of a terminal, at least 20.
  static func columns(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return max(20, Int(size.ws_col))
  }

  /// Columns that a drawing has: the terminal's, else 80.
  var drawingWidth: Int { width ?? 80 }

  /// Rows of the terminal; nil when it is none.
  var height: Int? {
    guard isTerminal else { return nil }
    if let fixedSize { return fixedSize.rows }
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }

  /// Adds text.
  func write(_ text: String) {
    copy?(text)
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferByteCount { flush() }
  }

  /// Adds text and a line end.
  func writeLine(_ text: String = "") {
    write(text)
    write("\n")
  }

  /// Hands everything written so far to the system.
  func flush() {
    buffer.withUnsafeBytes(send)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Adds bytes that have been copied already.
  func pass(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferByteCount { flush() }
  }

  private func send(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress, !bytes.isEmpty, !isBroken, failure == nil else { return }
    if let take {
      if !take(Array(bytes)) { isBroken = true }
      return
    }
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, start + done, bytes.count - done)
      if count > 0 {
        done += count
      } else if errno == EINTR {
        continue
      } else if errno == EAGAIN {
        var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&wanted, 1, 1_000)
      } else {
        if errno == EPIPE { isBroken = true } else { failure = errno }
        return
      }
    }
  }
}

/// The writers of file formats write through the same buffer as everything else. What goes wrong is
/// kept in `isBroken` and `failure`.
extension Output: ByteSink {
  /// Adds bytes; many at once go past the buffer.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    copy?(String(decoding: bytes, as: UTF8.self))
    if buffer.count + bytes.count >= Self.bufferByteCount { flush() }
    if bytes.count >= Self.bufferByteCount { send(bytes) } else { buffer.append(contentsOf: bytes) }
    try Cancellation.check()
  }

  /// Does nothing: the stream goes on.
  package func finish() throws(StoreError) {}
}

/// The size of a screen.
struct ScreenSize: Hashable, Sendable {
  /// Columns, at least 20.
  var columns: Int
  /// Rows.
  var rows: Int
}

/// When output is coloured.
enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  /// Whether a stream is coloured. By itself only a terminal is, and not with `NO_COLOR` or a dumb one.
  func isOn(isTerminal: Bool) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      isTerminal && Environment["NO_COLOR", default: ""].isEmpty
        && Environment["TERM", default: "dumb"] != "dumb"
    }
  }
}

/// The variables of the process's environment.
enum Environment {
  /// The value of a variable, nil when it is not set.
  static subscript(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    return String(cString: value)
  }

  /// The value of a variable.
  static subscript(_ name: String, default fallback: String) -> String { Self[name] ?? fallback }

  /// All variables that the process was started with, as `NAME=value`.
  static var all: [String] {
    guard case .success(let bytes) = TextFile.bytes(of: "/proc/self/environ", byteCountMax: 1 << 24)
    else { return [] }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Whether text may be more than ASCII: unless a locale of another encoding is set. With none set
  /// it may, as all that the shell writes is UTF-8.
  static var isUnicode: Bool {
    isUnicode(locales: ["LC_ALL", "LC_CTYPE", "LANG"].map { Self[$0] })
  }

  /// The same for these values of the three variables, the strongest first.
  static func isUnicode(locales: [String?]) -> Bool {
    guard let locale = locales.compactMap({ $0 }).first(where: { !$0.isEmpty }) else { return true }
    let folded = locale.lowercased()
    return folded.contains("utf-8") || folded.contains("utf8")
  }
}
