import Store

extension FileBytes {
  /// Makes the bytes UTF-8 and gives where the text begins: behind a mark, if there is one.
  ///
  /// - Throws: `file` for an empty file, one of another kind by its first bytes, an encoding that is
  ///   not known or that the bytes do not have.
  func decodeText(_ options: ReadOptions) throws(StoreError) -> Int {
    guard view.count > 0 else { throw .file(FileRefusal.empty.problem(path)) }
    if let refusal = ForeignFile.refusal(of: view) { throw .file(refusal.problem(path)) }
    var encoding = TextEncoding.utf8
    if let name = options.encoding {
      guard let named = TextEncoding(named: name) else {
        throw .file(FileRefusal.unknownEncoding(name).problem(path))
      }
      encoding = named
    }
    var start = 0
    if let mark = TextEncoding.mark(of: view) {
      encoding = mark.encoding
      start = mark.byteCount
    }
    if encoding != .utf8 {
      replace(
        with: try encoding.decode(view, from: start, path: path, budget: options.budget))
      start = 0
    }
    if start >= view.count { throw .file(FileRefusal.empty.problem(path)) }
    return start
  }
}

extension FileRefusal {
  /// What the byte at `position`, where UTF-8 ends, says of the file.
  init(malformed bytes: ByteView, at position: Int) {
    let line = 1 + bytes.count(of: Dialect.lineFeed, in: 0..<position)
    if bytes[position] != 0 {
      var lineStart = position
      while lineStart > 0, bytes[lineStart - 1] != Dialect.lineFeed { lineStart -= 1 }
      self = .malformed(line: line, column: position - lineStart + 1, byte: bytes[position])
      return
    }
    let sample = 0..<min(bytes.count, 1_024)
    let zeroCount = bytes.count(of: 0, in: sample)
    let isHalf = zeroCount * 5 >= sample.count * 2 && zeroCount * 5 <= sample.count * 3
    self = .binary(line: line, looksLikeUTF16: isHalf)
  }
}
