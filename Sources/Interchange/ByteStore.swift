import Store

/// Growing memory for bytes, one owner, reused from batch to batch.
///
/// Asks the budget for what it takes past 1 MiB. Keeps 32 writable bytes behind its capacity, so
/// that short texts are copied sixteen bytes at a time.
final class ByteStore {
  private static let padding = 32

  /// Bytes in use.
  private(set) var count = 0
  private var capacity: Int
  private var base: UnsafeMutablePointer<UInt8>
  private let budget: Budget?

  /// Makes an empty store.
  init(capacity: Int = 4_096, budget: Budget? = nil) {
    self.capacity = capacity
    self.budget = budget
    base = .allocate(capacity: capacity + Self.padding)
    base.initialize(repeating: 0, count: capacity + Self.padding)
  }

  deinit {
    base.deallocate()
    if capacity > Budget.freeByteCount { budget?.give(back: capacity) }
  }

  /// The bytes; valid until the next growth.
  var view: ByteView { ByteView(base: UnsafePointer(base), count: count) }

  /// The bytes as an array.
  var bytes: [UInt8] { Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Forgets all bytes and keeps the memory.
  func removeAll() { count = 0 }

  /// Forgets the bytes from a position on.
  func truncate(to count: Int) { self.count = count }

  /// Writes a newline behind the last byte, as a view of a file has.
  func terminate(with newline: UInt8) { base[count] = newline }

  /// Makes room for that many more bytes.
  @inline(__always)
  func reserve(_ more: Int) throws(StoreError) {
    if count &+ more > capacity { try grow(to: count + more) }
  }

  /// Adds a byte; room must have been reserved.
  @inline(__always)
  func appendReserved(_ byte: UInt8) {
    base[count] = byte
    count &+= 1
  }

  /// Adds some bytes of a view.
  @inline(__always)
  func append(_ range: Range<Int>, of view: ByteView) throws(StoreError) {
    try reserve(range.count)
    if range.count <= 16 {
      UnsafeMutableRawPointer(base + count)
        .storeBytes(of: view.block(at: range.lowerBound), as: SIMD16<UInt8>.self)
    } else {
      (base + count).update(from: view.base + range.lowerBound, count: range.count)
    }
    count &+= range.count
  }

  /// Adds the bytes of an array.
  func append(_ bytes: [UInt8]) throws(StoreError) {
    try bytes.withUnsafeBufferPointer { buffer throws(StoreError) in
      try append(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Adds bytes that lie elsewhere, reading none behind them.
  @inline(__always)
  func append(_ bytes: UnsafeRawBufferPointer) throws(StoreError) {
    guard let start = bytes.baseAddress else { return }
    try reserve(bytes.count)
    UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: bytes.count)
    count &+= bytes.count
  }

  /// Adds a value written with a pen.
  func append(_ write: (inout ValuePen) -> Void) throws(StoreError) {
    try reserve(ValuePen.byteCountMax)
    var pen = ValuePen(at: base + count)
    write(&pen)
    count &+= pen.count
  }

  /// Adds the content of a quoted cell: each doubled quote becomes one.
  func appendUnquoted(_ range: Range<Int>, of view: ByteView) throws(StoreError) {
    try reserve(range.count)
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = view[position]
      appendReserved(byte)
      position &+= byte == 0x22 ? 2 : 1
    }
  }

  /// Adds what `read` puts into the free memory; it gets the place and its size and returns how
  /// many bytes it wrote.
  func append(
    upTo more: Int, _ read: (UnsafeMutableRawPointer, Int) -> Int
  ) throws(StoreError) -> Int {
    try reserve(more)
    let got = read(UnsafeMutableRawPointer(base + count), capacity - count)
    if got > 0 { count += got }
    return got
  }

  private func grow(to needed: Int) throws(StoreError) {
    let wanted = max(needed, capacity * 2)
    if wanted > Budget.freeByteCount { try budget?.take(wanted) }
    let bigger = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted + Self.padding)
    bigger.update(from: base, count: count)
    (bigger + count).initialize(repeating: 0, count: wanted + Self.padding - count)
    base.deallocate()
    if capacity > Budget.freeByteCount { budget?.give(back: capacity) }
    base = bigger
    capacity = wanted
  }
}
