import Interchange
import Store
import Syntax

/// A file that answers go to, whole or not at all: a run that fails, or is killed, leaves the old one
/// as it was. What is no regular file (a pipe, a device) is written as it is.
final class OutputFile {
  /// Where answers go.
  let output: Output
  private let path: String
  private var sink: FileSink?

  /// Opens the file.
  init(path: String) throws(Failure) {
    do throws(StoreError) {
      let sink = try FileSink(path: path, isReplacing: true)
      self.sink = sink
      output = Output(descriptor: sink.descriptor)
      self.path = path
    } catch {
      throw Failure(error)
    }
  }

  /// Puts the file in its place, or takes it away. Gives what went wrong.
  func finish(isKept: Bool) -> Failure? {
    output.flush()
    defer { sink = nil }
    guard isKept else { return nil }
    if let problem = output.failure {
      return Failure(
        ShellReason.cannotWrite(path, reason: TextFile.problem(problem)), at: nil)
    }
    do throws(StoreError) {
      try sink?.finish()
      return nil
    } catch {
      return Failure(error)
    }
  }
}
