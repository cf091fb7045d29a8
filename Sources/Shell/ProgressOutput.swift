import Glibc

/// Writes a short text at once, from any thread.
struct ProgressOutput: Sendable {
  /// A terminal.
  let descriptor: Int32

  /// Columns of the terminal as they are now.
  var width: Int { Output.columns(of: descriptor) }

  /// Writes all of `text`, or nothing when the terminal is gone.
  func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = Glibc.write(descriptor, bytes, bytes.count)
  }
}
