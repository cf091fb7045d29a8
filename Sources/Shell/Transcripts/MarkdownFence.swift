/// The line that begins a block of code in Markdown: three or more of one sign, at most three spaces
/// before it.
struct MarkdownFence {
  /// The words behind the signs: `console`.
  let info: Substring
  private let sign: Character
  private let count: Int
  private let indent: Int

  /// Reads a line; nil when it begins no block.
  init?(_ line: Substring) {
    indent = line.prefix { $0 == " " }.count
    let line = line.dropFirst(indent)
    guard indent <= 3, let sign = line.first, sign == "`" || sign == "~" else { return nil }
    self.sign = sign
    count = line.prefix { $0 == sign }.count
    var info = line.dropFirst(count).drop { $0 == " " }
    while info.last?.isWhitespace == true { info.removeLast() }
    self.info = info
    if count < 3 || sign == "`" && info.contains("`") { return nil }
  }

  /// Whether a line ends the block.
  func closes(_ line: Substring) -> Bool {
    let line = line.dropFirst(min(3, line.prefix { $0 == " " }.count))
    let found = line.prefix { $0 == sign }.count
    return found >= count && line.dropFirst(found).allSatisfy(\.isWhitespace)
  }

  /// A line of the block without the spaces that stand before its fence too.
  func content(of line: Substring) -> Substring {
    line.dropFirst(min(indent, line.prefix { $0 == " " }.count))
  }
}
