import Store

/// The encodings a file of text may have.
enum TextEncoding: String, CaseIterable {
  case utf8 = "utf-8"
  case windows1252 = "windows-1252"
  case latin1 = "iso-8859-1"
  case utf16Little = "utf-16le"
  case utf16Big = "utf-16be"

  /// The encoding of that name, by its usual spellings.
  init?(named name: String) {
    let plain = name.utf8.filter { $0 != 0x2D && $0 != 0x5F && $0 != 0x20 }
      .map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }
    switch String(decoding: plain, as: UTF8.self) {
    case "utf8": self = .utf8
    case "windows1252", "cp1252", "win1252", "1252", "ansi": self = .windows1252
    case "iso88591", "latin1", "88591": self = .latin1
    case "utf16", "utf16le": self = .utf16Little
    case "utf16be": self = .utf16Big
    default: return nil
    }
  }

  /// What the mark at the beginning of a file says, and how long the mark is.
  static func mark(of view: ByteView) -> (encoding: TextEncoding, byteCount: Int)? {
    if view.count >= 3, view[0] == 0xEF, view[1] == 0xBB, view[2] == 0xBF { return (.utf8, 3) }
    if view.count >= 2, view[0] == 0xFF, view[1] == 0xFE { return (.utf16Little, 2) }
    if view.count >= 2, view[0] == 0xFE, view[1] == 0xFF { return (.utf16Big, 2) }
    return nil
  }

  /// The text from `start` on as UTF-8.
  func decode(_ view: ByteView, from start: Int, path: String, budget: Budget?)
    throws(StoreError) -> ByteStore
  {
    let store = ByteStore(capacity: view.count - start + 1_024, budget: budget)
    switch self {
    case .utf8: try store.append(start..<view.count, of: view)
    case .latin1, .windows1252:
      for position in start..<view.count {
        let byte = view[position]
        try store.append(
          self == .windows1252 && byte & 0xE0 == 0x80
            ? Self.windows1252Marks[Int(byte & 0x1F)] : UInt32(byte))
        if position & 0xF_FFFF == 0 { try Cancellation.check() }
      }
    case .utf16Little, .utf16Big:
      try decodeUTF16(view, from: start, into: store, path: path)
    }
    return store
  }

  private func decodeUTF16(
    _ view: ByteView, from start: Int, into store: ByteStore, path: String
  ) throws(StoreError) {
    let low = self == .utf16Little ? 0 : 1
    func unit(_ position: Int) -> UInt32 {
      UInt32(view[position + low]) | UInt32(view[position + 1 - low]) << 8
    }
    var line = 1
    var position = start
    while position < view.count {
      guard position + 1 < view.count else {
        throw .file(FileRefusal.malformedUTF16(line: line).problem(path))
      }
      var scalar = unit(position)
      position += 2
      if scalar == 0x0A { line += 1 }
      if scalar & 0xF800 == 0xD800 {
        guard scalar < 0xDC00, position + 1 < view.count, unit(position) & 0xFC00 == 0xDC00
        else { throw .file(FileRefusal.malformedUTF16(line: line).problem(path)) }
        scalar = 0x10000 + (scalar & 0x3FF) << 10 + unit(position) & 0x3FF
        position += 2
      }
      try store.append(scalar)
      if position & 0xF_FFFE == 0 { try Cancellation.check() }
    }
  }

  /// Bytes 0x80…0x9F of windows-1252; the five unassigned ones stay the control characters they
  /// are elsewhere.
  /// - Source: WHATWG Encoding Standard, index windows-1252.
  private static let windows1252Marks: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]
}

extension ByteStore {
  /// Adds a character, given as its scalar value.
  func append(_ scalar: UInt32) throws(StoreError) {
    try reserve(4)
    if scalar < 0x80 {
      appendReserved(UInt8(scalar))
      return
    }
    if scalar < 0x800 {
      appendReserved(UInt8(0xC0 | scalar >> 6))
    } else {
      if scalar < 0x10000 {
        appendReserved(UInt8(0xE0 | scalar >> 12))
      } else {
        appendReserved(UInt8(0xF0 | scalar >> 18))
        appendReserved(UInt8(0x80 | scalar >> 12 & 0x3F))
      }
      appendReserved(UInt8(0x80 | scalar >> 6 & 0x3F))
    }
    appendReserved(UInt8(0x80 | scalar & 0x3F))
  }
}
