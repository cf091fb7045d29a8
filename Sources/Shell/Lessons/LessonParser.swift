/// Reads a lesson from Markdown: headings say what follows, blocks of code are statements, numbered
/// lines under `### Hints` are hints.
///
/// It finds as many mistakes as there are, each with its line.
struct LessonParser {
  /// A mistake and where it is; a part that is missing is told at the line of what lacks it.
  struct Problem: Equatable, Sendable {
    var line: Int
    var reason: LessonReason
  }

  private enum Part: Equatable {
    case head, preface, idea, worked, question, hints, solution, wrongAnswers, summary
    /// Under a heading that is unknown.
    case ignored
  }

  private let lines: [Substring]
  private var place = 0
  private var part = Part.head
  private var lesson: Lesson
  private var problems: [Problem] = []
  private var seen: Set<String> = []

  private init(_ text: String, name: String) {
    // A line end of Windows is one character.
    lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    lesson = Lesson(name: name)
  }

  /// The lesson, and what is wrong with it; it is fit to be taught when nothing is.
  static func parse(_ text: String, name: String) -> (lesson: Lesson, problems: [Problem]) {
    var parser = LessonParser(text, name: name)
    parser.parse()
    let problems = parser.problems + missingParts(of: parser.lesson)
    return (parser.lesson, problems.sorted { $0.line < $1.line })
  }

  private mutating func parse() {
    while place < lines.count {
      let line = lines[place]
      if line.hasPrefix("#") {
        takeHeading(line)
      } else if let fence = MarkdownFence(line) {
        takeCode(fence)
      } else if line.allSatisfy(\.isWhitespace) {
        place += 1
      } else {
        takeText()
      }
    }
  }

  private mutating func report(_ reason: LessonReason, line: Int? = nil) {
    problems.append(Problem(line: line ?? place + 1, reason: reason))
  }

  // MARK: headings

  private mutating func takeHeading(_ line: Substring) {
    let depth = line.prefix { $0 == "#" }.count
    let words = String(line.dropFirst(depth).drop(while: \.isWhitespace))
    let folded = words.lowercased()
    switch (depth, folded) {
    case (1, _):
      if !lesson.title.isEmpty { report(.secondTitle) } else { lesson.title = words }
      part = .head
    case (2, "before you begin"): enter(.preface, words)
    case (2, "the idea"): enter(.idea, words)
    case (2, "a worked question"): enter(.worked, words)
    case (2, "in short"): enter(.summary, words)
    case (2, _) where folded.hasPrefix("exercise"): takeExercise(words)
    case (3, "hints"): enterPart(.hints, words)
    case (3, "solution"): enterPart(.solution, words)
    case (3, "wrong answers"): enterPart(.wrongAnswers, words)
    default:
      report(.unknownHeading(words))
      part = .ignored
    }
    place += 1
  }

  /// Begins a part of the lesson that stands once.
  private mutating func enter(_ next: Part, _ heading: String) {
    if !seen.insert(heading.lowercased()).inserted { report(.partTwice(heading)) }
    part = next
  }

  /// Begins a part of an exercise.
  private mutating func enterPart(_ next: Part, _ heading: String) {
    guard let exercise = lesson.exercises.last else {
      report(.partOutsideExercise(heading))
      part = .ignored
      return
    }
    if !seen.insert("\(exercise.number) " + heading.lowercased()).inserted {
      report(.partTwice(heading))
    }
    part = next
  }

  private mutating func takeExercise(_ heading: String) {
    let number = lesson.exercises.count + 1
    if heading.lowercased() != "exercise \(number)" {
      report(.exerciseNumber(heading, expected: number))
    }
    lesson.exercises.append(Lesson.Exercise(number: number, line: place + 1))
    part = .question
  }

  // MARK: code

  private mutating func takeCode(_ fence: MarkdownFence) {
    let start = place
    let tag = String(fence.info)
    guard let end = lines[(start + 1)...].firstIndex(where: fence.closes) else {
      report(.openCode)
      place = lines.count
      return
    }
    switch (part, tag) {
    case (.worked, "rapport quiet"): lesson.showsNotes = false
    case (_, "rapport"): break
    default: report(.codeTag(tag))
    }
    let text = lines[(start + 1)..<end].map(fence.content).joined(separator: "\n")
    let code = LessonCode(text: text, line: start + 2)
    if text.allSatisfy(\.isWhitespace) { report(.emptyCode) }
    place = end + 1
    let last = lesson.exercises.count - 1
    switch part {
    case .solution: lesson.exercises[last].solutions.append(code)
    case .wrongAnswers: lesson.exercises[last].wrongAnswers.append(Lesson.WrongAnswer(code: code))
    case .worked where lesson.worked.contains(where: \.isCode):
      report(.secondWorkedQuery, line: start + 1)
    case .hints: report(.strayLine("hints are numbered lines"), line: start + 1)
    case .head: report(.strayLine("a block of code stands under a '##' heading"), line: start + 1)
    default: add(.code(code))
    }
  }

  // MARK: text

  /// Takes a paragraph, a list or a quotation: the lines up to the next blank one.
  private mutating func takeText() {
    let start = place
    while place < lines.count, !lines[place].allSatisfy(\.isWhitespace),
      MarkdownFence(lines[place]) == nil, place == start || !lines[place].hasPrefix("#")
    {
      place += 1
    }
    let text = lines[start..<place].map(\.trimmed)
    switch part {
    case .head: takeSettings(text, at: start)
    case .hints: takeHints(text, at: start)
    case .question where text[0].lowercased().hasPrefix("check:"): takeWish(text, at: start)
    case .wrongAnswers where text[0].hasPrefix(">"): takeWords(text, at: start)
    case .wrongAnswers where lesson.exercises.last?.wrongAnswers.isEmpty != false:
      report(.strayLine("a wrong answer begins with its query"), line: start + 1)
    default: add(Self.block(text))
    }
  }

  private static func block(_ lines: [String]) -> LessonBlock {
    guard isItem(lines[0]) else { return .paragraph(lines.joined(separator: " ")) }
    var items: [String] = []
    for line in lines {
      if isItem(line) || items.isEmpty {
        items.append(line)
      } else {
        items[items.count - 1] += " " + line
      }
    }
    return .list(items)
  }

  private static func isItem(_ line: String) -> Bool {
    line.hasPrefix("- ") || line.hasPrefix("* ") || number(of: line) != nil
  }

  /// The number that a line of a list begins with, and the text after it.
  private static func number(of line: String) -> (Int, String)? {
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int(digits), line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
    return (number, line.dropFirst(digits.count + 2).trimmed)
  }

  private mutating func add(_ block: LessonBlock) {
    let last = lesson.exercises.count - 1
    switch part {
    case .preface: lesson.preface.append(block)
    case .idea: lesson.idea.append(block)
    case .worked: lesson.worked.append(block)
    case .summary: lesson.summary.append(block)
    case .question: lesson.exercises[last].question.append(block)
    case .solution: lesson.exercises[last].explanation.append(block)
    case .wrongAnswers:
      let answer = lesson.exercises[last].wrongAnswers.count - 1
      lesson.exercises[last].wrongAnswers[answer].remark.append(block)
    case .head, .hints, .ignored: break
    }
  }

  private mutating func takeHints(_ text: [String], at start: Int) {
    guard case .list(let items) = Self.block(text), let last = lesson.exercises.indices.last else {
      report(.strayLine("hints are numbered lines"), line: start + 1)
      return
    }
    for item in items {
      guard let (number, hint) = Self.number(of: item),
        number == lesson.exercises[last].hints.count + 1
      else {
        let next = lesson.exercises[last].hints.count + 1
        report(.strayLine("the next hint begins with '\(next). '"), line: start + 1)
        return
      }
      lesson.exercises[last].hints.append(hint)
    }
  }

  private mutating func takeWords(_ text: [String], at start: Int) {
    guard let exercise = lesson.exercises.indices.last,
      let answer = lesson.exercises[exercise].wrongAnswers.indices.last
    else {
      report(.strayLine("a wrong answer begins with its query"), line: start + 1)
      return
    }
    lesson.exercises[exercise].wrongAnswers[answer].words += text.map { line in
      (line.hasPrefix(">") ? line.dropFirst() : line[...]).trimmed
    }.filter { !$0.isEmpty }
  }

  private mutating func takeWish(_ text: [String], at start: Int) {
    guard let last = lesson.exercises.indices.last else { return }
    for word in text.joined(separator: " ").dropFirst("check:".count).split(separator: ",") {
      let word = word.trimmed
      guard let known = ResultWish.words.first(where: { $0.word == word.lowercased() }) else {
        report(.unknownWish(word), line: start + 1)
        continue
      }
      lesson.exercises[last].wish.insert(known.wish)
    }
  }

  private mutating func takeSettings(_ text: [String], at start: Int) {
    for setting in text.joined(separator: ", ").split(separator: ",") {
      let parts = setting.split(separator: ":", maxSplits: 1).map(\.trimmed)
      let value = parts.count == 2 ? parts[1] : ""
      if let reason = lesson.data.take(parts.first ?? "", value) {
        report(reason, line: start + 1)
      }
    }
  }
}

extension LessonBlock {
  /// Whether it is a block of statements.
  var isCode: Bool { if case .code = self { true } else { false } }
}

extension StringProtocol {
  /// Without the spaces at both ends.
  var trimmed: String {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
