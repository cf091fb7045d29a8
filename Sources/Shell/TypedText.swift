import Engine
import Store
import Syntax

/// A stretch of typed text in a role of the theme.
struct ColoredRange: Hashable, Sendable {
  /// UTF-8 offsets.
  var range: Range<Int>
  /// What it is.
  var role: Theme.Role
}

/// What a text being typed looks like: each part by what the parser and the binder make of it.
struct TypedText {
  let session: Session
  let completion: Completion
  /// Names that were looked up before, by the text up to their end.
  var judged: [String: Bool] = [:]

  /// The longest text that is coloured.
  static let byteCountMax = 20_000

  /// The stretches that have a colour, in the order of the text.
  ///
  /// - Parameter cursor: A UTF-8 offset; nothing that touches it is a fault yet. Nil for a text
  ///   that is about to run.
  mutating func colors(of text: String, cursor: Int?) -> [ColoredRange] {
    guard text.utf8.count <= Self.byteCountMax else { return [] }
    if Self.bareCommands.contains(text.lowercased()) {
      return [ColoredRange(range: 0..<text.utf8.count, role: .command)]
    }
    var colors: [ColoredRange] = []
    var end = 0
    let bytes = Array(text.utf8)
    for (place, piece) in StatementReader.pieces(of: text).enumerated() {
      let range = piece.range.lowerBound..<piece.range.upperBound
      colors += Self.comments(in: bytes, end..<max(end, range.lowerBound))
      end = range.upperBound
      if piece.isDotCommand {
        colors += command(piece.text, at: range.lowerBound)
      } else {
        colors += statement(
          piece.text, isFirst: place == 0, at: range.lowerBound,
          cursor: cursor.map { $0 - range.lowerBound })
      }
    }
    return colors + Self.comments(in: bytes, min(end, bytes.count)..<bytes.count)
  }

  /// Words that work without a dot.
  private static let bareCommands: Set<String> = ["help", "?", "exit", "quit"]

  private func command(_ line: String, at start: Int) -> [ColoredRange] {
    let name = line.prefix { !$0.isWhitespace }
    let isKnown = DotCommand.all.contains { $0.name.hasPrefix(name.lowercased()) }
    return [
      ColoredRange(range: start..<start + name.utf8.count, role: isKnown ? .command : .fault)
    ]
  }

  private mutating func statement(
    _ text: String, isFirst: Bool, at start: Int, cursor: Int?
  ) -> [ColoredRange] {
    let marked = Parser.marks(in: text, allowsBareRefinement: isFirst)
    var faults = marked.faults
    if let statement = marked.statement { faults += session.faults(in: statement) }
    if cursor != nil { faults.removeAll { !Self.isCertain($0, in: marked, of: text) } }
    var ranges = faults.compactMap(\.range)
    if marked.statement == nil { ranges += unknownNames(in: text, marked) }
    if let cursor { ranges.removeAll { $0.lowerBound <= cursor && cursor <= $0.upperBound } }
    var colors = marked.marks.compactMap { mark -> ColoredRange? in
      guard let role = Self.role(of: mark.kind) else { return nil }
      return ColoredRange(
        range: start + mark.range.lowerBound..<start + mark.range.upperBound, role: role)
    }
    for fault in ranges where fault.upperBound <= text.utf8.count {
      let range = start + fault.lowerBound..<start + fault.upperBound
      colors.removeAll { range.overlaps($0.range) && $0.role != .comment }
      colors.append(ColoredRange(range: range, role: .fault))
    }
    return colors.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// Whether something is wrong whatever may still be typed: 'in last' becomes 'in last month', and a
  /// condition that is only a name gets its comparison.
  private static func isCertain(_ fault: Diagnostic, in marked: MarkedText, of text: String) -> Bool
  {
    if certainCodes.contains(fault.code) { return true }
    guard let end = fault.range?.upperBound else { return false }
    let later = marked.marks.filter { $0.kind != .comment && $0.range.lowerBound >= end }
    if fault.code == "unexpected" { return later.count > 1 }
    guard fault.code.hasPrefix("unknown-") else { return false }
    guard later.isEmpty, let last = marked.marks.last(where: { $0.kind != .comment }) else {
      return true
    }
    let word = Array(text.utf8)[last.range.lowerBound..<last.range.upperBound]
    return last.kind == .name && Keyword(word) == nil
  }

  private static let certainCodes: Set<String> = [
    "unexpected-character", "control-character", "bad-number", "number-out-of-range", "bad-date",
    "impossible-date",
  ]

  private static func role(of kind: Mark.Kind) -> Theme.Role? {
    switch kind {
    case .keyword: .keyword
    case .name: .name
    case .function: .function
    case .text: .text
    case .value: .value
    case .parameter: .parameter
    case .comment: .comment
    case .sign, .unread: nil
    }
  }

  /// The names of a statement that is not whole yet which nothing has that could stand there.
  private mutating func unknownNames(in text: String, _ marked: MarkedText) -> [SourceRange] {
    let bytes = Array(text.utf8)
    func spelling(_ range: SourceRange) -> String {
      String(decoding: bytes[range.lowerBound..<range.upperBound], as: UTF8.self)
    }
    let marks = marked.marks.filter { $0.kind != .comment }
    var given: Set<String> = []
    for (before, mark) in zip(marks, marks.dropFirst())
    where before.kind == .keyword && spelling(before.range).lowercased() == "as" {
      given.insert(Folding.fold(spelling(mark.range)))
    }
    if let first = marks.first, ["define", "redefine"].contains(spelling(first.range).lowercased())
    {
      let names = marks.filter { $0.kind == .name }.prefix(2)
      given.formUnion(names.map { Folding.fold(spelling($0.range)) })
    }
    return marks.filter { $0.kind == .name || $0.kind == .function }.map(\.range).filter { range in
      let name = spelling(range)
      guard !given.contains(Folding.fold(name)), Keyword(word: name) == nil else { return false }
      let before = String(decoding: bytes[..<range.upperBound], as: UTF8.self)
      if let known = judged[before] { return known }
      let isUnknown = completion.isUnknown(name, endingIn: before)
      if judged.count >= Self.judgedCountMax { judged = [:] }
      judged[before] = isUnknown
      return isUnknown
    }
  }

  private static let judgedCountMax = 1_000

  /// The comments between statements.
  private static func comments(in bytes: [UInt8], _ gap: Range<Int>) -> [ColoredRange] {
    var found: [ColoredRange] = []
    var start = gap.lowerBound
    while start < gap.upperBound {
      let end = bytes[start..<gap.upperBound].firstIndex(of: 0x0A) ?? gap.upperBound
      if let dash = bytes[start..<end].firstIndex(where: { $0 > 0x20 && $0 != 0x3B }),
        bytes[dash..<end].starts(with: "--".utf8)
      {
        found.append(ColoredRange(range: dash..<end, role: .comment))
      }
      start = end + 1
    }
    return found
  }
}
