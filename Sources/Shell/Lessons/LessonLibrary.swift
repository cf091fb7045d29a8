import Syntax

/// Where lessons come from: twelve are built in, a file is anybody's.
enum LessonLibrary {
  /// A lesson and its place in the course; nil for a file.
  struct Entry: Sendable {
    var number: Int?
    var lesson: Lesson
  }

  /// The most bytes a file of a lesson may have.
  static let byteCountMax = 1_048_576

  /// The course, in its order.
  static let course: [Entry] = LessonTexts.all.enumerated().map { place, file in
    Entry(
      number: place + 1, lesson: LessonParser.parse(file.text, name: name(of: file.name)).lesson)
  }

  /// The lesson that `word` means: its number, its name, or the path of a file.
  static func lesson(_ word: String) throws(Failure) -> Entry {
    if isFile(word) { return Entry(lesson: try read(word)) }
    let folded = word.lowercased()
    let found = course.first {
      $0.number.map(String.init) == folded || $0.lesson.name == name(of: folded)
    }
    guard let found else {
      let near = NearNames.nearest(to: folded, among: course.map(\.lesson.name))
      throw Failure(LessonReason.unknownLesson(word, near: near), at: nil)
    }
    return found
  }

  /// Whether a word is the path of a file.
  static func isFile(_ word: String) -> Bool { word.hasSuffix(".md") || word.contains("/") }

  /// The lesson in a file, which has to be sound in form.
  private static func read(_ path: String) throws(Failure) -> Lesson {
    let (lesson, problems) = LessonParser.parse(try text(of: path), name: name(of: path))
    guard let first = problems.first else { return lesson }
    throw Failure(
      LessonReason.brokenLesson(path, line: first.line, first: first.reason.message), at: nil)
  }

  /// The text of a file of a lesson.
  static func text(of path: String) throws(Failure) -> String {
    switch TextFile.bytes(of: path, byteCountMax: byteCountMax) {
    case .success(let bytes):
      if let offset = ScriptRunner.firstOffsetNotText(in: bytes) {
        let line = bytes[..<offset].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        throw Failure(
          LessonReason.unreadable(path, reason: "line \(line) is not UTF-8 text"), at: nil)
      }
      var text = String(decoding: bytes, as: UTF8.self)
      if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
      return text
    case .failure(let problem):
      throw Failure(LessonReason.unreadable(path, reason: words(for: problem)), at: nil)
    }
  }

  private static func words(for problem: TextFile.Problem) -> String {
    switch problem {
    case .notFound: "there is no such file"
    case .isFolder: "it is a folder"
    case .isTooLarge: "it is larger than 1 MiB"
    case .interrupted: "interrupted"
    case .system(let reason): reason
    }
  }

  /// `stages` of `examples/lessons/01-stages.md`.
  static func name(of path: String) -> String {
    var name = TextFile.name(of: path)[...]
    if name.hasSuffix(".md") { name = name.dropLast(3) }
    let digits = name.prefix { $0.isASCII && $0.isNumber }
    if !digits.isEmpty, name.dropFirst(digits.count).hasPrefix("-") {
      name = name.dropFirst(digits.count + 1)
    }
    return String(name)
  }
}
