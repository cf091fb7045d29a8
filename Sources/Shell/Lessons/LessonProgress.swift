import Glibc

/// Which exercises were done, by lesson, in a file that only its owner can read.
///
/// A line a lesson: its name, a tab, the numbers of the exercises. A file that is damaged, missing or
/// cannot be written stops nobody: what can be read is used.
struct LessonProgress {
  /// The most bytes read of a file.
  static let byteCountMax = 1_048_576

  private var done: [String: Set<Int>] = [:]
  private let path: String?

  /// Reads the file at `path`; nil keeps the progress in memory only.
  init(path: String?) {
    self.path = path
    done = Self.read(path)
  }

  /// Where progress is kept: beside the history.
  static var defaultPath: String? {
    Environment.folder("XDG_STATE_HOME", orHome: ".local/state").map { $0 + "/rapport/lessons" }
  }

  /// The exercises of a lesson that were done.
  func exercises(of lesson: String) -> Set<Int> { done[lesson] ?? [] }

  /// Notes that an exercise was done, here and in the file, where another shell may have written.
  mutating func note(_ exercise: Int, of lesson: String) {
    for (name, exercises) in Self.read(path) { done[name, default: []].formUnion(exercises) }
    guard done[lesson, default: []].insert(exercise).inserted else { return }
    write()
  }

  private func write() {
    guard let path else { return }
    History.makeFolders(of: path)
    let temporary = path + ".new"
    _ = unlink(temporary)
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { return }
    let output = Output(descriptor: file)
    for (name, exercises) in done.sorted(by: { $0.key < $1.key }) {
      let numbers = exercises.sorted().map(String.init).joined(separator: " ")
      output.writeLine(History.encode(name) + "\t" + numbers)
    }
    output.flush()
    _ = close(file)
    if output.failure == nil { _ = rename(temporary, path) } else { _ = unlink(temporary) }
  }

  private static func read(_ path: String?) -> [String: Set<Int>] {
    guard let path, TextFile.isRegular(path),
      case .success(let bytes) = TextFile.bytes(of: path, byteCountMax: byteCountMax)
    else { return [:] }
    var done: [String: Set<Int>] = [:]
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1)
      guard parts.count == 2, let name = History.decode(parts[0]) else { continue }
      let numbers = parts[1].split(separator: " ").compactMap { Int($0) }.filter { $0 > 0 }
      done[name, default: []].formUnion(numbers)
    }
    return done
  }
}
