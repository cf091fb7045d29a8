/// Text in lines that fit.
enum BrokenText {
  /// A text behind a head, broken at spaces; later lines stand at the margin, else two columns further
  /// in than the text.
  /// A word that is wider than a line stands in one by itself.
  ///
  /// - Parameter widthMax: Columns of a line; nil is no limit.
  static func lines(_ text: String, after head: String = "", margin: Int? = nil, widthMax: Int?)
    -> [String]
  {
    guard let widthMax, DisplayWidth.of(head + text) > widthMax else { return [head + text] }
    let margin = String(repeating: " ", count: margin ?? DisplayWidth.of(head) + 2)
    var lines: [String] = []
    var line = head
    var isEmpty = true
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !isEmpty, DisplayWidth.of(line) + 1 + DisplayWidth.of(String(word)) > widthMax {
        lines.append(line)
        line = margin
        isEmpty = true
      }
      line += (isEmpty ? "" : " ") + word
      isEmpty = false
    }
    return lines + [line]
  }
}
