import Glibc

/// A growable run of fixed-size elements outside the Swift heap.
///
/// Every byte is asked of the budget and given back at the end. Runs of 2 MiB and more are mapped
/// and advised to use huge pages, whose first touch costs a quarter. Behind the last element at
/// least `slackByteCount` bytes can be read, so that loops may load whole SIMD words.
final class Memory<Element: BitwiseCopyable> {
  /// Bytes that may be read, not written, behind the last element.
  static var slackByteCount: Int { 64 }

  /// The elements in use, and the room behind them, which holds anything.
  private(set) var elements = UnsafeMutableBufferPointer<Element>(start: nil, count: 0)
  /// Elements in use.
  private(set) var count = 0
  private var block = MemoryBlock()
  private let budget: Budget

  /// Makes an empty run, which takes no memory.
  init(budget: Budget) { self.budget = budget }

  deinit {
    block.free()
    budget.give(back: block.byteCount)
  }

  /// Elements that fit without growing.
  var capacity: Int { elements.count }

  /// The elements in use.
  var used: UnsafeBufferPointer<Element> { UnsafeBufferPointer(rebasing: elements[0..<count]) }

  /// The element at an index, checked.
  subscript(_ index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "an index outside the memory in use")
      return elements[index]
    }
    set {
      precondition(index >= 0 && index < count, "an index outside the memory in use")
      elements[index] = newValue
    }
  }

  /// Makes room for `wanted` elements in all, on a throw nothing changed. Grows by half at least, or
  /// at once to the number that is expected.
  func reserve(_ wanted: Int, expecting expected: Int = 0) throws(StoreError) {
    guard wanted > capacity else { return }
    let roomy = expected > wanted ? expected : max(wanted, capacity + capacity / 2, 16)
    do {
      try resize(to: roomy)
    } catch {
      guard roomy > wanted else { throw error }
      try resize(to: wanted)
    }
  }

  /// Makes the first `count` elements those in use; the room must be there.
  func setCount(_ count: Int) {
    precondition(count <= capacity, "more elements than there is room for")
    self.count = count
  }

  /// Adds elements at the end, making room.
  func append(repeating element: Element, count added: Int) throws(StoreError) {
    try reserve(count + added)
    UnsafeMutableBufferPointer(rebasing: elements[count..<count + added])
      .update(repeating: element)
    count += added
  }

  /// Adds elements at the end, making room.
  func append(_ source: UnsafeBufferPointer<Element>) throws(StoreError) {
    guard source.count > 0 else { return }
    try reserve(count + source.count)
    _ = UnsafeMutableBufferPointer(rebasing: elements[count..<count + source.count])
      .update(fromContentsOf: source)
    count += source.count
  }

  /// Gives back the room behind the elements in use and some more, as far as whole pages go.
  func trim(leavingRoomFor added: Int) {
    let wanted = min(capacity, count + added)
    let kept = block.shrink(to: wanted * MemoryLayout<Element>.stride + Self.slackByteCount)
    guard kept > 0 else { return }
    budget.give(back: kept)
    let capacity = (block.byteCount - Self.slackByteCount) / MemoryLayout<Element>.stride
    elements = UnsafeMutableBufferPointer(rebasing: elements[0..<capacity])
  }

  private func resize(to capacity: Int) throws(StoreError) {
    let byteCount = capacity * MemoryLayout<Element>.stride + Self.slackByteCount
    try budget.take(byteCount)
    var next = MemoryBlock()
    guard let start = next.allocate(byteCount) else {
      budget.give(back: byteCount)
      throw .memoryLimit(byteCount: byteCount, limit: budget.limit)
    }
    let room = UnsafeMutableBufferPointer(
      start: start.bindMemory(to: Element.self, capacity: capacity), count: capacity)
    if count > 0 { _ = room.update(fromContentsOf: used) }
    elements = room
    block.free()
    budget.give(back: block.byteCount)
    block = next
    block.byteCount = byteCount
  }
}

/// One piece of memory from the system.
private struct MemoryBlock {
  static let mappedByteCountMin = 2 * 1_024 * 1_024
  static let hugePageByteCount = 2 * 1_024 * 1_024
  static let pageByteCount = 4_096

  /// Bytes asked for, as counted by the budget.
  var byteCount = 0
  private var start: UnsafeMutableRawPointer?
  private var mappedByteCount = 0

  mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    self.byteCount = byteCount
    if byteCount < Self.mappedByteCountMin {
      start = malloc(byteCount)
      return start
    }
    let rounded = (byteCount + Self.pageByteCount - 1) & ~(Self.pageByteCount - 1)
    let wide = rounded + Self.hugePageByteCount
    guard
      let raw = mmap(nil, wide, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      raw != MAP_FAILED
    else { return nil }
    let head = -Int(bitPattern: raw) & (Self.hugePageByteCount - 1)
    if head > 0 { munmap(raw, head) }
    let tail = wide - head - rounded
    if tail > 0 { munmap(raw + head + rounded, tail) }
    madvise(raw + head, rounded, MADV_HUGEPAGE)
    start = raw + head
    mappedByteCount = rounded
    return start
  }

  /// Returns the bytes given back: none unless whole pages of a mapping are free.
  mutating func shrink(to wanted: Int) -> Int {
    let kept = (wanted + Self.pageByteCount - 1) & ~(Self.pageByteCount - 1)
    guard mappedByteCount > kept, let start else { return 0 }
    munmap(start + kept, mappedByteCount - kept)
    mappedByteCount = kept
    let given = max(0, byteCount - kept)
    byteCount -= given
    return given
  }

  func free() {
    guard let start else { return }
    if mappedByteCount > 0 {
      munmap(start, mappedByteCount)
    } else {
      Glibc.free(start)
    }
  }
}
