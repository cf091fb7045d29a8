import Store

/// Writes a chronicle as columns: puts the rows of each entity in order of time, numbers them, and
/// hands over vectors of 16,384 rows.
struct Assembly {
  var chronicle: Chronicle
  /// The row of each order in order of days, for the invoices.
  var orderPlaces: [Int32] = []
  let names: IdentityWriter

  init(_ chronicle: Chronicle) {
    self.chronicle = chronicle
    names = IdentityWriter(firm: chronicle.firm, seed: chronicle.seed)
  }

  /// All entities, each after those it refers to.
  mutating func write(
    into receive: (SampleChunk) throws(StoreError) -> Void
  ) throws(StoreError) {
    try writeEmployees(receive)
    try writeProducts(receive)
    try writeCampaigns(receive)
    try writeCustomers(receive)
    try writeContacts(receive)
    try writeOrders(receive)
    try writeInvoices(receive)
    try writeBalances(receive)
    try writeInteractions(receive)
    try writeComplaints(receive)
    try writeSurveys(receive)
    try writeStageChanges(receive)
  }

  /// Rows of one chunk: few enough for its vectors to stay in the cache, a part of the store's.
  private static let chunkRowCount = Limits.chunkRowCount / 4

  /// Calls `chunk` with ranges of positions that together are 0 ..< `count`.
  static func chunks(
    of count: Int, _ chunk: (Range<Int>) throws(StoreError) -> Void
  ) throws(StoreError) {
    var start = 0
    while start < count {
      try Cancellation.check()
      let end = min(count, start + chunkRowCount)
      try chunk(start..<end)
      start = end
    }
  }

  /// The ids of the rows at these positions: counted from 1.
  static func ids(_ positions: Range<Int>) -> Vector {
    Vector(words: positions.map { Int64($0 + 1) })
  }
}

/// Collects the words of one column.
struct Words {
  private var values: [Int64] = []
  private var known: [UInt8] = []

  init(_ capacity: Int) {
    values.reserveCapacity(capacity)
    known.reserveCapacity(capacity)
  }

  mutating func append(_ value: Int) {
    values.append(Int64(value))
    known.append(0x80)
  }

  /// Appends 0 and the mark of the unknown when `isKnown` is false.
  mutating func append(_ value: Int, isKnown: Bool) {
    values.append(isKnown ? Int64(value) : 0)
    known.append(isKnown ? 0x80 : 0)
  }

  mutating func append(_ value: Int?) {
    append(value ?? 0, isKnown: value != nil)
  }

  /// Appends a code, or unknown for `unknownCode`.
  mutating func append(code: UInt8) {
    append(Int(code), isKnown: code != unknownCode)
  }

  /// Appends a row, or unknown for a negative one.
  mutating func append(row: Int32) {
    append(Int(row), isKnown: row >= 0)
  }

  var vector: Vector { Vector(words: values, known: known) }
}

/// Collects the texts of one column.
struct Texts {
  private var block = TextBlock()
  private var known: [UInt8] = []

  init(_ capacity: Int) {
    block.ends.reserveCapacity(capacity)
    known.reserveCapacity(capacity)
  }

  /// Adds to the text that `finish` will end.
  mutating func write(_ bytes: [UInt8]) {
    block.bytes.append(contentsOf: bytes)
  }

  /// Adds one ASCII character.
  mutating func write(_ byte: UInt8) {
    block.bytes.append(byte)
  }

  /// Adds a number without a sign.
  mutating func write(number: Int) {
    if number >= 10 { write(number: number / 10) }
    block.bytes.append(UInt8(48 + number % 10))
  }

  /// Ends the text begun.
  mutating func finish() {
    block.ends.append(block.bytes.count)
    known.append(0x80)
  }

  mutating func append(_ bytes: [UInt8]) {
    write(bytes)
    finish()
  }

  mutating func append(_ text: String) {
    block.append(text)
    known.append(0x80)
  }

  mutating func appendUnknown() {
    block.ends.append(block.bytes.count)
    known.append(0)
  }

  /// Appends a sentence, or unknown for `unknownCode`.
  mutating func append(_ pool: Pool, code: UInt8) {
    if code == unknownCode {
      appendUnknown()
    } else {
      block.append(pool.bytes(Int(code)))
      known.append(0x80)
    }
  }

  var vector: Vector { Vector(texts: block, known: known) }
}
