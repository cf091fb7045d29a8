import Glibc
import Store
import Testing

@testable import Interchange

/// Bytes of a file that cannot be read, and the code and line of the refusal.
struct Refused: CustomTestStringConvertible {
  let bytes: [UInt8]
  let trouble: String
  let testDescription: String
  init(_ name: String, _ bytes: some Sequence<UInt8>, _ trouble: String) {
    (self.bytes, self.trouble, testDescription) = (Array(bytes), trouble, name)
  }
}

@Suite("Bad input of any kind is refused in words")
struct HostileTests {
  @Test(
    "Files that are no table are refused",
    arguments: [
      Refused("empty", [], "file-is-empty"),
      Refused("a mark only", [0xEF, 0xBB, 0xBF], "file-is-empty"),
      Refused("blank lines", "\n\n\r\n".utf8, "file-is-empty"),
      Refused("spreadsheet", [0x50, 0x4B, 3, 4, 0, 0], "file-is-foreign"),
      Refused("gzip", [0x1F, 0x8B, 8, 0], "file-is-foreign"),
      Refused("database", "SQLite format 3\0aaaa".utf8, "file-is-foreign"),
      Refused("document", "%PDF-1.4\n".utf8, "file-is-foreign"),
      Refused("NUL", "a,b\n1,2\n3,\0\n".utf8, "file-is-binary 3"),
      Refused(
        "UTF-16 without mark", Array("a,b\n1,2\n".utf16).flatMap { [UInt8($0), 0] },
        "file-is-binary 1"),
      Refused("bad byte", Array("a,b\n1,".utf8) + [0xE9, 0x0A], "invalid-encoding 2"),
      Refused("bad header", Array("a,".utf8) + [0xFF, 0x0A], "invalid-encoding 1"),
      Refused("cut character", Array("a,b\n1,".utf8) + [0xE2, 0x82], "invalid-encoding 2"),
      Refused("overlong", Array("a\n".utf8) + [0xC0, 0x80, 0x0A], "invalid-encoding 2"),
      Refused("surrogate", Array("a\n".utf8) + [0xED, 0xA0, 0x80, 0x0A], "invalid-encoding 2"),
      Refused("half UTF-16", [0xFF, 0xFE, 0x61, 0x00, 0x0A, 0x00, 0x62], "invalid-encoding 2"),
      Refused("open quote", "a,b\n1,2\n3,\"x\n4,5\n".utf8, "unterminated-quote 3"),
      Refused("open quote in header", "a,\"b\n1,2\n".utf8, "unterminated-quote 1"),
      Refused("no header", "1,2024-01-01,3.50\n2,2024-01-02,4.50\n".utf8, "no-header 1"),
      Refused(
        "100,000 columns", Array(repeating: UInt8(ascii: ","), count: 99_999), "too-many-columns 1"),
    ])
  func refused(_ sample: Refused) {
    let folder = ScratchFolder()
    #expect(Reading(folder.write(sample.bytes)).trouble == sample.trouble)
  }

  @Test("A refusal of bytes says where and offers an encoding, which mends it")
  func encodings() throws {
    let folder = ScratchFolder()
    let path = folder.write(Array("n,v\nJos".utf8) + [0xE9, 0x2C, 0x80, 0x31, 0x0A])
    let reading = Reading(path)
    guard case .file(let problem) = reading.error else {
      Issue.record("not refused")
      return
    }
    #expect(problem.message.hasSuffix("is not UTF-8: byte 0xE9 on line 2, byte 4 of it"))
    #expect(problem.hint == "add encoding \"windows-1252\"")
    var options = ReadOptions()
    options.encoding = "Windows-1252"
    #expect(Reading(path, options).values == "'José',1.00")
    #expect(Reading(path, options).columns[1].currencySign == "€")
    options.encoding = "latin1"
    #expect(Reading(path, options).values == "'José','\u{80}1'")
    options.encoding = "ebcdic"
    #expect(Reading(path, options).trouble == "unknown-encoding")
    let text = "n;v\nJosé 🎉;1,5\n"
    for isBig in [false, true] {
      let bytes = text.utf16.flatMap { unit in
        isBig ? [UInt8(unit >> 8), UInt8(unit & 0xFF)] : [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      }
      let marked = folder.write((isBig ? [0xFE, 0xFF] : [0xFF, 0xFE]) + bytes)
      #expect(Reading(marked).values == "'José 🎉',1.50")
      options.encoding = isBig ? "utf-16be" : "utf-16le"
      #expect(Reading(folder.write(bytes), options).values == "'José 🎉',1.50")
    }
  }

  @Test("Places that cannot be read are named, near names offered")
  func places() {
    let folder = ScratchFolder()
    folder.write("a\nx\n".utf8, to: "customers.csv")
    #expect(Reading(folder.path).trouble == "file-is-directory")
    #expect(Reading("/dev/zero").trouble == "file-is-device")
    let missing = Reading(folder.path + "/custmers.csv")
    #expect(missing.trouble == "file-not-found")
    guard case .file(let problem) = missing.error else { return }
    #expect(problem.hint == "a close name is '\(folder.path)/customers.csv'")
    let fifo = folder.path + "/pipe"
    mkfifo(fifo, 0o600)
    let writer = popen("cat '\(folder.path)/customers.csv' > '\(fifo)'", "r")
    #expect(Reading(fifo).values == "'x'")
    if let writer { pclose(writer) }
  }

  @Test("A cell of more than 16 MiB is refused, one of 16 MiB is not")
  func longCells() {
    let folder = ScratchFolder()
    let head = Array("a,b\n1,".utf8)
    let most = [UInt8](repeating: 0x78, count: Limits.textByteCountMax)
    let fits = Reading(folder.write(head + most + [0x0A]))
    #expect(fits.error == nil && fits.rows.count == 1)
    #expect(Reading(folder.write(head + most + [0x78, 0x0A])).trouble == "field-too-long 2")
    let quoted = head + [0x22] + most + [0x78, 0x22, 0x0A]
    #expect(Reading(folder.write(quoted)).trouble == "field-too-long 2")
  }

  @Test("Widest and longest tables keep every cell")
  func extents() {
    let folder = ScratchFolder()
    let width = 2_000
    let header = (0..<width).map { "c\($0)" }.joined(separator: ",")
    let row = (0..<width).map(String.init).joined(separator: ",")
    let wide = Reading(folder.write("\(header)\n\(row)\n".utf8))
    #expect(wide.rows[0] == (0..<width).map { .word(Int64($0)) })
    let count = 20_000
    var text = "id,t\n"
    for id in 0..<count { text += "\(id),\"l\(id)\n\"\n" }
    let long = Reading(folder.write(text.utf8))
    #expect(long.rows.count == count && long.lines.last == 2 * count)
    #expect(long.rows.indices.allSatisfy { long.rows[$0][0] == .word(Int64($0)) })
    #expect(long.rows[count - 1][1] == .text("l\(count - 1)\n"))
  }

  @Test("Decoding asks for its memory")
  func budget() {
    let folder = ScratchFolder()
    let text = "a\n" + String(repeating: "xyz\u{E9}\n", count: 400_000)
    var options = ReadOptions()
    options.encoding = "latin1"
    options.budget = Budget(limit: 1_000_000)
    guard case .memoryLimit = Reading(folder.write(text.utf8), options).error else {
      Issue.record("decoding asked for no memory")
      return
    }
  }

  @Test("Random bytes never crash the reader, seeded", arguments: 0..<60)
  func random(_ seed: Int) {
    var random = Xorshift(seed: UInt64(seed + 1) &* 0xD1B5_4A32_D192_ED03)
    let folder = ScratchFolder()
    let alphabet = Array("0123456789,,,;\t|\"\"\n\n\r-./:€ $eEnNyYxT+'\u{E9}".utf8)
    for _ in 0..<12 {
      let count = Int.random(in: 0...600, using: &random)
      let bytes = (0..<count).map { _ -> UInt8 in
        seed % 4 == 0
          ? UInt8(truncatingIfNeeded: random.next())
          : alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
      }
      var options = ReadOptions()
      if seed % 3 == 0 {
        options.encoding = ["windows-1252", "utf-16le", "utf-16be"][seed % 9 / 3]
      }
      var header = Array("h,k\n".utf8)
      if options.encoding == "utf-16le" { header = header.flatMap { [$0, 0] } }
      if options.encoding == "utf-16be" { header = header.flatMap { [0, $0] } }
      let path = folder.write(header + bytes)
      let reading = Reading(path, options)
      #expect(reading.error != nil || reading.rows.count == reading.lines.count, "seed \(seed)")
      for type in [ValueType.integer, .money, .number, .date, .time, .flag, .text] {
        let again = Reading(path, options, types: [0: type, 1: type])
        if again.error == nil {
          #expect(again.rows.count == reading.rows.count, "seed \(seed)")
        }
      }
    }
  }

  @Test("A million cells of every shape agree with a plain reading, seeded", arguments: 1...4)
  func agreement(_ seed: Int) {
    var random = Xorshift(seed: UInt64(seed) &* 0xA076_1D64_78BD_642F)
    let folder = ScratchFolder()
    var cells: [[String]] = []
    var text = "i,m,d,t,w\r\n"
    for _ in 0..<6_000 {
      let integer =
        Int64.random(in: -20...99_999_999_999, using: &random) >> Int64(random.next() % 37)
      let minor = Int64.random(in: -9_999...99_999_999, using: &random) >> Int64(random.next() % 27)
      let day = Int64.random(in: -9_999...99_999, using: &random)
      let row = [
        random.next() % 9 == 0 ? "" : CellText.string(.word(integer), .integer),
        random.next() % 9 == 0 ? "" : CellText.string(.word(minor), .money),
        random.next() % 9 == 0 ? "" : CellText.string(.word(day), .date),
        random.next() % 9 == 0 ? "" : String(repeating: "ab", count: Int(random.next() % 40)),
        random.next() % 9 == 0
          ? "" : CellText.string(.word(day * 86_400 + minor % 86_400), .time),
      ]
      cells.append(row)
      text += row.joined(separator: ",") + "\r\n"
    }
    let reading = Reading(folder.write(text.utf8))
    #expect(reading.types == "i integer | m money | d date | t text | w time", "seed \(seed)")
    let wrong = cells.indices.first { row in
      cells[row].indices.contains { column in
        let value = reading.rows[row][column]
        return CellText.string(value, reading.columns[column].type) != cells[row][column]
      }
    }
    #expect(wrong == nil && reading.rows.count == cells.count, "seed \(seed)")
  }
}
