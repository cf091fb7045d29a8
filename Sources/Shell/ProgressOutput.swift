import Glibc

/// Writes a short text at once, from any thread.
struct ProgressOutput: Sendable {
  /// A terminal.
  let descriptor: Int32

  /// Writes all of `text`, or nothing when the terminal is gone.
  func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}
