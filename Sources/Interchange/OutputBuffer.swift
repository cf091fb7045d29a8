import Store

/// Gathers bytes and hands them to a sink 64 KB at a time.
final class OutputBuffer {
  private static let byteCountMax = 65_536
  private let sink: any ByteSink
  private let base: UnsafeMutablePointer<UInt8>
  private var count = 0

  /// Makes an empty buffer before a sink.
  init(_ sink: any ByteSink) {
    self.sink = sink
    base = .allocate(capacity: Self.byteCountMax)
  }

  deinit { base.deallocate() }

  /// Hands all bytes to the sink.
  func flush() throws(StoreError) {
    if count == 0 { return }
    let full = count
    count = 0
    try sink.write(UnsafeRawBufferPointer(start: base, count: full))
  }

  /// Hands all bytes to the sink and finishes it.
  func finish() throws(StoreError) {
    try flush()
    try sink.finish()
  }

  @inline(__always)
  private func reserve(_ more: Int) throws(StoreError) {
    if count &+ more > Self.byteCountMax { try flush() }
  }

  /// Adds one byte.
  @inline(__always)
  func put(_ byte: UInt8) throws(StoreError) {
    try reserve(1)
    base[count] = byte
    count &+= 1
  }

  /// Adds some bytes.
  @inline(__always)
  func put(_ bytes: [UInt8]) throws(StoreError) {
    try bytes.withUnsafeBufferPointer { buffer throws(StoreError) in
      guard let start = buffer.baseAddress else { return }
      try put(ByteView(base: start, count: buffer.count), 0..<buffer.count)
    }
  }

  /// Adds some bytes of a view, of any number.
  @inline(__always)
  func put(_ view: ByteView, _ range: Range<Int>) throws(StoreError) {
    if range.count > Self.byteCountMax {
      try flush()
      try sink.write(
        UnsafeRawBufferPointer(start: view.base + range.lowerBound, count: range.count))
      return
    }
    try reserve(range.count)
    (base + count).update(from: view.base + range.lowerBound, count: range.count)
    count &+= range.count
  }

  /// Adds a value written with a pen.
  @inline(__always)
  func put(_ write: (inout ValuePen) -> Void) throws(StoreError) {
    try reserve(ValuePen.byteCountMax)
    var pen = ValuePen(at: base + count)
    write(&pen)
    count &+= pen.count
  }
}
