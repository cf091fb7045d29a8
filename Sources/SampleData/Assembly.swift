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

  /// All entities, each after those it refers to; rows no longer needed are let go.
  mutating func write(
    into receive: (SampleChunk) throws(StoreError) -> Void
  ) throws(StoreError) {
    try writeEmployees(receive)
    try writeProducts(receive)
    try writeCampaigns(receive)
    try writeCustomers(receive)
    try writeContacts(receive)
    chronicle.customers = []
    try writeOrders(receive)
    try writeInvoices(receive)
    (chronicle.orders, chronicle.invoices, orderPlaces) = ([], [], [])
    try writeBalances(receive)
    chronicle.balances = []
    try writeInteractions(receive)
    chronicle.interactions = Interactions(capacity: 0)
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
